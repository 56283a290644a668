//! A ledger in use: receipts are gathered, added many at a time, and wait on the disk while the store is
//! away.
//!
//! Three threads: the *front* takes receipts; the *back* has the store, answers for what it has added, and brings
//! what waits in the spool; the *reader* looks things up. The front never waits for the store longer
//! than it has patience: then a receipt goes into the spool, for which the front answers, and if the store had it all
//! the same, the store keeps it once.

mod answers;
mod back;
mod front;
mod health;
mod reader;
mod settings;
#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::sync::atomic::AtomicUsize;
use std::sync::mpsc::{self, SyncSender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use futures_channel::oneshot;
use placet::ChoiceId;

pub use health::Health;
pub use settings::Settings;

use crate::document::Document;
use crate::receipt::Receipt;
use crate::recorder::{Answer, Erased, Recorded, Recorder, Unavailable};
use crate::spool::{CannotSpool, Spool};
use crate::store::{self, LedgerUrl, Store, StoreError};

use back::{Back, Job, Turn};
use front::{Front, Waiting};
use health::Shared;
use reader::{Question, Reader};

/// How many receipts may wait to be taken before more are turned away.
const MOST_WAITING: usize = 16 * 1024;
/// How many visitors may wait for what is kept of them, and for it to be erased.
const MOST_QUESTIONS: usize = 256;

/// A ledger in use, by one process: what a server records with.
///
/// Cheap to clone. When the last clone is dropped, what was taken is brought to an end first.
///
/// ```
/// use placet_ledger::{Ledger, Settings};
/// # let folder = tempfile::tempdir()?;
/// # let file = folder.path().join("placet.db");
///
/// let url = format!("sqlite:{}", file.display()).parse()?;
/// let ledger = Ledger::open(&url, Settings::default())?;
/// assert!(ledger.health().is_direct);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Ledger(Arc<Desk>);

#[derive(Debug)]
struct Desk {
    /// `None` only while it is dropped.
    ways: Option<Ways>,
    erasures: Arc<AtomicUsize>,
    shared: Arc<Shared>,
    threads: Vec<JoinHandle<()>>,
}

/// The ways to the threads, which end when nobody can reach them any more.
#[derive(Debug)]
struct Ways {
    front: SyncSender<Waiting>,
    back: SyncSender<Job>,
    reader: SyncSender<Question>,
}

/// A ledger that cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CannotOpen {
    /// The store cannot be opened.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// There is nowhere to wait.
    #[error(transparent)]
    Spool(#[from] CannotSpool),
    /// The system gives no thread.
    #[error("the system gives no thread: {0}")]
    Threads(#[from] std::io::Error),
}

/// A store that is opened when it is wanted first, and once more after it was given up.
struct Access {
    store: Option<Box<dyn Store>>,
    connect: Connect,
}

impl Access {
    fn store(&mut self) -> Result<&mut dyn Store, StoreError> {
        Ok(match &mut self.store {
            Some(store) => store.as_mut(),
            none => none.insert((self.connect)()?).as_mut(),
        })
    }
}

/// What opens the store: again, where it was away.
type Connect = Arc<dyn Fn() -> Result<Box<dyn Store>, StoreError> + Send + Sync>;

impl Ledger {
    /// Opens the ledger at this address, which is made where there is none. A database that cannot be
    /// reached now is no error: receipts wait in the spool until it can.
    ///
    /// # Errors
    ///
    /// Why it cannot be used.
    pub fn open(url: &LedgerUrl, settings: Settings) -> Result<Self, CannotOpen> {
        let may_come = matches!(url, LedgerUrl::Postgres(_));
        // A store may wait in its own way, which a task of an async runtime must not.
        let opened = thread::scope(|scope| {
            let opening = thread::Builder::new().spawn_scoped(scope, || store::open(url))?;
            opening
                .join()
                .map_err(|_| std::io::Error::other("opening the store panicked"))
        })?;
        let first = match opened {
            Ok(store) => Some(store),
            Err(StoreError::Away(_)) if may_come => None,
            Err(error) => return Err(error.into()),
        };
        let spool = settings.spool.clone().unwrap_or_else(|| spool_of(url));
        let url = url.clone();
        Self::start(first, Arc::new(move || store::open(&url)), &spool, settings)
    }

    fn start(
        first: Option<Box<dyn Store>>,
        connect: Connect,
        spool: &std::path::Path,
        settings: Settings,
    ) -> Result<Self, CannotOpen> {
        let mut damaged = Vec::new();
        let spool = Spool::open(spool, settings.spool_limit, |path| {
            damaged.push(path.to_owned())
        })?;
        let shared = Arc::new(Shared::new(spool, damaged));
        let (front, taken) = mpsc::sync_channel(MOST_WAITING);
        let (reader, asked) = mpsc::sync_channel(MOST_QUESTIONS);
        // Two places are the front's, who has one batch under way, and one word that something waits.
        let (back, jobs) = mpsc::sync_channel(MOST_QUESTIONS + 2);
        let reading = Access {
            store: None,
            connect: Arc::clone(&connect),
        };
        let writing = Access {
            store: first,
            connect,
        };
        let threads = vec![
            Front::new(taken, back.clone(), Arc::clone(&shared), settings.patience).spawn()?,
            Reader::new(asked, reading, Arc::clone(&shared)).spawn()?,
            Back::new(jobs, writing, Arc::clone(&shared), settings).spawn()?,
        ];
        Ok(Self(Arc::new(Desk {
            ways: Some(Ways {
                front,
                back,
                reader,
            }),
            erasures: Arc::default(),
            shared,
            threads,
        })))
    }

    /// How it is.
    pub fn health(&self) -> Health {
        let mut health = self.0.shared.health();
        // It ends before its ledger only where it panicked.
        if let Some(ended) = self.0.threads.iter().find(|thread| thread.is_finished()) {
            let name = ended.thread().name().unwrap_or_default();
            let problem = format!("the thread {name} has panicked; open the ledger anew");
            health.is_direct = false;
            health.problem = Some((health::now(), problem));
        }
        health
    }
}

/// Where receipts wait unless the settings say: beside the file, or where the server was started.
fn spool_of(url: &LedgerUrl) -> PathBuf {
    match url {
        LedgerUrl::Sqlite(path) => {
            let mut name = path.clone().into_os_string();
            name.push(".spool");
            name.into()
        }
        LedgerUrl::Postgres(_) => PathBuf::from("placet.spool"),
    }
}

impl Recorder for Ledger {
    fn record(&self, receipt: Receipt, documents: Vec<Document>) -> Answer<Recorded> {
        let (tell, told) = oneshot::channel();
        if let Some(ways) = &self.0.ways {
            let waiting = Waiting {
                receipt,
                documents,
                tell,
            };
            // When it is full, dropping `tell` answers.
            _ = ways.front.try_send(waiting);
        }
        Box::pin(async { told.await.unwrap_or(Recorded::Nowhere) })
    }

    fn history(&self, id: ChoiceId) -> Answer<Result<Vec<Receipt>, Unavailable>> {
        let (tell, told) = oneshot::channel();
        if let Some(ways) = &self.0.ways {
            _ = ways.reader.try_send(Question { id, tell });
        }
        Box::pin(async { told.await.unwrap_or(Err(Unavailable)) })
    }

    fn erase(&self, id: ChoiceId) -> Answer<Result<Erased, Unavailable>> {
        let (tell, told) = oneshot::channel();
        if let Some(ways) = &self.0.ways
            && let Some(turn) = Turn::take(&self.0.erasures, MOST_QUESTIONS)
        {
            _ = ways.back.try_send(Job::Erase { id, tell, turn });
        }
        Box::pin(async { told.await.unwrap_or(Err(Unavailable)) })
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        self.ways = None;
        for thread in self.threads.drain(..) {
            // One that panicked has said so.
            _ = thread.join();
        }
    }
}

fn spawn(name: &str, run: impl FnOnce() + Send + 'static) -> std::io::Result<JoinHandle<()>> {
    thread::Builder::new().name(name.to_owned()).spawn(run)
}

/// What a mutex holds, whoever panicked: nothing is left half done in one here.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
