//! The text gives two periods for keeping the same thing.

use placet::Lifetime;

use super::{Check, Findings, Rule, quoted};
use crate::evidence::Evidence;
use crate::finding::{Level, Subject};
use crate::held::Held;
use crate::privacy_policy::{Claim, Kept, Says};

pub(super) const RULE: Rule = Rule {
    id: "privacy-policy-two-retention-periods",
    level: Level::Warning,
    title: "The privacy policy gives two periods for the same thing",
    rests_on: "GDPR Art. 13(2)(a), on telling how long data are kept",
    fix: "Decide which of the two periods is true, and take the other out",
    check: Check::PrivacyPolicy(check),
};

fn check(held: &Held, _: &Evidence<'_>, findings: &mut Findings) {
    let claims = held.privacy_policy.claims();
    let periods = || {
        claims
            .iter()
            .filter(|claim| !claim.hedged)
            .filter_map(period)
    };
    let mut told: Vec<&Kept> = Vec::new();
    for (place, (of, first, claim)) in periods().enumerate() {
        if told.contains(&of) {
            continue;
        }
        let other = periods().skip(place + 1).find(|(other, lifetime, later)| {
            *other == of && differ(first, *lifetime) && later.sentence != claim.sentence
        });
        if let Some((_, _, later)) = other {
            told.push(of);
            let message = format!(
                "the text gives two periods for {of}: {} (line {}) and {} (line {})",
                quoted(claim),
                claim.line,
                quoted(later),
                later.line,
            );
            findings.other(Subject::default(), 1, Some(held.at(claim)), message);
        }
    }
}

/// What is kept and how long, where it is one thing: personal data, orders and cookies as such are
/// of many kinds, each with a period of its own.
fn period(claim: &Claim) -> Option<(&Kept, Lifetime, &Claim)> {
    match &claim.says {
        Says::Retention {
            of: Kept::PersonalData | Kept::Orders | Kept::Cookies,
            ..
        } => None,
        Says::Retention { of, how_long } => Some((of, *how_long, claim)),
        _ => None,
    }
}

/// Whether two periods are not the same in other words, as 90 days and three months are.
pub(super) fn differ(one: Lifetime, other: Lifetime) -> bool {
    let (Lifetime::Seconds(one), Lifetime::Seconds(other)) = (one, other) else {
        return one != other;
    };
    one.abs_diff(other) > one.max(other) / 20
}
