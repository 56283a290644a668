//! One audit from end to end: the recordings, the evidence, the findings and the outcome.

use crate::baseline::Compared;
use crate::evidence::Evidence;
use crate::exchange::Coverage;
use crate::finding::{Finding, Level};
use crate::held::Held;
use crate::privacy_policy::PrivacyPolicy;
use crate::reader::Format;
use crate::rule::{Rule, check, check_privacy_policy, sort};
use crate::survey::Where;
use crate::visit::Visit;
use placet_catalog::Catalog;

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
    /// A recording holds no cookie headers, so that nothing it does not show is proven, or nothing
    /// could be held to the privacy policy.
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
    /// The privacy policy it was held against.
    pub privacy_policy: Option<Held>,
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
            privacy_policy: None,
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

    /// Holds a privacy policy against itself, the policy and the recordings, and adds what the
    /// rules about that find. All recordings have to be there: in places its file comes after them.
    pub fn hold_against(&mut self, privacy_policy: PrivacyPolicy, catalog: &Catalog) {
        let file = u16::try_from(self.recordings.len()).unwrap_or(u16::MAX);
        let held = Held::new(privacy_policy, file, &self.evidence, catalog);
        let findings = check_privacy_policy(&held, &self.evidence);
        self.add(Rule::OF_PRIVACY_POLICIES, findings);
        self.privacy_policy = Some(held);
    }

    /// The name of the recording, or of the privacy policy, in which something stands.
    pub fn file(&self, at: Where) -> &str {
        let recording = self.recordings.get(usize::from(at.file));
        match (recording, &self.privacy_policy) {
            (Some(recording), _) => &recording.name,
            (None, Some(held)) if held.file == at.file => held.privacy_policy.name(),
            (None, _) => "",
        }
    }

    /// Whether something stands in a file, and not on a site that was visited.
    pub(crate) fn is_file(&self, at: Where) -> bool {
        match self.recordings.get(usize::from(at.file)) {
            Some(recording) => recording.coverage.format != Format::Live,
            None => !self.file(at).contains("://"),
        }
    }

    /// Whether nothing but a privacy policy was read.
    pub(crate) fn is_of_a_text_alone(&self) -> bool {
        self.recordings.is_empty() && self.privacy_policy.is_some()
    }

    /// How many files were read.
    pub(crate) fn files(&self) -> usize {
        self.recordings.len() + usize::from(self.privacy_policy.is_some())
    }

    /// How the audit ended when findings below `fail_on` do not count. The note that a recording
    /// cannot show anything is no finding that could win over it.
    pub fn outcome(&self, fail_on: Level) -> Outcome {
        let mut counted = self.findings.iter().filter(|f| !f.rule.is_about_coverage());
        if counted.any(|finding| finding.level >= fail_on) {
            Outcome::Findings
        } else if self.recordings.iter().all(|r| r.coverage.can_verify())
            && self.unreadable_privacy_policy().is_none()
        {
            Outcome::Clean
        } else {
            Outcome::Unverified
        }
    }

    /// Why nothing could be held to the privacy policy, where there is one.
    pub(crate) fn unreadable_privacy_policy(&self) -> Option<String> {
        let policy = &self.privacy_policy.as_ref()?.privacy_policy;
        let why = policy.unreadable()?.reason();
        Some(format!("nothing could be held to {}: {why}", policy.name()))
    }
}
