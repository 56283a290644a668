//! What stands where a consent string should be and is none.

use super::{Check, Findings, Rule, consent_words};
use crate::consent_string::{ConsentString, NotAConsentString};
use crate::evidence::Evidence;
use crate::finding::{Level, Subject};
use crate::survey::Said;

pub(super) const RULE: Rule = Rule {
    id: "malformed-consent-string",
    level: Level::Warning,
    title: "Consent string that cannot be read",
    rests_on: "IAB Europe, TC string format; IAB Tech Lab, Global Privacy Platform and US Privacy string; GDPR Art. 7(1)",
    fix: "Send the string that the consent tool's API gives, whole and unchanged, or none",
    check: Check::Evidence(check),
};

fn check(evidence: &Evidence<'_>, findings: &mut Findings) {
    for word in evidence.survey.consent_words() {
        let what = consent_words::kind(word.carrier);
        let named = consent_words::named(what, word.carrier, &word.host);
        match &word.said {
            Said::Unreadable(error) => {
                let verb = match error {
                    NotAConsentString::Placeholder => "",
                    _ => "cannot be read: ",
                };
                let message = format!("{named} {verb}{error}");
                consent_words::found_in_word(findings, evidence, Level::Warning, word, message);
            }
            Said::String(ConsentString::Gpp(gpp)) => {
                for section in &gpp.sections {
                    let Err(error) = &section.content else {
                        continue;
                    };
                    // What this program does not read need not be wrong.
                    let level = match error {
                        NotAConsentString::NotRead(_) => Level::Note,
                        _ => Level::Warning,
                    };
                    let name = section.name().map(|name| format!(" ({name})"));
                    let name = name.unwrap_or_default();
                    let message = format!(
                        "section {}{name} of {named} cannot be read: {error}",
                        section.id
                    );
                    consent_words::found_in_word(findings, evidence, level, word, message);
                }
            }
            _ => {}
        }
    }
    let unread = evidence.survey.unread_consent_strings();
    if unread > 0 {
        let message = "there are so many distinct consent strings that the last ones were not read";
        findings.other(Subject::default(), unread, None, message.to_owned());
    }
}
