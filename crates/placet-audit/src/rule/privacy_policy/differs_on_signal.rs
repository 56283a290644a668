//! The text and the policy file say different things of a signal.

use super::{Check, Findings, Rule, only, quoted};
use crate::evidence::Evidence;
use crate::finding::{Level, Subject};
use crate::held::Held;
use crate::privacy_policy::{Polarity, Practice};

pub(super) const RULE: Rule = Rule {
    id: "privacy-policy-differs-on-signal",
    level: Level::Warning,
    title: "Privacy policy and policy file differ on a signal",
    rests_on: "Cal. Bus. & Prof. Code 22575(b)(5), on disclosing how Do Not Track is responded to",
    fix: "Change the text or the policy file, so that both say what the site does",
    check: Check::PrivacyPolicy(check),
};

fn check(held: &Held, evidence: &Evidence<'_>, findings: &mut Findings) {
    let Some(policy) = evidence.policy() else {
        return;
    };
    let responds = [
        (
            Practice::DoNotTrack,
            "dnt",
            policy
                .dnt_refuses()
                .is_some_and(|refused| !refused.is_empty()),
        ),
        (
            Practice::GlobalPrivacyControl,
            "gpc",
            !policy.gpc_refuses().is_empty(),
        ),
    ];
    for (practice, key, responds) in responds {
        let claimed = if responds {
            Polarity::No
        } else {
            Polarity::Yes
        };
        let Some(claim) = only(held, practice, claimed) else {
            continue;
        };
        let does = if responds {
            "responds to it"
        } else {
            "ignores it"
        };
        let message = format!(
            "the text says {} (line {}), but the policy file {does} (`{key}`)",
            quoted(claim),
            claim.line,
        );
        // Promising less than is done misleads nobody to their harm.
        let level = if responds {
            Level::Note
        } else {
            Level::Warning
        };
        findings.push(level, Subject::default(), 1, Some(held.at(claim)), message);
    }
}
