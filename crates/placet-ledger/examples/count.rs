//! Measures how long it takes to count what visitors chose, in a ledger of so many days with so many sorts of choices
//! a day.
//!
//!     cargo run --release -p placet-ledger --example count -- 1095 500
#![allow(clippy::print_stdout, reason = "what it says is what it is for")]

use std::error::Error;
use std::sync::Arc;
use std::time::Instant;

use placet::{ChoiceId, Dnt, Gpc, How, Policy, Signals};
use placet_ledger::insight::{self, Format, SMALLEST_GROUP, Summary};
use placet_ledger::store::{Sqlite, Store, Submitted};
use placet_ledger::{Client, Day, Digest, Moment, Receipt, Situation, State};

const REGIONS: [&str; 10] = [
    "DE", "FR", "IT", "ES", "PL", "GB", "US-CA", "US-NY", "BR", "JP",
];
const LANGUAGES: [&str; 5] = ["de", "fr", "en", "es", "pl"];

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [days, sorts] = arguments.as_slice() else {
        return Err("expected: count DAYS SORTS".into());
    };
    let (days, sorts): (i64, usize) = (days.parse()?, sorts.parse()?);
    let folder = tempfile::tempdir()?;
    let mut store = Sqlite::open(&folder.path().join("placet.db"))?;
    let first: Day = "2024-01-01".parse()?;
    let situations = situations()?;
    let mut number = 0_u128;
    for day in 0..days {
        let at = first.saturating_add(day).begin();
        let batch = (0..sorts).map(|sort| {
            number += 1;
            Submitted::new(receipt(number, sort, at, &situations), Vec::new())
        });
        store.append(&batch.collect::<Vec<_>>())?;
    }
    let last = first.saturating_add(days);
    for (what, from) in [
        ("all days", first),
        ("the last 30 days", last.saturating_add(-30)),
    ] {
        let begun = Instant::now();
        let tallies = store.tallies(from..=last)?;
        let read = begun.elapsed();
        let begun = Instant::now();
        let summary = Summary::of(&tallies, from..=last, None, SMALLEST_GROUP);
        let counted = begun.elapsed();
        let begun = Instant::now();
        insight::write(Format::Html, &summary, at_last(last), &mut std::io::sink())?;
        let written = begun.elapsed();
        println!(
            "{what}: {} tallies read in {read:.1?}, counted in {counted:.1?}, written in {written:.1?}",
            tallies.len()
        );
    }
    Ok(())
}

fn at_last(day: Day) -> placet::Timestamp {
    day.begin().second()
}

fn situations() -> Result<Vec<Arc<Situation>>, Box<dyn Error>> {
    let text = r#"{ "revision": 1, "services": [] }"#;
    let policy = Policy::from_json("placet.json", text)?;
    let digest = Digest::of(text.as_bytes());
    let mut situations = Vec::new();
    for region in REGIONS {
        for language in LANGUAGES {
            let shown = Some((digest, language.to_owned()));
            let origin = "https://shop.example".to_owned();
            let region = region.parse().ok();
            situations.push(Arc::new(Situation::new(
                &policy, digest, origin, region, shown,
            )));
        }
    }
    Ok(situations)
}

/// The receipt of this number: the same `sort` twice makes one tally.
fn receipt(number: u128, sort: usize, at: Moment, situations: &[Arc<Situation>]) -> Receipt {
    let rest = sort / situations.len();
    let state = |place: u32| State::ALL[1 + rest / 4_usize.pow(place) % 4];
    Receipt {
        id: ChoiceId::from_bytes(number.to_be_bytes()),
        follows: None,
        at,
        situation: Arc::clone(&situations[sort % situations.len()]),
        states: vec![state(0), state(1), state(2)],
        how: How::ALL[rest % 2],
        signals: Signals {
            gpc: if rest.is_multiple_of(3) {
                Gpc::On
            } else {
                Gpc::Absent
            },
            dnt: Dnt::Absent,
        },
        client: Client::default(),
        salt: number.to_be_bytes(),
    }
}
