//! A request whose consent cookie cannot be read.

use super::{Check, Findings, Rule};
use crate::evidence::Evidence;
use crate::finding::{Level, Subject};

pub(super) const RULE: Rule = Rule {
    id: "malformed-consent-cookie",
    level: Level::Warning,
    title: "Consent cookie that cannot be read",
    rests_on: "GDPR Art. 7(1)",
    fix: "Let one place alone write the consent cookie, with one domain and path",
    check: Check::Evidence(check),
};

fn check(evidence: &Evidence<'_>, findings: &mut Findings) {
    let name = &evidence.assumptions.policy.consent_cookie().name;
    for (problem, seen) in evidence.survey.unreadable_choices() {
        let message = format!("`{name}` counts as no choice at all in a request: {problem}");
        findings.other(Subject::default(), seen.count, Some(seen.first), message);
    }
}
