//! A privacy policy in the reports that people and programs read.

use placet_audit::report::Format;
use placet_audit::{AssumedSignal, Audit};
use quick_junit::Report;
use serde_json::Value;

use crate::fixture::{
    SHOP, assumptions, audit, hold_against_text, options, recording, shop_policy, text,
};

fn with_text<T>(alone: bool, look: impl FnOnce(&Audit<'_>) -> T) -> T {
    let policy = shop_policy();
    let assumed = assumptions(&policy);
    let mut audit = if alone {
        audit(&assumed, false, Vec::new(), &[])
    } else {
        audit(
            &assumed,
            true,
            vec![recording("shop.har", true, false)],
            SHOP,
        )
    };
    hold_against_text(&mut audit);
    look(&audit)
}

#[test]
fn the_page_sets_claims_beside_facts() {
    let page = with_text(false, |audit| text(Format::Html, audit, &options()));
    for part in [
        "Claims against facts",
        "<q>cookies: none</q>",
        "7 cookies seen",
        "not found",
        "privacy.md:2",
    ] {
        assert!(page.contains(part), "no {part}");
    }
    // Alone, nothing is said of recordings that nobody made.
    let page = with_text(true, |audit| text(Format::Html, audit, &options()));
    assert!(page.contains("Claims against facts"));
    for part in ["Exchanges read", "No cookie was set", "Table of cookies"] {
        assert!(!page.contains(part), "{part}");
    }
}

#[test]
fn a_result_points_to_the_line_of_the_text() {
    let report = with_text(false, |audit| text(Format::Sarif, audit, &options()));
    let report: Value = serde_json::from_str(&report).expect("JSON");
    let results = report["runs"][0]["results"].as_array().expect("results");
    let rule = "privacy-policy-contradicts-itself";
    let result = results
        .iter()
        .find(|result| result["ruleId"] == rule)
        .expect("a contradiction");
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "privacy.md");
    assert_eq!(place["region"]["startLine"], 2);
    let index = usize::try_from(result["ruleIndex"].as_u64().expect("a number")).expect("small");
    assert_eq!(
        report["runs"][0]["tool"]["driver"]["rules"][index]["id"],
        rule
    );
}

#[test]
fn the_text_is_a_suite_of_its_own() {
    let report = with_text(true, |audit| text(Format::Junit, audit, &options()));
    let report = Report::deserialize_from_str(&report).expect("JUnit XML");
    let names: Vec<_> = report
        .test_suites
        .iter()
        .map(|suite| suite.name.as_str())
        .collect();
    assert_eq!(names, ["privacy.md"]);
    assert_eq!(report.failures, 1);
}

#[test]
fn what_signals_left_stands_beside_what_the_text_says_of_them() {
    let policy = shop_policy();
    let seen = |signal: AssumedSignal, practice: &str| {
        let mut assumed = assumptions(&policy);
        (assumed.gpc, assumed.dnt) = (signal, signal);
        let mut audit = audit(
            &assumed,
            true,
            vec![recording("shop.har", true, false)],
            SHOP,
        );
        hold_against_text(&mut audit);
        let report = text(Format::Json, &audit, &options());
        let report: Value = serde_json::from_str(&report).expect("JSON");
        let practices = report["privacy_policy"]["practices"]
            .as_array()
            .expect("practices");
        let of = practices.iter().find(|one| one["practice"] == practice);
        of.and_then(|one| one["seen"].as_str())
            .unwrap_or_default()
            .to_owned()
    };
    let file = "the policy file responds to it";
    for (practice, under) in [
        ("do-not-track", "under `DNT: 1` seen: "),
        (
            "global-privacy-control",
            "advertisers under `Sec-GPC: 1` seen: ",
        ),
    ] {
        assert_eq!(seen(AssumedSignal::AsRecorded, practice), file);
        let told = seen(AssumedSignal::On, practice);
        assert!(told.starts_with(&format!("{file}; {under}")), "{told}");
        let analytics = told.contains("Google Analytics");
        assert_eq!(analytics, practice == "do-not-track", "{told}");
    }
    let cookies = seen(AssumedSignal::AsRecorded, "tracking-cookies");
    assert!(
        cookies.starts_with("seen: ") && cookies.contains("_ga"),
        "{cookies}"
    );
}
