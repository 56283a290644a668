//! The readers from outside: recordings as exporters and servers write them, and anything else.

mod anything;
mod har;
mod header_dump;
mod logs;
mod recorder;
