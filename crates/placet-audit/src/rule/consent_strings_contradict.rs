//! Consent strings of one exchange that say the opposite of each other.

use super::{Check, Findings, Rule, consent_words};
use crate::consent_string::{Answer, ConsentString, TcString, UsPrivacy};
use crate::evidence::Evidence;
use crate::finding::Level;
use crate::survey::{Carrier, ConsentWord, Said};

pub(super) const RULE: Rule = Rule {
    id: "consent-strings-contradict",
    level: Level::Warning,
    title: "Consent strings that contradict each other",
    rests_on: "GDPR Art. 7(1); 11 CCR 7025(c) and 7026; IAB Tech Lab, Global Privacy Platform",
    fix: "Take every string from one consent tool, at one moment",
    check: Check::Evidence(check),
};

/// Something that one carrier says.
struct Claim<T> {
    carrier: Carrier,
    /// `` the TC string in `gpp` ``.
    by: String,
    says: T,
}

fn check(evidence: &Evidence<'_>, findings: &mut Findings) {
    for message in evidence.survey.consent_messages() {
        let mut agreed: Vec<Claim<&TcString>> = Vec::new();
        let mut opted_out: Vec<Claim<bool>> = Vec::new();
        let mut gpc_seen: Vec<Claim<bool>> = Vec::new();
        for (carrier, word) in consent_words::words(evidence, message) {
            let claim = |what: &str| consent_words::named(what, carrier, "");
            if let Some(tc) = consent_words::tc_string(word) {
                agreed.push(Claim {
                    carrier,
                    by: claim("the TC string"),
                    says: tc,
                });
            }
            opted_out.extend(sales(carrier, word));
            gpc_seen.extend(gpc(carrier, word));
        }
        let told = purposes(&agreed)
            .or_else(|| {
                opposed(
                    &opted_out,
                    "that the visitor opted out of sale",
                    "that they did not",
                )
            })
            .or_else(|| {
                opposed(
                    &gpc_seen,
                    "that Global Privacy Control is on",
                    "that it is off",
                )
            });
        if let Some((carrier, told)) = told {
            let host = &message.host;
            let to = if host.is_empty() {
                "one exchange".to_owned()
            } else {
                format!("an exchange with {host}")
            };
            let text = format!("in {to} {told}");
            let at = (carrier, &**host);
            consent_words::found(findings, evidence, Level::Warning, at, message.tally, text);
        }
    }
}

/// Two TC strings that grant different purposes, or the same purposes to different vendors.
fn purposes(claims: &[Claim<&TcString>]) -> Option<(Carrier, String)> {
    let (first, rest) = claims.split_first()?;
    rest.iter().find_map(|other| {
        let (a, b) = (first.says, other.says);
        let differs = if a.purposes_consent != b.purposes_consent {
            format!(
                "grants the purposes {}, and {} {}",
                a.purposes_consent, other.by, b.purposes_consent
            )
        } else if a.vendors_consent != b.vendors_consent {
            format!(
                "grants consent to {} of its vendors, and {} to {}, not all of them the same",
                a.vendors_consent.len(),
                other.by,
                b.vendors_consent.len()
            )
        } else {
            return None;
        };
        Some((other.carrier, format!("{} {differs}", first.by)))
    })
}

/// Whether somebody opted out of sale, by each string that a word holds.
fn sales(carrier: Carrier, word: &ConsentWord) -> Vec<Claim<bool>> {
    let claim = |what: &str, says| Claim {
        carrier,
        by: consent_words::named(what, carrier, ""),
        says,
    };
    let us_privacy = |us: UsPrivacy| {
        us.opt_out_sale
            .map(|out| claim("the US Privacy string", out))
    };
    match &word.said {
        Said::String(ConsentString::UsPrivacy(us)) => us_privacy(*us).into_iter().collect(),
        Said::String(ConsentString::Gpp(gpp)) => {
            // Of several states the visitor is in one; the sections of the others say less.
            let answers: Vec<_> = gpp
                .us_sections()
                .filter_map(|us| Some((us.name, us.answer("SaleOptOut")?)))
                .collect();
            let with = |wanted| answers.iter().find(|(_, answer)| *answer == wanted);
            let section = with(Answer::Yes).or_else(|| with(Answer::No));
            let section = section
                .map(|(name, answer)| claim(&format!("section {name}"), *answer == Answer::Yes));
            section
                .into_iter()
                .chain(gpp.us_privacy().and_then(us_privacy))
                .collect()
        }
        _ => Vec::new(),
    }
}

/// Whether Global Privacy Control was seen, by each part of a word that says so.
fn gpc(carrier: Carrier, word: &ConsentWord) -> Vec<Claim<bool>> {
    let claim = |what: String, says| Claim {
        carrier,
        by: consent_words::named(&what, carrier, ""),
        says,
    };
    match &word.said {
        Said::GpcSeen(seen) => vec![claim("`isGpcEnabled`".to_owned(), *seen)],
        Said::String(ConsentString::Gpp(gpp)) => gpp
            .us_sections()
            .filter_map(|us| Some(claim(format!("section {}", us.name), us.gpc?)))
            .collect(),
        _ => Vec::new(),
    }
}

fn opposed(claims: &[Claim<bool>], yes: &str, no: &str) -> Option<(Carrier, String)> {
    let first = claims.iter().find(|claim| claim.says)?;
    let other = claims.iter().find(|claim| !claim.says)?;
    let told = format!("{} says {yes}, and {} {no}", first.by, other.by);
    Some((other.carrier, told))
}
