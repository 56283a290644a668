//! How much of one client may wait for the ledger.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// How much of one connection may wait: more than a page asks at a time.
const MOST_OF_CONNECTION: usize = 8;

/// One client's connection, so that it takes no more than its share of the ledger: a server makes one for every
/// connection it accepts, and puts a clone into the extensions of each of its requests.
///
/// Of one connection at most eight choices and questions wait for the ledger at a time. A question more is answered with
/// 503, and of a choice more, which holds all the same, `Placet-Receipt` says `nowhere`. Without it, only what waits for
/// the whole layer is bounded.
///
/// Not for a server behind a proxy that sends requests of many visitors over one connection.
///
/// ```
/// use http::Request;
/// use placet_tower::Connection;
///
/// let connection = Connection::default(); // when it is accepted
/// let mut request = Request::new(()); // any that comes over it
/// request.extensions_mut().insert(connection.clone());
/// ```
#[derive(Clone, Debug, Default)]
pub struct Connection(Arc<AtomicUsize>);

impl Connection {
    /// The place of something that waits, unless too much does.
    pub(super) fn place(&self) -> Option<Place> {
        Place::take(&self.0, MOST_OF_CONNECTION)
    }
}

/// A place among those that wait, given back when it is dropped.
pub(crate) struct Place(Arc<AtomicUsize>);

impl Place {
    /// A place, unless `most` are taken.
    pub(super) fn take(taken: &Arc<AtomicUsize>, most: usize) -> Option<Self> {
        let more = |waiting| (waiting < most).then_some(waiting + 1);
        let counted = taken.fetch_update(Ordering::Acquire, Ordering::Relaxed, more);
        counted.ok().map(|_| Self(Arc::clone(taken)))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Release);
    }
}
