//! Set before the visitor chose, although the category asks for a choice.

use placet::Reason;

use super::{Findings, Rule};
use crate::evidence::Evidence;
use crate::finding::Level;
use crate::survey::Tally;

pub(super) const RULE: Rule = Rule {
    id: "set-before-choice",
    level: Level::Error,
    title: "Set before any choice and not necessary",
    rests_on: "ePrivacy Directive Art. 5(3); GDPR Art. 4(11) and 7",
    fix: "Set the cookie only after its category was granted, or do not set it",
    check,
};

fn check(evidence: &Evidence<'_>, findings: &mut Findings) {
    for cookie in &evidence.cookies {
        let stopped = [Reason::Regime, Reason::Stale].map(|reason| cookie.stopped_for(reason));
        for Tally { count, first } in stopped.into_iter().flatten() {
            let verb = if cookie.is_set() {
                "is set"
            } else {
                "is in use"
            };
            let category = cookie.category.unwrap_or("unknown");
            let message = format!(
                "`{}` ({category}{}) {verb} before the visitor chose",
                cookie.seen.name(),
                cookie
                    .service()
                    .map(|s| format!(", {s}"))
                    .unwrap_or_default(),
            );
            findings.cookie(cookie, count, Some(first), message);
        }
    }
}
