//! Set, or still there, after the visitor refused its category.

use super::grounds::{self, Ground};
use super::{Check, Rule};
use crate::finding::Level;

pub(super) const RULE: Rule = Rule {
    id: "set-against-refusal",
    level: Level::Error,
    title: "Set although the visitor refused it",
    rests_on: "ePrivacy Directive Art. 5(3); GDPR Art. 7(3)",
    fix: "Stop setting the cookie once its category is refused, and expire what is stored",
    check: Check::Evidence(|evidence, findings| {
        grounds::check(Ground::Refusal, evidence, findings);
    }),
};
