//! Lives longer than the policy declares.

use placet::Lifetime;

use super::exempt_measurement_over_13_months::is_too_long_for_exempt;
use super::{Check, Findings, Rule, wording};
use crate::evidence::{Cookie, Evidence};
use crate::finding::Level;

pub(super) const RULE: Rule = Rule {
    id: "outlives-declaration",
    level: Level::Warning,
    title: "Lives longer than declared",
    rests_on: "GDPR Art. 13(2)(a); CJEU C-673/17, on telling how long cookies live",
    fix: "Shorten the cookie's lifetime, or declare the true one",
    check: Check::Evidence(check),
};

fn check(evidence: &Evidence<'_>, findings: &mut Findings) {
    for cookie in evidence.at_issue() {
        if is_too_long_for_exempt(evidence, cookie) {
            continue;
        }
        if let Some((declared, lives)) = longer_than_declared(cookie) {
            let message = format!(
                "{} for {}, but is declared to live for {}",
                wording::seen(cookie),
                wording::lifetime(lives),
                wording::lifetime(declared),
            );
            findings.cookie(cookie, cookie.seen.seen(), message);
        }
    }
}

/// The declared lifetime and the longer one that a browser would grant.
pub(super) fn longer_than_declared(cookie: &Cookie<'_>) -> Option<(Lifetime, Lifetime)> {
    let (_, declaration) = cookie.declared?;
    let declared = declaration.lifetime?;
    let lives = cookie.lifetime()?.min(Lifetime::LONGEST_STORED);
    let tolerated = match declared {
        Lifetime::Session => Lifetime::Session,
        Lifetime::Seconds(seconds) => Lifetime::Seconds(seconds.saturating_add(slack(seconds))),
    };
    (lives > tolerated).then_some((declared, lives))
}

/// `Expires` is written by one clock and measured by another.
fn slack(seconds: u64) -> u64 {
    (seconds / 10).min(3_600)
}
