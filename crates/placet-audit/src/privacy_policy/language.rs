//! Which language a text is in, as far as claims can be read in it.

use super::words::Word;

/// A language in which claims are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Language {
    /// English.
    English,
    /// German: the main claims.
    German,
    /// French: the main claims.
    French,
}

impl Language {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::English, Self::German, Self::French];

    /// Its tag (BCP 47): `en`, `de`, `fr`.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
            Self::French => "fr",
        }
    }

    /// Words that stand in every longer text of the language and in few of another.
    const fn marks(self) -> &'static [&'static str] {
        match self {
            Self::English => &[
                "the", "and", "of", "to", "we", "you", "your", "our", "is", "are", "this", "that",
                "with", "not", "use", "may", "for", "by", "it", "when", "from", "any", "have",
                "be", "do", "its", "no", "none", "uses", "last", "updated", "tracking", "ads",
                "privacy", "site", "through", "these", "will", "can", "after", "days", "months",
                "only", "cannot",
            ],
            Self::German => &[
                "der", "die", "das", "und", "wir", "sie", "ihre", "ihrer", "unsere", "ist", "sind",
                "nicht", "mit", "von", "zu", "auf", "werden", "wird", "eine", "einer", "keine",
                "bei", "oder", "durch", "zur", "im", "ein", "diese", "dieser", "ohne", "aus",
                "den",
            ],
            Self::French => &[
                "le", "la", "les", "des", "du", "et", "nous", "vous", "votre", "vos", "notre",
                "est", "sont", "pas", "avec", "pour", "par", "une", "sur", "ce", "aux", "ou",
                "dans", "au", "que",
            ],
        }
    }
}

/// Words of languages that are not read, so that they are not taken for one that is.
const OTHERS: &[&str] = &[
    "el",
    "los",
    "las",
    "no",
    "utilizamos",
    "usamos",
    "y",
    "usted",
    "nuestro",
    "que",
    "para",
    "il",
    "di",
    "che",
    "e",
    "gli",
    "per",
    "het",
    "een",
    "en",
    "wij",
    "niet",
    "van",
    "voor",
    "o",
    "os",
    "você",
    "não",
    "uma",
    "och",
    "att",
    "är",
    "som",
    "og",
    "af",
    "det",
    "w",
    "nie",
    "się",
    "oraz",
    "jest",
    "na",
    "ve",
    "bir",
    "ja",
    "och",
    "su",
    "con",
    "del",
    "della",
    "dei",
    "met",
    "zijn",
    "wordt",
    "da",
    "dos",
    "em",
    "deze",
    "este",
    "esta",
    "sono",
    "nostro",
];

/// The language of the words; `None` when it is none of those that are read, or too few to tell.
pub(super) fn of(words: &[Word]) -> Option<Language> {
    // Enough to tell by, and the same for texts of any length.
    let sample = words.iter().take(20_000);
    let mut counts = [0usize; 3];
    let mut others = 0usize;
    let mut all = 0usize;
    for word in sample.filter(|word| word.is_alphabetic()) {
        all += 1;
        for (count, language) in counts.iter_mut().zip(Language::ALL) {
            *count += usize::from(language.marks().contains(&&*word.text));
        }
        others += usize::from(OTHERS.contains(&&*word.text));
    }
    let best = counts
        .iter()
        .zip(Language::ALL)
        .max_by_key(|(count, _)| **count);
    let (count, language) = best?;
    let runner_up = counts
        .iter()
        .zip(Language::ALL)
        .filter(|(_, other)| *other != language)
        .map(|(count, _)| *count)
        .max()
        .unwrap_or(0)
        .max(others);
    // A sixth of a running text are such words; a list or a heading has fewer.
    (*count > runner_up && count * 12 >= all).then_some(language)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::privacy_policy::words::words;

    #[test]
    fn a_language_that_is_not_read_is_not_taken_for_one_that_is() {
        for (text, expected) in [
            (
                "We do not use cookies on this site.",
                Some(Language::English),
            ),
            ("No cookies are used here by us.", Some(Language::English)),
            (
                "Wir verwenden auf dieser Website keine Cookies.",
                Some(Language::German),
            ),
            (
                "Nous n'utilisons pas de cookies sur ce site.",
                Some(Language::French),
            ),
            (
                "No utilizamos cookies en este sitio y nuestro servidor es para usted.",
                None,
            ),
            (
                "Noi non usiamo i cookie per gli utenti che visitano il sito.",
                None,
            ),
            (
                "Wij gebruiken geen cookies op deze website en het is voor u van belang.",
                None,
            ),
            ("当サイトはクッキーを使用しません。", None),
            ("", None),
        ] {
            assert_eq!(of(&words(text)), expected, "{text}");
        }
    }
}
