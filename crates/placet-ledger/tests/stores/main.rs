//! What every store promises, asked of each; what only one can do; and what happens when somebody changes a
//! store behind its back.
#![cfg(any(feature = "sqlite", feature = "postgres"))]

#[cfg(feature = "postgres")]
mod faults;
mod home;
#[cfg(all(feature = "sqlite", feature = "postgres"))]
mod kills;
mod model;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(feature = "postgres")]
mod server;
#[cfg(feature = "sqlite")]
mod sqlite;
mod suite;
mod tampering;
