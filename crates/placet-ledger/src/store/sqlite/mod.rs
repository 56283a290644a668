//! A ledger in a file.
//!
//! Write-ahead log, `synchronous=FULL`: what was committed is on the disk. Everybody who has the file open
//! appends to one chain, one after the other, so that there is one writer, 1. What is erased is overwritten
//! (`secure_delete`), in the log too.
//!
//! Receipts that are added change the end of one table. The index of their ids follows hundreds of thousands of receipts
//! later, and whoever has the file open knows the rest from the entries themselves ([`tail`]). A ledger of an earlier layout is
//! brought to this version's when it is opened; earlier versions do not open it any more.
//!
//! What is known of the index ([`filter`]) spares a look into it for almost every receipt, however large it is; and what is in the
//! log comes into the file beside those who add ([`backfill`]).

mod backfill;
mod filter;
mod keyed;
mod layout;
mod read;
mod rows;
mod tail;
#[cfg(test)]
mod tests;
mod write;

use std::collections::HashMap;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use placet::ChoiceId;
use rusqlite::{Connection, ErrorCode, OptionalExtension, Transaction, TransactionBehavior};

use super::{Appended, Each, Portion, Status, Store, StoreError, Submitted, Tally};
use crate::chain::{Head, LedgerId, Why};
use crate::checkpoint::Checkpoint;
use crate::day::Day;
use crate::digest::Digest;
use crate::document::{Document, DocumentKind};
use crate::moment::Moment;
use crate::receipt::{Receipt, Situation};
use crate::recorder::Erased;
use crate::spool::for_owner;
use backfill::Backfill;
#[cfg(test)]
use tail::Tail;
use write::Known;

/// `placet` in `PRAGMA application_id`.
const APPLICATION: i32 = 0x706c_6374;
/// The one writer.
const WRITER: u32 = 1;
/// How many pages of 4 KiB the log may have before who adds brings what is left of it into the file, so that it begins anew.
const LOG_PAGES: i64 = 8 * 1024;
/// How much of the file is at hand, in KiB as a negative number. More of it makes who adds slower: where pages of an index
/// are parted, SQLite looks through all that it has at hand when they are committed.
const CACHE: i64 = -4096;
/// As much while every entry is read, whose ids are looked up in no order.
const CACHE_TO_READ_ALL: i64 = -65_536;
/// How many statements are kept for the next time.
const STATEMENTS: usize = 64;
/// How long it waits for another process to end its turn.
const PATIENCE: Duration = Duration::from_secs(2);

/// A ledger in a file of SQLite.
#[derive(Debug)]
pub struct Sqlite {
    /// Ends before the connection, which is the last one then.
    backfill: Backfill,
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
        make_private(path);
        let mut connection = Connection::open(path)?;
        connection.busy_timeout(PATIENCE)?;
        layout::check(&connection, path)?;
        connection.pragma_update(None, "journal_mode", "wal")?;
        connection.pragma_update(None, "synchronous", "full")?;
        connection.pragma_update(None, "secure_delete", true)?;
        // Who adds sees to it that there is a situation for each row, once for many.
        connection.pragma_update(None, "foreign_keys", false)?;
        connection.pragma_update(None, "wal_autocheckpoint", LOG_PAGES)?;
        connection.pragma_update(None, "cache_size", CACHE)?;
        // Each statement that comes again and again.
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        let id = layout::set_up(&mut connection)?;
        Ok(Self::of(connection, id, path))
    }

    /// Opens the ledger in this file without changing anything of it: of a file that cannot be written, say.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotALedger`], [`StoreError::LaterLayout`], [`StoreError::EarlierLayout`], or why it cannot be read.
    pub fn open_to_read(path: &Path) -> Result<Self, StoreError> {
        let (connection, id) = layout::read_only(path)?;
        Ok(Self::of(connection, id, path))
    }

    /// The store of a ledger that is open.
    fn of(connection: Connection, id: LedgerId, path: &Path) -> Self {
        Self {
            backfill: Backfill::default(),
            connection,
            path: path.to_owned(),
            file: file_at(path),
            id,
            known: Known::default(),
            rows: HashMap::new(),
            is_log_owed: false,
        }
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
            self.known.forget();
        } else if self.is_log_owed {
            // Nobody who comes next waits for who is reading.
            self.connection.busy_timeout(Duration::ZERO)?;
            self.empty_log();
            self.connection.busy_timeout(PATIENCE)?;
        }
        done
    }

    /// Adds these portions in one turn.
    fn add<P: AsRef<[Submitted]>>(
        &mut self,
        portions: impl Iterator<Item = P>,
    ) -> Result<Appended, StoreError> {
        let mut count = 0;
        let counted = portions.inspect(|portion| count += portion.as_ref().len());
        let appended = self.turn(|turn, known| write::append(turn, known, counted))?;
        self.backfill.added(count, &self.path);
        Ok(appended)
    }

    /// Keeps so much of the file at hand from now on.
    fn keep_at_hand(&self, size: i64) -> Result<(), StoreError> {
        Ok(self.connection.pragma_update(None, "cache_size", size)?)
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

impl Store for Sqlite {
    fn ledger(&self) -> LedgerId {
        self.id
    }

    fn append(&mut self, batch: &[Submitted]) -> Result<Appended, StoreError> {
        self.add(std::iter::once(batch))
    }

    fn append_portions(
        &mut self,
        portions: &mut dyn Iterator<Item = Portion>,
    ) -> Result<Appended, StoreError> {
        self.add(portions)
    }

    fn history(&mut self, id: ChoiceId, most: usize) -> Result<Vec<Receipt>, StoreError> {
        let turn = self.connection.transaction()?;
        let tail = &mut self.known.tail;
        let found = read::history(&turn, tail, &mut self.rows, id, most)?;
        Ok(found.into_iter().map(|(_, receipt)| receipt).collect())
    }

    fn erase(&mut self, id: ChoiceId, now: Moment) -> Result<Erased, StoreError> {
        let mut rows = std::mem::take(&mut self.rows);
        let erased = self.turn(|turn, known| {
            let found = read::history(turn, &mut known.tail, &mut rows, id, usize::MAX)?;
            write::erase(turn, &mut known.tail, &found, now, Why::Request)
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
        let erased = self.turn(|turn, known| {
            let found = read::outlived(turn, &mut rows, keep_days, now, most)?;
            write::erase(turn, &mut known.tail, &found, now, Why::Retention)
        });
        self.rows = rows;
        let erased = erased?;
        if erased.receipts == 0 {
            self.empty_log();
        }
        Ok(erased)
    }

    fn count_outlived(&mut self, keep_days: u32, now: Moment) -> Result<u64, StoreError> {
        read::count_outlived(&self.connection, keep_days, now)
    }

    fn entries(&mut self, each: &mut Each<'_>) -> Result<Vec<Head>, StoreError> {
        self.keep_at_hand(CACHE_TO_READ_ALL)?;
        // Others may add meanwhile: a transaction sees one moment.
        let turn = self.connection.transaction()?;
        let head = turn.query_row("SELECT number, link FROM head", [], read::head)?;
        let read = read::entries(&turn, &mut self.rows, each);
        drop(turn);
        self.keep_at_hand(CACHE)?;
        read?;
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
            layout: layout::LAYOUT,
            receipts: whole(receipts),
            erased: whole(erased),
            bytes: whole(pages.saturating_mul(size)),
            last: last.and_then(Moment::from_millis),
            heads: vec![head],
        })
    }
}
