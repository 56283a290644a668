//! The text says that there are no cookies, and there are.

use super::{Check, Findings, Rule, only, quoted};
use crate::evidence::Evidence;
use crate::finding::{Level, Subject};
use crate::held::Held;
use crate::privacy_policy::{Polarity, Practice};

pub(super) const RULE: Rule = Rule {
    id: "privacy-policy-denies-cookies",
    level: Level::Error,
    title: "The privacy policy says that there are no cookies",
    rests_on: "GDPR Art. 5(1)(a) and 13; Directive 2002/58/EC Art. 5(3); 15 U.S.C. 45(a), on deceptive statements",
    fix: "Stop setting the cookies, or name them in the privacy policy",
    check: Check::PrivacyPolicy(check),
};

/// Cookies named in the message.
const MOST_NAMED: usize = 6;

fn check(held: &Held, evidence: &Evidence<'_>, findings: &mut Findings) {
    let Some(claim) = only(held, Practice::Cookies, Polarity::No) else {
        return;
    };
    let mut names: Vec<String> = evidence
        .at_issue()
        .map(|cookie| format!("`{}`", cookie.seen.name()))
        .collect();
    names.sort_unstable();
    names.dedup();
    if !names.is_empty() {
        let message = format!(
            "the text says {} (line {}), but the recordings show {}",
            quoted(claim),
            claim.line,
            named(&names),
        );
        findings.other(Subject::default(), 1, Some(held.at(claim)), message);
        return;
    }
    let Some(policy) = evidence.policy() else {
        return;
    };
    let declared: Vec<String> = policy
        .services()
        .iter()
        .flat_map(|service| &service.cookies)
        .map(|cookie| format!("`{}`", cookie.name))
        .collect();
    if !declared.is_empty() {
        let message = format!(
            "the text says {} (line {}), but the policy declares {}",
            quoted(claim),
            claim.line,
            named(&declared),
        );
        findings.push(
            Level::Warning,
            Subject::default(),
            1,
            Some(held.at(claim)),
            message,
        );
    }
}

fn named(names: &[String]) -> String {
    let left = names.len().saturating_sub(MOST_NAMED);
    let mut shown: Vec<String> = names.iter().take(MOST_NAMED).cloned().collect();
    if left > 0 {
        shown.push(format!("{left} more"));
    }
    super::super::wording::list(&shown)
}
