//! Longer than browsers take.

use placet::set_cookie::{MAX_ATTRIBUTE_VALUE, MAX_NAME_AND_VALUE, Oddity, Rejection};

use super::{Check, Findings, Rule, wording};
use crate::evidence::Evidence;
use crate::finding::Level;

pub(super) const RULE: Rule = Rule {
    id: "oversized",
    level: Level::Warning,
    title: "Longer than browsers take",
    rests_on: "RFC 6265bis section 5.6",
    fix: "Keep the data on the server, and only its key in the cookie",
    check: Check::Evidence(check),
};

fn check(evidence: &Evidence<'_>, findings: &mut Findings) {
    for cookie in evidence.at_issue() {
        let found = if cookie.rejection() == Some(Rejection::TooLarge) {
            let length = cookie.seen.key.name.len() + cookie.seen.longest_value;
            format!(
                "with {length} bytes of name and value; browsers drop it beyond {MAX_NAME_AND_VALUE}"
            )
        } else if cookie.seen.oddities.contains(Oddity::AttributeTooLong) {
            format!(
                "with an attribute value that browsers ignore, because it exceeds {MAX_ATTRIBUTE_VALUE} bytes"
            )
        } else {
            continue;
        };
        let message = format!("{} {found}", wording::seen(cookie));
        findings.cookie(cookie, cookie.seen.seen(), message);
    }
}
