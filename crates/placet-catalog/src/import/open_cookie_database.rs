//! The Open Cookie Database, as CSV or JSON: one row per cookie, with the platform that sets it.
//!
//! Its categories do not tell strictly necessary cookies from comfortable ones, a wildcard is always a prefix, domains
//! and retention are free text, and some names are said to be two things; what follows makes of it what can be relied on.

use std::collections::BTreeMap;

use placet::{NamePattern, StandardCategory};
use serde_json::{Map, Value};

use super::{Import, domains_of, id_of, retention};
use crate::{CookieFact, CookieName, FileError, Problem, Service};

/// An exact name of this many bytes or fewer counts only at its domain, where it has one.
const SHORT_NAME: usize = 4;

/// Reads the CSV form, whose first line names the columns.
///
/// `Functional`, `Personalization` and `Preferences` become `functional`; `Security` and `Necessary` become
/// `necessary`. A name that two rows put in different categories is kept only for rows that name a domain.
///
/// # Errors
/// [`FileError`] with its line when a needed column is missing or the text is no CSV.
pub fn open_cookie_database_csv(file: &str, text: &str) -> Result<Import, FileError> {
    let failed = |place: String, found: String, expected: &str| {
        FileError::new(vec![Problem {
            file: file.to_owned(),
            place,
            found,
            expected: expected.to_owned(),
        }])
    };
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .from_reader(text.as_bytes());
    let headers = reader
        .headers()
        .map_err(|error| {
            failed(
                "line 1".into(),
                error.to_string(),
                "CSV with a line of column names",
            )
        })?
        .clone();
    let column = |name: &str| {
        headers
            .iter()
            .position(|header| header.trim().eq_ignore_ascii_case(name))
            .ok_or_else(|| {
                let found = format!(
                    "the columns {}",
                    headers.iter().collect::<Vec<_>>().join(", ")
                );
                failed("line 1".into(), found, &format!("a column `{name}`"))
            })
    };
    let (platform, category, name) = (
        column("Platform")?,
        column("Category")?,
        column("Cookie / Data Key name")?,
    );
    let (domain, description, retention) = (
        column("Domain")?,
        column("Description")?,
        column("Retention period")?,
    );
    let (vendor, wildcard) = (column("Data Controller")?, column("Wildcard match")?);
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| {
            let line = error.position().map_or(0, csv::Position::line);
            failed(format!("line {line}"), error.to_string(), "a row of CSV")
        })?;
        let line = record.position().map_or(0, csv::Position::line);
        let field = |at: usize| record.get(at).unwrap_or_default().trim().to_owned();
        rows.push(Row {
            place: format!("line {line}"),
            platform: field(platform),
            category: field(category),
            name: field(name),
            domain: field(domain),
            description: field(description),
            retention: field(retention),
            vendor: field(vendor),
            is_prefix: field(wildcard) == "1",
        });
    }
    Ok(build(file, rows))
}

/// Reads the JSON form: an object of platforms, each an array of its cookies. What [`open_cookie_database_csv`] says
/// of categories and contradictions holds here too.
///
/// # Errors
/// [`FileError`] when the text is not of this form.
pub fn open_cookie_database_json(file: &str, text: &str) -> Result<Import, FileError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let platforms: BTreeMap<String, Vec<Map<String, Value>>> =
        serde_json::from_str(text).map_err(|error| {
            FileError::new(vec![Problem {
                file: file.to_owned(),
                place: format!("line {} column {}", error.line(), error.column()),
                found: error.to_string(),
                expected:
                    "an object whose keys are platforms and whose values are arrays of cookies"
                        .to_owned(),
            }])
        })?;
    let mut rows = Vec::new();
    for (platform, cookies) in platforms {
        for (at, cookie) in cookies.iter().enumerate() {
            let field = |key: &str| match cookie.get(key) {
                Some(Value::String(text)) => text.trim().to_owned(),
                Some(Value::Number(number)) => number.to_string(),
                _ => String::new(),
            };
            rows.push(Row {
                place: format!("{platform}[{at}]"),
                platform: platform.trim().to_owned(),
                category: field("category"),
                name: field("cookie"),
                domain: field("domain"),
                description: field("description"),
                retention: field("retentionPeriod"),
                vendor: field("dataController"),
                is_prefix: field("wildcardMatch") == "1",
            });
        }
    }
    Ok(build(file, rows))
}

/// One row of the database as it stands there.
struct Row {
    place: String,
    platform: String,
    category: String,
    name: String,
    domain: String,
    description: String,
    retention: String,
    vendor: String,
    is_prefix: bool,
}

/// One row that can be used.
struct Entry {
    row: Row,
    pattern: NamePattern,
    category: StandardCategory,
    domains: Vec<Box<str>>,
}

fn build(file: &str, rows: Vec<Row>) -> Import {
    let mut skipped = Vec::new();
    let mut skip = |place: &str, found: String, expected: &str| {
        skipped.push(Problem {
            file: file.to_owned(),
            place: place.to_owned(),
            found,
            expected: expected.to_owned(),
        });
    };
    let mut entries = Vec::new();
    for row in rows {
        let Some(category) = category_of(&row.category) else {
            let expected = "Functional, Personalization, Preferences, Analytics, Marketing, Security or Necessary";
            skip(&row.place, format!("category `{}`", row.category), expected);
            continue;
        };
        let Ok(pattern) = NamePattern::parse(&pattern_of(&row.name, row.is_prefix)) else {
            skip(
                &row.place,
                format!("name `{}`", row.name),
                "the name of a cookie",
            );
            continue;
        };
        if id_of(&row.platform).is_empty() {
            skip(
                &row.place,
                format!("platform `{}`", row.platform),
                "a name in Latin letters",
            );
            continue;
        }
        let domains = domains_of(&row.domain);
        entries.push(Entry {
            row,
            pattern,
            category,
            domains,
        });
    }

    let mut said: BTreeMap<String, Vec<StandardCategory>> = BTreeMap::new();
    for entry in &entries {
        said.entry(entry.pattern.as_str().to_owned())
            .or_default()
            .push(entry.category);
    }
    let mut services: BTreeMap<String, Service> = BTreeMap::new();
    for entry in entries {
        let name = CookieName::from(entry.pattern);
        let text = name.pattern().as_str();
        let contradicted = said
            .get(text)
            .is_some_and(|said| said.iter().any(|other| *other != entry.category));
        let is_weak = contradicted || name.is_short() || name.literals() <= SHORT_NAME;
        if entry.domains.is_empty() && (contradicted || name.is_short()) {
            let (found, expected) = if contradicted {
                (
                    format!("`{text}` in two categories"),
                    "one category, or a domain that tells them apart",
                )
            } else {
                (
                    format!("the prefix `{text}`"),
                    "more than four characters, or a domain",
                )
            };
            skip(&entry.row.place, found, expected);
            continue;
        }
        let id = id_of(&entry.row.platform);
        let service = services.entry(id.clone()).or_insert_with(|| {
            let vendor = if entry.row.vendor.is_empty() {
                &entry.row.platform
            } else {
                &entry.row.vendor
            };
            Service::new(&id, &entry.row.platform, vendor)
        });
        for domain in &entry.domains {
            if !service.hosts.contains(domain) {
                service.hosts.push(domain.clone());
            }
        }
        let fact = CookieFact {
            name,
            domains: if is_weak { entry.domains } else { Vec::new() },
            length: None,
            lifetime: retention::lifetime(&entry.row.retention),
            purpose: (!entry.row.description.is_empty()).then(|| entry.row.description.into()),
            category: Some(entry.category.name().into()),
            http_only: false,
        };
        let repeated = service
            .cookies
            .iter()
            .any(|other| other.name == fact.name && other.domains == fact.domains);
        if !repeated {
            service.cookies.push(fact);
        }
    }
    let mut services: Vec<Service> = services.into_values().collect();
    services.iter_mut().for_each(Service::settle);
    Import { services, skipped }
}

fn category_of(text: &str) -> Option<StandardCategory> {
    match text.to_ascii_lowercase().as_str() {
        "functional" | "personalization" | "preferences" => Some(StandardCategory::Functional),
        "analytics" => Some(StandardCategory::Analytics),
        "marketing" => Some(StandardCategory::Marketing),
        "security" | "necessary" => Some(StandardCategory::Necessary),
        _ => None,
    }
}

/// A name as a pattern: some already end in the star that the wildcard column means.
fn pattern_of(name: &str, is_prefix: bool) -> String {
    let star = if is_prefix && !name.ends_with('*') {
        "*"
    } else {
        ""
    };
    format!("{name}{star}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Catalog, Certainty};

    const HEADER: &str = "ID,Platform,Category,Cookie / Data Key name,Domain,Description,Retention period,\
                          Data Controller,User Privacy & GDPR Rights Portals,Wildcard match\n";

    fn csv(rows: &str) -> Import {
        open_cookie_database_csv("ocd.csv", &format!("{HEADER}{rows}")).expect("the columns")
    }

    #[test]
    fn a_row_becomes_an_entry_of_its_platform() {
        let import = csv(
            "1,Acme Stats,Analytics,_acme_,acme.example (3rd party),Counts.,2 years,Acme Ltd,,1\n",
        );
        assert_eq!(import.skipped, []);
        let service = &import.services[0];
        assert_eq!((&*service.id, &*service.vendor), ("acme-stats", "Acme Ltd"));
        assert_eq!(&*service.category, "analytics");
        assert_eq!(&*service.hosts[0], "acme.example");
        let cookie = &service.cookies[0];
        assert_eq!(cookie.name.pattern().as_str(), "_acme_*");
        assert_eq!(cookie.lifetime, "2y".parse().ok());
        assert_eq!(cookie.purpose.as_deref(), Some("Counts."));
        let catalog = Catalog::empty().with_services("ocd.csv", import.services);
        let answer = catalog
            .lookup(b"_acme_7", Some("x.acme.example"))
            .expect("known");
        assert_eq!(answer.certainty, Certainty::Certain);
    }

    #[test]
    fn what_cannot_be_relied_on_is_left_out_and_told() {
        let import = csv("1,A,Analytics,token,,,,,,0\n\
                          2,B,Functional,token,,,,,,0\n\
                          3,C,Marketing,token,ads.example,,,,,0\n\
                          4,D,Analytics,_s,,,,,,1\n\
                          5,E,Analytics,_s,e.example,,,,,1\n\
                          6,F,Gossip,name,,,,,,0\n\
                          7,G,Analytics,,,,,,,0\n");
        let places: Vec<&str> = import.skipped.iter().map(|p| p.place.as_str()).collect();
        assert_eq!(places, ["line 7", "line 8", "line 2", "line 3", "line 5"]);
        let catalog = Catalog::empty().with_services("ocd", import.services);
        let id = |name: &[u8], host| catalog.lookup(name, host).map(|a| &*a.service.id);
        assert_eq!(id(b"token", Some("ads.example")), Some("c"));
        assert_eq!(id(b"token", Some("shop.example")), None);
        assert_eq!(id(b"_sx", Some("e.example")), Some("e"));
        assert_eq!(id(b"_sx", Some("shop.example")), None);
        assert_eq!(id(b"_sx", None), None);
    }

    #[test]
    fn a_star_in_a_name_is_a_star_and_a_bracket_a_bracket() {
        for (name, is_prefix, expected) in [
            ("_ga_", true, "_ga_*"),
            ("SSPR_*", true, "SSPR_*"),
            ("SSPR_*", false, "SSPR_*"),
            ("visits[0]", false, "visits[0]"),
        ] {
            assert_eq!(pattern_of(name, is_prefix), expected, "{name}");
        }
    }

    #[test]
    fn json_and_csv_say_the_same() {
        let json = r#"{"Acme": [{"cookie": "acme_id", "category": "Marketing", "domain": "", "wildcardMatch": "0",
            "retentionPeriod": "session", "description": "", "dataController": ""}]}"#;
        let one = open_cookie_database_json("ocd", json).expect("the form");
        assert_eq!(one, csv("1,Acme,Marketing,acme_id,,,session,,,0\n"));
    }

    #[test]
    fn a_file_of_another_form_is_an_error_with_its_place() {
        let error = open_cookie_database_csv("ocd.csv", "a,b\n1,2\n").expect_err("no columns");
        assert_eq!(
            error.to_string(),
            "ocd.csv: line 1: found the columns a, b, expected a column `Platform`"
        );
        let error = open_cookie_database_json("ocd.json", "[\n1]").expect_err("no object");
        assert!(
            error.to_string().starts_with("ocd.json: line 1 column"),
            "{error}"
        );
    }
}
