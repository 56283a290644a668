//! English clauses that affirm or deny otherwise than by their verb: what an exception at the start leaves,
//! what one will not find, and what nothing works without.

use super::claim::{Polarity, Practice};
use super::english::{Limit, Said, Subject, said};
use super::english_words::DENIALS;
use super::limit::EXCEPT;
use super::object::Object;
use super::words::{Word, find, has, starts_with};

/// Where the exception ends that a clause opens with: `Apart from a session cookie, `.
pub(super) fn opening_exception(clause: &[Word]) -> Option<usize> {
    starts_with(clause, EXCEPT)?;
    let comma = clause.iter().position(|word| word.text == ",")?;
    Some(comma + 1)
}

/// `Apart from a session cookie, we set no cookies`: one is set.
pub(super) fn after_exception(clause: &[Word], object: Object, end: usize) -> Option<Said> {
    let rest = clause.get(end..)?;
    let denies = rest.iter().any(|word| word.is(DENIALS));
    if let (Some(at), false) = (object.at.checked_sub(end), denies) {
        let moved = Object {
            at,
            end: object.end - end,
            ..object
        };
        return said(rest, moved);
    }
    // Of what is excepted: where the rest says `nothing`, and no more of cookies.
    let tells = object.at >= end
        || rest
            .first()
            .is_some_and(|word| word.is(&["nothing", "none", "no"]));
    (denies && tells && object.practice == Practice::Cookies).then_some(Said {
        polarity: Polarity::Yes,
        hedged: false,
        by: Subject::Own,
        limit: Limit::Except(1),
        only: false,
    })
}

/// `You will not find any cookies here`.
pub(super) fn by_not_finding(clause: &[Word], object: Object) -> Option<Said> {
    let left = clause.get(..object.at)?;
    let (at, _) = find(
        left,
        0,
        &[
            &["not", "find"],
            &["find", "no"],
            &["not", "see"],
            &["see", "no"],
            &["not", "encounter"],
            &["encounter", "no"],
        ],
    )?;
    let you = left.get(..at)?.iter().any(|word| word.is(&["you"]));
    let here = has(
        clause,
        &[
            &["here"],
            &["on", "this"],
            &["on", "our"],
            &["on", "these"],
            &["in", "this"],
            &["in", "our"],
        ],
    );
    (you && here).then(denied_plainly)
}

/// `The shop cannot work without cookies`: it uses them.
pub(super) fn not_without(clause: &[Word], object: Object) -> Option<Said> {
    let left = clause.get(..object.at)?;
    let without = left.iter().rposition(|word| word.text == "without")?;
    let near = left.len() - without <= 4;
    let impossible = has(
        left.get(..without)?,
        &[
            &["can", "not"],
            &["could", "not"],
            &["not", "possible"],
            &["impossible"],
            &["not", "work"],
            &["not", "function"],
        ],
    );
    let consent = left.iter().any(|word| word.is(&["consent", "permission"]));
    // `without a single cookie being set`.
    let being = clause
        .get(object.end)
        .is_some_and(|word| word.text == "being");
    if near && being && !impossible {
        return Some(denied_plainly());
    }
    (near && impossible && !consent).then(|| Said {
        polarity: Polarity::Yes,
        ..denied_plainly()
    })
}

fn denied_plainly() -> Said {
    Said {
        polarity: Polarity::No,
        hedged: false,
        by: Subject::Own,
        limit: Limit::None,
        only: false,
    }
}
