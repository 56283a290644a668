//! Refused by browsers, for another reason than those that have a rule of their own.

use placet::set_cookie::Rejection;

use super::prefix_violation::is_broken_prefix;
use super::{Check, Findings, Rule, wording};
use crate::evidence::Evidence;
use crate::finding::Level;

pub(super) const RULE: Rule = Rule {
    id: "rejected-by-browsers",
    level: Level::Warning,
    title: "Rejected by browsers",
    rests_on: "RFC 6265bis sections 5.6 and 5.7",
    fix: "Mend the line as the message says, or stop sending it",
    check: Check::Evidence(check),
};

fn check(evidence: &Evidence<'_>, findings: &mut Findings) {
    for cookie in evidence.at_issue() {
        let said_elsewhere = |why: Rejection| {
            is_broken_prefix(why)
                || matches!(why, Rejection::SameSiteNoneNotSecure | Rejection::TooLarge)
        };
        if let Some(why) = cookie.rejection().filter(|why| !said_elsewhere(*why)) {
            let message = format!(
                "{}, but browsers do not store it: {why}",
                wording::seen(cookie)
            );
            findings.cookie(cookie, cookie.seen.seen(), message);
        }
    }
}
