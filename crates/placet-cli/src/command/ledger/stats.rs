//! `placet ledger stats`: what visitors chose, counted.

use std::fs::File;
use std::io::{self, BufWriter, Write};

use placet_ledger::insight::{self, Summary};
use placet_ledger::{Day, LedgerUrl};

use crate::arguments::ledger::Stats;
use crate::outcome::{self, Failure, Status};

pub(super) fn run(url: &LedgerUrl, arguments: &Stats) -> Result<Status, Failure> {
    let from = arguments.from.unwrap_or(Day::MIN);
    let to = arguments.to.unwrap_or(Day::MAX);
    if from > to {
        return Err(Failure::wrong(format_args!(
            "--from {from} --to {to}: found a last day before the first, expected it on or after that"
        )));
    }
    let tallies = super::open_to_read(url)?.tallies(from..=to)?;
    let summary = Summary::of(&tallies, from..=to, arguments.per, arguments.smallest_group);
    outcome::written(write(arguments, &summary))?;
    Ok(Status::Clean)
}

fn write(arguments: &Stats, summary: &Summary) -> Result<(), Failure> {
    let now = super::now().second();
    let mut out: Box<dyn Write> = match &arguments.output {
        Some(path) => {
            let created = File::create(path).map_err(|source| Failure::Read {
                file: path.display().to_string(),
                source,
            })?;
            Box::new(BufWriter::new(created))
        }
        None => Box::new(BufWriter::new(io::stdout().lock())),
    };
    insight::write(arguments.format, summary, now, &mut out)?;
    out.flush()?;
    Ok(())
}
