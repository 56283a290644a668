//! One sentence, or two, and exactly what it claims.

use crate::{read, short};

#[track_caller]
pub(crate) fn assert_claims(cases: &[(&str, &[&str])]) {
    let mut wrong = Vec::new();
    for (text, expected) in cases {
        let policy = read(text);
        let mut found: Vec<_> = policy.claims().iter().map(short).collect();
        let mut expected: Vec<_> = expected.iter().map(|claim| (*claim).to_owned()).collect();
        found.sort_unstable();
        expected.sort_unstable();
        if found != expected {
            wrong.push(format!(
                "{text}\n    found {found:?}\n expected {expected:?}"
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {}:\n{}",
        wrong.len(),
        cases.len(),
        wrong.join("\n")
    );
}

#[test]
fn a_site_says_that_it_uses_cookies() {
    assert_claims(&[
        ("We use cookies.", &["cookies=yes"]),
        (
            "This website uses cookies to remember your basket.",
            &["cookies=yes"],
        ),
        (
            "Our site may use cookies to enhance your experience.",
            &["cookies=yes ~"],
        ),
        (
            "We and our partners use cookies and similar technologies.",
            &["cookies=yes"],
        ),
        ("Like many websites, we use cookies.", &["cookies=yes"]),
        (
            "Cookies are set by our site when you log in.",
            &["cookies=yes ~"],
        ),
        ("Acme Tools uses cookies on its pages.", &["cookies=yes"]),
        (
            "We use technologies such as cookies to collect information.",
            &["cookies=yes"],
        ),
        ("The cookies we use do not identify you.", &["cookies=yes"]),
        (
            "Cookies help us understand how the site is used.",
            &["cookies=yes"],
        ),
        ("We make use of cookies.", &["cookies=yes"]),
        (
            "We set one cookie, which remembers your language.",
            &["cookies=yes"],
        ),
        ("This policy explains how we use cookies.", &["cookies=yes"]),
        ("The site contains cookies.", &["cookies=yes"]),
        (
            "We use both session cookies and persistent cookies.",
            &[
                "cookies=yes",
                "persistent-cookies=yes",
                "session-cookies=yes",
            ],
        ),
        (
            "We use session and persistent cookies.",
            &[
                "cookies=yes",
                "persistent-cookies=yes",
                "session-cookies=yes",
            ],
        ),
        (
            "We use third-party cookies for advertising.",
            &["cookies=yes", "third-party-cookies=yes"],
        ),
        (
            "We only use session cookies.",
            &[
                "cookies=yes",
                "persistent-cookies=no",
                "session-cookies=yes",
                "tracking-cookies=no",
            ],
        ),
        (
            "We only use strictly necessary cookies.",
            &["cookies=yes", "tracking-cookies=no"],
        ),
    ]);
}

#[test]
fn a_site_says_that_it_uses_none() {
    assert_claims(&[
        ("We do not use cookies.", &["cookies=no"]),
        (
            "We don’t use cookies or web beacons.",
            &["cookies=no", "web-beacons=no"],
        ),
        ("This site uses no cookies.", &["cookies=no"]),
        ("This site doesn't use any cookies at all.", &["cookies=no"]),
        ("No cookies are set.", &["cookies=no"]),
        ("Cookies are not used on this site.", &["cookies=no"]),
        (
            "No cookies, no tracking, no ads.",
            &["advertising=no", "cookies=no"],
        ),
        ("There are no cookies.", &["cookies=no"]),
        ("This website is cookie-free.", &["cookies=no"]),
        ("We never set cookies on your device.", &["cookies=no"]),
        (
            "We neither use cookies nor store your address.",
            &["cookies=no"],
        ),
        ("Do we use cookies?\n\nNo.", &["cookies=no"]),
        ("## Do you use cookies?\n\nNo, we do not.", &["cookies=no"]),
        ("We do not use cookies for any purpose.", &["cookies=no"]),
        (
            "We do not use:\n\n- cookies\n- web beacons\n",
            &["cookies=no", "web-beacons=no"],
        ),
        (
            "---\ncookies: none\n---\n\nHello to you and the rest.",
            &["cookies=no"],
        ),
        ("Cookies: none", &["cookies=no"]),
        ("We do not and will not use cookies.", &["cookies=no"]),
    ]);
}

#[test]
fn what_is_denied_for_one_purpose_or_kind_is_not_denied_altogether() {
    assert_claims(&[
        (
            "We do not use cookies to track you.",
            &["tracking-cookies=no"],
        ),
        (
            "We do not use cookies for advertising.",
            &["tracking-cookies=no"],
        ),
        (
            "We do not use cookies to collect personal information.",
            &[],
        ),
        ("We do not use tracking cookies.", &["tracking-cookies=no"]),
        (
            "We do not use tracking or advertising cookies.",
            &["tracking-cookies=no"],
        ),
        (
            "We do not use third-party cookies.",
            &["third-party-cookies=no"],
        ),
        (
            "We don't set persistent cookies.",
            &["persistent-cookies=no"],
        ),
        (
            "Our site does not use cookies, except for a session cookie.",
            &["cookies=yes", "session-cookies=yes"],
        ),
        (
            "We use no cookies other than those that keep you signed in.",
            &["cookies=yes"],
        ),
        ("We do not use cookies without your consent.", &[]),
        ("We will not set cookies unless you agree.", &[]),
        ("We do not collect personal information using cookies.", &[]),
        (
            "We not only use cookies but also web beacons.",
            &["cookies=yes", "web-beacons=yes"],
        ),
        ("We use cookieless analytics.", &["analytics=yes"]),
        ("No tracking cookies are used.", &["tracking-cookies=no"]),
    ]);
}

#[test]
fn what_is_said_of_others_or_of_what_might_be_is_no_claim() {
    assert_claims(&[
        (
            "A cookie is a small file that a site stores on your computer.",
            &[],
        ),
        ("Cookies are small text files.", &[]),
        ("Most websites use cookies.", &[]),
        (
            "You can disable cookies in your browser settings.",
            &["opt-out browser-setting"],
        ),
        ("Most browsers accept cookies automatically.", &[]),
        (
            "Third parties may use cookies.",
            &["third-party-cookies=yes ~"],
        ),
        (
            "We are not responsible for the cookies of other sites.",
            &[],
        ),
        ("Other websites may use cookies.", &[]),
        ("We used to use cookies.", &[]),
        ("If we ever use cookies, we will ask you first.", &[]),
        ("Should we start to use cookies, we would say so here.", &[]),
        ("Do we use cookies?", &[]),
        (
            "He said \"this site of ours really uses a lot of cookies\" once.",
            &[],
        ),
        ("You can use our site without cookies.", &[]),
        ("Please read our cookie policy.", &[]),
        ("Your browser may store cookies.", &[]),
        ("# Cookies", &[]),
    ]);
}

#[test]
fn do_not_track_is_respected_ignored_or_not_spoken_of() {
    assert_claims(&[
        ("We respect Do Not Track.", &["do-not-track=yes"]),
        (
            "We honor Do Not Track signals and do not track you when they are set.",
            &["do-not-track=yes"],
        ),
        (
            "We do not respond to Do Not Track signals.",
            &["do-not-track=no"],
        ),
        (
            "Our site does not currently respond to DNT signals.",
            &["do-not-track=no"],
        ),
        (
            "Some browsers have a Do Not Track feature that lets you tell websites not to track you. We do not currently respond to such signals.",
            &["do-not-track=no"],
        ),
        (
            "There is no accepted standard for Do Not Track, so we do not respond to it.",
            &["do-not-track=no"],
        ),
        (
            "No uniform standard for recognizing DNT signals has been finalized. As such, we do not currently respond to DNT browser signals.",
            &["do-not-track=no"],
        ),
        (
            "We do not respond to Do Not Track (\"DNT\") signals, but we do honor Global Privacy Control.",
            &["do-not-track=no", "global-privacy-control=yes"],
        ),
        (
            "We honour GPC where required by law.",
            &["global-privacy-control=yes ~"],
        ),
        (
            "We respect both Do Not Track and Global Privacy Control.",
            &["do-not-track=yes", "global-privacy-control=yes"],
        ),
        (
            "If your browser sends a Do Not Track header, we do not load analytics.",
            &["do-not-track=yes"],
        ),
        (
            "When we detect a Global Privacy Control signal, we treat it as a valid request to opt out of sale.",
            &["global-privacy-control=yes"],
        ),
        ("Do Not Track signals are ignored.", &["do-not-track=no"]),
        ("Do Not Track requests are honoured.", &["do-not-track=yes"]),
        ("We do not track you.", &[]),
        ("You can enable Do Not Track in your browser.", &[]),
        (
            "This section explains how we respond to Do Not Track signals.",
            &[],
        ),
        (
            "Third parties may not respond to Do Not Track signals.",
            &[],
        ),
        (
            "Do Not Track is a setting that asks sites not to track you.",
            &[],
        ),
        (
            "We do not alter our practices when we receive a \"Do Not Track\" signal from a visitor's browser.",
            &["do-not-track=no"],
        ),
        (
            "Our systems do not recognize browser \"do-not-track\" requests.",
            &["do-not-track=no"],
        ),
        (
            "We do not take any action in response to DNT signals.",
            &["do-not-track=no"],
        ),
        (
            "## How do we respond to Do Not Track signals?\n\nWe do not respond to them.",
            &["do-not-track=no"],
        ),
        (
            "Acme does not respond to Do Not Track signals.",
            &["do-not-track=no"],
        ),
        (
            "---\ndnt: respected\n---\n\nThis is the text of our site.",
            &["do-not-track=yes"],
        ),
    ]);
}

#[test]
fn personal_information_is_sold_or_shared_or_not() {
    assert_claims(&[
        ("We do not sell your personal information.", &["sale=no"]),
        (
            "We never sell, rent or share your data.",
            &["sale=no", "sharing=no"],
        ),
        (
            "We may sell your personal information to partners.",
            &["sale=yes ~"],
        ),
        (
            "We share your personal information with third parties.",
            &["sharing=yes"],
        ),
        (
            "We sell handmade shoes and need your address for that.",
            &[],
        ),
        (
            "You have the right to opt out of the sale of your personal information.",
            &[],
        ),
        (
            "Your data may be transferred in a sale of the business.",
            &[],
        ),
        (
            "We do not share your personal data with anyone.",
            &["sharing=no"],
        ),
    ]);
}

#[test]
fn services_are_found_by_name_and_not_by_words_that_only_look_like_one() {
    assert_claims(&[
        (
            "We use Google Analytics.",
            &["analytics=yes", "service=yes google-analytics"],
        ),
        (
            "We use Matomo (formerly Piwik) without cookies.",
            &["analytics=yes", "service=yes matomo"],
        ),
        (
            "We do not use Google Analytics.",
            &["service=no google-analytics"],
        ),
        ("We no longer use Hotjar.", &["service=no hotjar"]),
        ("We square this with the law and segment no one.", &[]),
        (
            "We use Segment and Intercom.",
            &[
                "analytics=yes",
                "service=yes segment",
                "service=yes intercom",
            ],
        ),
        ("Your payments go through Stripe.", &["service=yes stripe"]),
        ("We used to use Google Analytics.", &[]),
        (
            "| `_ga` | Counts visitors | 2 years |",
            &["retention cookie _ga: 2y", "service=yes google-analytics"],
        ),
    ]);
}

#[test]
fn how_long_things_are_kept() {
    assert_claims(&[
        (
            "Server logs are deleted after 30 days.",
            &["retention logs: 30d"],
        ),
        (
            "We keep IP addresses for seven days.",
            &["retention logs: 1w"],
        ),
        (
            "We retain analytics data for fourteen (14) months.",
            &["retention analytics: 14mo"],
        ),
        (
            "Account data is kept for two years after you close your account.",
            &["retention accounts: 2y"],
        ),
        (
            "We respond to requests about your data within 30 days.",
            &[],
        ),
        ("You must be at least 13 years old.", &[]),
        (
            "The cookie `_pk_id` is stored for 13 months.",
            &[
                "cookies=yes",
                "retention cookie _pk_id: 13mo",
                "service=yes matomo",
            ],
        ),
    ]);
}

#[test]
fn whom_to_ask_and_how_to_opt_out() {
    assert_claims(&[
        (
            "Write to privacy [at] site [dot] example to exercise your rights.",
            &["contact email: privacy@site.example"],
        ),
        (
            "You can contact our Data Protection Officer at dpo@site.example.",
            &["contact email: dpo@site.example", "contact officer"],
        ),
        ("Contact us through our contact form.", &["contact form"]),
        (
            "You can opt out by following this link: https://site.example/out.",
            &["opt-out link"],
        ),
        (
            "Install the browser add-on to opt out of Google Analytics.",
            &["opt-out browser-add-on", "service=yes google-analytics"],
        ),
        (
            "Use the cookie settings in the footer to withdraw your consent.",
            &["opt-out setting"],
        ),
        (
            "To opt out, call us at 1-800-555-0100.",
            &["contact phone: 1-800-555-0100", "opt-out phone"],
        ),
        (
            "Last updated: November 27, 2026",
            &["last-update 2026-11-27"],
        ),
        (
            "Our legal basis is our legitimate interest (Art. 6(1)(f) GDPR).",
            &["legal-basis legitimate-interest"],
        ),
    ]);
}

#[test]
fn other_ways_to_follow_visitors() {
    assert_claims(&[
        ("We use web beacons and pixel tags.", &["web-beacons=yes"]),
        (
            "We store your settings in local storage.",
            &["local-storage=yes"],
        ),
        ("We do not use Flash cookies.", &["flash-objects=no"]),
        ("We do not use fingerprinting.", &["fingerprinting=no"]),
        (
            "Our pages contain social media buttons.",
            &["social-buttons=yes"],
        ),
        ("We work with advertising networks.", &["advertising=yes"]),
        ("We don't show ads.", &["advertising=no"]),
        ("We do not use any analytics.", &["analytics=no"]),
    ]);
}

#[test]
fn german_and_french_are_read_for_the_main_claims() {
    assert_claims(&[
        (
            "Wir verwenden auf dieser Website keine Cookies.",
            &["cookies=no"],
        ),
        (
            "Unsere Website verwendet Cookies, damit sie funktioniert.",
            &["cookies=yes"],
        ),
        (
            "Wir setzen keine Tracking-Cookies ein und werten nichts aus.",
            &["tracking-cookies=no"],
        ),
        (
            "Cookies sind kleine Textdateien, die auf Ihrem Rechner gespeichert werden.",
            &[],
        ),
        (
            "Wir nutzen Matomo für die Webanalyse auf dieser Seite.",
            &["analytics=yes", "service=yes matomo"],
        ),
        (
            "Wir reagieren nicht auf Do-Not-Track-Signale, die Ihr Browser sendet.",
            &["do-not-track=no"],
        ),
        (
            "Wir respektieren die Do-Not-Track-Einstellung Ihres Browsers.",
            &["do-not-track=yes"],
        ),
        (
            "Die Logdateien werden nach sieben Tagen gelöscht und nicht weiter genutzt.",
            &["retention logs: 1w"],
        ),
        (
            "Sie können die Speicherung der Cookies in Ihrem Browser verhindern.",
            &["opt-out browser-setting"],
        ),
        (
            "Stand dieser Erklärung ist der 27. November 2026 und sie gilt.",
            &["last-update 2026-11-27"],
        ),
        (
            "Nous n’utilisons pas de cookies sur ce site.",
            &["cookies=no"],
        ),
        (
            "Ce site utilise des cookies pour le bon fonctionnement de nos pages.",
            &["cookies=yes"],
        ),
        (
            "Nous utilisons Matomo pour la mesure d’audience de notre site.",
            &["analytics=yes", "service=yes matomo"],
        ),
        (
            "Nous ne répondons pas aux signaux Do Not Track de votre navigateur.",
            &["do-not-track=no"],
        ),
        (
            "Les journaux sont conservés pendant douze mois par notre hébergeur.",
            &["retention logs: 1y"],
        ),
        (
            "Vous pouvez refuser les cookies dans les paramètres de votre navigateur.",
            &["opt-out browser-setting"],
        ),
        (
            "Dernière mise à jour : 27 novembre 2026, par nous et pour vous.",
            &["last-update 2026-11-27"],
        ),
    ]);
}

#[test]
fn a_language_that_is_not_read_says_nothing() {
    let policy = read(
        "No utilizamos cookies en este sitio y nuestro servidor no guarda los datos que usted envía.",
    );
    assert_eq!(policy.claims(), []);
    let unreadable = policy.unreadable().expect("unreadable");
    assert!(
        unreadable.reason().contains("language"),
        "{}",
        unreadable.reason()
    );
}
