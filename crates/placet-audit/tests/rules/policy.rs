//! The check of policy files, and the draft of one from what was seen.

use std::fs::File;

use placet::PolicyFile;
use placet_audit::{LeftOut, Options, check_policy, draft_policy, read};

use super::*;

fn checked(service: &str) -> Vec<(&'static str, String)> {
    let text = format!(r#"{{ "revision": 1, "services": [{service}] }}"#);
    let file = PolicyFile::read("placet.json", &text).expect("a policy");
    check_policy(&file, Catalog::builtin())
        .into_iter()
        .map(|found| (found.code, found.message))
        .collect()
}

#[test]
fn what_the_catalogue_knows_better_is_told() {
    for (service, code, message) in [
        (
            r#"{ "id": "counter", "category": "necessary", "purpose": "x", "cookies": [{ "name": "_pk_id.*" }] }"#,
            "necessary-tracker",
            "`_pk_id.*` is declared as needing no consent, but the catalogue knows it as analytics (Matomo (Piwik))",
        ),
        (
            r#"{ "id": "google-analytics", "category": "necessary", "purpose": "x" }"#,
            "necessary-tracker",
            "`google-analytics` is declared as needing no consent, but the catalogue knows Google Analytics as analytics",
        ),
        (
            r#"{ "id": "video", "category": "necessary", "purpose": "x", "scripts": ["https://*.doubleclick.net/*"] }"#,
            "necessary-tracker",
            "`video` is declared as needing no consent, but the catalogue knows DoubleClick (Google Marketing Platform) as marketing",
        ),
        (
            r#"{ "id": "likes", "category": "functional", "purpose": "x", "cookies": [{ "name": "_fbp" }] }"#,
            "category-differs",
            "`_fbp` is declared as functional, but the catalogue knows it as marketing (Meta Pixel), which asks for more",
        ),
        (
            r#"{ "id": "ga", "category": "analytics", "purpose": "x", "cookies": [{ "name": "_ga", "lifetime": "1d" }] }"#,
            "lifetime-too-short",
            "`_ga` is declared to live for 1d, but Google Analytics is known to keep it for 2y",
        ),
    ] {
        assert_eq!(checked(service), [(code, message.to_owned())], "{service}");
    }
}

#[test]
fn a_policy_the_catalogue_agrees_with_is_clean() {
    for service in [
        r#"{ "id": "matomo", "category": "analytics", "purpose": "x", "cookies": [{ "name": "_pk_id.*", "lifetime": "13mo" }] }"#,
        r#"{ "id": "matomo-ads", "category": "marketing", "purpose": "x", "cookies": [{ "name": "_pk_id.*" }] }"#,
        r#"{ "id": "shop", "category": "necessary", "purpose": "x", "cookies": [{ "name": "PHPSESSID" }, { "name": "own_thing" }] }"#,
        r#"{ "id": "ga", "category": "analytics", "purpose": "x", "cookies": [{ "name": "_ga", "lifetime": "400d" }] }"#,
    ] {
        assert_eq!(checked(service), [], "{service}");
    }
}

#[test]
fn the_check_holds_the_engines_own_lint_in_the_order_of_the_file() {
    let found = checked(
        r#"{ "id": "ga", "category": "necessary", "cookies": [{ "name": "_ga", "lifetime": "2y" }] }"#,
    );
    let codes: Vec<_> = found.iter().map(|(code, _)| *code).collect();
    assert_eq!(
        codes,
        ["no-purpose", "necessary-tracker", "lifetime-over-400-days"]
    );
}

#[test]
fn a_draft_groups_what_is_known_and_marks_what_is_not() {
    let visits = [
        visit("https://www.shop.example/")
            .on_page("https://www.shop.example/")
            .sends("_pk_id.1.7c2f=8a1f4e7b2c9d0356.1795.; _pk_ses.1.7c2f=1")
            .sets("sessionid=x; HttpOnly; Secure; Path=/; Max-Age=1209600")
            .sets("xq_7f=1; Domain=shop.example; Max-Age=15552000")
            .sets("filter_101=1")
            .sets("filter_102=1")
            .sets("odd*name=1"),
        visit("https://ib.adnxs.com/seg")
            .on_page("https://www.shop.example/")
            .sets("uuid2=123; Domain=.adnxs.com; Secure; SameSite=None; Max-Age=7776000"),
    ];
    let draft = Case::default().run(&visits, |audit| draft_policy(&audit.evidence));
    assert_eq!(draft.policy.hosts, ["shop.example"]);
    let services: Vec<_> = draft
        .policy
        .services
        .iter()
        .map(|service| {
            let names: Vec<_> = service.cookies.iter().map(|c| c.name.as_str()).collect();
            (
                service.id.as_str(),
                service.category.as_str(),
                names.join(" "),
            )
        })
        .collect();
    assert_eq!(
        services,
        [
            (
                "to-decide-shop-example",
                "marketing",
                "filter_* xq_7f".to_owned()
            ),
            ("django", "necessary", "sessionid".to_owned()),
            ("matomo", "analytics", "_pk_id.*.* _pk_ses.*.*".to_owned()),
            ("xandr", "marketing", "uuid2".to_owned()),
        ]
    );
    assert_eq!(
        draft.to_decide,
        ["filter_101", "filter_102", "xq_7f"].map(|name| format!("{name} (shop.example)"))
    );
    assert_eq!(
        draft.left_out,
        [LeftOut {
            why: "a policy takes `*` for any run of characters",
            cookies: vec!["odd*name (shop.example)".to_owned()],
        }]
    );
}

#[test]
fn the_draft_of_the_shipped_recording_reads_back_and_declares_all_of_it() {
    let policy = Policy::from_json("placet.json", NO_POLICY).unwrap();
    let assumptions = Assumptions {
        policy: &policy,
        gpc: AssumedSignal::AsRecorded,
        dnt: AssumedSignal::AsRecorded,
        region: None,
        choice: None,
        now: Timestamp::from_unix(NOW).unwrap(),
    };
    let survey = |assumptions| {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/shop/shop.har");
        let mut whole = Survey::new(assumptions, 0);
        let part = || Survey::new(assumptions, 0);
        let file = File::open(path).unwrap();
        read(file, &Options::default(), part, |part| whole.merge(part)).unwrap();
        whole
    };
    let catalog = Catalog::builtin();
    let evidence = Evidence::new(&assumptions, false, catalog, survey(&assumptions));
    let drafted = serde_json::to_string_pretty(&draft_policy(&evidence).policy).unwrap();
    let policy = Policy::from_json("drafted.json", &drafted).unwrap();
    let assumptions = Assumptions {
        policy: &policy,
        ..assumptions
    };
    let evidence = Evidence::new(&assumptions, true, catalog, survey(&assumptions));
    let audit = Audit::new(Vec::new(), evidence);
    for rule in [
        "undeclared",
        "category-differs",
        "outlives-declaration",
        "unknown",
    ] {
        assert_silent(rule, &audit.findings);
    }
    let file = PolicyFile::read("drafted.json", &drafted).unwrap();
    assert_eq!(check_policy(&file, catalog), []);
}
