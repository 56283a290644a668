//! HTTP Archive 1.2 as exporters really write it.
//!
//! * `framer`: finds the entries, one after the other, without parsing them.
//! * `skeleton`: what stands around the entries: who wrote the file, and its pages.
//! * `entry`: one entry as an exchange.
//! * `rebuild`: `Set-Cookie` lines out of the cookie lists of exporters that keep no header.

mod entry;
mod framer;
mod rebuild;
mod skeleton;

pub(super) use entry::EntryParser;
pub(super) use framer::HarFramer;
