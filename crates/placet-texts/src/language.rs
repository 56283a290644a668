//! Which language a visitor gets: the best that the browser asks for and that there are texts in.

use crate::locale::{LOCALES, Locale};

/// Ranges of `Accept-Language` that count: browsers send a handful.
const MOST_RANGES: usize = 20;
/// Bytes of a range that is looked at: the longest of the IANA registry has 35 (RFC 5646 section
/// 4.4.1).
const LONGEST_RANGE: usize = 64;

/// Tags of languages that are ours under another: a former one (some browsers still send it), written
/// forms and names of Norwegian, and Chinese without its script, which its regions stand for.
const ALIASES: [(&[u8], &[u8]); 7] = [
    (b"iw", b"he"),
    (b"nn", b"nb"),
    (b"no", b"nb"),
    (b"zh", b"zh-Hans"),
    (b"zh-HK", b"zh-Hant"),
    (b"zh-MO", b"zh-Hant"),
    (b"zh-TW", b"zh-Hant"),
];

/// A language that Placet speaks.
#[derive(Clone, Copy)]
pub struct Language(&'static Locale);

impl Language {
    /// Every language, in the order of their tags.
    pub fn all() -> impl Iterator<Item = Self> {
        LOCALES.iter().map(Self)
    }

    /// The language of a tag, or of what the tag narrows down: `de-AT` is `de`.
    ///
    /// RFC 4647 section 3.4, lookup; case does not matter. `no` and `nn` are `nb`; Chinese without a
    /// script is traditional in Taiwan, Hong Kong and Macao, and simplified elsewhere.
    ///
    /// ```
    /// use placet_texts::Language;
    ///
    /// let tag = |tag| Language::from_tag(tag).map(|language| language.tag());
    /// assert_eq!(tag("pt-AO"), Some("pt"));
    /// assert_eq!(tag("zh-HK"), Some("zh-Hant"));
    /// assert_eq!(tag("sw"), None);
    /// ```
    pub fn from_tag(tag: &str) -> Option<Self> {
        Self::lookup(tag.as_bytes())
    }

    /// The language that `Accept-Language` lines prefer; English where they name none of ours.
    ///
    /// Of ranges with equal weight the first wins, a weight of 0 or a malformed one rules its
    /// range out, `*` is English (RFC 9110 section 12.5.4). The first 20 ranges count.
    ///
    /// ```
    /// use placet_texts::Language;
    ///
    /// let lines = [b"sw, fr;q=0.4".as_slice(), b"de-AT;q=0.8"];
    /// assert_eq!(Language::negotiate(lines).tag(), "de");
    /// ```
    pub fn negotiate<'a>(lines: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let ranges = lines
            .into_iter()
            .flat_map(|line| line.split(|b| *b == b','));
        let mut best = None;
        for (weight, language) in ranges.take(MOST_RANGES).filter_map(Self::preference) {
            if weight > best.map_or(0, |(weight, _)| weight) {
                best = Some((weight, language));
            }
        }
        best.map_or_else(Self::default, |(_, language)| language)
    }

    /// The tag, as for the attribute `lang`: `de`.
    pub fn tag(self) -> &'static str {
        self.0.tag()
    }

    /// The texts.
    pub fn locale(self) -> &'static Locale {
        self.0
    }

    /// The file that the texts are read from, exactly: what shows years later which words a visitor was
    /// shown.
    pub fn json(self) -> &'static str {
        self.0.file()
    }

    /// One range with its weight in thousandths: `de-AT;q=0.8`.
    fn preference(member: &[u8]) -> Option<(u16, Self)> {
        let mut parts = member.splitn(2, |b| *b == b';');
        let range = parts.next()?.trim_ascii();
        let weight = match parts.next() {
            Some(parameter) => weight(parameter.trim_ascii())?,
            None => 1_000,
        };
        let language = match range {
            b"*" => Self::default(),
            range => Self::lookup(range)?,
        };
        Some((weight, language))
    }

    fn lookup(range: &[u8]) -> Option<Self> {
        if range.len() > LONGEST_RANGE {
            return None;
        }
        let mut range = range;
        loop {
            let alias = ALIASES
                .iter()
                .find(|(alias, _)| alias.eq_ignore_ascii_case(range));
            let tag = alias.map_or(range, |(_, tag)| tag);
            let found = Self::all().find(|l| l.tag().as_bytes().eq_ignore_ascii_case(tag));
            if found.is_some() {
                return found;
            }
            let end = range.iter().rposition(|b| *b == b'-')?;
            range = range.get(..end)?;
        }
    }
}

/// `q=0.8` in thousandths: RFC 9110 section 12.4.2.
fn weight(parameter: &[u8]) -> Option<u16> {
    let (name, value) = parameter.split_at_checked(2)?;
    if !name.eq_ignore_ascii_case(b"q=") {
        return None;
    }
    let (whole, fraction) = match value {
        [whole] => (whole, &[] as &[u8]),
        [whole, b'.', fraction @ ..] if fraction.len() <= 3 => (whole, fraction),
        _ => return None,
    };
    let mut thousandths = match whole {
        b'0' => 0,
        b'1' => 1_000,
        _ => return None,
    };
    for (digit, unit) in fraction.iter().zip([100, 10, 1]) {
        thousandths += match digit {
            b'0'..=b'9' => u16::from(digit - b'0') * unit,
            _ => return None,
        };
    }
    (thousandths <= 1_000).then_some(thousandths)
}

impl Default for Language {
    /// English.
    fn default() -> Self {
        Self(Locale::english())
    }
}

impl PartialEq for Language {
    fn eq(&self, other: &Self) -> bool {
        self.tag() == other.tag()
    }
}

impl Eq for Language {}

impl std::fmt::Debug for Language {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Language").field(&self.tag()).finish()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::locale::COUNT;

    #[test]
    fn the_browser_gets_the_best_language_it_asks_for() {
        let cases: [(&[&str], &str); 25] = [
            (&[], "en"),
            (&[""], "en"),
            (&["de"], "de"),
            (&["DE-at"], "de"),
            (&["de-Latn-AT-1996"], "de"),
            (&["sr-Latn-RS, ja;q=0.5"], "ja"),
            (&["sr-Latn"], "en"),
            (&["fo, da;q=0.9, en;q=0.8"], "da"),
            (&["zh-TW,zh;q=0.9,en-US;q=0.8"], "zh-Hant"),
            (&["en;q=0.5, fr;q=0.7, it;q=0.7"], "fr"),
            (&["en;q=0.5", "fr;q=0.7"], "fr"),
            (&["fr ; q=0.7 , \tit"], "it"),
            (&["fr;Q=0.7, it;q=0.699"], "fr"),
            (&["*"], "en"),
            (&["*, de;q=0.9"], "en"),
            (&["de, *;q=0.1"], "de"),
            (&["iw-IL"], "he"),
            (&["de;q=0, fr;q=0.1"], "fr"),
            (&["de;q=0"], "en"),
            (&["de;q=1.001, fr;q=0.1"], "fr"),
            (&["de;q=0.1234, fr;q=0.1"], "fr"),
            (&["de;q=x, fr;q=0.1"], "fr"),
            (&["de;level=1, fr;q=0.1"], "fr"),
            (&["d, dee, d-e, -, --, de-"], "de"),
            (&["deutsch, \u{1f36a}"], "en"),
        ];
        for (lines, tag) in cases {
            let found = Language::negotiate(lines.iter().map(|line| line.as_bytes()));
            assert_eq!(found.tag(), tag, "{lines:?}");
        }
    }

    #[test]
    fn other_tags_of_our_languages_are_known() {
        let cases = [
            ("iw", "he"),
            ("no", "nb"),
            ("NO-no", "nb"),
            ("nn-NO", "nb"),
            ("nb-SJ", "nb"),
            ("pt", "pt"),
            ("pt-PT", "pt"),
            ("pt-br", "pt-BR"),
            ("pt-Latn-BR", "pt"),
            ("zh", "zh-Hans"),
            ("zh-CN", "zh-Hans"),
            ("zh-SG", "zh-Hans"),
            ("zh-hans-HK", "zh-Hans"),
            ("zh-TW", "zh-Hant"),
            ("zh-hk", "zh-Hant"),
            ("zh-MO-x-own", "zh-Hant"),
            ("zh-Hant-CN", "zh-Hant"),
        ];
        for (asked, tag) in cases {
            assert_eq!(
                Language::from_tag(asked).map(Language::tag),
                Some(tag),
                "{asked}"
            );
        }
        for (alias, tag) in ALIASES {
            let is_ours = |tag: &[u8]| Language::all().any(|l| l.tag().as_bytes() == tag);
            assert!(is_ours(tag) && !is_ours(alias), "{alias:?}");
        }
    }

    #[test]
    fn twenty_ranges_count() {
        let nineteen = "xx,".repeat(19);
        let twenty = "xx,".repeat(20);
        let tag = |ranges: &str| Language::negotiate([format!("{ranges}de").as_bytes()]).tag();
        assert_eq!(tag(&nineteen), "de");
        assert_eq!(tag(&twenty), "en");
    }

    #[test]
    fn a_range_longer_than_any_language_is_not_looked_up() {
        assert_eq!(
            Language::from_tag(&format!("de{}", "-x".repeat(31))).map(Language::tag),
            Some("de")
        );
        assert_eq!(Language::from_tag(&format!("de{}", "-x".repeat(32))), None);
    }

    proptest! {
        #[test]
        fn any_bytes_are_some_language(lines in prop::collection::vec(
            prop::collection::vec(prop_oneof![Just(b','), Just(b';'), Just(b'-'), any::<u8>()], 0..80), 0..4
        )) {
            let language = Language::negotiate(lines.iter().map(Vec::as_slice));
            prop_assert!(Language::all().any(|known| known == language));
        }

        #[test]
        fn every_language_is_found_by_its_tag_and_anything_narrower(
            number in 0..COUNT, narrower in "(-[A-Za-z0-9]{3,8}){0,3}"
        ) {
            let language = Language::all().nth(number).unwrap();
            let tag = format!("{}{narrower}", language.tag());
            prop_assert_eq!(Language::from_tag(&tag), Some(language));
            prop_assert_eq!(Language::negotiate([tag.as_bytes()]), language);
        }
    }
}
