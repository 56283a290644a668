//! The report for a terminal.

use placet::{Choice, ChoiceId, How, Policy, Revision, Signals, StandardCategory};
use placet_audit::report::{Format, Options};
use placet_audit::{AssumedSignal, Level};

use crate::fixture::{
    SHOP, assumptions, audit, empty_policy, now, options, recording, shop_policy, text,
};

#[test]
fn it_opens_with_what_was_read_and_assumed() {
    let policy = shop_policy();
    let assumed = assumptions(&policy);
    let audit = audit(
        &assumed,
        true,
        vec![recording("shop.har", true, false)],
        SHOP,
    );
    let report = text(Format::Text, &audit, &options());
    for part in [
        "Cookie audit, 2026-11-22T08:30:00Z\n\nRead\n  shop.har: HAR by WebInspector 537.36, 3 exchanges\n",
        "The policy says what is allowed: revision 3, 2 services.",
        "The visitor is in DE: functional, analytics and marketing wait for a yes.",
        "Global Privacy Control and Do Not Track are as each request says.",
        "The visitor's choice is read from the cookie `placet` of each request",
    ] {
        assert!(report.contains(part), "{part}\nis not in\n{report}");
    }
}

#[test]
fn assumptions_that_were_given_are_said() {
    let policy = empty_policy();
    let mut assumed = assumptions(&policy);
    assumed.gpc = AssumedSignal::On;
    assumed.region = None;
    let id = ChoiceId::from_bytes([7; 16]);
    assumed.choice = Some(
        Choice::new(id, now(), Revision(1), How::Banner, Signals::default())
            .grant(StandardCategory::Analytics.id())
            .refuse(StandardCategory::Marketing.id()),
    );
    let audit = audit(&assumed, false, vec![recording("a", true, false)], SHOP);
    let report = text(Format::Text, &audit, &options());
    for part in [
        "No policy was given, so the catalogue of known services says what each cookie is for.",
        "The visitor's region is not known, so the strictest rules hold",
        "Every request counts as if it said `Sec-GPC: 1`; Do Not Track is as each request says.",
        "Every request counts as if the visitor had chosen: analytics granted, marketing refused.",
    ] {
        assert!(report.contains(part), "{part}\nis not in\n{report}");
    }
}

#[test]
fn a_policy_that_loosens_unknown_regions_is_not_called_the_strictest() {
    let text_of = r#"{ "revision": 1, "services": [], "regimes": { "unknown": "US" } }"#;
    let policy = Policy::from_json("placet.json", text_of).unwrap();
    let mut assumed = assumptions(&policy);
    assumed.region = None;
    let audit = audit(&assumed, true, vec![recording("a", true, false)], SHOP);
    let report = text(Format::Text, &audit, &options());
    let says =
        "The visitor's region is not known, so what the policy says of unknown regions holds: ";
    assert!(report.contains(says), "{report}");
    assert!(!report.contains("strictest"), "{report}");
}

#[test]
fn every_service_has_its_cookies_and_findings_under_its_name() {
    let policy = empty_policy();
    let assumed = assumptions(&policy);
    let audit = audit(
        &assumed,
        false,
        vec![recording("shop.har", true, false)],
        SHOP,
    );
    let report = text(Format::Text, &audit, &options());
    let sections: Vec<&str> = report.split("\n\n").collect();
    let matomo = sections
        .iter()
        .find(|s| s.starts_with("Matomo (Piwik): analytics\n"));
    let matomo = matomo.unwrap_or_else(|| panic!("no Matomo in\n{report}"));
    assert!(
        matomo.contains("_pk_id.1.1fff  www.shop.example  13 months\n"),
        "{matomo}"
    );
    let found = "  error    Set before any choice and not necessary: _pk_id.1.1fff (line 11)";
    assert!(matomo.contains(found), "{matomo}");
    let unknown = sections.iter().find(|s| s.starts_with("Known to nobody"));
    assert!(unknown.is_some_and(|s| s.contains("xq_7f  ")), "{report}");
    assert!(
        !report.contains("  old "),
        "a removal is no cookie of the visitor:\n{report}"
    );
}

#[test]
fn the_last_line_is_the_outcome_in_words() {
    let policy = empty_policy();
    let assumed = assumptions(&policy);
    let last = |recordings, visits, options: &Options| {
        let audit = audit(&assumed, false, recordings, visits);
        let report = text(Format::Text, &audit, options);
        report.lines().last().unwrap_or_default().to_owned()
    };
    let clean = vec![recording("a.har", true, false)];
    let sanitized = vec![
        recording("a.har", true, false),
        recording("b.har", false, true),
    ];
    let bare = vec![recording("access.log", false, false)];
    assert_eq!(last(clean.clone(), &[], &options()), "clean");
    assert!(last(clean.clone(), SHOP, &options()).contains(" errors"));
    let mildly = Options {
        fail_on: Level::Error,
        ..options()
    };
    let unknown: &[&[u8]] = &[b"xq_7f=1"];
    let unknown = &[(
        "https://a.example/",
        b"https://a.example/".as_slice(),
        unknown,
        &[][..],
    )];
    assert_eq!(last(clean, unknown, &mildly), "clean; 1 warning");
    let says = last(sanitized.clone(), &[], &options());
    assert!(
        says.contains("could not verify: b.har was exported without its cookies; in Chrome")
            && says.contains("Export HAR (with sensitive data)"),
        "{says}"
    );
    let says = last(sanitized, SHOP, &options());
    assert!(
        says.contains(" errors") && says.contains("; could not verify: b.har"),
        "{says}"
    );
    let says = last(bare.clone(), unknown, &mildly);
    assert!(
        says.starts_with("could not verify: access.log") && says.ends_with("; 1 warning"),
        "{says}"
    );
    let says = last(bare, &[], &options());
    assert!(
        says.contains("could not verify: access.log holds no cookie header"),
        "{says}"
    );
}

#[test]
fn escape_sequences_appear_only_when_colour_is_asked_for() {
    let policy = empty_policy();
    let assumed = assumptions(&policy);
    let audit = audit(
        &assumed,
        false,
        vec![recording("shop.har", true, false)],
        SHOP,
    );
    let plain = text(Format::Text, &audit, &options());
    assert!(!plain.contains('\x1b'));
    let coloured = Options {
        colour: true,
        ..options()
    };
    let coloured = text(Format::Text, &audit, &coloured);
    assert!(coloured.contains("\x1b[1m\x1b[31merror"), "{coloured}");
    let uncoloured = anstyle_free(&coloured);
    assert_eq!(uncoloured, plain);
}

/// The text without SGR sequences.
fn anstyle_free(text: &str) -> String {
    let mut parts = text.split("\x1b[");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        out.push_str(part.split_once('m').map_or(part, |(_, rest)| rest));
    }
    out
}

#[test]
fn many_findings_and_cookies_are_counted_rather_than_listed() {
    let policy = empty_policy();
    let assumed = assumptions(&policy);
    let names: Vec<Vec<u8>> = (0..50)
        .map(|n| format!("zz{n:02}q=1").into_bytes())
        .collect();
    let set: Vec<&[u8]> = names.iter().map(Vec::as_slice).collect();
    let visits = [(
        "https://a.example/",
        b"https://a.example/".as_slice(),
        &[][..],
        &set[..],
    )];
    let audit = audit(&assumed, false, vec![recording("a", true, false)], &visits);
    let report = text(Format::Text, &audit, &options());
    assert!(report.contains("… and 38 cookies more"), "{report}");
    assert!(report.contains(", zz05q and 44 more (line 10)"), "{report}");
}
