//! Who does what the verb of an English clause says.

use super::english::Subject;
use super::english_words::{OTHERS, OWN, THIRD, YOU};
use super::words::Word;

/// What stands before those to whom something is done.
const TO_YOU: &[&str] = &[
    "track*", "show*", "tell*", "identif*", "recogni*", "follow*", "profil*", "monitor*", "help*",
    "ask*",
];
/// Those that others speak of when they speak of everyone: `websites that use cookies`.
const ANYONE: &[&str] = &[
    "websites",
    "sites",
    "operators",
    "publishers",
    "anyone",
    "everyone",
    "those",
    "businesses",
    "newspapers",
    "people",
];

/// Who does what the verb says, and where they are named.
pub(super) fn subject(left: &[Word], verb: usize) -> Option<(Subject, usize)> {
    let before = left.get(..verb)?;
    for (at, word) in before.iter().enumerate().rev().take(14) {
        if word.is(YOU) {
            let previous = at.checked_sub(1).and_then(|previous| before.get(previous));
            if previous.is_some_and(|previous| previous.is(TO_YOU)) {
                // `neither track you nor show`: to whom something is done does nothing.
                continue;
            }
            // `your use of our site`: the site is nearer.
            return None;
        }
        if word.is(&["our", "we", "us", "i", "my"]) {
            return Some((Subject::Own, at));
        }
        if word.is(OWN) {
            let owner = before.get(at.saturating_sub(3)..at).unwrap_or_default();
            if owner.iter().any(|word| word.is(YOU)) {
                return None;
            }
            if owner
                .iter()
                .any(|word| word.is(&["third", "partner*", "google*", "advertis*", "social"]))
            {
                return third(before, at);
            }
            let others = owner.iter().rev().take(2).any(|word| word.is(OTHERS));
            let ours = owner
                .iter()
                .any(|word| word.is(&["our", "this", "the", "my"]));
            if others && word.is(&["services", "service", "platform*", "apps", "products"]) {
                return Some((Subject::Third, at));
            }
            if others && !ours {
                return None;
            }
            return Some((Subject::Own, at));
        }
        // `Acme Tools uses cookies`: the site's own name.
        let name = at
            .checked_sub(1)
            .and_then(|first| before.get(first))
            .filter(|first| {
                word.capital
                    && first.capital
                    && first.is_alphabetic()
                    && !first.is(THIRD)
                    && !first.is(&[
                        "adobe",
                        "microsoft",
                        "yahoo",
                        "twitter",
                        "meta",
                        "the",
                        "some",
                        "our",
                        "as",
                    ])
            });
        if name.is_some()
            && word.is(&[
                "tool",
                "tools",
                "network*",
                "partners",
                "companies",
                "technologies",
                "provider*",
            ])
        {
            return Some((Subject::Own, at));
        }
        if word.is(&["that", "which", "who"])
            && at
                .checked_sub(1)
                .and_then(|of| before.get(of))
                .is_some_and(|of| of.is(ANYONE))
            && !before
                .iter()
                .any(|word| word.is(&["our", "we", "these", "following"]))
        {
            return None;
        }
        if word.is(THIRD) {
            // `this`, `it` and `they` of no known thing.
            return third(before, at);
        }
        if word.is(&["most", "many", "other", "people", "publishers"]) {
            return None;
        }
    }
    // `Acme uses cookies`: a name at the start of the clause.
    let first = before
        .iter()
        .position(|word| !word.is(&["and", ",", "the", "\""]))?;
    let named = before.get(first).is_some_and(|word| {
        word.capital
            && word.is_alphabetic()
            && !word.is(&[
                "in", "when", "how", "why", "by", "for", "to", "cookies", "some", "what", "where",
                "do", "does", "if", "as", "no",
            ])
    });
    (named && verb <= first + 6).then_some((Subject::Own, first))
}

/// Third parties, unless `we` stands in one list with them.
fn third(before: &[Word], at: usize) -> Option<(Subject, usize)> {
    const LISTED: &[&str] = &[
        "and",
        "or",
        "our",
        "the",
        ",",
        "selected",
        "certain",
        "trusted",
        "third",
        "party",
        "parties",
        "partners",
        "partner",
        "advertising",
        "service",
        "services",
        "providers",
        "provider",
        "vendors",
        "other",
        "companies",
        "affiliates",
        "analytics",
        "marketing",
        "some",
        "of",
        "its",
        "various",
        "network*",
        "advertiser*",
    ];
    for (earlier, word) in before.get(..at)?.iter().enumerate().rev().take(10) {
        if word.is(&["we"]) {
            let list = before.get(earlier + 1..at)?;
            let joined = list
                .first()
                .is_some_and(|word| word.is(&["and", "or", ","]));
            return Some(if joined {
                (Subject::Own, earlier)
            } else {
                (Subject::Third, at)
            });
        }
        if !word.is(LISTED) {
            break;
        }
    }
    Some((Subject::Third, at))
}
