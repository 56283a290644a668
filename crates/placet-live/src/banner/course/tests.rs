//! What is pressed in which order, on a page that is made up.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::super::page::{Frame, PageError};
use super::super::samples::{control, page, place, toggle};
use super::*;

/// A page: what it shows now, and what happens when the control of a number is pressed.
struct Shop {
    shows: Value,
    kept: Kept,
    address: String,
    act: fn(&mut Self, u64),
    clicks: Vec<u64>,
    /// Presses that it does not take yet.
    deaf: usize,
}

impl Shop {
    fn new(shows: Value, act: fn(&mut Self, u64)) -> Self {
        Self {
            shows,
            kept: BTreeMap::new(),
            address: "https://shop.example/".to_owned(),
            act,
            clicks: Vec::new(),
            deaf: 0,
        }
    }

    /// The banner goes, and a choice is kept.
    fn chosen(&mut self, mark: u64) {
        self.shows = page(vec![], vec![]);
        self.kept
            .insert("cookie shop.example choice".to_owned(), mark);
    }
}

impl Page for Shop {
    fn frames(&mut self) -> Result<Vec<Frame>, PageError> {
        let rect = Rect {
            x: 0.0,
            y: 0.0,
            width: 1280.0,
            height: 800.0,
        };
        Ok(vec![Frame {
            id: "top".to_owned(),
            rect,
        }])
    }

    fn evaluate(&mut self, _frame: &str, script: &str) -> Result<Value, PageError> {
        let request = script
            .strip_prefix(&format!("({FINDER})("))
            .and_then(|rest| rest.strip_suffix(')'));
        let request: Value = serde_json::from_str(request.expect("the finder")).expect("a request");
        Ok(match request.get("locate") {
            // Where a control is stands for its number.
            Some(id) => json!({ "x": id, "y": 0, "on_top": 1.0 }),
            None => self.shows.clone(),
        })
    }

    fn click(&mut self, _frame: &str, x: f64, _y: f64) -> Result<(), PageError> {
        let number = x as u64;
        self.clicks.push(number);
        match self.deaf.checked_sub(1) {
            Some(left) => self.deaf = left,
            None => (self.act)(self, number),
        }
        Ok(())
    }

    fn point(&mut self, _x: f64, _y: f64) -> Result<(), PageError> {
        Ok(())
    }

    fn scroll(&mut self, _pixels: f64) -> Result<(), PageError> {
        Ok(())
    }

    fn clip(&mut self, _rect: Rect) -> Result<Vec<u8>, PageError> {
        Ok(vec![137, 80])
    }

    fn wait(&mut self, _time: Duration) -> Result<(), PageError> {
        Ok(())
    }

    fn kept(&mut self) -> Result<Kept, PageError> {
        Ok(self.kept.clone())
    }

    fn address(&mut self) -> Result<String, PageError> {
        Ok(self.address.clone())
    }
}

fn button(id: u64, name: &str) -> Value {
    control(name, json!({ "id": id }))
}

fn switch(id: u64, name: &str, checked: bool) -> Value {
    let mut toggle = toggle(name, checked);
    toggle["id"] = json!(id);
    toggle
}

fn banner(controls: Vec<Value>) -> Value {
    page(vec![place(controls, json!({}))], vec![])
}

fn attempt(shop: &mut Shop, aim: Aim) -> Attempt {
    carry_out(shop, aim, Patience::default())
}

#[test]
fn the_button_that_refuses_is_pressed_and_verified() {
    let mut shop = Shop::new(
        banner(vec![button(2, "Accept all"), button(3, "Reject all")]),
        |shop, id| shop.chosen(id),
    );
    let attempt = attempt(&mut shop, Aim::Refuse);
    assert!(attempt.is_done() && attempt.gone);
    assert_eq!(shop.clicks, [3]);
    assert_eq!(attempt.changed, ["cookie shop.example choice"]);
    assert_eq!(
        attempt.presses.first().and_then(|press| press.clip.clone()),
        Some(vec![137, 80])
    );
}

#[test]
fn what_is_on_is_switched_off_on_the_second_layer_before_saving() {
    let mut shop = Shop::new(
        banner(vec![button(2, "Accept all"), button(3, "Manage options")]),
        |shop, id| match id {
            3 => {
                shop.shows = banner(vec![
                    switch(4, "Necessary", true),
                    switch(5, "Statistics", true),
                    switch(6, "Advertising", false),
                    button(7, "Save my choices"),
                ])
            }
            5 => {
                shop.shows = banner(vec![
                    switch(4, "Necessary", true),
                    switch(5, "Statistics", false),
                    switch(6, "Advertising", false),
                    button(7, "Save my choices"),
                ])
            }
            _ => shop.chosen(id),
        },
    );
    let attempt = attempt(&mut shop, Aim::Refuse);
    assert!(attempt.is_done(), "{:?}", attempt.outcome);
    assert_eq!(shop.clicks, [3, 5, 7]);
    assert_eq!((attempt.presses.len(), attempt.layers.len()), (3, 2));
}

#[test]
fn a_toggle_that_stays_on_is_told_and_nothing_is_saved() {
    let shows = banner(vec![
        button(2, "Accept all"),
        switch(5, "Statistics", true),
        button(7, "Save my choices"),
    ]);
    let mut shop = Shop::new(shows, |_, _| {});
    let attempt = attempt(&mut shop, Aim::Refuse);
    assert_eq!(
        attempt.outcome,
        Outcome::Unverified(Unverified::StaysOn("Statistics".to_owned()))
    );
    assert_eq!(shop.clicks, [5]);
}

#[test]
fn what_is_not_sure_is_not_pressed() {
    let away = control(
        "Reject all",
        json!({ "id": 3, "href": "other", "in_prose": true, "disabled": true }),
    );
    let form = control(
        "Accept all",
        json!({ "id": 4, "fields": 2, "submits": true }),
    );
    let plain = page(
        vec![place(
            vec![button(2, "Share")],
            json!({ "layer": { "kind": "flow", "z": 0 }, "text": "Lamps" }),
        )],
        vec![],
    );
    for (shows, aim, expected) in [
        (
            banner(vec![button(2, "Accept all"), away]),
            Aim::Refuse,
            Unverified::NoControl(Aim::Refuse),
        ),
        (
            banner(vec![form, button(5, "Reject all")]),
            Aim::Accept,
            Unverified::NoControl(Aim::Accept),
        ),
        (page(vec![], vec![]), Aim::Refuse, Unverified::NoBanner),
        (plain, Aim::Refuse, Unverified::NoBanner),
        (page(vec![], vec![]), Aim::Withdraw, Unverified::NoWayBack),
    ] {
        let mut shop = Shop::new(shows, |shop, id| shop.chosen(id));
        let attempt = attempt(&mut shop, aim);
        assert_eq!(attempt.outcome, Outcome::Unverified(expected));
        assert_eq!(shop.clicks, Vec::<u64>::new());
    }
}

#[test]
fn a_press_that_leads_to_another_page_is_no_refusal() {
    let mut shop = Shop::new(
        banner(vec![button(2, "Accept all"), button(3, "Reject all")]),
        |shop, _| {
            shop.shows = page(vec![], vec![]);
            shop.address = "https://shop.example/privacy".to_owned();
        },
    );
    let attempt = attempt(&mut shop, Aim::Refuse);
    assert_eq!(
        attempt.outcome,
        Outcome::Unverified(Unverified::LedAway(
            "https://shop.example/privacy".to_owned()
        ))
    );
}

#[test]
fn a_banner_that_stays_was_not_refused_and_one_that_was_deaf_is_pressed_again() {
    let shows = || banner(vec![button(2, "Accept all"), button(3, "Reject all")]);
    let mut shop = Shop::new(shows(), |_, _| {});
    assert_eq!(
        attempt(&mut shop, Aim::Refuse).outcome,
        Outcome::Unverified(Unverified::StillThere)
    );
    let mut shop = Shop {
        deaf: 1,
        ..Shop::new(shows(), |shop, id| shop.chosen(id))
    };
    let attempt = attempt(&mut shop, Aim::Refuse);
    assert!(attempt.is_done());
    assert_eq!(
        (shop.clicks.as_slice(), attempt.presses.len()),
        ([3, 3].as_slice(), 1)
    );
}

#[test]
fn a_link_in_the_footer_leads_back_and_refuses() {
    let link = control(
        "Cookie settings",
        json!({ "id": 8, "in_footer": true, "layer": { "kind": "flow", "z": 0 } }),
    );
    let mut shop = Shop::new(page(vec![], vec![link]), |shop, id| match id {
        8 => shop.shows = banner(vec![button(2, "Accept all"), button(3, "Reject all")]),
        _ => shop.chosen(0),
    });
    shop.kept.insert("cookie shop.example choice".to_owned(), 1);
    let attempt = attempt(&mut shop, Aim::Withdraw);
    assert!(attempt.is_done(), "{:?}", attempt.outcome);
    assert_eq!(shop.clicks, [8, 3]);
    assert_eq!(
        attempt.way_back.map(|control| control.facts.name),
        Some("Cookie settings".to_owned())
    );
}

#[test]
fn an_acknowledgement_grants_where_nothing_else_does() {
    let mut shop = Shop::new(
        banner(vec![button(2, "That's ok"), button(3, "I decline")]),
        |shop, id| shop.chosen(id),
    );
    assert!(attempt(&mut shop, Aim::Accept).is_done());
    assert_eq!(shop.clicks, [2]);
}

#[test]
fn an_acknowledgement_alone_grants_nothing_and_is_left_alone() {
    for name in ["OK", "Got it", "Close"] {
        let mut shop = Shop::new(banner(vec![button(2, name)]), |shop, id| shop.chosen(id));
        let attempt = attempt(&mut shop, Aim::Accept);
        assert_eq!(
            attempt.outcome,
            Outcome::Unverified(Unverified::OnlyInforms),
            "{name}"
        );
        assert_eq!(shop.clicks, Vec::<u64>::new());
    }
}

#[test]
fn a_dialog_over_the_page_in_unknown_words_is_told_and_not_pressed() {
    let swahili = |why: &str, kind: &str| {
        let of = json!({ "text": "Tunatumia cookies kuhesabu wageni.", "label": "", "lang": "sw",
            "why": [why], "layer": { "kind": kind, "z": 1 } });
        page(
            vec![place(vec![button(2, "Kubali"), button(3, "Kataa")], of)],
            vec![],
        )
    };
    for (why, kind, told) in [
        ("dialog", "fixed", true),
        ("text", "fixed", true),
        ("fixed", "fixed", false),
        ("text", "flow", false),
    ] {
        let mut shop = Shop::new(swahili(why, kind), |shop, id| shop.chosen(id));
        let attempt = attempt(&mut shop, Aim::Refuse);
        match attempt.outcome {
            Outcome::Unverified(Unverified::Unsure { reasons, .. }) => {
                assert!(told, "{why} {kind}");
                // It was there all the time.
                assert!(!reasons.iter().any(|reason| reason == STIRRED));
                assert!(
                    reasons
                        .iter()
                        .any(|reason| reason.contains("“Kubali”, “Kataa”")),
                    "{reasons:?}"
                );
            }
            outcome => assert!(
                !told && outcome == Outcome::Unverified(Unverified::NoBanner),
                "{outcome:?}"
            ),
        }
        assert_eq!(shop.clicks, Vec::<u64>::new());
    }
}

#[test]
fn what_is_mistaken_for_a_banner_is_none() {
    for (text, yes, no) in [
        (
            "We use butter in our cookies. Accept no substitutes!",
            "Bake cookies",
            "No thanks",
        ),
        ("Are you over 18?", "Yes, I agree", "No"),
        ("Do you want to enter?", "Yes, I agree", "No"),
    ] {
        let of = json!({ "text": text, "label": "", "hints": "consent-gate", "modal": true,
            "why": ["dialog", "fixed", "hint"] });
        let shows = page(vec![place(vec![button(2, yes), button(3, no)], of)], vec![]);
        for aim in [Aim::Accept, Aim::Refuse] {
            let mut shop = Shop::new(shows.clone(), |shop, id| shop.chosen(id));
            let attempt = attempt(&mut shop, aim);
            assert_eq!(
                attempt.outcome,
                Outcome::Unverified(Unverified::NoBanner),
                "{text}"
            );
            assert_eq!(shop.clicks, Vec::<u64>::new());
        }
    }
}

#[test]
fn what_closes_the_banner_is_pressed_and_what_it_leaves_is_told() {
    let mut shop = Shop::new(
        banner(vec![
            button(2, "Accept all"),
            button(3, "Reject all"),
            button(4, "Close"),
        ]),
        |shop, id| shop.chosen(id),
    );
    let probe = close(&mut shop, Patience::default()).expect("it closes");
    assert!(probe.gone);
    assert_eq!(
        (shop.clicks.as_slice(), probe.changed.as_slice()),
        (
            [4].as_slice(),
            ["cookie shop.example choice".to_owned()].as_slice()
        )
    );
    let mut shop = Shop::new(banner(vec![button(2, "Accept all")]), |_, _| {});
    assert_eq!(
        close(&mut shop, Patience::default()).err(),
        Some(Unverified::NothingToClose)
    );
}
