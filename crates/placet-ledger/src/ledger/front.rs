//! Takes receipts, many at a time, and answers for each.

use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use futures_channel::oneshot;

use super::back::{Job, NotKept};
use super::health::Shared;
use super::spawn;
use crate::document::Document;
use crate::receipt::{Digester, Receipt};
use crate::recorder::Recorded;
use crate::store::Submitted;

/// The most receipts that are added together.
const LARGEST_BATCH: usize = 1024;

/// How long it waits for one more receipt, where there were more of them together before.
const LULL: Duration = Duration::from_micros(50);

/// A receipt, and who waits to hear of it.
pub(super) struct Waiting {
    pub(super) receipt: Receipt,
    pub(super) documents: Vec<Document>,
    pub(super) tell: oneshot::Sender<Recorded>,
}

pub(super) struct Front {
    taken: Receiver<Waiting>,
    back: SyncSender<Job>,
    shared: Arc<Shared>,
    patience: Duration,
    digester: Digester,
    /// How many receipts came together of late.
    usual: usize,
}

impl Front {
    pub(super) fn new(
        taken: Receiver<Waiting>,
        back: SyncSender<Job>,
        shared: Arc<Shared>,
        patience: Duration,
    ) -> Self {
        Self {
            taken,
            back,
            shared,
            patience,
            digester: Digester::default(),
            usual: 1,
        }
    }

    pub(super) fn spawn(self) -> std::io::Result<JoinHandle<()>> {
        spawn("placet-front", move || self.run())
    }

    /// Until nobody can submit any more. What comes while one batch is under way is the next batch.
    fn run(mut self) {
        while let Ok(first) = self.taken.recv() {
            let (batch, waiting) = self.gather(first);
            let (recorded, not_kept) = self.keep(batch);
            for (place, tell) in waiting.into_iter().enumerate() {
                let recorded = if not_kept.contains(place) {
                    Recorded::Nowhere
                } else {
                    recorded
                };
                // Who has gone does not need to hear it.
                _ = tell.send(recorded);
            }
        }
    }

    /// A batch: what is there, and what comes in the next moment where as many came together before.
    ///
    /// Whoever has had an answer may choose again: were the first of them not made to wait for the others, each batch
    /// would be followed by one of a few, which takes as long.
    fn gather(&mut self, first: Waiting) -> (Vec<Submitted>, Vec<oneshot::Sender<Recorded>>) {
        let mut batch = Vec::with_capacity(self.usual);
        let mut waiting = Vec::with_capacity(self.usual);
        let mut next = Some(first);
        let mut came = Instant::now();
        loop {
            if let Some(one) = next {
                batch.push(self.digester.submit(one.receipt, one.documents));
                waiting.push(one.tell);
                came = Instant::now();
            } else if batch.len() >= self.usual || came.elapsed() >= LULL {
                break;
            } else {
                thread::yield_now();
            }
            if batch.len() >= LARGEST_BATCH {
                break;
            }
            next = self.taken.try_recv().ok();
        }
        let fewer = self.usual - self.usual.div_ceil(8);
        self.usual = batch.len().max(fewer);
        (batch, waiting)
    }

    /// Where they are kept, and which of them are not.
    fn keep(&self, batch: Vec<Submitted>) -> (Recorded, NotKept) {
        let batch = Arc::new(batch);
        // As long as others wait in the spool, it is the way for all, in their order.
        if self.shared.is_direct()
            && let Some(not_kept) = self.added(&batch)
        {
            return (Recorded::Ledger, not_kept);
        }
        let was_direct = self.shared.is_direct();
        let recorded = match self.shared.with_spool(|spool| spool.append(&batch)) {
            Ok(()) => {
                if was_direct {
                    // Where there is no place for the word, it has jobs enough after which it looks.
                    _ = self.back.try_send(Job::Bring);
                }
                Recorded::Spool
            }
            Err(error) => {
                self.shared.has_failed(&error);
                Recorded::Nowhere
            }
        };
        (recorded, NotKept::default())
    }

    /// Whether the store has them now: then which of them it does not keep. If not, it may have them later all the same.
    fn added(&self, batch: &Arc<Vec<Submitted>>) -> Option<NotKept> {
        let (tell, told) = mpsc::sync_channel(1);
        let batch = Arc::clone(batch);
        self.back.try_send(Job::Append { batch, tell }).ok()?;
        told.recv_timeout(self.patience).ok()?
    }
}
