//! How many bytes a receipt takes, with its share of the indexes, and how long it takes to read them all.

use std::error::Error;
use std::time::Instant;

use placet_ledger::LedgerUrl;
use placet_ledger::store::{self, Submitted};

use super::receipts::Receipts;
use super::{Wanted, plain, row};

const TABLE: &str = "ledger_size";
/// How many are added together: about as many as a server adds when many choose at once.
const TOGETHER: u64 = 1_000;

pub(super) fn measure(wanted: &Wanted) -> Result<(), Box<dyn Error>> {
    if !wanted.has(TABLE) {
        return Ok(());
    }
    let count: u64 = if wanted.quick { 100_000 } else { 10_000_000 };
    let file = wanted.folder.join("size.db");
    let head = [
        "",
        "receipts",
        "bytes each",
        "added in",
        "verified in",
        "counted in",
    ];
    row(TABLE, &head.map(str::to_owned));
    let sqlite = LedgerUrl::Sqlite(file);
    row(TABLE, &of(&sqlite, "SQLite", count)?);
    let postgres = plain::fresh_database(&wanted.postgres)?.parse()?;
    row(TABLE, &of(&postgres, "PostgreSQL", count)?);
    Ok(())
}

fn of(url: &LedgerUrl, name: &str, count: u64) -> Result<[String; 6], Box<dyn Error>> {
    let mut store = store::open(url)?;
    let receipts = Receipts::new()?;
    let begun = Instant::now();
    for done in (0..count).step_by(TOGETHER as usize) {
        if done % 1_000_000 == 0 {
            eprintln!("{TABLE}: {name}, {done} of {count}");
        }
        let batch: Vec<_> = (0..TOGETHER)
            .map(|_| Submitted::new(receipts.next(), receipts.documents()))
            .collect();
        store.append(&batch)?;
    }
    let added = begun.elapsed();
    let bytes = store.status()?.bytes;

    let begun = Instant::now();
    let verified = store::verify(store.as_mut(), Vec::new(), Vec::new(), &mut || {})??;
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
