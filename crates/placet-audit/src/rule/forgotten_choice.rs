//! A choice was posted, and the answer set no consent cookie.

use super::{Check, Findings, Rule};
use crate::evidence::Evidence;
use crate::finding::{Level, Subject};

pub(super) const RULE: Rule = Rule {
    id: "forgotten-choice",
    level: Level::Error,
    title: "Choice posted but not remembered",
    rests_on: "GDPR Art. 7(1) and 7(3)",
    fix: "Answer every posted choice with the consent cookie",
    check: Check::Evidence(check),
};

fn check(evidence: &Evidence<'_>, findings: &mut Findings) {
    if let Some(seen) = evidence.survey.forgotten_choices() {
        let message = format!(
            "the visitor's choice was posted, but the answer sets no `{}` cookie to remember it",
            evidence.assumptions.policy.consent_cookie().name,
        );
        findings.other(Subject::default(), seen.count, Some(seen.first), message);
    }
}
