//! The rules about what a privacy policy says: against itself, the policy file and the recordings.

use placet_audit::privacy_policy::{MediaType, PrivacyPolicy};
use placet_audit::{Finding, Level, Outcome};
use placet_catalog::Catalog;

use crate::{Case, Visit, assert_says, assert_silent, said_by, under, visit};

/// A policy file that ignores Do Not Track and declares a cookie of Matomo.
const IGNORES_DNT: &str = r#"{ "revision": 1, "signals": { "dnt": "ignored" }, "services": [
    { "id": "matomo", "category": "analytics", "purpose": "Counts.",
      "cookies": [{ "name": "_pk_id.*", "lifetime": "13mo" }] }
] }"#;

fn hold(case: Case<'_>, visits: &[Visit], text: &str) -> (Vec<Finding>, Outcome) {
    case.run(visits, |audit| {
        let catalog = Catalog::builtin();
        let policy =
            PrivacyPolicy::read("privacy.md", text.as_bytes(), MediaType::Markdown, catalog);
        audit.hold_against(policy, catalog);
        (audit.findings.clone(), audit.outcome(Level::Warning))
    })
}

fn text_alone(text: &str) -> (Vec<Finding>, Outcome) {
    hold(Case::default(), &[], text)
}

#[test]
fn a_text_that_contradicts_itself_is_found_out_with_both_lines() {
    let rule = "privacy-policy-contradicts-itself";
    for (text, expected) in [
        (
            "We do not use cookies.\n\nOur site uses a session cookie.",
            Some(
                "the text says both, whether there are cookies: “We do not use cookies.” (line 1) and “Our site uses a session cookie.” (line 3)",
            ),
        ),
        (
            "We respect Do Not Track.\n\nWe do not respond to Do Not Track signals.",
            Some(
                "the text says both, whether the site responds to Do Not Track: “We respect Do Not Track.” (line 1) and “We do not respond to Do Not Track signals.” (line 3)",
            ),
        ),
        (
            "---\nanalytics: none\n---\n\nWe use Google Analytics on our site.",
            Some(
                "the text says both, whether there are analytics: “analytics: none” (line 2) and “We use Google Analytics on our site.” (line 5)",
            ),
        ),
        (
            "We do not use cookies.\n\nWe count visits. Google Analytics sets cookies.",
            Some(
                "the text says both, whether there are cookies: “We do not use cookies.” (line 1) and “Google Analytics sets cookies.” (line 3)",
            ),
        ),
        ("We use cookies. We do not use cookies to track you.", None),
        (
            "We do not use cookies. Third parties may use cookies.",
            None,
        ),
        ("We do not use cookies, except for a session cookie.", None),
        (
            "We do not share your data, except with our host. We share your data with our host.",
            None,
        ),
        (
            "We do not respond to Do Not Track, but we honor Global Privacy Control.",
            None,
        ),
        (
            "We do not share your personal data with third parties for advertising. We share your address with our parcel service DHL so that it can deliver.",
            None,
        ),
        (
            "We honor Global Privacy Control. Before 2023 we did not respond to Global Privacy Control.",
            None,
        ),
        (
            "Our mobile app uses no cookies. Our website uses cookies.",
            None,
        ),
        (
            "Before you consent, no cookies are set. After you consent, we use cookies.",
            None,
        ),
        (
            "We do not share your data for advertising.\n\nWe share your data with ad networks for advertising.",
            Some(
                "the text says both, whether the site shares personal information: “We do not share your data for advertising.” (line 1) and “We share your data with ad networks for advertising.” (line 3)",
            ),
        ),
    ] {
        let (findings, outcome) = text_alone(text);
        match expected {
            Some(message) => {
                assert_says(rule, &findings, &[(Level::Warning, message)]);
                assert_eq!(outcome, Outcome::Findings, "{text}");
            }
            None => {
                assert_silent(rule, &findings);
                assert_eq!(outcome, Outcome::Clean, "{text}");
            }
        }
    }
}

/// Two places of one text, far from each other, and what they contradict each other in.
#[test]
fn places_that_contradict_each_other_are_found_and_others_not() {
    let rule = "privacy-policy-contradicts-itself";
    for (first, second, contradicts) in [
        (
            "We respond to Global Privacy Control.",
            "GPC signals have no effect on this site.",
            true,
        ),
        (
            "DNT: we honour it.",
            "Our servers ignore the DNT header.",
            true,
        ),
        (
            "Visitors who have Do Not Track switched on are not counted.",
            "We do not respond to DNT.",
            true,
        ),
        (
            "## Do you respond to Do Not Track?\n\nNo.",
            "If your browser sends Do Not Track, we do not load analytics.",
            true,
        ),
        (
            "## Do you use cookies?\n\nNo.",
            "A cookie named `lang` remembers your language.",
            true,
        ),
        (
            "At no time do we use cookies.",
            "We use cookies to keep you signed in.",
            true,
        ),
        (
            "Apart from a session cookie, we set no cookies.",
            "We do not use cookies.",
            true,
        ),
        (
            "We do not sell your data.",
            "## Do you sell my data?\n\nYes.",
            true,
        ),
        (
            "We respond to Global Privacy Control.",
            "We do not respond to Do Not Track.",
            false,
        ),
        ("We do not use Google Analytics.", "We use Matomo.", false),
        (
            "We do not use third-party analytics.",
            "We use a Matomo of our own.",
            false,
        ),
        (
            "We do not run our own ads.",
            "This site uses Google AdSense.",
            false,
        ),
        (
            "We do not use cookies.",
            "If we ever used cookies, we would say so.",
            false,
        ),
        (
            "We do not use cookies.",
            "Until 2023 this site used cookies.",
            false,
        ),
        (
            "We do not use cookies.",
            "A cookie is a small file that sites use to track visitors.",
            false,
        ),
        (
            "We do not use cookies.",
            "First-party cookies are set by the site that you visit.",
            false,
        ),
        (
            "We do not use cookies unless you sign in.",
            "When you sign in, we set a cookie.",
            false,
        ),
        (
            "We do not sell your data.",
            "Global Privacy Control tells websites not to sell your data.",
            false,
        ),
        (
            "We do not sell your data.",
            "You can tell other companies not to sell your data.",
            false,
        ),
    ] {
        let between = "Other things are said here. ".repeat(30);
        for (first, second) in [(first, second), (second, first)] {
            let (findings, _) =
                text_alone(&format!("{first}\n\n# More\n\n{between}\n\n{second}\n"));
            let found = !said_by(rule, &findings).is_empty();
            assert_eq!(found, contradicts, "{first} / {second}: {findings:#?}");
        }
    }
}

#[test]
fn the_finding_stands_in_the_privacy_policy() {
    let (findings, _) = text_alone("\n\nWe use cookies.\n\nWe do not use cookies.");
    let at = findings
        .first()
        .and_then(|finding| finding.at)
        .expect("a place");
    assert_eq!((at.file, at.place.line), (0, 3));
}

#[test]
fn two_periods_for_the_same_thing() {
    let rule = "privacy-policy-two-retention-periods";
    let (findings, _) =
        text_alone("Our log files are deleted after 30 days. We keep IP addresses for 90 days.");
    let said = said_by(rule, &findings);
    assert_eq!(said.len(), 1);
    for text in [
        "Our logs are kept for 90 days. Our log files are deleted after three months.",
        "Our logs are kept for 30 days. Our backups are kept for 90 days.",
        "Our logs are kept for 30 days. If you attack us, logs may be kept for 90 days.",
    ] {
        assert_silent(rule, &text_alone(text).0);
    }
}

#[test]
fn no_cookies_it_says_and_sets_some() {
    let rule = "privacy-policy-denies-cookies";
    let visits = [visit("https://shop.example/")
        .sets("a=1")
        .sets("b=1")
        .sets("c=1")];
    let (findings, outcome) = hold(Case::default(), &visits, "We do not use cookies.");
    let message =
        "the text says “We do not use cookies.” (line 1), but the recordings show `a`, `b` and `c`";
    assert_says(rule, &findings, &[(Level::Error, message)]);
    assert_eq!(outcome, Outcome::Findings);
    let declared = hold(under(IGNORES_DNT), &[], "We do not use cookies.").0;
    let message =
        "the text says “We do not use cookies.” (line 1), but the policy declares `_pk_id.*`";
    assert_says(rule, &declared, &[(Level::Warning, message)]);
    for text in [
        "We use cookies.",
        "We do not use cookies to track you.",
        "We do not use cookies. We use cookies.",
        "Before you consent, no cookies are set. After you consent, we use Google Analytics.",
        "Without your consent we do not set cookies. With it, we use Google Analytics.",
        "Unless you accept, no cookies are set by our website.",
        "Our mobile app uses no cookies. Our website uses Google Analytics with your consent.",
    ] {
        assert_silent(rule, &hold(Case::default(), &visits, text).0);
    }
}

#[test]
fn a_promise_to_respect_a_signal_is_broken_by_a_tracker_under_it() {
    let page = "https://shop.example/";
    let mut dnt = visit("https://www.google-analytics.com/collect").on_page(page);
    dnt.dnt = true;
    let (findings, _) = hold(
        Case::default(),
        &[dnt.clone()],
        "We respect Do Not Track on this site.",
    );
    let message = "the text says “We respect Do Not Track on this site.” (line 1), but under `DNT: 1` there is Google Analytics (analytics), known by www.google-analytics.com";
    assert_says(
        "privacy-policy-breaks-dnt",
        &findings,
        &[(Level::Error, message)],
    );
    // A cookie of the site itself, under a policy file that ignores the signal.
    let mut own = visit(page).sends("_pk_id.1.1fff=0123456789abcdef");
    own.dnt = true;
    let (findings, _) = hold(
        under(IGNORES_DNT),
        &[own],
        "We respect Do Not Track on this site.",
    );
    assert_eq!(said_by("privacy-policy-breaks-dnt", &findings).len(), 1);
    // Without the signal, and without the promise.
    dnt.dnt = false;
    let (findings, _) = hold(
        Case::default(),
        &[dnt.clone()],
        "We respect Do Not Track on this site.",
    );
    assert_silent("privacy-policy-breaks-dnt", &findings);
    dnt.dnt = true;
    let (findings, _) = hold(
        Case::default(),
        &[dnt],
        "We do not respond to Do Not Track.",
    );
    assert_silent("privacy-policy-breaks-dnt", &findings);
    let mut gpc = visit("https://ad.doubleclick.net/x").on_page(page);
    gpc.gpc = true;
    let (findings, _) = hold(Case::default(), &[gpc], "We honor Global Privacy Control.");
    assert_eq!(said_by("privacy-policy-breaks-gpc", &findings).len(), 1);
}

#[test]
fn services_are_compared_by_name() {
    let page = "https://shop.example/";
    let analytics = visit("https://www.google-analytics.com/collect").on_page(page);
    let text = "We use Matomo to count our visitors.";
    let (findings, _) = hold(Case::default(), std::slice::from_ref(&analytics), text);
    let message = "the text does not name Google Analytics (analytics), which the recordings show, known by www.google-analytics.com";
    assert_says(
        "privacy-policy-service-not-named",
        &findings,
        &[(Level::Warning, message)],
    );
    let message = "the text names Matomo (Piwik) in “We use Matomo to count our visitors.” (line 1), which the recordings do not show";
    assert_says(
        "privacy-policy-service-not-seen",
        &findings,
        &[(Level::Note, message)],
    );
    // Who runs it is named, and it is not.
    let (findings, _) = hold(
        Case::default(),
        std::slice::from_ref(&analytics),
        "We use Matomo, and send data to Google.",
    );
    let levels: Vec<_> = said_by("privacy-policy-service-not-named", &findings)
        .iter()
        .map(|(level, _)| *level)
        .collect();
    assert_eq!(levels, [Level::Note]);
    // Named, declared, or nothing to compare with.
    let (findings, _) = hold(
        Case::default(),
        std::slice::from_ref(&analytics),
        "We use Google Analytics.",
    );
    assert_silent("privacy-policy-service-not-named", &findings);
    assert_silent("privacy-policy-service-not-seen", &findings);
    assert_silent(
        "privacy-policy-service-not-seen",
        &hold(under(IGNORES_DNT), &[], text).0,
    );
    assert_silent("privacy-policy-service-not-seen", &text_alone(text).0);
    // Denied.
    let (findings, _) = hold(
        Case::default(),
        &[analytics],
        "We do not use Google Analytics. We use cookies.",
    );
    // Of other analytics that denies nothing.
    assert_eq!(
        said_by("privacy-policy-denies-what-is-seen", &findings).len(),
        1
    );
}

#[test]
fn kinds_of_cookies_that_are_denied_are_looked_for() {
    let rule = "privacy-policy-denies-what-is-seen";
    let visits = [visit("https://shop.example/").sets("basket=1; Max-Age=86400")];
    for (text, found) in [
        ("We do not use persistent cookies.", 1),
        ("We only use session cookies.", 1),
        ("We do not use third-party cookies.", 0),
        ("We use persistent cookies.", 0),
    ] {
        let (findings, _) = hold(Case::default(), &visits, text);
        assert_eq!(said_by(rule, &findings).len(), found, "{text}");
    }
}

#[test]
fn text_and_policy_file_are_compared_on_signals() {
    let rule = "privacy-policy-differs-on-signal";
    let (findings, _) = hold(
        under(IGNORES_DNT),
        &[],
        "We respect Do Not Track on this site.",
    );
    let message = "the text says “We respect Do Not Track on this site.” (line 1), but the policy file ignores it (`dnt`)";
    assert_says(rule, &findings, &[(Level::Warning, message)]);
    let (findings, _) = hold(
        under(IGNORES_DNT),
        &[],
        "We do not respond to Do Not Track.",
    );
    assert_silent(rule, &findings);
    let responds = r#"{ "revision": 1, "services": [] }"#;
    let (findings, _) = hold(under(responds), &[], "We do not respond to Do Not Track.");
    let levels: Vec<_> = said_by(rule, &findings)
        .iter()
        .map(|(level, _)| *level)
        .collect();
    assert_eq!(levels, [Level::Note]);
}

#[test]
fn a_cookie_outlives_the_text() {
    let rule = "privacy-policy-understates-lifetime";
    let text = "We use cookies.\n\n| Cookie | Kept |\n|---|---|\n| `basket_id` | 1 day |\n";
    for (max_age, found) in [(86_400, 0), (864_000, 1)] {
        let line = format!("basket_id=1; Max-Age={max_age}");
        let visits = [visit("https://shop.example/").sets(&line)];
        let (findings, _) = hold(Case::default(), &visits, text);
        assert_eq!(said_by(rule, &findings).len(), found, "{max_age}");
    }
    let text = "We use cookies.\n\n| Cookie | Kept |\n|---|---|\n| `_pk_id` | 2 years |\n";
    assert_eq!(
        said_by(rule, &hold(under(IGNORES_DNT), &[], text).0).len(),
        1
    );
}

#[test]
fn gaps_are_told_and_fail_nothing() {
    let (findings, outcome) = text_alone("We at [Company Name] use cookies on {{ site.url }}.");
    assert_says(
        "privacy-policy-placeholder",
        &findings,
        &[
            (Level::Note, "`{{ site.url }}` stands in the text"),
            (Level::Note, "`[Company Name]` stands in the text"),
        ],
    );
    assert_eq!(outcome, Outcome::Clean);
}

#[test]
fn of_what_cannot_be_read_nothing_is_said_to_be_clean() {
    let rule = "privacy-policy-not-verifiable";
    for (text, reason) in [
        ("", "it holds no text"),
        ("   \n\n", "it holds no text"),
        (
            "No utilizamos cookies en este sitio web y no guardamos los datos de usted.",
            "it is in a language that claims are not read in (those are English, German and French)",
        ),
        (
            "We care about your privacy and about you.",
            "it says nothing that can be checked",
        ),
    ] {
        let (findings, outcome) = text_alone(text);
        assert_says(
            rule,
            &findings,
            &[(
                Level::Note,
                &format!("nothing could be held to `privacy.md`: {reason}"),
            )],
        );
        assert_eq!(outcome, Outcome::Unverified, "{text}");
    }
}

#[test]
fn an_edit_that_moves_lines_keeps_the_fingerprint() {
    let print = |text: &str| {
        let (findings, _) = text_alone(text);
        findings
            .first()
            .map(|finding| finding.fingerprint("privacy.md"))
    };
    let before = print("We use cookies.\n\nWe do not use cookies.");
    let after = print("A new heading here.\n\nWe use cookies.\n\nWe do not use cookies.");
    assert!(before.is_some());
    assert_eq!(before, after);
}
