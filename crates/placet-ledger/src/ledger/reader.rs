//! Looks up what is kept of a visitor, beside those who choose.

use std::sync::Arc;
use std::sync::mpsc::Receiver;
use std::thread::JoinHandle;

use futures_channel::oneshot;
use placet::ChoiceId;

use super::health::Shared;
use super::{Access, spawn};
use crate::receipt::Receipt;
use crate::recorder::Unavailable;

/// The most receipts that one visitor is told: more than anybody's choices come to, and few enough that nobody
/// waits for those of another.
const MOST_RECEIPTS: usize = 1000;

/// What is kept under an id, and who wants to know.
pub(super) struct Question {
    pub(super) id: ChoiceId,
    pub(super) tell: oneshot::Sender<Result<Vec<Receipt>, Unavailable>>,
}

pub(super) struct Reader {
    asked: Receiver<Question>,
    access: Access,
    shared: Arc<Shared>,
}

impl Reader {
    pub(super) const fn new(
        asked: Receiver<Question>,
        access: Access,
        shared: Arc<Shared>,
    ) -> Self {
        Self {
            asked,
            access,
            shared,
        }
    }

    pub(super) fn spawn(self) -> std::io::Result<JoinHandle<()>> {
        spawn("placet-reader", move || self.run())
    }

    /// Until nobody can ask any more.
    fn run(mut self) {
        while let Ok(Question { id, tell }) = self.asked.recv() {
            if tell.is_canceled() {
                continue;
            }
            // What waits in the spool may be a part of the answer.
            let answer = if self.shared.is_direct() {
                self.history(id)
            } else {
                Err(Unavailable)
            };
            _ = tell.send(answer);
        }
    }

    fn history(&mut self, id: ChoiceId) -> Result<Vec<Receipt>, Unavailable> {
        let store = self.access.store();
        let found = store.and_then(|store| store.history(id, MOST_RECEIPTS));
        found.map_err(|error| {
            self.shared.has_failed(&error);
            self.access.store = None;
            Unavailable
        })
    }
}
