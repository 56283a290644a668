//! How well the catalogue does on cookies that others have labelled: how many it knows, and how often it agrees.
//!
//! Three classes are compared, because most labels do not tell necessary from functional. The labelled sets stay where
//! they come from; only the figures are ours to keep.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

use placet_catalog::{Answer, Catalog, Source};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::lists;
use super::package::{OPEN_COOKIE_DATABASE, Package, Scratch};
use crate::command;

/// Services with their cookies and kinds, as a consent manager ships them.
const TARTEAUCITRON: Package = Package {
    name: "tarteaucitronjs",
    version: "1.34.0",
    integrity: "sha512-PEzKEjOLC06zCWSZB1RuQkSlzbDYXSKohv0XD7BMjgfE/M+LhiWLTdNAj47VW9xcVsuQCSvLpR/gqkripHaU6g==",
};

/// Prints each service's kind and cookies as JSON; the package declares them as JavaScript.
const TARTEAUCITRON_SCRIPT: &str = "
    const read = require('fs').readFileSync(process.argv[1], 'utf8');
    const services = new Function('tarteaucitron', 'window', 'document', read + '; return tarteaucitron.services')(
        { services: {}, user: {}, parameters: {} }, {}, {});
    console.log(JSON.stringify(Object.values(services).map((s) =>
        ({ kind: s.type, cookies: [].concat(s.cookies).filter((c) => typeof c === 'string' && !c.includes('undefined')) }))));
";

/// What a cookie is for, as coarsely as labels agree on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Class {
    Needed,
    Analytics,
    Marketing,
}

impl Class {
    /// The class of one of our categories, or of the words that sites and lists use for them.
    fn of(word: &str) -> Option<Self> {
        match word.to_lowercase().as_str() {
            "necessary" | "functional" | "security" | "personalization" | "preferences" => {
                Some(Self::Needed)
            }
            "analytics" | "statistics" | "analytic" => Some(Self::Analytics),
            "marketing" | "ads" | "social" => Some(Self::Marketing),
            _ => None,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Needed => "necessary or functional",
            Self::Analytics => "analytics",
            Self::Marketing => "marketing",
        }
    }
}

/// A cookie that somebody has labelled.
struct Labelled {
    name: String,
    host: Option<String>,
    class: Class,
}

/// Measures on what was fetched and on the user's `files`: CSV with the columns `name`, `host`, `category`.
pub(super) fn print(files: &[String]) -> Result<(), String> {
    let scratch = Scratch::new()?;
    let rows = open_cookie_database(scratch.path())?;
    let names = Names::new(&rows);
    let domains = tracking_domains(scratch.path())?;
    let mut sets = vec![(
        format!(
            "services of {} {}",
            TARTEAUCITRON.name, TARTEAUCITRON.version
        ),
        tarteaucitron(scratch.path())?,
    )];
    for file in files {
        sets.push((file.clone(), labelled_file(file)?));
    }
    let itself = rows.iter().filter_map(|row| {
        Some(Labelled {
            name: if row.is_prefix {
                format!("{}x", row.name)
            } else {
                row.name.clone()
            },
            host: None,
            class: row.class?,
        })
    });
    let title = "Open Cookie Database itself (a check of the program, no result)";
    sets.push((title.to_owned(), itself.collect()));

    for (title, set) in &sets {
        println!("\n## {title}: {} cookies\n", set.len());
        println!("| method | known | agrees where known | agrees of all |");
        println!("| --- | ---: | ---: | ---: |");
        let catalog = Catalog::builtin();
        let ours =
            |cookie: &Labelled| catalog.lookup(cookie.name.as_bytes(), cookie.host.as_deref());
        score("Open Cookie Database by name", set, |cookie| {
            names.class(&cookie.name)
        });
        score(
            "the same, tracking hosts of third-party-web first",
            set,
            |cookie| {
                let host = cookie
                    .host
                    .as_deref()
                    .and_then(|host| class_of_host(&domains, host));
                host.or_else(|| names.class(&cookie.name))
            },
        );
        score("this catalogue", set, |cookie| class(&ours(cookie)?));
        score("  of it, curated entries alone", set, |cookie| {
            let answer = ours(cookie)?;
            (answer.source == Source::Curated)
                .then(|| class(&answer))
                .flatten()
        });
        println!("\n{}", disagreements(set, ours));
    }
    Ok(())
}

fn class(answer: &Answer<'_>) -> Option<Class> {
    Class::of(answer.category())
}

/// The classes of the domains that third-party-web counts among advertising, social networks or measurement.
fn tracking_domains(folder: &Path) -> Result<BTreeMap<String, Class>, String> {
    let mut domains = BTreeMap::new();
    for entity in lists::third_party_web(folder)? {
        let class = Class::of(entity.our_category());
        if let Some(class) = class.filter(|class| *class != Class::Needed) {
            domains.extend(entity.hosts().map(|host| (host, class)));
        }
    }
    Ok(domains)
}

/// The class of the longest of `domains` that `host` is in.
fn class_of_host(domains: &BTreeMap<String, Class>, host: &str) -> Option<Class> {
    let mut rest = host.trim_start_matches('.');
    loop {
        if let Some(class) = domains.get(rest) {
            return Some(*class);
        }
        rest = rest.split_once('.')?.1;
    }
}

fn score(method: &str, set: &[Labelled], answer: impl Fn(&Labelled) -> Option<Class>) {
    let mut known = 0;
    let mut right = 0;
    for cookie in set {
        if let Some(class) = answer(cookie) {
            known += 1;
            right += usize::from(class == cookie.class);
        }
    }
    println!(
        "| {method} | {:.1} % | {:.1} % | {:.1} % |",
        percent(known, set.len()),
        percent(right, known),
        percent(right, set.len())
    );
}

fn percent(part: usize, whole: usize) -> f64 {
    100.0 * part as f64 / whole.max(1) as f64
}

/// Every cookie on which we say something else, or nothing, so that the catalogue can be mended.
fn disagreements<'c>(set: &[Labelled], ours: impl Fn(&Labelled) -> Option<Answer<'c>>) -> String {
    let mut text = String::new();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for cookie in set {
        let said = match ours(cookie) {
            Some(answer) if class(&answer) == Some(cookie.class) => continue,
            Some(answer) => format!(
                "{} by {} ({}, {})",
                answer.category(),
                answer.service.id,
                answer.source,
                answer.certainty
            ),
            None => "unknown".to_owned(),
        };
        let host = cookie.host.as_deref().unwrap_or("-");
        let line = format!("{}: {} at {host}: {said}", cookie.class.name(), cookie.name);
        *counts.entry(line).or_default() += 1;
    }
    for (line, count) in counts {
        let _ = writeln!(text, "{count:>4} × {line}");
    }
    text
}

/// A row of the Open Cookie Database as it stands there, for comparison without any of our care.
struct Row {
    name: String,
    is_prefix: bool,
    class: Option<Class>,
}

fn open_cookie_database(folder: &Path) -> Result<Vec<Row>, String> {
    let text = OPEN_COOKIE_DATABASE.read(folder, "dist/data/open-cookie-database.json")?;
    let platforms: BTreeMap<String, Vec<Map<String, Value>>> =
        serde_json::from_str(&text).map_err(|error| format!("not the form expected: {error}"))?;
    let field = |row: &Map<String, Value>, key: &str| {
        row.get(key)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .trim()
            .to_owned()
    };
    Ok(platforms
        .values()
        .flatten()
        .map(|row| Row {
            name: field(row, "cookie"),
            is_prefix: field(row, "wildcardMatch") == "1",
            class: Class::of(&field(row, "category")),
        })
        .collect())
}

/// What a reader does who takes the database at its word: the exact name, else the longest prefix; the first row wins.
struct Names<'r> {
    exact: BTreeMap<&'r str, Option<Class>>,
    prefixes: BTreeMap<&'r str, Option<Class>>,
}

impl<'r> Names<'r> {
    fn new(rows: &'r [Row]) -> Self {
        let mut names = Self {
            exact: BTreeMap::new(),
            prefixes: BTreeMap::new(),
        };
        for row in rows {
            let of_its_kind = if row.is_prefix {
                &mut names.prefixes
            } else {
                &mut names.exact
            };
            of_its_kind.entry(&row.name).or_insert(row.class);
        }
        names
    }

    fn class(&self, name: &str) -> Option<Class> {
        let longest = || {
            let prefixes = self.prefixes.iter();
            let fitting = prefixes.filter(|(prefix, _)| name.starts_with(**prefix));
            fitting
                .max_by_key(|(prefix, _)| prefix.len())
                .map(|(_, class)| class)
        };
        *self.exact.get(name).or_else(longest)?
    }
}

#[derive(Deserialize)]
struct TarteaucitronService {
    kind: String,
    cookies: Vec<String>,
}

/// Names by the kind of their service; kinds that fit no class (video, for one) are passed over.
fn tarteaucitron(folder: &Path) -> Result<Vec<Labelled>, String> {
    let script = TARTEAUCITRON
        .fetch(folder)?
        .join("tarteaucitron.services.js");
    let printed = command::output(
        Command::new("node")
            .args(["-e", TARTEAUCITRON_SCRIPT])
            .arg(&script),
    )?;
    let services: Vec<TarteaucitronService> = serde_json::from_str(&printed)
        .map_err(|error| format!("{} printed no JSON: {error}", script.display()))?;
    let mut set = BTreeMap::new();
    for service in services {
        let Some(class) = Class::of(&service.kind) else {
            continue;
        };
        for name in service.cookies {
            set.insert((name, class), ());
        }
    }
    let labelled = |((name, class), ())| Labelled {
        name,
        host: None,
        class,
    };
    Ok(set.into_iter().map(labelled).collect())
}

fn labelled_file(file: &str) -> Result<Vec<Labelled>, String> {
    let text = fs::read_to_string(file).map_err(|error| format!("cannot read {file}: {error}"))?;
    let mut set = Vec::new();
    for (at, line) in text.lines().enumerate().skip(1) {
        let fields: Vec<&str> = line.split(',').map(str::trim).collect();
        let read = match fields.as_slice() {
            &[name, host, category] => Class::of(category).map(|class| (name, host, class)),
            _ => None,
        };
        let Some((name, host, class)) = read else {
            return Err(format!(
                "{file}: line {}: found `{line}`, expected a name, a host or nothing, and necessary, functional, \
                 analytics or marketing, with commas between",
                at + 1
            ));
        };
        set.push(Labelled {
            name: name.to_owned(),
            host: (!host.is_empty()).then(|| host.to_owned()),
            class,
        });
    }
    Ok(set)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(name: &str, is_prefix: bool, class: Class) -> Row {
        Row {
            name: name.to_owned(),
            is_prefix,
            class: Some(class),
        }
    }

    #[test]
    fn an_exact_name_wins_over_prefixes_and_the_longest_prefix_over_shorter_ones() {
        let rows = [
            row("_g", true, Class::Marketing),
            row("_ga_", true, Class::Analytics),
            row("_ga_x", false, Class::Needed),
            row("_ga_x", false, Class::Marketing),
        ];
        let names = Names::new(&rows);
        assert_eq!(names.class("_ga_x"), Some(Class::Needed));
        assert_eq!(names.class("_ga_y"), Some(Class::Analytics));
        assert_eq!(names.class("_gx"), Some(Class::Marketing));
        assert_eq!(names.class("ga"), None);
    }

    #[test]
    fn a_host_has_the_class_of_its_longest_domain() {
        let domains = BTreeMap::from([
            ("example.com".to_owned(), Class::Marketing),
            ("stats.example.com".to_owned(), Class::Analytics),
        ]);
        assert_eq!(
            class_of_host(&domains, ".x.stats.example.com"),
            Some(Class::Analytics)
        );
        assert_eq!(
            class_of_host(&domains, "x.example.com"),
            Some(Class::Marketing)
        );
        assert_eq!(class_of_host(&domains, "notexample.com"), None);
    }

    #[test]
    fn a_labelled_line_that_cannot_be_read_is_told_with_its_number() {
        let file = std::env::temp_dir().join(format!("placet-labelled-{}.csv", std::process::id()));
        let name = file.to_string_lossy().into_owned();
        let read = |text: &str| {
            fs::write(&file, text).expect("a temporary file");
            labelled_file(&name)
        };
        let set = read("name,host,category\n_ga,,analytics\nIDE,doubleclick.net,Marketing\n")
            .expect("two lines");
        assert_eq!((set.len(), set[1].class), (2, Class::Marketing));
        let error = read("name,host,category\n_ga,,gossip\n")
            .err()
            .expect("no class");
        assert!(error.contains("line 2: found `_ga,,gossip`"), "{error}");
        fs::remove_file(&file).expect("it was written");
    }
}
