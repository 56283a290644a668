//! A ledger in a file.
//!
//! Write-ahead log, `synchronous=FULL`: what was committed is on the disk. Everybody who has the file open
//! appends to one chain, one after the other, so that there is one writer, 1. What is erased is overwritten
//! (`secure_delete`), in the log too.

mod read;

use std::collections::{HashMap, HashSet};
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use placet::ChoiceId;
use rusqlite::{
    Connection, ErrorCode, OptionalExtension, Transaction, TransactionBehavior, params,
};
use serde_json::value::RawValue;

use super::tally::DAY;
use super::{
    Appended, Each, MOST_SITUATIONS, Status, Store, StoreError, Submitted, Tally, packed, trace,
};
use crate::chain::{Content, Erasure, Head, LedgerId, Place, Why};
use crate::checkpoint::Checkpoint;
use crate::day::Day;
use crate::digest::Digest;
use crate::document::{Document, DocumentKind};
use crate::moment::Moment;
use crate::receipt::{Receipt, Situation};
use crate::recorder::Erased;
use crate::spool::for_owner;

/// What this version writes.
const LAYOUT: u32 = 1;
/// `placet` in `PRAGMA application_id`.
const APPLICATION: i32 = 0x706c_6374;
/// The one writer.
const WRITER: u32 = 1;
/// How long it waits for another process to end its turn.
const PATIENCE: Duration = Duration::from_secs(2);

/// A ledger in a file of SQLite.
#[derive(Debug)]
pub struct Sqlite {
    connection: Connection,
    path: PathBuf,
    /// Which file it is, as far as the system tells.
    file: Option<(u64, u64)>,
    id: LedgerId,
    known: Known,
    /// Situations by their row.
    rows: HashMap<i64, Arc<Situation>>,
    /// Whether the log may hold what was erased, because somebody was reading it.
    is_log_owed: bool,
}

/// A situation as it is kept.
#[derive(Debug)]
struct Kept {
    row: i64,
    json: Box<RawValue>,
}

/// What need not be added any more.
#[derive(Debug, Default)]
struct Known {
    situations: HashMap<Arc<Situation>, Kept>,
    documents: HashSet<Digest>,
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::TooBig | ErrorCode::ConstraintViolation | ErrorCode::TypeMismatch) => {
                Self::Refused(error.to_string())
            }
            _ => Self::Away(error.into()),
        }
    }
}

impl Sqlite {
    /// Opens the ledger in this file, which is made where there is none.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotALedger`] for a file of something else, [`StoreError::LaterLayout`], or why it
    /// cannot be reached.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let not_a_ledger = |why: String| StoreError::NotALedger {
            what: path.display().to_string(),
            why,
        };
        make_private(path);
        let mut connection = Connection::open(path)?;
        connection.busy_timeout(PATIENCE)?;
        let application = connection.pragma_query_value(None, "application_id", |row| row.get(0));
        let application: i32 = application.map_err(|error| match error.sqlite_error_code() {
            Some(ErrorCode::NotADatabase) => not_a_ledger("it is no SQLite database".to_owned()),
            _ => error.into(),
        })?;
        let tables: i64 =
            connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
        if application != APPLICATION && tables > 0 {
            return Err(not_a_ledger(
                "it is a database of something else".to_owned(),
            ));
        }
        connection.pragma_update(None, "journal_mode", "wal")?;
        connection.pragma_update(None, "synchronous", "full")?;
        connection.pragma_update(None, "secure_delete", true)?;
        connection.pragma_update(None, "foreign_keys", true)?;
        connection.pragma_update(None, "wal_autocheckpoint", 4_096)?;
        connection.pragma_update(None, "cache_size", -65_536)?;
        let id = Self::set_up(&mut connection)?;
        Ok(Self {
            connection,
            path: path.to_owned(),
            file: file_at(path),
            id,
            known: Known::default(),
            rows: HashMap::new(),
            is_log_owed: false,
        })
    }

    /// Makes the tables where there are none, and reads which ledger it is.
    fn set_up(connection: &mut Connection) -> Result<LedgerId, StoreError> {
        let turn = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let layout: u32 = turn.pragma_query_value(None, "user_version", |row| row.get(0))?;
        if layout > LAYOUT {
            return Err(StoreError::LaterLayout {
                found: layout,
                known: LAYOUT,
            });
        }
        if layout == 0 {
            let mut bits = [0; 16];
            getrandom::fill(&mut bits)
                .map_err(|error| StoreError::Away(error.to_string().into()))?;
            let head = Head::empty(LedgerId::from_bytes(bits), WRITER);
            turn.execute_batch(include_str!("schema.sql"))?;
            turn.execute("INSERT INTO ledger VALUES (?1)", [bits])?;
            turn.execute(
                "INSERT INTO head VALUES (0, ?1, 0, 0, NULL)",
                [head.link.as_bytes()],
            )?;
            turn.pragma_update(None, "application_id", APPLICATION)?;
            turn.pragma_update(None, "user_version", LAYOUT)?;
        }
        let id: [u8; 16] = turn.query_row("SELECT id FROM ledger", [], |row| row.get(0))?;
        turn.commit()?;
        Ok(LedgerId::from_bytes(id))
    }

    /// Copies the ledger into a new file while it is in use (`VACUUM INTO`).
    ///
    /// # Errors
    ///
    /// Why it was not copied.
    pub fn back_up(&mut self, to: &Path) -> Result<(), StoreError> {
        let Some(to) = to.to_str() else {
            let why = "the name of the copy is no text in UTF-8".to_owned();
            return Err(StoreError::Refused(why));
        };
        make_private(Path::new(to));
        self.connection.execute("VACUUM INTO ?1", [to])?;
        Ok(())
    }

    /// A situation as it is kept; it is added where it is new.
    fn keep_situation<'k>(
        turn: &Transaction<'_>,
        known: &'k mut HashMap<Arc<Situation>, Kept>,
        situation: &Arc<Situation>,
    ) -> Result<&'k Kept, StoreError> {
        if !known.contains_key(situation) {
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
            let json = RawValue::from_string(json)
                .map_err(|error| StoreError::Refused(error.to_string()))?;
            if known.len() >= MOST_SITUATIONS {
                known.clear();
            }
            known.insert(Arc::clone(situation), Kept { row, json });
        }
        let kept = known.get(situation);
        kept.ok_or_else(|| StoreError::Refused("a situation that is not kept".to_owned()))
    }

    fn append_in(
        turn: &Transaction<'_>,
        known: &mut Known,
        batch: &[Submitted],
    ) -> Result<Appended, StoreError> {
        let (mut head, mut last) =
            turn.query_row("SELECT number, link, last FROM head", [], |row| {
                Ok((read::head(row)?, row.get::<_, Option<i64>>(2)?))
            })?;
        let mut keep =
            turn.prepare_cached("INSERT OR IGNORE INTO documents VALUES (?1, ?2, ?3)")?;
        let mut add = turn.prepare_cached(
            "INSERT INTO entries (number, link, id, follows, at, situation, states, how, signals, \
             address, user_agent, salt) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12) \
             ON CONFLICT (id) WHERE id IS NOT NULL DO NOTHING",
        )?;
        let mut added = 0;
        let mut tallies: HashMap<_, i64> = HashMap::new();
        let mut appended = Appended::default();
        let mut is_any_forgotten = turn.prepare_cached("SELECT 1 FROM forgotten LIMIT 1")?;
        let is_any_forgotten = is_any_forgotten.exists([])?;
        let mut is_forgotten = turn.prepare_cached("SELECT 1 FROM forgotten WHERE id = ?1")?;
        for (at_place, Submitted { receipt, documents }) in batch.iter().enumerate() {
            if is_any_forgotten && is_forgotten.exists([trace(receipt.id).as_bytes()])? {
                appended.forgotten.push(at_place);
                continue;
            }
            for document in documents {
                let digest = document.digest();
                if known.documents.insert(digest) {
                    let kind = document.kind().name();
                    keep.execute(params![digest.as_bytes(), kind, document.body()])?;
                }
            }
            let situation = Self::keep_situation(turn, &mut known.situations, &receipt.situation)?;
            let next = head.after_receipt(&receipt.digest_with(&situation.json));
            let at = receipt.at.as_millis();
            let states = packed::states(receipt);
            let how = packed::how(receipt.how);
            let signals = packed::signals(receipt.signals);
            let count = add.execute(params![
                number(next.place)?,
                next.link.as_bytes(),
                receipt.id.as_bytes(),
                receipt.follows.as_ref().map(ChoiceId::as_bytes),
                at,
                situation.row,
                states,
                how,
                signals,
                receipt.client.address,
                receipt.client.user_agent,
                receipt.salt,
            ])?;
            if count == 0 {
                appended.there.push(at_place);
                continue;
            }
            head = next;
            let alike = (at.div_euclid(DAY), situation.row, states, how, signals);
            *tallies.entry(alike).or_default() += 1;
            last = Some(at);
            added += 1;
        }
        let mut count = turn.prepare_cached(
            "INSERT INTO tallies VALUES (?1, ?2, ?3, ?4, ?5, ?6) \
             ON CONFLICT DO UPDATE SET count = count + excluded.count",
        )?;
        for ((day, situation, states, how, signals), more) in tallies {
            count.execute(params![day, situation, states, how, signals, more])?;
        }
        let line = "UPDATE head SET number = ?1, link = ?2, receipts = receipts + ?3, last = ?4";
        let parameters = params![number(head.place)?, head.link.as_bytes(), added, last];
        turn.prepare_cached(line)?.execute(parameters)?;
        Ok(appended)
    }

    /// Empties these entries, and adds one that says so.
    fn erase_in(
        turn: &Transaction<'_>,
        erased: &[(i64, Receipt)],
        now: Moment,
        why: Why,
    ) -> Result<Erased, StoreError> {
        let mut empty = turn.prepare_cached(
            "UPDATE entries SET id = NULL, follows = NULL, at = NULL, situation = NULL, states = NULL, \
             how = NULL, signals = NULL, address = NULL, user_agent = NULL, salt = NULL, \
             content = ?2 WHERE number = ?1",
        )?;
        let mut forget = turn.prepare_cached("INSERT OR IGNORE INTO forgotten VALUES (?1)")?;
        let mut places = Vec::with_capacity(erased.len());
        for (row, receipt) in erased {
            empty.execute(params![row, receipt.digest().as_bytes()])?;
            if why == Why::Request {
                forget.execute([trace(receipt.id).as_bytes()])?;
            }
            places.push(Place {
                writer: WRITER,
                number: u64::try_from(*row).unwrap_or_default(),
            });
        }
        let mut head = turn.query_row("SELECT number, link FROM head", [], read::head)?;
        let erasure = Erasure::new(now, why, places);
        let json = erasure.to_json();
        let entry = head.append(Content::Erasure(erasure));
        turn.execute(
            "INSERT INTO entries (number, link, content) VALUES (?1, ?2, ?3)",
            params![number(entry.place)?, entry.link.as_bytes(), json],
        )?;
        let count = i64::try_from(erased.len()).unwrap_or(i64::MAX);
        turn.execute(
            "UPDATE head SET number = ?1, link = ?2, receipts = receipts - ?3, erased = erased + ?3",
            params![number(head.place)?, head.link.as_bytes(), count],
        )?;
        Ok(Erased {
            receipts: erased.len() as u64,
        })
    }

    /// Does something in a turn of its own: all of it or nothing.
    fn turn<T>(
        &mut self,
        work: impl FnOnce(&Transaction<'_>, &mut Known) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        // Whatever is written to a file that was moved or removed is lost with the process.
        if self.file.is_some() && file_at(&self.path) != self.file {
            let path = self.path.display();
            let what = format!(
                "{path} is not the file any more that was opened; stop the server before a ledger is replaced"
            );
            return Err(StoreError::Away(what.into()));
        }
        let turn = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        let done = work(&turn, &mut self.known).and_then(|done| {
            turn.commit()?;
            Ok(done)
        });
        if done.is_err() {
            // Some of it may have been added in vain.
            self.known = Known::default();
        } else if self.is_log_owed {
            // Nobody who comes next waits for who is reading.
            self.connection.busy_timeout(Duration::ZERO)?;
            self.empty_log();
            self.connection.busy_timeout(PATIENCE)?;
        }
        done
    }

    /// Takes what was erased out of the log as well; while somebody reads that, it is owed.
    fn empty_log(&mut self) {
        let line = "PRAGMA wal_checkpoint(TRUNCATE)";
        let is_busy = self.connection.query_row(line, [], |row| row.get(0));
        self.is_log_owed = !matches!(is_busy, Ok(0_i64));
    }
}

/// Which file this is: its device and its number there.
fn file_at(path: &Path) -> Option<(u64, u64)> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let found = std::fs::metadata(path).ok()?;
        Some((found.dev(), found.ino()))
    }
    #[cfg(not(unix))]
    {
        _ = path;
        None
    }
}

/// Makes a file that is not there yet one that only its owner reads, as the log beside it is then: it says what people
/// chose. Whether it can be made, SQLite says.
fn make_private(path: &Path) {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    _ = for_owner(&mut options).open(path);
}

/// The number as SQLite has numbers.
fn number(place: Place) -> Result<i64, StoreError> {
    let number = i64::try_from(place.number);
    number.map_err(|_| StoreError::Refused(format!("entry {place} is one too many")))
}

impl Store for Sqlite {
    fn ledger(&self) -> LedgerId {
        self.id
    }

    fn append(&mut self, batch: &[Submitted]) -> Result<Appended, StoreError> {
        self.turn(|turn, known| Self::append_in(turn, known, batch))
    }

    fn history(&mut self, id: ChoiceId, most: usize) -> Result<Vec<Receipt>, StoreError> {
        let turn = self.connection.transaction()?;
        let found = read::history(&turn, &mut self.rows, id, most)?;
        Ok(found.into_iter().map(|(_, receipt)| receipt).collect())
    }

    fn erase(&mut self, id: ChoiceId, now: Moment) -> Result<Erased, StoreError> {
        let mut rows = std::mem::take(&mut self.rows);
        let erased = self.turn(|turn, _| {
            let found = read::history(turn, &mut rows, id, usize::MAX)?;
            if found.is_empty() {
                return Ok(Erased::default());
            }
            Self::erase_in(turn, &found, now, Why::Request)
        });
        self.rows = rows;
        let erased = erased?;
        if erased.receipts > 0 {
            self.empty_log();
        }
        Ok(erased)
    }

    fn prune(&mut self, keep_days: u32, now: Moment, most: usize) -> Result<Erased, StoreError> {
        let mut rows = std::mem::take(&mut self.rows);
        let erased = self.turn(|turn, _| {
            let found = read::outlived(turn, &mut rows, keep_days, now, most)?;
            if found.is_empty() {
                return Ok(Erased::default());
            }
            Self::erase_in(turn, &found, now, Why::Retention)
        });
        self.rows = rows;
        let erased = erased?;
        if erased.receipts == 0 {
            self.empty_log();
        }
        Ok(erased)
    }

    fn entries(&mut self, each: &mut Each<'_>) -> Result<Vec<Head>, StoreError> {
        // Others may add meanwhile: a transaction sees one moment.
        let turn = self.connection.transaction()?;
        let head = turn.query_row("SELECT number, link FROM head", [], read::head)?;
        read::entries(&turn, &mut self.rows, each)?;
        Ok(vec![head])
    }

    fn heads(&mut self) -> Result<Vec<Head>, StoreError> {
        Ok(vec![self.own_head()?])
    }

    fn own_head(&mut self) -> Result<Head, StoreError> {
        let line = "SELECT number, link FROM head";
        Ok(self.connection.query_row(line, [], read::head)?)
    }

    fn checkpoints(&mut self) -> Result<Vec<Checkpoint>, StoreError> {
        let line = "SELECT json FROM checkpoints ORDER BY number";
        let mut find = self.connection.prepare_cached(line)?;
        let mut rows = find.query([])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let text: String = row.get(0)?;
            let checkpoint = text.parse().map_err(|error| StoreError::NotALedger {
                what: "a checkpoint".to_owned(),
                why: format!("{error}"),
            });
            found.push(checkpoint?);
        }
        Ok(found)
    }

    fn add_checkpoint(&mut self, checkpoint: &Checkpoint) -> Result<(), StoreError> {
        let line = "INSERT INTO checkpoints (json) VALUES (?1)";
        self.connection.execute(line, [checkpoint.to_string()])?;
        Ok(())
    }

    fn document(&mut self, digest: Digest) -> Result<Option<Document>, StoreError> {
        let line = "SELECT kind, body FROM documents WHERE digest = ?1";
        let found = self.connection.query_row(line, [digest.as_bytes()], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, Vec<u8>>(1)?))
        });
        let found = found.optional()?;
        let document = found
            .and_then(|(kind, body)| Some(Document::new(DocumentKind::from_name(&kind)?, body)));
        Ok(document.filter(|document| document.digest() == digest))
    }

    fn tallies(&mut self, days: RangeInclusive<Day>) -> Result<Vec<Tally>, StoreError> {
        read::tallies(&self.connection, &mut self.rows, &days)
    }

    fn status(&mut self) -> Result<Status, StoreError> {
        let line = "SELECT number, link, receipts, erased, last FROM head";
        let (head, receipts, erased, last) = self.connection.query_row(line, [], |row| {
            let last: Option<i64> = row.get(4)?;
            Ok((
                read::head(row)?,
                row.get::<_, i64>(2)?,
                row.get::<_, i64>(3)?,
                last,
            ))
        })?;
        let pages: i64 = self
            .connection
            .pragma_query_value(None, "page_count", |row| row.get(0))?;
        let size: i64 = self
            .connection
            .pragma_query_value(None, "page_size", |row| row.get(0))?;
        let whole = |number: i64| u64::try_from(number).unwrap_or_default();
        Ok(Status {
            ledger: self.id,
            layout: LAYOUT,
            receipts: whole(receipts),
            erased: whole(erased),
            bytes: whole(pages.saturating_mul(size)),
            last: last.and_then(Moment::from_millis),
            heads: vec![head],
        })
    }
}
