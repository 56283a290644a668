//! Adds and erases receipts, in a turn that somebody else begins and ends.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, LazyLock};

use placet::ChoiceId;
use rusqlite::{OptionalExtension, Statement, ToSql, Transaction, params};

use super::keyed::Keyed;
use super::rows::{Lines, Rows};
use super::tail::Tail;
use super::{WRITER, read};
use crate::chain::{Content, Erasure, Place, Why};
use crate::digest::Digest;
use crate::document::Document;
use crate::moment::Moment;
use crate::receipt::{Receipt, Situation};
use crate::recorder::Erased;
use crate::store::tally::DAY;
use crate::store::{Appended, MOST_SITUATIONS, StoreError, Submitted, packed, trace};

/// How many ids of the index are read with each receipt that is added, until all are known; and with a batch at least.
const READ_WITH_EACH: usize = 16;
const LEAST_READ: usize = 512;

static ADD: LazyLock<Lines> = LazyLock::new(|| {
    // A statement that fails need not be undone by itself, since its turn is.
    let line = "INSERT OR FAIL INTO entries (number, link, id, follows, at, situation, states, how, signals, address, user_agent, \
                salt) VALUES {rows}";
    Lines::new(line, COLUMNS, TOGETHER)
});
static COUNT: LazyLock<Lines> = LazyLock::new(|| {
    let line = "INSERT INTO tallies VALUES {rows} ON CONFLICT DO UPDATE SET count = count + excluded.count";
    Lines::new(line, 6, TOGETHER)
});
const COLUMNS: usize = 12;
/// How many receipts one statement adds.
const TOGETHER: usize = 8;

/// What need not be looked up any more.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// The rows of situations.
    situations: HashMap<Arc<Situation>, i64>,
    /// Documents that are kept.
    documents: HashSet<Digest, Keyed>,
    pub(super) tail: Tail,
}

impl Known {
    /// Forgets everything: some of it may have been undone.
    pub(super) fn forget(&mut self) {
        self.situations.clear();
        self.documents.clear();
        self.tail.forget();
    }

    /// The row of a situation, which is added where it is new.
    fn situation(
        &mut self,
        turn: &Transaction<'_>,
        situation: &Arc<Situation>,
    ) -> Result<i64, StoreError> {
        let mut is_there = turn.prepare_cached("SELECT 1 FROM situations WHERE id = ?1")?;
        if let Some(row) = self.situations.get(situation)
            && is_there.exists([row])?
        {
            return Ok(*row);
        }
        let json = situation.to_json();
        let mut find = turn.prepare_cached("SELECT id FROM situations WHERE json = ?1")?;
        let row = find.query_row([&json], |row| row.get(0)).optional()?;
        let row = match row {
            Some(row) => row,
            None => {
                let days = situation.choice_lifetime_days;
                let line = "INSERT INTO situations (json, lifetime_days) VALUES (?1, ?2)";
                turn.prepare_cached(line)?.execute(params![json, days])?;
                turn.last_insert_rowid()
            }
        };
        if self.situations.len() >= MOST_SITUATIONS {
            self.situations.clear();
        }
        self.situations.insert(Arc::clone(situation), row);
        Ok(row)
    }

    /// Keeps documents that this handle has not kept yet.
    fn keep(&mut self, turn: &Transaction<'_>, documents: &[Document]) -> Result<(), StoreError> {
        for document in documents {
            let digest = document.digest();
            if self.documents.insert(digest) {
                let line = "INSERT OR IGNORE INTO documents VALUES (?1, ?2, ?3)";
                let kind = document.kind().name();
                let parameters = params![digest.as_bytes(), kind, document.body()];
                turn.prepare_cached(line)?.execute(parameters)?;
            }
        }
        Ok(())
    }
}

/// Adds those that are not there, portion by portion as they come.
pub(super) fn append<P: AsRef<[Submitted]>>(
    turn: &Transaction<'_>,
    known: &mut Known,
    portions: impl Iterator<Item = P>,
) -> Result<Appended, StoreError> {
    let mut appended = Appended::default();
    let (mut head, indexed, mut last) = read::ends(turn)?;
    known.tail.catch_up(turn, number(head.place)?, indexed)?;
    // Before the first portion, which may have to be waited for.
    known.tail.index_some(turn)?;
    let mut add = Rows::new(turn, &ADD)?;
    let mut added = 0;
    let mut tallies: HashMap<_, i64, Keyed> = HashMap::default();
    let mut is_any_forgotten = turn.prepare_cached("SELECT 1 FROM forgotten LIMIT 1")?;
    let is_any_forgotten = is_any_forgotten.exists([])?;
    let mut is_forgotten = turn.prepare_cached("SELECT 1 FROM forgotten WHERE id = ?1")?;
    let mut current: Option<(Arc<Situation>, i64)> = None;
    let mut before = 0;
    for portion in portions {
        let portion = portion.as_ref();
        let mut new = Vec::with_capacity(portion.len());
        let ids = portion.iter().map(|submitted| submitted.receipt.id);
        let may_have: Vec<bool> = ids.map(|id| known.tail.may_have(id)).collect();
        for ((at_place, submitted), may_have) in (before..).zip(portion).zip(may_have) {
            let receipt = &submitted.receipt;
            if is_any_forgotten && is_forgotten.exists([trace(receipt.id).as_bytes()])? {
                appended.forgotten.push(at_place);
                continue;
            }
            let next = head.after_receipt(&submitted.digest);
            let place = number(next.place)?;
            if !known.tail.adds(turn, receipt.id, may_have, place)? {
                appended.there.push(at_place);
                continue;
            }
            head = next;
            known.keep(turn, &submitted.documents)?;
            let situation = match &current {
                Some((situation, row)) if Arc::ptr_eq(situation, &receipt.situation) => *row,
                _ => {
                    let row = known.situation(turn, &receipt.situation)?;
                    current = Some((Arc::clone(&receipt.situation), row));
                    row
                }
            };
            let at = receipt.at.as_millis();
            last = Some(at);
            added += 1;
            new.push(New {
                place,
                link: head.link,
                receipt,
                at,
                situation,
                states: packed::states(receipt),
                how: packed::how(receipt.how),
                signals: packed::signals(receipt.signals),
            });
        }
        add.add(&new, New::bind)?;
        for new in new {
            let day = new.at.div_euclid(DAY);
            let alike = (day, new.situation, new.states, new.how, new.signals);
            *tallies.entry(alike).or_default() += 1;
        }
        before += portion.len();
    }
    let tallies: Vec<_> = tallies.into_iter().collect();
    Rows::new(turn, &COUNT)?.add(&tallies, |(alike, more), statement, first| {
        let (day, situation, states, how, signals) = alike;
        let values: [&dyn ToSql; 6] = [day, situation, states, how, signals, more];
        bind(statement, first, &values)
    })?;
    let line = "UPDATE head SET number = ?1, link = ?2, receipts = receipts + ?3, last = ?4";
    let parameters = params![number(head.place)?, head.link.as_bytes(), added, last];
    turn.prepare_cached(line)?.execute(parameters)?;
    known
        .tail
        .read_some(turn, (READ_WITH_EACH * before).max(LEAST_READ))?;
    Ok(appended)
}

/// A receipt as it is added.
struct New<'r> {
    place: i64,
    link: Digest,
    receipt: &'r Receipt,
    at: i64,
    situation: i64,
    states: Vec<u8>,
    how: i16,
    signals: i16,
}

impl New<'_> {
    fn bind(&self, statement: &mut Statement<'_>, first: usize) -> rusqlite::Result<()> {
        let receipt = self.receipt;
        let values: [&dyn ToSql; COLUMNS] = [
            &self.place,
            self.link.as_bytes(),
            receipt.id.as_bytes(),
            &receipt.follows.as_ref().map(ChoiceId::as_bytes),
            &self.at,
            &self.situation,
            &self.states,
            &self.how,
            &self.signals,
            &receipt.client.address,
            &receipt.client.user_agent,
            &receipt.salt,
        ];
        bind(statement, first, &values)
    }
}

fn bind(
    statement: &mut Statement<'_>,
    first: usize,
    values: &[&dyn ToSql],
) -> rusqlite::Result<()> {
    for (parameter, value) in (first..).zip(values) {
        statement.raw_bind_parameter(parameter, value)?;
    }
    Ok(())
}

/// Empties these entries, and adds one that says so.
pub(super) fn erase(
    turn: &Transaction<'_>,
    tail: &mut Tail,
    erased: &[(i64, Receipt)],
    now: Moment,
    why: Why,
) -> Result<Erased, StoreError> {
    if erased.is_empty() {
        return Ok(Erased::default());
    }
    let (mut head, indexed, _) = read::ends(turn)?;
    tail.catch_up(turn, number(head.place)?, indexed)?;
    let mut empty = turn.prepare_cached(
        "UPDATE entries SET id = NULL, follows = NULL, at = NULL, situation = NULL, states = NULL, \
         how = NULL, signals = NULL, address = NULL, user_agent = NULL, salt = NULL, \
         content = ?2 WHERE number = ?1",
    )?;
    let mut lose = turn.prepare_cached("DELETE FROM ids WHERE id = ?1")?;
    let mut forget = turn.prepare_cached("INSERT OR IGNORE INTO forgotten VALUES (?1)")?;
    let mut places = Vec::with_capacity(erased.len());
    for (row, receipt) in erased {
        empty.execute(params![row, receipt.digest().as_bytes()])?;
        lose.execute([receipt.id.as_bytes()])?;
        if why == Why::Request {
            forget.execute([trace(receipt.id).as_bytes()])?;
        }
        places.push(Place {
            writer: WRITER,
            number: u64::try_from(*row).unwrap_or_default(),
        });
    }
    let erasure = Erasure::new(now, why, places);
    tail.is_erased(&erasure.erased);
    let json = erasure.to_json();
    let entry = head.append(Content::Erasure(erasure));
    let place = number(entry.place)?;
    turn.execute(
        "INSERT INTO entries (number, link, content) VALUES (?1, ?2, ?3)",
        params![place, entry.link.as_bytes(), json],
    )?;
    tail.is_added(place);
    let count = i64::try_from(erased.len()).unwrap_or(i64::MAX);
    turn.execute(
        "UPDATE head SET number = ?1, link = ?2, receipts = receipts - ?3, erased = erased + ?3",
        params![place, head.link.as_bytes(), count],
    )?;
    Ok(Erased {
        receipts: erased.len() as u64,
    })
}

/// The number as SQLite has numbers.
fn number(place: Place) -> Result<i64, StoreError> {
    let number = i64::try_from(place.number);
    number.map_err(|_| StoreError::Refused(format!("entry {place} is one too many")))
}
