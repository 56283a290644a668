//! Personal data that stands in a value for everyone to read.

use super::{Check, Findings, Rule, wording};
use crate::evidence::Evidence;
use crate::finding::Level;

pub(super) const RULE: Rule = Rule {
    id: "personal-data",
    level: Level::Warning,
    title: "Personal data in a value",
    rests_on: "GDPR Art. 5(1)(c) and (f), Art. 32(1)",
    fix: "Keep the data on the server, and a random key in the cookie",
    check: Check::Evidence(check),
};

fn check(evidence: &Evidence<'_>, findings: &mut Findings) {
    for cookie in evidence.at_issue() {
        if let Some((found, seen)) = cookie.seen.personal {
            let message = format!(
                "{} with what reads as {found} in its value (not shown here); a random key would do",
                wording::seen(cookie),
            );
            findings.cookie(cookie, seen, message);
        }
    }
}
