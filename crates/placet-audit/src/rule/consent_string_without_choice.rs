//! A consent string that grants what the visitor refused, or has not been asked yet.

use placet::{Regime, StandardCategory};

use super::{Check, Findings, Rule, consent_words};
use crate::consent_string::ConsentString;
use crate::evidence::Evidence;
use crate::finding::Level;
use crate::survey::{Said, Stance};

pub(super) const RULE: Rule = Rule {
    id: "consent-string-without-choice",
    level: Level::Error,
    title: "Consent string that grants what the visitor did not",
    rests_on: "GDPR Art. 4(11), 6(1)(a) and 7(3); IAB Europe, TCF policies, on consent before any choice",
    fix: "Let the consent tool write purposes into a string only when the visitor has granted them, and take them out at a refusal",
    check: Check::Evidence(check),
};

fn check(evidence: &Evidence<'_>, findings: &mut Findings) {
    let assumed = evidence.assumptions;
    let rules = assumed.policy.region_rules(assumed.region);
    let must_ask = rules.regime(StandardCategory::Marketing) == Regime::OptIn;
    for message in evidence.survey.consent_messages() {
        let when = match message.stance {
            Some(Stance::Refused) => "although the visitor refused",
            Some(Stance::Undecided) if must_ask => "before the visitor chose",
            _ => continue,
        };
        for (carrier, word) in consent_words::words(evidence, message) {
            let granted = match (consent_words::tc_string(word), &word.said) {
                (Some(tc), _) if !tc.purposes_consent.is_empty() => {
                    format!("the purposes {}", tc.purposes_consent)
                }
                (_, Said::String(ConsentString::AdditionalConsent(ac))) if ac.consented > 0 => {
                    format!("consent to {} companies", ac.consented)
                }
                _ => continue,
            };
            let what = consent_words::kind(carrier);
            let named = consent_words::named(what, carrier, &message.host);
            let text = format!("{named} grants {granted} {when}");
            let at = (carrier, &*message.host);
            consent_words::found(findings, evidence, Level::Error, at, message.tally, text);
        }
    }
}
