//! Set before the visitor chose, although the category asks for a choice.

use super::grounds::{self, Ground};
use super::{Check, Rule};
use crate::finding::Level;

pub(super) const RULE: Rule = Rule {
    id: "set-before-choice",
    level: Level::Error,
    title: "Set before any choice and not necessary",
    rests_on: "ePrivacy Directive Art. 5(3); GDPR Art. 4(11) and 7",
    fix: "Set the cookie only after its category was granted, or do not set it",
    check: Check::Evidence(|evidence, findings| {
        grounds::check(Ground::NoChoice, evidence, findings);
    }),
};
