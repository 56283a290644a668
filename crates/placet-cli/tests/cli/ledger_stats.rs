//! `placet ledger stats`: what visitors chose, counted, as text, as JSON and as a page.

use std::fs;
use std::sync::Arc;

use placet::{ChoiceId, Gpc, How, Policy, Signals};
use placet_ledger::store::{Sqlite, Store, Submitted};
use placet_ledger::{Client, Day, Document, DocumentKind, Receipt, Situation, State};

use crate::harness::{Dir, POLICY, Run};

/// A ledger of the shop: 40 choices on the 23rd of November, 25 on the 25th, and 2 on the 27th.
fn shop() -> Dir {
    let dir = Dir::new();
    let mut store = Sqlite::open(&dir.path("placet.db")).unwrap();
    let policy = Policy::from_json("placet.json", POLICY).unwrap();
    let document = Document::new(DocumentKind::Policy, POLICY.as_bytes());
    let origin = "https://shop.example".to_owned();
    let region = "DE".parse().ok();
    let shown = Some((document.digest(), "de".to_owned()));
    let situation = Situation::new(&policy, document.digest(), origin, region, shown);
    let situation = Arc::new(situation);
    let mut batch = Vec::new();
    for (day, count) in [("2026-11-23", 40), ("2026-11-25", 25), ("2026-11-27", 2)] {
        for number in 0..count {
            let id = u8::try_from(batch.len()).unwrap();
            let analytics = match number % 2 {
                0 => State::Given,
                _ => State::Refused,
            };
            batch.push(Submitted::new(
                Receipt {
                    id: ChoiceId::from_bytes([id; 16]),
                    follows: None,
                    at: day.parse::<Day>().unwrap().begin(),
                    situation: Arc::clone(&situation),
                    states: vec![State::Unknown, analytics, State::Refused],
                    how: How::Banner,
                    signals: Signals {
                        gpc: if number < 10 { Gpc::On } else { Gpc::Absent },
                        ..Signals::default()
                    },
                    client: Client::default(),
                    salt: [id; 16],
                },
                vec![document.clone()],
            ));
        }
    }
    store.append(&batch).unwrap();
    dir
}

fn stats(dir: &Dir, arguments: &[&str]) -> Run {
    let all: Vec<&str> = [&["ledger", "stats"], arguments].concat();
    dir.placet(&all)
}

#[test]
fn choices_are_counted_by_day_and_category() {
    let dir = shop();
    let text = stats(&dir, &[]).ended(0).stdout;
    for line in [
        "Choices, 2026-11-23 to 2026-11-27 (UTC)",
        "  analytics      67       34  50.7%",
        "  2026-11-23        40        0.0%      50.0%       0.0%  ▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇",
        "  2026-11-25  withheld    withheld   withheld   withheld",
        "  2026-11-27  withheld    withheld   withheld   withheld",
    ] {
        assert!(text.lines().any(|found| found == line), "{line}\n{text}");
    }
    assert!(!text.contains('\u{1b}'), "no colour in a pipe");
}

#[test]
fn days_and_the_smallest_group_can_be_said() {
    let dir = shop();
    let found = stats(
        &dir,
        &[
            "--from=2026-11-25",
            "--to=2026-11-27",
            "--smallest-group=1",
            "--per=month",
            "--format=json",
        ],
    )
    .ended(0)
    .json();
    assert_eq!(
        (found["version"].as_u64(), found["choices"].as_u64()),
        (Some(1), Some(27))
    );
    assert_eq!(
        (found["from"].as_str(), found["to"].as_str()),
        (Some("2026-11-25"), Some("2026-11-27"))
    );
    assert_eq!(found["periods"][0]["begin"], "2026-11-01");
    assert_eq!(found["categories"][1]["states"]["given"], 14);
    assert_eq!(found["gpc"]["on"]["choices"], 12);
    let few = stats(&dir, &["--from=2026-11-26", "--format=json"])
        .ended(0)
        .json();
    assert!(few["choices"].is_null(), "{few}");
}

#[test]
fn a_page_is_written() {
    let dir = shop();
    let run = stats(&dir, &["--format", "html", "-o", "choices.html"]).ended(0);
    assert_eq!(run.stdout, "");
    let page = fs::read_to_string(dir.path("choices.html")).unwrap();
    assert!(
        page.starts_with("<!DOCTYPE html>") && page.contains("What visitors chose"),
        "{page}"
    );
    assert!(!page.contains("<script"), "no script");
}

#[test]
fn what_cannot_be_counted_is_said() {
    let dir = shop();
    for (arguments, expected) in [
        (&["--from=yesterday"][..], "like 2026-11-27"),
        (
            &["--from=2026-11-27", "--to=2026-11-26"],
            "a last day before the first",
        ),
        (&["--ledger=sqlite:none.db"], "none.db: "),
        (&["--output=nowhere/a.txt"], "nowhere/a.txt: "),
        (&["--smallest-group=-1"], "--smallest-group"),
    ] {
        let run = stats(&dir, arguments).ended(3);
        assert!(run.stderr.contains(expected), "{expected}: {}", run.stderr);
    }
    assert!(!dir.path("none.db").exists());
}
