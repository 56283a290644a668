//! Set by a host that was told in a consent string that the visitor agreed to no storage.

use super::{Check, Findings, Rule, wording};
use crate::evidence::Evidence;
use crate::finding::Level;

pub(super) const RULE: Rule = Rule {
    id: "set-against-consent-string",
    level: Level::Error,
    title: "Set although the consent string allows no storage",
    rests_on: "ePrivacy Directive Art. 5(3); IAB Europe, TCF policies, on purpose 1",
    fix: "Ask the vendor to read the string it is sent, and load it only after purpose 1 is granted",
    check: Check::Evidence(check),
};

fn check(evidence: &Evidence<'_>, findings: &mut Findings) {
    for denied in evidence.survey.denied_cookies() {
        let mut cookies = evidence.at_issue().filter(|cookie| {
            let key = &cookie.seen.key;
            cookie.is_set() && key.host == denied.host && key.name == denied.name
        });
        let Some(cookie) = cookies.find(|cookie| !cookie.is_necessary()) else {
            continue;
        };
        // Nobody knows what an unknown cookie is for.
        let level = if cookie.is_sure() {
            Level::Error
        } else {
            Level::Warning
        };
        let message = format!(
            "{}, which was told with `gdpr=1` and `gdpr_consent` that the visitor agreed to no storage (purpose 1)",
            wording::seen(cookie),
        );
        findings.cookie_at(level, cookie, denied.tally, message);
    }
}
