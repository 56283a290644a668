//! Cookies that live longer than declared, allowed or possible.

use super::*;

const SHOP: &str = "https://shop.example/";

fn declared(category: &str, cookie: &str) -> String {
    format!(
        r#"{{ "revision": 1, "services": [
            {{ "id": "own", "name": "Own", "category": "{category}", "cookies": [{cookie}] }}
        ] }}"#
    )
}

fn set_under(policy: &str, line: &str) -> Vec<Finding> {
    under(policy).findings(&[visit(SHOP).sets(line)])
}

#[test]
fn a_cookie_ends_when_the_policy_says() {
    let policy = declared("necessary", r#"{ "name": "basket", "lifetime": "30d" }"#);
    assert_says(
        "outlives-declaration",
        &set_under(&policy, "basket=1; Max-Age=5184000"),
        &[(
            Level::Warning,
            "`basket` (Own, necessary) is set by shop.example for 60 days, but is declared to live for 30 days",
        )],
    );
    for sound in [
        "basket=1; Max-Age=2592000",
        // The server's clock is a minute ahead.
        "basket=1; Expires=Tue, 22 Dec 2026 12:01:00 GMT",
        "basket=1",
    ] {
        assert_silent("outlives-declaration", &set_under(&policy, sound));
    }
    let policy = declared(
        "necessary",
        r#"{ "name": "basket", "lifetime": "session" }"#,
    );
    let findings = set_under(&policy, "basket=1; Max-Age=60");
    assert_eq!(said_by("outlives-declaration", &findings).len(), 1);
}

#[test]
fn browsers_keep_nothing_longer_than_400_days() {
    assert_says(
        "lifetime-over-400-days",
        &audit(&[visit(SHOP).sets("widget=1; Max-Age=157680000")]),
        &[(
            Level::Warning,
            "`widget` (unknown) is set by shop.example for 1825 days; browsers keep no cookie longer than 400 days",
        )],
    );
    let near = audit(&[visit(SHOP).sets("widget=1; Max-Age=34560000")]);
    assert_silent("lifetime-over-400-days", &near);
}

#[test]
fn of_two_findings_about_one_lifetime_the_narrower_promise_speaks() {
    let policy = declared("necessary", r#"{ "name": "basket", "lifetime": "30d" }"#);
    let findings = set_under(&policy, "basket=1; Max-Age=157680000");
    assert_eq!(said_by("outlives-declaration", &findings).len(), 1);
    assert_silent("lifetime-over-400-days", &findings);
    // What a browser cuts anyway keeps the promise of 400 days.
    let policy = declared("necessary", r#"{ "name": "basket", "lifetime": "400d" }"#);
    let findings = set_under(&policy, "basket=1; Max-Age=157680000");
    assert_silent("outlives-declaration", &findings);
    assert_eq!(said_by("lifetime-over-400-days", &findings).len(), 1);
}

#[test]
fn measurement_without_consent_lasts_thirteen_months() {
    let exempt = declared("necessary", r#"{ "name": "_pk_id.*", "lifetime": "13mo" }"#);
    let findings = set_under(&exempt, "_pk_id.1.7c2f=1; Max-Age=34387200");
    assert_says(
        "exempt-measurement-over-13-months",
        &findings,
        &[(
            Level::Error,
            "`_pk_id.1.7c2f` (Own, necessary) is set by shop.example without consent for 398 days; measurement without consent may last 13 months",
        )],
    );
    assert_silent("outlives-declaration", &findings);
    let near = set_under(&exempt, "_pk_id.1.7c2f=1; Max-Age=34214400");
    assert_silent("exempt-measurement-over-13-months", &near);

    // With consent there is no such limit, and where everything is opt-out no such exemption.
    let consented = declared("analytics", r#"{ "name": "_pk_id.*" }"#);
    let findings = set_under(&consented, "_pk_id.1.7c2f=1; Max-Age=34387200");
    assert_silent("exempt-measurement-over-13-months", &findings);
    let case = Case {
        region: Some("US-CA"),
        ..under(&exempt)
    };
    let visits = [visit(SHOP).sets("_pk_id.1.7c2f=1; Max-Age=34387200")];
    assert_silent("exempt-measurement-over-13-months", &case.findings(&visits));
}

#[test]
fn an_old_recording_without_dates_is_not_full_of_removals() {
    let mut undated = visit(SHOP).sets("_ga=GA1.1.5; Expires=Tue, 14 May 2019 10:00:00 GMT");
    undated.undated = true;
    let findings = audit(std::slice::from_ref(&undated));
    assert_eq!(said_by("set-before-choice", &findings).len(), 1);
    for removal in [
        "_ga=; Expires=Tue, 14 May 2019 10:00:00 GMT",
        "_ga=deleted; Expires=Tue, 14 May 2019 10:00:00 GMT",
        "_ga=x; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
        "_ga=x; Max-Age=0",
    ] {
        undated.set = vec![removal.to_owned()];
        assert_eq!(audit(std::slice::from_ref(&undated)).len(), 0, "{removal}");
    }
}
