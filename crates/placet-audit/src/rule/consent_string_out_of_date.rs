//! A TC string whose dates cannot be, or lie too far back.

use super::{Check, Findings, Rule, consent_words};
use crate::evidence::Evidence;
use crate::finding::Level;

pub(super) const RULE: Rule = Rule {
    id: "consent-string-out-of-date",
    level: Level::Warning,
    title: "Consent string of the future or of long ago",
    rests_on: "IAB Europe, TCF policies: to be asked again after 13 months at the latest; GDPR Art. 5(1)(d) and 7(1)",
    fix: "Ask again before 13 months have passed, and write the moment of the choice into the string",
    check: Check::Evidence(check),
};

/// Dates have been whole days since TCF 2.2, and clocks differ.
const TOLERANCE: i64 = 86_400;
/// 13 months.
const OLDEST: i64 = 396 * 86_400;

fn check(evidence: &Evidence<'_>, findings: &mut Findings) {
    for word in evidence.survey.consent_words() {
        let Some(tc) = consent_words::tc_string(word) else {
            continue;
        };
        let now = consent_words::now(word, evidence);
        let since = now.seconds_since(tc.last_updated);
        let (created, updated) = (day(tc.created), day(tc.last_updated));
        let problem = if tc.created.seconds_since(now) > TOLERANCE || since < -TOLERANCE {
            format!("was made in the future, on {}", created.max(updated))
        } else if tc.last_updated < tc.created {
            format!("was changed on {updated}, before it was made on {created}")
        } else if word.latest.is_some() && since > OLDEST {
            // Of a recording without dates nobody knows how old it is itself.
            format!("was made or changed on {updated} last, more than 13 months before it was seen")
        } else {
            continue;
        };
        let named = consent_words::named("the TC string", word.carrier, &word.host);
        let text = format!("{named} {problem}");
        consent_words::found_in_word(findings, evidence, Level::Warning, word, text);
    }
}

fn day(moment: placet::Timestamp) -> String {
    let text = moment.to_string();
    text.get(..10).map_or(text.clone(), str::to_owned)
}
