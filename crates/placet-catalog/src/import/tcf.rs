//! "Vendor Device Storage & Operational Disclosures" of the IAB Europe Transparency & Consent Framework, version 1.1:
//! what one registered vendor says it stores, for how long and for which of the framework's purposes.

use placet::{Lifetime, NamePattern, StandardCategory};
use serde::Deserialize;

use super::{Import, domains_of, id_of};
use crate::{CookieFact, CookieName, FileError, Problem, Service};

#[derive(Deserialize)]
struct Disclosures {
    disclosures: Vec<Disclosure>,
    #[serde(default)]
    domains: Vec<Domain>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Disclosure {
    #[serde(default)]
    identifier: String,
    #[serde(default, rename = "type")]
    kind: String,
    max_age_seconds: Option<f64>,
    #[serde(default)]
    domains: Vec<String>,
    domain: Option<String>,
    #[serde(default)]
    purposes: Vec<u32>,
    description: Option<String>,
    opt_out: Option<bool>,
}

#[derive(Deserialize)]
struct Domain {
    #[serde(default)]
    domain: String,
}

/// Reads the disclosures of `vendor`, whose name the file itself does not hold.
///
/// Purposes become a category: without purpose 1 (storage that needs consent) and for opt-outs `necessary`, by the
/// vendor's own word; else `marketing` with any of 2, 3, 4 and 7, `analytics` with 8, 9 or 10, `functional` with 5, 6
/// or 11, and `marketing` where purpose 1 stands alone. A maximum age of 0 means the session. `app` storage is
/// no matter of browsers and passed over.
///
/// # Errors
/// [`FileError`] when the text is not of this form.
pub fn tcf_device_storage(file: &str, text: &str, vendor: &str) -> Result<Import, FileError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let problem = |place: String, found: String, expected: &str| Problem {
        file: file.to_owned(),
        place,
        found,
        expected: expected.to_owned(),
    };
    let read: Disclosures = serde_json::from_str(text).map_err(|error| {
        FileError::new(vec![problem(
            format!("line {} column {}", error.line(), error.column()),
            error.to_string(),
            "an object with `disclosures` and `domains`",
        )])
    })?;
    let id = id_of(vendor);
    if id.is_empty() {
        let expected = "the vendor's name in Latin letters";
        let found = format!("the vendor `{vendor}`");
        return Err(FileError::new(vec![problem(
            String::new(),
            found,
            expected,
        )]));
    }
    let mut skipped = Vec::new();
    let mut service = Service::new(&id, vendor, vendor);
    for domain in &read.domains {
        for domain in domains_of(&domain.domain) {
            if !service.hosts.contains(&domain) {
                service.hosts.push(domain);
            }
        }
    }
    for (at, disclosure) in read.disclosures.into_iter().enumerate() {
        let place = format!("disclosures[{at}]");
        let found = format!("`{}` of type `{}`", disclosure.identifier, disclosure.kind);
        let key = match disclosure.kind.as_str() {
            "cookie" => NamePattern::parse(&disclosure.identifier),
            "web" => NamePattern::parse_storage_key(&disclosure.identifier),
            "app" => continue,
            _ => {
                skipped.push(problem(place, found, "the type `cookie`, `web` or `app`"));
                continue;
            }
        };
        let Some(pattern) = key.ok().filter(|pattern| pattern.as_str() != "*") else {
            let expected = "an identifier that names something, a `*` only in part of it";
            skipped.push(problem(place, found, expected));
            continue;
        };
        if disclosure.kind == "web" {
            service.storage.push(pattern);
            continue;
        }
        let domains = disclosure.domains.iter().chain(&disclosure.domain);
        let fact = CookieFact {
            name: CookieName::from(pattern),
            domains: domains.flat_map(|domain| domains_of(domain)).collect(),
            length: None,
            lifetime: disclosure.max_age_seconds.and_then(lifetime),
            purpose: disclosure.description.as_deref().and_then(sentence),
            category: Some(category_of(&disclosure).name().into()),
            http_only: false,
        };
        if fact.domains.is_empty() && fact.name.is_short() {
            let expected = "more than four characters besides `*`, or domains";
            skipped.push(problem(place, found, expected));
            continue;
        }
        service.cookies.push(fact);
    }
    service.settle();
    Ok(Import {
        services: vec![service],
        skipped,
    })
}

fn category_of(disclosure: &Disclosure) -> StandardCategory {
    let has = |purposes: &[u32]| disclosure.purposes.iter().any(|id| purposes.contains(id));
    if disclosure.opt_out == Some(true) || !has(&[1]) {
        StandardCategory::Necessary
    } else if has(&[2, 3, 4, 7]) {
        StandardCategory::Marketing
    } else if has(&[8, 9, 10]) {
        StandardCategory::Analytics
    } else if has(&[5, 6, 11]) {
        StandardCategory::Functional
    } else {
        StandardCategory::Marketing
    }
}

/// Whole seconds, 0 for the session; some vendors write a decimal point.
fn lifetime(seconds: f64) -> Option<Lifetime> {
    if seconds == 0.0 {
        Some(Lifetime::Session)
    } else if seconds >= 1.0 {
        Some(Lifetime::Seconds(seconds as u64))
    } else {
        None
    }
}

fn sentence(text: &str) -> Option<Box<str>> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(disclosures: &str) -> Import {
        let text = format!(
            r#"{{"disclosures": [{disclosures}], "domains": [{{"domain": "*.acme.example"}}]}}"#
        );
        tcf_device_storage("acme.json", &text, "Acme Ads").expect("the form")
    }

    #[test]
    fn a_disclosed_cookie_becomes_an_entry_with_its_guard() {
        let import = read(
            r#"{"identifier": "acme*", "type": "cookie", "maxAgeSeconds": 2592000.0, "cookieRefresh": false,
                "domains": ["*.acme.example", "*"], "purposes": [1, 8], "description": " "},
               {"identifier": "acme store", "type": "web", "maxAgeSeconds": null, "purposes": [1]},
               {"identifier": "key", "type": "app", "maxAgeSeconds": null, "purposes": [1]}"#,
        );
        assert_eq!(import.skipped, []);
        let service = &import.services[0];
        assert_eq!(
            (&*service.id, &*service.hosts[0]),
            ("acme-ads", "acme.example")
        );
        assert_eq!(service.storage[0].as_str(), "acme store");
        let [cookie] = service.cookies.as_slice() else {
            panic!("one cookie, found {:?}", service.cookies);
        };
        assert_eq!(&*cookie.domains[0], "acme.example");
        assert_eq!(cookie.lifetime, "30d".parse().ok());
        assert_eq!(
            (service.category_of(cookie), cookie.purpose.as_deref()),
            ("analytics", None)
        );
    }

    #[test]
    fn purposes_become_a_category() {
        for (fields, expected) in [
            (r#""purposes": []"#, "necessary"),
            (r#""purposes": [7], "specialPurposes": [1]"#, "necessary"),
            (r#""purposes": [1, 4], "optOut": true"#, "necessary"),
            (r#""purposes": [1, 10, 4]"#, "marketing"),
            (r#""purposes": [1, 11, 9]"#, "analytics"),
            (r#""purposes": [1, 5]"#, "functional"),
            (r#""purposes": [1]"#, "marketing"),
        ] {
            let import = read(&format!(
                r#"{{"identifier": "acme_id", "type": "cookie", "maxAgeSeconds": 0, {fields}}}"#
            ));
            let service = &import.services[0];
            assert_eq!(
                service.category_of(&service.cookies[0]),
                expected,
                "{fields}"
            );
            assert_eq!(service.cookies[0].lifetime, Some(Lifetime::Session));
        }
    }

    #[test]
    fn what_names_nothing_is_left_out_and_told() {
        let import = read(
            r#"{"identifier": "*", "type": "cookie", "domains": ["acme.example"], "purposes": [1]},
               {"identifier": "id*", "type": "cookie", "domains": ["*"], "purposes": [1]},
               {"identifier": "id*", "type": "cookie", "domain": "acme.example", "purposes": [1]},
               {"identifier": "acme_id", "type": "pixel", "purposes": [1]}"#,
        );
        let places: Vec<&str> = import.skipped.iter().map(|p| p.place.as_str()).collect();
        assert_eq!(
            places,
            ["disclosures[0]", "disclosures[1]", "disclosures[3]"]
        );
        assert_eq!(import.services[0].cookies.len(), 1);
    }

    #[test]
    fn a_text_of_another_form_is_an_error_with_its_line() {
        let error = tcf_device_storage("x.json", "[\n]", "Acme").expect_err("an array");
        assert!(error.to_string().starts_with("x.json: line "), "{error}");
    }
}
