//! Receipts: how many a second are durable, how long one waits, and how many bytes it takes.
//!
//! `ledger [--quick] [FILTER] FOLDER POSTGRES` prints what `cargo xtask bench --ledger` reads: a line with what
//! ran, then for each row its table and its cells, separated by tabs, the head of a table first. FOLDER is on
//! the disk that is measured, POSTGRES the address of an empty database on the same one.

#![forbid(unsafe_code)]
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "this program exists to print what it measured"
)]

mod plain;
mod receipts;
mod size;
mod speed;

use std::env;
use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;

/// What is wanted.
struct Wanted {
    quick: bool,
    filter: Option<String>,
    folder: PathBuf,
    postgres: String,
}

impl Wanted {
    fn parse(arguments: impl Iterator<Item = String>) -> Option<Self> {
        let (options, mut words): (Vec<_>, Vec<_>) =
            arguments.partition(|word| word.starts_with('-'));
        let postgres = words.pop()?;
        let folder = words.pop()?.into();
        let filter = words.pop();
        let quick = options == ["--quick"];
        (words.is_empty() && (quick || options.is_empty())).then_some(Self {
            quick,
            filter,
            folder,
            postgres,
        })
    }

    fn has(&self, table: &str) -> bool {
        let filter = self.filter.as_ref();
        filter.is_none_or(|filter| table.contains(filter.as_str()))
    }
}

fn main() -> ExitCode {
    let Some(wanted) = Wanted::parse(env::args().skip(1)) else {
        eprintln!("ledger: expected [--quick] [FILTER] FOLDER POSTGRES");
        return ExitCode::from(3);
    };
    match measure(&wanted) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("ledger: {problem}");
            ExitCode::FAILURE
        }
    }
}

fn measure(wanted: &Wanted) -> Result<(), Box<dyn Error>> {
    _ = std::fs::remove_dir_all(&wanted.folder);
    std::fs::create_dir_all(&wanted.folder)?;
    let server = plain::version(&wanted.postgres)?;
    println!("SQLite {}, PostgreSQL {server}", rusqlite::version());
    speed::sqlite(wanted)?;
    speed::postgres(wanted)?;
    size::measure(wanted)
}

/// A row of a table.
fn row(table: &str, cells: &[String]) {
    println!("{table}\t{}", cells.join("\t"));
}
