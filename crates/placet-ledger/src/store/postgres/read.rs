//! Reads receipts and entries back from their rows.

use std::collections::HashSet;
use std::ops::RangeInclusive;
use std::sync::Arc;

use placet::ChoiceId;
use tokio_postgres::Row;
use tokio_postgres::types::{FromSql, ToSql};

use super::fault::Fault;
use super::session::Session;
use super::{month, place};
use crate::chain::{Content, Entry, Erasure, Head, Place};
use crate::day::Day;
use crate::digest::Digest;
use crate::moment::Moment;
use crate::receipt::{Client, Receipt, Situation};
use crate::store::tally::DAY;
use crate::store::{MOST_SITUATIONS, StoreError, Tally, packed};

/// The columns of [`receipt`], of a table called `e`.
macro_rules! receipt_columns {
    () => {
        "e.writer, e.number, e.month, e.id, e.follows, e.at, e.situation, e.states, e.how, e.signals, \
         e.address, e.user_agent, e.salt"
    };
}

/// How many entries are read at once.
const PAGE: i64 = 1000;

/// A receipt, and where it stands.
pub(super) struct Found {
    pub(super) place: Place,
    pub(super) month: i32,
    pub(super) receipt: Receipt,
}

/// What went wrong with an entry, as what is wrong with the ledger.
fn unreadable(place: Place, why: impl ToString) -> Fault {
    Fault::Told(StoreError::Unreadable {
        place,
        why: why.to_string(),
    })
}

/// A column of an entry.
fn column<'a, T: FromSql<'a>>(row: &'a Row, at: &str, place: Place) -> Result<T, Fault> {
    row.try_get(at)
        .map_err(|_| unreadable(place, format_args!("its `{at}` is none")))
}

fn digest(bytes: &[u8]) -> Option<Digest> {
    Some(Digest::from_bytes(bytes.try_into().ok()?))
}

/// A place, of the columns `writer, number`.
fn place_of(row: &Row) -> Result<Place, Fault> {
    Ok(place(row.try_get("writer")?, row.try_get("number")?))
}

/// The ends of all chains.
pub(super) fn heads(session: &mut Session) -> Result<Vec<Head>, Fault> {
    let line = "SELECT writer, number, link FROM placet.writers ORDER BY writer";
    session.query(line, &[])?.iter().map(head).collect()
}

/// The end of a chain, of the columns `writer, number, link`.
pub(super) fn head(row: &Row) -> Result<Head, Fault> {
    let place = place_of(row)?;
    let link = digest(row.try_get("link")?);
    let link = link.ok_or_else(|| unreadable(place, "the link in `writers` is none"))?;
    Ok(Head { place, link })
}

fn situation(session: &mut Session, row: i32) -> Result<Option<Arc<Situation>>, Fault> {
    if let Some(found) = session.rows.get(&row) {
        return Ok(Some(Arc::clone(found)));
    }
    let line = "SELECT json FROM placet.situations WHERE id = $1";
    let found = session.query(line, &[&row])?;
    let json: Option<&[u8]> = found.first().map(|row| row.try_get(0)).transpose()?;
    let json = json.and_then(|json| str::from_utf8(json).ok());
    let situation = json.and_then(|json| Situation::from_json(json).ok());
    Ok(situation.map(|situation| {
        let situation = Arc::new(situation);
        if session.rows.len() >= MOST_SITUATIONS {
            session.rows.clear();
        }
        session.rows.insert(row, Arc::clone(&situation));
        situation
    }))
}

fn receipt(session: &mut Session, row: &Row) -> Result<Found, Fault> {
    let place = place_of(row)?;
    let wrong = |what: &'static str| move || unreadable(place, format_args!("its {what} is none"));
    let text = |at: &'static str| -> Result<Option<String>, Fault> {
        let bytes: Option<Vec<u8>> = column(row, at, place)?;
        let text = bytes.map(String::from_utf8).transpose();
        text.map_err(|_| unreadable(place, format_args!("its `{at}` is no text")))
    };
    let situation = situation(session, column(row, "situation", place)?)?;
    let situation = situation.ok_or_else(wrong("situation"))?;
    let states = packed::read_states(column(row, "states", place)?);
    let states = states.filter(|states| states.len() == situation.categories.len());
    let follows: Option<&[u8]> = column(row, "follows", place)?;
    let follows = follows.map(|id| packed::read_id(id).ok_or_else(wrong("predecessor")));
    let salt: &[u8] = column(row, "salt", place)?;
    let receipt = Receipt {
        id: packed::read_id(column(row, "id", place)?).ok_or_else(wrong("id"))?,
        follows: follows.transpose()?,
        at: Moment::from_millis(column(row, "at", place)?).ok_or_else(wrong("moment"))?,
        situation,
        states: states.ok_or_else(wrong("list of states"))?,
        how: packed::read_how(column(row, "how", place)?).ok_or_else(wrong("way"))?,
        signals: packed::read_signals(column(row, "signals", place)?)
            .ok_or_else(wrong("list of signals"))?,
        client: Client {
            address: text("address")?,
            user_agent: text("user_agent")?,
        },
        salt: salt.try_into().map_err(|_| wrong("salt")())?,
    };
    let found: i32 = column(row, "month", place)?;
    if found != month(receipt.at) {
        return Err(unreadable(place, "its month is that of another moment"));
    }
    Ok(Found {
        place,
        month: found,
        receipt,
    })
}

/// The receipt of this id and those that it followed, at most `most`. With `to_erase`, nobody else changes them before the
/// transaction ends.
pub(super) fn history(
    session: &mut Session,
    id: ChoiceId,
    most: usize,
    to_erase: bool,
) -> Result<Vec<Found>, Fault> {
    const READ: &str = concat!(
        "SELECT ",
        receipt_columns!(),
        " FROM placet.ids i JOIN placet.entries e USING (writer, number, month) \
          WHERE i.id = $1 AND e.id = $1 AND e.erased IS NULL AND e.erasure IS NULL"
    );
    const ERASE: &str = concat!(
        "SELECT ",
        receipt_columns!(),
        " FROM placet.ids i JOIN placet.entries e USING (writer, number, month) \
          WHERE i.id = $1 AND e.id = $1 AND e.erased IS NULL AND e.erasure IS NULL \
          FOR UPDATE OF e"
    );
    let mut found = Vec::new();
    let mut seen = HashSet::new();
    let mut next = Some(id);
    while let Some(id) = next.filter(|id| seen.len() < most && seen.insert(*id)) {
        let line = if to_erase { ERASE } else { READ };
        let rows = session.query(line, &[&id.as_bytes().as_slice()])?;
        let Some(row) = rows.first() else { break };
        let receipt = receipt(session, row)?;
        next = receipt.receipt.follows;
        found.push(receipt);
    }
    Ok(found)
}

/// Receipts whose choice could not stand any more `keep_days` before `now`, except those that somebody else
/// is erasing.
pub(super) fn outlived(
    session: &mut Session,
    keep_days: u32,
    now: Moment,
    most: usize,
) -> Result<Vec<Found>, Fault> {
    const LINE: &str = concat!(
        "SELECT ",
        receipt_columns!(),
        " FROM placet.situations s CROSS JOIN LATERAL (\
            SELECT * FROM placet.entries e \
            WHERE e.situation = s.id AND e.at < $1 - s.lifetime_days * 86400000::bigint AND e.month <= $2 \
              AND e.erased IS NULL AND e.erasure IS NULL \
            ORDER BY e.at LIMIT $3 FOR UPDATE SKIP LOCKED\
          ) e LIMIT $3"
    );
    let days = i64::from(keep_days).saturating_mul(-DAY);
    let before = now.as_millis().saturating_add(days);
    let latest = month(now.saturating_add(days));
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let rows = session.query(LINE, &[&before, &latest, &most])?;
    rows.iter().map(|row| receipt(session, row)).collect()
}

/// How many receipts [`outlived`] would find, were there no end to how many.
pub(super) fn count_outlived(
    session: &mut Session,
    keep_days: u32,
    now: Moment,
) -> Result<u64, Fault> {
    const LINE: &str = "SELECT coalesce(sum(found.count), 0)::bigint FROM placet.situations s \
        CROSS JOIN LATERAL (\
          SELECT count(*) FROM placet.entries e \
          WHERE e.situation = s.id AND e.at < $1 - s.lifetime_days * 86400000::bigint AND e.month <= $2 \
            AND e.erased IS NULL AND e.erasure IS NULL\
        ) found";
    let days = i64::from(keep_days).saturating_mul(-DAY);
    let before = now.saturating_add(days);
    let parameters: [&(dyn ToSql + Sync); 2] = [&before.as_millis(), &month(before)];
    let count: i64 = session.row(LINE, &parameters)?.try_get(0)?;
    Ok(u64::try_from(count).unwrap_or_default())
}

/// The entries after this place, in order; fewer than could be where there are no more.
pub(super) fn page(session: &mut Session, after: Key) -> Result<Page, Fault> {
    // Ids are looked up one by one: to see whether each is there, PostgreSQL would rather read all of them.
    const LINE: &str = concat!(
        "SELECT ",
        receipt_columns!(),
        ", e.link, e.erased, e.erasure, \
          num_nonnulls(e.id, e.follows, e.at, e.situation, e.states, e.how, e.signals, e.address, \
            e.user_agent, e.salt) > 0 AS has_receipt, \
          e.id IS NOT NULL AND (i.writer, i.number, i.month) IS DISTINCT FROM (e.writer, e.number, e.month) \
            AS is_lost \
          FROM (\
            SELECT * FROM placet.entries \
            WHERE (writer, number, month) > ($1, $2, $3) ORDER BY writer, number, month LIMIT $4\
          ) e LEFT JOIN LATERAL (\
            SELECT writer, number, month FROM placet.ids WHERE ids.id = e.id LIMIT 1\
          ) i ON true \
          ORDER BY e.writer, e.number, e.month"
    );
    let rows = session.query(LINE, &[&after.0, &after.1, &after.2, &PAGE])?;
    let last = match rows.last() {
        Some(row) => Some((
            row.try_get("writer")?,
            row.try_get("number")?,
            row.try_get("month")?,
        )),
        None => None,
    };
    let mut entries = Vec::with_capacity(rows.len());
    for row in &rows {
        match entry(session, row) {
            // What stands before it comes first.
            Err(fault @ Fault::Told(StoreError::Unreadable { .. })) => {
                let next = None;
                let wrong = Some(fault);
                return Ok(Page {
                    entries,
                    next,
                    wrong,
                });
            }
            entry => entries.push(entry?),
        }
    }
    Ok(Page {
        entries,
        next: last,
        wrong: None,
    })
}

/// Where a row stands among all: its writer, number and month. Somebody may have written two with one place.
pub(super) type Key = (i32, i64, i32);

/// Entries, the row of the last of them, and why there are no more where they should be.
pub(super) struct Page {
    pub(super) entries: Vec<Entry>,
    pub(super) next: Option<Key>,
    pub(super) wrong: Option<Fault>,
}

fn entry(session: &mut Session, row: &Row) -> Result<Entry, Fault> {
    let place = place_of(row)?;
    let link = digest(column(row, "link", place)?);
    let erased: Option<&[u8]> = column(row, "erased", place)?;
    let erasure: Option<&[u8]> = column(row, "erasure", place)?;
    // Its link says nothing of these columns, from which somebody could be shown a receipt.
    let has_receipt: bool = column(row, "has_receipt", place)?;
    if has_receipt && (erased.is_some() || erasure.is_some()) {
        return Err(unreadable(place, "it is a receipt as well"));
    }
    if column(row, "is_lost", place)? {
        return Err(unreadable(place, "its id does not lead to it"));
    }
    let content = match (erased, erasure) {
        (None, None) => Content::Receipt(Box::new(receipt(session, row)?.receipt)),
        (Some(erased), None) => Content::Erased(
            digest(erased).ok_or_else(|| unreadable(place, "what is left of it is no digest"))?,
        ),
        (None, Some(json)) => {
            let json = str::from_utf8(json).map_err(|error| unreadable(place, error))?;
            let erasure = Erasure::from_json(json);
            Content::Erasure(erasure.map_err(|error| unreadable(place, error))?)
        }
        (Some(_), Some(_)) => return Err(unreadable(place, "it is two things")),
    };
    Ok(Entry {
        place,
        content,
        link: link.ok_or_else(|| unreadable(place, "its link is none"))?,
    })
}

/// The tallies of these days, in their order.
pub(super) fn tallies(
    session: &mut Session,
    days: &RangeInclusive<Day>,
) -> Result<Vec<Tally>, Fault> {
    // Every day there is has a number that fits.
    let number = |day: &Day| i32::try_from(day.number()).unwrap_or_default();
    let rows = session.query(
        "SELECT day, situation, states, how, signals, sum(count)::bigint AS count FROM placet.tallies \
         WHERE day BETWEEN $1 AND $2 \
         GROUP BY day, situation, states, how, signals ORDER BY day, situation, states, how, signals",
        &[&number(days.start()), &number(days.end())],
    )?;
    let mut found = Vec::new();
    for row in &rows {
        let day: i32 = row.try_get("day")?;
        let states: &[u8] = row.try_get("states")?;
        let (how, signals) = (row.try_get("how")?, row.try_get("signals")?);
        let count: i64 = row.try_get("count")?;
        let tally = situation(session, row.try_get("situation")?)?.and_then(|situation| {
            Some(Tally {
                day: Moment::from_millis(i64::from(day) * DAY)?,
                situation,
                states: packed::read_states(states)?,
                how: packed::read_how(how)?,
                signals: packed::read_signals(signals)?,
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
