//! Header blocks as `curl` and people write them.
//!
//! * `framer`: finds the header blocks and steps over bodies.
//! * `parser`: reads the lines of a block and pairs requests with responses.
//! * `start_line`: tells a status line and a request line from anything else.
//! * `field`: tells a field line from anything else.

mod field;
mod framer;
mod parser;
mod start_line;

pub(super) use field::is_field_line;
pub(super) use framer::DumpFramer;
pub(super) use parser::DumpParser;
pub(super) use start_line::StartLine;
