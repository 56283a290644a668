//! Each rule finds what it is there for, and nothing in a banner that is as it should be.

use serde_json::{Value, json};

use super::super::anatomy::Around;
use super::super::attempt::{Outcome, Press};
use super::super::facts::{Place, Rect};
use super::super::samples::{control, place, toggle};
use super::*;

fn banner_with(controls: Vec<Value>, more: Value) -> Anatomy {
    let place: Place = serde_json::from_value(place(controls, more)).expect("a place");
    let around = Around {
        frame: "top",
        page_language: "en",
        page_text: "",
        scroll_locked: false,
        page_unusable: false,
        frame_layer: None,
    };
    Anatomy::new(place, around)
}

fn banner(controls: Vec<Value>) -> Anatomy {
    banner_with(controls, json!({}))
}

fn pair() -> Vec<Value> {
    vec![
        control("Reject all", json!({})),
        control("Accept all", json!({})),
    ]
}

/// An attempt that was done by so many presses, and left this behind.
fn attempt(aim: Aim, layers: Vec<Anatomy>, clicks: usize, after: &[(&str, u64)]) -> Attempt {
    let press = Press {
        name: "button".to_owned(),
        kind: Kind::Other,
        toggle: false,
        sure: 1.0,
        reasons: Vec::new(),
        rect: Rect::default(),
        clip: Some(vec![1]),
    };
    let after: super::super::page::Kept = after
        .iter()
        .map(|(name, mark)| ((*name).to_owned(), *mark))
        .collect();
    Attempt {
        presses: vec![press; clicks],
        layers,
        gone: true,
        changed: after.keys().cloned().collect(),
        after,
        ..Attempt::new(aim)
    }
}

fn found(shown: Shown<'_>) -> Vec<&'static str> {
    let mut rules: Vec<_> = check(shown)
        .iter()
        .map(|judged| judged.finding.rule.id.trim_start_matches("banner-"))
        .collect();
    rules.sort_unstable();
    rules
}

fn found_on(banner: Anatomy) -> Vec<&'static str> {
    let sight = Sight {
        banners: vec![banner],
        ..Sight::default()
    };
    found(Shown {
        fresh: Some(&sight),
        ..Shown::default()
    })
}

#[test]
fn a_banner_with_two_equal_buttons_is_as_it_should_be() {
    assert_eq!(found_on(banner(pair())), Vec::<&str>::new());
}

#[test]
fn what_the_first_layer_lacks_or_favours_is_found() {
    let accept = || control("Accept all", json!({}));
    let big = json!({ "rect": { "x": 0.0, "y": 700.0, "width": 300.0, "height": 80.0 }, "font_size": 24.0 });
    let link = json!({ "tag": "a", "href": "here", "in_prose": true, "filled": false, "background": [255, 255, 255], "colour": [0, 0, 0] });
    for (controls, expected) in [
        (
            vec![accept(), control("Settings", json!({}))],
            vec!["no-refuse-beside-accept"],
        ),
        (
            vec![control("Reject all", json!({})), control("Accept all", big)],
            vec!["accept-stands-out"],
        ),
        (
            vec![
                accept(),
                control(
                    "Reject all",
                    json!({ "background": [255, 255, 255], "colour": [200, 200, 200] }),
                ),
            ],
            vec!["accept-stands-out"],
        ),
        (
            vec![accept(), control("continue without accepting", link)],
            vec!["accept-stands-out", "refuse-is-a-link"],
        ),
        (
            vec![control("Got it", json!({}))],
            vec!["only-acknowledges"],
        ),
        // Two controls are a choice, in whatever words.
        (
            vec![
                control("Sure, fine", json!({})),
                control("I'd rather not", json!({})),
            ],
            vec![],
        ),
        (
            vec![
                accept(),
                control("Reject all", json!({})),
                toggle("Statistics", true),
            ],
            vec!["pre-ticked"],
        ),
        (
            vec![
                accept(),
                control("Reject all", json!({})),
                toggle("Necessary", true),
                toggle("Statistics", false),
            ],
            vec![],
        ),
        (
            vec![
                accept(),
                control("Reject all", json!({})),
                toggle("Legitimate interest", true),
            ],
            vec!["legitimate-interest"],
        ),
        // Nothing on, and what is chosen can be saved: that refuses.
        (
            vec![
                accept(),
                control("Save selection", json!({})),
                toggle("Statistics", false),
            ],
            vec![],
        ),
    ] {
        let names: Vec<_> = controls
            .iter()
            .map(|control| control["name"].clone())
            .collect();
        assert_eq!(found_on(banner(controls)), expected, "{names:?}");
    }
}

#[test]
fn a_wall_offers_no_refusal_and_what_only_blocks_is_less() {
    let blocks = || json!({ "blocks": 1.0 });
    let accept = vec![control("Accept all", json!({}))];
    assert_eq!(
        found_on(banner_with(accept, blocks())),
        ["cookie-wall", "no-refuse-beside-accept"]
    );
    assert_eq!(found_on(banner_with(pair(), blocks())), ["covers-the-page"]);
}

#[test]
fn another_language_than_the_page_declares_is_found() {
    let text = "Wir verwenden Cookies, um Besuche zu zählen und um Ihnen auf anderen Seiten Werbung zu zeigen, die zu Ihnen passt.";
    let controls = vec![
        control("Alle ablehnen", json!({})),
        control("Alle akzeptieren", json!({})),
    ];
    assert_eq!(
        found_on(banner_with(controls, json!({ "text": text }))),
        ["other-language"]
    );
}

#[test]
fn nothing_is_said_of_what_may_be_no_banner() {
    let article = json!({ "why": ["text"], "layer": { "kind": "flow", "z": 0 }, "text": "A page about lamps." });
    assert_eq!(
        found_on(banner_with(vec![control("Share", json!({}))], article)),
        Vec::<&str>::new()
    );
}

#[test]
fn clicks_count_where_both_ways_were_gone() {
    let (three, one) = (
        attempt(Aim::Refuse, vec![banner(pair())], 3, &[]),
        attempt(Aim::Accept, vec![banner(pair())], 1, &[]),
    );
    let both = Shown {
        refused: Some(&three),
        accepted: Some(&one),
        ..Shown::default()
    };
    assert_eq!(found(both), ["refuse-takes-more-clicks"]);
    let by_script = attempt(Aim::Accept, vec![], 1, &[]);
    assert_eq!(
        found(Shown {
            accepted: Some(&by_script),
            ..both
        }),
        Vec::<&str>::new()
    );
    let failed = Attempt {
        outcome: Outcome::Unverified(Unverified::StillThere),
        ..one.clone()
    };
    assert_eq!(
        found(Shown {
            accepted: Some(&failed),
            ..both
        }),
        Vec::<&str>::new()
    );
}

#[test]
fn scrolling_and_closing_are_consent_where_they_leave_what_accepting_leaves() {
    let refused = attempt(
        Aim::Refuse,
        vec![banner(pair())],
        1,
        &[("cookie shop choice", 0)],
    );
    let accepted = attempt(
        Aim::Accept,
        vec![banner(pair())],
        1,
        &[("cookie shop choice", 1), ("cookie shop _ga", 7)],
    );
    let probe = |after: &[(&str, u64)]| {
        let left = attempt(Aim::Accept, vec![], 0, after);
        Probe {
            gone: true,
            changed: left.changed,
            after: left.after,
            press: None,
        }
    };
    let all = Shown {
        refused: Some(&refused),
        accepted: Some(&accepted),
        ..Shown::default()
    };
    let choice = &[("cookie shop choice", 1)][..];
    let counted = &[("cookie shop _ga", 99)][..];
    for (after, rested, is_consent) in [
        (choice, Some(&[][..]), true),
        (counted, Some(&[]), true),
        // It comes by itself, with and without the press or the wheel.
        (counted, Some(&[("cookie shop _ga", 98)]), false),
        // Nobody knows whether it does.
        (counted, None, false),
        (&[("cookie shop choice", 0)], Some(&[]), false),
        (&[("cookie shop seen", 5)], Some(&[]), false),
        (&[], Some(&[]), false),
    ] {
        let rested = rested.map(probe);
        let all = Shown {
            rested: rested.as_ref(),
            ..all
        };
        let probe = probe(after);
        let expected = |rule: &'static str| if is_consent { vec![rule] } else { vec![] };
        assert_eq!(
            found(Shown {
                scrolled: Some(&probe),
                ..all
            }),
            expected("scrolling-consents"),
            "{after:?}"
        );
        assert_eq!(
            found(Shown {
                closed: Some(&probe),
                ..all
            }),
            expected("closing-consents"),
            "{after:?}"
        );
    }
}

#[test]
fn what_comes_after_a_choice_is_judged() {
    let refused = attempt(Aim::Refuse, vec![banner(pair())], 1, &[]);
    let again = Sight {
        banners: vec![banner(pair())],
        ..Sight::default()
    };
    assert_eq!(
        found(Shown {
            refused: Some(&refused),
            again: Some(&again),
            ..Shown::default()
        }),
        ["asks-again"]
    );
    let withdrawn = Attempt {
        outcome: Outcome::Unverified(Unverified::NoWayBack),
        ..Attempt::new(Aim::Withdraw)
    };
    assert_eq!(
        found(Shown {
            withdrawn: Some(&withdrawn),
            ..Shown::default()
        }),
        ["no-way-back"]
    );
}

#[test]
fn what_axe_finds_is_named_with_a_picture_of_the_banner() {
    let refused = attempt(Aim::Refuse, vec![banner(pair())], 1, &[]);
    let axe = json!({ "violations": [{ "id": "color-contrast", "help": "Elements must have sufficient contrast" }] });
    let judged = check(Shown {
        refused: Some(&refused),
        axe: Some(&axe),
        ..Shown::default()
    });
    let [one] = judged.as_slice() else {
        panic!("{judged:?}")
    };
    assert!(
        one.finding.message.contains("color-contrast"),
        "{}",
        one.finding.message
    );
    assert_eq!(one.picture, Some(vec![1]));
}

#[test]
fn every_rule_has_an_id_of_its_own_that_says_that_it_is_about_a_banner() {
    let mut ids: Vec<_> = RULES.iter().map(|rule| rule.id).collect();
    assert!(ids.iter().all(|id| id.starts_with("banner-")));
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), RULES.len());
}
