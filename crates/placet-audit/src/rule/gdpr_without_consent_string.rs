//! `gdpr=1` sent to somebody, and no consent string with it.

use super::{Check, Findings, Rule, consent_words};
use crate::consent_string::ConsentString;
use crate::evidence::Evidence;
use crate::finding::Level;
use crate::survey::{Carrier, Said};

pub(super) const RULE: Rule = Rule {
    id: "gdpr-without-consent-string",
    level: Level::Warning,
    title: "GDPR applies, and no consent string says what was agreed to",
    rests_on: "IAB Europe, TCF technical specification, on `gdpr` and `gdpr_consent` in addresses; GDPR Art. 6(1)",
    fix: "Send the consent string with `gdpr=1`, or do not send the request before there is one",
    check: Check::Evidence(check),
};

fn check(evidence: &Evidence<'_>, findings: &mut Findings) {
    for message in evidence.survey.consent_messages() {
        let mut gdpr = None;
        let mut has_string = false;
        for (carrier, word) in consent_words::words(evidence, message) {
            let Carrier::Parameter(name) = carrier else {
                continue;
            };
            match &word.said {
                Said::Gdpr(true) => gdpr = Some(carrier),
                // A string that cannot be read has a finding of its own.
                Said::Unreadable(_) => has_string |= matches!(name, "gdpr_consent" | "gpp"),
                Said::String(ConsentString::Tc(_)) => has_string = true,
                Said::String(ConsentString::Gpp(gpp)) => {
                    has_string |= gpp.sections.iter().any(|section| section.id == 2);
                }
                _ => {}
            }
        }
        if let Some(carrier) = gdpr.filter(|_| !has_string) {
            let host = &message.host;
            let told = format!(
                "{host} is told with `gdpr=1` that the GDPR applies, and with no `gdpr_consent` what the visitor agreed to"
            );
            let at = (carrier, &**host);
            consent_words::found(findings, evidence, Level::Warning, at, message.tally, told);
        }
    }
}
