//! Sentences into clauses, so that what denies one thing does not deny the next.

use super::limit::EXCEPT;
use super::words::{Word, starts_with};

/// What begins a clause of its own after a comma.
const AFTER_COMMA: &[&[&str]] = &[
    &["but"],
    &["however"],
    &["although"],
    &["though"],
    &["whereas"],
    &["while"],
    &["yet"],
    &["instead"],
    &["and", "we"],
    &["and", "our"],
    &["and", "so"],
    &["so", "we"],
    &["nor"],
    &["we"],
    &["and", "therefore"],
    &["and", "this"],
    &["and", "the"],
    &["and", "it"],
    &["and", "they"],
    &["and", "third"],
    &["and", "none"],
    &["and", "you"],
    &["you"],
    &["sondern"],
    &["jedoch"],
    &["aber"],
    &["allerdings"],
    &["und", "wir"],
    &["doch"],
    &["während"],
    &["mais"],
    &["cependant"],
    &["toutefois"],
    &["tandis"],
    &["et", "nous"],
    &["nous"],
];
/// What begins one anywhere.
const ANYWHERE: &[&[&str]] = &[
    &["but"],
    &["however"],
    &["although"],
    &["whereas"],
    &["because"],
    &["therefore"],
    &["and", "we"],
    &["jedoch"],
    &["sondern"],
    &["mais"],
    &["cependant"],
    &["toutefois"],
    &["car"],
    &["weil"],
];
/// What opens a clause that the main one follows after a comma.
const OPENS: &[&[&str]] = &[
    &["because"],
    &["since"],
    &["as"],
    &["while"],
    &["although"],
    &["if"],
    &["when"],
    &["where"],
    &["once"],
    &["given"],
    &["unless"],
];
/// What the main clause begins with.
const SUBJECTS: &[&[&str]] = &[
    &["we"],
    &["our"],
    &["this"],
    &["the", "site"],
    &["the", "website"],
    &["i"],
    &["it"],
    &["no"],
];
/// Longest aside between two commas, in words.
const LONGEST_ASIDE: usize = 24;
/// Longest clause that brackets in it go on with, in words.
const LONGEST_OUTER: usize = 60;
/// Longest quotation that is a name and not what somebody else says, in words.
const LONGEST_NAME: usize = 5;

/// The clauses of a sentence: what stands in brackets is one of its own, and longer quotations are
/// left out.
pub(super) fn clauses(words: &[Word]) -> Vec<Vec<Word>> {
    let mut clauses = Vec::new();
    let mut outer: Vec<Word> = Vec::new();
    let mut inner: Vec<Word> = Vec::new();
    let mut depth = 0usize;
    for word in without_asides(without_quotations(words)) {
        match &*word.text {
            "(" | "[" => depth += 1,
            ")" | "]" => {
                depth = depth.saturating_sub(1);
                if depth == 0 && !inner.is_empty() {
                    // `technologies (like web beacons)` goes on with what stands outside.
                    let goes_on = starts_with(
                        &inner,
                        &[
                            &["like"],
                            &["such", "as"],
                            &["including"],
                            &["e"],
                            &["for", "example"],
                            &["wie"],
                            &["z"],
                            &["comme"],
                        ],
                    );
                    let mut clause = if goes_on.is_some() && outer.len() <= LONGEST_OUTER {
                        outer.clone()
                    } else {
                        Vec::new()
                    };
                    clause.append(&mut inner);
                    clauses.push(clause);
                }
            }
            _ if depth > 0 => inner.push(word),
            _ => outer.push(word),
        }
    }
    // A bracket that never closes holds the rest of the sentence.
    let mut all = split(&outer);
    all.append(&mut clauses);
    if !inner.is_empty() {
        all.append(&mut split(&inner));
    }
    all
}

/// `we do not, under any circumstances, use`: an aside between the auxiliary and the verb is left out.
fn without_asides(words: Vec<Word>) -> Vec<Word> {
    const AUXILIARIES: &[&str] = &[
        "do", "does", "will", "shall", "not", "never", "can", "must", "may",
    ];
    let is_comma = |at: usize| words.get(at).is_some_and(|word| word.text == ",");
    let mut out: Vec<Word> = Vec::with_capacity(words.len());
    let mut at = 0;
    while let Some(word) = words.get(at) {
        let opens = is_comma(at)
            && out.last().is_some_and(|last| last.is(AUXILIARIES))
            && !words.get(at + 1).is_some_and(|next| {
                next.is(&["and", "nor", "or", "but", "we", "however", "therefore"])
            });
        let end = (at + 2..=at + LONGEST_ASIDE).find(|end| is_comma(*end));
        match end.filter(|_| opens) {
            Some(end) => at = end + 1,
            None => {
                out.push(word.clone());
                at += 1;
            }
        }
    }
    out
}

fn without_quotations(words: &[Word]) -> Vec<Word> {
    let mut out = Vec::with_capacity(words.len());
    let mut rest = words;
    while let Some((word, after)) = rest.split_first() {
        rest = after;
        if word.text != "\"" {
            out.push(word.clone());
            continue;
        }
        if let Some(end) = after.iter().position(|word| word.text == "\"") {
            let quoted = after.get(..end).unwrap_or_default();
            if quoted.len() <= LONGEST_NAME {
                out.extend_from_slice(quoted);
            }
            rest = after.get(end + 1..).unwrap_or_default();
        }
    }
    out
}

fn split(words: &[Word]) -> Vec<Vec<Word>> {
    let mut clauses = Vec::new();
    let mut clause: Vec<Word> = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let rest = words.get(at..).unwrap_or_default();
        // `Apart from a session cookie, we set none`: the exception belongs to what it is one from.
        let excepts = starts_with(&clause, EXCEPT).is_some()
            && clause.iter().filter(|word| word.text == ",").count() == 1;
        let after_comma = !excepts && clause.last().is_some_and(|last| last.text == ",");
        // `Because …, we do not …`, and `we must tell you how: we ignore it`.
        let after_opening = after_comma
            && starts_with(rest, SUBJECTS).is_some()
            && starts_with(&clause, OPENS).is_some();
        let after_colon = clause.len() > 3
            && clause.last().is_some_and(|last| last.text == ":")
            && starts_with(
                rest,
                &[&["we"], &["our"], &["this"], &["i"], &["a", "session"]],
            )
            .is_some();
        let splits = after_opening
            || after_colon
            || matches!(&*word.text, ";" | "—" | "|")
            || (after_comma && starts_with(rest, AFTER_COMMA).is_some())
            || (!clause.is_empty() && starts_with(rest, ANYWHERE).is_some());
        let goes_on = starts_with(
            rest,
            &[&["but", "also"], &["mais", "aussi"], &["sondern", "auch"]],
        )
        .is_some();
        // `we do, however, honour`.
        let aside = word.text == "however"
            && clause.len() <= 4
            && clause.last().is_some_and(|last| last.text == ",");
        if splits && !aside && !goes_on && !clause.is_empty() {
            clauses.push(std::mem::take(&mut clause));
        }
        if !matches!(&*word.text, ";" | "—" | "|") {
            clause.push(word.clone());
        }
    }
    if !clause.is_empty() {
        clauses.push(clause);
    }
    clauses
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::privacy_policy::words::words;

    #[test]
    fn brackets_contrasts_and_quotations_are_set_apart() {
        for (sentence, expected) in [
            (
                "We (and our partners) use cookies, but not for ads; we mean it.",
                &[
                    "we use cookies ,",
                    "but not for ads",
                    "we mean it .",
                    "and our partners",
                ][..],
            ),
            (
                "They say \"we never use any cookies at all\" here",
                &["they say here"],
            ),
            ("The \"Do Not Track\" signal", &["the <dnt> signal"]),
            (
                "Small files \"cookies\" help",
                &["small files cookies help"],
            ),
        ] {
            let found: Vec<String> = clauses(&words(sentence))
                .iter()
                .map(|clause| {
                    let texts: Vec<_> = clause.iter().map(|word| &*word.text).collect();
                    texts.join(" ")
                })
                .collect();
            assert_eq!(found, expected, "{sentence}");
        }
    }
}
