//! Set by, or sent to, a host of another site.

use super::{Check, Findings, Rule, wording};
use crate::evidence::Evidence;
use crate::finding::Level;

pub(super) const RULE: Rule = Rule {
    id: "third-party",
    level: Level::Note,
    title: "Third-party cookie",
    rests_on: "GDPR Art. 13(1)(e) and (f), and 26, as read in CJEU C-40/17",
    fix: "Name the third party to visitors; check that the page works where browsers block its cookies",
    check: Check::Evidence(check),
};

fn check(evidence: &Evidence<'_>, findings: &mut Findings) {
    for cookie in evidence.at_issue().filter(|c| c.is_third_party()) {
        let message = format!(
            "{}, a host of another site; visitors have to be told who that is, and many browsers block such cookies",
            wording::seen(cookie),
        );
        findings.cookie(cookie, cookie.seen.seen(), message);
    }
}
