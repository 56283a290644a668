//! Findings come in one order, with names that stay, and rules are what they say they are.

use std::collections::BTreeSet;

use placet_audit::Rule;

use super::*;

fn busy() -> Vec<Visit> {
    let page = "https://www.shop.example/";
    vec![
        visit(page)
            .sets("PHPSESSID=x")
            .sets("xq_7f=1; Max-Age=99999999"),
        visit(page).sends("_ga=GA1.1.5; _fbp=fb.1.2.3"),
        visit("https://ads.example/")
            .on_page(page)
            .sets("uid=a1b2c3d4e5f6; SameSite=None"),
    ]
}

#[test]
fn the_gravest_come_first_then_by_place() {
    let findings = audit(&busy());
    let keys: Vec<_> = findings
        .iter()
        .map(|finding| (std::cmp::Reverse(finding.level), finding.at))
        .collect();
    assert!(keys.is_sorted(), "{keys:?}");
    assert!(findings.len() > 8);
}

#[test]
fn the_same_recording_gives_the_same_findings() {
    let printed = || format!("{:?}", audit(&busy()));
    assert_eq!(printed(), printed());
}

#[test]
fn fingerprints_stay_when_places_and_counts_change() {
    let names = |findings: &[Finding]| -> BTreeSet<_> {
        findings.iter().map(|f| f.fingerprint("shop.har")).collect()
    };
    let once = audit(&busy());
    let mut longer = vec![visit("https://www.shop.example/")];
    longer.extend(busy());
    longer.extend(busy());
    assert_eq!(names(&once), names(&audit(&longer)));
    assert_eq!(names(&once).len(), once.len(), "each has its own");
    // A fingerprint outlives releases: reports of last year are compared with those of today.
    let ga = once
        .iter()
        .find(|f| f.subject.cookie.as_deref() == Some("_ga"));
    assert_eq!(
        ga.map(|f| f.fingerprint("shop.har")).as_deref(),
        Some("311cc224ee36c084")
    );
}

#[test]
fn a_name_set_in_several_ways_is_one_finding_of_a_rule() {
    let findings = audit(&[visit("https://www.shop.example/")
        .sets("xq_7f=1; Max-Age=60; Path=/a")
        .sets("xq_7f=1; Max-Age=60; Path=/b")]);
    let unknown: Vec<_> = findings.iter().filter(|f| f.rule.id == "unknown").collect();
    assert_eq!(unknown.len(), 1);
    assert_eq!(unknown[0].count, 2);
}

#[test]
fn every_rule_says_what_it_rests_on_and_what_to_do() {
    let mut ids = BTreeSet::new();
    for rule in Rule::ALL {
        assert!(ids.insert(rule.id), "{} twice", rule.id);
        assert!(
            rule.id
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'),
            "{}",
            rule.id
        );
        for text in [rule.title, rule.rests_on, rule.fix] {
            assert!(
                text.len() > 3 && !text.ends_with('.'),
                "{}: {text}",
                rule.id
            );
        }
    }
}
