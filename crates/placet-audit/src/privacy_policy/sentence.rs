//! Blocks into sentences: where a full stop ends one and where it does not.

use super::document::{Block, Kind};

/// Longest sentence, in bytes; a longer one is cut at a space, so that every rule stays linear.
const LONGEST: usize = 2_000;

/// One sentence.
#[derive(Clone, Debug)]
pub(super) struct Sentence {
    pub(super) text: String,
    pub(super) line: u64,
    pub(super) kind: Kind,
    /// Whether it is a question.
    pub(super) asks: bool,
}

/// The sentences of a block.
pub(super) fn sentences(block: &Block) -> Vec<Sentence> {
    let text = &block.text;
    let mut out = Vec::new();
    let mut start = 0;
    let mut take = |start: usize, end: usize| {
        let raw = text.get(start..end).unwrap_or_default();
        let trimmed = raw.trim();
        if trimmed.is_empty() {
            return;
        }
        let offset = start + (raw.len() - raw.trim_start().len());
        out.push(Sentence {
            text: trimmed.to_owned(),
            line: block.line(offset),
            kind: block.kind,
            asks: trimmed
                .trim_end_matches(['*', '_', ')', '"', '”'])
                .ends_with(['?', '？']),
        });
    };
    // A row is one sentence: its cells belong together.
    if matches!(block.kind, Kind::Row | Kind::FrontMatter) && text.len() <= LONGEST {
        take(0, text.len());
        return out;
    }
    let mut last_space = 0;
    for (at, character) in text.char_indices() {
        if character == ' ' {
            last_space = at;
        }
        if at.saturating_sub(start) > LONGEST {
            let end = if last_space > start { last_space } else { at };
            take(start, end);
            start = end;
        }
        let end = at + character.len_utf8();
        if is_end(text, at, character) {
            let end = end + closing(text.get(end..).unwrap_or_default());
            if end > start {
                take(start, end);
                start = end;
            }
        }
    }
    take(start, text.len());
    out
}

/// Brackets and quotation marks that still belong to the sentence that ended.
fn closing(rest: &str) -> usize {
    let closes = |c: &char| matches!(c, ')' | ']' | '"' | '”' | '’' | '»' | '*' | '_' | '.');
    rest.chars().take_while(closes).map(char::len_utf8).sum()
}

fn is_end(text: &str, at: usize, character: char) -> bool {
    if matches!(character, '。' | '！' | '？') {
        return true;
    }
    if !matches!(character, '.' | '!' | '?') {
        return false;
    }
    let after = text.get(at + 1..).unwrap_or_default();
    let gap = after.get(closing(after)..).unwrap_or_default();
    let Some(next) = gap.strip_prefix(' ') else {
        return gap.is_empty();
    };
    let next = next.trim_start_matches(['"', '“', '„', '«', '(', '[', '*', '_', '‘', '\'']);
    let begins = next.chars().next();
    let begins_anew = begins.is_none_or(|c| !c.is_lowercase() && !matches!(c, ',' | ';'));
    begins_anew && (character != '.' || !is_abbreviation(text.get(..at).unwrap_or_default(), next))
}

/// Whether the full stop after `before` belongs to a word.
fn is_abbreviation(before: &str, next: &str) -> bool {
    const ALWAYS: &[&str] = &[
        "e.g", "i.e", "inc", "ltd", "corp", "co", "no", "nr", "art", "sec", "vs", "mr", "mrs",
        "ms", "dr", "st", "cf", "incl", "approx", "abs", "lit", "bzw", "ggf", "z.b", "d.h", "u.a",
        "vgl", "ca", "inkl", "gem", "s", "p.ex", "prof", "para", "tel", "str", "rev", "jan", "feb",
        "mar", "apr", "jun", "jul", "aug", "sept", "sep", "oct", "nov", "dec", "u.s", "u.k", "al",
        "zzgl", "evtl", "sog", "cal", "civ", "bus", "prof", "fig", "max", "min",
    ];
    // These end a sentence as often as not.
    const MAYBE: &[&str] = &["inc", "ltd", "corp", "co", "u.s", "u.k", "no", "nr", "s"];
    let word = before
        .rsplit([' ', '(', '"', '“', '„', '/'])
        .next()
        .unwrap_or_default();
    let lower = word.to_lowercase();
    if MAYBE.contains(&&*lower) {
        // `No. 5`, `Acme Inc. and`: but `cookies? No. We` and `by Acme Inc. We` end.
        let begins_sentence = [
            "We ", "The ", "This ", "Our ", "You ", "It ", "If ", "In ", "Your ", "Please ",
        ];
        return match &*lower {
            "no" | "nr" => next.starts_with(|c: char| c.is_ascii_digit()),
            "s" => false,
            _ => !begins_sentence.iter().any(|begin| next.starts_with(begin)),
        };
    }
    if ALWAYS.contains(&&*lower) {
        return true;
    }
    let is_initial = word.len() == 1 && word.chars().all(|c| c.is_ascii_uppercase());
    // `27. November`, and the number of a clause at its start: `4. Cookies`.
    let is_ordinal = word.len() <= 2
        && !word.is_empty()
        && word.chars().all(|c| c.is_ascii_digit())
        && (before.len() == word.len() || is_month(next));
    is_initial || is_ordinal
}

fn is_month(next: &str) -> bool {
    let word: String = next.chars().take_while(|c| c.is_alphabetic()).collect();
    super::calendar::month(&word.to_lowercase()).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Vec<String> {
        let mut block = Block::new(Kind::Paragraph);
        block.push(text, 1);
        sentences(&block).into_iter().map(|s| s.text).collect()
    }

    #[test]
    fn a_full_stop_ends_a_sentence_only_where_it_does() {
        for (text, expected) in [
            (
                "We use cookies. You may refuse.",
                &["We use cookies.", "You may refuse."][..],
            ),
            (
                "Tools, e.g. Matomo, count.",
                &["Tools, e.g. Matomo, count."],
            ),
            (
                "Acme Inc. and others. We do.",
                &["Acme Inc. and others.", "We do."],
            ),
            (
                "Run by Acme Inc. We use none.",
                &["Run by Acme Inc.", "We use none."],
            ),
            ("Do we? No. We do not.", &["Do we?", "No.", "We do not."]),
            (
                "Art. 6 Abs. 1 lit. a DSGVO. Ende.",
                &["Art. 6 Abs. 1 lit. a DSGVO.", "Ende."],
            ),
            (
                "Stand: 27. November 2026. Fertig.",
                &["Stand: 27. November 2026.", "Fertig."],
            ),
            ("4. Cookies are small.", &["4. Cookies are small."]),
            ("Kept 1.5 years.", &["Kept 1.5 years."]),
            (
                "He said \"no.\" Then left.",
                &["He said \"no.\"", "Then left."],
            ),
            (
                "We use Node.js and etc. for this",
                &["We use Node.js and etc. for this"],
            ),
        ] {
            assert_eq!(split(text), expected, "{text}");
        }
    }

    #[test]
    fn a_sentence_without_end_is_cut() {
        let all = split(&"word ".repeat(5_000));
        assert!(all.len() > 1 && all.iter().all(|text| text.len() <= LONGEST + 10));
    }

    #[test]
    fn each_sentence_names_its_line() {
        let mut block = Block::new(Kind::Paragraph);
        block.push("First one.\nThe second\nruns on. Third.", 10);
        let lines: Vec<_> = sentences(&block).iter().map(|s| s.line).collect();
        assert_eq!(lines, [10, 11, 12]);
    }
}
