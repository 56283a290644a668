//! Ending a visit before its time.

use std::sync::{Arc, Mutex, PoisonError, Weak};

use crate::cdp::Wire;

/// Ends visits from another thread: their browsers are closed, their folders removed, and they return an error. Clones
/// are one and the same.
#[derive(Clone, Debug, Default)]
pub struct Stop(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    stopped: bool,
    browsers: Vec<Weak<Wire>>,
}

impl Stop {
    /// Ends what is under way, and whatever begins from now on.
    pub fn now(&self) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.stopped = true;
        for wire in state.browsers.drain(..).filter_map(|wire| wire.upgrade()) {
            wire.hang_up();
        }
    }

    /// Takes a browser in charge.
    pub(crate) fn watch(&self, wire: &Arc<Wire>) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if state.stopped {
            wire.hang_up();
        } else {
            state.browsers.retain(|wire| wire.strong_count() > 0);
            state.browsers.push(Arc::downgrade(wire));
        }
    }
}
