//! Without a ledger no response waits for one.

use std::sync::Arc;
use std::task::{Context, Poll};

use crate::endpoint::Told;
use crate::visit::Visit;

/// What a response would wait for.
pub(crate) enum Wait {}

/// What a ledger would answer.
pub(crate) enum Outcome {}

/// How it would go with a receipt.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Recorded {}

impl Wait {
    pub(crate) const fn poll(&mut self, _: &mut Context<'_>) -> Poll<Outcome> {
        match *self {}
    }
}

impl Outcome {
    pub(crate) const fn recorded(&self, _: &Visit) -> Option<Recorded> {
        match *self {}
    }
}

impl Recorded {
    pub(crate) const fn name(self) -> &'static str {
        match self {}
    }

    pub(crate) const fn is_durable(self) -> bool {
        match self {}
    }
}

pub(crate) const fn record(_: &Arc<Visit>, _: &Told) -> Option<Wait> {
    None
}
