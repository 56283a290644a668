//! Drives a real browser over a site the way visitors would and observes what each visit sets and
//! calls.
//!
//! One browser, started on an empty profile and without a window, makes several passes over the
//! same pages side by side, each in a browser context of its own: see [`Pass`]. Every pass is a
//! recording to the rules of `placet-audit`, and what differs between passes is the evidence.
//!
//! Why a pipe and not a client library: over `--remote-debugging-pipe` the browser ends when we do,
//! however that happens, and no other program of the machine can reach it. The clients there are
//! speak over a port, and bring the whole protocol as code.

#![forbid(unsafe_code)]

mod address;
pub mod assets;
pub mod banner;
mod browser;
mod cdp;
pub mod document;
mod pass;
mod rule;
mod scout;
mod site;
mod stop;
pub mod visit;

pub use address::{AddressError, read_address};
pub use assets::{Assets, AssetsError};
pub use browser::{Browser, BrowserError, BrowserNotFound, find_browser};
pub use cdp::CdpError;
pub use pass::{Pass, Stages};
pub use site::{Live, LiveError, Progress, Site, visit};
pub use stop::Stop;
