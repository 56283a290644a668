//! Reads a catalogue file: one service or a list of them as JSON, with every problem named by its place.

use std::fmt;

use placet::{Lifetime, NamePattern};
use rustc_hash::FxHashSet;
use serde_json::{Map, Value};

use crate::service::{is_category, is_domain};
use crate::{CookieFact, CookieName, Service, Star};

/// A catalogue file that cannot be used: everything that is wrong with it, in the order of the file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", lines(.problems))]
pub struct FileError {
    problems: Vec<Problem>,
}

impl FileError {
    pub(crate) fn new(problems: Vec<Problem>) -> Self {
        Self { problems }
    }

    /// What is wrong, in the order of the file; at least one.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }
}

/// One thing that is wrong with a catalogue file.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Problem {
    /// The file, as the caller named it.
    pub file: String,
    /// Where in it: `cookies[2].star`, a line, or empty for the whole file.
    pub place: String,
    /// What stands there.
    pub found: String,
    /// What would have been right.
    pub expected: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if !self.place.is_empty() {
            write!(f, ": {}", self.place)?;
        }
        write!(f, ": found {}, expected {}", self.found, self.expected)
    }
}

fn lines(problems: &[Problem]) -> String {
    let lines: Vec<String> = problems.iter().map(Problem::to_string).collect();
    lines.join("\n")
}

/// Reads `text` as one service, an array of services, or an object of both a `source` and `services`.
pub(crate) fn read(file: &str, text: &str) -> Result<Vec<Service>, FileError> {
    let mut reader = Reader {
        file,
        problems: Vec::new(),
    };
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let services = match serde_json::from_str(text) {
        Err(error) => {
            let place = format!("line {} column {}", error.line(), error.column());
            reader.problem(&place, error.to_string(), "JSON");
            Vec::new()
        }
        Ok(Value::Object(list)) if list.contains_key("services") => {
            reader.keys("", &list, &["source", "services"]);
            reader.required("", &list, "source", TEXT, kept(is_text));
            let items = reader.array("", &list, "services");
            reader.services("services", items)
        }
        Ok(Value::Object(service)) => reader.service("", &service).into_iter().collect(),
        Ok(Value::Array(items)) => reader.services("", &items),
        Ok(other) => {
            let expected = "an object (one service) or an array of them";
            reader.problem("", shown(&other), expected);
            Vec::new()
        }
    };
    let mut ids = FxHashSet::default();
    for service in &services {
        if !ids.insert(&service.id) {
            let found = format!("a second service \"{}\"", service.id);
            reader.problem("id", found, "an id only once in a file");
        }
    }
    if reader.problems.is_empty() {
        Ok(services)
    } else {
        Err(FileError::new(reader.problems))
    }
}

struct Reader<'f> {
    file: &'f str,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    fn problem(&mut self, place: &str, found: impl Into<String>, expected: impl Into<String>) {
        self.problems.push(Problem {
            file: self.file.to_owned(),
            place: place.to_owned(),
            found: found.into(),
            expected: expected.into(),
        });
    }

    fn services(&mut self, place: &str, items: &[Value]) -> Vec<Service> {
        let mut services = Vec::with_capacity(items.len());
        for (at, item) in items.iter().enumerate() {
            let place = format!("{place}[{at}]");
            match item {
                Value::Object(service) => services.extend(self.service(&place, service)),
                other => self.problem(&place, shown(other), "an object: one service"),
            }
        }
        services
    }

    /// One service; `None` when the file already has a problem that leaves nothing to build it from.
    fn service(&mut self, place: &str, map: &Map<String, Value>) -> Option<Service> {
        self.keys(
            place,
            map,
            &[
                "id", "name", "vendor", "category", "hosts", "cookies", "storage", "scripts",
                "frames", "images", "requests",
            ],
        );
        let id = self.required(place, map, "id", ID, kept(is_id));
        let name = self.required(place, map, "name", TEXT, kept(is_text));
        let vendor = self.required(place, map, "vendor", TEXT, kept(is_text));
        let category = self.required(place, map, "category", CATEGORY, kept(is_category));
        let cookies_place = join(place, "cookies");
        let mut cookies = Vec::new();
        for (at, item) in self.array(place, map, "cookies").iter().enumerate() {
            let place = format!("{cookies_place}[{at}]");
            match item {
                Value::Object(cookie) => cookies.extend(self.cookie(&place, cookie)),
                other => self.problem(&place, shown(other), "an object: one cookie"),
            }
        }
        Some(Service {
            hosts: self.texts(place, map, "hosts", DOMAIN, kept(is_domain)),
            storage: self.texts(place, map, "storage", KEY, storage_key),
            scripts: self.texts(place, map, "scripts", URL, kept(is_url_pattern)),
            frames: self.texts(place, map, "frames", URL, kept(is_url_pattern)),
            images: self.texts(place, map, "images", URL, kept(is_url_pattern)),
            requests: self.texts(place, map, "requests", URL, kept(is_url_pattern)),
            id: id?,
            name: name?,
            vendor: vendor?,
            category: category?,
            cookies,
        })
    }

    fn cookie(&mut self, place: &str, map: &Map<String, Value>) -> Option<CookieFact> {
        self.keys(
            place,
            map,
            &[
                "name",
                "star",
                "domains",
                "length",
                "lifetime",
                "purpose",
                "category",
                "http_only",
            ],
        );
        let pattern = self.required(place, map, "name", NAME, cookie_name);
        let domains = self.texts(place, map, "domains", DOMAIN, kept(is_domain));
        let length = self.length(place, map);
        let lifetime = self.optional(place, map, "lifetime", LIFETIME, lifetime);
        let purpose = self.optional(place, map, "purpose", TEXT, kept(is_text));
        let category = self.optional(place, map, "category", CATEGORY, kept(is_category));
        let http_only = map.get("http_only").is_some_and(|value| {
            if !value.is_boolean() {
                self.problem(&join(place, "http_only"), shown(value), "true or false");
            }
            *value == Value::Bool(true)
        });
        let name = self.name(place, pattern?, map.get("star"))?;
        let fact = CookieFact {
            name,
            domains,
            length,
            lifetime,
            purpose,
            category,
            http_only,
        };
        if fact.domains.is_empty() && !fact.stands_alone() {
            let found = format!(
                "\"{}\", which has a `*` and only {} other characters",
                fact.name,
                fact.name.literals()
            );
            let expected = "`domains`, a `length` or stars of a bounded length (`alnum{6,12}`) to guard so short a name";
            self.problem(&join(place, "name"), found, expected);
        }
        Some(fact)
    }

    /// The name with what each star of it stands for; one word serves a name with one star, an array any name.
    fn name(
        &mut self,
        place: &str,
        pattern: NamePattern,
        star: Option<&Value>,
    ) -> Option<CookieName> {
        let place = join(place, "star");
        let words = match star {
            None => return Some(pattern.into()),
            Some(Value::Array(words)) => words.as_slice(),
            Some(word) => std::slice::from_ref(word),
        };
        let mut stars = Vec::with_capacity(words.len());
        for word in words {
            match word.as_str().and_then(Star::parse) {
                Some(star) => stars.push(star),
                None => self.problem(&place, shown(word), Star::EXPECTED),
            }
        }
        if stars.len() < words.len() {
            return None;
        }
        let found = format!("{} for \"{pattern}\"", words.len());
        let name = CookieName::new(pattern, &stars);
        if name.is_none() {
            self.problem(&place, found, "one word for each `*`");
        }
        name
    }

    fn length(&mut self, place: &str, map: &Map<String, Value>) -> Option<(usize, usize)> {
        let value = map.get("length")?;
        let numbers: Vec<usize> = value
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|number| number.as_u64()?.try_into().ok())
            .collect();
        match numbers.as_slice() {
            &[least, most] if 0 < least && least <= most && most <= 4096 => Some((least, most)),
            _ => {
                let expected = "two whole numbers from 1 to 4096, the least and the most bytes of the whole name";
                self.problem(&join(place, "length"), shown(value), expected);
                None
            }
        }
    }

    fn required<T>(
        &mut self,
        place: &str,
        map: &Map<String, Value>,
        key: &str,
        expected: &str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        if !map.contains_key(key) {
            self.problem(&join(place, key), "nothing", expected);
        }
        self.optional(place, map, key, expected, read)
    }

    fn optional<T>(
        &mut self,
        place: &str,
        map: &Map<String, Value>,
        key: &str,
        expected: &str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let value = map.get(key)?;
        let read = value.as_str().and_then(read);
        if read.is_none() {
            self.problem(&join(place, key), shown(value), expected);
        }
        read
    }

    fn texts<T>(
        &mut self,
        place: &str,
        map: &Map<String, Value>,
        key: &str,
        expected: &str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Vec<T> {
        let mut texts = Vec::new();
        for (at, item) in self.array(place, map, key).iter().enumerate() {
            match item.as_str().and_then(&read) {
                Some(text) => texts.push(text),
                None => {
                    let place = format!("{}[{at}]", join(place, key));
                    self.problem(&place, shown(item), expected);
                }
            }
        }
        texts
    }

    fn array<'m>(&mut self, place: &str, map: &'m Map<String, Value>, key: &str) -> &'m [Value] {
        match map.get(key) {
            None => &[],
            Some(Value::Array(items)) => items,
            Some(other) => {
                self.problem(&join(place, key), shown(other), "an array");
                &[]
            }
        }
    }

    fn keys(&mut self, place: &str, map: &Map<String, Value>, known: &[&str]) {
        for key in map.keys().filter(|key| !known.contains(&key.as_str())) {
            let expected = format!("one of {}", known.join(", "));
            self.problem(&join(place, key), "an unknown key", expected);
        }
    }
}

const ID: &str = "lower-case letters, digits and hyphens, as in \"google-analytics\"";
const TEXT: &str = "a text that is not empty";
const CATEGORY: &str = "`necessary`, `functional`, `analytics`, `marketing` or another lower-case word of at most 32 characters";
const DOMAIN: &str = "a domain in lower case without a leading dot, as in \"example.com\"";
const LIFETIME: &str = "\"session\" or a number and one of s, min, h, d, w, mo, y, as in \"13mo\"";
const NAME: &str =
    "the name of a cookie: visible ASCII without space, `=`, `,` and `;`, at most 256 characters";
const KEY: &str = "a storage key of at most 256 bytes, `*` for any run of them, no `**`";
const URL: &str =
    "a URL pattern with a scheme and a host, as in \"https://*.example.com/collect*\"";

fn is_id(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 64
        && !text.starts_with('-')
        && text
            .bytes()
            .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'))
}

fn is_text(text: &str) -> bool {
    !text.trim().is_empty() && text.trim().len() == text.len()
}

/// Keeps a text that is right as it stands.
fn kept(is_right: fn(&str) -> bool) -> impl Fn(&str) -> Option<Box<str>> {
    move |text| is_right(text).then(|| text.into())
}

fn cookie_name(text: &str) -> Option<NamePattern> {
    NamePattern::parse(text).ok()
}

fn storage_key(text: &str) -> Option<NamePattern> {
    NamePattern::parse_storage_key(text).ok()
}

fn lifetime(text: &str) -> Option<Lifetime> {
    text.parse().ok()
}

fn is_url_pattern(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once("://") else {
        return false;
    };
    let host = rest.split('/').next().unwrap_or_default();
    let host = host.strip_prefix("*.").unwrap_or(host);
    matches!(scheme, "*" | "http" | "https" | "ws" | "wss")
        && (host == "*" || is_domain(host))
        && text.bytes().all(|byte| byte.is_ascii_graphic())
}

fn join(place: &str, key: &str) -> String {
    if place.is_empty() {
        key.to_owned()
    } else {
        format!("{place}.{key}")
    }
}

/// A value as it can stand in a message: its JSON, cut to 60 characters.
fn shown(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(60) {
        None => text,
        Some((cut, _)) => format!("{}…", text.get(..cut).unwrap_or_default()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(text: &str) -> Vec<String> {
        match read("mine.json", text) {
            Ok(_) => Vec::new(),
            Err(error) => error.problems().iter().map(Problem::to_string).collect(),
        }
    }

    fn with_cookie(cookie: &str) -> String {
        format!(
            r#"{{"id": "a", "name": "A", "vendor": "A", "category": "analytics", "cookies": [{cookie}]}}"#
        )
    }

    #[test]
    fn a_file_holds_one_service_or_a_list() {
        let one = with_cookie(r#"{"name": "_a_id", "lifetime": "2y"}"#);
        let services = read("mine.json", &one).expect("a valid file");
        assert_eq!(services.len(), 1);
        assert_eq!(
            services[0].category_of(&services[0].cookies[0]),
            "analytics"
        );
        let two = format!("\u{feff}[{one}, {}]", one.replace("\"a\"", "\"b\""));
        assert_eq!(read("mine.json", &two).expect("a valid file").len(), 2);
        assert_eq!(problems(&format!("[{one},{one}]")).len(), 1);
    }

    #[test]
    fn every_problem_of_a_file_is_told_at_once_with_its_place() {
        let found = problems(
            r#"[{"id": "A", "name": "", "category": "Ads", "hosts": [".example.com"], "cookie": [],
                "cookies": [{"name": "x", "lifetime": "1m", "length": [3], "domains": "example.com"}],
                "scripts": ["example.com/x.js"]}]"#,
        );
        let places: Vec<&str> = found
            .iter()
            .map(|problem| problem.split(": ").nth(1).unwrap_or_default())
            .collect();
        assert_eq!(
            places,
            [
                "[0].cookie",
                "[0].id",
                "[0].name",
                "[0].vendor",
                "[0].category",
                "[0].cookies[0].domains",
                "[0].cookies[0].length",
                "[0].cookies[0].lifetime",
                "[0].hosts[0]",
                "[0].scripts[0]",
            ]
        );
        assert_eq!(
            found[7],
            "mine.json: [0].cookies[0].lifetime: found \"1m\", expected \"session\" or a number and one of \
             s, min, h, d, w, mo, y, as in \"13mo\""
        );
    }

    #[test]
    fn a_short_name_with_a_star_needs_a_guard() {
        for (cookie, accepted) in [
            (r#"{"name": "_s*"}"#, false),
            (r#"{"name": "_s*", "star": "digits"}"#, false),
            (r#"{"name": "_s*", "star": "digits{3,9}"}"#, true),
            (r#"{"name": "_s*", "length": [10, 12]}"#, true),
            (r#"{"name": "_s*", "domains": ["example.com"]}"#, true),
            (r#"{"name": "_s"}"#, true),
            (r#"{"name": "_site*"}"#, true),
        ] {
            assert_eq!(
                problems(&with_cookie(cookie)).is_empty(),
                accepted,
                "{cookie}"
            );
        }
    }

    #[test]
    fn stars_are_described_one_by_one() {
        for (cookie, accepted) in [
            (
                r#"{"name": "long_*_*", "star": ["hex{4}", "digits"]}"#,
                true,
            ),
            (r#"{"name": "long_*_*", "star": "hex{4}"}"#, false),
            (r#"{"name": "long_*_*"}"#, true),
            (r#"{"name": "long_*", "star": "[a-z]"}"#, false),
            (r#"{"name": "long", "star": "any"}"#, false),
            (r#"{"name": "long_**"}"#, false),
        ] {
            assert_eq!(
                problems(&with_cookie(cookie)).is_empty(),
                accepted,
                "{cookie}"
            );
        }
    }

    #[test]
    fn broken_json_is_told_with_its_line() {
        let found = problems("{\n  \"id\": }");
        assert!(
            found[0].starts_with("mine.json: line 2 column 9: found"),
            "{found:?}"
        );
        assert_eq!(problems("3").len(), 1);
    }
}
