//! The ledger behind a layer: it is handed the receipt of every choice, and asked for a visitor's own.

mod connection;
mod origin;
mod receipt;
mod texts;

use std::future::ready;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::task::{Context, Poll, ready};

use http::request::Parts;
use placet::ChoiceId;
pub(crate) use placet_ledger::Recorded;
use placet_ledger::{Answer, Client, Erased, Receipt, Recorder, Unavailable};

pub use connection::Connection;
use connection::Place;

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
    Record {
        answer: Answer<Recorded>,
        _place: Option<Place>,
    },
    History {
        answer: Answer<Result<Vec<Receipt>, Unavailable>>,
        _places: Option<Places>,
    },
    Erase {
        answer: Answer<Result<Erased, Unavailable>>,
        _places: Option<Places>,
    },
}

/// What the ledger answered.
pub(crate) enum Outcome {
    Recorded(Recorded),
    History(Result<Vec<Receipt>, Unavailable>),
    Erased(Result<Erased, Unavailable>),
}

impl Ledger {
    pub(crate) fn new(recorder: Arc<dyn Recorder>) -> Self {
        Self {
            recorder,
            waiting: Arc::default(),
        }
    }

    /// The places of one more question: among all that wait, and among those of its connection.
    fn places(&self, visit: &Visit) -> Option<Places> {
        let of_connection = of_connection(visit)?;
        let among_all = Place::take(&self.waiting, MOST_QUESTIONS)?;
        Some((among_all, of_connection))
    }
}

/// Places that are held while a question waits.
type Places = (Place, Option<Place>);

/// The place among what waits for the connection of a request, if the server says which it is; `None` where too much
/// does.
#[expect(clippy::option_option, reason = "none needed, or none left")]
fn of_connection(visit: &Visit) -> Option<Option<Place>> {
    match visit.connection() {
        Some(connection) => connection.place().map(Some),
        None => Some(None),
    }
}

/// The answer of a ledger that is not asked.
fn away<T: Send + 'static>() -> Answer<Result<T, Unavailable>> {
    Box::pin(ready(Err(Unavailable)))
}

/// Hands the receipt of the choice that was made to the ledger, where there are both. From now on it is
/// too late for another choice.
#[inline]
pub(crate) fn record(visit: &Arc<Visit>, told: &Told) -> Option<Wait> {
    let ledger = visit.shared().ledger.as_ref()?;
    let choice = visit.close()?;
    let place = of_connection(visit);
    let receipt = place
        .is_some()
        .then(|| receipt::of(visit, choice, told))
        .flatten();
    let answer: Answer<Recorded> = match receipt {
        Some((receipt, documents)) => ledger.recorder.record(receipt, documents),
        None => Box::pin(ready(Recorded::Nowhere)),
    };
    Some(Wait::Record {
        answer,
        _place: place.flatten(),
    })
}

/// Asks the ledger about the choice of this id; without one there is nobody to ask.
pub(crate) fn ask(visit: &Visit, question: &Question, id: ChoiceId) -> Wait {
    let ledger = visit.shared().ledger.as_ref();
    let asked = ledger.and_then(|ledger| Some((&ledger.recorder, ledger.places(visit)?)));
    let (recorder, places) = asked.unzip();
    if let Question::Erase(_) = question {
        return Wait::Erase {
            answer: recorder.map_or_else(away, |recorder| recorder.erase(id)),
            _places: places,
        };
    }
    Wait::History {
        answer: recorder.map_or_else(away, |recorder| recorder.history(id)),
        _places: places,
    }
}

impl Wait {
    pub(crate) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Outcome> {
        Poll::Ready(match self {
            Self::Record { answer, .. } => Outcome::Recorded(ready!(Pin::new(answer).poll(cx))),
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
