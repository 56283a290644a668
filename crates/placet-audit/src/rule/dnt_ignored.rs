//! The policy does not respond to Do Not Track, and a visitor asked it to.

use super::{Check, Findings, Rule};
use crate::evidence::Evidence;
use crate::finding::{Level, Subject};

pub(super) const RULE: Rule = Rule {
    id: "dnt-ignored",
    level: Level::Note,
    title: "Do Not Track is not responded to",
    rests_on: "Cal. Bus. & Prof. Code 22575(b)(5); GDPR Art. 21(5), as read by LG Berlin, 16 O 420/19",
    fix: "Say so in the cookie declaration, or let the policy respond to the signal",
    check: Check::Evidence(check),
};

fn check(evidence: &Evidence<'_>, findings: &mut Findings) {
    let ignored = evidence
        .policy()
        .is_some_and(|policy| policy.dnt_refuses().is_none());
    if let (true, Some(seen)) = (ignored, evidence.survey.do_not_track()) {
        let message =
            "requests say `DNT: 1`, and the policy declares that the site does not respond to it";
        findings.other(
            Subject::default(),
            seen.count,
            Some(seen.first),
            message.to_owned(),
        );
    }
}
