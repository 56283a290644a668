//! What the threads know together, and what of it others may know.

use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use super::lock;
use crate::moment::Moment;
use crate::spool::Spool;

/// How a ledger in use is: for a health check.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Health {
    /// Whether receipts go to the store at once; otherwise they go through the spool, or nowhere, as
    /// `problem` says.
    pub is_direct: bool,
    /// How many receipts wait in the spool.
    pub spooled: u64,
    /// When receipts were last added to the store by this process.
    pub last_write: Option<Moment>,
    /// What the store or the spool said when it failed last, and when; `None` as long as all went well,
    /// and since all is well again.
    pub problem: Option<(Moment, String)>,
    /// Receipts that the store takes in no case, set aside in the file `….refused` beside the spool.
    pub refused: u64,
    /// Damaged ends of spools, set aside when the ledger was opened.
    pub damaged: Vec<PathBuf>,
}

/// What the threads share.
#[derive(Debug)]
pub(super) struct Shared {
    spool: Mutex<Spool>,
    /// Changed only by who has the spool: it is true exactly while nothing waits there.
    is_direct: AtomicBool,
    notes: Mutex<Notes>,
}

#[derive(Debug, Default)]
struct Notes {
    last_write: Option<Moment>,
    problem: Option<(Moment, String)>,
    refused: u64,
    damaged: Vec<PathBuf>,
}

impl Shared {
    pub(super) fn new(spool: Spool, damaged: Vec<PathBuf>) -> Self {
        Self {
            is_direct: AtomicBool::new(spool.waiting() == 0),
            spool: Mutex::new(spool),
            notes: Mutex::new(Notes {
                damaged,
                ..Notes::default()
            }),
        }
    }

    pub(super) fn health(&self) -> Health {
        let spooled = self.with_spool(|spool| spool.waiting());
        let notes = lock(&self.notes);
        Health {
            is_direct: self.is_direct(),
            spooled,
            last_write: notes.last_write,
            problem: notes.problem.clone(),
            refused: notes.refused,
            damaged: notes.damaged.clone(),
        }
    }

    /// Whether nothing waits in the spool.
    pub(super) fn is_direct(&self) -> bool {
        self.is_direct.load(Ordering::Acquire)
    }

    /// Does something with the spool while nobody else does.
    pub(super) fn with_spool<T>(&self, work: impl FnOnce(&mut Spool) -> T) -> T {
        let mut spool = lock(&self.spool);
        let done = work(&mut spool);
        self.is_direct
            .store(spool.waiting() == 0, Ordering::Release);
        done
    }

    pub(super) fn has_written(&self) {
        let mut notes = lock(&self.notes);
        notes.last_write = Some(now());
        if self.is_direct() {
            notes.problem = None;
        }
    }

    pub(super) fn has_failed(&self, problem: &dyn std::error::Error) {
        lock(&self.notes).problem = Some((now(), problem.to_string()));
    }

    pub(super) fn has_refused(&self) {
        lock(&self.notes).refused += 1;
    }
}

pub(super) fn now() -> Moment {
    std::time::SystemTime::now().into()
}
