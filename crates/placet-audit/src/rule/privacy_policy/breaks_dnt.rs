//! The text says that Do Not Track is respected, and a tracker is there all the same.

use super::{Check, Findings, Rule, only, quoted};
use crate::evidence::Evidence;
use crate::finding::{Level, Subject};
use crate::held::Held;
use crate::privacy_policy::{Polarity, Practice};

pub(super) const RULE: Rule = Rule {
    id: "privacy-policy-breaks-dnt",
    level: Level::Error,
    title: "The privacy policy promises to respect Do Not Track",
    rests_on: "GDPR Art. 21(5), as read by LG Berlin, 16 O 420/19; 15 U.S.C. 45(a), on deceptive statements",
    fix: "Do not load the service under `DNT: 1`, or say that the site does not respond to it",
    check: Check::PrivacyPolicy(check),
};

fn check(held: &Held, _: &Evidence<'_>, findings: &mut Findings) {
    let Some(claim) = only(held, Practice::DoNotTrack, Polarity::Yes) else {
        return;
    };
    for seen in held.seen.iter().filter(|seen| seen.is_tracker()) {
        let Some(tally) = seen.under_dnt else {
            continue;
        };
        let service = &seen.service;
        let message = format!(
            "the text says {} (line {}), but under `DNT: 1` there is {} ({}), known by {}",
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
