//! The text says that Do Not Track is respected, and a tracker is there all the same.

use super::{Check, Findings, Rule, broken_promise};
use crate::evidence::Evidence;
use crate::finding::Level;
use crate::held::Held;
use crate::privacy_policy::Practice;

pub(super) const RULE: Rule = Rule {
    id: "privacy-policy-breaks-dnt",
    level: Level::Error,
    title: "The privacy policy promises to respect Do Not Track",
    rests_on: "GDPR Art. 21(5), as read by LG Berlin, 16 O 420/19; 15 U.S.C. 45(a), on deceptive statements",
    fix: "Do not load the service under `DNT: 1`, or say that the site does not respond to it",
    check: Check::PrivacyPolicy(check),
};

fn check(held: &Held, _: &Evidence<'_>, findings: &mut Findings) {
    broken_promise(
        held,
        Practice::DoNotTrack,
        "`DNT: 1`",
        |seen| seen.under_dnt.filter(|_| seen.is_tracker()),
        findings,
    );
}
