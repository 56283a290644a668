//! The ledger behind a layer: it is handed the receipt of every choice, and asked for a visitor's own.

mod origin;
mod receipt;
mod texts;

use std::future::ready;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, ready};

use http::request::Parts;
use placet::ChoiceId;
pub(crate) use placet_ledger::Recorded;
use placet_ledger::{Answer, Client, Erased, Receipt, Recorder, Unavailable};

use crate::endpoint::{Question, Told};
use crate::visit::Visit;

/// What a receipt keeps of a request's network.
pub(crate) type ClientOf = Arc<dyn Fn(&Parts) -> Client + Send + Sync>;

/// Questions of visitors that may wait at a time; whoever comes then is told to come later.
const MOST_QUESTIONS: usize = 256;

/// Who keeps the receipts.
#[derive(Clone)]
pub(crate) struct Ledger {
    recorder: Arc<dyn Recorder>,
    /// How many questions wait.
    waiting: Arc<AtomicUsize>,
}

/// What a response waits for.
pub(crate) enum Wait {
    Record(Answer<Recorded>),
    History {
        answer: Answer<Result<Vec<Receipt>, Unavailable>>,
        _place: Option<Place>,
    },
    Erase {
        answer: Answer<Result<Erased, Unavailable>>,
        _place: Option<Place>,
    },
}

/// What the ledger answered.
pub(crate) enum Outcome {
    Recorded(Recorded),
    History(Result<Vec<Receipt>, Unavailable>),
    Erased(Result<Erased, Unavailable>),
}

/// The place of a question among those that wait.
pub(crate) struct Place(Arc<AtomicUsize>);

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Release);
    }
}

impl Ledger {
    pub(crate) fn new(recorder: Arc<dyn Recorder>) -> Self {
        Self {
            recorder,
            waiting: Arc::default(),
        }
    }

    fn place(&self) -> Option<Place> {
        let more = |waiting| (waiting < MOST_QUESTIONS).then_some(waiting + 1);
        let counted = self
            .waiting
            .fetch_update(Ordering::Acquire, Ordering::Relaxed, more);
        counted.ok().map(|_| Place(Arc::clone(&self.waiting)))
    }
}

/// The answer of a ledger that is not asked.
fn away<T: Send + 'static>() -> Answer<Result<T, Unavailable>> {
    Box::pin(ready(Err(Unavailable)))
}

/// Hands the receipt of the choice that was made to the ledger, where there are both. From now on it is
/// too late for another choice.
#[inline]
pub(crate) fn record(visit: &Visit, told: &Told) -> Option<Wait> {
    let ledger = visit.shared().ledger.as_ref()?;
    let choice = visit.close()?;
    let answer: Answer<Recorded> = match receipt::of(visit, choice, told) {
        Some((receipt, documents)) => ledger.recorder.record(receipt, documents),
        None => Box::pin(ready(Recorded::Nowhere)),
    };
    Some(Wait::Record(answer))
}

/// Asks the ledger about the choice of this id; without one there is nobody to ask.
pub(crate) fn ask(visit: &Visit, question: &Question, id: ChoiceId) -> Wait {
    let ledger = visit.shared().ledger.as_ref();
    let asked = ledger.and_then(|ledger| Some((&ledger.recorder, ledger.place()?)));
    let (recorder, place) = asked.unzip();
    if let Question::Erase(_) = question {
        return Wait::Erase {
            answer: recorder.map_or_else(away, |recorder| recorder.erase(id)),
            _place: place,
        };
    }
    Wait::History {
        answer: recorder.map_or_else(away, |recorder| recorder.history(id)),
        _place: place,
    }
}

impl Wait {
    pub(crate) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Outcome> {
        Poll::Ready(match self {
            Self::Record(answer) => Outcome::Recorded(ready!(Pin::new(answer).poll(cx))),
            Self::History { answer, .. } => Outcome::History(ready!(Pin::new(answer).poll(cx))),
            Self::Erase { answer, .. } => Outcome::Erased(ready!(Pin::new(answer).poll(cx))),
        })
    }
}

impl Outcome {
    /// How it went with a receipt, which the observer is told.
    pub(crate) fn recorded(&self, visit: &Visit) -> Option<Recorded> {
        let Self::Recorded(recorded) = *self else {
            return None;
        };
        if let Some(observer) = &visit.shared().observer {
            observer.recorded(recorded);
        }
        Some(recorded)
    }
}
