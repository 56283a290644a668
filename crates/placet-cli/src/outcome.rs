//! How the command ends. One exit code means one thing in every command.

use std::io;
use std::process::ExitCode;

use anstream::eprintln;

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
            eprintln!("placet: {failure}");
            ExitCode::from(3)
        }
    }
}

/// Prints what clap says: help is no failure, anything else is wrong usage.
pub(crate) fn usage(error: &clap::Error) -> ExitCode {
    // A terminal that is gone cannot be told anything.
    let _ = error.print();
    if error.use_stderr() {
        ExitCode::from(3)
    } else {
        ExitCode::SUCCESS
    }
}
