//! Reports: one audit, written for a person at a terminal, for a program, or for a boss.
//!
//! | format | for whom |
//! | --- | --- |
//! | [`Format::Text`] | a person at a terminal: by service, short, with what to do at the end |
//! | [`Format::Json`] | a program: everything, by the schema in `schema/report-1.schema.json` |
//! | [`Format::Sarif`] | a code scanning service |
//! | [`Format::Junit`] | a build that shows test results |
//! | [`Format::Github`] | GitHub Actions: annotations beside the files of a change |
//! | [`Format::Html`] | a person with a browser: one page to send, print and keep |
//!
//! No report holds the value of a cookie: the evidence keeps none. Names, hosts and messages come
//! from recordings that anybody may have made, so every format shows them without control
//! characters and, except for JSON, cut to a length that a person can read.

mod claims;
mod digest;
mod github;
mod html;
mod json;
mod junit;
mod passes;
mod path;
mod sarif;
mod text;
mod words;

pub(crate) use path::repository_path;

use std::io;
use std::path::PathBuf;

use placet::Timestamp;

use crate::audit::Audit;
use crate::finding::Level;

/// How a report is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// Plain text for a terminal.
    Text,
    /// JSON by the schema `schema/report-1.schema.json`.
    Json,
    /// SARIF 2.1.0 (OASIS), as code scanning services take it.
    Sarif,
    /// JUnit XML, a suite a recording and a case a rule.
    Junit,
    /// Workflow commands of GitHub Actions.
    Github,
    /// One page of HTML that asks for nothing else.
    Html,
}

impl Format {
    /// All formats.
    pub const ALL: [Self; 6] = [
        Self::Text,
        Self::Json,
        Self::Sarif,
        Self::Junit,
        Self::Github,
        Self::Html,
    ];

    /// `text`, `json`, `sarif`, `junit`, `github`, `html`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Json => "json",
            Self::Sarif => "sarif",
            Self::Junit => "junit",
            Self::Github => "github",
            Self::Html => "html",
        }
    }

    /// The format of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }
}

/// What a report is told beside the audit itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// The moment of the report, which it shows as its date; the same moment gives the same bytes.
    pub now: Timestamp,
    /// The heading.
    pub title: String,
    /// The mildest level that makes the outcome [`Findings`](crate::Outcome::Findings).
    pub fail_on: Level,
    /// Whether text is coloured with escape sequences.
    pub colour: bool,
    /// The root of the repository: recordings with a name below it are known by the rest of their
    /// name, so that fingerprints and SARIF locations are the same on every machine.
    pub root: Option<PathBuf>,
    /// The name of the policy's file, where one was given.
    pub policy: Option<String>,
}

impl Options {
    /// A report of that moment: headed `Cookie audit`, failing on warnings, without colour.
    pub fn new(now: Timestamp) -> Self {
        Self {
            now,
            title: "Cookie audit".to_owned(),
            fail_on: Level::Warning,
            colour: false,
            root: None,
            policy: None,
        }
    }
}

/// Writes the report of an audit.
///
/// # Errors
///
/// Those of `out`, and no others.
///
/// ```
/// use placet::{Policy, Timestamp};
/// use placet_audit::{Assumptions, Audit, Evidence, Exchange, Sink, Survey};
/// use placet_audit::report::{Format, Options, write};
/// use placet_catalog::Catalog;
///
/// let policy = Policy::from_json("placet.json", r#"{ "revision": 1, "services": [] }"#)?;
/// let assumed = Assumptions {
///     policy: &policy,
///     gpc: Default::default(),
///     dnt: Default::default(),
///     region: None,
///     choice: None,
///     now: Timestamp::UNIX_EPOCH,
/// };
/// let survey = Survey::new(&assumed, 0);
/// let evidence = Evidence::new(&assumed, true, Catalog::builtin(), survey);
/// let audit = Audit::new(Vec::new(), evidence);
///
/// let mut out = Vec::new();
/// write(Format::Text, &audit, &Options::new(Timestamp::UNIX_EPOCH), &mut out)?;
/// assert!(out.ends_with(b"clean\n"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn write(
    format: Format,
    audit: &Audit<'_>,
    options: &Options,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    match format {
        Format::Text => text::write(audit, options, out),
        Format::Json => json::write(audit, options, out),
        Format::Sarif => sarif::write(audit, options, out),
        Format::Junit => junit::write(audit, options, out),
        Format::Github => github::write(audit, options, out),
        Format::Html => html::write(audit, options, out),
    }
}
