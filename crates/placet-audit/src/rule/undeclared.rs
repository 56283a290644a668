//! No service of the policy declares the cookie.

use placet::Undeclared;

use super::{Check, Findings, Rule, wording};
use crate::evidence::{Basis, Evidence};
use crate::finding::Level;

pub(super) const RULE: Rule = Rule {
    id: "undeclared",
    level: Level::Error,
    title: "Undeclared by the policy",
    rests_on: "GDPR Art. 13(1); the policy's own promise",
    fix: "Find out who sets the cookie and declare it, or stop setting it",
    check: Check::Evidence(check),
};

fn check(evidence: &Evidence<'_>, findings: &mut Findings) {
    let Some(policy) = evidence.policy() else {
        return;
    };
    for cookie in evidence.at_issue() {
        if cookie.basis == Basis::Policy || cookie.seen.key.name.is_empty() {
            continue;
        }
        let elsewhere = policy.declarations(&cookie.seen.key.name);
        let found = match (elsewhere.first(), cookie.basis) {
            (Some((service, declared)), _) => format!(
                "the service `{}` of the policy declares it for {} only",
                service.id,
                wording::list(&declared.domains),
            ),
            (None, Basis::Catalog) => {
                "no service of the policy declares it, though the catalogue knows it".to_owned()
            }
            (None, _) => "neither the policy nor the catalogue knows it".to_owned(),
        };
        let level = match policy.undeclared() {
            Undeclared::Allow => Level::Note,
            Undeclared::Deny if cookie.is_tracker() && cookie.is_sure() => Level::Error,
            Undeclared::Deny => Level::Warning,
        };
        let message = format!("{}, but {found}", wording::seen(cookie));
        findings.cookie_at(level, cookie, cookie.seen.seen(), message);
    }
}
