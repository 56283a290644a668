//! A text that nothing can be held to.

use super::{Check, Findings, Rule};
use crate::evidence::Evidence;
use crate::finding::{Level, Subject};
use crate::held::Held;

pub(super) const RULE: Rule = Rule {
    id: "privacy-policy-not-verifiable",
    level: Level::Note,
    title: "Privacy policy that nothing can be held to",
    rests_on: "What was not understood is neither kept nor broken",
    fix: "Give the audit the text itself, in one of the languages that it reads",
    check: Check::PrivacyPolicy(check),
};

fn check(held: &Held, _: &Evidence<'_>, findings: &mut Findings) {
    let policy = &held.privacy_policy;
    if let Some(unreadable) = policy.unreadable() {
        let message = format!(
            "nothing could be held to `{}`: {}",
            policy.name(),
            unreadable.reason()
        );
        findings.other(Subject::default(), 1, Some(held.at_line(0)), message);
    }
}
