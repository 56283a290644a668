//! Set by an answer that was not encrypted.

use super::{Check, Findings, Rule, wording};
use crate::evidence::Evidence;
use crate::finding::Level;

pub(super) const RULE: Rule = Rule {
    id: "set-over-plain-http",
    level: Level::Warning,
    title: "Set over plain HTTP",
    rests_on: "GDPR Art. 32(1); RFC 6265bis section 8.3",
    fix: "Redirect to HTTPS without setting cookies, and set them there with `Secure`",
    check: Check::Evidence(check),
};

fn check(evidence: &Evidence<'_>, findings: &mut Findings) {
    for cookie in evidence.at_issue() {
        if cookie.is_set() && cookie.seen.key.plain_http {
            let message = format!(
                "{} over plain HTTP, where everyone on the way can read and change it",
                wording::seen(cookie),
            );
            findings.cookie(cookie, cookie.seen.seen(), message);
        }
    }
}
