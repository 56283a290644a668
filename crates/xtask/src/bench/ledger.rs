//! Receipts a second, waits and bytes, in a ledger in SQLite and one in PostgreSQL. `ledger` of `placet-bench`
//! measures; this starts the database and makes tables of what it says.

use std::process::Command;

use super::postgres::Server;
use super::table::lines_as_tables;
use super::{PACKAGE, machine};
use crate::command;
use crate::workshop::Workshop;

pub(super) fn run(
    workshop: &Workshop,
    filter: Option<&str>,
    quick: bool,
) -> Result<String, String> {
    let mut build = Command::new("cargo");
    build.current_dir(workshop.root());
    build.args(["build", "--locked", "--release", "--package", PACKAGE]);
    command::run(build.args(["--bin", "ledger"]))?;
    let target = &workshop.metadata.target_directory;
    let server = Server::start()?;
    let mut measuring = Command::new(target.join("release/ledger"));
    measuring.args(quick.then_some("--quick")).args(filter);
    measuring.arg(target.join("ledger-bench")).arg(server.url());
    let text = lines_as_tables(&command::output(&mut measuring)?)?;
    Ok(format!("{}, {text}", machine()))
}
