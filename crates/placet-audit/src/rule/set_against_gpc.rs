//! Set although the request said `Sec-GPC: 1`.

use super::grounds::{self, Ground};
use super::{Check, Rule};
use crate::finding::Level;

pub(super) const RULE: Rule = Rule {
    id: "set-against-gpc",
    level: Level::Error,
    title: "Set against Global Privacy Control",
    rests_on: "11 CCR 7025 and the privacy acts of eleven more states of the US; W3C Global Privacy Control",
    fix: "Treat `Sec-GPC: 1` as a refusal of sale, sharing and targeted advertising",
    check: Check::Evidence(|evidence, findings| {
        grounds::check(Ground::Gpc, evidence, findings);
    }),
};
