//! Cookies that should not have been there: before a choice, against a refusal, against a signal.

use super::*;

const SHOP: &str = r#"{
    "revision": 1,
    "hosts": ["shop.example"],
    "services": [
        { "id": "shop", "name": "The shop", "category": "necessary", "cookies": [{ "name": "basket" }] },
        { "id": "matomo", "name": "Matomo", "category": "analytics", "cookies": [{ "name": "_pk_*" }] },
        { "id": "ads", "name": "Ads", "category": "marketing", "cookies": [{ "name": "IDE", "domains": ["ads.example"] }] }
    ]
}"#;

const REFUSED: &str =
    "placet=1.1.1795000000.b00.00000000000000000000000000000000.y.n~functional~analytics~marketing";
const ACCEPTED: &str =
    "placet=1.1.1795000000.b00.00000000000000000000000000000000.y~functional~analytics~marketing.n";

const ADS: &str = "IDE=x; Secure; SameSite=None";

fn ad() -> Visit {
    visit("https://ads.example/ad").on_page("https://shop.example/")
}

#[test]
fn what_is_not_necessary_waits_for_a_yes() {
    let findings = under(SHOP).findings(&[
        visit("https://shop.example/").sets("basket=1; Secure"),
        ad().sets(ADS),
    ]);
    assert_says(
        "set-before-choice",
        &findings,
        &[(
            Level::Error,
            "`IDE` (Ads, marketing) is set by ads.example before the visitor chose; marketing cookies have to wait for a yes",
        )],
    );
    let after_yes = [visit("https://shop.example/")
        .sends(ACCEPTED)
        .sets("_pk_id=1")];
    assert_silent("set-before-choice", &under(SHOP).findings(&after_yes));
}

#[test]
fn what_a_script_set_counts_by_being_sent() {
    let findings = audit(&[
        visit("https://www.shop.example/").sends("_ga=GA1.1.5"),
        visit("https://static.shop.example/").sends("_ga=GA1.1.5"),
    ]);
    assert_says(
        "set-before-choice",
        &findings,
        &[(
            Level::Error,
            "`_ga` (Google Analytics, analytics) is sent to static.shop.example before the visitor chose; analytics cookies have to wait for a yes",
        )],
    );
    let [finding] = findings.as_slice() else {
        panic!("one finding for both hosts, not {findings:?}");
    };
    assert_eq!(finding.count, 2);
}

#[test]
fn where_the_law_lets_visitors_object_nothing_has_to_wait() {
    let case = Case {
        region: Some("US-CA"),
        ..Case::default()
    };
    let findings = case.findings(&[visit("https://shop.example/").sends("_ga=GA1.1.5")]);
    assert_silent("set-before-choice", &findings);
}

#[test]
fn a_preference_the_policy_does_not_speak_of_is_a_warning() {
    let findings = audit(&[visit("https://shop.example/").sets("django_language=en; Secure")]);
    let said = said_by("set-before-choice", &findings);
    assert_eq!(said.len(), 1);
    assert_eq!(said[0].0, Level::Warning);
}

#[test]
fn after_a_refusal_nothing_refused_is_set_or_kept() {
    let findings = under(SHOP).findings(&[visit("https://shop.example/")
        .sends(REFUSED)
        .sets("_pk_id=1; Secure")]);
    assert_says(
        "set-against-refusal",
        &findings,
        &[(
            Level::Error,
            "`_pk_id` (Matomo, analytics) is set by shop.example although the visitor refused it; after a refusal analytics cookies are neither set nor kept",
        )],
    );
    assert_silent("set-before-choice", &findings);
    let kept = format!("{REFUSED}; _pk_id=1");
    let findings = under(SHOP).findings(&[visit("https://shop.example/").sends(&kept)]);
    assert_eq!(said_by("set-against-refusal", &findings).len(), 1);
}

#[test]
fn a_site_that_removes_what_was_refused_does_right() {
    let kept = format!("{REFUSED}; _pk_id=1");
    let findings = under(SHOP).findings(&[visit("https://shop.example/")
        .sends(&kept)
        .sets("_pk_id=; Max-Age=0; Path=/")]);
    assert_eq!(findings.len(), 0, "{findings:?}");
}

#[test]
fn global_privacy_control_refuses_marketing() {
    let on = |mut visit: Visit| {
        visit.gpc = true;
        visit
    };
    let findings = under(SHOP).findings(&[on(ad()).sets(ADS)]);
    assert_says(
        "set-against-gpc",
        &findings,
        &[(
            Level::Error,
            "`IDE` (Ads, marketing) is set by ads.example although the request says `Sec-GPC: 1`; that signal refuses marketing cookies",
        )],
    );
    let near = on(visit("https://shop.example/")).sets("_pk_id=1; Secure");
    assert_silent("set-against-gpc", &under(SHOP).findings(&[near]));
}

#[test]
fn a_signal_can_be_assumed_for_every_request() {
    let case = Case {
        gpc: AssumedSignal::On,
        ..under(SHOP)
    };
    let findings = case.findings(&[ad().sets(ADS)]);
    let said = said_by("set-against-gpc", &findings);
    assert!(said[0].1.contains("under `Sec-GPC: 1`"), "{said:?}");
}

#[test]
fn do_not_track_refuses_analytics_and_marketing() {
    let mut asked = visit("https://shop.example/").sets("_pk_id=1; Secure");
    asked.dnt = true;
    let findings = under(SHOP).findings(std::slice::from_ref(&asked));
    assert_says(
        "set-against-dnt",
        &findings,
        &[(
            Level::Error,
            "`_pk_id` (Matomo, analytics) is set by shop.example although the request says `DNT: 1`; that signal refuses analytics cookies here",
        )],
    );
    assert_silent("dnt-ignored", &findings);

    let ignoring = SHOP.replace(
        r#""services""#,
        r#""signals": { "dnt": "ignored" }, "services""#,
    );
    let findings = under(&ignoring).findings(&[asked]);
    assert_silent("set-against-dnt", &findings);
    assert_says(
        "dnt-ignored",
        &findings,
        &[(
            Level::Note,
            "requests say `DNT: 1`, and the policy declares that the site does not respond to it",
        )],
    );
}

#[test]
fn of_several_grounds_the_gravest_is_the_finding_and_names_the_others() {
    let mut with_signal = ad().sets(ADS);
    with_signal.gpc = true;
    let findings = under(SHOP).findings(&[ad().sets(ADS), with_signal]);
    assert_silent("set-before-choice", &findings);
    let said = said_by("set-against-gpc", &findings);
    assert_eq!(said.len(), 1);
    assert!(
        said[0]
            .1
            .ends_with("(it is there before the visitor chose too)"),
        "{said:?}"
    );
}

#[test]
fn a_choice_that_was_posted_has_to_be_remembered() {
    let mut posted = visit("https://shop.example/.placet/choice");
    posted.method = "POST";
    let findings = under(SHOP).findings(std::slice::from_ref(&posted));
    assert_says(
        "forgotten-choice",
        &findings,
        &[(
            Level::Error,
            "the visitor's choice was posted, but the answer sets no `placet` cookie to remember it",
        )],
    );
    let remembered = posted.sets(&format!("{REFUSED}; Path=/; Secure"));
    assert_eq!(under(SHOP).findings(&[remembered]).len(), 0);
}

#[test]
fn a_consent_cookie_that_cannot_be_read_is_told() {
    for (line, problem) in [
        (
            format!("{REFUSED}; {ACCEPTED}"),
            "the consent cookie was sent more than once",
        ),
        (
            "placet=yes".to_owned(),
            "the consent cookie is of an unknown version; expected one that starts with `1.`",
        ),
    ] {
        let findings = under(SHOP).findings(&[visit("https://shop.example/").sends(&line)]);
        let expected = format!("`placet` counts as no choice at all in a request: {problem}");
        assert_says(
            "malformed-consent-cookie",
            &findings,
            &[(Level::Warning, &expected)],
        );
    }
    let sound = visit("https://shop.example/").sends(REFUSED);
    assert_eq!(under(SHOP).findings(&[sound]).len(), 0);
}

#[test]
fn a_site_with_one_session_cookie_and_no_banner_has_no_errors() {
    for line in [
        "PHPSESSID=5m1x8f0q2z7c; Path=/; Secure; HttpOnly; SameSite=Lax",
        "shop_session=5m1x8f0q2z7c; Path=/; Secure; HttpOnly; SameSite=Lax",
        "csrftoken=Zt4kQ8vN1xR7; Path=/; Secure; Max-Age=31449600; SameSite=Lax",
    ] {
        let findings = audit(&[visit("https://shop.example/").sets(line)]);
        assert!(
            findings.iter().all(|f| f.level == Level::Note),
            "{line}: {findings:?}"
        );
    }
}

/// Every finding of the four grounds about one cookie: the rule, and each recording with its count.
fn grounds(findings: &[Finding]) -> Vec<(&'static str, Vec<(u16, u64)>)> {
    let rules = [
        "set-against-gpc",
        "set-against-refusal",
        "set-against-dnt",
        "set-before-choice",
    ];
    let mut found: Vec<_> = findings
        .iter()
        .filter(|finding| rules.contains(&finding.rule.id))
        .map(|finding| {
            let recordings = finding.recordings.iter();
            let recordings = recordings.map(|seen| (seen.first.file, seen.count));
            (finding.rule.id, recordings.collect())
        })
        .collect();
    found.sort_unstable();
    found
}

#[test]
fn each_recording_is_judged_by_itself() {
    let plain = || visit("https://shop.example/").sets("_pk_id=1; Secure");
    let refused = || plain().sends(REFUSED);
    let asked = || {
        let mut visit = plain();
        visit.dnt = true;
        visit
    };
    for (visits, expected) in [
        (
            // Fresh, refused and under Do Not Track, as the passes of a live audit are.
            vec![plain(), plain(), refused().within(1), asked().within(5)],
            vec![
                ("set-against-dnt", vec![(5, 1)]),
                ("set-against-refusal", vec![(1, 1)]),
                ("set-before-choice", vec![(0, 2)]),
            ],
        ),
        (
            // Before and after a refusal in one recording, and before a choice in another.
            vec![plain(), refused(), plain().within(1)],
            vec![
                ("set-against-refusal", vec![(0, 1)]),
                ("set-before-choice", vec![(1, 1)]),
            ],
        ),
        (
            vec![plain().within(2), plain(), plain().within(1)],
            vec![("set-before-choice", vec![(0, 1), (1, 1), (2, 1)])],
        ),
    ] {
        assert_eq!(
            grounds(&under(SHOP).findings(&visits)),
            expected,
            "{visits:?}"
        );
    }
}

#[test]
fn a_ground_is_named_beside_a_graver_one_unless_it_has_a_finding_of_its_own() {
    let plain = || visit("https://shop.example/").sets("_pk_id=1; Secure");
    let said = |visits: &[Visit]| {
        let findings = under(SHOP).findings(visits);
        let (_, message) = said_by("set-against-refusal", &findings).remove(0);
        message.contains("(it is there before the visitor chose too)")
    };
    assert!(said(&[plain(), plain().sends(REFUSED)]));
    assert!(!said(&[plain(), plain().sends(REFUSED), plain().within(1)]));
}

#[test]
fn of_very_many_recordings_the_last_are_counted_together() {
    let plain = || visit("https://shop.example/").sets("_pk_id=1; Secure");
    let visits: Vec<_> = (0..100).map(|number| plain().within(number)).collect();
    let findings = under(SHOP).findings(&visits);
    let found = grounds(&findings);
    let [(_, recordings)] = found.as_slice() else {
        panic!("one finding, not {found:?}");
    };
    assert_eq!(recordings.len(), 64);
    assert_eq!(recordings.last(), Some(&(63, 37)));
    assert_eq!(
        findings
            .iter()
            .find(|f| f.rule.id == "set-before-choice")
            .map(|f| f.count),
        Some(100)
    );
}
