//! Declared in another category than the catalogue knows the cookie in.

use std::cmp::Ordering;

use placet::{Policy, Service, StandardCategory};
use placet_catalog::{Answer, Source};

use super::{Check, Findings, Rule, wording};
use crate::evidence::Evidence;
use crate::finding::Level;

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
        let (Some((service, _)), Some(known)) = (cookie.declared, cookie.known_by_name()) else {
            continue;
        };
        let Some(level) = difference(policy, service, known) else {
            continue;
        };
        let message = format!(
            "{}; the policy declares it as {}, but the catalogue knows it as {} ({})",
            wording::seen(cookie),
            policy.category_name(service.category),
            known.category(),
            known.service.name,
        );
        findings.cookie_at(level, cookie, cookie.seen.seen(), message);
    }
}

/// How grave it is that a policy and the catalogue see a cookie in different categories; `None`
/// where they agree or the catalogue cannot tell.
///
/// Calling an advertising cookie necessary is an error. Measurement can be exempt from consent, so
/// calling that necessary is a warning, as is any other category that asks for less than the known
/// one; a stricter one is a note.
pub(crate) fn difference(policy: &Policy, service: &Service, known: &Answer<'_>) -> Option<Level> {
    let declared = policy
        .categories()
        .iter()
        .find(|category| category.id() == service.category)?
        .like();
    let expected = StandardCategory::from_name(known.category())?;
    // Public lists call whatever is technical `functional`.
    let vague = !matches!(known.source, Source::Curated | Source::User(_));
    if vague && expected <= StandardCategory::Functional && declared <= StandardCategory::Functional
    {
        return None;
    }
    match declared.cmp(&expected) {
        Ordering::Equal => None,
        Ordering::Greater => Some(Level::Note),
        Ordering::Less
            if declared == StandardCategory::Necessary
                && expected == StandardCategory::Marketing =>
        {
            Some(Level::Error)
        }
        Ordering::Less => Some(Level::Warning),
    }
}
