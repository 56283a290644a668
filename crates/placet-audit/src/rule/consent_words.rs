//! What the rules about consent strings have in common: which TC strings there are, who carried
//! them, and how a finding names it.

use placet::Timestamp;

use super::Findings;
use crate::consent_string::{ConsentString, TcString};
use crate::evidence::Evidence;
use crate::finding::{Level, Subject};
use crate::survey::{Carrier, ConsentMessage, ConsentWord, Said, Tally};

/// The TC string of a word: itself, or the one in a GPP string.
pub(super) fn tc_string(word: &ConsentWord) -> Option<&TcString> {
    match &word.said {
        Said::String(ConsentString::Tc(tc)) => Some(tc),
        Said::String(ConsentString::Gpp(gpp)) => gpp.tcf_eu(),
        _ => None,
    }
}

/// The moment by which a word is judged: when it was seen last, else the audit's own.
pub(super) fn now(word: &ConsentWord, evidence: &Evidence<'_>) -> Timestamp {
    word.latest.unwrap_or(evidence.assumptions.now)
}

/// The words of a message, each with what carried it.
pub(super) fn words<'e>(
    evidence: &'e Evidence<'_>,
    message: &'e ConsentMessage,
) -> impl Iterator<Item = (Carrier, &'e ConsentWord)> {
    let all = evidence.survey.consent_words();
    let words = message.words.iter();
    words.filter_map(|(carrier, number)| Some((*carrier, all.get(*number)?)))
}

/// `` the TC string in `gdpr_consent`, sent to ads.example ``.
pub(super) fn named(what: &str, carrier: Carrier, host: &str) -> String {
    let name = carrier.name();
    match (carrier, host) {
        (_, "") => format!("{what} in `{name}`"),
        (Carrier::Cookie(_), host) => format!("{what} in the cookie `{name}` of {host}"),
        (Carrier::Parameter(_), host) => format!("{what} in `{name}`, sent to {host},"),
    }
}

/// What kind of string a carrier should hold, for people.
pub(super) fn kind(carrier: Carrier) -> &'static str {
    match carrier.name() {
        "gdpr" => "the value",
        "gdpr_consent" | "euconsent-v2" => "the TC string",
        "gpp" | "IABGPP_HDR_GppString" | "OTGPPConsent" => "the GPP string",
        "us_privacy" | "usprivacy" => "the US Privacy string",
        "addtl_consent" => "Google's additional consent",
        _ => "the consent string",
    }
}

/// The subject of a finding about a carrier: the cookie with its service, or the host alone.
fn subject(evidence: &Evidence<'_>, carrier: Carrier, host: &str) -> Subject {
    let cookie = match carrier {
        Carrier::Cookie(name) => Some(name),
        Carrier::Parameter(_) => None,
    };
    let of_that_name = |name: &str| {
        let mut cookies = evidence.cookies.iter();
        cookies.find(|cookie| cookie.seen.key.name == name.as_bytes())
    };
    let known = cookie.and_then(of_that_name);
    Subject {
        host: Some(host.to_owned()).filter(|host| !host.is_empty()),
        cookie: cookie.map(str::to_owned),
        service: known.and_then(|cookie| cookie.service().map(str::to_owned)),
    }
}

/// A finding about a carrier at a host. A second one about the same is counted with the first, as
/// with cookies.
pub(super) fn found(
    findings: &mut Findings,
    evidence: &Evidence<'_>,
    level: Level,
    (carrier, host): (Carrier, &str),
    seen: Tally,
    message: String,
) {
    let subject = subject(evidence, carrier, host);
    let name = (host.to_owned(), carrier.name().to_owned());
    findings.named(level, name, subject, seen, message);
}

/// The same about a word, where it was seen first.
pub(super) fn found_in_word(
    findings: &mut Findings,
    evidence: &Evidence<'_>,
    level: Level,
    word: &ConsentWord,
    message: String,
) {
    let at = (word.carrier, &*word.host);
    found(findings, evidence, level, at, word.tally, message);
}
