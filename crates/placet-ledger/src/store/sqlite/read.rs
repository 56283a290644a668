//! Reads receipts and entries back from their rows.

use std::collections::{HashMap, HashSet};
use std::ops::RangeInclusive;
use std::sync::Arc;

use placet::ChoiceId;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::WRITER;
use super::tail::Tail;
use crate::chain::{Content, Entry, Erasure, Head, Place};
use crate::day::Day;
use crate::digest::Digest;
use crate::moment::Moment;
use crate::receipt::{Client, Receipt, Salt, Situation};
use crate::store::tally::DAY;
use crate::store::{Each, MOST_SITUATIONS, StoreError, Tally, packed};

/// Situations by their rows.
pub(super) type Situations = HashMap<i64, Arc<Situation>>;

/// The columns of [`receipt`].
const RECEIPT: &str =
    "number, id, follows, at, situation, states, how, signals, address, user_agent, salt";

/// The end of the chain, of the columns `number, link`.
pub(super) fn head(row: &Row<'_>) -> rusqlite::Result<Head> {
    let number: i64 = row.get(0)?;
    Ok(Head {
        place: place(number),
        link: Digest::from_bytes(row.get(1)?),
    })
}

/// The end of the chain, up to which number entries are indexed, and the moment of the last receipt.
pub(super) fn ends(connection: &Connection) -> Result<(Head, i64, Option<i64>), StoreError> {
    let line = "SELECT number, link, indexed, last FROM head";
    let mut find = connection.prepare_cached(line)?;
    Ok(find.query_row([], |row| Ok((head(row)?, row.get(2)?, row.get(3)?)))?)
}

fn place(number: i64) -> Place {
    Place {
        writer: WRITER,
        number: u64::try_from(number).unwrap_or_default(),
    }
}

/// What went wrong with an entry, as what is wrong with the ledger.
fn unreadable(number: i64, why: impl ToString) -> StoreError {
    StoreError::Unreadable {
        place: place(number),
        why: why.to_string(),
    }
}

fn situation(
    connection: &Connection,
    known: &mut Situations,
    row: i64,
) -> Result<Option<Arc<Situation>>, StoreError> {
    if let Some(found) = known.get(&row) {
        return Ok(Some(Arc::clone(found)));
    }
    let mut find = connection.prepare_cached("SELECT json FROM situations WHERE id = ?1")?;
    let json: Option<String> = find.query_row([row], |found| found.get(0)).optional()?;
    let situation = json.and_then(|json| Situation::from_json(&json).ok());
    Ok(situation.map(|situation| {
        let situation = Arc::new(situation);
        if known.len() >= MOST_SITUATIONS {
            known.clear();
        }
        known.insert(row, Arc::clone(&situation));
        situation
    }))
}

/// A receipt, of the columns of [`RECEIPT`] from the first on.
fn receipt(
    connection: &Connection,
    known: &mut Situations,
    row: &Row<'_>,
) -> Result<(i64, Receipt), StoreError> {
    let number: i64 = row.get(0)?;
    let wrong = |what: &'static str| move || unreadable(number, format_args!("its {what} is none"));
    let column = |error: rusqlite::Error| unreadable(number, error);
    let situation_row: i64 = row.get(4).map_err(column)?;
    let situation = situation(connection, known, situation_row)?.ok_or_else(wrong("situation"))?;
    let states: Vec<u8> = row.get(5).map_err(column)?;
    let states =
        packed::read_states(&states).filter(|states| states.len() == situation.categories.len());
    let id: Vec<u8> = row.get(1).map_err(column)?;
    let follows: Option<Vec<u8>> = row.get(2).map_err(column)?;
    let follows = follows.map(|id| packed::read_id(&id).ok_or_else(wrong("predecessor")));
    let salt: Salt = row.get(10).map_err(column)?;
    let receipt = Receipt {
        id: packed::read_id(&id).ok_or_else(wrong("id"))?,
        follows: follows.transpose()?,
        at: Moment::from_millis(row.get(3).map_err(column)?).ok_or_else(wrong("moment"))?,
        situation,
        states: states.ok_or_else(wrong("list of states"))?,
        how: packed::read_how(row.get(6).map_err(column)?).ok_or_else(wrong("way"))?,
        signals: packed::read_signals(row.get(7).map_err(column)?)
            .ok_or_else(wrong("list of signals"))?,
        client: Client {
            address: row.get(8).map_err(column)?,
            user_agent: row.get(9).map_err(column)?,
        },
        salt,
    };
    Ok((number, receipt))
}

/// The receipt of this id and those that it followed, at most `most`, with their numbers.
pub(super) fn history(
    connection: &Connection,
    tail: &mut Tail,
    known: &mut Situations,
    id: ChoiceId,
    most: usize,
) -> Result<Vec<(i64, Receipt)>, StoreError> {
    let (head, indexed, _) = ends(connection)?;
    let number = i64::try_from(head.place.number).unwrap_or(i64::MAX);
    tail.catch_up(connection, number, indexed)?;
    // What is erased or an erasure is no receipt, whatever else somebody wrote into its row.
    let line =
        format!("SELECT {RECEIPT} FROM entries WHERE number = ?1 AND id = ?2 AND content IS NULL");
    let mut find = connection.prepare_cached(&line)?;
    let mut found = Vec::new();
    let mut seen = HashSet::new();
    let mut next = Some(id);
    while let Some(id) = next.filter(|id| seen.len() < most && seen.insert(*id)) {
        let Some(number) = tail.find(connection, id)? else {
            break;
        };
        let mut rows = find.query(params![number, id.as_bytes()])?;
        let Some(row) = rows.next()? else { break };
        let (number, receipt) = receipt(connection, known, row)?;
        next = receipt.follows;
        found.push((number, receipt));
    }
    Ok(found)
}

/// Receipts whose choice could not stand any more `keep_days` before `now`. Rows of `ages` that lead to none any more are
/// put right.
pub(super) fn outlived(
    connection: &Connection,
    known: &mut Situations,
    keep_days: u32,
    now: Moment,
    most: usize,
) -> Result<Vec<(i64, Receipt)>, StoreError> {
    let mut lifetimes = connection.prepare_cached("SELECT id, lifetime_days FROM situations")?;
    let lifetimes =
        lifetimes.query_map([], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?)))?;
    let lifetimes: Vec<(i64, i64)> = lifetimes.collect::<Result<_, _>>()?;
    let mut look = connection.prepare_cached(
        "SELECT at, first, last FROM ages WHERE situation = ?1 AND at < ?2 ORDER BY at, first LIMIT 1",
    )?;
    let line = format!(
        "SELECT {RECEIPT} FROM entries WHERE number BETWEEN ?1 AND ?2 AND situation = ?3 AND at < ?4 \
         AND content IS NULL ORDER BY number"
    );
    let mut find = connection.prepare_cached(&line)?;
    let mut found = Vec::new();
    // Two rows may lead to one receipt, where indexing was begun twice, or has not reached the end of a portion.
    let mut numbers = HashSet::new();
    for (situation, days) in lifetimes {
        let days = days.saturating_add(i64::from(keep_days));
        let before = now.saturating_add(days.saturating_mul(-DAY)).as_millis();
        loop {
            let age = look.query_row([situation, before], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            });
            let Some(age @ (_, first, last)) = age.optional()? else {
                break;
            };
            let mut rows = find.query(params![first, last, situation, before])?;
            while let Some(row) = rows.next()? {
                if found.len() >= most {
                    return Ok(found);
                }
                if numbers.insert(row.get::<_, i64>(0)?) {
                    found.push(receipt(connection, known, row)?);
                }
            }
            later(connection, situation, age, before)?;
        }
    }
    let (_, indexed, _) = ends(connection)?;
    let line = format!("SELECT {RECEIPT} FROM entries WHERE number > ?1 AND {OUTLIVED}");
    let mut find = connection.prepare_cached(&line)?;
    let mut rows = find.query([indexed, before(keep_days, now)])?;
    while let Some(row) = rows.next()? {
        if found.len() >= most {
            break;
        }
        if numbers.insert(row.get::<_, i64>(0)?) {
            found.push(receipt(connection, known, row)?);
        }
    }
    Ok(found)
}

/// Whether the receipt of an entry is outlived at [`before`], the parameter 2.
const OUTLIVED: &str = "content IS NULL AND \
    at < ?2 - (SELECT lifetime_days FROM situations WHERE situations.id = situation) * 86400000";

/// The moment until when a choice must have stood for its receipt to be kept.
fn before(keep_days: u32, now: Moment) -> i64 {
    let days = i64::from(keep_days);
    now.saturating_add(days.saturating_mul(-DAY)).as_millis()
}

/// What a row of `ages` says when all its receipts before a moment are gone.
fn later(
    connection: &Connection,
    situation: i64,
    (at, first, last): (i64, i64, i64),
    before: i64,
) -> Result<(), StoreError> {
    let mut remove = connection
        .prepare_cached("DELETE FROM ages WHERE situation = ?1 AND at = ?2 AND first = ?3")?;
    remove.execute([situation, at, first])?;
    let mut keep = connection.prepare_cached(
        "INSERT INTO ages (situation, at, first, last) \
         SELECT ?1, min(at), ?3, ?4 FROM entries \
         WHERE number BETWEEN ?3 AND ?4 AND situation = ?1 AND at >= ?2 HAVING min(at) IS NOT NULL \
         ON CONFLICT DO UPDATE SET last = max(last, excluded.last)",
    )?;
    keep.execute([situation, before, first, last])?;
    Ok(())
}

/// How many receipts [`outlived`] would find, were there no end to how many.
pub(super) fn count_outlived(
    connection: &Connection,
    keep_days: u32,
    now: Moment,
) -> Result<u64, StoreError> {
    let line = format!("SELECT count(*) FROM entries WHERE number > ?1 AND {OUTLIVED}");
    let parameters = params![i64::MIN, before(keep_days, now)];
    let count: i64 = connection.query_row(&line, parameters, |row| row.get(0))?;
    Ok(u64::try_from(count).unwrap_or_default())
}

/// Whether a row has anything in the columns of a receipt.
fn has_receipt(row: &Row<'_>) -> rusqlite::Result<bool> {
    for column in 1..=10 {
        if !matches!(row.get_ref(column)?, ValueRef::Null) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Every entry in order.
pub(super) fn entries(
    connection: &Connection,
    known: &mut Situations,
    each: &mut Each<'_>,
) -> Result<(), StoreError> {
    let (_, indexed, _) = ends(connection)?;
    let line = format!(
        "SELECT {RECEIPT}, content, link, (SELECT ids.number FROM ids WHERE ids.id = entries.id) \
         FROM entries ORDER BY number"
    );
    let mut find = connection.prepare(&line)?;
    let mut rows = find.query([])?;
    while let Some(row) = rows.next()? {
        let number: i64 = row.get(0)?;
        let column = |error: rusqlite::Error| unreadable(number, error);
        let content = match row.get_ref(11).map_err(column)? {
            // Its link says nothing of these columns, from which somebody could be shown a receipt.
            ValueRef::Text(_) | ValueRef::Blob(_) if has_receipt(row).map_err(column)? => {
                return Err(unreadable(number, "it is a receipt as well"));
            }
            ValueRef::Null => {
                let (_, receipt) = receipt(connection, known, row)?;
                let leads_to: Option<i64> = row.get(13).map_err(column)?;
                if leads_to.map_or(number <= indexed, |leads_to| leads_to != number) {
                    return Err(unreadable(number, "its id does not lead to it"));
                }
                Content::Receipt(Box::new(receipt))
            }
            ValueRef::Text(_) => {
                let json: String = row.get(11).map_err(column)?;
                let erasure = Erasure::from_json(&json);
                Content::Erasure(erasure.map_err(|error| unreadable(number, error))?)
            }
            _ => Content::Erased(Digest::from_bytes(row.get(11).map_err(column)?)),
        };
        let entry = Entry {
            place: place(number),
            content,
            link: Digest::from_bytes(row.get(12).map_err(column)?),
        };
        if each(entry).is_break() {
            break;
        }
    }
    Ok(())
}

/// The tallies of these days, in their order.
pub(super) fn tallies(
    connection: &Connection,
    known: &mut Situations,
    days: &RangeInclusive<Day>,
) -> Result<Vec<Tally>, StoreError> {
    let line = "SELECT day, situation, states, how, signals, count FROM tallies \
                WHERE day BETWEEN ?1 AND ?2 ORDER BY day";
    let mut find = connection.prepare_cached(line)?;
    let mut rows = find.query([days.start().number(), days.end().number()])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let day: i64 = row.get(0)?;
        let states: Vec<u8> = row.get(2)?;
        let count: i64 = row.get(5)?;
        let tally = situation(connection, known, row.get(1)?)?.and_then(|situation| {
            Some(Tally {
                day: Moment::from_millis(day.saturating_mul(DAY))?,
                situation,
                states: packed::read_states(&states)?,
                how: packed::read_how(row.get(3).ok()?)?,
                signals: packed::read_signals(row.get(4).ok()?)?,
                count: u64::try_from(count).ok()?,
            })
        });
        found.push(tally.ok_or_else(|| StoreError::NotALedger {
            what: format!("a tally of day {day}"),
            why: "it says nothing".to_owned(),
        })?);
    }
    Ok(found)
}
