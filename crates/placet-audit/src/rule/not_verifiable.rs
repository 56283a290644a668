//! A recording that cannot show whether the site is clean.

use super::{Check, Findings, Rule};
use crate::audit::Recording;
use crate::exchange::Coverage;
use crate::finding::{Level, Subject};
use crate::reader::Format;
use crate::survey::Where;

pub(super) const RULE: Rule = Rule {
    id: "not-verifiable",
    level: Level::Note,
    title: "Recording that cannot show whether the site is clean",
    rests_on: "What is not in a recording is proven neither way",
    fix: "Record or visit again, in the way the finding says",
    check: Check::Recordings(check),
};

fn check(recordings: &[Recording], findings: &mut Findings) {
    for (recording, file) in recordings.iter().zip(0..) {
        if recording.coverage.can_verify() {
            continue;
        }
        if let Some(why) = &recording.coverage.unverified {
            let message = format!("`{}` could not be verified: {why}", recording.name);
            let at = Where {
                file,
                ..Where::default()
            };
            findings.other(Subject::default(), 1, Some(at), message);
            continue;
        }
        let why = if recording.coverage.sanitized {
            "its exporter removed the cookie headers"
        } else if recording.coverage.exchanges == 0 {
            "it holds no request and no response"
        } else {
            "it holds no cookie header at all"
        };
        let remedy = match recording.coverage {
            // Of an empty recording nobody knows what it was meant to be.
            Coverage {
                format: Format::HeaderDump,
                exchanges: 0,
                ..
            } => "record it again",
            _ => remedy(recording.coverage.format),
        };
        let at = Where {
            file,
            ..Where::default()
        };
        let message = format!(
            "`{}` cannot show that the site is clean: {why}; {remedy}",
            recording.name
        );
        findings.other(Subject::default(), 1, Some(at), message);
    }
}

/// How to record the cookie headers too.
const fn remedy(format: Format) -> &'static str {
    match format {
        Format::HeaderDump => "record whole responses, as `curl -i` does",
        Format::Har => {
            "export it with them, in Chrome as HAR with sensitive data, which the settings of the \
             developer tools allow"
        }
        Format::JsonLines => {
            "have the log write the fields `set_cookie` and `cookie` unredacted (Caddy: \
             `log_credentials`), or say with --json-field where they are"
        }
        Format::Live => "visit it again",
        Format::AccessLog => {
            "add `\"$http_cookie\" \"$sent_http_set_cookie\"` to the `log_format` of nginx, or \
             `\"%{Cookie}i\" \"%{Set-Cookie}o\"` to the `LogFormat` of Apache"
        }
    }
}
