//! Access logs of nginx and Apache, one line an exchange.
//!
//! * `format`: the layout of a line, from the server's own configuration text.
//! * `guess`: lines in common or combined format without any layout given.
//! * `parser`: lines to exchanges.

mod format;
mod guess;
mod parser;

pub use format::{LogFormat, LogFormatError};
pub(super) use parser::LogParser;
