//! The order of the ledger: every entry is linked to the one before, so that none can be altered, removed,
//! moved or slipped in without every later link showing it.
//!
//! Each writer has a chain of its own, numbered from 1 without a gap. The link of an entry is
//! SHA-256 over `placet entry 1` and a line feed, the link before it, the writer (4 bytes) and the
//! number (8 bytes, both most significant first), a byte for the sort of entry (1 receipt, 2 erasure),
//! and the digest of the entry's JSON. Before the first entry stands SHA-256 over `placet ledger 1`
//! and a line feed, the ledger's id (16 bytes) and the writer.
//!
//! An erased receipt leaves the digest of its JSON, from which the salt, erased with it, keeps anybody
//! from guessing what it said; an erasure is an entry of its own that names the places.

mod erasure;
mod line;
mod verifier;

use std::fmt;

pub use erasure::{Erasure, NotAnErasure, Span, Why};
pub use line::{Line, NotALine};
pub use verifier::{Defect, Verified, Verifier};

use crate::digest::Digest;
use crate::receipt::Receipt;

/// The random name of a ledger: what tells the entries of one from those of another.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct LedgerId([u8; 16]);

impl LedgerId {
    /// The id of these bits.
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// The bits.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl fmt::Display for LedgerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for LedgerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Where an entry stands: in which chain, and as which from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The number of the writer whose chain it is.
    pub writer: u32,
    /// The number of the entry in that chain.
    pub number: u64,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.writer, self.number)
    }
}

/// One entry of the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Where it stands.
    pub place: Place,
    /// What it is.
    pub content: Content,
    /// What ties it to all before it.
    pub link: Digest,
}

/// The sorts of entries, in links.
const RECEIPT: u8 = 1;
const ERASURE: u8 = 2;

/// What an entry is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// A receipt.
    Receipt(Box<Receipt>),
    /// What is left of one that was erased: the digest of its JSON.
    Erased(Digest),
    /// That receipts were erased.
    Erasure(Erasure),
}

impl Content {
    /// The digest of its JSON, or of what that was.
    pub fn digest(&self) -> Digest {
        match self {
            Self::Receipt(receipt) => receipt.digest(),
            Self::Erased(digest) => *digest,
            Self::Erasure(erasure) => Digest::of(erasure.to_json().as_bytes()),
        }
    }

    const fn sort(&self) -> u8 {
        match self {
            Self::Receipt(_) | Self::Erased(_) => RECEIPT,
            Self::Erasure(_) => ERASURE,
        }
    }

    /// The link of an entry with this content at `place`, after one with the link `before`.
    pub fn link(&self, before: &Digest, place: Place) -> Digest {
        link(before, place, self.sort(), &self.digest())
    }
}

fn link(before: &Digest, place: Place, sort: u8, content: &Digest) -> Digest {
    Digest::of_parts(&[
        b"placet entry 1\n",
        before.as_bytes(),
        &place.writer.to_be_bytes(),
        &place.number.to_be_bytes(),
        &[sort],
        content.as_bytes(),
    ])
}

/// The last entry of a writer's chain: where the next one goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// Its place; number 0 where the chain is empty.
    pub place: Place,
    /// Its link.
    pub link: Digest,
}

impl Head {
    /// The head of a chain without an entry.
    pub fn empty(ledger: LedgerId, writer: u32) -> Self {
        let parts: [&[u8]; 3] = [
            b"placet ledger 1\n",
            ledger.as_bytes(),
            &writer.to_be_bytes(),
        ];
        Self {
            place: Place { writer, number: 0 },
            link: Digest::of_parts(&parts),
        }
    }

    /// The head after a receipt whose JSON has this digest.
    #[must_use]
    pub(crate) fn after_receipt(&self, content: &Digest) -> Self {
        let place = Place {
            number: self.place.number + 1,
            ..self.place
        };
        let link = link(&self.link, place, RECEIPT, content);
        Self { place, link }
    }

    /// Adds an entry with this content.
    pub fn append(&mut self, content: Content) -> Entry {
        self.place.number += 1;
        self.link = content.link(&self.link, self.place);
        Entry {
            place: self.place,
            content,
            link: self.link,
        }
    }
}
