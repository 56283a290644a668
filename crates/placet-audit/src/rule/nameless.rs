//! A cookie without a name.

use super::{Check, Findings, Rule, wording};
use crate::evidence::Evidence;
use crate::finding::Level;

pub(super) const RULE: Rule = Rule {
    id: "nameless",
    level: Level::Warning,
    title: "Cookie without a name",
    rests_on: "RFC 6265bis section 5.6; GDPR Art. 13(1), as nobody can declare it",
    fix: "Give the cookie a name, or stop setting it",
    check: Check::Evidence(check),
};

fn check(evidence: &Evidence<'_>, findings: &mut Findings) {
    for cookie in evidence.at_issue() {
        if cookie.seen.key.name.is_empty() {
            let message = format!(
                "{}; browsers send back its bare value, and no policy can declare it",
                wording::seen(cookie),
            );
            findings.cookie(cookie, cookie.seen.seen(), message);
        }
    }
}
