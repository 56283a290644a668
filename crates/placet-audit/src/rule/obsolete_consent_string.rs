//! A consent string of a version that vendors must not act on any more.

use placet::Timestamp;

use super::{Check, Findings, Rule, consent_words, wording};
use crate::consent_string::{ConsentString, TcString};
use crate::evidence::Evidence;
use crate::finding::Level;
use crate::survey::{ConsentWord, Said};

pub(super) const RULE: Rule = Rule {
    id: "obsolete-consent-string",
    level: Level::Warning,
    title: "Consent string of a version that has ended",
    rests_on: "IAB Europe, TCF 2.2 and 2.3: policy version 4 since 2023-09-30, disclosed vendors since 2026-02-28; IAB Tech Lab, GPP in place of US Privacy",
    fix: "Update the consent tool, and let it ask again",
    check: Check::Evidence(check),
};

/// 2023-09-30: strings of earlier policies ended.
const POLICY_4: i64 = 1_696_032_000;
/// 2026-02-28: strings without disclosed vendors ended.
const DISCLOSED: i64 = 1_772_236_800;

fn check(evidence: &Evidence<'_>, findings: &mut Findings) {
    let words = evidence.survey.consent_words();
    for word in words {
        let Some(tc) = consent_words::tc_string(word) else {
            continue;
        };
        let problems = problems(tc, consent_words::now(word, evidence));
        if !problems.is_empty() {
            let named = consent_words::named("the TC string", word.carrier, &word.host);
            let text = format!("{named} {}", wording::list(&problems));
            consent_words::found_in_word(findings, evidence, Level::Warning, word, text);
        }
    }
    // Beside GPP the old string is there for those who still read it.
    let is_gpp = |word: &ConsentWord| matches!(word.said, Said::String(ConsentString::Gpp(_)));
    if words.iter().any(is_gpp) {
        return;
    }
    for word in words {
        if matches!(word.said, Said::String(ConsentString::UsPrivacy(_))) {
            let named = consent_words::named("the US Privacy string", word.carrier, &word.host);
            let text = format!("{named} has been given up for GPP, and no GPP string is sent");
            consent_words::found_in_word(findings, evidence, Level::Note, word, text);
        }
    }
}

fn problems(tc: &TcString, now: Timestamp) -> Vec<String> {
    let mut problems = Vec::new();
    if tc.policy_version < 4 && now.as_unix() >= POLICY_4 {
        problems.push(format!(
            "is of policy version {}, which ended on 2023-09-30",
            tc.policy_version
        ));
    }
    if !tc.is_service_specific {
        problems.push("claims to hold for other sites too, which ended in 2021".to_owned());
    }
    if tc.disclosed_vendors.is_none() && tc.last_updated.as_unix() >= DISCLOSED {
        problems.push(
            "does not say which vendors were disclosed, as it must since 2026-02-28".to_owned(),
        );
    }
    if tc.cmp_id < 2 {
        problems.push(format!(
            "names no registered consent tool (CMP id {})",
            tc.cmp_id
        ));
    }
    problems
}
