//! How far an English denial goes, and what is no claim at all.

use super::english::Limit;
use super::words::{Word, find, has, starts_with};

pub(super) const EXCEPT: &[&[&str]] = &[
    &["except"],
    &["excepting"],
    &["excluding"],
    &["other", "than"],
    &["apart", "from"],
    &["besides"],
    &["beyond"],
    &["save", "for"],
    &["aside", "from"],
    &["with", "the", "exception"],
];

/// How far a denial goes, by what follows the thing; `None` where it only holds under a condition.
pub(super) fn limit(clause: &[Word], end: usize) -> Option<Limit> {
    const ABSOLUTE: &[&[&str]] = &[
        &["for", "any", "purpose*"],
        &["of", "any", "kind"],
        &["at", "all"],
        &["on", "this"],
        &["on", "our"],
        &["on", "the", "site"],
        &["on", "the", "website"],
        &["in", "our"],
        &["in", "this"],
        &["on", "you"],
        &["on", "your"],
        &["whatsoever"],
        &["anywhere"],
        &["with", "this"],
        &["on", "any"],
        &["to", "your"],
        &["in", "the", "app"],
        &["as", "part"],
        &["in", "your"],
        &["on", "these"],
        &["by", "this"],
        &["by", "our"],
        &["by", "us"],
        &["by", "the", "site"],
        &["by", "the", "website"],
    ];
    let rest = clause.get(end..).unwrap_or_default();
    if let Some((_, after)) = find(rest, 0, EXCEPT).or_else(|| {
        find(
            rest.get(..rest.len().min(4)).unwrap_or(rest),
            0,
            &[&["only"]],
        )
    }) {
        return Some(Limit::Except(end + after));
    }
    let near = rest.get(..rest.len().min(16)).unwrap_or(rest);
    // `no cookies unless you log in`: then some are set. What a consent changes is no practice.
    if let Some((_, after)) = find(near, 0, &[&["unless"]])
        && !has(
            near,
            &[
                &["agree*"],
                &["consent*"],
                &["accept*"],
                &["permission"],
                &["allow*"],
                &["opt*"],
                &["permit*"],
                &["choose"],
            ],
        )
    {
        return Some(Limit::Except(end + after));
    }
    if has(
        near,
        &[
            &["unless"],
            &["until"],
            &["without", "your"],
            &["if"],
            &["before"],
            &["when"],
        ],
    ) {
        return None;
    }
    let first = rest.iter().position(|word| {
        word.is(&[
            "to", "for", "that", "which", "in", "on", "from", "as", "with", "so", "by", "where",
            "when", "as",
        ])
    });
    let Some(first) = first else {
        return Some(Limit::None);
    };
    let tail = rest.get(first..).unwrap_or_default();
    if starts_with(tail, ABSOLUTE).is_some() {
        // `on our site to track you` is still limited.
        let more = tail
            .get(1..)
            .unwrap_or_default()
            .iter()
            .position(|word| word.is(&["to", "for", "that"]));
        return Some(match more {
            Some(more) if starts_with(tail, &[&["for"], &["to"]]).is_none() => {
                purpose(tail.get(more..).unwrap_or_default())
            }
            _ => Limit::None,
        });
    }
    Some(purpose(tail))
}

fn purpose(tail: &[Word]) -> Limit {
    if tail.iter().take(8).any(|word| {
        word.is(&[
            "track*",
            "advertis*",
            "market*",
            "profil*",
            "target*",
            "ads",
            "remarket*",
            "retarget*",
        ])
    }) {
        Limit::Tracking
    } else {
        Limit::Purpose
    }
}

/// Whether a sentence only supposes something: `If we used cookies, we would say so`, `Were we to add
/// some, …`, `Should this change, …`.
pub(super) fn only_supposes(words: &[Word]) -> bool {
    let supposes = starts_with(
        words,
        &[
            &["if"],
            &["were", "we"],
            &["were", "this"],
            &["had", "we"],
            &["unless"],
        ],
    )
    .is_some();
    let would = has(words, &[&["would"], &["might", "then"]]);
    let changes = starts_with(
        words,
        &[
            &["should", "we"],
            &["should", "this"],
            &["should", "that"],
            &["should", "the"],
            &["should", "our"],
            &["should", "it"],
            &["were", "we"],
        ],
    )
    .is_some();
    (supposes && would) || changes
}

/// Whether a clause says what was so in or before a year: `Before 2023 we did not …`, `In 2022, no cookies
/// were used`.
pub(super) fn is_past(clause: &[Word], sentence: &[Word]) -> bool {
    let dated = |words: &[Word], openers: &[&[&str]]| {
        find(words, 0, openers).is_some_and(|(_, end)| {
            // `before the end of 2022`, `until May 2021`.
            words
                .get(end..)
                .unwrap_or_default()
                .iter()
                .take(4)
                .any(|word| {
                    word.text.len() == 4
                        && word.is(&["19*", "20*"])
                        && word.text.chars().all(|digit| digit.is_ascii_digit())
                })
        })
    };
    let openers: &[&[&str]] = &[
        &["before"],
        &["until"],
        &["till"],
        &["prior", "to"],
        &["up", "to"],
        &["in"],
        &["during"],
    ];
    let opening = sentence.get(..sentence.len().min(2)).unwrap_or(sentence);
    let opens = find(opening, 0, openers).is_some_and(|(at, _)| at == 0)
        && dated(
            sentence.get(..sentence.len().min(6)).unwrap_or(sentence),
            openers,
        );
    let was = clause
        .iter()
        .any(|word| word.is(&["did", "was", "were", "had"]));
    let is = clause
        .iter()
        .any(|word| word.is(&["do", "does", "is", "are", "will"]));
    // `was removed in 2024` tells how it is since then.
    let ended = clause.iter().any(|word| {
        word.is(&[
            "remov*",
            "disabl*",
            "deactivat*",
            "stop*",
            "ceas*",
            "end*",
            "replac*",
            "uninstall*",
            "abandon*",
            "drop*",
            "longer",
        ])
    });
    let ends = openers.get(..openers.len() - 2).unwrap_or(openers);
    was && !is && !ended && (opens || dated(clause, ends))
}

/// Whether a clause speaks of what might be, once was, or holds for others: no claim of the site.
/// `like_others`: the sentence likens the site to others, `Like many websites, we use cookies`.
pub(super) fn is_no_claim(words: &[Word], like_others: bool) -> bool {
    const OTHERS: &[&[&str]] = &[
        &["most", "websites"],
        &["many", "websites"],
        &["most", "sites"],
        &["many", "sites"],
        &["some", "websites"],
        &["other", "websites"],
        &["other", "sites"],
        &["websites", "that", "you", "visit"],
        &["pages", "we", "link"],
        &["sites", "we", "link"],
        &["websites", "we", "link"],
        &["that", "we", "link"],
        &["which", "we", "link"],
        &["many", "of", "them"],
        &["most", "of", "them"],
        &["some", "of", "them"],
        &["these", "websites"],
        &["those", "websites"],
        &["those", "sites"],
        &["most", "newspapers"],
        &["most", "companies"],
        &["many", "companies"],
    ];
    const NOT_NOW: &[&[&str]] = &[
        &["would"],
        &["previously", "use*"],
        &["formerly", "use*"],
        &["in", "the", "past"],
        &["if", "we", "ever"],
        &["should", "we"],
        &["if", "we", "start"],
        &["if", "we", "decide"],
        &["if", "we", "choose"],
        &["in", "the", "future"],
        &["were", "to"],
        &["if", "we", "did"],
        &["if", "we", "were"],
        &["if", "we", "add"],
        &["if", "this", "changes"],
        &["if", "we", "introduce"],
        &["if", "that", "changes"],
        &["plan", "to"],
        &["until", "20*"],
        &["if", "we", "enable"],
        &["in", "future"],
        &["in", "a", "future"],
        &["in", "a", "later"],
        &["intend*", "to"],
        &["one", "day"],
        &["some", "day"],
        &["someday"],
        &["next", "year"],
        &["considering"],
        &["years", "ago"],
        &["months", "ago"],
        &["we", "once"],
        &["is", "planned"],
        &["are", "planned"],
        &["not", "true", "that"],
        &["not", "the", "case", "that"],
        &["untrue", "that"],
        &["wrong", "that"],
    ];
    // `cookies are used to`, but `we used to`.
    let past = find(words, 0, &[&["used", "to"]]).is_some_and(|(at, _)| {
        let before = at.checked_sub(1).and_then(|before| words.get(before));
        before.is_none_or(|word| word.is(&["we", "site", "website", "i", "it", "app", "blog"]))
    });
    past || has(words, NOT_NOW) || (has(words, OTHERS) && !like_others)
}
