//! Without a policy: nobody knows what the cookie is for.

use placet::Lifetime;

use super::{Check, Findings, Rule, wording};
use crate::evidence::{Basis, Cookie, Evidence};
use crate::finding::Level;

pub(super) const RULE: Rule = Rule {
    id: "unknown",
    level: Level::Warning,
    title: "Nobody knows what it is for",
    rests_on: "GDPR Art. 13(1)",
    fix: "Find out who sets the cookie and what for, and declare it in a policy",
    check: Check::Evidence(check),
};

fn check(evidence: &Evidence<'_>, findings: &mut Findings) {
    if evidence.policy_given {
        return;
    }
    for cookie in evidence.at_issue() {
        if cookie.basis != Basis::Unknown || cookie.seen.key.name.is_empty() {
            continue;
        }
        let message = format!(
            "{}, and the catalogue has no entry for it; a policy has to say what it is for",
            wording::seen(cookie),
        );
        findings.cookie_at(level(cookie), cookie, cookie.seen.seen(), message);
    }
}

/// A site's own cookie that ends with the session is most often its session itself.
fn level(cookie: &Cookie<'_>) -> Level {
    let ends_with_session = cookie.is_set() && cookie.lifetime() == Some(Lifetime::Session);
    if ends_with_session && !cookie.is_third_party() {
        Level::Note
    } else {
        Level::Warning
    }
}
