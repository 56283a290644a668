//! The tables: made where there are none, and brought to the layout of this version.

use std::path::Path;

use rusqlite::{Connection, ErrorCode, OpenFlags, Transaction, TransactionBehavior};

use super::{APPLICATION, PATIENCE, WRITER};
use crate::chain::{Head, LedgerId};
use crate::store::StoreError;

/// What brings a ledger from each layout to the next.
const MIGRATIONS: [&str; 2] = [include_str!("layout_1.sql"), include_str!("layout_2.sql")];

/// What this version writes.
pub(super) const LAYOUT: u32 = MIGRATIONS.len() as u32;

/// Whether a file holds a ledger, or nothing yet.
pub(super) fn check(connection: &Connection, path: &Path) -> Result<(), StoreError> {
    let not_a_ledger = |why: &str| StoreError::NotALedger {
        what: path.display().to_string(),
        why: why.to_owned(),
    };
    let application = connection.pragma_query_value(None, "application_id", |row| row.get(0));
    let application: i32 = application.map_err(|error| match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => not_a_ledger("it is no SQLite database"),
        _ => error.into(),
    })?;
    let tables: i64 =
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if application != APPLICATION && tables > 0 {
        return Err(not_a_ledger("it is a database of something else"));
    }
    Ok(())
}

/// A connection that changes nothing, and which ledger it is.
pub(super) fn read_only(path: &Path) -> Result<(Connection, LedgerId), StoreError> {
    let open = |more: &str| -> Result<_, StoreError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
            | OpenFlags::SQLITE_OPEN_URI
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(uri(path) + more, flags)?;
        connection.busy_timeout(PATIENCE)?;
        check(&connection, path)?;
        Ok(connection)
    };
    let connection = match open("?mode=ro") {
        // SQLite keeps a file beside one with a log, to read it with others. Where it can make none, nobody writes; and
        // where there is no log, all is in the file.
        Err(StoreError::Away(_)) if !has_log(path) => open("?mode=ro&immutable=1")?,
        opened => opened?,
    };
    let found: u32 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let known = LAYOUT;
    if found > known {
        return Err(StoreError::LaterLayout { found, known });
    }
    if found < known {
        return Err(StoreError::EarlierLayout { found, known });
    }
    let id: [u8; 16] = connection.query_row("SELECT id FROM ledger", [], |row| row.get(0))?;
    Ok((connection, LedgerId::from_bytes(id)))
}

/// Whether something is in the log beside a file.
fn has_log(path: &Path) -> bool {
    let mut log = path.to_owned().into_os_string();
    log.push("-wal");
    std::fs::metadata(log).is_ok_and(|log| log.len() > 0)
}

/// A path as SQLite reads it in an address (RFC 3986).
fn uri(path: &Path) -> String {
    let mut text = "file:".to_owned();
    for byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'/' | b'.' | b'-' | b'_' | b'~' | b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => {
                text.push(char::from(*byte));
            }
            _ => text.push_str(&format!("%{byte:02X}")),
        }
    }
    text
}

/// Finds the ledger, or makes it.
pub(super) fn set_up(connection: &mut Connection) -> Result<LedgerId, StoreError> {
    let turn = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let layout: u32 = turn.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if layout > LAYOUT {
        return Err(StoreError::LaterLayout {
            found: layout,
            known: LAYOUT,
        });
    }
    for (migration, reached) in MIGRATIONS.iter().zip(1..).skip(layout as usize) {
        turn.execute_batch(migration)?;
        if reached == 1 {
            begin(&turn)?;
        }
    }
    if layout < LAYOUT {
        turn.pragma_update(None, "user_version", LAYOUT)?;
    }
    let id: [u8; 16] = turn.query_row("SELECT id FROM ledger", [], |row| row.get(0))?;
    turn.commit()?;
    Ok(LedgerId::from_bytes(id))
}

/// Makes the tables those of a new ledger.
fn begin(turn: &Transaction<'_>) -> Result<(), StoreError> {
    let mut bits = [0; 16];
    getrandom::fill(&mut bits).map_err(|error| StoreError::Away(error.to_string().into()))?;
    let head = Head::empty(LedgerId::from_bytes(bits), WRITER);
    turn.execute("INSERT INTO ledger VALUES (?1)", [bits])?;
    turn.execute(
        "INSERT INTO head VALUES (0, ?1, 0, 0, NULL)",
        [head.link.as_bytes()],
    )?;
    Ok(turn.pragma_update(None, "application_id", APPLICATION)?)
}
