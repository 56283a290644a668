//! What somebody does without a ledger: one row for every choice, each in a statement of its own, as durable as
//! ours.

use std::error::Error;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;

use placet_ledger::Receipt;
use rusqlite::{Connection, params};
use tokio::runtime::{Builder, Runtime};
use tokio_postgres::{Client, NoTls};

/// Writes receipts, durably: those that are given together, together.
pub(super) type Writer = Box<dyn FnMut(&[Receipt]) -> Result<(), Box<dyn Error>>>;

/// The least: bytes at the end of a file, and the word of the system that they are on the disk.
pub(super) fn file(folder: &Path) -> Result<Writer, Box<dyn Error>> {
    let path = folder.join("plain.log");
    let mut file = OpenOptions::new().append(true).create(true).open(path)?;
    Ok(Box::new(move |receipts| {
        let mut lines = String::new();
        for receipt in receipts {
            lines.push_str(&receipt.to_json());
            lines.push('\n');
        }
        file.write_all(lines.as_bytes())?;
        Ok(file.sync_data()?)
    }))
}

/// A row in SQLite, in the same mode of the log and as durable.
pub(super) fn sqlite(folder: &Path) -> Result<Writer, Box<dyn Error>> {
    let file = Connection::open(folder.join("plain.db"))?;
    file.pragma_update(None, "journal_mode", "wal")?;
    file.pragma_update(None, "synchronous", "full")?;
    file.execute_batch("CREATE TABLE receipts (id BLOB PRIMARY KEY, at INTEGER, receipt TEXT)")?;
    Ok(Box::new(move |receipts| {
        let mut add = file.prepare_cached("INSERT INTO receipts VALUES (?1, ?2, ?3)")?;
        for receipt in receipts {
            add.execute(params![
                receipt.id.as_bytes(),
                receipt.at.as_millis(),
                receipt.to_json()
            ])?;
        }
        Ok(())
    }))
}

/// A row in PostgreSQL, with the durability it has by default.
pub(super) fn postgres(url: &str) -> Result<Writer, Box<dyn Error>> {
    let (runtime, client) = connect(url)?;
    let table = "CREATE TABLE receipts (id bytea PRIMARY KEY, at bigint, receipt text)";
    runtime.block_on(client.batch_execute(table))?;
    let add = "INSERT INTO receipts VALUES ($1, $2, $3)";
    let add = runtime.block_on(client.prepare(add))?;
    Ok(Box::new(move |receipts| {
        for receipt in receipts {
            let id = receipt.id.as_bytes().as_slice();
            let at = receipt.at.as_millis();
            let json = receipt.to_json();
            runtime.block_on(client.execute(&add, &[&id, &at, &json]))?;
        }
        Ok(())
    }))
}

/// What the server says it is.
pub(super) fn version(url: &str) -> Result<String, Box<dyn Error>> {
    let (runtime, client) = connect(url)?;
    let row = runtime.block_on(client.query_one("SHOW server_version", &[]))?;
    let version: String = row.get(0);
    Ok(version.split(' ').next().unwrap_or_default().to_owned())
}

/// The address of a new database on the same server.
pub(super) fn fresh_database(url: &str) -> Result<String, Box<dyn Error>> {
    let (runtime, client) = connect(url)?;
    runtime.block_on(client.batch_execute("CREATE DATABASE size"))?;
    Ok(url.replacen("/postgres?", "/size?", 1))
}

fn connect(url: &str) -> Result<(Runtime, Client), Box<dyn Error>> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let (client, connection) = runtime.block_on(tokio_postgres::connect(url, NoTls))?;
    runtime.spawn(connection);
    Ok((runtime, client))
}
