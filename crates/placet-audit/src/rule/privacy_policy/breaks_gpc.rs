//! The text says that Global Privacy Control is respected, and a tracker is there all the same.

use super::{Check, Findings, Rule, only, quoted};
use crate::evidence::Evidence;
use crate::finding::{Level, Subject};
use crate::held::Held;
use crate::privacy_policy::{Polarity, Practice};

pub(super) const RULE: Rule = Rule {
    id: "privacy-policy-breaks-gpc",
    level: Level::Error,
    title: "The privacy policy promises to respect Global Privacy Control",
    rests_on: "Cal. Code Regs. tit. 11, 7025; 15 U.S.C. 45(a), on deceptive statements",
    fix: "Do not load the service under `Sec-GPC: 1`, or say that the site does not respond to it",
    check: Check::PrivacyPolicy(check),
};

fn check(held: &Held, _: &Evidence<'_>, findings: &mut Findings) {
    let Some(claim) = only(held, Practice::GlobalPrivacyControl, Polarity::Yes) else {
        return;
    };
    for seen in held
        .seen
        .iter()
        .filter(|seen| &*seen.service.category == "marketing")
    {
        let Some(tally) = seen.under_gpc else {
            continue;
        };
        let service = &seen.service;
        let message = format!(
            "the text says {} (line {}), but under `Sec-GPC: 1` there is {} ({}), known by {}",
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
