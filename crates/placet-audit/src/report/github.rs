//! The report as workflow commands of GitHub Actions, which shows them beside the files of a change.
//!
//! What was seen on a site, and not in a file, is annotated without a file: GitHub shows it on the page
//! of the run. What concerns a declaration points to the policy.
//!
//! GitHub shows ten annotations of each level for a step and drops the rest without a word; what
//! comes after the tenth is therefore printed as a plain line of the log.

use std::io::{self, Write};

use super::Options;
use super::path::repository_path;
use super::words::{self, shown};
use crate::audit::{Audit, Recording};
use crate::finding::{Finding, Level};
use crate::reader::Format;

/// Annotations of one level that GitHub shows for one step.
const MOST_OF_A_LEVEL: usize = 10;
/// Longest message.
const LONGEST: usize = 1_000;

pub(super) fn write(audit: &Audit<'_>, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let mut written = [0; Level::ALL.len()];
    for annotation in annotations(audit, options) {
        let before = written.get_mut(annotation.level as usize);
        let is_shown = before.is_none_or(|before| {
            *before += 1;
            *before <= MOST_OF_A_LEVEL
        });
        if is_shown {
            writeln!(out, "{}", annotation.command())?;
        } else {
            writeln!(out, "{}", annotation.line())?;
        }
    }
    writeln!(out, "placet: {}", words::outcome(audit, options))
}

/// One annotation of a file.
struct Annotation {
    level: Level,
    /// The path in the repository, and the line.
    place: Option<(String, u64)>,
    title: String,
    message: String,
}

fn annotations(audit: &Audit<'_>, options: &Options) -> Vec<Annotation> {
    let unverified = |recording: &Recording| {
        let is_file = recording.coverage.format != Format::Live;
        Some(Annotation {
            level: Level::Error,
            message: words::unverified(recording)?,
            title: "Could not verify".to_owned(),
            place: is_file.then(|| (repository_path(&recording.name, options), 1)),
        })
    };
    let finding = |finding: &Finding| {
        let mut message = words::message(audit, finding, LONGEST);
        // Which passes of a visit show it stands nowhere else.
        if finding.recordings.len() < 2 && finding.at.is_some_and(|at| !audit.is_file(at)) {
            message.push_str(&format!(" ({})", words::place(audit, finding)));
        }
        Annotation {
            level: finding.level,
            place: place(audit, finding, options),
            title: finding.rule.title.to_owned(),
            message: shown(&format!("{message}. {}.", finding.rule.fix), LONGEST),
        }
    };
    let found = audit.findings.iter();
    let found = found.filter(|finding| !finding.rule.is_about_coverage());
    let gone = audit.known.as_ref().and_then(words::gone);
    audit
        .recordings
        .iter()
        .filter_map(unverified)
        .chain(found.map(finding))
        .chain(gone.map(|gone| Annotation {
            level: Level::Note,
            place: None,
            title: "The baseline can be made shorter".to_owned(),
            message: gone,
        }))
        .collect()
}

/// The file that a finding is about, and the line.
fn place(audit: &Audit<'_>, finding: &Finding, options: &Options) -> Option<(String, u64)> {
    let at = finding.at?;
    if audit.is_file(at) {
        let path = repository_path(audit.file(at), options);
        return Some((path, at.place.line.max(1)));
    }
    let policy = options.policy.as_deref();
    let policy = policy.filter(|_| finding.rule.is_about_declarations())?;
    Some((repository_path(policy, options), 1))
}

impl Annotation {
    /// `::warning file=shop.har,line=12,title=…::…`
    fn command(&self) -> String {
        let level = match self.level {
            Level::Note => "notice",
            Level::Warning => "warning",
            Level::Error => "error",
        };
        let place = self.place.as_ref().map(|(path, line)| {
            let path = property(path);
            format!("file={path},line={line},")
        });
        format!(
            "::{level} {}title={}::{}",
            place.unwrap_or_default(),
            property(&self.title),
            data(&self.message)
        )
    }

    /// The same as a line of the log that is no command.
    fn line(&self) -> String {
        let place = self
            .place
            .as_ref()
            .map(|(path, line)| format!("{path}:{line}: "));
        format!(
            "{}: {}{}: {}",
            self.level,
            place.unwrap_or_default(),
            self.title,
            self.message
        )
    }
}

/// The text of a command, as GitHub's runner takes its escapes back.
fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// The value of a property of a command, which ends at a comma or at the colons.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_text_ends_a_command_or_begins_another() {
        let annotation = Annotation {
            level: Level::Note,
            place: Some(("a,b:c%.har".to_owned(), 7)),
            title: "x::y".to_owned(),
            message: "100 %\n::error::z\r".to_owned(),
        };
        assert_eq!(
            annotation.command(),
            "::notice file=a%2Cb%3Ac%25.har,line=7,title=x%3A%3Ay::100 %25%0A::error::z%0D"
        );
    }
}
