//! The claims of a privacy policy as reports tell them: each practice once, then what is named, and
//! what was seen of it.

use placet::Gpc;
use serde::Serialize;

use super::words::{self, shown};
use crate::audit::Audit;
use crate::held::{Held, SeenService};
use crate::privacy_policy::{Claim, Kept, Language, Polarity, Practice, Says, Stance};
use crate::survey::Party;

/// Claims listed of one kind.
const MOST: usize = 40;

/// One line of the comparison.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) what: String,
    pub(super) says: String,
    pub(super) line: Option<u64>,
    pub(super) sentence: Option<String>,
    /// What the recordings and the policy file show of it.
    pub(super) fact: Option<String>,
}

/// `English, 40 sentences, 22 claims`.
pub(super) fn coverage(held: &Held) -> String {
    let policy = &held.privacy_policy;
    let language = match policy.language() {
        Some(Language::English) => "in English",
        Some(Language::German) => "in German",
        Some(Language::French) => "in French",
        None => "in a language that is not read",
    };
    let sentences = words::count(policy.sentences(), "sentence");
    let claims = words::count(policy.claims().len() as u64, "claim");
    format!("privacy policy {language}, {sentences}, {claims}")
}

/// The claims against the facts, practices first.
pub(super) fn rows(audit: &Audit<'_>, held: &Held) -> Vec<Row> {
    let policy = &held.privacy_policy;
    let mut rows: Vec<Row> = Practice::ALL
        .iter()
        .map(|practice| of_practice(audit, held, *practice))
        .filter(|row| row.line.is_some() || row.fact.is_some() || is_always_told(&row.what))
        .collect();
    let mut told = 0;
    for claim in policy.claims() {
        let row = match &claim.says {
            Says::Service {
                name, polarity, id, ..
            } => {
                let seen = held.seen.iter().find(|seen| *seen.service.id == **id);
                Row {
                    fact: held.observed.then(|| match seen {
                        Some(seen) => format!("seen, known by {}", seen.by),
                        None => "not seen".to_owned(),
                    }),
                    ..told_by(
                        claim,
                        format!("service {}", shown(name, 60)),
                        polarity.name().to_owned(),
                    )
                }
            }
            Says::OptOut(means) => told_by(claim, "opt-out".to_owned(), means.words().to_owned()),
            Says::Retention { of, how_long } => {
                let what = format!(
                    "how long {} kept",
                    match of {
                        Kept::Cookie(_) => format!("{of} is"),
                        _ => format!("{of} are"),
                    }
                );
                told_by(claim, what, words::lifetime(*how_long))
            }
            Says::Contact(contact) => told_by(
                claim,
                "contact".to_owned(),
                contact.value().unwrap_or(contact.id()).to_owned(),
            ),
            Says::LastUpdate(date) => told_by(claim, "last update".to_owned(), date.to_string()),
            Says::LegalBasis(basis) => {
                told_by(claim, "legal basis".to_owned(), basis.words().to_owned())
            }
            Says::Practice(..) => continue,
        };
        if told < MOST
            && !rows
                .iter()
                .any(|known| known.what == row.what && known.says == row.says)
        {
            told += 1;
            rows.push(row);
        }
    }
    for seen in held
        .seen
        .iter()
        .filter(|seen| !policy.names(&seen.service))
        .take(MOST)
    {
        rows.push(Row {
            what: format!("service {}", shown(&seen.service.name, 60)),
            says: Stance::NotFound.name().to_owned(),
            line: None,
            sentence: None,
            fact: Some(format!("seen, known by {}", seen.by)),
        });
    }
    rows
}

/// What a reader looks for even where the text is silent.
fn is_always_told(what: &str) -> bool {
    [
        Practice::Cookies,
        Practice::Analytics,
        Practice::DoNotTrack,
        Practice::GlobalPrivacyControl,
    ]
    .iter()
    .any(|practice| practice.words() == what)
}

fn told_by(claim: &Claim, what: String, says: String) -> Row {
    Row {
        what,
        says,
        line: Some(claim.line),
        sentence: Some(claim.sentence.clone()),
        fact: None,
    }
}

fn of_practice(audit: &Audit<'_>, held: &Held, practice: Practice) -> Row {
    let policy = &held.privacy_policy;
    let stance = policy.stance(practice);
    let claims = policy.claims().iter();
    let claim = claims
        .filter(|claim| matches!(claim.says, Says::Practice(of, _) if of == practice))
        .min_by_key(|claim| claim.hedged);
    let hedged = claim.is_some_and(|claim| claim.hedged) && stance != Stance::Both;
    let says = if hedged {
        format!("{}, in some cases", stance.name())
    } else {
        stance.name().to_owned()
    };
    Row {
        what: practice.words().to_owned(),
        says,
        line: claim.map(|claim| claim.line),
        sentence: claim.map(|claim| claim.sentence.clone()),
        fact: fact(audit, held, practice),
    }
}

/// What the recordings and the policy file show of a practice; `None` where they cannot.
fn fact(audit: &Audit<'_>, held: &Held, practice: Practice) -> Option<String> {
    let evidence = &audit.evidence;
    let cookies = || evidence.at_issue();
    let services = |category: &str| seen(held.of_category(category));
    let count = |number: u64| words::count(number, "cookie");
    match practice {
        Practice::DoNotTrack => {
            let policy = evidence
                .policy()
                .map(|policy| policy.dnt_refuses().is_some());
            let trackers = held.seen.iter().filter(|seen| seen.is_tracker());
            let under = trackers.filter(|seen| seen.under_dnt.is_some());
            let asked = evidence.survey.do_not_track().is_some();
            under_signal(
                policy,
                asked.then(|| format!("under `DNT: 1` {}", seen(under))),
            )
        }
        Practice::GlobalPrivacyControl => {
            let policy = evidence
                .policy()
                .map(|policy| !policy.gpc_refuses().is_empty());
            let under = held.of_category("marketing");
            let under = under.filter(|seen| seen.under_gpc.is_some());
            let mut signals = evidence.survey.signals().iter();
            let asked = signals.any(|signals| signals.gpc == Gpc::On);
            let says = || format!("advertisers under `Sec-GPC: 1` {}", seen(under));
            under_signal(policy, asked.then(says))
        }
        _ if !held.observed => None,
        Practice::Cookies => Some(format!("{} seen", count(held.cookies))),
        Practice::ThirdPartyCookies => {
            let third = cookies()
                .filter(|cookie| cookie.seen.key.party == Party::Third)
                .count() as u64;
            Some(format!("{} of others seen", count(third)))
        }
        Practice::TrackingCookies => {
            let mut names: Vec<_> = cookies()
                .filter(|cookie| cookie.is_tracker())
                .map(|cookie| shown(&cookie.seen.name(), 60))
                .collect();
            names.sort_unstable();
            names.dedup();
            Some(match names.is_empty() {
                true => "none seen".to_owned(),
                false => format!("seen: {}", words::some_of(names)),
            })
        }
        Practice::Analytics => Some(services("analytics")),
        Practice::Advertising => Some(services("marketing")),
        _ => None,
    }
}

/// `seen: Matomo and Hotjar`.
fn seen<'s>(services: impl Iterator<Item = &'s SeenService>) -> String {
    let names: Vec<_> = services.map(|seen| shown(&seen.service.name, 60)).collect();
    if names.is_empty() {
        "none seen".to_owned()
    } else {
        format!("seen: {}", words::listed(&names))
    }
}

/// What the policy file does about a signal, and what was seen under it.
fn under_signal(policy: Option<bool>, seen: Option<String>) -> Option<String> {
    let policy = policy.map(|responds| {
        let does = if responds {
            "responds to it"
        } else {
            "ignores it"
        };
        format!("the policy file {does}")
    });
    let parts: Vec<_> = [policy, seen].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join("; "))
}

/// The member `privacy_policy` of the JSON report.
#[derive(Serialize)]
pub(super) struct PrivacyPolicyJson {
    file: String,
    language: Option<&'static str>,
    sentences: u64,
    unverified: Option<&'static str>,
    practices: Vec<PracticeJson>,
    claims: Vec<ClaimJson>,
    services_seen: Vec<ServiceJson>,
    placeholders: Vec<PlaceholderJson>,
}

#[derive(Serialize)]
struct PracticeJson {
    practice: &'static str,
    says: &'static str,
    line: Option<u64>,
    seen: Option<String>,
}

#[derive(Serialize)]
struct ClaimJson {
    topic: &'static str,
    says: Option<&'static str>,
    value: Option<String>,
    hedged: bool,
    line: u64,
    sentence: String,
}

#[derive(Serialize)]
struct ServiceJson {
    id: String,
    name: String,
    category: String,
    known_by: String,
    named: bool,
    count: u64,
}

#[derive(Serialize)]
struct PlaceholderJson {
    line: u64,
    text: String,
}

impl PrivacyPolicyJson {
    pub(super) fn new(audit: &Audit<'_>, held: &Held) -> Self {
        let policy = &held.privacy_policy;
        let whole = |text: &str| shown(text, usize::MAX);
        Self {
            file: whole(policy.name()),
            language: policy.language().map(Language::tag),
            sentences: policy.sentences(),
            unverified: policy.unreadable().map(|unreadable| unreadable.reason()),
            practices: Practice::ALL
                .iter()
                .map(|practice| PracticeJson {
                    practice: practice.id(),
                    says: match policy.stance(*practice) {
                        Stance::Yes => "yes",
                        Stance::No => "no",
                        Stance::Both => "both",
                        Stance::NotFound => "not-found",
                    },
                    line: of_practice(audit, held, *practice).line,
                    seen: fact(audit, held, *practice),
                })
                .collect(),
            claims: policy
                .claims()
                .iter()
                .map(|claim| ClaimJson {
                    topic: claim.says.topic(),
                    says: claim.says.polarity().map(Polarity::name),
                    value: claim.says.value().as_deref().map(whole),
                    hedged: claim.hedged,
                    line: claim.line,
                    sentence: whole(&claim.sentence),
                })
                .collect(),
            services_seen: held
                .seen
                .iter()
                .map(|seen| ServiceJson {
                    id: whole(&seen.service.id),
                    name: whole(&seen.service.name),
                    category: whole(&seen.service.category),
                    known_by: whole(&seen.by),
                    named: policy.names(&seen.service),
                    count: seen.seen.count,
                })
                .collect(),
            placeholders: policy
                .placeholders()
                .iter()
                .map(|placeholder| PlaceholderJson {
                    line: placeholder.line,
                    text: whole(&placeholder.text),
                })
                .collect(),
        }
    }
}
