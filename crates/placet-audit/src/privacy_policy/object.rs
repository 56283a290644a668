//! The things that practices are about, by the words for them in each language.

use super::claim::Practice;
use super::language::Language;
use super::words::{Word, starts_with};

/// Sequences of words, each the name of a thing.
type Names = &'static [&'static [&'static str]];

/// What a practice is called in English, longer names first.
const ENGLISH: &[(Practice, Names)] = &[
    (
        Practice::FlashObjects,
        &[
            &["flash", "cookie*"],
            &["local", "shared", "object*"],
            &["flash", "object*"],
            &["flash", "lso*"],
        ],
    ),
    (Practice::Cookies, &[&["cookies"], &["cookie"]]),
    (
        Practice::SocialButtons,
        &[
            &["social", "media", "button*"],
            &["social", "media", "plugin*"],
            &["social", "media", "plug", "in*"],
            &["social", "media", "widget*"],
            &["social", "media", "feature*"],
            &["social", "button*"],
            &["social", "plugin*"],
            &["social", "plug", "in*"],
            &["social", "widget*"],
            &["social", "sharing", "button*"],
            &["share", "button*"],
            &["sharing", "button*"],
            &["like", "button*"],
            &["social", "network", "plugin*"],
            &["social", "sharing"],
            &["social", "network", "button*"],
            &["social", "media", "sharing"],
        ],
    ),
    (
        Practice::WebBeacons,
        &[
            &["web", "beacon*"],
            &["tracking", "pixel*"],
            &["pixel", "tag*"],
            &["clear", "gif*"],
            &["web", "bug*"],
            &["single", "pixel"],
            &["tracking", "bug*"],
            &["pixels"],
            &["beacons"],
            &["tracking", "beacon*"],
            &["invisible", "image*"],
        ],
    ),
    (
        Practice::LocalStorage,
        &[
            &["local", "storage"],
            &["localstorage"],
            &["session", "storage"],
            &["sessionstorage"],
            &["web", "storage"],
            &["browser", "storage"],
            &["indexeddb"],
            &["indexed", "db"],
            &["html5", "storage"],
            &["dom", "storage"],
        ],
    ),
    (
        Practice::Fingerprinting,
        &[
            &["fingerprinting"],
            &["browser", "fingerprint*"],
            &["device", "fingerprint*"],
            &["canvas", "fingerprint*"],
            &["digital", "fingerprint*"],
        ],
    ),
    (
        Practice::Advertising,
        &[
            &["advertising", "network*"],
            &["ad", "network*"],
            &["ad", "server*"],
            &["targeted", "ad*"],
            &["behavioral", "ad*"],
            &["behavioural", "ad*"],
            &["interest", "based", "ad*"],
            &["personalized", "ad*"],
            &["personalised", "ad*"],
            &["third", "party", "ad*"],
            &["tailored", "ad*"],
            &["remarketing"],
            &["retargeting"],
            &["advertisements"],
            &["adverts"],
            &["ads"],
            &["online", "behavioral", "advertising"],
            &["advertising"],
        ],
    ),
    (
        Practice::Analytics,
        &[
            &["analytics"],
            &["usage", "statistics"],
            &["visitor", "statistics"],
            &["web", "statistics"],
            &["access", "statistics"],
            &["website", "statistics"],
            &["statistics", "about"],
            &["statistics", "on"],
            &["anonymous", "statistics"],
            &["aggregate*", "statistics"],
            &["web", "analysis"],
            &["traffic", "analysis"],
            &["usage", "tracking"],
            &["telemetry"],
        ],
    ),
];

const GERMAN: &[(Practice, Names)] = &[
    (
        Practice::FlashObjects,
        &[&["flash", "cookie*"], &["flash", "objekt*"]],
    ),
    (Practice::Cookies, &[&["cookies"], &["cookie"]]),
    (
        Practice::SocialButtons,
        &[
            &["social", "media", "plugin*"],
            &["social", "plugin*"],
            &["share", "button*"],
            &["social", "media", "button*"],
            &["like", "button*"],
            &["teilen", "button*"],
        ],
    ),
    (
        Practice::WebBeacons,
        &[
            &["web", "beacon*"],
            &["zählpixel*"],
            &["tracking", "pixel*"],
            &["pixel", "tag*"],
            &["trackingpixel*"],
        ],
    ),
    (
        Practice::LocalStorage,
        &[
            &["local", "storage"],
            &["localstorage"],
            &["session", "storage"],
            &["lokale*", "speicher*"],
        ],
    ),
    (
        Practice::Fingerprinting,
        &[&["fingerprinting"], &["fingerprint*"]],
    ),
    (
        Practice::Advertising,
        &[
            &["werbenetzwerk*"],
            &["personalisierte*", "werbung"],
            &["interessenbezogene*", "werbung"],
            &["werbeanzeigen"],
            &["remarketing"],
            &["retargeting"],
            &["werbung"],
        ],
    ),
    (
        Practice::Analytics,
        &[
            &["webanalyse*"],
            &["web", "analyse*"],
            &["analysedienst*"],
            &["analyse", "tool*"],
            &["analysetool*"],
            &["analysewerkzeug*"],
            &["tracking", "tool*"],
            &["trackingtool*"],
            &["besucherstatistik*"],
            &["reichweitenmessung"],
            &["webanalytik"],
            &["analytics"],
            &["nutzungsstatistik*"],
            &["webstatistik*"],
            &["statistik", "tool*"],
            &["zugriffsstatistik*"],
        ],
    ),
];

const FRENCH: &[(Practice, Names)] = &[
    (
        Practice::FlashObjects,
        &[&["cookies", "flash"], &["objets", "flash"]],
    ),
    (
        Practice::Cookies,
        &[&["cookies"], &["cookie"], &["témoins", "de", "connexion"]],
    ),
    (
        Practice::SocialButtons,
        &[
            &["boutons", "sociaux"],
            &["boutons", "de", "partage"],
            &["modules", "sociaux"],
            &["boutons", "des", "réseaux", "sociaux"],
        ],
    ),
    (
        Practice::WebBeacons,
        &[
            &["pixels"],
            &["balises", "web"],
            &["pixel", "espion*"],
            &["pixels", "espions"],
            &["pixels", "invisibles"],
        ],
    ),
    (
        Practice::LocalStorage,
        &[
            &["stockage", "local"],
            &["local", "storage"],
            &["localstorage"],
        ],
    ),
    (
        Practice::Fingerprinting,
        &[
            &["fingerprinting"],
            &["empreinte*", "numérique*"],
            &["empreinte*", "de", "navigateur"],
        ],
    ),
    (
        Practice::Advertising,
        &[
            &["régie*", "publicitaire*"],
            &["publicité*", "ciblée*"],
            &["publicité*", "personnalisée*"],
            &["réseaux", "publicitaires"],
            &["publicité*"],
        ],
    ),
    (
        Practice::Analytics,
        &[
            &["mesure", "d", "audience"],
            &["mesures", "d", "audience"],
            &["analyse", "d", "audience"],
            &["outil*", "d", "analyse"],
            &["outil*", "statistique*"],
            &["statistiques", "de", "visite*"],
            &["statistiques", "de", "fréquentation"],
            &["analytics"],
        ],
    ),
];

/// A thing in a clause.
#[derive(Clone, Copy, Debug)]
pub(super) struct Object {
    pub(super) practice: Practice,
    /// The places of its first word and after its last.
    pub(super) at: usize,
    pub(super) end: usize,
}

/// The things that a clause names. Of a noun that only describes cookies (`analytics cookies`),
/// the cookies are what it names.
pub(super) fn objects(clause: &[Word], language: Language) -> Vec<Object> {
    let names = match language {
        Language::English => ENGLISH,
        Language::German => GERMAN,
        Language::French => FRENCH,
    };
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(rest) = clause.get(at..).filter(|rest| !rest.is_empty()) {
        let hit = names
            .iter()
            .find_map(|(practice, names)| Some((*practice, starts_with(rest, names)?)));
        let Some((practice, length)) = hit else {
            at += 1;
            continue;
        };
        let end = at + length;
        if !describes(practice, clause, at, end) {
            found.push(Object { practice, at, end });
        }
        at = end;
    }
    found
}

/// Whether what was found only describes the noun that follows: `analytics cookies`, `cookie
/// policy`, `advertising partners`.
fn describes(practice: Practice, clause: &[Word], at: usize, end: usize) -> bool {
    const OF_COOKIES: &[&str] = &[
        "policy",
        "policies",
        "banner*",
        "consent*",
        "notice*",
        "setting*",
        "preference*",
        "statement*",
        "file",
        "files",
        "manag*",
        "control*",
        "blocker*",
        "law*",
        "list",
        "declaration",
        "tool*",
        "pop",
        "popup",
        "directive",
        "id",
        "ids",
        "identifier*",
        "name",
        "names",
        "value*",
        "data",
        "window",
        "disclosure*",
        "center",
        "centre",
        "richtlinie",
        "einstellung*",
        "hinweis*",
        "like",
    ];
    const OF_ADVERTISING: &[&str] = &[
        "partner*",
        "cookie*",
        "id",
        "ids",
        "identifier*",
        "preference*",
        "setting*",
        "purpose*",
        "initiative",
        "alliance",
        "bureau",
        "campaign*",
        "industry",
        "choice*",
        "material*",
        "standards",
        "agencies",
        "agency",
    ];
    const OF_ANALYTICS: &[&str] = &[
        "cookie*",
        "purpose*",
        "provider*",
        "partner*",
        "data",
        "opt",
        "information",
        "websites",
        "companies",
    ];
    // `for advertising` is what something is for.
    if practice == Practice::Advertising
        && end - at == 1
        && at
            .checked_sub(1)
            .and_then(|before| clause.get(before))
            .is_some_and(|word| {
                word.is(&[
                    "for", "and", "or", "of", "to", "zu", "zur", "pour", "de", "as", "oder", "und",
                    "für", "ou", "et",
                ])
            })
        && !clause
            .get(at.saturating_sub(8)..at)
            .unwrap_or_default()
            .iter()
            .any(|word| {
                word.is(&[
                    "no",
                    "kein*",
                    "pas",
                    "aucun*",
                    "ni",
                    "any",
                    "free",
                    "nor",
                    "verzicht*",
                ])
            })
    {
        return true;
    }
    let Some(next) = clause.get(end) else {
        return false;
    };
    match practice {
        Practice::Cookies => next.is(OF_COOKIES),
        Practice::Advertising => {
            next.is(OF_ADVERTISING)
                // `the Network Advertising Initiative`, `Google Ads`: a name.
                || (at > 0 && clause.get(at).is_some_and(|word| word.capital) && clause.get(at - 1).is_some_and(|word| word.capital))
        }
        Practice::Analytics => next.is(OF_ANALYTICS),
        _ => next.is(&["cookie*"]),
    }
}
