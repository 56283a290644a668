//! The entries that no index has yet: their ids are known here, and brought into the index many at a time.
//!
//! Ids are random, so that an index of them changes in as many places as there are new ones: brought in one by one, each
//! would cost a page of the disk. Here hundreds of thousands are brought in together, several to each page, in their
//! order: a few with every batch that is added, so that nobody waits for all of them. What is known here is read from the
//! entries again whenever a file is opened or somebody else has added some.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::LazyLock;

use placet::ChoiceId;
use rusqlite::{Connection, OptionalExtension, Row};

use super::filter::Filter;
use super::keyed::Keyed;
use super::rows::{Lines, Rows};
use crate::chain::{Erasure, Span};
use crate::store::{StoreError, packed};

/// How many ids are brought into the index together.
const PORTION: usize = 256 * 1024;
/// After how many added receipts some more ids are.
const STEP: usize = 64;
/// How many ids one statement brings in.
const TOGETHER: usize = 32;
static INDEX: LazyLock<Lines> = LazyLock::new(|| {
    // They may be there: begun before, by somebody whose process has ended, or by another one now.
    let line = "INSERT OR IGNORE INTO ids (id, number) VALUES {rows}";
    Lines::new(line, 2, TOGETHER)
});
/// How many neighbours share their rows in `ages`.
const NEIGHBOURS: i64 = 4096;

/// What is known of the entries after those that are indexed.
#[derive(Debug)]
pub(super) struct Tail {
    /// Up to which number all entries are indexed.
    indexed: i64,
    /// Up to which number entries are known here.
    end: i64,
    /// Which ids the index may have.
    filter: Filter,
    /// The numbers of the receipts between.
    numbers: HashMap<ChoiceId, i64, Keyed>,
    under_way: Option<Portion>,
    /// How many receipts were added since the last step.
    added: usize,
    /// How many ids make a portion.
    portion: usize,
}

/// Ids that are being brought into the index.
#[derive(Debug)]
struct Portion {
    /// Those that are not there yet, from the last to the first.
    ids: Vec<(ChoiceId, i64)>,
    /// Up to which number entries have their rows in `ages`.
    aged: i64,
    /// The number of the last entry.
    end: i64,
}

impl Default for Tail {
    fn default() -> Self {
        Self {
            indexed: 0,
            end: 0,
            filter: Filter::default(),
            numbers: HashMap::default(),
            under_way: None,
            added: 0,
            portion: PORTION,
        }
    }
}

impl Tail {
    /// A tail of which so many ids make a portion.
    #[cfg(test)]
    pub(super) fn in_portions_of(portion: usize) -> Self {
        Self {
            portion,
            ..Self::default()
        }
    }

    /// How many ids are known here.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.numbers.len()
    }

    /// Forgets everything: what was added may have been undone.
    pub(super) fn forget(&mut self) {
        *self = Self {
            portion: self.portion,
            ..Self::default()
        };
    }

    /// Knows what others have added and erased, as of this moment's `number` and `indexed` of the head.
    pub(super) fn catch_up(
        &mut self,
        connection: &Connection,
        number: i64,
        indexed: i64,
    ) -> Result<(), StoreError> {
        if number < self.end || indexed < self.indexed {
            // Another file than before, or somebody has changed it.
            self.forget();
        }
        if indexed > self.indexed {
            self.others_indexed_up_to(indexed);
        }
        if number > self.end {
            let line = "SELECT number, id, content FROM entries WHERE number > ?1 AND number <= ?2 ORDER BY number";
            let mut find = connection.prepare_cached(line)?;
            let mut rows = find.query([self.end, number])?;
            while let Some(row) = rows.next()? {
                self.learn(row)?;
            }
            self.end = number;
        }
        Ok(())
    }

    /// Knows one entry. What says nothing is found by who verifies.
    fn learn(&mut self, row: &Row<'_>) -> Result<(), StoreError> {
        let id = row.get_ref(1)?.as_blob().ok().and_then(packed::read_id);
        let content = row.get_ref(2)?.as_str().ok();
        if let Some(erasure) = content.and_then(|json| Erasure::from_json(json).ok()) {
            self.is_erased(&erasure.erased);
        } else if let Some(id) = id {
            self.numbers.insert(id, row.get(0)?);
        }
        Ok(())
    }

    /// Whether the receipt of this id is there, and as which entry.
    pub(super) fn find(
        &self,
        connection: &Connection,
        id: ChoiceId,
    ) -> Result<Option<i64>, StoreError> {
        if let Some(number) = self.numbers.get(&id) {
            return Ok(Some(*number));
        }
        find(connection, self.indexed, &self.filter, id)
    }

    /// Whether a receipt of this id may be there, as far as is known without looking into the index. Asked of some ids
    /// before they are added, their places in memory are fetched at once and not one after the other.
    pub(super) fn may_have(&self, id: ChoiceId) -> bool {
        let is_here = self.numbers.contains_key(&id);
        is_here | self.filter.may_have(id)
    }

    /// Whether the receipt of this id is new, and therefore this entry; `may_have` is what [`Self::may_have`] says of it.
    pub(super) fn adds(
        &mut self,
        connection: &Connection,
        id: ChoiceId,
        may_have: bool,
        number: i64,
    ) -> Result<bool, StoreError> {
        let Entry::Vacant(place) = self.numbers.entry(id) else {
            return Ok(false);
        };
        if may_have && find(connection, self.indexed, &self.filter, id)?.is_some() {
            return Ok(false);
        }
        place.insert(number);
        self.end = number;
        self.added += 1;
        Ok(true)
    }

    /// An entry was added that is no receipt.
    pub(super) fn is_added(&mut self, number: i64) {
        self.end = number;
    }

    /// These receipts were erased: they do not come into the index any more.
    pub(super) fn is_erased(&mut self, spans: &[Span]) {
        let has = |number: i64| {
            let number = u64::try_from(number).unwrap_or_default();
            let after = spans.partition_point(|span| span.last < number);
            spans.get(after).is_some_and(|span| span.first <= number)
        };
        let ends = spans.last().map_or(0, |span| span.last);
        if i64::try_from(ends).is_ok_and(|last| last <= self.indexed) {
            return;
        }
        self.numbers.retain(|_, number| !has(*number));
        if let Some(portion) = &mut self.under_way {
            portion.ids.retain(|(_, number)| !has(*number));
        }
    }

    fn others_indexed_up_to(&mut self, indexed: i64) {
        if indexed > self.end {
            // They have brought in what was never known here.
            self.filter = Filter::default();
        }
        for (id, number) in &self.numbers {
            if *number <= indexed {
                self.filter.learn(*id);
            }
        }
        self.is_indexed_up_to(indexed);
    }

    /// The index has all entries up to this one, and the filter knows.
    fn is_indexed_up_to(&mut self, indexed: i64) {
        self.indexed = indexed;
        self.end = self.end.max(indexed);
        self.numbers.retain(|_, number| *number > indexed);
        self.under_way = None;
    }

    /// Knows more of what the index has, so that what it does not have need not be looked up: so many ids more at most.
    pub(super) fn read_some(
        &mut self,
        connection: &Connection,
        most: usize,
    ) -> Result<(), StoreError> {
        self.filter.read_some(connection, self.indexed, most)
    }

    /// Brings some of what is known here into the index, if there is enough of it: two for each receipt that was added,
    /// so that one portion is done before the next is there.
    pub(super) fn index_some(&mut self, connection: &Connection) -> Result<(), StoreError> {
        if self.under_way.is_none() {
            if self.numbers.len() < self.portion {
                return Ok(());
            }
            let numbers = self.numbers.iter();
            let mut ids: Vec<_> = numbers.map(|(id, number)| (*id, *number)).collect();
            // As the index has them, by their bytes from the first to the last.
            ids.sort_unstable_by_key(|(id, _)| Reverse(u128::from_be_bytes(*id.as_bytes())));
            self.under_way = Some(Portion {
                ids,
                aged: self.indexed,
                end: self.end,
            });
            self.added = 0;
        }
        let step = STEP.min(self.portion);
        let Some(portion) = self.under_way.as_mut().filter(|_| self.added >= step) else {
            return Ok(());
        };
        let more = portion.ids.len().saturating_sub(2 * self.added);
        self.added = 0;
        let mut next = portion.ids.split_off(more);
        next.reverse();
        Rows::new(connection, &INDEX)?.add(&next, |(id, number), statement, first| {
            statement.raw_bind_parameter(first, id.as_bytes())?;
            statement.raw_bind_parameter(first + 1, number)
        })?;
        for (id, _) in &next {
            self.filter.learn(*id);
        }
        if portion.aged < portion.end {
            let next = portion.end.min(portion.aged.saturating_add(NEIGHBOURS));
            let mut add = connection.prepare_cached(
                "INSERT INTO ages (situation, at, first, last) \
                 SELECT situation, min(at), min(number), max(number) FROM entries \
                 WHERE number > ?1 AND number <= ?2 AND at IS NOT NULL GROUP BY situation \
                 ON CONFLICT DO UPDATE SET last = max(last, excluded.last)",
            )?;
            add.execute([portion.aged, next])?;
            portion.aged = next;
        }
        if portion.ids.is_empty() && portion.aged == portion.end {
            let end = portion.end;
            self.is_indexed_up_to(end);
            connection
                .prepare_cached("UPDATE head SET indexed = ?1")?
                .execute([end])?;
        }
        Ok(())
    }
}

/// Which entry the index has under this id, where there is one at all.
fn find(
    connection: &Connection,
    indexed: i64,
    filter: &Filter,
    id: ChoiceId,
) -> Result<Option<i64>, StoreError> {
    if indexed == 0 || !filter.may_have(id) {
        return Ok(None);
    }
    let mut find = connection.prepare_cached("SELECT number FROM ids WHERE id = ?1")?;
    let found = find.query_row([id.as_bytes()], |row| row.get(0));
    Ok(found.optional()?)
}
