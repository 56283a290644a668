//! Set by the answer to an image too small to be seen.

use super::{Check, Findings, Rule, wording};
use crate::evidence::Evidence;
use crate::finding::Level;

pub(super) const RULE: Rule = Rule {
    id: "tracking-pixel",
    level: Level::Warning,
    title: "Invisible image that sets a cookie",
    rests_on: "ePrivacy Directive Art. 5(3); EDPB Guidelines 2/2023, on tracking pixels",
    fix: "Load the image only after the visitor agreed to what it is for",
    check: Check::Evidence(check),
};

fn check(evidence: &Evidence<'_>, findings: &mut Findings) {
    for cookie in evidence.at_issue().filter(|c| !c.is_necessary()) {
        if let Some(seen) = cookie.seen.pixel {
            let message = format!(
                "{} with an image too small to be seen, as tracking pixels are",
                wording::seen(cookie),
            );
            findings.cookie(cookie, seen, message);
        }
    }
}
