//! Drives a real browser over a site the way visitors would and observes what each visit sets and
//! calls.

#![forbid(unsafe_code)]

pub mod banner;
mod browser;
mod cdp;
mod visit;

pub use browser::{Browser, BrowserError, BrowserNotFound, find_browser};
pub use cdp::CdpError;
pub use visit::Area;
