//! `placet ledger`: the proof of choices, as the operator sees it.

mod erase;
mod export;
mod keys;
mod show;
mod stats;
mod status;
mod verify;

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use placet_ledger::store::{self, Sqlite, Store, StoreError};
use placet_ledger::{LedgerUrl, Moment};

use crate::arguments::ledger::{Backup, Document, Ledger, LedgerCommand};
use crate::outcome::{self, Failure, Status};

pub(crate) fn run(arguments: &Ledger) -> Result<Status, Failure> {
    let url = &arguments.place.ledger;
    match &arguments.command {
        LedgerCommand::Status(arguments) => status::run(url, *arguments),
        LedgerCommand::Verify(arguments) => verify::run(url, arguments),
        LedgerCommand::Show(arguments) => show::run(url, arguments),
        LedgerCommand::Stats(arguments) => stats::run(url, arguments),
        LedgerCommand::Export(arguments) => export::run(url, arguments),
        LedgerCommand::Erase(arguments) => erase::run(url, arguments),
        LedgerCommand::Prune(arguments) => erase::prune(url, arguments),
        LedgerCommand::Backup(arguments) => back_up(url, arguments),
        LedgerCommand::Checkpoint(arguments) => keys::sign(url, arguments),
        LedgerCommand::Key(arguments) => keys::make(arguments),
        LedgerCommand::Document(arguments) => document(url, arguments),
    }
}

/// Opens a ledger that is there: nobody wants an empty one for a mistyped name.
fn open(url: &LedgerUrl) -> Result<Box<dyn Store>, Failure> {
    if let LedgerUrl::Sqlite(path) = url {
        check_is_there(path)?;
    }
    store::open(url).map_err(Failure::wrong)
}

/// Opens a ledger of which nothing is changed, though it may be one that cannot be written.
fn open_to_read(url: &LedgerUrl) -> Result<Box<dyn Store>, Failure> {
    if let LedgerUrl::Sqlite(path) = url {
        check_is_there(path)?;
    }
    store::open_to_read(url).map_err(Failure::wrong)
}

fn check_is_there(path: &Path) -> Result<(), Failure> {
    fs::metadata(path).map_err(|source| Failure::Read {
        file: path.display().to_string(),
        source,
    })?;
    Ok(())
}

fn back_up(url: &LedgerUrl, arguments: &Backup) -> Result<Status, Failure> {
    let LedgerUrl::Sqlite(path) = url else {
        let what =
            "found a PostgreSQL database, expected `sqlite:FILE`; its own `pg_dump` copies it";
        return Err(Failure::wrong(what));
    };
    check_is_there(path)?;
    let to = &arguments.to;
    if to.exists() {
        let what = format!("{} is there already; expected a new file", to.display());
        return Err(Failure::wrong(what));
    }
    let copied = Sqlite::open(path).and_then(|mut ledger| ledger.back_up(to));
    copied.map_err(Failure::wrong)?;
    outcome::tell(format_args!("wrote {}", to.display()));
    Ok(Status::Clean)
}

fn document(url: &LedgerUrl, arguments: &Document) -> Result<Status, Failure> {
    let digest = arguments.digest;
    let Some(document) = open_to_read(url)?
        .document(digest)
        .map_err(Failure::wrong)?
    else {
        outcome::tell(format_args!("no receipt names the document {digest}"));
        return Ok(Status::Unverified);
    };
    outcome::written(
        io::stdout()
            .lock()
            .write_all(document.body())
            .map_err(Failure::from),
    )?;
    Ok(Status::Clean)
}

/// Prints one JSON value on a line.
fn print(value: &serde_json::Value) -> Result<(), Failure> {
    outcome::written(writeln!(io::stdout().lock(), "{value}").map_err(Failure::from))
}

/// Prints lines of text, safe on a terminal.
fn print_text(text: &str) -> Result<(), Failure> {
    let text = crate::text::terminal(text);
    outcome::written(
        io::stdout()
            .lock()
            .write_all(text.as_bytes())
            .map_err(Failure::from),
    )
}

fn now() -> Moment {
    std::time::SystemTime::now().into()
}

/// What a store says went wrong.
impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::wrong(error)
    }
}
