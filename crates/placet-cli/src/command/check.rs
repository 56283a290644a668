//! `placet check`: what is wrong with a policy, and what it probably does not mean.

use std::io::{self, Write};

use placet::{Diagnostic, PolicyFile, Severity};
use placet_audit::{Level, check_policy};
use serde_json::json;

use crate::arguments::{Check, TextFormat};
use crate::outcome::{self, Failure, Status};
use crate::text::{many, terminal};
use crate::{input, knowledge};

pub(crate) fn run(arguments: &Check) -> Result<Status, Failure> {
    let catalog = knowledge::catalog(&arguments.knowledge)?;
    let name = arguments.policy.display().to_string();
    let text = input::text(&arguments.policy)?;
    let found = match PolicyFile::read(&name, &text) {
        Ok(file) => check_policy(&file, &catalog),
        Err(error) => error.diagnostics().to_vec(),
    };
    outcome::written(write(arguments.format, &found).map_err(Failure::Write))?;
    if matches!(arguments.format, TextFormat::Text) {
        outcome::tell(format_args!("{}", summary(&name, &found)));
    }
    let fails = found.iter().any(|d| level(d.severity) >= arguments.fail_on);
    Ok(if fails {
        Status::Findings
    } else {
        Status::Clean
    })
}

fn write(format: TextFormat, found: &[Diagnostic]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    match format {
        TextFormat::Text => found
            .iter()
            .try_for_each(|diagnostic| writeln!(out, "{}", terminal(&diagnostic.to_string()))),
        TextFormat::Json => writeln!(
            out,
            "{}",
            json!({ "findings": found.iter().map(finding).collect::<Vec<_>>() })
        ),
    }
}

const fn level(severity: Severity) -> Level {
    match severity {
        Severity::Warning => Level::Warning,
        // What this command does not know yet must not pass.
        _ => Level::Error,
    }
}

fn summary(name: &str, found: &[Diagnostic]) -> String {
    let count = |severity| found.iter().filter(|d| d.severity == severity).count();
    match (count(Severity::Error), count(Severity::Warning)) {
        (0, 0) => format!("{name}: nothing found"),
        (0, warnings) => format!("{name}: {}", many(warnings, "warning")),
        (errors, 0) => format!("{name}: {}", many(errors, "error")),
        (errors, warnings) => format!(
            "{name}: {}, {}",
            many(errors, "error"),
            many(warnings, "warning")
        ),
    }
}

fn finding(diagnostic: &Diagnostic) -> serde_json::Value {
    json!({
        "file": diagnostic.file,
        "line": diagnostic.line,
        "column": diagnostic.column,
        "level": diagnostic.severity.name(),
        "code": diagnostic.code,
        "path": diagnostic.path,
        "message": diagnostic.message,
    })
}
