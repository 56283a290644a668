//! Why a store did not do what it was asked.

use crate::chain::Place;

/// Why a store did not do what it was asked. Nothing was changed then.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// It is locked, full, or cannot be reached; it may be there later.
    #[error("the ledger cannot be reached: {0}")]
    Away(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// It is no ledger.
    #[error("{what} is no ledger: {why}")]
    NotALedger {
        /// What was opened.
        what: String,
        /// What was found.
        why: String,
    },
    /// It was written by a later version.
    #[error(
        "the ledger has layout {found}, and this version knows layouts up to {known}: use the version that wrote it, or a later one"
    )]
    LaterLayout {
        /// The layout found.
        found: u32,
        /// The latest layout known.
        known: u32,
    },
    /// It was written by an earlier version, and cannot be written now.
    #[error(
        "the ledger has layout {found} and cannot be written, so that it cannot be brought to layout {known}: open a copy that can be written"
    )]
    EarlierLayout {
        /// The layout found.
        found: u32,
        /// The layout of this version.
        known: u32,
    },
    /// An entry says nothing.
    #[error("entry {place} cannot be read: {why}")]
    Unreadable {
        /// Where it stands.
        place: Place,
        /// Why.
        why: String,
    },
    /// The store takes this in no case, however often it is tried.
    #[error("the ledger cannot keep this: {0}")]
    Refused(String),
}
