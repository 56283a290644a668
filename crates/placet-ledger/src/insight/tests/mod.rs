mod page;
mod property;

use std::sync::Arc;

use placet::{ChoiceId, Dnt, Gpc, How, Policy, Revision, Signals};
use serde_json::Value;

use super::*;
use crate::digest::Digest;
use crate::moment::Moment;
use crate::receipt::{Category, Client, Receipt, Situation};
use crate::store::{Sqlite, Store, Submitted};

const FIRST: &str = "2026-11-23";

fn now() -> Timestamp {
    "2026-11-27T08:00:00Z".parse().unwrap()
}

fn text(format: Format, summary: &Summary) -> String {
    let mut out = Vec::new();
    write(format, summary, now(), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn json(summary: &Summary) -> Value {
    serde_json::from_str(&text(Format::Json, summary)).unwrap()
}

/// A situation with analytics and marketing.
fn situation(language: &str, region: &str, revision: u32) -> Arc<Situation> {
    let category = |name: &str, regime| Category {
        name: name.to_owned(),
        regime,
    };
    let regime = match region {
        "US-CA" => Regime::OptOut,
        _ => Regime::OptIn,
    };
    Arc::new(Situation {
        origin: "https://shop.example".to_owned(),
        revision: Revision(revision),
        policy: Digest::of(b""),
        texts: None,
        language: (!language.is_empty()).then(|| language.to_owned()),
        region: region.parse().ok(),
        choice_lifetime_days: 180,
        categories: vec![
            category("marketing", regime),
            category("analytics", Regime::OptIn),
        ],
    })
}

/// So many choices on the day so many days after the first.
fn tally(days: i64, situation: &Arc<Situation>, states: [State; 2], count: u64) -> Tally {
    let day = FIRST.parse::<Day>().unwrap().saturating_add(days);
    Tally {
        day: day.begin(),
        situation: Arc::clone(situation),
        states: states.to_vec(),
        how: How::Banner,
        signals: Signals::default(),
        count,
    }
}

/// Choices of a small shop in a week.
fn shop() -> Vec<Tally> {
    let (german, english) = (situation("de", "DE", 1), situation("en", "US-CA", 2));
    let nobody = situation("", "", 2);
    let mut tallies = vec![
        tally(0, &german, [State::Refused, State::Given], 40),
        tally(0, &english, [State::Given, State::Given], 20),
        tally(1, &german, [State::Refused, State::Withdrawn], 15),
        tally(1, &german, [State::Renewed, State::Renewed], 12),
        tally(3, &english, [State::Refused, State::Refused], 30),
        tally(3, &nobody, [State::Unknown, State::Unknown], 4),
        tally(4, &german, [State::Refused, State::Expired], 3),
    ];
    tallies[1].signals.gpc = Gpc::On;
    tallies[3].how = How::Preferences;
    tallies[4].signals.dnt = Dnt::DoNotTrack;
    tallies[5].how = How::Signal;
    tallies
}

#[test]
fn the_text_is_a_table_of_each_kind() {
    let summary = Summary::of(&shop(), Day::ALL, None, SMALLEST_GROUP);
    let found = text(Format::Text, &summary);
    assert_eq!(found, include_str!("shop.txt"), "{found}");
}

#[test]
fn the_fields_of_the_json() {
    let found = json(&Summary::of(&shop(), Day::ALL, None, SMALLEST_GROUP));
    let fields = [
        ("/version", "1"),
        ("/made", "\"2026-11-27T08:00:00Z\""),
        ("/from", "\"2026-11-23\""),
        ("/to", "\"2026-11-27\""),
        ("/smallest_group", "10"),
        ("/choices", "124"),
        ("/gpc/on", r#"{"choices":20,"share":0.1613}"#),
        ("/dnt/1", r#"{"choices":30,"share":0.2419}"#),
        ("/dnt/0", r#"{"choices":0,"share":0.0}"#),
        ("/categories/0/name", "\"analytics\""),
        ("/categories/0/asked", "124"),
        ("/categories/0/granted", "72"),
        ("/categories/0/share", "0.5806"),
        ("/categories/0/states/given", "60"),
        ("/categories/0/states/renewed", "12"),
        // Four unknown and three expired are few together: the withdrawn go with them.
        ("/categories/0/states/unknown", "null"),
        ("/categories/0/states/expired", "null"),
        ("/categories/0/states/withdrawn", "null"),
        ("/categories/0/states/refused", "30"),
        ("/categories/1/name", "\"marketing\""),
        ("/categories/1/regimes/0/regime", "\"opt-in\""),
        (
            "/categories/1/regimes/1",
            r#"{"asked":50,"granted":20,"regime":"opt-out","share":0.4}"#,
        ),
        ("/per", "\"day\""),
        ("/periods/0/begin", "\"2026-11-23\""),
        ("/periods/0/choices", "60"),
        // All granted it.
        (
            "/periods/0/rates/0",
            r#"{"asked":null,"granted":null,"share":null}"#,
        ),
        ("/languages/groups/0/rates/0/granted", "52"),
        // Three choices, and the fewest of another day.
        ("/periods/3/choices", "null"),
        ("/periods/1/choices", "null"),
        ("/periods/1/rates/1/granted", "null"),
        ("/languages/groups/0/name", "\"de\""),
        ("/languages/groups/0/choices", "70"),
        ("/languages/others/name", "null"),
        ("/languages/others/choices", "54"),
        ("/ways/groups/0/share", "0.871"),
    ];
    for (field, expected) in fields {
        let value = found.pointer(field).map(Value::to_string);
        assert_eq!(value.as_deref(), Some(expected), "{field} of {found:#}");
    }
}

#[test]
fn what_is_too_few_says_nothing_else() {
    let few = &shop()[5..];
    let summary = Summary::of(few, Day::ALL, None, SMALLEST_GROUP);
    assert_eq!(summary.choices, None);
    assert!(summary.categories.is_empty() && summary.periods.is_empty());
    assert_eq!(
        json(&summary)["languages"]["groups"],
        Value::Array(Vec::new())
    );
    let said = text(Format::Text, &summary);
    assert!(said.contains("fewer than 10 choices"), "{said}");
    let none = Summary::of(&[], Day::ALL, None, SMALLEST_GROUP);
    assert!(text(Format::Text, &none).contains("\n0 choices\n"));
    assert_eq!(json(&none)["from"], Value::Null);
}

#[test]
fn a_category_with_few_grants_shows_nothing() {
    let here = situation("de", "DE", 1);
    let tallies = [
        tally(0, &here, [State::Given, State::Refused], 9),
        tally(0, &here, [State::Refused, State::Refused], 91),
    ];
    let summary = Summary::of(&tallies, Day::ALL, None, SMALLEST_GROUP);
    let [analytics, marketing] = &summary.categories[..] else {
        panic!("{summary:?}");
    };
    assert_eq!(
        analytics.rate,
        Some(Rate {
            asked: 100,
            granted: 0
        })
    );
    assert_eq!((marketing.rate, marketing.states), (None, [None; 7]));
    assert_eq!(marketing.regimes, [(Regime::OptIn, None)]);
    assert_eq!(summary.periods[0].rates[1], None);
    assert_eq!(summary.languages.groups[0].rates[1], None);
}

#[test]
fn only_the_days_asked_for_are_counted() {
    let day = |text: &str| text.parse::<Day>().unwrap();
    let days = day("2026-11-24")..=day("2026-11-26");
    let summary = Summary::of(&shop(), days.clone(), Some(Per::Week), 0);
    assert_eq!(summary.choices, Some(61));
    assert_eq!(summary.days, Some(days));
    let [week] = &summary.periods[..] else {
        panic!("{summary:?}");
    };
    assert_eq!((week.begin, week.choices), (day("2026-11-23"), Some(61)));
}

/// Receipts in a ledger, not tallies that were made up.
#[test]
fn a_ledger_is_counted() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Sqlite::open(&folder.path().join("placet.db")).unwrap();
    let policy = r#"{ "revision": 4, "services": [] }"#;
    let policy = Policy::from_json("placet.json", policy).unwrap();
    let shown = Some((Digest::of(b"{}"), "fi".to_owned()));
    let origin = "https://shop.example".to_owned();
    let region = "FI".parse().ok();
    let situation = Situation::new(&policy, Digest::of(b""), origin, region, shown);
    let situation = Arc::new(situation);
    let first = FIRST.parse::<Day>().unwrap();
    let batch = (0..60_u8).map(|number| {
        let at = first.saturating_add(i64::from(number / 20)).begin();
        let analytics = if number % 3 == 0 {
            State::Given
        } else {
            State::Refused
        };
        Submitted::new(
            Receipt {
                id: ChoiceId::from_bytes([number; 16]),
                follows: None,
                // The last moment of a day is still of that day.
                at: at.saturating_add(if number % 2 == 0 { 0 } else { 86_399_999 }),
                situation: Arc::clone(&situation),
                states: vec![State::Refused, analytics, State::Unknown],
                how: How::Page,
                signals: Signals::default(),
                client: Client::default(),
                salt: [number; 16],
            },
            Vec::new(),
        )
    });
    store.append(&batch.collect::<Vec<_>>()).unwrap();
    store
        .erase(ChoiceId::from_bytes([0; 16]), Moment::from(now()))
        .unwrap();

    let tallies = store.tallies(Day::ALL).unwrap();
    let summary = Summary::of(&tallies, Day::ALL, None, SMALLEST_GROUP);
    assert_eq!(
        summary.choices,
        Some(60),
        "one that was erased stays counted"
    );
    let periods = summary.periods.iter().map(|period| period.choices);
    assert_eq!(periods.collect::<Vec<_>>(), [Some(20); 3]);
    let rates = summary.categories.iter().map(|c| c.rate.unwrap().granted);
    assert_eq!(rates.collect::<Vec<_>>(), [0, 20, 0]);
    assert_eq!(summary.languages.groups[0].name.as_deref(), Some("fi"));

    // The store gives the days asked for and no others.
    let middle = first.saturating_add(1);
    let tallies = store.tallies(middle..=middle).unwrap();
    assert!(!tallies.is_empty() && tallies.iter().all(|tally| Day::of(tally.day) == middle));
    assert_eq!(Summary::of(&tallies, Day::ALL, None, 0).choices, Some(20));
}
