//! Takes receipts, many at a time, and sees to it that there is an answer for each.

use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender, SyncSender};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use futures_channel::oneshot;

use super::answers::Answers;
use super::back::{Job, soon};
use super::health::Shared;
use super::spawn;
use crate::document::Document;
use crate::receipt::{Digester, Receipt};
use crate::recorder::Recorded;
use crate::store::Portion;

/// The most receipts that are added together.
const LARGEST_BATCH: usize = 1024;

/// How long it waits for one more receipt, where there were more of them together before.
pub(super) const LULL: Duration = Duration::from_micros(50);

/// From how many receipts together on it waits for the store awake, and for how long: a disk that is fast takes less.
const MANY: usize = 16;
const COMMIT: Duration = Duration::from_micros(500);

/// How many receipts are handed on together, while others of their batch are gathered still.
const PORTION: usize = 8;

/// A receipt, and who waits to hear of it.
pub(super) struct Waiting {
    pub(super) receipt: Receipt,
    pub(super) documents: Vec<Document>,
    pub(super) tell: oneshot::Sender<Recorded>,
}

/// Receipts that are added together.
#[derive(Default)]
struct Batch {
    portions: Vec<Portion>,
    /// How many receipts they have, with those that are in none yet.
    count: usize,
    /// Who waits to hear of each.
    answers: Arc<Answers>,
    /// Hears whether the store has them, where they were handed on: who has it has answered then.
    told: Option<Receiver<bool>>,
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
            let batch = self.gather(first);
            self.keep(&batch);
        }
    }

    /// A batch: what is there, and what comes in the next moment where as many came together before. The store may begin
    /// with the first of them meanwhile.
    ///
    /// Whoever has had an answer may choose again: were the first of them not made to wait for the others, each batch
    /// would be followed by one of a few, which takes as long.
    fn gather(&mut self, first: Waiting) -> Batch {
        let mut batch = Batch::default();
        // As long as others wait in the spool, it is the way for all, in their order.
        let hand_on = if self.shared.is_direct() {
            self.begin(&mut batch)
        } else {
            None
        };
        let mut portion = Vec::with_capacity(PORTION);
        let mut next = Some(first);
        let mut came = Instant::now();
        loop {
            if let Some(one) = next {
                portion.push(self.digester.submit(one.receipt, one.documents));
                batch.answers.push(one.tell);
                batch.count += 1;
                came = Instant::now();
            } else if batch.count >= self.usual || came.elapsed() >= LULL {
                break;
            } else {
                thread::yield_now();
            }
            if batch.count >= LARGEST_BATCH {
                break;
            }
            if portion.len() >= PORTION {
                batch.push(portion.drain(..).collect(), hand_on.as_ref());
            }
            next = self.taken.try_recv().ok();
        }
        if !portion.is_empty() {
            batch.push(portion.into(), hand_on.as_ref());
        }
        let fewer = self.usual - self.usual.div_ceil(8);
        self.usual = batch.count.max(fewer);
        batch
    }

    /// The way to the store for the portions of a batch.
    fn begin(&self, batch: &mut Batch) -> Option<Sender<Portion>> {
        let (hand_on, portions) = mpsc::channel();
        let (tell, told) = mpsc::sync_channel(1);
        let answers = Arc::clone(&batch.answers);
        let job = Job::Append {
            portions,
            answers,
            tell,
        };
        self.back.try_send(job).ok()?;
        batch.told = Some(told);
        Some(hand_on)
    }

    /// Whether the store has a batch, if it says so within the patience.
    fn hear(&self, told: &Receiver<bool>) -> bool {
        let begun = Instant::now();
        // Where many choose at once, they choose again as soon as they are told.
        if self.usual >= MANY
            && let Ok(is_added) = soon(told, COMMIT.min(self.patience))
        {
            return is_added;
        }
        let left = self.patience.saturating_sub(begun.elapsed());
        told.recv_timeout(left) == Ok(true)
    }

    /// Waits until the store has them; keeps them in the spool, and says so, where that takes too long.
    fn keep(&self, batch: &Batch) {
        // If the store does not have them now, it may have them later all the same.
        let told = batch.told.as_ref();
        if told.is_some_and(|told| self.hear(told)) {
            return;
        }
        let was_direct = self.shared.is_direct();
        let all = batch.portions.iter().flat_map(|portion| portion.iter());
        let recorded = match self.shared.with_spool(|spool| spool.append(all)) {
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
        batch.answers.tell(recorded, |_| false);
    }
}

impl Batch {
    /// One portion more.
    fn push(&mut self, portion: Portion, hand_on: Option<&Sender<Portion>>) {
        if let Some(hand_on) = hand_on {
            // Where nobody takes it any more, that is heard in the end.
            _ = hand_on.send(Arc::clone(&portion));
        }
        self.portions.push(portion);
    }
}
