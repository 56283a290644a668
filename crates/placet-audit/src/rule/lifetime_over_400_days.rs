//! Asks to live longer than browsers let any cookie live.

use placet::Lifetime;

use super::exempt_measurement_over_13_months::is_too_long_for_exempt;
use super::outlives_declaration::longer_than_declared;
use super::{Check, Findings, Rule, wording};
use crate::evidence::Evidence;
use crate::finding::Level;

pub(super) const RULE: Rule = Rule {
    id: "lifetime-over-400-days",
    level: Level::Warning,
    title: "Asks to live over 400 days",
    rests_on: "RFC 6265bis section 5.5; GDPR Art. 5(1)(e)",
    fix: "Ask for the time the purpose needs, at most 400 days",
    check: Check::Evidence(check),
};

fn check(evidence: &Evidence<'_>, findings: &mut Findings) {
    for cookie in evidence.at_issue() {
        let Some(asked) = cookie.lifetime().filter(|l| *l > Lifetime::LONGEST_STORED) else {
            continue;
        };
        if is_too_long_for_exempt(evidence, cookie) || longer_than_declared(cookie).is_some() {
            continue;
        }
        let message = format!(
            "{} for {}; browsers keep no cookie longer than 400 days",
            wording::seen(cookie),
            wording::lifetime(asked),
        );
        findings.cookie(cookie, cookie.seen.seen(), message);
    }
}
