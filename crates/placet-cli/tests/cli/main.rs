//! The `placet` command as a user runs it: one process a test, its output and its exit code.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod audit;
mod bundle;
mod check;
#[cfg(unix)]
mod ci;
mod decide;
mod declare;
#[cfg(feature = "demo")]
mod demo;
mod explain;
mod harness;
mod init;
mod inspect;
#[cfg(feature = "ledger")]
mod ledger;
#[cfg(feature = "ledger")]
mod ledger_stats;
#[cfg(feature = "live")]
mod live;
mod usage;
