//! The JSON report and its schema.

use std::collections::BTreeSet;

use placet::{
    Action, Choice, ChoiceId, How, Reason, Regime, Revision, Signals, StandardCategory,
    set_cookie::SameSite,
};
use placet_audit::report::Format;
use placet_audit::{Baseline, Level, Outcome};
use serde_json::{Value, json};

use crate::fixture::{
    SHOP, Visit, assumptions, audit, bytes, empty_policy, now, options, recording, shop_policy,
};

const SCHEMA: &str = include_str!("../../schema/report-1.schema.json");

fn schema() -> Value {
    serde_json::from_str(SCHEMA).expect("a schema")
}

/// Consent strings of either carrier, one of which cannot be read.
const STRINGS: &[Visit<'_>] = &[(
    "https://www.shop.example/",
    b"https://ads.example/?us_privacy=1YNN",
    &[b"euconsent-v2=x"],
    &[],
)];

/// Reports that together have a value for every member.
fn reports() -> Vec<Value> {
    let (empty, shop) = (empty_policy(), shop_policy());
    let mut assumed = assumptions(&shop);
    let id = ChoiceId::from_bytes([7; 16]);
    assumed.choice = Some(
        Choice::new(id, now(), Revision(3), How::Banner, Signals::default())
            .refuse(StandardCategory::Analytics.id())
            .grant(StandardCategory::Marketing.id()),
    );
    let plain = assumptions(&empty);
    let recordings = || {
        vec![
            recording("shop.har", true, false),
            recording("b.har", false, true),
        ]
    };
    // One that is compared with the baseline of another: some is known, some new, some gone.
    let mut compared = audit(&plain, false, recordings(), SHOP.get(..2).unwrap_or(SHOP));
    let earlier = audit(&plain, false, recordings(), SHOP.get(1..).unwrap_or(SHOP));
    compared.compare(&Baseline::of(&earlier, &options()), &options());
    [
        audit(&assumed, true, recordings(), SHOP),
        audit(&plain, false, recordings(), SHOP),
        audit(&plain, false, Vec::new(), &[]),
        audit(&plain, false, recordings(), STRINGS),
        compared,
    ]
    .iter()
    .map(|audit| serde_json::from_slice(&bytes(Format::Json, audit, &options())).expect("JSON"))
    .collect()
}

#[test]
fn every_report_is_valid_by_the_schema() {
    let validator = jsonschema::validator_for(&schema()).unwrap();
    for report in reports() {
        let errors: Vec<_> = validator
            .iter_errors(&report)
            .map(|error| format!("{} at {}", error, error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{errors:#?}");
    }
}

/// Compares the members of every object with those that the schema names, and gathers which
/// definitions were met.
fn compare(schema: &Value, node: &Value, value: &Value, path: &str, met: &mut BTreeSet<String>) {
    let mut node = node;
    if let Some(cases) = node["oneOf"].as_array() {
        if value.is_null() {
            return;
        }
        node = &cases[1];
    }
    if let Some(reference) = node["$ref"].as_str() {
        let name = reference.trim_start_matches("#/$defs/");
        met.insert(name.to_owned());
        node = &schema["$defs"][name];
    }
    // What a string of each kind says is another program's answer too, and has tests of its own.
    if path == "/consent_strings[]/content" {
        return;
    }
    if let Some(object) = value.as_object() {
        let names = |v: &Value| -> BTreeSet<String> {
            v.as_object().expect("an object").keys().cloned().collect()
        };
        let written: BTreeSet<String> = object.keys().cloned().collect();
        assert_eq!(written, names(&node["properties"]), "{path}");
        let required = node["required"].as_array().expect("a list").iter();
        let required: BTreeSet<_> = required
            .map(|r| r.as_str().expect("a name").to_owned())
            .collect();
        assert_eq!(written, required, "{path}");
        for (name, value) in object {
            let inner = &node["properties"][name];
            compare(schema, inner, value, &format!("{path}/{name}"), met);
        }
    }
    for value in value.as_array().into_iter().flatten() {
        compare(schema, &node["items"], value, &format!("{path}[]"), met);
    }
}

#[test]
fn the_schema_names_exactly_what_is_written() {
    let schema = schema();
    let mut met = BTreeSet::new();
    for report in reports() {
        compare(&schema, &schema, &report, "", &mut met);
    }
    let defined: BTreeSet<_> = schema["$defs"]
        .as_object()
        .unwrap()
        .keys()
        .cloned()
        .collect();
    assert_eq!(met, defined, "definitions that no report of this test used");
}

#[test]
fn the_schema_lists_the_words_of_the_code() {
    let schema = schema();
    let sorted = |words: Vec<&str>| {
        let mut words = words;
        words.sort_unstable();
        json!(words)
    };
    let listed = |pointer: &str| {
        let words = schema.pointer(pointer).and_then(Value::as_array);
        let words = words.unwrap_or_else(|| panic!("nothing at {pointer}"));
        sorted(words.iter().filter_map(Value::as_str).collect())
    };
    let same_site = [
        SameSite::Strict,
        SameSite::Lax,
        SameSite::None,
        SameSite::Default,
    ];
    for (pointer, words) in [
        (
            "/$defs/judgement/properties/reason/enum",
            Reason::ALL.iter().map(|reason| reason.code()).collect(),
        ),
        (
            "/$defs/judgement/properties/action/enum",
            [Action::Keep, Action::Drop, Action::Expire]
                .map(Action::name)
                .to_vec(),
        ),
        (
            "/$defs/finding/properties/level/enum",
            Level::ALL.map(Level::name).to_vec(),
        ),
        (
            "/properties/summary/properties/fail_on/enum",
            Level::ALL.map(Level::name).to_vec(),
        ),
        (
            "/properties/outcome/enum",
            [Outcome::Clean, Outcome::Findings, Outcome::Unverified]
                .map(Outcome::name)
                .to_vec(),
        ),
        (
            "/$defs/attributes/properties/same_site/enum",
            same_site.map(SameSite::as_str).to_vec(),
        ),
        (
            "/$defs/assumptions/properties/regimes/items/properties/regime/enum",
            Regime::ALL.map(Regime::name).to_vec(),
        ),
    ] {
        assert_eq!(listed(pointer), sorted(words), "{pointer}");
    }
}

#[test]
fn a_cookie_tells_whose_it_is_and_what_the_engine_would_have_done() {
    let reports = reports();
    let cookies = reports[1]["cookies"].as_array().unwrap();
    let ide = cookies
        .iter()
        .find(|cookie| cookie["name"] == "IDE")
        .unwrap();
    assert_eq!(ide["host"], "ad.doubleclick.net");
    assert_eq!(ide["party"], "third");
    assert_eq!(ide["category"], "marketing");
    assert_eq!(ide["basis"], "catalog");
    assert_eq!(ide["lifetime_seconds"], 34_128_000);
    assert_eq!(ide["attributes"]["domain"], "doubleclick.net");
    assert_eq!(ide["judgements"][0]["action"], "drop");
    assert_eq!(ide["judgements"][0]["reason"], "regime");
    assert_eq!(
        ide["first"],
        json!({ "file": "shop.har", "line": 20, "record": 2 })
    );
    let findings = reports[1]["findings"].as_array().unwrap();
    let finding = findings
        .iter()
        .find(|f| f["rule"] == "set-before-choice" && f["subject"]["cookie"] == "IDE")
        .unwrap();
    assert_eq!(
        (&finding["file"], &finding["line"]),
        (&json!("shop.har"), &json!(20))
    );
}

#[test]
fn no_value_of_a_cookie_is_in_any_report() {
    let policy = empty_policy();
    let assumed = assumptions(&policy);
    let audit = audit(
        &assumed,
        false,
        vec![recording("shop.har", true, false)],
        SHOP,
    );
    for format in Format::ALL {
        let report = bytes(format, &audit, &options());
        for value in ["8f2c", "AHWqTUm", "GA1.2.3", "ada%40mail", "ada@mail"] {
            let found = report
                .windows(value.len())
                .any(|part| part == value.as_bytes());
            assert!(!found, "{value} is in the {} report", format.name());
        }
    }
}
