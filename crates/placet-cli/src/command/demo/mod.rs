//! `placet demo`: a small museum on this machine that asks for every cookie it can think of, with the
//! consent layer in front of it, and beside every page a panel that tells what passed and why.
//!
//! From the outside in: [`server`] takes connections, [`front`] belongs to the demo (it pretends the
//! signals, keeps the [`journal`] and puts the [`panel`] into pages), then comes `ConsentLayer` as any
//! service would use it, which keeps the [`proof`] of choices, and the [`museum`] within.

mod browser;
mod exchange;
mod front;
mod journal;
mod museum;
mod panel;
mod proof;
mod server;
#[cfg(test)]
mod tests;

use std::io::{self, Write};
use std::process::{Command, Stdio};

use crate::arguments::Demo;
use crate::outcome::{self, Failure, Status};
use front::Front;
use proof::Proof;

pub(crate) fn run(arguments: &Demo) -> Result<Status, Failure> {
    let (listener, port) = server::listen(arguments.port)?;
    let proof = Proof::open(arguments.ledger.clone())?;
    let front = Front::new(port, proof).map_err(Failure::wrong)?;
    let address = format!("http://127.0.0.1:{port}/");
    server::serve(listener, front, || {
        let mut out = io::stdout().lock();
        let told = writeln!(out, "{address}").and_then(|()| out.flush());
        outcome::written(told.map_err(Failure::Write))?;
        outcome::tell(format_args!(
            "A museum that asks for every cookie, behind Placet's layer. Ctrl-C ends it."
        ));
        if arguments.open {
            open(&address);
        }
        Ok(())
    })?;
    Ok(Status::Clean)
}

/// Opens an address in the browser of whoever sits here.
fn open(address: &str) {
    let (program, before): (_, &[&str]) = if cfg!(target_os = "macos") {
        ("open", &[])
    } else if cfg!(windows) {
        ("cmd", &["/C", "start", ""])
    } else {
        ("xdg-open", &[])
    };
    let started = Command::new(program)
        .args(before)
        .arg(address)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    if let Err(error) = started {
        outcome::tell(format_args!(
            "{program} did not start ({error}): open {address} yourself"
        ));
    }
}
