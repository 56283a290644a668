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

/// Texts that are English and the other language's too.
const SPELT_ALIKE: [(&str, &str); 4] = [
    ("de", ".declaration.name"),
    ("fr", ".duration.min.one"),
    ("fr", ".duration.min.other"),
    ("nl", ".duration.w.one"),
];

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
        let mut needed: BTreeMap<String, usize> = BTreeMap::new();
        for number in 0..=400 {
            let form = format!("{:?}", Plural::of(tag, number)).to_lowercase();
            *needed.entry(form).or_default() += 1;
        }
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
                let exact = needed[&name] == 1;
                assert!(
                    places == ["count"] || exact && places.is_empty(),
                    "{tag} {unit}: {text}"
                );
            }
        }
    }
}

#[test]
fn no_text_is_left_in_english() {
    // What a text may have in common with English: signs, a loan word, and words that are spelt alike.
    let alike = |tag: &str, path: &str| {
        let signs = matches!(path, ".direction" | ".separator");
        let loan = path == ".service.cookie";
        signs || loan || SPELT_ALIKE.contains(&(tag, path))
    };
    let english = texts(Locale::english_file());
    for (tag, file) in FILES.iter().filter(|(tag, _)| *tag != "en") {
        for (path, (text, _)) in texts(file) {
            let is_english = english
                .get(&path)
                .is_some_and(|(english, _)| *english == text);
            assert!(!is_english || alike(tag, &path), "{tag}{path}: {text}");
        }
    }
}

#[test]
fn every_file_of_the_folder_is_a_language() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/locales");
    let names = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = names
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    let mut tags = FILES.map(|(tag, _)| format!("{tag}.json"));
    tags.sort();
    assert_eq!(names, tags);
}

#[test]
fn arabic_and_hebrew_alone_are_read_from_right_to_left() {
    let locales: &[Locale] = &*LOCALES;
    let right_to_left: Vec<_> = locales
        .iter()
        .filter(|locale| locale.direction == Direction::Rtl)
        .map(Locale::tag)
        .collect();
    assert_eq!(right_to_left, ["ar", "he"]);
}

#[test]
fn the_files_are_in_the_order_of_their_tags() {
    assert!(FILES.is_sorted_by_key(|(tag, _)| tag));
    assert_eq!(Locale::english().tag, "en");
    for (locale, (tag, file)) in LOCALES.iter().zip(FILES) {
        assert_eq!((locale.tag, locale.file()), (tag, file));
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
        ("ga", "3y", "3 bliana"),
        ("mt", "12mo", "12-il xahar"),
        ("lv", "20d", "20 dienu"),
        ("lt", "2y", "2 metai"),
        ("sl", "2mo", "2 meseca"),
        ("hi", "0h", "0 घंटा"),
        ("zh-Hant", "6mo", "6 個月"),
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
