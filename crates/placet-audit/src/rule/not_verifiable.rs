//! A recording that cannot show whether cookies are set.

use super::{Check, Findings, Rule};
use crate::audit::Recording;
use crate::finding::{Level, Subject};
use crate::survey::Where;

pub(super) const RULE: Rule = Rule {
    id: "not-verifiable",
    level: Level::Note,
    title: "Recording without cookie headers",
    rests_on: "What is not in a recording is proven neither way",
    fix: "Record again with cookies: in Chrome, allow HAR with sensitive data in the settings of the developer tools and export that",
    check: Check::Recordings(check),
};

fn check(recordings: &[Recording], findings: &mut Findings) {
    for (recording, file) in recordings.iter().zip(0..) {
        if recording.coverage.can_verify() {
            continue;
        }
        let why = if recording.coverage.sanitized {
            "its exporter removed the cookie headers"
        } else if recording.coverage.exchanges == 0 {
            "it holds no request and no response"
        } else {
            "it holds no cookie header at all"
        };
        let at = Where {
            file,
            ..Where::default()
        };
        let message = format!(
            "`{}` cannot show that the site is clean: {why}",
            recording.name
        );
        findings.other(Subject::default(), 1, Some(at), message);
    }
}
