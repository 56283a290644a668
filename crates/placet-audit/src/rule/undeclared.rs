//! No service of the policy declares the cookie, or, without a policy, nobody knows it.

use super::{Findings, Rule};
use crate::evidence::{Basis, Evidence};
use crate::finding::Level;
use crate::survey::Origin;

pub(super) const RULE: Rule = Rule {
    id: "undeclared",
    level: Level::Warning,
    title: "Undeclared by the policy, or unknown",
    rests_on: "GDPR Art. 13(1); the policy's own promise",
    fix: "Find out who sets the cookie and declare it, or stop setting it",
    check,
};

fn check(evidence: &Evidence<'_>, findings: &mut Findings) {
    for cookie in &evidence.cookies {
        let removed = cookie.seen.key.origin == Origin::Removed;
        let consent_cookie = evidence.assumptions.policy.consent_cookie().name.as_bytes();
        if removed || cookie.seen.key.name == consent_cookie {
            continue;
        }
        let name = cookie.seen.name();
        let message = match (evidence.policy_given, cookie.basis) {
            (_, Basis::Policy) | (false, Basis::Catalog) => continue,
            (true, Basis::Catalog) => format!(
                "`{name}` is declared by no service of the policy; the catalogue knows it as {} ({})",
                cookie.service().unwrap_or_default(),
                cookie.category.unwrap_or_default(),
            ),
            (true, Basis::Unknown) => {
                format!(
                    "`{name}` is declared by no service of the policy, and the catalogue does not know it"
                )
            }
            (false, Basis::Unknown) => {
                format!("nobody knows `{name}`: the catalogue has no entry for it")
            }
        };
        findings.cookie(cookie, cookie.seen.count(), cookie.seen.first(), message);
    }
}
