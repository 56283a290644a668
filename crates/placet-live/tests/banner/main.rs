//! The finder in a real browser, over pages by hand and over consent tools that people really meet.

#![allow(unreachable_pub, reason = "a crate of tests")]

mod browser;
mod server;

use std::path::Path;
use std::time::Duration;

use placet_live::banner::autoconsent::{Asset, by_package};

use placet_live::banner::{
    Aim, Attempt, Outcome, Patience, Shown, Unverified, by_script, carry_out, check, close, look,
    rest, scroll,
};

use browser::{Browser, go};
use server::Server;

fn summary(attempt: &Attempt) -> String {
    let presses: Vec<_> = attempt
        .presses
        .iter()
        .map(|press| format!("{} ({}, {:.2})", press.name, press.kind.name(), press.sure))
        .collect();
    format!(
        "{}: {:?} gone={} changed={:?} by {presses:?}",
        attempt.aim.name(),
        attempt.outcome,
        attempt.gone,
        attempt.changed
    )
}

/// Pages on the loopback interface are quick.
const PATIENCE: Patience = Patience {
    appear: Duration::from_secs(3),
    react: Duration::from_millis(1500),
    between: Duration::from_millis(100),
};

/// What became of a page: a word for each aim, and the rules that found something, without their common prefix.
fn outcome(browser: &Browser, server: &Server, page: &str) -> (String, Vec<String>) {
    let address = format!("{}/{page}.html", server.site);
    let mut tab = browser.open(&address);
    let refused = carry_out(&mut tab, Aim::Refuse, PATIENCE);
    go(&mut tab, &address);
    let again = look(&mut tab).ok();
    drop(tab);
    let mut tab = browser.open(&address);
    let accepted = carry_out(&mut tab, Aim::Accept, PATIENCE);
    go(&mut tab, &address);
    let withdrawn = accepted
        .is_done()
        .then(|| carry_out(&mut tab, Aim::Withdraw, PATIENCE));
    drop(tab);
    let probed = ["scroll", "by-itself", "close-accepts"].contains(&page);
    let scrolled = probed
        .then(|| scroll(&mut browser.open(&address), PATIENCE).ok())
        .flatten();
    let rested = probed
        .then(|| rest(&mut browser.open(&address), PATIENCE).ok())
        .flatten();
    let closed = probed
        .then(|| close(&mut browser.open(&address), PATIENCE).ok())
        .flatten();
    let shown = Shown {
        host: "127.0.0.1",
        refused: Some(&refused),
        accepted: Some(&accepted),
        withdrawn: withdrawn.as_ref(),
        again: again.as_ref(),
        scrolled: scrolled.as_ref(),
        closed: closed.as_ref(),
        rested: rested.as_ref(),
        ..Shown::default()
    };
    let mut rules: Vec<_> = check(shown)
        .iter()
        .map(|judged| {
            judged
                .finding
                .rule
                .id
                .trim_start_matches("banner-")
                .to_owned()
        })
        .collect();
    rules.sort();
    let word = |attempt: &Attempt| match &attempt.outcome {
        Outcome::Done => format!("{}", attempt.presses.len()),
        Outcome::Unverified(Unverified::NoBanner) => "no banner".to_owned(),
        Outcome::Unverified(Unverified::NoControl(_)) => "no control".to_owned(),
        Outcome::Unverified(Unverified::NoWayBack) => "no way back".to_owned(),
        Outcome::Unverified(Unverified::OutOfReach(_)) => "out of reach".to_owned(),
        Outcome::Unverified(Unverified::LedAway(_)) => "led away".to_owned(),
        Outcome::Unverified(Unverified::OnlyInforms) => "only informs".to_owned(),
        Outcome::Unverified(Unverified::Unsure { .. }) => "unsure".to_owned(),
        Outcome::Unverified(other) => other.to_string(),
    };
    let words = [Some(&refused), Some(&accepted), withdrawn.as_ref()]
        .into_iter()
        .flatten()
        .map(word)
        .collect::<Vec<_>>();
    (words.join(" / "), rules)
}

/// Runs a table of pages: how many clicks it takes to refuse, to accept and to withdraw, or why it is not known, and what
/// is wrong with the banner.
fn assert_pages(table: &[(&str, &str, &[&str])]) {
    let server = Server::start();
    let browser = Browser::start();
    let mut wrong = Vec::new();
    for (page, words, rules) in table {
        let found = outcome(&browser, &server, page);
        let expected = (
            (*words).to_owned(),
            rules
                .iter()
                .map(|rule| (*rule).to_owned())
                .collect::<Vec<_>>(),
        );
        if found != expected {
            wrong.push(format!("{page}: {found:?}, expected {expected:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn banners_by_hand_are_pressed_and_judged() {
    assert_pages(&[
        ("equal", "1 / 1 / 2", &[]),
        ("german", "1 / 1 / 2", &[]),
        (
            "french",
            "1 / 1 / no way back",
            &["accept-stands-out", "no-way-back"],
        ),
        ("japanese", "1 / 1 / no way back", &["no-way-back"]),
        ("arabic", "1 / 1 / no way back", &["no-way-back"]),
        ("polish", "1 / 1 / no way back", &["no-way-back"]),
        (
            "language-differs",
            "1 / 1 / no way back",
            &["no-way-back", "other-language"],
        ),
        ("shadow-open", "1 / 1 / no way back", &["no-way-back"]),
        ("shadow-closed", "1 / 1 / no way back", &["no-way-back"]),
        ("frame", "1 / 1 / no way back", &["no-way-back"]),
        ("late", "1 / 1 / no way back", &["no-way-back"]),
        ("strict", "1 / 1 / no way back", &["no-way-back"]),
        ("in-flow", "1 / 1 / no way back", &["no-way-back"]),
        (
            "in-flow-only-accept",
            "no control / 1 / no way back",
            &["no-refuse-beside-accept", "no-way-back"],
        ),
        ("after-scrolling", "1 / 1 / no way back", &["no-way-back"]),
        ("after-mouse", "1 / 1 / no way back", &["no-way-back"]),
        ("very-late", "1 / 1 / no way back", &["no-way-back"]),
        ("floating", "1 / 1 / 2", &[]),
        (
            "two-steps",
            "5 / 1 / no way back",
            &[
                "legitimate-interest",
                "no-refuse-beside-accept",
                "no-way-back",
                "pre-ticked",
                "refuse-takes-more-clicks",
            ],
        ),
        (
            "pre-ticked",
            "3 / 1 / no way back",
            &[
                "no-refuse-beside-accept",
                "no-way-back",
                "pre-ticked",
                "refuse-takes-more-clicks",
            ],
        ),
        (
            "no-refuse",
            "no control / 1 / no way back",
            &["no-refuse-beside-accept", "no-way-back"],
        ),
        ("settings-dialog", "1 / 1 / 2", &[]),
        ("basque", "1 / 1 / no way back", &["no-way-back"]),
        ("swahili", "unsure / unsure", &[]),
        (
            "odd-words",
            "no control / 1 / no way back",
            &["no-way-back"],
        ),
        (
            "notice",
            "no control / only informs",
            &["only-acknowledges"],
        ),
        (
            "notice-necessary",
            "no control / only informs",
            &["only-acknowledges"],
        ),
        (
            "notice-no-consent",
            "no control / only informs",
            &["only-acknowledges"],
        ),
        (
            "grey-link",
            "1 / 1 / no way back",
            &["accept-stands-out", "no-way-back", "refuse-is-a-link"],
        ),
        (
            "faint-button",
            "1 / 1 / no way back",
            &["accept-stands-out", "no-way-back"],
        ),
        (
            "wall",
            "no control / 1 / no way back",
            &["cookie-wall", "no-refuse-beside-accept", "no-way-back"],
        ),
        (
            "asks-again",
            "1 / 1 / no way back",
            &["asks-again", "no-way-back"],
        ),
        (
            "scroll",
            "1 / 1 / no way back",
            &["no-way-back", "scrolling-consents"],
        ),
        ("by-itself", "1 / 1 / no way back", &["no-way-back"]),
        (
            "close-accepts",
            "1 / 1 / no way back",
            &["closing-consents", "no-way-back"],
        ),
        ("covered", "out of reach / out of reach", &[]),
        (
            "leads-away",
            "led away / 1 / no way back",
            &["accept-stands-out", "no-way-back"],
        ),
    ]);
}

#[test]
fn what_is_no_banner_is_left_alone() {
    assert_pages(&[
        ("none", "no banner / no banner", &[]),
        ("article", "no banner / no banner", &[]),
        ("sign-in", "no banner / no banner", &[]),
        ("privacy", "no banner / no banner", &[]),
        ("bakery", "no banner / no banner", &[]),
        ("bakery-basket", "no banner / no banner", &[]),
        ("newsletter", "no banner / no banner", &[]),
        ("newsletter-without-field", "unsure / unsure", &[]),
        ("footer-link", "no banner / no banner", &[]),
        ("recipe", "no banner / no banner", &[]),
        ("butter", "no banner / no banner", &[]),
        ("age-gate", "no banner / no banner", &[]),
    ]);
}

#[test]
fn consent_tools_that_people_meet_are_pressed_and_judged() {
    assert_pages(&[
        ("vcc-box", "1 / 1 / 2", &[]),
        ("vcc-bar-leaking", "1 / 1 / 2", &[]),
        (
            "vcc-two-steps",
            "2 / 1 / 4",
            &["no-refuse-beside-accept", "refuse-takes-more-clicks"],
        ),
        ("klaro", "1 / 1 / 4", &[]),
        (
            "klaro-german",
            "1 / 1 / no way back",
            &["covers-the-page", "no-way-back", "pre-ticked"],
        ),
        ("orejime", "1 / 1 / 3", &[]),
        ("orejime-french", "1 / 1 / no way back", &["no-way-back"]),
        ("tarteaucitron-middle", "1 / 1 / 2", &["covers-the-page"]),
        ("tarteaucitron-bottom", "1 / 1 / 2", &[]),
        (
            "osano-opt-in",
            "1 / 1 / no way back",
            &["accept-stands-out", "no-way-back"],
        ),
        (
            "osano-info",
            "no control / only informs",
            &["only-acknowledges"],
        ),
        ("placet-bar", "1 / 1 / 2", &[]),
        ("placet-dialog", "1 / 1 / 2", &[]),
    ]);
}

#[test]
fn autoconsent_as_it_is_installed_refuses_and_accepts() {
    let asset =
        Asset::find(Some(&server::folder()), Path::new(""), Path::new("")).expect("the package");
    let server = Server::start();
    let browser = Browser::start();
    let mut wrong = Vec::new();
    for (page, refusing, accepting) in [
        ("vcc-box", "done", "done"),
        ("klaro", "done", "done"),
        // No rule of its knows this tool.
        ("orejime", "unknown", "unknown"),
        ("tarteaucitron-middle", "done", "done"),
        ("osano-opt-in", "done", "done"),
        ("none", "unknown", "unknown"),
    ] {
        for (aim, expected) in [(Aim::Refuse, refusing), (Aim::Accept, accepting)] {
            let mut tab = browser.open(&format!("{}/{page}.html", server.site));
            let attempt = by_package(&mut tab, &asset, aim, PATIENCE);
            let word = attempt.map_or_else(
                || "unknown".to_owned(),
                |attempt| match attempt.outcome {
                    Outcome::Done => "done".to_owned(),
                    Outcome::Unverified(why) => why.to_string(),
                },
            );
            if word != expected {
                wrong.push(format!(
                    "{page}: {}: {word}, expected {expected}",
                    aim.name()
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_script_of_the_site_presses_what_is_not_found() {
    let script = r##"
        const accept = () => document.querySelector("[data-choose=all]").click();
        async function refuse({ until }) {
            (await until("[data-choose=none]")).click();
            return "the button that refuses";
        }
    "##;
    let server = Server::start();
    let browser = Browser::start();
    // The second forbids what the first allows.
    for page in ["equal", "strict"] {
        let address = format!("{}/{page}.html", server.site);
        let mut tab = browser.open(&address);
        let attempt =
            by_script(&mut tab, script, Aim::Refuse, PATIENCE).expect("there is a function");
        assert!(attempt.is_done() && attempt.gone, "{}", summary(&attempt));
        assert_eq!(
            attempt.presses.first().map(|press| press.name.as_str()),
            Some("the button that refuses")
        );
        assert!(
            by_script(&mut tab, script, Aim::Withdraw, PATIENCE).is_none(),
            "there is none to withdraw"
        );
        let again =
            by_script(&mut tab, script, Aim::Refuse, PATIENCE).expect("there is a function");
        assert!(!again.is_done(), "the banner is gone: {}", summary(&again));
    }
}

#[test]
fn a_frame_of_another_site_takes_every_press_of_the_mouse() {
    let server = Server::start();
    let browser = Browser::start();
    let mut lost = Vec::new();
    for number in 0..20 {
        let mut tab = browser.open(&format!("{}/frame.html", server.site));
        let attempt = carry_out(&mut tab, Aim::Refuse, PATIENCE);
        // The page notes what does not reach its frame.
        if !attempt.is_done() || attempt.changed != ["cookie 127.0.0.1 choice"] {
            lost.push(format!("{number}: {}", summary(&attempt)));
        }
    }
    assert!(lost.is_empty(), "{}", lost.join("\n"));
}
