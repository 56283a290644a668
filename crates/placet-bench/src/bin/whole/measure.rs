//! One run of a program: how long it took, how long its threads worked, and the most memory it held.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use wait4::Wait4;

/// What one run cost, and what it printed.
#[derive(Debug)]
pub(super) struct Measured {
    /// From start to end.
    pub(super) seconds: f64,
    /// Seconds of all its threads, in the program and in the system.
    pub(super) processor: f64,
    /// The most memory it held, in bytes.
    pub(super) peak: u64,
    pub(super) answer: String,
}

impl Measured {
    /// The number that it printed.
    pub(super) fn number(&self) -> Option<u64> {
        self.answer.trim().parse().ok()
    }

    /// The number of `Set-Cookie` headers in a report of ours.
    pub(super) fn reported(&self) -> Option<u64> {
        let report: serde_json::Value = serde_json::from_str(&self.answer).ok()?;
        report.pointer("/recordings/0/set_cookies")?.as_u64()
    }
}

/// Runs a command to its end, its output going to the file `answer`.
///
/// Programs say by other exit codes than 0 what they found; only a signal is a failure here.
pub(super) fn run(command: &mut Command, answer: &Path) -> Result<Measured, String> {
    let failed = |error| format!("cannot run {command:?}: {error}");
    let out = File::create(answer).map_err(failed)?;
    command.stdin(Stdio::null()).stdout(out);
    let start = Instant::now();
    let mut child = command
        .spawn()
        .map_err(|error| format!("cannot run {command:?}: {error}"))?;
    let used = child
        .wait4()
        .map_err(|error| format!("cannot wait for {command:?}: {error}"))?;
    let seconds = start.elapsed().as_secs_f64();
    if used.status.code().is_none() {
        return Err(format!("{command:?} ended with {}", used.status));
    }
    let answer = fs::read(answer).map_err(|error| format!("cannot read its answer: {error}"))?;
    Ok(Measured {
        seconds,
        processor: (used.rusage.utime + used.rusage.stime).as_secs_f64(),
        peak: used.rusage.maxrss,
        answer: String::from_utf8_lossy(&answer).into_owned(),
    })
}
