//! A sentence as words that rules can be written on: lower case, contractions written out, the
//! names of signals as one word, addresses whole.

/// One word or one mark of punctuation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Word {
    /// In lower case.
    pub(super) text: String,
    /// Byte at which it starts in the sentence.
    pub(super) start: usize,
    /// Byte after its end in the sentence.
    pub(super) end: usize,
    /// Whether it was written with a capital.
    pub(super) capital: bool,
}

/// The word that stands for Do Not Track.
pub(super) const DNT: &str = "<dnt>";
/// The word that stands for Global Privacy Control.
pub(super) const GPC: &str = "<gpc>";
/// The word that stands for the name of a link: Do Not Sell or Share My Personal Information.
pub(super) const DO_NOT_SELL: &str = "<do-not-sell>";

impl Word {
    /// Whether it is a word and no punctuation, number or address.
    pub(super) fn is_alphabetic(&self) -> bool {
        self.text.chars().all(char::is_alphabetic)
    }

    /// Whether it is one of these. A word with a star at its end stands for all that begin so.
    pub(super) fn is(&self, any: &[&str]) -> bool {
        any.iter().any(|word| match word.strip_suffix('*') {
            Some(stem) => self.text.starts_with(stem),
            None => self.text == **word,
        })
    }
}

/// The words of a sentence.
pub(super) fn words(sentence: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut start = None;
    for (at, character) in sentence.char_indices() {
        if character.is_whitespace() {
            if let Some(start) = start.take() {
                chunk(sentence, start, at, &mut words);
            }
        } else if start.is_none() {
            start = Some(at);
        }
    }
    if let Some(start) = start {
        chunk(sentence, start, sentence.len(), &mut words);
    }
    with_signals(sentence, words)
}

/// What stands between two spaces.
fn chunk(sentence: &str, start: usize, end: usize, words: &mut Vec<Word>) {
    let text = sentence.get(start..end).unwrap_or_default();
    let is_address = text.contains('@') || text.contains("://") || text.starts_with("www.");
    if is_address {
        let bare = text.trim_matches([
            '<', '>', '(', ')', '[', ']', '"', '“', '”', ',', ';', '.', ':', '!', '?',
        ]);
        if !bare.is_empty() {
            push(words, bare, start, end);
        }
        // What ends the sentence is still seen.
        if let Some(mark) = text
            .chars()
            .next_back()
            .filter(|mark| matches!(mark, ',' | ';' | ':'))
        {
            push(words, mark.encode_utf8(&mut [0; 4]), end - 1, end);
        }
        return;
    }
    let mut word = start;
    for (offset, character) in text.char_indices() {
        let at = start + offset;
        let is_part = character.is_alphanumeric()
            || matches!(character, '_' | '\'' | '’' | '‘')
            || (matches!(character, '.' | ',') && is_between_digits(text, offset));
        if is_part {
            continue;
        }
        word_between(sentence, word, at, words);
        word = at + character.len_utf8();
        if !matches!(
            character,
            '-' | '\u{2010}' | '\u{2011}' | '*' | '`' | '#' | '\u{200b}' | '\u{ad}'
        ) {
            let mark = match character {
                '“' | '”' | '„' | '«' | '»' | '‟' => '"',
                '–' | '—' => '—',
                '…' | '！' => '.',
                '？' => '?',
                other => other,
            };
            push(words, mark.encode_utf8(&mut [0; 4]), at, word);
        }
    }
    word_between(sentence, word, end, words);
}

fn is_between_digits(text: &str, offset: usize) -> bool {
    let before = text.get(..offset).and_then(|t| t.chars().next_back());
    let after = text.get(offset + 1..).and_then(|t| t.chars().next());
    let is_digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    is_digit(before) && is_digit(after)
}

fn push(words: &mut Vec<Word>, text: &str, start: usize, end: usize) {
    words.push(Word {
        capital: text.starts_with(char::is_uppercase),
        text: text.to_lowercase(),
        start,
        end,
    });
}

/// A run of letters, with its apostrophes: `don't` is two words, so is `l'adresse`.
fn word_between(sentence: &str, start: usize, end: usize, words: &mut Vec<Word>) {
    let Some(run) = sentence.get(start..end).filter(|run| !run.is_empty()) else {
        return;
    };
    let plain = run.replace(['’', '‘'], "'").to_lowercase();
    let plain = plain.trim_matches('\'');
    if plain.is_empty() {
        return;
    }
    let written_out = match plain {
        "can't" | "cannot" => Some("can"),
        "won't" => Some("will"),
        "shan't" => Some("shall"),
        _ => plain.strip_suffix("n't"),
    };
    if let Some(verb) = written_out.filter(|verb| !verb.is_empty()) {
        push(words, verb, start, end);
        push(words, "not", start, end);
        return;
    }
    // `cookies'` and `we're` keep what they are about; French elides before the apostrophe.
    match plain.split_once('\'') {
        Some((head @ ("l" | "d" | "n" | "s" | "c" | "j" | "m" | "qu"), rest))
            if !rest.is_empty() =>
        {
            push(words, head, start, end);
            push(words, rest.trim_matches('\''), start, end);
        }
        Some((head, "re" | "ve" | "ll" | "m")) => push(words, head, start, end),
        Some((head, "s")) => push(words, head, start, end),
        _ => push(words, &plain.replace('\'', ""), start, end),
    }
    if let Some(last) = words.last_mut() {
        last.capital = run.starts_with(char::is_uppercase);
    }
}

/// Makes one word of the name of a signal, so that its `not` denies nothing.
fn with_signals(sentence: &str, words: Vec<Word>) -> Vec<Word> {
    const NOUNS: &[&str] = &[
        "signal*",
        "setting*",
        "header*",
        "request*",
        "feature*",
        "preference*",
        "mechanism*",
        "option*",
        "browser*",
        "function*",
        "flag*",
        "dnt",
        "standard*",
        "technolog*",
        "instruction*",
        "disclosure*",
        "notification*",
        "anfrage*",
        "einstellung*",
    ];
    let mut out: Vec<Word> = Vec::with_capacity(words.len());
    let mut rest = words.as_slice();
    while let Some((word, after)) = rest.split_first() {
        let follows =
            |place: usize, text: &str| rest.get(place).is_some_and(|word| word.text == text);
        let (name, length) = if word.text == "dnt" {
            (DNT, 1)
        } else if word.text == "gpc" {
            (GPC, 1)
        } else if word.text == "global"
            && follows(1, "privacy")
            && rest.get(2).is_some_and(|w| w.is(&["control*"]))
        {
            (GPC, 3)
        } else if word.text == "do" && follows(1, "not") && follows(2, "track") {
            let last = rest.get(2);
            let capitals = rest
                .get(1)
                .zip(last)
                .is_some_and(|(not, track)| not.capital && track.capital);
            let hyphens = last.is_some_and(|track| {
                sentence
                    .get(word.start..track.end)
                    .is_some_and(|text| text.contains('-'))
            });
            let next = rest
                .iter()
                .skip(3)
                .find(|word| !matches!(&*word.text, "\"" | "(" | ")" | ","));
            let quoted = out.last().is_some_and(|word| word.text == "\"") && follows(3, "\"");
            if capitals || hyphens || quoted || next.is_some_and(|next| next.is(NOUNS)) {
                (DNT, 3)
            } else {
                ("", 0)
            }
        } else if word.text == "do"
            && follows(1, "not")
            && (follows(2, "sell") || follows(2, "share"))
            && rest
                .get(1)
                .zip(rest.get(2))
                .is_some_and(|(not, verb)| not.capital && verb.capital)
        {
            (DO_NOT_SELL, 3)
        } else {
            ("", 0)
        };
        let (last, next) = match rest.split_at_checked(length) {
            Some((named, next)) if length > 0 => (named.last(), next),
            _ => (None, after),
        };
        match last {
            // `Do Not Track (DNT)` is named once.
            Some(last) => out.push(Word {
                text: name.to_owned(),
                start: word.start,
                end: last.end,
                capital: true,
            }),
            None => out.push(word.clone()),
        }
        rest = next;
    }
    out
}

/// Where one of the sequences of words begins and ends, from a place on. Alternatives are tried in
/// their order at every place; a word with a star at its end stands for all that begin so.
pub(super) fn find(words: &[Word], from: usize, any: &[&[&str]]) -> Option<(usize, usize)> {
    (from..words.len()).find_map(|at| Some((at, starts_with(words.get(at..)?, any)? + at)))
}

/// How many words the first of the sequences has that these words start with.
pub(super) fn starts_with(words: &[Word], any: &[&[&str]]) -> Option<usize> {
    any.iter().find_map(|sequence| {
        let fits = words.len() >= sequence.len()
            && sequence
                .iter()
                .zip(words)
                .all(|(wanted, word)| word.is(&[*wanted]));
        fits.then_some(sequence.len())
    })
}

/// Whether one of the sequences is there.
pub(super) fn has(words: &[Word], any: &[&[&str]]) -> bool {
    find(words, 0, any).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(sentence: &str) -> String {
        let words = words(sentence);
        let texts: Vec<_> = words.iter().map(|word| &*word.text).collect();
        texts.join(" ")
    }

    #[test]
    fn contractions_are_written_out_and_signals_are_one_word() {
        for (sentence, expected) in [
            (
                "We don’t use third-party cookies.",
                "we do not use third party cookies .",
            ),
            ("We can't, and won't!", "we can not , and will not !"),
            (
                "Do Not Track (“DNT”) signals",
                "<dnt> ( \" <dnt> \" ) signals",
            ),
            ("we do not track you", "we do not track you"),
            ("We ignore do-not-track headers", "we ignore <dnt> headers"),
            ("\"do not track\" is off", "\" <dnt> \" is off"),
            ("Global Privacy Control (GPC)", "<gpc> ( <gpc> )"),
            (
                "See \"Do Not Sell My Info\"",
                "see \" <do-not-sell> my info \"",
            ),
            (
                "Nous n’utilisons pas d’outils",
                "nous n utilisons pas d outils",
            ),
            (
                "Write to privacy@site.example, please",
                "write to privacy@site.example , please",
            ),
            (
                "kept 1.5 years; see https://a.example/x.",
                "kept 1.5 years ; see https://a.example/x",
            ),
            ("the site's `_ga` cookie", "the site _ga cookie"),
        ] {
            assert_eq!(said(sentence), expected);
        }
    }

    #[test]
    fn every_word_knows_where_it_stands() {
        let sentence = "Größe: “we don't” ok";
        for word in words(sentence) {
            let text = sentence
                .get(word.start..word.end)
                .expect("a place in the sentence");
            assert!(!text.is_empty(), "{word:?}");
        }
    }
}
