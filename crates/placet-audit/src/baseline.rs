//! The findings that are known and accepted: what an audit found once, so that a build fails only
//! for what is new.
//!
//! A baseline is a file to keep in the repository and to review like code: one finding a line, in an
//! order of its own, without dates and counts.

use std::fmt::Write as _;

use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};

use crate::audit::Audit;
use crate::finding::{Finding, Level};
use crate::report::{Options, repository_path};

/// The version of the form of the file.
const FORM: u32 = 1;

/// One finding that is known.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct KnownFinding {
    /// The id of the rule.
    pub rule: String,
    /// The host it is about.
    pub host: Option<String>,
    /// The cookie it is about.
    pub cookie: Option<String>,
    /// How serious it was: graver, it is a new finding.
    level: String,
    /// See [`Finding::fingerprint`].
    fingerprint: String,
}

impl KnownFinding {
    /// The rule, and what it is about: `` `set-before-choice` of `_ga` at shop.example ``.
    pub fn in_words(&self) -> String {
        let mut text = format!("`{}`", self.rule);
        if let Some(cookie) = &self.cookie {
            let _ = write!(text, " of `{cookie}`");
        }
        if let Some(host) = &self.host {
            let _ = write!(text, " at {host}");
        }
        text
    }
}

/// The known findings of a site.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    known: Vec<KnownFinding>,
}

/// The file, as it is read.
#[derive(Deserialize)]
struct File {
    placet_baseline: u32,
    version: String,
    known: Vec<KnownFinding>,
}

/// Why a file is no baseline of use.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NotABaseline {
    /// It is no JSON, or lacks a member.
    #[error("{file}: {source}; expected a baseline, as `placet audit --write-baseline` writes it")]
    Damaged {
        /// Its name.
        file: String,
        /// What was found, and at which line and column.
        source: serde_json::Error,
    },
    /// It is of another form.
    #[error("{file}: found a baseline of form {found}, expected {FORM}")]
    Form {
        /// Its name.
        file: String,
        /// The form it says it has.
        found: u32,
    },
    /// Another version of this program wrote it, whose rules may find other things.
    #[error(
        "{file}: written by placet {found}, and this is {}, whose rules may find other things; \
         look at what is found without it, then write it again with `--write-baseline`",
        env!("CARGO_PKG_VERSION")
    )]
    Version {
        /// Its name.
        file: String,
        /// The version that wrote it.
        found: String,
    },
    /// An entry holds what it may not.
    #[error("{file}: entry {number} of `known`: found {member} `{found}`, expected {expected}")]
    Entry {
        /// Its name.
        file: String,
        /// 1-based.
        number: usize,
        /// Which member.
        member: &'static str,
        /// What it holds.
        found: String,
        /// What it may hold.
        expected: &'static str,
    },
}

impl Baseline {
    /// Every finding of an audit, those that an earlier baseline knows included. That a recording
    /// proves nothing is not one that could be accepted.
    pub fn of(audit: &Audit<'_>, options: &Options) -> Self {
        let known = audit.known.iter().flat_map(|compared| &compared.findings);
        let findings = audit.findings.iter().chain(known);
        let mut known: Vec<_> = findings
            .filter(|finding| !finding.rule.is_about_coverage())
            .map(|finding| KnownFinding {
                rule: finding.rule.id.to_owned(),
                host: finding.subject.host.clone(),
                cookie: finding.subject.cookie.clone(),
                level: finding.level.name().to_owned(),
                fingerprint: fingerprint(audit, finding, options),
            })
            .collect();
        known.sort();
        Self { known }
    }

    /// Reads a file of that name.
    ///
    /// # Errors
    ///
    /// [`NotABaseline`] for anything that this version did not write: a build must not pass because
    /// its baseline was damaged.
    pub fn read(name: &str, text: &str) -> Result<Self, NotABaseline> {
        let file = || name.to_owned();
        let read: File = serde_json::from_str(text).map_err(|source| NotABaseline::Damaged {
            file: file(),
            source,
        })?;
        if read.placet_baseline != FORM {
            return Err(NotABaseline::Form {
                file: file(),
                found: read.placet_baseline,
            });
        }
        if read.version != env!("CARGO_PKG_VERSION") {
            return Err(NotABaseline::Version {
                file: file(),
                found: read.version,
            });
        }
        for (known, number) in read.known.iter().zip(1..) {
            let is_hash = known.fingerprint.len() == 16
                && known.fingerprint.bytes().all(|b| b.is_ascii_hexdigit());
            let wrong = if Level::from_name(&known.level).is_none() {
                Some(("level", &known.level, "note, warning or error"))
            } else if !is_hash {
                Some(("fingerprint", &known.fingerprint, "16 hexadecimal digits"))
            } else {
                None
            };
            if let Some((member, found, expected)) = wrong {
                return Err(NotABaseline::Entry {
                    file: file(),
                    number,
                    member,
                    found: found.clone(),
                    expected,
                });
            }
        }
        Ok(Self { known: read.known })
    }

    /// The file: one known finding a line.
    pub fn to_json(&self) -> String {
        let mut text = format!(
            "{{\n  \"placet_baseline\": {FORM},\n  \"version\": \"{}\",\n  \"known\": [",
            env!("CARGO_PKG_VERSION")
        );
        for (number, known) in self.known.iter().enumerate() {
            let comma = if number > 0 { "," } else { "" };
            // Strings under fixed names always serialise.
            let line = serde_json::to_string(known).unwrap_or_default();
            let _ = write!(text, "{comma}\n    {line}");
        }
        text.push_str(if self.known.is_empty() {
            "]\n}\n"
        } else {
            "\n  ]\n}\n"
        });
        text
    }
}

/// What an audit says of its baseline.
#[derive(Clone, Debug, Default)]
pub struct Compared {
    /// The findings that were known. They are not among those of the audit any more.
    pub findings: Vec<Finding>,
    /// What was known and is not found any more: the baseline can forget it.
    pub gone: Vec<KnownFinding>,
}

impl Audit<'_> {
    /// Takes the findings that a baseline knows out of the audit, so that reports and outcome are of
    /// the new ones alone. `options` are those of the report, whose root the fingerprints rest on.
    pub fn compare(&mut self, baseline: &Baseline, options: &Options) {
        let mut left: FxHashMap<&str, Vec<&KnownFinding>> = FxHashMap::default();
        for known in &baseline.known {
            left.entry(&known.fingerprint).or_default().push(known);
        }
        let mut compared = Compared::default();
        let mut new = Vec::new();
        let mut is_new = FxHashSet::default();
        for finding in std::mem::take(&mut self.findings) {
            let fingerprint = fingerprint(self, &finding, options);
            let known = left.get_mut(&*fingerprint).and_then(|known| {
                let at = known.iter().position(|known| {
                    Level::from_name(&known.level).is_some_and(|level| level >= finding.level)
                })?;
                Some(known.swap_remove(at))
            });
            if known.is_some() {
                compared.findings.push(finding);
            } else {
                is_new.insert(fingerprint);
                new.push(finding);
            }
        }
        // What has become graver is new, and not gone as well.
        let gone = left.into_values().flatten();
        let gone = gone.filter(|known| !is_new.contains(&known.fingerprint));
        compared.gone = gone.cloned().collect();
        compared.gone.sort();
        self.findings = new;
        self.known = Some(compared);
    }
}

fn fingerprint(audit: &Audit<'_>, finding: &Finding, options: &Options) -> String {
    let file = repository_path(audit.file(finding.at.unwrap_or_default()), options);
    finding.fingerprint(&file)
}
