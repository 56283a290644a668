//! More distinct cookies than an audit keeps apart.

use super::{Check, Findings, Rule};
use crate::evidence::Evidence;
use crate::finding::{Level, Subject};

pub(super) const RULE: Rule = Rule {
    id: "too-many-cookies",
    level: Level::Warning,
    title: "More distinct cookies than can be told apart",
    rests_on: "What was not told apart could not be judged",
    fix: "Audit smaller recordings; if the names are random, stop setting a new one for every visit",
    check: Check::Evidence(check),
};

fn check(evidence: &Evidence<'_>, findings: &mut Findings) {
    let overflowed = evidence.survey.overflowed();
    if overflowed > 0 {
        let message =
            "there are so many distinct cookies that the last ones were not judged".to_owned();
        findings.other(Subject::default(), overflowed, None, message);
    }
}
