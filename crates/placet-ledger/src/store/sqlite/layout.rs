//! The tables: made where there are none, and brought to the layout of this version.

use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::{APPLICATION, WRITER};
use crate::chain::{Head, LedgerId};
use crate::store::StoreError;

/// What brings a ledger from each layout to the next.
const MIGRATIONS: [&str; 2] = [include_str!("layout_1.sql"), include_str!("layout_2.sql")];

/// What this version writes.
pub(super) const LAYOUT: u32 = MIGRATIONS.len() as u32;

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
