//! Brings what is in the log into the file, beside those who add.
//!
//! SQLite does so in the turn of whoever makes the log longer than it should be, who then waits for thousands of pages to
//! be on the disk. Here a thread with a connection of its own does most of it before, while others go on adding; what
//! is left for them is what came in the last moment.

use std::path::Path;
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::thread::{self, JoinHandle};

use rusqlite::{Connection, OpenFlags};

/// After how many added receipts it does so.
const EVERY: usize = 8 * 1024;

/// The thread, once there was something to do.
#[derive(Debug)]
pub(super) struct Backfill {
    /// After how many added receipts.
    every: usize,
    /// How many were added since.
    added: usize,
    thread: Option<(SyncSender<()>, JoinHandle<()>)>,
}

impl Default for Backfill {
    fn default() -> Self {
        Self::every(EVERY)
    }
}

impl Backfill {
    /// Nothing to do yet; something after so many receipts.
    pub(super) const fn every(receipts: usize) -> Self {
        Self {
            every: receipts,
            added: 0,
            thread: None,
        }
    }

    /// So many receipts were added to the ledger in this file.
    pub(super) fn added(&mut self, receipts: usize, path: &Path) {
        self.added += receipts;
        if self.added < self.every {
            return;
        }
        self.added = 0;
        if self.thread.is_none() {
            let (wake, woken) = mpsc::sync_channel(1);
            let path = path.to_owned();
            let thread = thread::Builder::new().name("placet-backfill".to_owned());
            // Without one, SQLite does it all in the turns of those who add.
            let Ok(thread) = thread.spawn(move || run(&path, &woken)) else {
                return;
            };
            self.thread = Some((wake, thread));
        }
        if let Some((wake, _)) = &self.thread {
            // Who is at it looks once more.
            _ = wake.try_send(());
        }
    }
}

impl Drop for Backfill {
    fn drop(&mut self) {
        if let Some((wake, thread)) = self.thread.take() {
            drop(wake);
            // One that panicked has said so.
            _ = thread.join();
        }
    }
}

/// Until nobody can wake it any more. What does not succeed is left to those who add, who hear why.
fn run(path: &Path, woken: &Receiver<()>) {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let Ok(connection) = Connection::open_with_flags(path, flags) else {
        return;
    };
    if connection
        .pragma_update(None, "synchronous", "full")
        .is_err()
    {
        return;
    }
    while woken.recv().is_ok() {
        // Waits for nobody, and nobody waits for it.
        _ = connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()));
    }
}
