//! How many receipts a second are durable, and how long a visitor waits for one.

use std::error::Error;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use placet_ledger::{Ledger, LedgerUrl, Recorded, Recorder, Settings};

use super::plain::{self, Writer};
use super::receipts::Receipts;
use super::{Wanted, row};

/// How many visitors choose at once.
const VISITORS: usize = 64;

/// The row that the others are compared with.
const PLAIN: usize = 2;

/// What is measured for one database.
struct Race {
    table: &'static str,
    url: LedgerUrl,
    folder: PathBuf,
    plain: Writer,
}

pub(super) fn sqlite(wanted: &Wanted) -> Result<(), Box<dyn Error>> {
    let table = "ledger_in_sqlite";
    if !wanted.has(table) {
        return Ok(());
    }
    let folder = wanted.folder.join("speed-sqlite");
    std::fs::create_dir_all(&folder)?;
    let url = LedgerUrl::Sqlite(folder.join("placet.db"));
    let plain = plain::sqlite(&folder)?;
    run(
        wanted,
        Race {
            table,
            url,
            folder,
            plain,
        },
    )
}

pub(super) fn postgres(wanted: &Wanted) -> Result<(), Box<dyn Error>> {
    let table = "ledger_in_postgres";
    if !wanted.has(table) {
        return Ok(());
    }
    let folder = wanted.folder.join("speed-postgres");
    std::fs::create_dir_all(&folder)?;
    let url = wanted.postgres.parse()?;
    let plain = plain::postgres(&wanted.postgres)?;
    run(
        wanted,
        Race {
            table,
            url,
            folder,
            plain,
        },
    )
}

fn run(wanted: &Wanted, race: Race) -> Result<(), Box<dyn Error>> {
    let Race {
        table,
        url,
        folder,
        mut plain,
    } = race;
    // A visitor waits long here, so that no receipt takes the way of the spool.
    let settings = Settings::default().spool(folder.join("spool"));
    let ledger = Ledger::open(&url, settings.patience(Duration::from_secs(60)))?;
    let receipts = Arc::new(Receipts::new()?);
    let mut floor = plain::file(&folder)?;
    // The rows take turns, so that all have their share of the disk's moods.
    let (rounds, time) = if wanted.quick {
        (1, Duration::from_millis(500))
    } else {
        (10, Duration::from_secs(1))
    };
    let mut results = [const { Vec::new() }; 5];
    let [of_floor, of_group, of_plain, of_one, of_many] = &mut results;
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    for round in 1..=rounds {
        eprintln!("{table}: {round} of {rounds}");
        one_after_the_other(&receipts, &mut floor, 1, time, of_floor)?;
        one_after_the_other(&receipts, &mut floor, VISITORS, time, of_group)?;
        one_after_the_other(&receipts, &mut plain, 1, time, of_plain)?;
        runtime.block_on(at_once(&receipts, &ledger, 1, time, of_one))?;
        runtime.block_on(at_once(&receipts, &ledger, VISITORS, time, of_many))?;
    }
    let names = [
        "floor: a line and fdatasync, one by one".to_owned(),
        format!("floor: {VISITORS} lines and fdatasync"),
        "INSERT of a row, one by one".to_owned(),
        "placet, one visitor".to_owned(),
        format!("placet, {VISITORS} visitors"),
    ];
    report(table, &names, &mut results, time * rounds);
    Ok(())
}

/// Writes so many at a time.
fn one_after_the_other(
    receipts: &Receipts,
    write: &mut Writer,
    together: usize,
    time: Duration,
    waited: &mut Vec<Duration>,
) -> Result<(), Box<dyn Error>> {
    let end = Instant::now() + time;
    while Instant::now() < end {
        let group: Vec<_> = (0..together).map(|_| receipts.next()).collect();
        let begun = Instant::now();
        write(&group)?;
        waited.extend(std::iter::repeat_n(begun.elapsed(), together));
    }
    Ok(())
}

async fn at_once(
    receipts: &Arc<Receipts>,
    ledger: &Ledger,
    visitors: usize,
    time: Duration,
    waited: &mut Vec<Duration>,
) -> Result<(), Box<dyn Error>> {
    let end = Instant::now() + time;
    let tasks = tokio::task::LocalSet::new();
    let visitors: Vec<_> = (0..visitors)
        .map(|_| {
            let (receipts, ledger) = (Arc::clone(receipts), ledger.clone());
            tasks.spawn_local(async move {
                let mut waited = Vec::new();
                while Instant::now() < end {
                    let receipt = receipts.next();
                    let begun = Instant::now();
                    let recorded = ledger.record(receipt, receipts.documents()).await;
                    if recorded != Recorded::Ledger {
                        return Err(format!("a receipt went to `{}`", recorded.name()));
                    }
                    waited.push(begun.elapsed());
                }
                Ok(waited)
            })
        })
        .collect();
    tasks.await;
    for visitor in visitors {
        waited.extend(visitor.await??);
    }
    Ok(())
}

fn report(table: &str, names: &[String], results: &mut [Vec<Duration>], time: Duration) {
    let head = ["", "receipts/s", "× INSERT", "median wait", "p99 wait"];
    row(table, &head.map(str::to_owned));
    let per_second = |waited: &Vec<Duration>| waited.len() as f64 / time.as_secs_f64();
    let plain = results.get(PLAIN).map_or(f64::NAN, per_second);
    for (name, waited) in names.iter().zip(results) {
        waited.sort_unstable();
        let part = |share: usize| {
            let found = waited.get(waited.len() * share / 100);
            let micros = found.map_or(0, Duration::as_micros);
            format!("{:.2} ms", micros as f64 / 1000.0)
        };
        let rate = per_second(waited);
        let cells = [
            name.clone(),
            format!("{rate:.0}"),
            format!("{:.1}", rate / plain),
            part(50),
            part(99),
        ];
        row(table, &cells);
    }
}
