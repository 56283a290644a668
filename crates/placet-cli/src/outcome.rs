//! How the command ends. One exit code means one thing in every command.

use std::fmt;
use std::io::{self, Write};
use std::process::ExitCode;

use crate::text::terminal;

/// How a command that ran to its end went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    /// Nothing was found: 0.
    Clean,
    /// Something was found: 1.
    Findings,
    /// What was asked could not be told from what was given: 2.
    Unverified,
}

/// Why a command could not do its work: 3.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// A file could not be read.
    #[error("{file}: {source}")]
    Read {
        /// Its name.
        file: String,
        /// Why not.
        source: io::Error,
    },
    /// The output could not be written.
    #[error("the output could not be written: {0}")]
    Write(#[from] io::Error),
    /// Something given is wrong, in words that say what was expected.
    #[error("{0}")]
    Wrong(String),
}

impl Failure {
    /// A failure in the words of another error.
    pub(crate) fn wrong(error: impl std::fmt::Display) -> Self {
        Self::Wrong(error.to_string())
    }
}

pub(crate) fn exit_code(result: Result<Status, Failure>) -> ExitCode {
    match result {
        Ok(Status::Clean) => ExitCode::SUCCESS,
        Ok(Status::Findings) => ExitCode::from(1),
        Ok(Status::Unverified) => ExitCode::from(2),
        // Whoever reads us has seen enough.
        Err(Failure::Write(error)) if error.kind() == io::ErrorKind::BrokenPipe => {
            ExitCode::SUCCESS
        }
        Err(failure) => {
            tell(format_args!("placet: {failure}"));
            ExitCode::from(3)
        }
    }
}

/// Prints what clap says: help is no failure, anything else is wrong usage.
pub(crate) fn usage(error: &clap::Error) -> ExitCode {
    let printed = error.print();
    if error.use_stderr() {
        ExitCode::from(3)
    } else {
        exit_code(printed.map(|()| Status::Clean).map_err(Failure::Write))
    }
}

/// Says something on standard error, with what could steer a terminal escaped.
pub(crate) fn tell(message: fmt::Arguments<'_>) {
    // A standard error that is full or closed cannot be told anything.
    let _ = writeln!(anstream::stderr(), "{}", terminal(&message.to_string()));
}

/// What became of an output: a reader who has seen enough and left has not changed what was found.
pub(crate) fn written(result: Result<(), Failure>) -> Result<(), Failure> {
    match result {
        Err(Failure::Write(error)) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}
