//! Where a ledger lies: what every store can do, and the stores.

mod error;
mod packed;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(feature = "sqlite")]
mod sqlite;
mod tally;
mod url;
mod verify;

use std::ops::RangeInclusive;
use std::sync::Arc;

use placet::ChoiceId;

pub use error::StoreError;
#[cfg(feature = "postgres")]
pub use postgres::Postgres;
#[cfg(feature = "sqlite")]
pub use sqlite::Sqlite;
pub use tally::Tally;
pub use url::{LedgerUrl, NotALedgerUrl};
pub use verify::verify;

use crate::chain::{Entry, Head, LedgerId};
use crate::checkpoint::Checkpoint;
use crate::day::Day;
use crate::digest::Digest;
use crate::document::Document;
use crate::moment::Moment;
use crate::receipt::Receipt;
use crate::recorder::Erased;

/// A receipt, and the documents it names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submitted {
    pub(crate) receipt: Receipt,
    /// What it names; those that are kept already are not kept twice.
    pub(crate) documents: Vec<Document>,
    /// That of the receipt.
    pub(crate) digest: Digest,
}

impl Submitted {
    /// A receipt, with the documents it names; those that are kept already need not be there.
    pub fn new(receipt: Receipt, documents: Vec<Document>) -> Self {
        Self {
            digest: receipt.digest(),
            receipt,
            documents,
        }
    }
}

/// Some of the receipts that are added together.
pub type Portion = Arc<[Submitted]>;

/// Which receipts of a batch were not added: their places in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Appended {
    /// Those whose id is there.
    pub there: Vec<usize>,
    /// Those that their person asked to erase before they came, perhaps once more.
    pub forgotten: Vec<usize>,
}

/// What is left of the id of a receipt that was erased at request: nobody finds the id from it, and the receipt does not
/// come again from where it waited.
#[cfg(any(feature = "sqlite", feature = "postgres"))]
fn trace(id: ChoiceId) -> Digest {
    Digest::of(id.as_bytes())
}

/// How much there is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// Which ledger it is.
    pub ledger: LedgerId,
    /// The number of its layout.
    pub layout: u32,
    /// Receipts that are there.
    pub receipts: u64,
    /// Receipts that were erased.
    pub erased: u64,
    /// Bytes on the disk, with indexes.
    pub bytes: u64,
    /// The moment of the receipt that was added last.
    pub last: Option<Moment>,
    /// The ends of the chains.
    pub heads: Vec<Head>,
}

/// One place where a ledger lies. Everything it says it has done is durable.
///
/// One process may have several: they see what the others do.
pub trait Store: Send {
    /// Which ledger it is.
    fn ledger(&self) -> LedgerId;

    /// Adds receipts in this order, all or none, except those whose id is there already, or was when its person asked
    /// to erase it.
    ///
    /// # Errors
    ///
    /// Why none was added.
    fn append(&mut self, batch: &[Submitted]) -> Result<Appended, StoreError>;

    /// Adds receipts as [`Store::append`] does, all or none of all these portions, whose places count on: a store may
    /// begin with the first ones while the next are still made.
    ///
    /// # Errors
    ///
    /// Why none was added; portions may be left then.
    fn append_portions(
        &mut self,
        portions: &mut dyn Iterator<Item = Portion>,
    ) -> Result<Appended, StoreError> {
        let all: Vec<Submitted> = portions.flat_map(|portion| portion.to_vec()).collect();
        self.append(&all)
    }

    /// The receipt of this id and those that it followed, the latest first, at most `most`.
    ///
    /// # Errors
    ///
    /// Why it cannot be read.
    fn history(&mut self, id: ChoiceId, most: usize) -> Result<Vec<Receipt>, StoreError>;

    /// Erases the receipt of this id and all that it followed, at this moment, for good: should one of them come again,
    /// it is not added.
    ///
    /// # Errors
    ///
    /// Why nothing was erased.
    fn erase(&mut self, id: ChoiceId, now: Moment) -> Result<Erased, StoreError>;

    /// Erases the receipts whose choice could not stand any more `keep_days` ago, at most `most` of them: none
    /// when none is left. Which they are is decided by the region's lifetime that each receipt carries.
    ///
    /// # Errors
    ///
    /// Why nothing was erased.
    fn prune(&mut self, keep_days: u32, now: Moment, most: usize) -> Result<Erased, StoreError>;

    /// How many receipts [`Store::prune`] would erase by and by; erases none.
    ///
    /// # Errors
    ///
    /// Why they cannot be counted.
    fn count_outlived(&mut self, keep_days: u32, now: Moment) -> Result<u64, StoreError>;

    /// Every entry of one moment, chain by chain in order, until `each` breaks off or there is no more; gives the
    /// ends of the chains at that moment, as the store keeps them apart from the entries.
    ///
    /// # Errors
    ///
    /// Why they cannot be read; [`StoreError::Unreadable`] for one entry that says nothing.
    fn entries(&mut self, each: &mut Each<'_>) -> Result<Vec<Head>, StoreError>;

    /// The ends of the chains, as the store keeps them apart from the entries.
    ///
    /// # Errors
    ///
    /// Why they cannot be read.
    fn heads(&mut self) -> Result<Vec<Head>, StoreError>;

    /// The end of the chain that this store appends to.
    ///
    /// # Errors
    ///
    /// Why it cannot be read.
    fn own_head(&mut self) -> Result<Head, StoreError>;

    /// The checkpoints, in the order in which they were added.
    ///
    /// # Errors
    ///
    /// Why they cannot be read.
    fn checkpoints(&mut self) -> Result<Vec<Checkpoint>, StoreError>;

    /// Adds a checkpoint.
    ///
    /// # Errors
    ///
    /// Why it was not added.
    fn add_checkpoint(&mut self, checkpoint: &Checkpoint) -> Result<(), StoreError>;

    /// The document of this digest.
    ///
    /// # Errors
    ///
    /// Why it cannot be read.
    fn document(&mut self, digest: Digest) -> Result<Option<Document>, StoreError>;

    /// How many choices of which sort there were on which of these days, in order of days.
    ///
    /// # Errors
    ///
    /// Why they cannot be read.
    fn tallies(&mut self, days: RangeInclusive<Day>) -> Result<Vec<Tally>, StoreError>;

    /// How much there is.
    ///
    /// # Errors
    ///
    /// Why it cannot be read.
    fn status(&mut self) -> Result<Status, StoreError>;
}

/// Opens the ledger at this address; a file, or the tables of a database, are made where there are none.
///
/// # Errors
///
/// Why it cannot be opened; [`StoreError::Refused`] where this build has no store of that sort.
pub fn open(url: &LedgerUrl) -> Result<Box<dyn Store>, StoreError> {
    match url {
        #[cfg(feature = "sqlite")]
        LedgerUrl::Sqlite(path) => Ok(Box::new(Sqlite::open(path)?)),
        #[cfg(feature = "postgres")]
        LedgerUrl::Postgres(address) => Ok(Box::new(Postgres::open(address)?)),
        #[cfg(not(all(feature = "sqlite", feature = "postgres")))]
        other => Err(StoreError::Refused(format!(
            "`{other}`: built without this sort of store"
        ))),
    }
}

/// Opens the ledger at this address to read it: also one that cannot be written, like a file on a medium that only reads,
/// or the database of a standby. One that can be is brought to the layout of this version, as [`open`] does.
///
/// # Errors
///
/// Why it cannot be opened; [`StoreError::EarlierLayout`] for one of an earlier version that cannot be written.
pub fn open_to_read(url: &LedgerUrl) -> Result<Box<dyn Store>, StoreError> {
    let opened = open(url);
    #[cfg(feature = "sqlite")]
    if let (Err(StoreError::Away(_)), LedgerUrl::Sqlite(path)) = (&opened, url) {
        return match Sqlite::open_to_read(path) {
            Ok(store) => Ok(Box::new(store)),
            Err(error @ StoreError::EarlierLayout { .. }) => Err(error),
            // Why it cannot be written says more.
            Err(_) => opened,
        };
    }
    opened
}

/// How many situations a store has at hand; their languages and, without `hosts`, their origins are whatever visitors
/// send.
#[cfg(any(feature = "sqlite", feature = "postgres"))]
pub(crate) const MOST_SITUATIONS: usize = 4096;

/// What is done with each entry.
pub type Each<'a> = dyn FnMut(Entry) -> std::ops::ControlFlow<()> + 'a;
