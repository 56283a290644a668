//! A request that says `Sec-GPC: 1` and carries a string that says the visitor did not opt out.

use super::{Check, Findings, Rule, consent_words, wording};
use crate::consent_string::{ConsentString, UsPrivacy};
use crate::evidence::Evidence;
use crate::finding::Level;
use crate::survey::{Carrier, ConsentWord, Said};

pub(super) const RULE: Rule = Rule {
    id: "gpc-not-in-consent-string",
    level: Level::Error,
    title: "Consent string that denies Global Privacy Control",
    rests_on: "11 CCR 7025 and the privacy acts of eleven more states of the US; W3C Global Privacy Control, explainer, on US Privacy `1YYN`; IAB Tech Lab, Global Privacy Platform, on the GPC sub-section",
    fix: "Let the consent tool read `Sec-GPC` or `navigator.globalPrivacyControl` before it writes a string",
    check: Check::Evidence(check),
};

fn check(evidence: &Evidence<'_>, findings: &mut Findings) {
    let messages = evidence.survey.consent_messages();
    for message in messages.iter().filter(|message| message.gpc) {
        let mut told = Vec::new();
        let mut first = None;
        for (carrier, word) in consent_words::words(evidence, message) {
            let says = denials(word);
            if says.is_empty() {
                continue;
            }
            told.push(format!(
                "`{}` says {}",
                carrier.name(),
                wording::list(&says)
            ));
            // What somebody else is told weighs more than what the site still keeps.
            let graver = matches!(carrier, Carrier::Parameter(_));
            if first.is_none() || graver {
                first = Some(carrier);
            }
        }
        let Some(carrier) = first else { continue };
        let level = match carrier {
            Carrier::Parameter(_) => Level::Error,
            Carrier::Cookie(_) => Level::Warning,
        };
        let host = &message.host;
        let to = if host.is_empty() {
            String::new()
        } else {
            format!(" to {host}")
        };
        let text = format!(
            "a request{to} says `Sec-GPC: 1`, and its {}",
            wording::list(&told)
        );
        let at = (carrier, &**host);
        consent_words::found(findings, evidence, level, at, message.tally, text);
    }
}

/// What a word says against the signal.
fn denials(word: &ConsentWord) -> Vec<String> {
    let not_sale = |us: UsPrivacy| us.opt_out_sale == Some(false);
    let no_opt_out = "that the visitor did not opt out of sale";
    match &word.said {
        Said::GpcSeen(false) => vec!["that the signal is off (`isGpcEnabled=0`)".to_owned()],
        Said::String(ConsentString::UsPrivacy(us)) if not_sale(*us) => vec![no_opt_out.to_owned()],
        Said::String(ConsentString::Gpp(gpp)) => {
            let mut says = Vec::new();
            if gpp.us_privacy().is_some_and(not_sale) {
                says.push(format!("in uspv1 {no_opt_out}"));
            }
            for us in gpp.us_sections() {
                let mut fields: Vec<_> = us.not_opted_out().map(|f| format!("{f} 2")).collect();
                if us.gpc == Some(false) {
                    fields.push("Gpc false".to_owned());
                }
                if !fields.is_empty() {
                    says.push(format!("in {} {}", us.name, wording::list(&fields)));
                }
            }
            says
        }
        _ => Vec::new(),
    }
}
