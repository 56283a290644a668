//! The proof of every choice: receipts that nobody loses, alters, or reads but who may.
//!
//! A [`Receipt`] is the record of one choice: what was said of every category, when, how, under which
//! policy and which texts, and which signals the browser sent. It names nobody: its id is the random
//! one of the visitor's own consent cookie. A server hands each to a [`Recorder`] and tells the
//! visitor how that went ([`Recorded`]).
//!
//! Of the visitor's network a receipt keeps nothing by itself. An operator who has to keep something gives
//! a [`Client`], cut short by [`network_of`] or hashed with a [`ClientKey`].
//!
//! [`export`] writes receipts for spreadsheets, databases, and by the standards for consent records.

#![forbid(unsafe_code)]

#[cfg(any(feature = "sqlite", feature = "postgres"))]
pub mod chain;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod checkpoint;
mod client;
mod day;
mod digest;
mod document;
pub mod export;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
pub mod insight;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod ledger;
mod moment;
mod receipt;
mod recorder;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod spool;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
pub mod store;

#[cfg(any(feature = "sqlite", feature = "postgres"))]
pub use checkpoint::{Checkpoint, NotACheckpoint, NotAKey, PublicKey, SecretKey};
pub use client::{ClientKey, ShortKey, network_of};
pub use day::{Day, NotADay};
pub use digest::{Digest, NotADigest};
pub use document::{Document, DocumentKind};
#[cfg(any(feature = "sqlite", feature = "postgres"))]
pub use ledger::{CannotOpen, Health, Ledger, Settings};
pub use moment::{Moment, NotAMoment};
pub use receipt::{Category, Client, NotAReceipt, Receipt, Salt, Situation, State};
pub use recorder::{Answer, Erased, Recorded, Recorder, Unavailable};
#[cfg(any(feature = "sqlite", feature = "postgres"))]
pub use store::{LedgerUrl, NotALedgerUrl};
