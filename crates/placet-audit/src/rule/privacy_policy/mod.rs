//! The rules about what a privacy policy says: against itself, against the policy file, and against
//! what was seen.
//!
//! Of a practice that a text both affirms and denies, the contradiction is told and nothing more:
//! nobody knows which of the two to hold it to.

mod breaks_dnt;
mod breaks_gpc;
mod contradicts_itself;
mod denies_cookies;
mod denies_what_is_seen;
mod differs_on_signal;
mod placeholder;
mod service_not_named;
mod service_not_seen;
mod two_retention_periods;
mod understates_lifetime;
mod unreadable;

use super::{Check, Findings, Rule};
use crate::finding::Subject;
use crate::held::{Held, SeenService};
use crate::privacy_policy::{Claim, Polarity, Practice, Stance};
use crate::survey::Tally;

/// All of them, in the order of the reports.
pub(super) const ALL: &[&Rule] = &[
    &contradicts_itself::RULE,
    &denies_cookies::RULE,
    &breaks_dnt::RULE,
    &breaks_gpc::RULE,
    &denies_what_is_seen::RULE,
    &differs_on_signal::RULE,
    &two_retention_periods::RULE,
    &understates_lifetime::RULE,
    &service_not_named::RULE,
    &service_not_seen::RULE,
    &placeholder::RULE,
    &unreadable::RULE,
];

/// The id of the rule about texts that nothing can be held to.
pub(super) const UNREADABLE: &str = unreadable::RULE.id;

/// Longest quotation, in characters.
const LONGEST: usize = 160;

/// A sentence in quotation marks, cut short.
fn quoted(claim: &Claim) -> String {
    let sentence = &claim.sentence;
    match sentence.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("“{}…”", sentence.get(..end).unwrap_or(sentence).trim_end()),
        None => format!("“{sentence}”"),
    }
}

/// Finds every service that was there under a signal which the text promises to respect: `under` tells
/// how often, of a service that the promise is about.
fn broken_promise(
    held: &Held,
    signal: Practice,
    header: &str,
    under: impl Fn(&SeenService) -> Option<Tally>,
    findings: &mut Findings,
) {
    let Some(claim) = only(held, signal, Polarity::Yes) else {
        return;
    };
    for seen in &held.seen {
        let Some(tally) = under(seen) else {
            continue;
        };
        let service = &seen.service;
        let message = format!(
            "the text says {} (line {}), but under {header} there is {} ({}), known by {}",
            quoted(claim),
            claim.line,
            service.name,
            service.category,
            seen.by,
        );
        let subject = Subject {
            service: Some(service.name.to_string()),
            ..Subject::default()
        };
        findings.other(subject, tally.count, Some(held.at(claim)), message);
    }
}

/// The claim that a text makes of a practice, where it makes no other of it.
fn only(held: &Held, practice: Practice, polarity: Polarity) -> Option<&Claim> {
    let stance = match polarity {
        Polarity::Yes => Stance::Yes,
        Polarity::No => Stance::No,
    };
    let policy = &held.privacy_policy;
    let mut claims = policy.says(practice, polarity);
    // The plainest of them.
    let first = claims
        .next()
        .filter(|_| policy.stance(practice) == stance)?;
    Some(if first.hedged {
        claims.find(|claim| !claim.hedged).unwrap_or(first)
    } else {
        first
    })
}
