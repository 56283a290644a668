//! How many bytes a receipt takes, with its share of the indexes, and how long it takes to read them all.

use std::error::Error;
use std::ops::ControlFlow;
use std::time::Instant;

use placet_ledger::chain::Verifier;
use placet_ledger::store::{self, Store, Submitted};

use super::receipts::Receipts;
use super::{Wanted, row};

const TABLE: &str = "ledger_size";
/// How many are added together.
const TOGETHER: u64 = 10_000;

pub(super) fn sqlite(wanted: &Wanted) -> Result<(), Box<dyn Error>> {
    if !wanted.has(TABLE) {
        return Ok(());
    }
    let count: u64 = if wanted.quick { 100_000 } else { 10_000_000 };
    let folder = wanted.folder.join("size-sqlite");
    _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder)?;
    let url = format!("sqlite:{}", folder.join("placet.db").display()).parse()?;
    let mut store = store::open(&url)?;
    let head = [
        "",
        "receipts",
        "bytes each",
        "added in",
        "verified in",
        "counted in",
    ];
    row(TABLE, &head.map(str::to_owned));
    row(TABLE, &of(store.as_mut(), "SQLite", count)?);
    drop(store);
    std::fs::remove_dir_all(&folder)?;
    Ok(())
}

fn of(store: &mut dyn Store, name: &str, count: u64) -> Result<[String; 6], Box<dyn Error>> {
    let receipts = Receipts::new()?;
    let begun = Instant::now();
    for done in (0..count).step_by(TOGETHER as usize) {
        if done % 1_000_000 == 0 {
            eprintln!("{TABLE}: {name}, {done} of {count}");
        }
        let batch: Vec<_> = (0..TOGETHER)
            .map(|_| Submitted {
                receipt: receipts.next(),
                documents: receipts.documents(),
            })
            .collect();
        store.append(&batch)?;
    }
    let added = begun.elapsed();
    let bytes = store.status()?.bytes;

    let begun = Instant::now();
    let mut verifier = Verifier::new(store.ledger(), Vec::new(), [])?;
    let mut found = Ok(());
    store.entries(&mut |entry| {
        found = verifier.entry(&entry);
        if found.is_ok() {
            ControlFlow::Continue(())
        } else {
            ControlFlow::Break(())
        }
    })?;
    found?;
    let verified = verifier.finish(&store.heads()?)?;
    if verified.receipts != count {
        return Err(format!("found {} receipts, expected {count}", verified.receipts).into());
    }
    let read = begun.elapsed();

    let begun = Instant::now();
    let tallied: u64 = store
        .tallies(placet_ledger::Day::ALL)?
        .iter()
        .map(|tally| tally.count)
        .sum();
    if tallied != count {
        return Err(format!("counted {tallied} receipts, expected {count}").into());
    }
    let counted = begun.elapsed();
    Ok([
        name.to_owned(),
        count.to_string(),
        format!("{:.1}", bytes as f64 / count as f64),
        format!("{:.1} s", added.as_secs_f64()),
        format!("{:.1} s", read.as_secs_f64()),
        format!("{:.1} ms", counted.as_secs_f64() * 1000.0),
    ])
}
