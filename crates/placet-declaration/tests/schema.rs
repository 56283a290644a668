//! The JSON of a declaration is what its schema says, in every language.

use placet::Policy;
use placet_declaration::{Declaration, SCHEMA};
use placet_texts::Language;
use serde_json::{Value, json};

const POLICIES: [&str; 3] = [
    r#"{ "revision": 1, "services": [] }"#,
    r#"{ "revision": 7, "signals": { "dnt": "ignored" }, "categories": [{ "id": "videos" }], "services": [
        { "id": "forum", "category": "necessary" },
        { "id": "own", "category": "videos", "storage": ["volume*"] } ] }"#,
    r#"{ "revision": 3, "hosts": ["shop.example"],
        "controller": { "name": "Shop Ltd", "email": "a@shop.example", "privacy_policy": "https://shop.example/privacy" },
        "services": [ { "id": "matomo", "name": "Matomo", "vendor": "InnoCraft Ltd", "privacy_policy": "https://innocraft.example/privacy",
          "category": "analytics", "purpose": "Counts visits.", "cookies": [{ "name": "_pk_id.*", "lifetime": "13mo" }, { "name": "_pk_ses.*" }] } ] }"#,
];

#[test]
fn every_declaration_is_what_the_schema_says() {
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for text in POLICIES {
        let policy = Policy::from_json("placet.json", text).unwrap_or_else(|e| panic!("{e}"));
        for language in Language::all() {
            let plain = Declaration::new(&policy, language);
            let dated = plain.clone().made("2026-11-27T00:00:00Z".parse().unwrap());
            for declaration in [plain, dated] {
                let value: Value = serde_json::from_str(&declaration.json()).unwrap();
                let wrong: Vec<_> = validator
                    .iter_errors(&value)
                    .map(|error| format!("{}: {error}", error.instance_path()))
                    .collect();
                assert!(wrong.is_empty(), "{}: {wrong:#?}", language.tag());
            }
        }
    }
}

#[test]
fn the_schema_knows_no_other_members_and_misses_none() {
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let policy = Policy::from_json("placet.json", POLICIES[2]).unwrap_or_else(|e| panic!("{e}"));
    let value: Value =
        serde_json::from_str(&Declaration::new(&policy, Language::default()).json()).unwrap();
    assert!(validator.is_valid(&value));
    let mut more = value.clone();
    more["colour"] = json!("red");
    let mut other = value.clone();
    other["placet_declaration"] = json!(2);
    let mut less = value;
    less.as_object_mut().unwrap().remove("signals");
    for wrong in [more, other, less] {
        assert!(!validator.is_valid(&wrong), "{wrong}");
    }
}
