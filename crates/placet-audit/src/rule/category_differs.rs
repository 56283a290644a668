//! Declared in another category than the catalogue knows the cookie in.

use super::{Check, Findings, Rule, wording};
use crate::evidence::Evidence;
use crate::finding::Level;
use crate::knowledge::Known;

pub(super) const RULE: Rule = Rule {
    id: "category-differs",
    level: Level::Error,
    title: "Declared in another category than the catalogue's",
    rests_on: "GDPR Art. 5(1)(a) and 4(11); EDPB Cookie Banner Taskforce report, on cookies called essential",
    fix: "Declare the cookie as what it is, or rename it if it is a different one",
    check: Check::Evidence(check),
};

fn check(evidence: &Evidence<'_>, findings: &mut Findings) {
    let Some(policy) = evidence.policy() else {
        return;
    };
    for cookie in evidence.at_issue() {
        let known = cookie.known_by_name().and_then(Known::by_name);
        let (Some((service, _)), Some(known)) = (cookie.declared, known) else {
            continue;
        };
        let Some(level) = known.differs(policy, service.category) else {
            continue;
        };
        let message = format!(
            "{}; the policy declares it as {}, but the catalogue knows it as {} ({})",
            wording::seen(cookie),
            policy.category_name(service.category),
            known.category,
            known.service.name,
        );
        findings.cookie_at(level, cookie, cookie.seen.seen(), message);
    }
}
