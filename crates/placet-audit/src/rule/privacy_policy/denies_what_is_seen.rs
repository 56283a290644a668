//! The text denies something that was seen: analytics, advertising, a service, cookies of others.

use super::{Check, Findings, Rule, only, quoted};
use crate::evidence::{Cookie, Evidence};
use crate::finding::{Level, Subject};
use crate::held::{Held, SeenService};
use crate::privacy_policy::{Claim, Polarity, Practice};
use crate::survey::Tally;
use placet::Lifetime;

/// Whether a kind of cookies is meant.
type IsMeant = fn(&Cookie<'_>) -> bool;

pub(super) const RULE: Rule = Rule {
    id: "privacy-policy-denies-what-is-seen",
    level: Level::Error,
    title: "The privacy policy denies what the recordings show",
    rests_on: "GDPR Art. 5(1)(a) and 13; 15 U.S.C. 45(a), on deceptive statements",
    fix: "Take what was seen off the site, or say in the privacy policy that it is there",
    check: Check::PrivacyPolicy(check),
};

fn check(held: &Held, evidence: &Evidence<'_>, findings: &mut Findings) {
    for (practice, category) in [
        (Practice::Analytics, "analytics"),
        (Practice::Advertising, "marketing"),
    ] {
        let claim = only(held, practice, Polarity::No).filter(|claim| !claim.hedged);
        let known = claim.and_then(|claim| Some((claim, held.of_category(category).next()?)));
        if let Some((claim, seen)) = known {
            service(held, claim, seen, findings);
        }
    }
    for (id, claim) in held.privacy_policy.services(Polarity::No) {
        let yes = held.privacy_policy.services(Polarity::Yes);
        let seen = held.seen.iter().find(|seen| *seen.service.id == *id);
        if let Some(seen) = seen.filter(|_| !yes.iter().any(|(other, _)| *other == id)) {
            service(held, claim, seen, findings);
        }
    }
    let kinds: [(Practice, IsMeant); 3] = [
        (Practice::ThirdPartyCookies, |cookie| {
            cookie.is_third_party() && cookie.is_set()
        }),
        (Practice::PersistentCookies, |cookie| {
            cookie
                .lifetime()
                .is_some_and(|lifetime| lifetime > Lifetime::Session)
        }),
        (Practice::TrackingCookies, |cookie| {
            cookie.is_tracker() && cookie.is_sure()
        }),
    ];
    for (practice, is_meant) in kinds {
        let claim = only(held, practice, Polarity::No).filter(|claim| !claim.hedged);
        let cookie = claim
            .and_then(|claim| Some((claim, evidence.at_issue().find(|cookie| is_meant(cookie))?)));
        if let Some((claim, cookie)) = cookie {
            let message = format!(
                "the text says {} (line {}), but {}",
                quoted(claim),
                claim.line,
                super::super::wording::seen(cookie),
            );
            findings.cookie(cookie, cookie.seen.seen(), message);
        }
    }
    let pixel = evidence
        .cookies
        .iter()
        .find_map(|cookie| Some((cookie, cookie.seen.pixel?)));
    let claim = only(held, Practice::WebBeacons, Polarity::No).filter(|claim| !claim.hedged);
    if let (Some(claim), Some((cookie, tally))) = (claim, pixel) {
        let message = format!(
            "the text says {} (line {}), but the answer to an invisible image sets `{}`",
            quoted(claim),
            claim.line,
            cookie.seen.name(),
        );
        findings.other(
            Subject::default(),
            tally.count,
            Some(held.at(claim)),
            message,
        );
    }
}

fn service(held: &Held, claim: &Claim, seen: &SeenService, findings: &mut Findings) {
    let message = format!(
        "the text says {} (line {}), but the recordings show {} ({}), known by {}",
        quoted(claim),
        claim.line,
        seen.service.name,
        seen.service.category,
        seen.by,
    );
    let subject = Subject {
        service: Some(seen.service.name.to_string()),
        ..Subject::default()
    };
    let Tally { count, .. } = seen.seen;
    findings.other(subject, count, Some(held.at(claim)), message);
}
