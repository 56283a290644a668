//! What controls of banners are called, and what banners speak of, in every language that Placet speaks and in a few more.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

/// The words of one language. Each list holds patterns, parted by `|`, over a name in lower case without punctuation:
/// words that stand side by side, the last one or its beginning. A full stop ends the last word, `~` lets the first
/// begin inside a word, `=` asks for the whole name.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Words {
    /// What a text about cookies or consent contains; parts of words.
    pub(super) cookie: List,
    /// What a text says beside that if it is about what a site does with cookies, and not about biscuits; parts of words.
    pub(super) purpose: List,
    pub(super) accept: List,
    pub(super) refuse: List,
    pub(super) necessary: List,
    pub(super) only: List,
    pub(super) all: List,
    pub(super) settings: List,
    pub(super) save: List,
    pub(super) selection: List,
    pub(super) close: List,
    pub(super) more: List,
    pub(super) policy: List,
    pub(super) acknowledge: List,
    /// What leads back to a choice once it was made.
    pub(super) withdraw: List,
    /// The legal basis "legitimate interest"; parts of texts.
    pub(super) interest: List,
    pub(super) pay: List,
    /// The commonest words of the language, parted by spaces.
    pub(super) function: String,
}

/// Patterns of one meaning.
#[derive(Debug, Deserialize)]
#[serde(from = "String")]
pub(super) struct List(Vec<Pattern>);

#[derive(Debug)]
struct Pattern {
    text: String,
    /// Begins inside a word if need be.
    inside: bool,
    /// Ends where a word ends.
    ends: bool,
    /// Is all of the name.
    whole: bool,
}

impl From<String> for List {
    fn from(text: String) -> Self {
        let pattern = |text: &str| {
            let (inside, text) = strip(text, '~');
            let (whole, text) = strip(text, '=');
            let ends = text.ends_with('.');
            Pattern {
                text: text.trim_end_matches('.').trim().to_owned(),
                inside,
                ends,
                whole,
            }
        };
        let texts = text.split('|').filter(|text| !text.is_empty());
        Self(texts.map(pattern).collect())
    }
}

fn strip(text: &str, mark: char) -> (bool, &str) {
    text.strip_prefix(mark)
        .map_or((false, text), |rest| (true, rest))
}

impl List {
    /// Where the first of these stands in a name that [`normal`] made, in bytes.
    pub(super) fn find(&self, name: &str) -> Option<usize> {
        self.0
            .iter()
            .filter_map(|pattern| pattern.find(name, false))
            .min()
    }

    /// The same, but a single whole word, such as "no", counts at the beginning alone.
    pub(super) fn find_answer(&self, name: &str) -> Option<usize> {
        self.0
            .iter()
            .filter_map(|pattern| pattern.find(name, true))
            .min()
    }

    /// Whether one of these is part of a text in lower case.
    pub(super) fn is_in(&self, text: &str) -> bool {
        self.0
            .iter()
            .any(|pattern| text.contains(pattern.text.as_str()))
    }

    fn texts(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|pattern| pattern.text.as_str())
    }
}

impl Pattern {
    fn find(&self, name: &str, answer: bool) -> Option<usize> {
        let all = name.trim();
        if self.whole {
            return (all == self.text).then_some(0);
        }
        let first = answer && self.ends && !self.inside && !self.text.contains(' ');
        let fits = |at: usize| {
            let before = name.get(..at).unwrap_or_default();
            let after = name.get(at + self.text.len()..).unwrap_or_default();
            (self.inside || before.ends_with(' '))
                && (!first || before.trim().is_empty())
                && (!self.ends || after.starts_with(' '))
        };
        name.match_indices(self.text.as_str())
            .map(|(at, _)| at)
            .find(|at| fits(*at))
    }
}

/// A name as patterns read it: lower case, words parted by single spaces, one before the first and one after the last.
pub(super) fn normal(name: &str) -> String {
    let mut text = String::with_capacity(name.len() + 2);
    text.push(' ');
    for char in name.chars().flat_map(char::to_lowercase) {
        match char {
            // What a dotted capital İ leaves in lower case, soft hyphens, and marks of direction.
            '\u{307}'
            | '\u{ad}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}' => {}
            char if char.is_alphanumeric() || is_mark(char) => text.push(char),
            _ if text.ends_with(' ') => {}
            _ => text.push(' '),
        }
    }
    if !text.ends_with(' ') {
        text.push(' ');
    }
    text
}

/// Vowel signs and the like of the scripts that write them apart from their letters.
fn is_mark(char: char) -> bool {
    matches!(char, '\u{300}'..='\u{36f}' | '\u{591}'..='\u{5c7}' | '\u{610}'..='\u{61a}' | '\u{64b}'..='\u{65f}'
        | '\u{900}'..='\u{903}' | '\u{93a}'..='\u{94f}' | '\u{962}'..='\u{963}' | '\u{e31}'
        | '\u{e34}'..='\u{e3a}' | '\u{e47}'..='\u{e4e}')
}

/// The words by language tag.
pub(super) static WORDS: LazyLock<BTreeMap<String, Words>> = LazyLock::new(|| {
    #[expect(clippy::expect_used, reason = "the file is ours, and a test reads it")]
    serde_json::from_str(include_str!("words.json")).expect("words of ours")
});

/// Parts of words, in any language, that a text about cookies or consent contains.
pub(super) fn stems() -> Vec<&'static str> {
    let mut stems: Vec<_> = WORDS
        .values()
        .flat_map(|words| words.cookie.texts())
        .collect();
    stems.sort_unstable();
    stems.dedup();
    stems
}

/// The language of ours that a tag names or narrows down.
pub(super) fn language(tag: &str) -> Option<&'static str> {
    let tag = tag.trim().replace('_', "-").to_ascii_lowercase();
    let primary = tag.split('-').next().unwrap_or_default();
    let exact = WORDS.keys().find(|key| key.eq_ignore_ascii_case(&tag));
    let wanted = match primary {
        "no" | "nn" => "nb",
        "iw" => "he",
        "zh" if ["hant", "tw", "hk", "mo"]
            .iter()
            .any(|part| tag.contains(part)) =>
        {
            "zh-Hant"
        }
        "zh" => "zh-Hans",
        "bs" | "sh" => "hr",
        primary => primary,
    };
    exact
        .or_else(|| WORDS.keys().find(|key| *key == wanted))
        .map(String::as_str)
}

#[cfg(test)]
mod tests {
    use placet_texts::Language;

    use super::*;

    #[test]
    fn there_are_words_in_every_language_that_placet_speaks() {
        let missing: Vec<_> = Language::all()
            .map(Language::tag)
            .filter(|tag| !WORDS.contains_key(*tag))
            .collect();
        assert_eq!(missing, Vec::<&str>::new());
    }

    #[test]
    fn every_pattern_is_in_the_form_that_names_are_brought_into() {
        for (tag, words) in WORDS.iter() {
            let lists = [
                &words.accept,
                &words.refuse,
                &words.necessary,
                &words.only,
                &words.all,
                &words.settings,
                &words.save,
                &words.selection,
                &words.close,
                &words.more,
                &words.policy,
                &words.acknowledge,
                &words.withdraw,
                &words.pay,
            ];
            for text in lists.into_iter().flat_map(List::texts) {
                assert_eq!(normal(text).trim(), text, "{tag}");
            }
        }
    }

    #[test]
    fn tags_lead_to_their_language() {
        for (tag, expected) in [
            ("de-AT", Some("de")),
            ("pt-br", Some("pt-BR")),
            ("pt-AO", Some("pt")),
            ("no", Some("nb")),
            ("zh-TW", Some("zh-Hant")),
            ("zh", Some("zh-Hans")),
            ("en_GB", Some("en")),
            ("sr-Latn-RS", Some("sr")),
            ("bs", Some("hr")),
            ("sw", None),
            ("", None),
        ] {
            assert_eq!(language(tag), expected, "{tag}");
        }
    }
}
