//! The layer behind real sockets: servers of hyper on loopback, clients that write raw bytes, HTTP/2
//! connections, and curl.

mod bodies;
mod connections;
mod cookies;
mod curl;
mod endpoints;
mod failures;
mod hostile;
mod http2;
#[cfg(feature = "ledger")]
mod ledger;
mod memory;
mod property;
mod raw;
mod reader;
#[cfg(feature = "script")]
mod script;
mod server;
mod shop;
mod stress;
