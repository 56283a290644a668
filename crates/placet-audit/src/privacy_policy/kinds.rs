//! Which kinds of cookies a clause speaks of.

use super::claim::Practice;
use super::words::{Word, has};

/// Kinds of cookies.
pub(super) struct Kinds {
    /// Those that are practices of their own.
    pub(super) practices: Vec<Practice>,
    /// Whether necessary ones are named.
    pub(super) necessary: bool,
    /// Whether the site's own are named.
    pub(super) first_party: bool,
    /// Whether a kind is named that is no practice: `functional cookies`.
    pub(super) other: bool,
}

/// What kinds of cookies stand before the noun, `session and persistent cookies`.
pub(super) fn kinds(clause: &[Word], at: usize, end: usize) -> Kinds {
    const JOINS: &[&str] = &[
        "and",
        "or",
        ",",
        "both",
        "/",
        "und",
        "oder",
        "et",
        "ou",
        "based",
        "strictly",
        "technically",
        "unbedingt",
        "so",
        "called",
        "party",
        "de",
        "permanent",
        "any",
        "strictement",
        "technisch",
        "&",
    ];
    let mut found = Kinds {
        practices: Vec::new(),
        necessary: false,
        first_party: false,
        other: false,
    };
    let before = clause.get(..at).unwrap_or_default();
    let after = clause.get(end..).unwrap_or_default();
    // In French the kind follows: `cookies de session`, `cookies tiers`.
    let french = after.get(..after.len().min(3)).unwrap_or(after);
    let mut see = |word: &Word, previous: Option<&Word>| {
        let practice = if word.is(&[
            "session",
            "sessions",
            "sitzungs*",
            "sessioncookie*",
            "temporary",
            "transient",
        ]) {
            Practice::SessionCookies
        } else if word.is(&[
            "persistent*",
            "permanent*",
            "dauerhafte*",
            "persistant*",
            "persistente*",
        ]) {
            Practice::PersistentCookies
        } else if word.is(&[
            "tracking",
            "advertising",
            "marketing",
            "targeting",
            "advertisement",
            "trackingcookie*",
            "werbe*",
            "marketingcookie*",
            "publicitaire*",
            "tracker",
            "profiling",
            "ad",
            "suivi",
            "traçage",
            "pistage",
        ]) {
            Practice::TrackingCookies
        } else if (word.is(&["party"]) && previous.is_some_and(|word| word.is(&["third", "3rd"])))
            || word.is(&["drittanbieter*", "tiers", "dritt*"])
        {
            Practice::ThirdPartyCookies
        } else if word.is(&[
            "necessary",
            "essential",
            "technical",
            "required",
            "notwendige*",
            "erforderliche*",
            "nécessaires",
            "techniques",
            "technisch*",
        ]) {
            found.necessary = true;
            return true;
        } else if word.is(&["party"]) && previous.is_some_and(|word| word.is(&["first"])) {
            found.first_party = true;
            found.other = true;
            return true;
        } else if word.is(&[
            "functional",
            "functionality",
            "performance",
            "analytics",
            "analytical",
            "preference*",
            "statistic*",
            "social",
            "optional",
            "unnecessary",
            "essential",
            "authentication",
            "login",
            "analyse*",
            "other",
            "such",
            "these",
            "flash",
            "additional",
            "further",
            "non",
            "weiteren",
            "mesure",
            "audience",
            "réseaux",
        ]) {
            found.other = true;
            return true;
        } else {
            return word.is(JOINS) || word.is(&["first", "third", "3rd"]);
        };
        if !found.practices.contains(&practice) {
            found.practices.push(practice);
        }
        true
    };
    for (place, word) in before.iter().enumerate().rev().take(10) {
        let previous = place.checked_sub(1).and_then(|place| before.get(place));
        if !see(word, previous) {
            break;
        }
    }
    // German writes the kind and the noun as one word.
    if let Some(noun) = clause
        .get(at)
        .filter(|noun| noun.text.len() > "cookies".len())
    {
        see(noun, None);
    }
    for word in french {
        if word.is(&[
            "de",
            "d",
            "session",
            "tiers",
            "persistant*",
            "permanent*",
            "publicitaire*",
            "technique*",
            "strictement",
            "nécessaires",
            "suivi",
            "traçage",
            "pistage",
            "mesure",
            "réseaux",
            "audience",
        ]) {
            see(word, None);
        } else {
            break;
        }
    }
    if has(
        after,
        &[
            &["from", "third", "parties"],
            &["from", "third", "party"],
            &["by", "third", "parties"],
            &["of", "third", "parties"],
            &["from", "trusted", "third", "parties"],
            &["from", "our", "partners"],
            &["von", "drittanbietern"],
        ],
    ) && !found.practices.contains(&Practice::ThirdPartyCookies)
    {
        found.practices.push(Practice::ThirdPartyCookies);
    }
    if found.necessary {
        found.other = true;
    }
    found
}

/// The kinds in an exception: `except for a session cookie`.
pub(super) fn mentioned_kinds(words: &[Word]) -> Vec<Practice> {
    let mut kinds = Vec::new();
    for (names, practice) in [
        (
            &["session*", "sitzungs*", "temporary"][..],
            Practice::SessionCookies,
        ),
        (&["persistent*", "permanent*"], Practice::PersistentCookies),
        (&["third"], Practice::ThirdPartyCookies),
    ] {
        if words.iter().any(|word| word.is(names)) {
            kinds.push(practice);
        }
    }
    kinds
}
