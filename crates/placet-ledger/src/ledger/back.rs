//! Has the store: adds receipts, brings what waits in the spool, erases, signs.

use std::fs::OpenOptions;
use std::io::Write;
use std::iter;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TryRecvError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use futures_channel::oneshot;
use placet::ChoiceId;

use super::answers::Answers;
use super::front::LULL;
use super::health::{Shared, now};
use super::{Access, Settings, spawn};
use crate::checkpoint::SecretKey;
use crate::document::Document;
use crate::recorder::{Erased, Recorded, Unavailable};
use crate::spool::for_owner;
use crate::store::{Appended, Portion, Store, StoreError, Submitted};

/// How many receipts are brought from the spool together.
const BROUGHT: usize = 1024;
/// How soon a store that was away is tried again, at first and at last.
const SOONEST: Duration = Duration::from_millis(50);
const LATEST: Duration = Duration::from_secs(10);

/// What the store is wanted for.
pub(super) enum Job {
    /// Adds receipts that come in portions until there are no more, answers for them if it did, and says whether it did.
    Append {
        portions: Receiver<Portion>,
        answers: Arc<Answers>,
        tell: SyncSender<bool>,
    },
    /// Erases a receipt and those it followed.
    Erase {
        id: ChoiceId,
        tell: oneshot::Sender<Result<Erased, Unavailable>>,
        turn: Turn,
    },
    /// Something waits in the spool.
    Bring,
}

/// Which receipts of a batch the store does not keep, by their places.
#[derive(Debug)]
struct NotKept {
    /// Those that contradict what is kept under their id.
    contradicting: Vec<usize>,
    /// Those whose person has had them erased.
    forgotten: Vec<usize>,
}

impl NotKept {
    fn contains(&self, place: usize) -> bool {
        self.contradicting.contains(&place) || self.forgotten.contains(&place)
    }
}

/// One of the few that may wait to be erased; given back when it is dropped.
pub(super) struct Turn(Arc<AtomicUsize>);

impl Turn {
    /// A turn, unless `most` wait already.
    pub(super) fn take(waiting: &Arc<AtomicUsize>, most: usize) -> Option<Self> {
        let turn = Self(Arc::clone(waiting));
        (waiting.fetch_add(1, Ordering::Relaxed) < most).then_some(turn)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

pub(super) struct Back {
    jobs: Receiver<Job>,
    access: Access,
    shared: Arc<Shared>,
    /// How long it waits before it tries again, and since when.
    pause: Duration,
    tried: Instant,
    signer: Option<Signer>,
    /// Documents that came with receipts which were set aside: others in the spool may name them too.
    owed: Vec<Document>,
}

/// The next portion.
fn next(portions: &Receiver<Portion>) -> Option<Portion> {
    match soon(portions, LULL) {
        Err(TryRecvError::Empty) => portions.recv().ok(),
        found => found.ok(),
    }
}

/// What comes next, if it comes as soon as this. It is looked for again and again, while others may run: to wake a thread
/// takes as long as some receipts.
pub(super) fn soon<T>(from: &Receiver<T>, within: Duration) -> Result<T, TryRecvError> {
    let begun = Instant::now();
    loop {
        match from.try_recv() {
            Err(TryRecvError::Empty) if begun.elapsed() < within => thread::yield_now(),
            found => return found,
        }
    }
}

/// Signs checkpoints.
struct Signer {
    key: SecretKey,
    every: Duration,
    signed: Instant,
    /// Whether entries came since.
    has_news: bool,
}

impl Back {
    pub(super) fn new(
        jobs: Receiver<Job>,
        access: Access,
        shared: Arc<Shared>,
        settings: Settings,
    ) -> Self {
        Self {
            jobs,
            access,
            shared,
            pause: SOONEST,
            tried: Instant::now(),
            signer: settings.key.map(|key| Signer {
                key,
                every: settings.checkpoint_every,
                signed: Instant::now(),
                has_news: false,
            }),
            owed: Vec::new(),
        }
    }

    pub(super) fn spawn(self) -> std::io::Result<JoinHandle<()>> {
        spawn("placet-back", move || self.run())
    }

    /// Until nobody can want anything any more.
    fn run(mut self) {
        loop {
            let job = match soon(&self.jobs, LULL) {
                Err(TryRecvError::Empty) => match self.until_next() {
                    Some(wait) => self.jobs.recv_timeout(wait),
                    None => self.jobs.recv().map_err(RecvTimeoutError::from),
                },
                found => found.map_err(|_| RecvTimeoutError::Disconnected),
            };
            match job {
                Ok(Job::Append {
                    portions,
                    answers,
                    tell,
                }) => {
                    let added = self.append(iter::from_fn(|| next(&portions)));
                    if let Ok(not_kept) = &added {
                        // From here and not by way of the front, who would have to wake first.
                        answers.tell(Recorded::Ledger, |place| not_kept.contains(place));
                    }
                    // Who lost patience has put them into the spool.
                    _ = tell.send(added.is_ok());
                }
                Ok(Job::Erase { id, tell, turn }) => {
                    _ = tell.send(self.erase(id));
                    drop(turn);
                }
                Ok(Job::Bring) | Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => {
                    self.bring();
                    self.sign();
                    return;
                }
            }
            if !self.shared.is_direct() && self.tried.elapsed() >= self.pause {
                self.bring();
            }
            if self.signer.as_ref().and_then(Signer::until_due) == Some(Duration::ZERO) {
                self.sign();
            }
        }
    }

    /// How long nothing needs to be done; for good, unless somebody wants something.
    fn until_next(&self) -> Option<Duration> {
        let is_direct = self.shared.is_direct();
        let bring = (!is_direct).then(|| self.pause.saturating_sub(self.tried.elapsed()));
        let sign = self.signer.as_ref().and_then(Signer::until_due);
        [bring, sign].into_iter().flatten().min()
    }

    fn with_store<T>(
        &mut self,
        work: impl FnOnce(&mut dyn Store) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.access.store().and_then(work)
    }

    /// Adds receipts, and says which of them are not kept.
    fn append(&mut self, portions: impl Iterator<Item = Portion>) -> Result<NotKept, StoreError> {
        let added = self.with_store(|store| {
            let mut batch = Vec::new();
            let mut portions = portions.inspect(|portion| batch.push(Arc::clone(portion)));
            let Appended { there, forgotten } = store.append_portions(&mut portions)?;
            let mut contradicting = Vec::new();
            for place in there {
                let Some(Submitted { receipt, .. }) =
                    batch.iter().flat_map(|portion| portion.iter()).nth(place)
                else {
                    continue;
                };
                let kept = store.history(receipt.id, 1)?;
                if !kept.iter().any(|kept| kept.says_the_same_as(receipt)) {
                    contradicting.push(place);
                }
            }
            Ok(NotKept {
                contradicting,
                forgotten,
            })
        });
        match &added {
            Ok(_) => {
                if let Some(signer) = &mut self.signer {
                    signer.has_news = true;
                }
                self.shared.has_written();
            }
            Err(error) => self.shared.has_failed(error),
        }
        added
    }

    /// Brings what waits in the spool, as long as that goes well.
    fn bring(&mut self) {
        if self.shared.is_direct() {
            return;
        }
        while !self.shared.is_direct() {
            self.tried = Instant::now();
            if self.bring_some().is_err() {
                self.pause = (self.pause * 2).min(LATEST);
                return;
            }
        }
        self.pause = SOONEST;
        self.shared.has_written();
    }

    fn bring_some(&mut self) -> Result<(), StoreError> {
        let (mut batch, front) = self
            .shared
            .with_spool(|spool| spool.peek(BROUGHT))
            .map_err(|error| self.away(error))?;
        let count = batch.len();
        if let Some(first) = batch.first_mut() {
            first.documents.extend(self.owed.iter().cloned());
        }
        let batch = Portion::from(batch);
        match self.append(iter::once(Arc::clone(&batch))) {
            Ok(not_kept) => {
                self.owed.clear();
                for place in not_kept.contradicting {
                    if let Some(one) = batch.get(place) {
                        self.set_aside(one)?;
                    }
                }
            }
            // One of them it takes in no case: the others need not wait for that one.
            Err(StoreError::Refused(_)) => {
                for one in batch.iter() {
                    let mut one = one.clone();
                    one.documents.append(&mut self.owed);
                    match self.append(iter::once([one.clone()].into())) {
                        Ok(not_kept) if not_kept.contradicting.is_empty() => {}
                        Ok(_) => self.set_aside(&one)?,
                        Err(StoreError::Refused(_)) => {
                            self.set_aside(&one)?;
                            self.owed = one.documents;
                        }
                        Err(error) => {
                            self.owed = one.documents;
                            return Err(error);
                        }
                    }
                }
            }
            Err(error) => return Err(error),
        }
        self.shared
            .with_spool(|spool| spool.take(front, count))
            .map_err(|error| self.away(error))
    }

    fn away(&self, error: std::io::Error) -> StoreError {
        self.shared.has_failed(&error);
        StoreError::Away(error.into())
    }

    /// Puts what the store never takes into a file that somebody can read.
    fn set_aside(&self, refused: &Submitted) -> Result<(), StoreError> {
        let path = self.shared.with_spool(|spool| spool.beside("refused"));
        let line = refused.receipt.to_json() + "\n";
        let mut options = OpenOptions::new();
        options.append(true).create(true);
        let written = for_owner(&mut options).open(path).and_then(|mut file| {
            file.write_all(line.as_bytes())?;
            file.sync_all()
        });
        written.map_err(|error| self.away(error))?;
        self.shared.has_refused();
        Ok(())
    }

    /// What still waits might be of the same person: it is brought first.
    fn erase(&mut self, id: ChoiceId) -> Result<Erased, Unavailable> {
        self.bring();
        if !self.shared.is_direct() {
            return Err(Unavailable);
        }
        let erased = self.with_store(|store| store.erase(id, now()));
        erased.map_err(|error| {
            self.shared.has_failed(&error);
            Unavailable
        })
    }

    fn sign(&mut self) {
        let Some(mut signer) = self.signer.take() else {
            return;
        };
        if signer.has_news {
            let signed = self.with_store(|store| {
                let head = store.own_head()?;
                let ledger = store.ledger();
                store.add_checkpoint(&signer.key.sign(ledger, head, now()))
            });
            match signed {
                Ok(()) => signer.has_news = false,
                Err(error) => self.shared.has_failed(&error),
            }
        }
        signer.signed = Instant::now();
        self.signer = Some(signer);
    }
}

impl Signer {
    /// How long until the next checkpoint, if there is something to sign.
    fn until_due(&self) -> Option<Duration> {
        let wait = self.every.saturating_sub(self.signed.elapsed());
        self.has_news.then_some(wait)
    }
}
