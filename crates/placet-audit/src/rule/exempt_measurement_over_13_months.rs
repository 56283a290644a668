//! Measurement that passes without consent, as an exemption allows, and lives longer than it allows.
//!
//! Applies where a policy lets an analytics cookie pass without a choice, because it declares the
//! cookie necessary or because the regime grants it, in a region that asks for consent to
//! marketing. Regions where everything is opt-out have no such exemption, and no such limit.

use placet::{Action, Lifetime, Reason, Regime, StandardCategory};

use super::{Check, Findings, Rule, wording};
use crate::evidence::{Cookie, Evidence};
use crate::finding::Level;

pub(super) const RULE: Rule = Rule {
    id: "exempt-measurement-over-13-months",
    level: Level::Error,
    title: "Exempt measurement that lives over 13 months",
    rests_on: "CNIL, deliberation 2020-091, art. 5, on audience measurement without consent",
    fix: "Let the cookie live 13 months at the most, not prolonged by visits, or ask for consent",
    check: Check::Evidence(check),
};

/// The longest that thirteen months can be.
const LIMIT: Lifetime = Lifetime::Seconds(397 * 86_400);

fn check(evidence: &Evidence<'_>, findings: &mut Findings) {
    for cookie in evidence.at_issue() {
        if let (true, Some(lives)) = (is_too_long_for_exempt(evidence, cookie), cookie.lifetime()) {
            let message = format!(
                "{} without consent for {}; measurement without consent may last 13 months",
                wording::seen(cookie),
                wording::lifetime(lives),
            );
            findings.cookie(cookie, cookie.seen.seen(), message);
        }
    }
}

/// Whether this rule speaks of the cookie.
pub(super) fn is_too_long_for_exempt(evidence: &Evidence<'_>, cookie: &Cookie<'_>) -> bool {
    let Some(policy) = evidence.policy() else {
        return false;
    };
    let analytics = StandardCategory::Analytics;
    let known = cookie.known_by_name().map(|answer| answer.category());
    let measures = known == Some(analytics.name()) || cookie.like() == Some(analytics);
    let passes = cookie.tally_of(|j| {
        j.action == Action::Keep && matches!(j.reason, Reason::Necessary | Reason::Regime)
    });
    let rules = policy.region_rules(evidence.assumptions.region);
    cookie.lifetime().is_some_and(|lives| lives > LIMIT)
        && measures
        && passes.is_some()
        && rules.marketing == Regime::OptIn
}
