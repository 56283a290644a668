//! `SameSite=None` without `Secure`, which browsers refuse.

use placet::set_cookie::SameSite;

use super::{Check, Findings, Rule, wording};
use crate::evidence::Evidence;
use crate::finding::Level;

pub(super) const RULE: Rule = Rule {
    id: "same-site-none-without-secure",
    level: Level::Warning,
    title: "SameSite=None without Secure",
    rests_on: "RFC 6265bis section 5.7",
    fix: "Add `Secure`, or leave `SameSite=None` away if the cookie is not for other sites",
    check: Check::Evidence(check),
};

fn check(evidence: &Evidence<'_>, findings: &mut Findings) {
    for cookie in evidence.at_issue() {
        let broken = |a: &&_| {
            let a: &crate::survey::Attributes = a;
            a.same_site == SameSite::None && !a.secure
        };
        if cookie.attributes().filter(broken).is_some() {
            let message = format!(
                "{} with `SameSite=None` but without `Secure`; browsers refuse such a cookie",
                wording::seen(cookie),
            );
            findings.cookie(cookie, cookie.seen.seen(), message);
        }
    }
}
