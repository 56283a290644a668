//! A ledger in a PostgreSQL database, in a schema `placet` of its own, that any number of servers share.
//!
//! Each connection that adds entries has a chain of its own, whose number it holds by an advisory lock
//! until it ends. An id is in the ledger once, whatever server adds it: the table `ids` sees to it. Entries lie in
//! tables by month. What is committed is on the server's disk.
//!
//! A server that is gone, or does not answer within seconds, is [`StoreError::Away`]; the next call connects again.
//! What was erased leaves the server's files when PostgreSQL vacuums, which it does by itself, and its log
//! when that is recycled.
//!
//! Needs PostgreSQL 14 or later with PL/pgSQL, which every database has unless somebody removed it, and the right to
//! create a schema in the database, or an empty schema `placet` of its own. Calls wait, so they must not come from a task of an async runtime.

mod address;
mod fault;
mod layout;
mod read;
mod session;
mod write;

use std::fmt;
use std::ops::RangeInclusive;

use placet::ChoiceId;
use time::OffsetDateTime;
use tokio_postgres::Config;

use super::{Appended, Each, LedgerUrl, Portion, Status, Store, StoreError, Submitted, Tally};
use crate::chain::{Head, LedgerId, Place, Why};
use crate::checkpoint::Checkpoint;
use crate::day::Day;
use crate::digest::Digest;
use crate::document::{Document, DocumentKind};
use crate::moment::Moment;
use crate::receipt::Receipt;
use crate::recorder::Erased;
use fault::Fault;
use session::Session;

/// A ledger in a PostgreSQL database.
pub struct Postgres {
    url: LedgerUrl,
    config: Config,
    ledger: LedgerId,
    session: Option<Session>,
}

impl fmt::Debug for Postgres {
    /// Without a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Postgres").field(&self.url).finish()
    }
}

impl Postgres {
    /// Opens the ledger in the database at this address (`postgres://user@host/database`), whose tables are
    /// made where there are none.
    ///
    /// # Errors
    ///
    /// [`StoreError::Refused`] for an address that cannot be read, [`StoreError::NotALedger`] for a schema
    /// `placet` of something else, [`StoreError::LaterLayout`], or why the database cannot be reached.
    pub fn open(address: &str) -> Result<Self, StoreError> {
        let url = LedgerUrl::Postgres(address.to_owned());
        let config = address::read(&url, address)?;
        let session = Session::connect(&config)?;
        Ok(Self {
            url,
            config,
            ledger: session.ledger,
            session: Some(session),
        })
    }

    /// Adds a batch in one transaction.
    fn add(&mut self, batch: &[&Submitted]) -> Result<Appended, StoreError> {
        if batch.is_empty() {
            return Ok(Appended::default());
        }
        self.run(|session| write::append(session, batch))
    }

    /// Does something with a connection; once more with a new one where the old one turns out to be gone and
    /// nothing can have been done.
    fn run<T>(
        &mut self,
        mut work: impl FnMut(&mut Session) -> Result<T, Fault>,
    ) -> Result<T, StoreError> {
        let old = self.session.take().filter(|session| !session.is_closed());
        let is_old = old.is_some();
        let mut session = match old {
            Some(session) => session,
            None => Session::connect(&self.config)?,
        };
        let mut done = work(&mut session);
        if is_old && matches!(done, Err(Fault::Lost(_))) && !session.is_committing() {
            drop(session);
            session = Session::connect(&self.config)?;
            done = work(&mut session);
        }
        let keep = match &done {
            Ok(_) => true,
            Err(Fault::Told(_)) => session.roll_back().is_ok(),
            Err(Fault::Lost(_) | Fault::Hung(_)) => false,
        };
        if keep {
            // Somebody may have put another database in its place.
            self.ledger = session.ledger;
            self.session = Some(session);
        }
        Ok(done?)
    }
}

/// The place as this version knows places.
fn place(writer: i32, number: i64) -> Place {
    Place {
        writer: u32::try_from(writer).unwrap_or_default(),
        number: u64::try_from(number).unwrap_or_default(),
    }
}

/// The number as PostgreSQL has numbers.
fn number(place: Place) -> Result<i64, StoreError> {
    let number = i64::try_from(place.number);
    number.map_err(|_| StoreError::Refused(format!("entry {place} is one too many")))
}

/// The writer as PostgreSQL has numbers of writers. Another one is no fault of what is added, which may wait.
fn writer(place: Place) -> Result<i32, Fault> {
    let writer = i32::try_from(place.writer);
    writer.map_err(|_| {
        let most = i32::MAX;
        Fault::away(format!(
            "entry {place} is of a writer for whom the tables have no number; expected {most} at most"
        ))
    })
}

/// The month that a moment lies in, like 202611.
fn month(moment: Moment) -> i32 {
    let second = moment.second().as_unix();
    let date = OffsetDateTime::from_unix_timestamp(second);
    date.map_or(0, |date| {
        date.year() * 100 + i32::from(u8::from(date.month()))
    })
}

impl Store for Postgres {
    fn ledger(&self) -> LedgerId {
        self.ledger
    }

    fn append(&mut self, batch: &[Submitted]) -> Result<Appended, StoreError> {
        self.add(&batch.iter().collect::<Vec<_>>())
    }

    fn append_portions(
        &mut self,
        portions: &mut dyn Iterator<Item = Portion>,
    ) -> Result<Appended, StoreError> {
        let portions: Vec<Portion> = portions.collect();
        let batch = portions.iter().flat_map(|portion| portion.iter());
        self.add(&batch.collect::<Vec<_>>())
    }

    fn history(&mut self, id: ChoiceId, most: usize) -> Result<Vec<Receipt>, StoreError> {
        self.run(|session| {
            session.begin_reading()?;
            let found = read::history(session, id, most, false)?;
            session.end_reading()?;
            Ok(found.into_iter().map(|found| found.receipt).collect())
        })
    }

    fn erase(&mut self, id: ChoiceId, now: Moment) -> Result<Erased, StoreError> {
        self.run(|session| write::erase(session, now, Why::Request, write::to_erase(id)))
    }

    fn prune(&mut self, keep_days: u32, now: Moment, most: usize) -> Result<Erased, StoreError> {
        self.run(|session| {
            write::erase(session, now, Why::Retention, |session| {
                read::outlived(session, keep_days, now, most)
            })
        })
    }

    fn count_outlived(&mut self, keep_days: u32, now: Moment) -> Result<u64, StoreError> {
        self.run(|session| read::count_outlived(session, keep_days, now))
    }

    fn entries(&mut self, each: &mut Each<'_>) -> Result<Vec<Head>, StoreError> {
        let heads = self.run(|session| {
            session.begin_reading()?;
            read::heads(session)
        })?;
        // Rows that no writer makes are read too: somebody may have slipped them in.
        let mut next = Some((i32::MIN, i64::MIN, i32::MIN));
        while let Some(after) = next {
            // A connection that is lost here is not made anew: another would see another moment.
            let Some(mut session) = self.session.take() else {
                return Err(Fault::Lost("the connection ended".to_owned()).into());
            };
            let page = match read::page(&mut session, after) {
                Ok(page) => page,
                Err(Fault::Told(error)) => {
                    if session.roll_back().is_ok() {
                        self.session = Some(session);
                    }
                    return Err(error);
                }
                Err(fault) => return Err(fault.into()),
            };
            self.session = Some(session);
            next = page.next;
            let mut is_over = false;
            for entry in page.entries {
                if each(entry).is_break() {
                    is_over = true;
                    break;
                }
            }
            if is_over {
                break;
            }
            if let Some(fault) = page.wrong {
                self.run(Session::roll_back)?;
                return Err(fault.into());
            }
        }
        self.run(Session::end_reading)?;
        Ok(heads)
    }

    fn heads(&mut self) -> Result<Vec<Head>, StoreError> {
        self.run(read::heads)
    }

    fn own_head(&mut self) -> Result<Head, StoreError> {
        let line = "SELECT writer, number, link FROM placet.writers WHERE writer = $1";
        self.run(|session| {
            let writer = session.writer()?;
            read::head(&session.row(line, &[&writer])?)
        })
    }

    fn checkpoints(&mut self) -> Result<Vec<Checkpoint>, StoreError> {
        let line = "SELECT json FROM placet.checkpoints ORDER BY number";
        let rows = self.run(|session| session.query(line, &[]))?;
        let not_one = |why: String| StoreError::NotALedger {
            what: "a checkpoint".to_owned(),
            why,
        };
        let read = |row: &tokio_postgres::Row| {
            let bytes = row.try_get(0).map_err(|error| not_one(error.to_string()))?;
            let text = str::from_utf8(bytes).map_err(|error| not_one(error.to_string()))?;
            text.parse::<Checkpoint>()
                .map_err(|error| not_one(error.to_string()))
        };
        rows.iter().map(read).collect()
    }

    fn add_checkpoint(&mut self, checkpoint: &Checkpoint) -> Result<(), StoreError> {
        let line = "INSERT INTO placet.checkpoints (json) VALUES ($1)";
        let json = checkpoint.to_string();
        self.run(|session| {
            session.begin()?;
            session.query(line, &[&json.as_bytes()])?;
            session.commit()
        })
    }

    fn document(&mut self, digest: Digest) -> Result<Option<Document>, StoreError> {
        let line = "SELECT kind, body FROM placet.documents WHERE digest = $1";
        let rows = self.run(|session| session.query(line, &[&digest.as_bytes().as_slice()]))?;
        let document = rows.first().and_then(|row| {
            let kind = DocumentKind::from_name(row.try_get(0).ok()?)?;
            Some(Document::new(kind, row.try_get::<_, &[u8]>(1).ok()?))
        });
        Ok(document.filter(|document| document.digest() == digest))
    }

    fn tallies(&mut self, days: RangeInclusive<Day>) -> Result<Vec<Tally>, StoreError> {
        self.run(|session| read::tallies(session, &days))
    }

    fn status(&mut self) -> Result<Status, StoreError> {
        self.run(|session| {
            let row = session.row(
                "SELECT coalesce(sum(receipts), 0)::bigint, coalesce(sum(erased), 0)::bigint, max(last), \
                   (SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint FROM pg_class c \
                    WHERE c.relnamespace = 'placet'::regnamespace AND c.relkind = 'r') \
                 FROM placet.writers",
                &[],
            )?;
            let whole = |at: usize| -> Result<u64, Fault> {
                Ok(u64::try_from(row.try_get::<_, i64>(at)?).unwrap_or_default())
            };
            Ok(Status {
                ledger: session.ledger,
                layout: layout::LAYOUT,
                receipts: whole(0)?,
                erased: whole(1)?,
                bytes: whole(3)?,
                last: row.try_get::<_, Option<i64>>(2)?.and_then(Moment::from_millis),
                heads: read::heads(session)?,
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_writer_for_whom_the_tables_have_no_number_is_an_error_that_says_so() {
        let of = |writer| Place { writer, number: 7 };
        assert!(matches!(writer(of(3)), Ok(3)));
        let Err(fault) = writer(of(u32::MAX)) else {
            panic!("expected an error");
        };
        let error = StoreError::from(fault);
        assert!(matches!(error, StoreError::Away(_)));
        let text = error.to_string();
        assert!(text.contains("4294967295/7"), "{text}");
        assert!(text.contains("2147483647 at most"), "{text}");
    }
}
