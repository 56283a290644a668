//! Reads recorded traffic, judges every cookie and reports what was found.

mod exchange;

pub use exchange::{Coverage, Exchange, Malformed, Place, Request, Response, SetCookieLine, Sink};
