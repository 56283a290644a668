//! A name prefix whose promise the attributes break, so that browsers refuse the cookie.

use placet::set_cookie::Rejection;

use super::{Check, Findings, Rule, wording};
use crate::evidence::Evidence;
use crate::finding::Level;

pub(super) const RULE: Rule = Rule {
    id: "prefix-violation",
    level: Level::Warning,
    title: "Name prefix whose promise is broken",
    rests_on: "RFC 6265bis section 4.1.3; layered cookies draft",
    fix: "Give the cookie the attributes its prefix asks for, or another name",
    check: Check::Evidence(check),
};

/// Whether the rejection is for this rule.
pub(super) const fn is_broken_prefix(rejection: Rejection) -> bool {
    use Rejection::{HostHttpPrefix, HostPrefix, HttpPrefix, NamelessPrefix, SecurePrefix};
    matches!(
        rejection,
        SecurePrefix | HostPrefix | HttpPrefix | HostHttpPrefix | NamelessPrefix
    )
}

fn check(evidence: &Evidence<'_>, findings: &mut Findings) {
    for cookie in evidence.at_issue() {
        if let Some(why) = cookie.rejection().filter(|why| is_broken_prefix(*why)) {
            let message = format!("{}, but browsers refuse it: {why}", wording::seen(cookie));
            findings.cookie(cookie, cookie.seen.seen(), message);
        }
    }
}
