//! Cookie consent, Do Not Track and Global Privacy Control decided by one engine.

mod timestamp;

pub use timestamp::{NotATimestamp, Timestamp};
