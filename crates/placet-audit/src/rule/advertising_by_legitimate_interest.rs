//! A TC string that claims a legitimate interest where the framework allows none.

use super::{Check, Findings, Rule, consent_words, wording};
use crate::evidence::Evidence;
use crate::finding::Level;

pub(super) const RULE: Rule = Rule {
    id: "advertising-by-legitimate-interest",
    level: Level::Error,
    title: "Legitimate interest claimed for storage or advertising",
    rests_on: "IAB Europe, TCF 2.2: no legitimate interest for purposes 1 and 3 to 6; ePrivacy Directive Art. 5(3)",
    fix: "Ask for consent to purposes 1 and 3 to 6, and for nothing else",
    check: Check::Evidence(check),
};

fn check(evidence: &Evidence<'_>, findings: &mut Findings) {
    for word in evidence.survey.consent_words() {
        let Some(tc) = consent_words::tc_string(word) else {
            continue;
        };
        let claimed: Vec<_> = tc
            .purposes_legitimate_interest
            .iter()
            // Until policy version 4 advertising could rest on it, storage never.
            .filter(|purpose| *purpose == 1 || tc.policy_version >= 4 && (3..=6).contains(purpose))
            .map(|purpose| purpose.to_string())
            .collect();
        if !claimed.is_empty() {
            let named = consent_words::named("the TC string", word.carrier, &word.host);
            let purposes = if claimed.len() == 1 {
                "purpose"
            } else {
                "purposes"
            };
            let text = format!(
                "{named} claims a legitimate interest for {purposes} {}, for which only consent will do",
                wording::list(&claimed)
            );
            consent_words::found_in_word(findings, evidence, Level::Error, word, text);
        }
    }
}
