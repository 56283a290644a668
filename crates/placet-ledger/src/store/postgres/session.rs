//! One connection: calls that wait for an answer, but not for ever, and what is known of the server while
//! it lasts.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::{Builder, Handle, Runtime};
use tokio::task::JoinHandle;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Config, Row, Statement};

use super::address;
use super::fault::Fault;
use crate::chain::{Head, LedgerId};
use crate::digest::Digest;
use crate::receipt::Situation;

/// How long a server may take to answer one call. It gives up by itself before that.
const PATIENCE: Duration = Duration::from_secs(8);

/// Holds for the connection. A server that was told not to wait for its own disk is told to. Each statement is done sooner
/// than it would be compiled.
const SETTINGS: &str = "SET statement_timeout = '6s'; SET lock_timeout = '3s'; \
    SET idle_in_transaction_session_timeout = '10s'; SET jit = off; \
    SET default_transaction_isolation = 'read committed'; SET default_transaction_read_only = off; \
    SELECT set_config('synchronous_commit', 'on', false) \
    WHERE current_setting('synchronous_commit') = 'off'";

/// Of the two numbers of an advisory lock, the first: `plct`. The second is a writer, or 0 for the tables.
pub(super) const LOCK: i32 = 0x706c_6374;

/// How many writers there may be at once.
const MOST_WRITERS: i32 = 4096;

/// What parameters of a statement are.
type Parameters<'a> = &'a [&'a (dyn ToSql + Sync)];

/// One connection, and what is known of the server while it lasts.
pub(super) struct Session {
    /// `None` only while it is dropped.
    line: Option<Line>,
    statements: HashMap<&'static str, Statement>,
    /// The ledger that was found.
    pub(super) ledger: LedgerId,
    writer: Option<i32>,
    /// The end of the chain of this session's writer, where it is known.
    pub(super) head: Option<Head>,
    is_open: bool,
    is_committing: bool,
    /// Rows of situations, and situations of rows.
    pub(super) situations: HashMap<Arc<Situation>, i32>,
    pub(super) rows: HashMap<i32, Arc<Situation>>,
    /// Documents that are kept.
    pub(super) documents: HashSet<Digest>,
    /// Months that have a table.
    pub(super) months: HashSet<i32>,
}

/// What carries calls to the server. Nothing moves but while somebody waits for an answer.
struct Line {
    client: Client,
    connection: JoinHandle<()>,
    runtime: Runtime,
}

impl Session {
    /// Connects, and sees to it that the tables are there.
    pub(super) fn connect(config: &Config) -> Result<Self, Fault> {
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| Fault::away(error.to_string()))?;
        // Several hosts may have to be tried.
        let hosts = config.get_hosts().len().max(1);
        let patience = PATIENCE.saturating_mul(u32::try_from(hosts).unwrap_or(1));
        let connecting = async {
            let connecting = address::connect(config);
            match tokio::time::timeout(patience, connecting).await {
                Ok(connected) => connected,
                Err(_) => Err(Fault::Hung("the server does not answer".to_owned())),
            }
        };
        let (client, connection) = match runtime.block_on(connecting) {
            Ok(connected) => connected,
            Err(fault) => {
                runtime.shutdown_background();
                return Err(fault);
            }
        };
        let mut session = Self {
            line: Some(Line {
                client,
                connection,
                runtime,
            }),
            statements: HashMap::new(),
            ledger: LedgerId::from_bytes([0; 16]),
            writer: None,
            head: None,
            is_open: false,
            is_committing: false,
            situations: HashMap::new(),
            rows: HashMap::new(),
            documents: HashSet::new(),
            months: HashSet::new(),
        };
        session.batch(SETTINGS)?;
        session.ledger = super::layout::set_up(&mut session)?;
        Ok(session)
    }

    /// Waits for the answer to a call.
    fn wait<T>(
        &self,
        call: impl AsyncFnOnce(&Client) -> Result<T, tokio_postgres::Error>,
    ) -> Result<T, Fault> {
        let Some(line) = &self.line else {
            return Err(Fault::Lost("the connection ended".to_owned()));
        };
        line.runtime.block_on(async {
            match tokio::time::timeout(PATIENCE, call(&line.client)).await {
                Ok(answer) => Ok(answer?),
                Err(_) => Err(Fault::Hung("the server does not answer".to_owned())),
            }
        })
    }

    /// Statements without parameters.
    pub(super) fn batch(&mut self, statements: &str) -> Result<(), Fault> {
        self.wait(async |client| client.batch_execute(statements).await)
    }

    /// A statement that comes again and again, parsed once.
    fn prepared(&mut self, statement: &'static str) -> Result<Statement, Fault> {
        if let Some(found) = self.statements.get(statement) {
            return Ok(found.clone());
        }
        let prepared = self.wait(async |client| client.prepare(statement).await)?;
        self.statements.insert(statement, prepared.clone());
        Ok(prepared)
    }

    /// The rows that a statement gives: outside a transaction it is one by itself, and durable when they are here.
    pub(super) fn query(
        &mut self,
        statement: &'static str,
        parameters: Parameters<'_>,
    ) -> Result<Vec<Row>, Fault> {
        let statement = self.prepared(statement)?;
        self.wait(async |client| client.query(&statement, parameters).await)
    }

    /// The one row that a statement gives.
    pub(super) fn row(
        &mut self,
        statement: &'static str,
        parameters: Parameters<'_>,
    ) -> Result<Row, Fault> {
        let rows = self.query(statement, parameters)?;
        rows.into_iter()
            .next()
            .ok_or_else(|| Fault::away("a row of the ledger is gone"))
    }

    /// Begins a transaction.
    pub(super) fn begin(&mut self) -> Result<(), Fault> {
        self.is_open = true;
        self.batch("BEGIN")
    }

    /// Begins a transaction, and gives the rows of its first statement: one journey for both.
    pub(super) fn begin_with(
        &mut self,
        statement: &'static str,
        parameters: Parameters<'_>,
    ) -> Result<Vec<Row>, Fault> {
        let statement = self.prepared(statement)?;
        self.is_open = true;
        self.wait(async |client| {
            let begin = client.batch_execute("BEGIN");
            let (begun, rows) = tokio::join!(begin, client.query(&statement, parameters));
            begun.and(rows)
        })
    }

    /// Begins to read what is there at this moment, whatever others do meanwhile, for as long as it takes.
    pub(super) fn begin_reading(&mut self) -> Result<(), Fault> {
        self.is_open = true;
        self.batch(
            // There is an index for every question that is asked; where its numbers are old or missing, PostgreSQL
            // would rather read and sort all of a table.
            "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; \
             SET LOCAL idle_in_transaction_session_timeout = 0; \
             SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off",
        )
    }

    /// Makes what was done durable.
    pub(super) fn commit(&mut self) -> Result<(), Fault> {
        self.is_committing = true;
        let done = self.batch("COMMIT");
        if !matches!(done, Err(Fault::Lost(_) | Fault::Hung(_))) {
            self.is_committing = false;
            self.is_open = false;
        }
        done
    }

    /// Undoes what was done since the beginning, if something was begun.
    pub(super) fn roll_back(&mut self) -> Result<(), Fault> {
        // Some of it may have been added in vain.
        self.head = None;
        self.situations.clear();
        self.documents.clear();
        self.months.clear();
        if !self.is_open {
            return Ok(());
        }
        self.is_open = false;
        self.batch("ROLLBACK")
    }

    /// Ends a transaction in which nothing was written.
    pub(super) fn end_reading(&mut self) -> Result<(), Fault> {
        self.is_open = false;
        self.batch("COMMIT")
    }

    /// Whether nobody knows if something became durable.
    pub(super) const fn is_committing(&self) -> bool {
        self.is_committing
    }

    /// Whether the connection has ended.
    pub(super) fn is_closed(&self) -> bool {
        self.line
            .as_ref()
            .is_none_or(|line| line.client.is_closed())
    }

    /// The writer whose chain is this session's alone: the lowest that nobody has.
    ///
    /// Were it taken by two all the same, behind a pooler that shares connections, they would take turns
    /// at the row of `writers`.
    pub(super) fn writer(&mut self) -> Result<i32, Fault> {
        if let Some(writer) = self.writer {
            return Ok(writer);
        }
        let claim = "SELECT pg_try_advisory_lock($1, $2)";
        for writer in 1..=MOST_WRITERS {
            let is_ours: bool = self.row(claim, &[&LOCK, &writer])?.try_get(0)?;
            if is_ours {
                let number = u32::try_from(writer).unwrap_or_default();
                let head = Head::empty(self.ledger, number);
                self.query(
                    "INSERT INTO placet.writers VALUES ($1, 0, $2, 0, 0, NULL) ON CONFLICT DO NOTHING",
                    &[&writer, &head.link.as_bytes().as_slice()],
                )?;
                self.writer = Some(writer);
                return Ok(writer);
            }
        }
        Err(Fault::away(format!("{MOST_WRITERS} others write to it")))
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let Some(line) = self.line.take() else {
            return;
        };
        let Line {
            client,
            connection,
            runtime,
        } = line;
        // Says goodbye, so that the writer is free for the next one; not where waiting would panic.
        let is_idle = !client.is_closed() && !self.is_open;
        drop(client);
        if is_idle && Handle::try_current().is_err() {
            _ = runtime.block_on(async {
                tokio::time::timeout(Duration::from_millis(200), connection).await
            });
        }
        runtime.shutdown_background();
    }
}
