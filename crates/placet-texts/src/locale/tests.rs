//! That every language says all of it, in the forms it counts with.

use std::collections::BTreeMap;

use serde_json::Value;

use super::*;

/// The texts of a file by their path, and the words in braces of each.
fn texts(file: &str) -> BTreeMap<String, (String, Vec<String>)> {
    fn walk(path: &str, value: &Value, into: &mut BTreeMap<String, (String, Vec<String>)>) {
        match value {
            Value::Object(members) => {
                for (name, member) in members {
                    walk(&format!("{path}.{name}"), member, into);
                }
            }
            Value::String(text) => {
                let places = text.split('{').skip(1);
                let mut places: Vec<_> = places
                    .map(|rest| rest.split_once('}').expect("a closed brace").0.to_owned())
                    .collect();
                places.sort();
                into.insert(path.to_owned(), (text.clone(), places));
            }
            other => panic!("found {other} at {path}, expected a text"),
        }
    }
    let mut into = BTreeMap::new();
    walk("", &serde_json::from_str(file).unwrap(), &mut into);
    into
}

fn counts(path: &str) -> bool {
    path.starts_with(".duration.") && path.matches('.').count() == 3
}

#[test]
fn every_language_has_the_texts_of_english_with_the_same_places() {
    let english = texts(Locale::english_file());
    for (tag, file) in FILES {
        let of_locale = texts(file);
        let paths = |texts: &BTreeMap<String, _>| -> Vec<String> {
            texts.keys().filter(|path| !counts(path)).cloned().collect()
        };
        assert_eq!(paths(&of_locale), paths(&english), "{tag}");
        for (path, (text, places)) in of_locale {
            assert!(!text.trim().is_empty(), "{tag}{path} is empty");
            assert_eq!(text.trim(), text.trim_end_matches(' '), "{tag}{path}");
            if !counts(&path) {
                assert_eq!(places, english[&path].1, "{tag}{path}: {text}");
            }
        }
    }
}

#[test]
fn every_language_has_the_forms_it_counts_with_and_no_others() {
    for (tag, file) in FILES {
        let needed: BTreeMap<String, u64> = (0..=400_u64)
            .map(|n| (format!("{:?}", Plural::of(tag, n)).to_lowercase(), n))
            .collect();
        for unit in ["s", "min", "h", "d", "w", "mo", "y"] {
            let prefix = format!(".duration.{unit}.");
            let forms: Vec<_> = texts(file)
                .into_iter()
                .filter_map(|(path, text)| Some((path.strip_prefix(&prefix)?.to_owned(), text)))
                .collect();
            let names: Vec<_> = forms.iter().map(|(name, _)| name).collect();
            assert_eq!(names, needed.keys().collect::<Vec<_>>(), "{tag} {unit}");
            for (name, (text, places)) in forms {
                // A form for one number alone may be a word without a digit.
                let exact = matches!(name.as_str(), "zero" | "one" | "two");
                assert!(
                    places == ["count"] || exact && places.is_empty(),
                    "{tag} {unit}: {text}"
                );
            }
        }
    }
}

#[test]
fn the_files_are_in_the_order_of_their_tags() {
    assert!(FILES.is_sorted_by_key(|(tag, _)| tag));
    assert_eq!(Locale::english().tag, "en");
    for (locale, (tag, _)) in LOCALES.iter().zip(FILES) {
        assert_eq!(locale.tag, tag);
    }
}

#[test]
fn lifetimes_are_words() {
    let text = |tag: &str, lifetime: &str| {
        let locale = LOCALES.iter().find(|l| l.tag == tag).unwrap();
        locale.lifetime(lifetime)
    };
    let cases = [
        ("en", "session", "until you close the browser"),
        ("en", "", "not stated"),
        ("en", "5", "not stated"),
        ("en", "5session", "not stated"),
        ("en", "99999999999999999999d", "not stated"),
        ("en", "13mo", "13 months"),
        ("en", "1y", "1 year"),
        ("en", "400d", "400 days"),
        ("en", "0s", "0 seconds"),
        ("de", "30min", "30 Minuten"),
        ("pl", "22d", "22 dni"),
        ("uk", "3mo", "3 місяці"),
        ("ar", "2y", "سنتان"),
        ("he", "2d", "יומיים"),
    ];
    for (tag, lifetime, expected) in cases {
        assert_eq!(text(tag, lifetime), expected, "{lifetime} in {tag}");
    }
}

impl Locale {
    fn english_file() -> &'static str {
        FILES.iter().find(|(tag, _)| *tag == "en").unwrap().1
    }
}
