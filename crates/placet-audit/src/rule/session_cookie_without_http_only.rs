//! A session or login that scripts can read.

use super::session_like::is_for_servers_only;
use super::{Check, Findings, Rule, wording};
use crate::evidence::Evidence;
use crate::finding::Level;

pub(super) const RULE: Rule = Rule {
    id: "session-cookie-without-http-only",
    level: Level::Warning,
    title: "Session cookie without HttpOnly",
    rests_on: "GDPR Art. 32(1); RFC 6265bis section 8.3",
    fix: "Add `HttpOnly`",
    check: Check::Evidence(check),
};

fn check(evidence: &Evidence<'_>, findings: &mut Findings) {
    for cookie in evidence.at_issue().filter(|c| is_for_servers_only(c)) {
        if cookie.attributes().is_some_and(|a| !a.http_only) {
            let message = format!(
                "{} without `HttpOnly`, so any script on the page can read what looks like a session or login",
                wording::seen(cookie),
            );
            findings.cookie(cookie, cookie.seen.seen(), message);
        }
    }
}
