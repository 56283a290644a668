//! What happened lately, for the panels to read and to listen to. Bounded in every direction: the
//! demo may run for a month.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame};
use tokio::sync::mpsc::{self, Receiver, Sender};

use super::exchange::Exchange;
use super::panel;

/// The most cookies told of all exchanges together; the oldest exchanges go first.
pub(super) const MOST_LINES: usize = 200;
/// The most exchanges without cookies, which count for nothing above.
const MOST_EXCHANGES: usize = 200;
/// The most panels that listen at the same time; the oldest makes room.
const MOST_LISTENERS: usize = 32;
/// Events that may wait for a panel that reads slowly; then it is let go, and comes back for the rest.
const MOST_WAITING: usize = 256;

/// The exchanges of all visitors, and who listens.
#[derive(Debug, Default)]
pub(super) struct Journal {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    last: u64,
    exchanges: VecDeque<Arc<Exchange>>,
    listeners: VecDeque<Listener>,
}

#[derive(Debug)]
struct Listener {
    visitor: u64,
    events: Sender<Bytes>,
}

impl Journal {
    /// Numbers an exchange, keeps it and tells it to whoever listens for its visitor.
    pub(super) fn record(&self, mut exchange: Exchange) -> Arc<Exchange> {
        let mut state = self.state();
        state.last += 1;
        exchange.number = state.last;
        let exchange = Arc::new(exchange);
        state.exchanges.push_back(Arc::clone(&exchange));
        state.shrink();
        let event = event(&exchange);
        state.listeners.retain(|listener| {
            let is_other = listener.visitor != exchange.visitor;
            (is_other && !listener.events.is_closed())
                || (!is_other && listener.events.try_send(event.clone()).is_ok())
        });
        exchange
    }

    /// The exchanges of a visitor, the latest first.
    pub(super) fn of(&self, visitor: u64) -> Vec<Arc<Exchange>> {
        let state = self.state();
        let all = state.exchanges.iter().rev();
        all.filter(|exchange| exchange.visitor == visitor)
            .cloned()
            .collect()
    }

    /// Forgets the exchanges of a visitor.
    pub(super) fn forget(&self, visitor: u64) {
        self.state()
            .exchanges
            .retain(|exchange| exchange.visitor != visitor);
    }

    /// The exchanges of a visitor after the one of that number, as server-sent events that go on.
    pub(super) fn listen(&self, visitor: u64, after: u64) -> Events {
        let (events, receiver) = mpsc::channel(MOST_WAITING);
        let mut state = self.state();
        for exchange in &state.exchanges {
            if exchange.visitor == visitor && exchange.number > after {
                // What does not fit is gone for good; that many events nobody reads.
                let _ = events.try_send(event(exchange));
            }
        }
        if state.listeners.len() >= MOST_LISTENERS {
            state.listeners.pop_front();
        }
        state.listeners.push_back(Listener { visitor, events });
        Events { receiver }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn shrink(&mut self) {
        let lines = |exchange: &Arc<Exchange>| exchange.lines.told.len();
        let mut all: usize = self.exchanges.iter().map(lines).sum();
        while all > MOST_LINES || self.exchanges.len() > MOST_EXCHANGES {
            let Some(oldest) = self.exchanges.pop_front() else {
                return;
            };
            all -= lines(&oldest);
        }
    }
}

/// Two events: the exchange, and what held, where that is known.
fn event(exchange: &Exchange) -> Bytes {
    let number = exchange.number;
    // The markup is one line: whatever could break it is escaped in names and paths.
    let entry = panel::entry(exchange).into_string();
    let mut text = format!("id: {number}\nevent: exchange\ndata: {entry}\n\n");
    if let Some(holds) = &exchange.holds {
        let holds = panel::holds(holds).into_string();
        text.push_str(&format!("id: {number}\nevent: holds\ndata: {holds}\n\n"));
    }
    text.into()
}

/// The body of a response that goes on as long as somebody listens.
#[derive(Debug)]
pub(super) struct Events {
    receiver: Receiver<Bytes>,
}

impl Body for Events {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let event = self.receiver.poll_recv(cx);
        event.map(|event| event.map(|bytes| Ok(Frame::data(bytes))))
    }
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt;
    use placet::Reason;
    use placet_tower::Direction;

    use super::super::exchange::{Fate, Line, Lines};
    use super::*;

    fn exchange(visitor: u64, cookies: usize) -> Exchange {
        let line = |number| Line {
            direction: Direction::Request,
            name: format!("c{number}"),
            service: None,
            fate: Fate::Stripped,
            reason: Reason::Undeclared,
        };
        Exchange {
            number: 0,
            visitor,
            method: "GET".to_owned(),
            path: "/".to_owned(),
            status: 200,
            lines: Lines {
                told: (0..cookies).map(line).collect(),
                untold: 0,
            },
            holds: None,
        }
    }

    async fn next(events: &mut Events) -> String {
        let frame = events.frame().await.unwrap().unwrap();
        String::from_utf8(frame.into_data().unwrap().to_vec()).unwrap()
    }

    #[test]
    fn the_oldest_exchanges_make_room() {
        let journal = Journal::default();
        for _ in 0..1000 {
            journal.record(exchange(1, 60));
            journal.record(exchange(2, 0));
        }
        assert_eq!(journal.of(1).len(), MOST_LINES / 60);
        assert_eq!(journal.of(1).first().unwrap().number, 1999);
        for _ in 0..1000 {
            journal.record(exchange(2, 0));
        }
        assert_eq!(journal.of(2).len(), MOST_EXCHANGES);
        journal.forget(2);
        assert!(journal.of(2).is_empty());
    }

    #[tokio::test]
    async fn a_listener_hears_its_own_visitor_from_where_it_left_off() {
        let journal = Journal::default();
        for visitor in [1, 2, 1] {
            journal.record(exchange(visitor, 1));
        }
        let mut events = journal.listen(1, 1);
        journal.record(exchange(2, 1));
        journal.record(exchange(1, 1));
        assert!(
            next(&mut events)
                .await
                .starts_with("id: 3\nevent: exchange\ndata: <")
        );
        assert!(next(&mut events).await.starts_with("id: 5\n"));
    }

    #[test]
    fn listeners_are_bounded_and_a_slow_one_is_let_go() {
        let journal = Journal::default();
        let events: Vec<_> = (0..2 * MOST_LISTENERS)
            .map(|_| journal.listen(1, 0))
            .collect();
        assert_eq!(journal.state().listeners.len(), MOST_LISTENERS);
        for _ in 0..=MOST_WAITING {
            journal.record(exchange(1, 0));
        }
        assert_eq!(journal.state().listeners.len(), 0);
        drop(events);
        drop(journal.listen(2, 0));
        journal.record(exchange(1, 0));
        assert_eq!(
            journal.state().listeners.len(),
            0,
            "one that left is forgotten"
        );
    }
}
