//! What a policy file may say, and what its errors and warnings say.

use serde_json::{Value, json};

use super::*;
use crate::category::StandardCategory;
use crate::lifetime::Lifetime;

/// A policy that uses every field there is.
pub(super) fn full() -> Value {
    json!({
        "$schema": "placet.schema.json",
        "revision": 7,
        "ask_again_since": 5,
        "hosts": ["Shop.example"],
        "shared_with": ["https://shop.example:443", "https://magazine.example:8443"],
        "undeclared": "allow",
        "categories": [{ "id": "social", "title": "Social media", "like": "marketing" }],
        "services": [
            {
                "id": "shop", "category": "necessary", "purpose": "The shop itself.",
                "cookies": [{ "name": "session", "http_only": true, "lifetime": "session" }]
            },
            {
                "id": "matomo", "name": "Matomo", "vendor": "InnoCraft",
                "privacy_policy": "https://innocraft.example/privacy", "category": "analytics",
                "purpose": "Counts visits.",
                "cookies": [{
                    "name": "_pk_id.*", "domains": ["shop.example"], "paths": ["/", "/en"],
                    "lifetime": "13mo", "purpose": "Recognises a browser.", "partitioned": false
                }],
                "storage": ["_pk *"],
                "scripts": ["https://stats.shop.example/matomo.js"],
                "frames": ["*://*.shop.example/frame*"],
                "images": ["https://stats.shop.example:8443/matomo.php?*"],
                "requests": ["wss://[::1]/x"]
            }
        ],
        "signals": { "gpc": { "refuses": ["marketing", "social"] }, "dnt": "ignored" },
        "regimes": { "unknown": "EU", "regions": { "US-CA": {
            "functional": "notice", "analytics": "opt-out", "marketing": "opt-in",
            "grant_over_gpc": false, "choice_lifetime_days": 365
        } } },
        "consent_cookie": {
            "name": "__Host-placet", "path": "/", "same_site": "Lax", "secure": true
        },
        "bridges": {
            "google": {
                "wait_for_update": 500, "regions": ["DE", "US-CA"],
                "ads_data_redaction": true, "url_passthrough": false
            },
            "microsoft_uet": {}, "clarity": {}, "meta": {}, "matomo": { "cookieless": true },
            "shopify": {}, "zaraz": { "purposes": { "Kdvf": "analytics", "Uhbn": "social" } }
        },
        "controller": {
            "name": "Shop Ltd", "address": "Main Street 1, 10115 Berlin", "country": "DE",
            "email": "privacy@shop.example", "phone": "+49 30 1", "contact": "Data protection officer",
            "url": "https://shop.example", "privacy_policy": "https://shop.example/privacy",
            "jurisdiction": "DE"
        },
        "receipts": { "keep": "5y" }
    })
}

pub(super) fn read(document: &Value) -> Result<Policy, PolicyError> {
    Policy::from_json("placet.json", &document.to_string())
}

/// The full policy with the value at a JSON pointer replaced, or added to an object.
pub(super) fn with(pointer: &str, value: Value) -> Value {
    let mut document = full();
    if let Some(slot) = document.pointer_mut(pointer) {
        *slot = value;
    } else {
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        document.pointer_mut(parent).unwrap()[name] = value;
    }
    document
}

pub(super) fn error_of(document: &Value) -> Vec<(String, &'static str, String)> {
    let error = read(document).expect_err("an error");
    // What the file cannot say, its document is no policy by either.
    if let Ok(typed) = serde_json::from_value::<PolicyDocument>(document.clone())
        && serde_json::to_value(&typed).is_ok_and(|written| written == *document)
    {
        assert_eq!(Policy::from_document(typed).err(), Some(NotAPolicy));
    }
    let found = error.diagnostics().iter();
    found
        .map(|d| (d.path.clone(), d.code, d.message.clone()))
        .collect()
}

#[test]
fn every_field_is_read() {
    let policy = read(&full()).unwrap();
    assert_eq!(policy.revision(), Revision(7));
    assert_eq!(policy.ask_again_since(), Revision(5));
    assert_eq!(policy.undeclared(), Undeclared::Allow);
    assert!(policy.is_own_host(b"www.shop.example") && policy.is_own_host(b"shop.example."));
    assert_eq!(
        policy.shared_with(),
        ["https://shop.example", "https://magazine.example:8443"]
    );
    let social = policy.category("social").unwrap();
    assert_eq!(social.like(), StandardCategory::Marketing);
    assert_eq!(social.title(), Some("Social media"));
    assert!(policy.gpc_refuses().contains(social.id()));
    assert_eq!(policy.dnt_refuses(), None);
    let (service, cookie) = policy.declarations(b"_pk_id.1.2")[0];
    assert_eq!(service.title(), "Matomo");
    assert_eq!(cookie.paths, ["/", "/en"]);
    assert_eq!(cookie.lifetime, Some("13mo".parse::<Lifetime>().unwrap()));
    assert_eq!(
        service.images[0].as_str(),
        "https://stats.shop.example:8443/matomo.php?*"
    );
    assert_eq!(policy.consent_cookie().name, "__Host-placet");
    assert_eq!(
        policy
            .region_rules("US-CA".parse().ok())
            .choice_lifetime_days,
        365
    );
}

#[test]
fn a_policy_of_two_fields_has_the_documented_defaults() {
    let policy = read(&json!({ "revision": 3, "services": [] })).unwrap();
    assert_eq!(policy.ask_again_since(), Revision(3));
    assert_eq!(policy.undeclared(), Undeclared::Deny);
    assert_eq!(policy.consent_cookie().name, "placet");
    assert!(policy.consent_cookie().secure);
    let refused = |set: CategorySet| -> Vec<_> {
        set.iter()
            .map(|id| policy.category_name(id).to_owned())
            .collect()
    };
    assert_eq!(refused(policy.gpc_refuses()), ["marketing"]);
    assert_eq!(
        refused(policy.dnt_refuses().unwrap()),
        ["analytics", "marketing"]
    );
}

#[test]
fn a_document_is_written_as_it_was_read() {
    let text = full().to_string();
    let file = PolicyFile::read("placet.json", &text).unwrap();
    let written = serde_json::to_value(file.document()).unwrap();
    // The default `partitioned: false` is not written out.
    let mut expected = full();
    let cookie = expected.pointer_mut("/services/1/cookies/0").unwrap();
    cookie.as_object_mut().unwrap().remove("partitioned");
    assert_eq!(written, expected);
    assert!(read(&written).is_ok());
}

#[test]
fn an_error_says_file_line_column_value_and_what_was_expected() {
    let text = "{\n  \"revision\": 1,\n  \"services\": [\n    { \"id\": \"ä\", \"category\": \"ads\" }\n  ]\n}";
    let error = Policy::from_json("site/placet.json", text).unwrap_err();
    assert_eq!(
        error.to_string(),
        "site/placet.json:4:13: error: services[0].id: found `ä`, expected a service id: a small \
         letter, then at most 31 of a-z 0-9 - _"
    );
}

#[test]
fn all_errors_of_a_file_are_told_at_once() {
    let text = r#"{
        "revision": "1",
        "undeclared": "maybe",
        "services": [
            { "id": "a", "category": "Necessary", "cookies": [{ "name": "a;b" }, { "nam": "c" }] },
            { "category": "analytics", "scripts": ["stats.example"], "purpose": " " }
        ]
    }"#;
    let error = Policy::from_json("placet.json", text).unwrap_err();
    let found: Vec<_> = error
        .diagnostics()
        .iter()
        .map(|d| (d.line, d.path.as_str(), d.code))
        .collect();
    assert_eq!(
        found,
        [
            (2, "revision", "type"),
            (3, "undeclared", "type"),
            (5, "services[0].category", "type"),
            (5, "services[0].cookies[0].name", "type"),
            (5, "services[0].cookies[1]", "missing-field"),
            (5, "services[0].cookies[1].nam", "unknown-field"),
            (6, "services[1]", "missing-field"),
            (6, "services[1].scripts[0]", "type"),
            (6, "services[1].purpose", "type"),
        ]
    );
}

#[test]
fn a_text_where_a_number_is_wanted_is_shown_with_its_quotes() {
    let found = error_of(&with("/revision", json!("1")));
    assert!(
        found[0]
            .2
            .starts_with("found `\"1\"`, expected a whole number"),
        "{found:?}"
    );
    let found = error_of(&with("/undeclared", json!("maybe")));
    assert!(
        found[0]
            .2
            .starts_with("found `maybe`, expected one of `deny`"),
        "{found:?}"
    );
}

#[test]
fn text_that_is_not_json_is_told_where_it_stops_being_so() {
    for (text, line, column) in [
        ("", 1, 1),
        ("{", 1, 1),
        ("{\n  \"revision\": 1,\n}", 2, 16),
        ("{ // comment\n}", 1, 3),
        ("{ 'revision': 1 }", 1, 3),
        ("{ \"revision\": 01 }", 1, 16),
        ("[1] 2", 1, 5),
    ] {
        let error = Policy::from_json("placet.json", text).unwrap_err();
        let [found] = error.diagnostics() else {
            panic!("{text}: {error}");
        };
        assert_eq!(
            (found.code, found.line),
            ("syntax", line),
            "{text}: {found}"
        );
        assert!(found.column >= column, "{text}: {found}");
    }
    assert!(Policy::from_json("p", &"[".repeat(100_000)).is_err());
}

#[test]
fn a_byte_order_mark_and_windows_line_ends_are_no_part_of_the_text() {
    let text = "\u{feff}{\r\n\t\"revision\": 0,\r\n\t\"services\": []\r\n}";
    let error = Policy::from_json("p", text).unwrap_err();
    assert!(
        error.to_string().starts_with("p:2:14: error: revision"),
        "{error}"
    );
    assert!(Policy::from_json("p", &text.replace('0', "1")).is_ok());
}

#[test]
fn a_place_is_told_once_and_in_no_dialect_of_a_library() {
    let error = Policy::from_json("p", "{\n\"revision\": \"a\tb\" }").unwrap_err();
    let found = &error.diagnostics()[0];
    assert_eq!((found.line, found.column), (2, 14));
    assert!(!found.message.contains(" at line "), "{error}");
}

#[test]
fn of_many_errors_the_first_hundred_are_told() {
    let services = "1,\n".repeat(100_000);
    let text = format!(r#"{{ "revision": 1, "services": [{services}1] }}"#);
    let error = Policy::from_json("p", &text).unwrap_err();
    assert_eq!(error.diagnostics().len(), 101);
    assert_eq!(error.diagnostics()[100].code, "too-many-errors");
}

#[test]
fn a_policy_declares_no_more_names_than_can_be_compared() {
    let list = |entry: &dyn Fn(usize) -> Value| (0..2_100).map(entry).collect::<Vec<_>>();
    let policy = |field: &str, entries: Vec<Value>| {
        json!({ "revision": 1, "services": [
            { "id": "a", "category": "analytics", field: entries },
            { "id": "b", "category": "marketing", field: entries }
        ] })
    };
    let cookies = list(&|n| json!({ "name": format!("*{n}") }));
    for (field, entries) in [
        ("storage", list(&|n| json!(format!("*{n}")))),
        ("cookies", cookies),
    ] {
        let found = error_of(&policy(field, entries.clone()));
        assert_eq!(
            (found[0].0.as_str(), found[0].1),
            ("services[1]", "too-many-names")
        );
        let fewer = policy(field, entries[..300].to_vec());
        let overlaps = lints(&fewer);
        let overlaps = overlaps
            .iter()
            .filter(|(_, code)| *code == "overlapping-patterns");
        assert_eq!(
            overlaps.count(),
            300,
            "one finding for each {field} that overlaps"
        );
    }
}

#[test]
fn what_contradicts_is_an_error_of_its_own() {
    for (pointer, value, path, code) in [
        (
            "/ask_again_since",
            json!(8),
            "ask_again_since",
            "contradiction",
        ),
        (
            "/services/1/category",
            json!("statistics"),
            "services[1].category",
            "unknown-category",
        ),
        (
            "/services/1/id",
            json!("shop"),
            "services[1].id",
            "duplicate-service",
        ),
        (
            "/categories/0/id",
            json!("analytics"),
            "categories[0].id",
            "duplicate-category",
        ),
        (
            "/signals/gpc/refuses",
            json!(["sale"]),
            "signals.gpc.refuses[0]",
            "unknown-category",
        ),
        (
            "/signals/dnt",
            json!({ "refuses": ["necessary"] }),
            "signals.dnt.refuses[0]",
            "contradiction",
        ),
        (
            "/regimes/unknown",
            json!("JP"),
            "regimes.unknown",
            "unknown-region",
        ),
        (
            "/regimes/everywhere",
            json!("opt-in"),
            "regimes.unknown",
            "contradiction",
        ),
        (
            "/consent_cookie/domain",
            json!("shop.example"),
            "consent_cookie.domain",
            "contradiction",
        ),
        (
            "/consent_cookie/path",
            json!("/shop"),
            "consent_cookie.path",
            "contradiction",
        ),
        (
            "/consent_cookie/secure",
            json!(false),
            "consent_cookie.secure",
            "contradiction",
        ),
        (
            "/consent_cookie",
            json!({ "name": "__Host-p", "path": "/shop", "secure": false }),
            "consent_cookie.path",
            "contradiction",
        ),
        (
            "/consent_cookie",
            json!({ "name": "__Host-p", "path": "/shop", "secure": false }),
            "consent_cookie.secure",
            "contradiction",
        ),
        (
            "/consent_cookie",
            json!({ "name": "__HOST-p" }),
            "consent_cookie.name",
            "contradiction",
        ),
        (
            "/consent_cookie",
            json!({ "domain": "example" }),
            "consent_cookie.domain",
            "contradiction",
        ),
        (
            "/consent_cookie",
            json!({ "domain": "bank.example" }),
            "consent_cookie.domain",
            "contradiction",
        ),
        (
            "/consent_cookie/name",
            json!("__Http-p"),
            "consent_cookie.name",
            "contradiction",
        ),
    ] {
        let found = error_of(&with(pointer, value));
        assert!(
            found.iter().any(|(p, c, _)| p == path && *c == code),
            "{pointer}: {found:?}"
        );
    }
    let insecure = json!({ "name": "p", "same_site": "None", "secure": false });
    let found = error_of(&with("/consent_cookie", insecure));
    assert_eq!(found[0].0, "consent_cookie.secure");
}

#[test]
fn a_field_given_twice_is_an_error() {
    let text = r#"{ "revision": 1, "services": [], "revision": 2 }"#;
    let error = Policy::from_json("placet.json", text).unwrap_err();
    assert_eq!(error.diagnostics()[0].code, "duplicate-field");
}

#[test]
fn a_hostile_value_is_shown_shortened_and_without_control_characters() {
    let found = error_of(&with("/undeclared", json!("\u{1b}[31m".repeat(100))));
    assert!(found[0].2.chars().count() < 200);
    assert!(!found[0].2.contains('\u{1b}'));
    let key = "\u{1b}[31m".repeat(100);
    let mut document = full();
    document[&key] = json!(1);
    for error in read(&document).unwrap_err().diagnostics() {
        assert!(error.to_string().chars().count() < 400, "{error}");
        assert!(!error.to_string().contains('\u{1b}'));
    }
}

#[test]
fn signals_refuse_the_sites_own_categories_like_those_they_refuse() {
    let policy = read(&json!({
        "revision": 1,
        "categories": [{ "id": "social" }, { "id": "heatmaps", "like": "analytics" }, { "id": "maps", "like": "functional" }],
        "services": []
    }));
    let policy = policy.unwrap();
    let id = |name: &str| policy.category(name).unwrap().id();
    assert!(policy.gpc_refuses().contains(id("social")));
    assert!(!policy.gpc_refuses().contains(id("heatmaps")));
    let dnt = policy.dnt_refuses().unwrap();
    assert!(dnt.contains(id("social")) && dnt.contains(id("heatmaps")));
    assert!(!dnt.contains(id("maps")));
}

fn lints(document: &Value) -> Vec<(String, &'static str)> {
    let text = document.to_string();
    let file = PolicyFile::read("placet.json", &text).unwrap();
    let found = file.lint().into_iter();
    found.map(|d| (d.path, d.code)).collect()
}

#[test]
fn the_lint_names_what_a_policy_probably_does_not_mean() {
    let name = "services[1].cookies[0].name";
    for (pointer, value, path, code) in [
        (
            "/services/1/cookies/0/name",
            json!("*"),
            name,
            "swallows-everything",
        ),
        (
            "/services/1/cookies/0/name",
            json!("_*"),
            name,
            "broad-pattern",
        ),
        (
            "/services/1/cookies/0/name",
            json!("__Host-*"),
            name,
            "matches-consent-cookie",
        ),
        (
            "/services/1/cookies/0/name",
            json!("__Host-placet"),
            name,
            "matches-consent-cookie",
        ),
        (
            "/services/1/cookies/0/name",
            json!("session"),
            name,
            "overlapping-patterns",
        ),
        (
            "/services/1/cookies/0/lifetime",
            json!("2y"),
            "services[1].cookies[0].lifetime",
            "lifetime-over-400-days",
        ),
        (
            "/services/1/storage",
            json!(["cart", "*"]),
            "services[1].storage[1]",
            "swallows-everything",
        ),
        (
            "/services/1/scripts",
            json!(["*://*/*"]),
            "services[1].scripts[0]",
            "swallows-everything",
        ),
        (
            "/services/0/storage",
            json!(["*cart"]),
            "services[1].storage[0]",
            "overlapping-patterns",
        ),
        (
            "/services/0/purpose",
            json!("x"),
            "signals.dnt",
            "dnt-ignored",
        ),
        (
            "/undeclared",
            json!("allow"),
            "undeclared",
            "undeclared-allowed",
        ),
        (
            "/signals/gpc/refuses",
            json!(["social"]),
            "signals.gpc.refuses",
            "gpc-loosened",
        ),
    ] {
        let found = lints(&with(pointer, value));
        assert!(
            found.contains(&(path.to_owned(), code)),
            "{code}: {found:?}"
        );
    }
    let mut without_purpose = full();
    without_purpose["services"][0]
        .as_object_mut()
        .unwrap()
        .remove("purpose");
    assert!(lints(&without_purpose).contains(&("services[0]".to_owned(), "no-purpose")));
}

#[test]
fn an_exception_from_a_wildcard_is_no_overlap() {
    let mut document = with("/services/0/cookies/0/name", json!("_pk_id.own"));
    assert!(
        !lints(&document)
            .iter()
            .any(|(_, code)| *code == "overlapping-patterns")
    );
    document["services"][0]["cookies"][0]["name"] = json!("*.own");
    assert!(
        lints(&document)
            .iter()
            .any(|(_, code)| *code == "overlapping-patterns")
    );
    // Cookies of hosts that have nothing in common never meet.
    document["services"][0]["cookies"][0]["domains"] = json!(["other.example"]);
    assert!(
        !lints(&document)
            .iter()
            .any(|(_, code)| *code == "overlapping-patterns")
    );
}
