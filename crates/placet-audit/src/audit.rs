//! One audit from end to end: the recordings, the evidence, the findings and the outcome.

use crate::baseline::Compared;
use crate::evidence::Evidence;
use crate::exchange::Coverage;
use crate::finding::{Finding, Level};
use crate::rule::{Rule, check, sort};
use crate::survey::Where;
use crate::visit::Visit;

/// One recording that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recording {
    /// Its name, as the user gave it.
    pub name: String,
    /// What the reader tells of it.
    pub coverage: Coverage,
}

/// How an audit ended. A finding wins over what could not be verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// Everything was seen, and nothing was found at the level asked for.
    Clean,
    /// Something was found.
    Findings,
    /// A recording holds no cookie headers, so that nothing it does not show is proven.
    Unverified,
}

impl Outcome {
    /// `clean`, `findings`, `unverified`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Clean => "clean",
            Self::Findings => "findings",
            Self::Unverified => "unverified",
        }
    }
}

/// One audit: what was read, what it shows, and what the rules say of it. Reports print this.
#[derive(Debug)]
pub struct Audit<'a> {
    /// The recordings, in the order given.
    pub recordings: Vec<Recording>,
    /// What they show.
    pub evidence: Evidence<'a>,
    /// The passes of a live audit, in the order of their recordings.
    pub visits: Vec<Visit>,
    /// What was looked for, in the order of the reports.
    pub rules: Vec<&'static Rule>,
    /// What the rules say of it, the gravest first.
    pub findings: Vec<Finding>,
    /// What a baseline took out of the findings; `None` without one. See [`Audit::compare`].
    pub known: Option<Compared>,
}

impl<'a> Audit<'a> {
    /// Runs every rule.
    pub fn new(recordings: Vec<Recording>, evidence: Evidence<'a>) -> Self {
        let findings = check(&recordings, &evidence);
        let all = Rule::ALL.iter().copied();
        let read_by_rules = all.filter(|rule| rule.reads_recordings()).collect();
        Self {
            recordings,
            evidence,
            visits: Vec::new(),
            rules: read_by_rules,
            findings,
            known: None,
        }
    }

    /// Adds rules that look at more than recordings, and what they found.
    pub fn add(&mut self, rules: &[&'static Rule], findings: impl IntoIterator<Item = Finding>) {
        self.rules.extend(rules);
        self.findings.extend(findings);
        sort(&mut self.findings);
    }

    /// The name of the recording in which something stands.
    pub fn file(&self, at: Where) -> &str {
        let recording = self.recordings.get(usize::from(at.file));
        recording.map_or("", |recording| &recording.name)
    }

    /// How the audit ended when findings below `fail_on` do not count. The note that a recording
    /// cannot show anything is no finding that could win over it.
    pub fn outcome(&self, fail_on: Level) -> Outcome {
        let mut counted = self.findings.iter().filter(|f| !f.rule.is_about_coverage());
        if counted.any(|finding| finding.level >= fail_on) {
            Outcome::Findings
        } else if self.recordings.iter().all(|r| r.coverage.can_verify()) {
            Outcome::Clean
        } else {
            Outcome::Unverified
        }
    }
}
