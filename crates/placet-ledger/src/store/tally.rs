//! How many choices there were: counted when receipts are added, so that nobody reads receipts to count.

use std::sync::Arc;

use placet::{How, Signals};

use crate::moment::Moment;
use crate::receipt::{Situation, State};

/// How many choices were alike on one day. Erasing a receipt does not change it: a tally is about no
/// one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tally {
    /// The beginning of the day, in UTC.
    pub day: Moment,
    /// What the choices had in common.
    pub situation: Arc<Situation>,
    /// What became of each category of the situation.
    pub states: Vec<State>,
    /// How they were made.
    pub how: How,
    /// The signals that came with them.
    pub signals: Signals,
    /// How many.
    pub count: u64,
}

/// Milliseconds of a day.
pub(crate) const DAY: i64 = 86_400_000;
