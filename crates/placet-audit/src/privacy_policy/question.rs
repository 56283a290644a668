//! Questions and their answers: headings that ask (`Do we use cookies?` `No.`), tables that answer, and
//! sentences that only point back (`We do not use them.`).

use super::claim::{Polarity, Practice};
use super::english::Subject;
use super::kinds::kinds;
use super::language::Language;
use super::object::objects;
use super::subject::subject;
use super::words::{DNT, GPC, Word, has, starts_with};

/// What a question asks of the site: nothing where it asks how, or what a visitor can do.
pub(super) fn asked(words: &[Word], language: Language) -> Vec<Practice> {
    const OPEN: &[&str] = &[
        "how", "why", "what", "which", "where", "when", "who", "wie", "warum", "was", "welche*",
        "wozu", "comment", "pourquoi", "quel*", "qui", "où",
    ];
    const OF_THE_VISITOR: &[&[&str]] = &[
        &["can", "i"],
        &["may", "i"],
        &["should", "i"],
        &["must", "i"],
        &["do", "i"],
        &["can", "you"],
        &["disable*"],
        &["turn", "off"],
        &["refuse"],
        &["reject"],
        &["delete"],
        &["block"],
        &["opt"],
        &["kann", "ich"],
        &["puis", "je"],
        &["need"],
        &["not"],
    ];
    let opens = words
        .iter()
        .find(|word| !matches!(&*word.text, "q" | ":" | "\"" | "—"));
    if opens.is_some_and(|word| word.is(OPEN)) || has(words, OF_THE_VISITOR) {
        return Vec::new();
    }
    let mut found = Vec::new();
    for object in objects(words, language) {
        if object.practice != Practice::Cookies {
            found.push(object.practice);
            continue;
        }
        let kinds = kinds(words, object.at, object.end);
        if !kinds.practices.is_empty() {
            found.extend(kinds.practices);
        } else if !kinds.other {
            found.push(Practice::Cookies);
        }
    }
    let responds = words.iter().any(|word| {
        word.is(&[
            "respond*",
            "honor*",
            "honour*",
            "respect*",
            "support*",
            "recogni*",
            "observe*",
            "comply",
            "follow",
            "beacht*",
            "respektier*",
            "reagier*",
            "respect*",
        ])
    });
    for word in words.iter().filter(|_| responds || words.len() <= 5) {
        match &*word.text {
            DNT => found.push(Practice::DoNotTrack),
            GPC => found.push(Practice::GlobalPrivacyControl),
            _ => {}
        }
    }
    let of_data = has(
        words,
        &[&["data"], &["information"], &["daten"], &["données"]],
    );
    if of_data
        && words
            .iter()
            .any(|word| word.is(&["sell", "sold", "verkauf*", "vend*"]))
    {
        found.push(Practice::Sale);
    }
    if of_data && words.iter().any(|word| word.is(&["share", "shared"])) {
        found.push(Practice::Sharing);
    }
    found
}

/// The answer that a sentence or a cell begins with; `None` where it is none, or one with limits.
pub(super) fn answer(words: &[Word]) -> Option<Polarity> {
    let marks = starts_with(words, &[&["a", ":"], &["answer", ":"]]).unwrap_or(0);
    let words = words.get(marks..)?;
    let polarity = match &*words.first()?.text {
        "no" | "nope" | "never" | "none" | "nein" | "non" => Polarity::No,
        "yes" | "ja" | "oui" => Polarity::Yes,
        _ => return None,
    };
    let alone = words
        .get(1)
        .is_none_or(|word| word.is(&[".", "!", ",", ";", "—", ":"]));
    let limits = has(
        words,
        &[
            &["except"],
            &["but"],
            &["other", "than"],
            &["only"],
            &["unless"],
        ],
    );
    (alone && !(limits && polarity == Polarity::No)).then_some(polarity)
}

/// Whether the heading of a column says that yes or no stands below.
pub(super) fn heads_answers(cell: &[Word]) -> bool {
    cell.is_empty()
        || cell.len() <= 4
            && cell.iter().any(|word| {
                word.is(&[
                    "answer", "used", "use", "uses", "present", "yes", "status", "here", "antwort",
                    "réponse",
                ])
            })
}

/// `We do not need them`, `this site uses none`: a denial of what the sentence before names.
pub(super) fn denies_them(clause: &[Word]) -> bool {
    const VERBS: &[&str] = &[
        "use", "uses", "set", "sets", "need", "needs", "place", "places", "employ", "employs",
        "require", "requires", "deploy", "have", "has",
    ];
    let end = clause
        .iter()
        .rposition(|word| word.is_alphabetic())
        .filter(|_| clause.len() <= 9);
    let Some(last) = end else {
        return false;
    };
    let Some(verb) = last.checked_sub(1) else {
        return false;
    };
    let is_verb = clause.get(verb).is_some_and(|word| word.is(VERBS));
    let own = matches!(subject(clause, verb), Some((Subject::Own, _)));
    let denied = clause
        .get(..verb)
        .is_some_and(|before| before.iter().any(|word| word.is(&["not", "never"])));
    let points = clause.get(last);
    let them = points.is_some_and(|word| word.is(&["them", "any", "those"]));
    let none = points.is_some_and(|word| word.is(&["none"]));
    is_verb && own && ((them && denied) || (none && !denied))
}
