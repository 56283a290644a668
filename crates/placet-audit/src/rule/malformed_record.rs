//! Records that could not be read.

use super::{Check, Findings, Rule};
use crate::evidence::Evidence;
use crate::exchange::Place;
use crate::finding::{Level, Subject};
use crate::survey::Where;

pub(super) const RULE: Rule = Rule {
    id: "malformed-record",
    level: Level::Warning,
    title: "Record that could not be read",
    rests_on: "What could not be read could not be judged",
    fix: "Look at the recording at that position, or record again",
    check: Check::Evidence(check),
};

/// Records of one file that get a finding of their own; the rest is counted in one more.
const MOST_NAMED: usize = 20;

fn check(evidence: &Evidence<'_>, findings: &mut Findings) {
    let survey = &evidence.survey;
    for of_one_file in survey.malformed().chunk_by(|a, b| a.0 == b.0) {
        for (file, malformed) in of_one_file.iter().take(MOST_NAMED) {
            let at = Where {
                file: *file,
                place: malformed.place,
            };
            let message = format!("{}: {}", position(malformed.place), malformed.problem);
            findings.other(Subject::default(), 1, Some(at), message);
        }
    }
    let named: usize = survey
        .malformed()
        .chunk_by(|a, b| a.0 == b.0)
        .map(|of_one_file| of_one_file.len().min(MOST_NAMED))
        .sum();
    let more = survey
        .malformed_count()
        .saturating_sub(u64::try_from(named).unwrap_or(u64::MAX));
    if more > 0 {
        let message = "more records could not be read, each with a problem of its own".to_owned();
        findings.other(Subject::default(), more, None, message);
    }
}

fn position(place: Place) -> String {
    match place {
        Place { record: 0, line } => format!("line {line} could not be read"),
        Place { record, .. } => format!("record {record} could not be read"),
    }
}
