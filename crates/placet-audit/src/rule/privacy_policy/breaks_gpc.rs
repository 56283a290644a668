//! The text says that Global Privacy Control is respected, and a tracker is there all the same.

use super::{Check, Findings, Rule, broken_promise};
use crate::evidence::Evidence;
use crate::finding::Level;
use crate::held::Held;
use crate::privacy_policy::Practice;

pub(super) const RULE: Rule = Rule {
    id: "privacy-policy-breaks-gpc",
    level: Level::Error,
    title: "The privacy policy promises to respect Global Privacy Control",
    rests_on: "Cal. Code Regs. tit. 11, 7025; 15 U.S.C. 45(a), on deceptive statements",
    fix: "Do not load the service under `Sec-GPC: 1`, or say that the site does not respond to it",
    check: Check::PrivacyPolicy(check),
};

fn check(held: &Held, _: &Evidence<'_>, findings: &mut Findings) {
    broken_promise(
        held,
        Practice::GlobalPrivacyControl,
        "`Sec-GPC: 1`",
        |seen| {
            seen.under_gpc
                .filter(|_| &*seen.service.category == "marketing")
        },
        findings,
    );
}
