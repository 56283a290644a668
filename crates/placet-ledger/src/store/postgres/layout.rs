//! The tables: made where there are none, and brought to the layout of this version.

use super::fault::Fault;
use super::session::{LOCK, Session};
use crate::chain::LedgerId;
use crate::store::StoreError;

/// What brings a ledger from each layout to the next.
const MIGRATIONS: [&str; 2] = [include_str!("layout_1.sql"), include_str!("layout_2.sql")];

/// What this version writes.
pub(super) const LAYOUT: u32 = MIGRATIONS.len() as u32;

/// The months that may have a table of their own.
const MONTHS: std::ops::Range<i32> = 202_001..210_001;

/// Finds the ledger, or makes it.
pub(super) fn set_up(session: &mut Session) -> Result<LedgerId, Fault> {
    if let Some((ledger, layout)) = find(session)?
        && layout == LAYOUT
    {
        return Ok(ledger);
    }
    session.begin()?;
    session.query("SELECT pg_advisory_xact_lock($1, 0)", &[&LOCK])?;
    // Another server may have been faster.
    let found = find(session)?;
    let layout = found.map_or(0, |(_, layout)| layout);
    if layout > LAYOUT {
        session.roll_back()?;
        return Err(Fault::Told(StoreError::LaterLayout {
            found: layout,
            known: LAYOUT,
        }));
    }
    if found.is_none() {
        make_schema(session)?;
    }
    for migration in MIGRATIONS.iter().skip(layout as usize) {
        session.batch(migration)?;
    }
    let ledger = match found {
        Some((ledger, _)) => ledger,
        None => {
            let mut bits = [0; 16];
            getrandom::fill(&mut bits).map_err(|error| Fault::away(error.to_string()))?;
            session.query(
                "INSERT INTO placet.ledger (id, layout) VALUES ($1, 0)",
                &[&bits.as_slice()],
            )?;
            LedgerId::from_bytes(bits)
        }
    };
    let layout = i32::try_from(LAYOUT).unwrap_or(i32::MAX);
    session.query("UPDATE placet.ledger SET layout = $1", &[&layout])?;
    session.commit()?;
    Ok(ledger)
}

/// The ledger that is there, and its layout.
fn find(session: &mut Session) -> Result<Option<(LedgerId, u32)>, Fault> {
    if !has_table(session, "ledger")? {
        return Ok(None);
    }
    let row = session.row("SELECT id, layout FROM placet.ledger", &[])?;
    let id = row.try_get::<_, &[u8]>(0).ok();
    let id = id.and_then(|id| id.try_into().ok());
    let layout = row.try_get::<_, i32>(1).ok();
    let layout = layout.and_then(|layout| u32::try_from(layout).ok());
    match (id, layout) {
        (Some(id), Some(layout)) => Ok(Some((LedgerId::from_bytes(id), layout))),
        _ => Err(not_a_ledger("its table `ledger` says nothing")),
    }
}

/// Whether there is a table of this name. `to_regclass` would answer with what it knew before it waited for a
/// lock.
fn has_table(session: &mut Session, name: &str) -> Result<bool, Fault> {
    let line = "SELECT EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
                WHERE n.nspname = 'placet' AND c.relname = $1::text)";
    Ok(session.row(line, &[&name])?.try_get(0)?)
}

fn make_schema(session: &mut Session) -> Result<(), Fault> {
    // Who may not make it can be given an empty one.
    let line = "SELECT (SELECT count(*) FROM pg_class c WHERE c.relnamespace = n.oid) \
                FROM pg_namespace n WHERE n.nspname = 'placet'";
    let rows = session.query(line, &[])?;
    let tables: Option<i64> = rows.first().map(|row| row.try_get(0)).transpose()?;
    match tables {
        None => session.batch("CREATE SCHEMA placet"),
        Some(0) => Ok(()),
        Some(_) => Err(not_a_ledger("it holds tables of something else")),
    }
}

fn not_a_ledger(why: &str) -> Fault {
    Fault::Told(StoreError::NotALedger {
        what: "the schema `placet` of the database".to_owned(),
        why: why.to_owned(),
    })
}

/// Sees to it that entries of this month have a table.
///
/// It is attached, which stops nobody who reads or writes; and in a transaction of its own, so that a
/// server that fails later leaves at most an empty table.
pub(super) fn make_month(session: &mut Session, month: i32) -> Result<(), Fault> {
    if session.months.contains(&month) || !MONTHS.contains(&month) {
        return Ok(());
    }
    let name = format!("entries_{month}");
    if !has_table(session, &name)? {
        session.begin()?;
        session.query("SELECT pg_advisory_xact_lock($1, 0)", &[&LOCK])?;
        if !has_table(session, &name)? {
            let next = month + 1;
            session.batch(&format!(
                "CREATE TABLE placet.{name} (LIKE placet.entries INCLUDING DEFAULTS INCLUDING CONSTRAINTS); \
                 ALTER TABLE placet.entries ATTACH PARTITION placet.{name} FOR VALUES FROM ({month}) TO ({next})"
            ))?;
        }
        session.commit()?;
    }
    session.months.insert(month);
    Ok(())
}
