//! Template code and gaps that were meant to be filled in.

use super::{Check, Findings, Rule};
use crate::evidence::Evidence;
use crate::finding::{Level, Subject};
use crate::held::Held;

pub(super) const RULE: Rule = Rule {
    id: "privacy-policy-placeholder",
    level: Level::Note,
    title: "Template code or a gap in the privacy policy",
    rests_on: "GDPR Art. 12(1), on information in an intelligible form",
    fix: "Give the finished text to the audit, or fill the gap in",
    check: Check::PrivacyPolicy(check),
};

/// Placeholders that get a finding of their own.
const MOST_NAMED: usize = 20;

fn check(held: &Held, _: &Evidence<'_>, findings: &mut Findings) {
    let placeholders = held.privacy_policy.placeholders();
    let mut named: Vec<&str> = Vec::new();
    for placeholder in placeholders {
        if named.contains(&&*placeholder.text) {
            continue;
        }
        if named.len() == MOST_NAMED {
            break;
        }
        named.push(&placeholder.text);
        let same = placeholders
            .iter()
            .filter(|other| other.text == placeholder.text);
        let message = format!("`{}` stands in the text", placeholder.text);
        let at = held.at_line(placeholder.line);
        findings.other(Subject::default(), same.count() as u64, Some(at), message);
    }
}
