//! Takes receipts, many at a time, and answers for each.

use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::thread::JoinHandle;
use std::time::Duration;

use futures_channel::oneshot;

use super::back::{Job, NotKept};
use super::health::Shared;
use super::spawn;
use crate::recorder::Recorded;
use crate::store::Submitted;

/// The most receipts that are added together.
const LARGEST_BATCH: usize = 1024;

/// A receipt, and who waits to hear of it.
pub(super) struct Waiting {
    pub(super) submitted: Submitted,
    pub(super) tell: oneshot::Sender<Recorded>,
}

pub(super) struct Front {
    taken: Receiver<Waiting>,
    back: SyncSender<Job>,
    shared: Arc<Shared>,
    patience: Duration,
}

impl Front {
    pub(super) const fn new(
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
        }
    }

    pub(super) fn spawn(self) -> std::io::Result<JoinHandle<()>> {
        spawn("placet-front", move || self.run())
    }

    /// Until nobody can submit any more. What comes while one batch is under way is the next batch.
    fn run(self) {
        while let Ok(first) = self.taken.recv() {
            let rest = self.taken.try_iter().take(LARGEST_BATCH - 1);
            let (batch, waiting): (Vec<_>, Vec<_>) = std::iter::once(first)
                .chain(rest)
                .map(|Waiting { submitted, tell }| (submitted, tell))
                .unzip();
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
