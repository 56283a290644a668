//! `placet check`: what is wrong with a policy or a file under `/.well-known/`, and what it probably
//! does not mean.

use std::io::{self, Write};
use std::path::Path;

use placet::{Diagnostic, PolicyFile, Severity};
use placet_audit::well_known::{Fetched, WellKnown};
use placet_audit::{Level, check_policy};
use serde_json::json;

use crate::arguments::{Check, TextFormat};
use crate::outcome::{self, Failure, Status};
use crate::text::{many, terminal};
use crate::{input, knowledge};

/// One thing that was found, as it is told.
struct Found {
    level: Level,
    text: String,
    json: serde_json::Value,
}

pub(crate) fn run(arguments: &Check) -> Result<Status, Failure> {
    let catalog = knowledge::catalog(&arguments.knowledge)?;
    let mut found = Vec::new();
    let mut summaries = Vec::new();
    if let Some(policy) = &arguments.policy {
        let name = policy.display().to_string();
        let text = input::text(policy)?;
        let diagnostics = match PolicyFile::read(&name, &text) {
            Ok(file) => check_policy(&file, &catalog),
            Err(error) => error.diagnostics().to_vec(),
        };
        let here: Vec<_> = diagnostics.iter().map(Found::in_policy).collect();
        summaries.push(summary(&name, &here));
        found.extend(here);
    }
    for path in &arguments.well_known {
        let here = well_known(path)?;
        summaries.push(summary(&path.display().to_string(), &here));
        found.extend(here);
    }
    outcome::written(write(arguments.format, &found).map_err(Failure::Write))?;
    if matches!(arguments.format, TextFormat::Text) {
        for summary in summaries {
            outcome::tell(format_args!("{summary}"));
        }
    }
    Ok(if found.iter().any(|f| f.level >= arguments.fail_on) {
        Status::Findings
    } else {
        Status::Clean
    })
}

fn well_known(path: &Path) -> Result<Vec<Found>, Failure> {
    let name = path.display().to_string();
    let Some(file) = WellKnown::of_file(&name) else {
        return Err(Failure::Wrong(format!(
            "--well-known: found `{name}`, expected a file named `gpc.json` or `dnt-policy.txt`, or one in a folder `dnt`"
        )));
    };
    let fetched = Fetched {
        status: 200,
        media_type: None,
        sets_cookies: false,
        body: &input::bytes(path)?,
    };
    let found = file.check("the site", &fetched);
    Ok(found.iter().map(|f| Found::in_file(&name, f)).collect())
}

impl Found {
    fn in_policy(diagnostic: &Diagnostic) -> Self {
        Self {
            level: match diagnostic.severity {
                Severity::Warning => Level::Warning,
                // What this command does not know yet must not pass.
                _ => Level::Error,
            },
            text: diagnostic.to_string(),
            json: json!({
                "file": diagnostic.file,
                "line": diagnostic.line,
                "column": diagnostic.column,
                "level": diagnostic.severity.name(),
                "code": diagnostic.code,
                "path": diagnostic.path,
                "message": diagnostic.message,
            }),
        }
    }

    /// Of a file that is read as a whole no line is known.
    fn in_file(file: &str, finding: &placet_audit::Finding) -> Self {
        let (level, message) = (finding.level, &finding.message);
        Self {
            level,
            text: format!("{file}: {level}: {message}"),
            json: json!({
                "file": file,
                "line": null,
                "column": null,
                "level": level.name(),
                "code": finding.rule.id,
                "path": null,
                "message": message,
            }),
        }
    }
}

fn write(format: TextFormat, found: &[Found]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    match format {
        TextFormat::Text => found
            .iter()
            .try_for_each(|found| writeln!(out, "{}", terminal(&found.text))),
        TextFormat::Json => {
            let found: Vec<_> = found.iter().map(|found| &found.json).collect();
            writeln!(out, "{}", json!({ "findings": found }))
        }
    }
}

/// `placet.json: 1 error, 2 warnings`.
fn summary(name: &str, found: &[Found]) -> String {
    let counts: Vec<_> = Level::ALL
        .into_iter()
        .rev()
        .map(|level| (found.iter().filter(|f| f.level == level).count(), level))
        .filter(|(count, _)| *count > 0)
        .map(|(count, level)| many(count, level.name()))
        .collect();
    if counts.is_empty() {
        format!("{name}: nothing found")
    } else {
        format!("{name}: {}", counts.join(", "))
    }
}
