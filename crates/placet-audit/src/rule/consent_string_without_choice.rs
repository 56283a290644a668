//! A consent string that grants what the visitor refused, or has not been asked yet.

use placet::{Regime, StandardCategory};

use super::{Check, Findings, Rule, consent_words, wording};
use crate::consent_string::ConsentString;
use crate::evidence::Evidence;
use crate::finding::Level;
use crate::survey::{Chosen, ConsentWord, Said};

pub(super) const RULE: Rule = Rule {
    id: "consent-string-without-choice",
    level: Level::Error,
    title: "Consent string that grants what the visitor did not",
    rests_on: "GDPR Art. 4(11), 6(1)(a) and 7(3); IAB Europe, TCF policies, on consent before any choice",
    fix: "Let the consent tool write purposes into a string only when the visitor has granted them, and take them out at a refusal",
    check: Check::Evidence(check),
};

/// Purposes of the framework that are advertising: to choose it by little data, to make and use
/// profiles for it, to measure it.
const ADVERTISING: [u32; 4] = [2, 3, 4, 7];
/// Purposes that are audience measurement.
const MEASUREMENT: [u32; 2] = [8, 9];

/// What a string may not grant, and why.
struct Ungranted {
    /// The purposes; `None`: all of them.
    purposes: Option<Vec<u32>>,
    when: String,
}

fn check(evidence: &Evidence<'_>, findings: &mut Findings) {
    for message in evidence.survey.consent_messages() {
        let Some(ungranted) = message
            .chosen
            .and_then(|chosen| ungranted(evidence, chosen))
        else {
            continue;
        };
        for (carrier, word) in consent_words::words(evidence, message) {
            let Some(granted) = granted(word, ungranted.purposes.as_deref()) else {
                continue;
            };
            let what = consent_words::kind(carrier);
            let named = consent_words::named(what, carrier, &message.host);
            let text = format!("{named} grants {granted} {}", ungranted.when);
            let at = (carrier, &*message.host);
            consent_words::found(findings, evidence, Level::Error, at, message.tally, text);
        }
    }
}

fn ungranted(evidence: &Evidence<'_>, chosen: Chosen) -> Option<Ungranted> {
    let assumed = evidence.assumptions;
    let all = |when: &str| {
        Some(Ungranted {
            purposes: None,
            when: when.to_owned(),
        })
    };
    match (chosen.granted.is_empty(), chosen.refused.is_empty()) {
        (true, true) => {
            let rules = assumed.policy.region_rules(assumed.region);
            let must_ask = rules.regime(StandardCategory::Marketing) == Regime::OptIn;
            must_ask.then(|| all("before the visitor chose")).flatten()
        }
        (true, false) => all("although the visitor refused"),
        (false, _) => {
            let mut purposes = Vec::new();
            let mut names = Vec::new();
            for category in assumed.policy.optional_categories() {
                let means: &[u32] = match category.like() {
                    StandardCategory::Marketing => &ADVERTISING,
                    StandardCategory::Analytics => &MEASUREMENT,
                    _ => &[],
                };
                if chosen.refused.contains(category.id()) && !means.is_empty() {
                    purposes.extend(means);
                    names.push(category.name().to_owned());
                }
            }
            (!names.is_empty()).then(|| Ungranted {
                purposes: Some(purposes),
                when: format!("although the visitor refused {}", wording::list(&names)),
            })
        }
    }
}

/// What of these purposes a word grants, in words.
fn granted(word: &ConsentWord, among: Option<&[u32]>) -> Option<String> {
    if let Some(tc) = consent_words::tc_string(word) {
        let is_meant = |purpose: &u32| among.is_none_or(|among| among.contains(purpose));
        let purposes = tc.purposes_consent.iter().filter(is_meant);
        let purposes: Vec<_> = purposes.map(|purpose| purpose.to_string()).collect();
        let plural = if purposes.len() == 1 { "" } else { "s" };
        return (!purposes.is_empty())
            .then(|| format!("the purpose{plural} {}", wording::list(&purposes)));
    }
    match &word.said {
        // All of those companies are advertising.
        Said::String(ConsentString::AdditionalConsent(told))
            if told.consented > 0
                && among.is_none_or(|among| ADVERTISING.iter().any(|p| among.contains(p))) =>
        {
            Some(format!("consent to {} companies", told.consented))
        }
        _ => None,
    }
}
