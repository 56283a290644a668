//! The `placet` command.

#![forbid(unsafe_code)]

mod arguments;
mod command;
mod input;
#[cfg(feature = "live")]
mod interrupt;
mod knowledge;
mod outcome;
mod progress;
mod text;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    match arguments::Arguments::try_parse() {
        Ok(arguments) => outcome::exit_code(command::run(arguments)),
        Err(error) => outcome::usage(&error),
    }
}
