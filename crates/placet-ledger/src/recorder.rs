//! Who keeps receipts: what a server asks of one.

use std::future::Future;
use std::pin::Pin;

use placet::ChoiceId;

use crate::document::Document;
use crate::receipt::Receipt;

/// What comes later, without a runtime of its own.
pub type Answer<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// How it went with a receipt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Recorded {
    /// It is in the ledger, for good.
    Ledger,
    /// The ledger is away; it is on a disk here, for good, and goes into the ledger later.
    Spool,
    /// It is nowhere: ledger and spool took no more.
    Nowhere,
}

impl Recorded {
    /// `ledger`, `spool`, `nowhere`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ledger => "ledger",
            Self::Spool => "spool",
            Self::Nowhere => "nowhere",
        }
    }

    /// Whether it outlives the server.
    pub const fn is_durable(self) -> bool {
        !matches!(self, Self::Nowhere)
    }
}

/// The ledger cannot answer now. A reader may come again later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the ledger cannot be reached; later it may")]
pub struct Unavailable;

/// What an erasure came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Erased {
    /// How many receipts are gone.
    pub receipts: u64,
}

/// Keeps receipts. A server calls it when somebody has chosen or asks for what is kept of them.
///
/// Futures of a recorder may be dropped: what was begun is done all the same.
pub trait Recorder: Send + Sync + 'static {
    /// Keeps a receipt, and the documents it names as far as they are not kept yet; ends when that is
    /// durable or failed. A receipt with an id that is kept already is not kept twice; where it says something else
    /// than the one that is kept, it is kept nowhere.
    fn record(&self, receipt: Receipt, documents: Vec<Document>) -> Answer<Recorded>;

    /// The receipt of this id and those that it followed, the latest first; none where none is kept. Of more than
    /// anybody makes, the latest.
    fn history(&self, id: ChoiceId) -> Answer<Result<Vec<Receipt>, Unavailable>>;

    /// Erases the receipt of this id and all that it followed.
    fn erase(&self, id: ChoiceId) -> Answer<Result<Erased, Unavailable>>;
}
