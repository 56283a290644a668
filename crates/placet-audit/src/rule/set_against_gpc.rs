//! Set although the request said `Sec-GPC: 1`.

use placet::Reason;

use super::{Findings, Rule};
use crate::evidence::Evidence;
use crate::finding::Level;

pub(super) const RULE: Rule = Rule {
    id: "set-against-gpc",
    level: Level::Error,
    title: "Set against Global Privacy Control",
    rests_on: "11 CCR 7025 and the privacy acts of eleven more states of the US; W3C Global Privacy Control",
    fix: "Treat `Sec-GPC: 1` as a refusal of sale, sharing and targeted advertising",
    check,
};

fn check(evidence: &Evidence<'_>, findings: &mut Findings) {
    for cookie in &evidence.cookies {
        if let Some(tally) = cookie.stopped_for(Reason::Gpc) {
            let message = format!(
                "`{}` ({}) although the request said `Sec-GPC: 1`",
                cookie.seen.name(),
                cookie.category.unwrap_or("unknown"),
            );
            findings.cookie(cookie, tally.count, Some(tally.first), message);
        }
    }
}
