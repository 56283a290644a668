//! That the JSON Schema of a policy file says the same as its reader, and that no text disturbs the
//! reader.

use std::sync::LazyLock;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::Policy;
use super::tests::{full, read, with};

#[test]
fn the_committed_schema_is_the_codes() {
    let committed: Value =
        serde_json::from_str(include_str!("../../schema/placet.schema.json")).unwrap();
    assert_eq!(
        committed,
        Policy::schema(),
        "print it again: `placet schema > crates/placet/schema/placet.schema.json`"
    );
}

static SCHEMA: LazyLock<jsonschema::Validator> =
    LazyLock::new(|| jsonschema::validator_for(&Policy::schema()).unwrap());

/// Codes of errors that a schema cannot express.
const BEYOND_THE_SCHEMA: [&str; 9] = [
    "too-many-names",
    "contradiction",
    "unknown-category",
    "unknown-region",
    "duplicate-category",
    "duplicate-origin",
    "duplicate-service",
    "duplicate-field",
    "syntax",
];

/// Whether the reader accepts the form of a document, whatever it means.
fn form_is_right(document: &Value) -> bool {
    match read(document) {
        Ok(_) => true,
        Err(error) => error
            .diagnostics()
            .iter()
            .all(|d| BEYOND_THE_SCHEMA.contains(&d.code)),
    }
}

/// Values that are right somewhere and wrong elsewhere.
fn a_value() -> impl Strategy<Value = Value> {
    let texts = prop_oneof![
        prop::sample::select(vec![
            "",
            " ",
            "deny",
            "opt-in",
            "notice",
            "session",
            "90d",
            "2y",
            "1m",
            "Lax",
            "lax",
            "/",
            "/a;b",
            "x/",
            "EU",
            "eu",
            "US-CA",
            "USA",
            "marketing",
            "Marketing",
            "ignored",
            "*",
            "**",
            "a*b",
            "a b",
            "a=b",
            "https://a.example",
            "https://*.a.example/x*",
            "*://*/",
            "ftp://a.example",
            "https://a..example",
            "https://a.example:99999",
            "https://a.example:65535",
            "https://a.example:0443",
            "https://A.example",
            "https://a.example/",
            "http://localhost:3000",
            "http://shop.localhost",
            "http://.localhost",
            "http://127.0.0.1:80",
            "http://a.example",
            "http://xlocalhost",
            "a.example",
            ".a.example",
            "a.example.",
            "-",
            "_x",
            "è",
            "\u{1f36a}",
            "__Host-x",
            "a@b",
            "a@b@c",
            "@",
            "http://",
        ])
        .prop_map(str::to_owned),
        "[ -~]{0,12}",
        "[a-z0-9_.*-]{1,40}",
    ];
    prop_oneof![
        4 => texts.prop_map(Value::from),
        1 => any::<bool>().prop_map(Value::from),
        1 => prop::sample::select(vec![0i64, 1, 5, 7, 400, 401, -1, 4_294_967_295, 4_294_967_296])
            .prop_map(Value::from),
        1 => Just(json!(1.5)),
        1 => Just(json!([])),
        1 => Just(json!(["marketing"])),
        1 => Just(json!(["https://a.example", "https://b.example:8443"])),
        1 => Just(json!({})),
        1 => Just(json!({ "refuses": [] })),
        1 => Just(Value::Null),
    ]
}

fn pointers(value: &Value, at: String, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                pointers(member, format!("{at}/{}", name.replace('/', "~1")), found);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                pointers(item, format!("{at}/{index}"), found);
            }
        }
        _ => {}
    }
    if !at.is_empty() {
        found.push(at);
    }
}

fn a_place() -> impl Strategy<Value = String> {
    let mut found = Vec::new();
    pointers(&full(), String::new(), &mut found);
    prop::sample::select(found)
}

/// One change of a document.
#[derive(Clone, Debug)]
enum Change {
    Replace(String, Value),
    Add(String, String, Value),
    Remove(String),
}

impl Change {
    /// Does nothing where an earlier change took the place away.
    fn make(self, document: &mut Value) {
        match self {
            Self::Replace(place, value) => {
                if let Some(slot) = document.pointer_mut(&place) {
                    *slot = value;
                }
            }
            Self::Add(place, name, value) => match document.pointer_mut(&place) {
                Some(Value::Object(members)) => drop(members.insert(name, value)),
                Some(Value::Array(items)) => items.push(value),
                _ => {}
            },
            Self::Remove(place) => {
                let (parent, name) = place.rsplit_once('/').unwrap();
                if let Some(Value::Object(members)) = document.pointer_mut(parent) {
                    members.remove(name);
                }
            }
        }
    }
}

fn a_change() -> impl Strategy<Value = Change> {
    let names = prop::sample::select(vec![
        "", "name", "id", "category", "domain", "DE", "US-CA", "usa", "refuses", "unknown", "like",
        "revision", "Revision", "lifetime",
    ]);
    let nested = prop_oneof![
        3 => a_value(),
        1 => a_value().prop_map(|value| json!([value])),
        1 => a_value().prop_map(|value| json!({ "name": value })),
    ];
    let texts = prop_oneof![
        "[ -~\u{2028}\u{feff}è*]{0,12}",
        (
            0usize..300,
            prop::sample::select(vec!["a", "è", "*", "\u{1f36a}"])
        )
            .prop_map(|(count, text)| text.repeat(count)),
    ];
    prop_oneof![
        3 => (a_place(), nested.clone()).prop_map(|(place, value)| Change::Replace(place, value)),
        2 => (a_place(), texts).prop_map(|(place, text)| Change::Replace(place, text.into())),
        2 => (a_place(), names, nested)
            .prop_map(|(place, name, value)| Change::Add(place, name.to_owned(), value)),
        1 => a_place().prop_map(Change::Remove),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn the_schema_accepts_what_the_reader_accepts(
        changes in prop::collection::vec(a_change(), 1..4)
    ) {
        let mut document = full();
        changes.into_iter().for_each(|change| change.make(&mut document));
        prop_assert_eq!(
            SCHEMA.is_valid(&document),
            form_is_right(&document),
            "{}: {:?}", document, read(&document).err()
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn a_document_is_a_policy_when_its_file_is(
        changes in prop::collection::vec(a_change(), 0..3)
    ) {
        let mut document = full();
        changes.into_iter().for_each(|change| change.make(&mut document));
        if let Ok(document) = serde_json::from_value::<crate::PolicyDocument>(document) {
            let file = read(&serde_json::to_value(&document).unwrap());
            let is_policy = Policy::from_document(document.clone()).is_ok();
            prop_assert_eq!(is_policy, file.is_ok(), "{:?}: {:?}", document, file.err());
        }
    }
}

proptest! {
    #[test]
    fn no_text_panics(text in "\\PC*") {
        let _ = Policy::from_json("placet.json", &text);
    }

    #[test]
    fn no_json_panics(place in a_place(), value in a_value(), cut in 0usize..2_000) {
        let text = with(&place, value).to_string();
        if let Some(start) = text.get(..cut) {
            let _ = Policy::from_json("placet.json", start);
        }
    }
}
