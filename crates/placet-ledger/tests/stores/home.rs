//! Where a store lies, what is put into it, and how it is verified.

use std::ops::ControlFlow;
use std::sync::Arc;

use placet::{ChoiceId, Dnt, Gpc, How, Regime, Revision, Signals};
use placet_ledger::chain::{Content, Defect, Entry, Verified};
use placet_ledger::store::{self, Store, Submitted};
use placet_ledger::{
    Category, Client, Digest, Document, DocumentKind, Moment, PublicKey, Receipt, Situation, State,
};

/// Where one ledger lies.
pub(crate) trait Home: Sync {
    /// One more handle of it.
    fn open(&self) -> Box<dyn Store>;

    /// Runs statements behind its back.
    fn sql(&self, statements: &str);

    /// A table, as statements name it.
    fn table(&self, name: &str) -> String;

    /// Bytes, as statements write them.
    fn blob(&self, bytes: &[u8]) -> String;

    /// The table and columns of the heads: of a row for each writer.
    fn heads(&self) -> String;

    /// What only this store has in each row of an entry.
    fn more_columns(&self) -> &'static str;

    /// The column in which the digest of an erased receipt stands.
    fn erased_column(&self) -> &'static str;

    /// A text, as a receipt's column has it.
    fn text(&self, text: &str) -> String;
}

pub(crate) const DAY: i64 = 86_400_000;

pub(crate) fn moment(days: i64) -> Moment {
    Moment::from_millis(1_790_000_000_007 + days * DAY).unwrap()
}

pub(crate) fn id(number: u32) -> ChoiceId {
    let mut bytes = [7; 16];
    bytes[..4].copy_from_slice(&number.to_be_bytes());
    ChoiceId::from_bytes(bytes)
}

pub(crate) fn situation(origin: &str, lifetime_days: u16) -> Arc<Situation> {
    Arc::new(Situation {
        origin: origin.to_owned(),
        revision: Revision(3),
        policy: policy().digest(),
        texts: Some(texts().digest()),
        language: Some("de".to_owned()),
        region: "DE".parse().ok(),
        choice_lifetime_days: lifetime_days,
        categories: [("analytics", Regime::OptIn), ("marketing", Regime::OptOut)]
            .map(|(name, regime)| Category {
                name: name.to_owned(),
                regime,
            })
            .into(),
    })
}

pub(crate) fn policy() -> Document {
    Document::new(DocumentKind::Policy, b"{\"revision\":3}".to_vec())
}

pub(crate) fn texts() -> Document {
    Document::new(DocumentKind::Texts, vec![0, 255, 1, 13, 10])
}

pub(crate) fn receipt(number: u32, follows: Option<u32>) -> Receipt {
    Receipt {
        id: id(number),
        follows: follows.map(id),
        at: moment(i64::from(number % 100)),
        situation: situation("https://shop.example", 180),
        states: vec![State::Given, State::Refused],
        how: How::Banner,
        signals: Signals {
            gpc: Gpc::On,
            dnt: Dnt::Allow,
        },
        client: Client {
            address: Some("192.0.2.0".to_owned()),
            user_agent: Some("Browser/1".to_owned()),
        },
        salt: [number as u8; 16],
    }
}

pub(crate) fn submitted(receipt: Receipt) -> Submitted {
    Submitted::new(receipt, vec![policy(), texts()])
}

pub(crate) fn batch(numbers: impl IntoIterator<Item = u32>) -> Vec<Submitted> {
    let one = |number| submitted(receipt(number, None));
    numbers.into_iter().map(one).collect()
}

/// A home with one chain of these receipts.
pub(crate) fn fill(home: &dyn Home, numbers: impl IntoIterator<Item = u32>) -> Box<dyn Store> {
    let mut store = home.open();
    store.append(&batch(numbers)).unwrap();
    store
}

pub(crate) fn entries(store: &mut dyn Store) -> Vec<Entry> {
    let mut found = Vec::new();
    let read = store.entries(&mut |entry| {
        found.push(entry);
        ControlFlow::Continue(())
    });
    read.unwrap();
    found
}

/// The receipts that are there, in order.
pub(crate) fn receipts(store: &mut dyn Store) -> Vec<Receipt> {
    let receipt = |entry: Entry| match entry.content {
        Content::Receipt(receipt) => Some(*receipt),
        _ => None,
    };
    entries(store).into_iter().filter_map(receipt).collect()
}

/// Verifies as operators do.
pub(crate) fn verify_with(store: &mut dyn Store, keys: &[PublicKey]) -> Result<Verified, Defect> {
    store::verify(store, keys.to_vec(), Vec::new(), &mut || ()).unwrap()
}

pub(crate) fn verify(store: &mut dyn Store) -> Result<Verified, Defect> {
    verify_with(store, &[])
}

/// What a document of this digest is, as its bytes.
pub(crate) fn body(store: &mut dyn Store, digest: Digest) -> Option<Vec<u8>> {
    let document = store.document(digest).unwrap()?;
    Some(document.body().to_vec())
}
