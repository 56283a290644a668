//! A session or login that is sent over unencrypted connections too.

use placet::WebAddress;

use super::session_like::is_session_like;
use super::{Check, Findings, Rule, wording};
use crate::evidence::{Cookie, Evidence};
use crate::finding::Level;

pub(super) const RULE: Rule = Rule {
    id: "session-cookie-without-secure",
    level: Level::Warning,
    title: "Session cookie without Secure",
    rests_on: "GDPR Art. 32(1); RFC 6265bis section 8.3",
    fix: "Add `Secure`, and serve the site over HTTPS only",
    check: Check::Evidence(check),
};

fn check(evidence: &Evidence<'_>, findings: &mut Findings) {
    for cookie in evidence.at_issue().filter(|c| is_session_like(c)) {
        let open = cookie.attributes().is_some_and(|a| !a.secure);
        if open && !cookie.seen.key.plain_http && !is_on_this_machine(cookie) {
            let message = format!(
                "{} without `Secure`, so a browser sends what looks like a session or login over plain HTTP too",
                wording::seen(cookie),
            );
            findings.cookie(cookie, cookie.seen.seen(), message);
        }
    }
}

/// A developer's own machine has no HTTPS, and needs none.
fn is_on_this_machine(cookie: &Cookie<'_>) -> bool {
    let url = [b"http://", &*cookie.seen.key.host, b"/"].concat();
    WebAddress::parse(&url).is_some_and(|address| address.is_loopback())
}
