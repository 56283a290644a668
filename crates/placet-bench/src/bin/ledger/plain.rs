//! What somebody does without a ledger: one row for every choice, each in a statement of its own, as durable as
//! ours.

use std::error::Error;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;

use placet_ledger::Receipt;
use rusqlite::{Connection, params};

/// Writes one receipt, durably.
pub(super) type Writer = Box<dyn FnMut(&Receipt) -> Result<(), Box<dyn Error>>>;

/// The least: bytes at the end of a file, and the word of the system that they are on the disk.
pub(super) fn file(folder: &Path) -> Result<Writer, Box<dyn Error>> {
    let path = folder.join("plain.log");
    let mut file = OpenOptions::new().append(true).create(true).open(path)?;
    Ok(Box::new(move |receipt| {
        let mut line = receipt.to_json();
        line.push('\n');
        file.write_all(line.as_bytes())?;
        Ok(file.sync_data()?)
    }))
}

/// A row in SQLite, in the same mode of the log and as durable.
pub(super) fn sqlite(folder: &Path) -> Result<Writer, Box<dyn Error>> {
    let file = Connection::open(folder.join("plain.db"))?;
    file.pragma_update(None, "journal_mode", "wal")?;
    file.pragma_update(None, "synchronous", "full")?;
    file.execute_batch("CREATE TABLE receipts (id BLOB PRIMARY KEY, at INTEGER, receipt TEXT)")?;
    Ok(Box::new(move |receipt| {
        let mut add = file.prepare_cached("INSERT INTO receipts VALUES (?1, ?2, ?3)")?;
        add.execute(params![
            receipt.id.as_bytes(),
            receipt.at.as_millis(),
            receipt.to_json()
        ])?;
        Ok(())
    }))
}
