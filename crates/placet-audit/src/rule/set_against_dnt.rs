//! Set although the request said `DNT: 1` and the policy responds to it.

use super::grounds::{self, Ground};
use super::{Check, Rule};
use crate::finding::Level;

pub(super) const RULE: Rule = Rule {
    id: "set-against-dnt",
    level: Level::Error,
    title: "Set against Do Not Track",
    rests_on: "The policy's own promise; GDPR Art. 21(5), as read by LG Berlin, 16 O 420/19; W3C Tracking Preference Expression",
    fix: "Treat `DNT: 1` as a refusal, or declare in the policy that the site does not respond to it",
    check: Check::Evidence(|evidence, findings| {
        grounds::check(Ground::Dnt, evidence, findings);
    }),
};
