//! The engine of the page: the core of Placet in WebAssembly, so that the page and the server cannot
//! disagree about a cookie.
//!
//! A pure state machine: [`Manager`] holds the policy and what is known of the visitor, and answers. It
//! touches no page. Documents, cookies, banners and tabs belong to the script in `www/src`, which asks:
//! calls from WebAssembly into the document cost several times the bytes that the same calls cost in a
//! script, and everything that a first visitor downloads is counted. For the same reason the policy
//! arrives as [bytes](read_document) that the script makes of the JSON document, nothing here formats
//! text, and only numbers and bytes pass the border (`exports.rs`, with `www/src/engine.js` on the
//! other side).
//!
//! A visitor who has not chosen needs a third of it: [`first`] is that, a module of its own, of the same core.
//!
//! It fails closed: without a readable policy nothing passes.

#![forbid(unsafe_code)]

mod document;
pub mod exports;
mod expression;
pub mod first;
mod manager;
#[cfg(test)]
mod tests;

pub use document::read_document;
pub use manager::{Allowed, Manager, Removal, Visitor, pack};

/// Memory that lives as long as the page: next to nothing is made after the start, so that an allocator
/// which takes memory back would be downloaded for nothing.
#[cfg(target_family = "wasm")]
#[global_allocator]
static MEMORY: mini_alloc::MiniAlloc = mini_alloc::MiniAlloc::INIT;
