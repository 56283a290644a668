//! Names of cookies with stars that say what they stand for: `mp_*_mixpanel` with 32 hex digits in the middle.
//! The policy's own wildcards match any bytes; a catalogue has to tell a service's names from chance ones.

use std::fmt;

use placet::NamePattern;

/// The longest name a pattern with a star is compared with, in bytes. No known service sets a longer one, and
/// the bound keeps a hostile name cheap.
const LONGEST: usize = 256;
/// A pattern with this many literal bytes or fewer says too little on its own.
const SHORT: usize = 4;

/// What one `*` of a name stands for: a class of characters and how many of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Star {
    class: Class,
    least: usize,
    most: Option<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    Any,
    Digits,
    Hex,
    Uuid,
    Alnum,
    Word,
}

impl Star {
    /// Any bytes, also none: what a star means unless the file says otherwise.
    pub const ANY: Self = Self {
        class: Class::Any,
        least: 0,
        most: None,
    };

    /// What a reader expects where a star is described.
    pub(crate) const EXPECTED: &'static str = "one of `any`, `digits`, `hex`, `uuid`, `alnum`, `word`, and except for `uuid` \
        optionally a length as in `hex{32}` or `alnum{6,12}`";

    /// Reads `hex{32}`, `alnum{6,12}`, `digits`; `None` when the word or the range is unknown, empty or reversed.
    ///
    /// `any` stands for any bytes, also none; every other class for one character or more, and `uuid` for the 36
    /// characters of a UUID in its hyphenated form (RFC 9562 section 4).
    pub fn parse(text: &str) -> Option<Self> {
        let (word, range) = match text.split_once('{') {
            Some((word, rest)) => (word, Some(rest.strip_suffix('}')?)),
            None => (text, None),
        };
        let class = match word {
            "any" => Class::Any,
            "digits" => Class::Digits,
            "hex" => Class::Hex,
            "uuid" => Class::Uuid,
            "alnum" => Class::Alnum,
            "word" => Class::Word,
            _ => return None,
        };
        let (least, most) = match (class, range) {
            (Class::Uuid, None) => (36, Some(36)),
            (Class::Uuid, Some(_)) => return None,
            (Class::Any, None) => (0, None),
            (_, None) => (1, None),
            (_, Some(range)) => {
                let (least, most) = range.split_once(',').unwrap_or((range, range));
                (length(least)?, Some(length(most)?))
            }
        };
        if most.is_some_and(|most| most < least || most == 0) {
            return None;
        }
        Some(Self { class, least, most })
    }

    /// Whether `byte` can stand at `offset` of this star.
    fn accepts(self, byte: u8, offset: usize) -> bool {
        match self.class {
            Class::Any => true,
            Class::Digits => byte.is_ascii_digit(),
            Class::Hex => byte.is_ascii_hexdigit(),
            Class::Uuid if matches!(offset, 8 | 13 | 18 | 23) => byte == b'-',
            Class::Uuid => byte.is_ascii_hexdigit(),
            Class::Alnum => byte.is_ascii_alphanumeric(),
            Class::Word => byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'),
        }
    }
}

impl fmt::Display for Star {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = match self.class {
            Class::Any => "any",
            Class::Digits => "digits",
            Class::Hex => "hex",
            Class::Uuid => return f.write_str("uuid"),
            Class::Alnum => "alnum",
            Class::Word => "word",
        };
        match self.most {
            None => f.write_str(word),
            Some(most) if most == self.least => write!(f, "{word}{{{most}}}"),
            Some(most) => write!(f, "{word}{{{},{most}}}", self.least),
        }
    }
}

/// A length as written in a range: at most three digits.
fn length(text: &str) -> Option<usize> {
    if text.is_empty() || text.len() > 3 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}

/// The name of a cookie as a catalogue knows it: a pattern of the policy's kind, and what each star of it stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CookieName {
    pattern: NamePattern,
    /// One for each `*`, or none when all stand for any bytes.
    stars: Box<[Star]>,
}

impl CookieName {
    /// A name whose every `*` is described by the star at its place; `None` when their numbers differ.
    pub fn new(pattern: NamePattern, stars: &[Star]) -> Option<Self> {
        if count_stars(&pattern) != stars.len() {
            return None;
        }
        let told_apart = stars.iter().any(|star| *star != Star::ANY);
        Some(Self {
            pattern,
            stars: if told_apart {
                stars.into()
            } else {
                Box::default()
            },
        })
    }

    /// The name as a policy writes it, without what its stars stand for.
    pub fn pattern(&self) -> &NamePattern {
        &self.pattern
    }

    /// What each star stands for, in order.
    pub fn stars(&self) -> impl Iterator<Item = Star> {
        (0..count_stars(&self.pattern)).map(|at| self.stars.get(at).copied().unwrap_or(Star::ANY))
    }

    /// How many bytes of the name are literal.
    pub fn literals(&self) -> usize {
        self.pattern.as_str().len() - count_stars(&self.pattern)
    }

    /// Whether the name has a star and so few literal bytes (four or fewer) that it says nothing without a guard.
    pub fn is_short(&self) -> bool {
        !self.pattern.is_exact() && self.literals() <= SHORT
    }

    /// Whether every star tells what it stands for, so that a chance name is unlikely to match.
    pub(crate) fn is_specific(&self) -> bool {
        self.stars().all(|star| star.class != Class::Any)
    }

    /// Whether the length of every star is bounded, which guards a short name.
    pub(crate) fn is_bounded(&self) -> bool {
        self.stars().all(|star| star.most.is_some())
    }

    /// The bytes before the first star.
    pub(crate) fn prefix(&self) -> &[u8] {
        let text = self.pattern.as_str().as_bytes();
        text.split(|byte| *byte == b'*').next().unwrap_or_default()
    }

    /// Whether this is a name of `cookie`. Where a star is told apart, more than 256 bytes match nothing.
    pub fn matches(&self, cookie: &[u8]) -> bool {
        if !self.pattern.matches(cookie) {
            return false;
        }
        if self.stars.is_empty() {
            return true;
        }
        if cookie.len() > LONGEST {
            return false;
        }
        let text = self.pattern.as_str().as_bytes();
        let mut literals = text.split(|byte| *byte == b'*');
        // `ends` holds every place at which what was compared so far can end.
        let mut ends = [false; LONGEST + 1];
        if let Some(end) = ends.get_mut(literals.next().unwrap_or_default().len()) {
            *end = true;
        }
        for (star, literal) in self.stars.iter().zip(literals) {
            ends = step(cookie, &ends, *star, literal);
        }
        ends.get(cookie.len()).copied().unwrap_or(false)
    }
}

impl From<NamePattern> for CookieName {
    /// A name whose stars all stand for any bytes.
    fn from(pattern: NamePattern) -> Self {
        Self {
            pattern,
            stars: Box::default(),
        }
    }
}

impl fmt::Display for CookieName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.pattern.fmt(f)
    }
}

fn count_stars(pattern: &NamePattern) -> usize {
    pattern
        .as_str()
        .bytes()
        .filter(|&byte| byte == b'*')
        .count()
}

/// The places where `star` and then `literal` can end, having begun at one of `starts`.
fn step(
    cookie: &[u8],
    starts: &[bool; LONGEST + 1],
    star: Star,
    literal: &[u8],
) -> [bool; LONGEST + 1] {
    let mut ends = [false; LONGEST + 1];
    for start in (0..=cookie.len()).filter(|&start| starts.get(start) == Some(&true)) {
        let rest = cookie.get(start..).unwrap_or_default();
        let most = star.most.unwrap_or(LONGEST);
        let reach = rest
            .iter()
            .take(most)
            .enumerate()
            .take_while(|&(offset, &byte)| star.accepts(byte, offset))
            .count();
        for length in star.least..=reach {
            let after = rest.get(length..).unwrap_or_default();
            if after.starts_with(literal)
                && let Some(end) = ends.get_mut(start + length + literal.len())
            {
                *end = true;
            }
        }
    }
    ends
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn name(text: &str, stars: &[&str]) -> CookieName {
        let stars: Vec<Star> = stars
            .iter()
            .map(|star| Star::parse(star).expect("a star"))
            .collect();
        let pattern = NamePattern::parse(text).expect("a pattern");
        CookieName::new(pattern, &stars).expect("as many stars as described")
    }

    #[test]
    fn each_star_is_held_to_its_class_and_length() {
        let cases: &[(&str, &[&str], &str, bool)] = &[
            ("_ga", &[], "_ga", true),
            ("_ga", &[], "_GA", false),
            ("_ga", &[], "_gat", false),
            ("_ga_*", &["alnum{6,12}"], "_ga_8J2K9PQLMN", true),
            ("_ga_*", &["alnum{6,12}"], "_ga_8J2", false),
            ("_ga_*", &["alnum{6,12}"], "_ga_8J2-9PQLMN", false),
            (
                "mp_*_mixpanel",
                &["hex{32}"],
                "mp_0123456789abcdef0123456789ABCDEF_mixpanel",
                true,
            ),
            ("mp_*_mixpanel", &["hex{32}"], "mp_0123_mixpanel", false),
            ("_pk_id.*.*", &["digits", "hex{4}"], "_pk_id.12.1fff", true),
            ("_pk_id.*.*", &["digits", "hex{4}"], "_pk_id..1fff", false),
            ("a*", &["any"], "a", true),
            ("a*a", &["any"], "aa", true),
            ("a*a", &["any"], "aba", true),
            ("a*a", &["any"], "a", false),
            ("*", &["uuid"], "123e4567-e89b-12d3-a456-426614174000", true),
            ("*", &["uuid"], "123e4567-e89b-12d3-a456-42661417400", false),
            (
                "*",
                &["uuid"],
                "123e4567ee89b-12d3-a456-426614174000",
                false,
            ),
            ("x*y*", &["word", "digits{1,2}"], "xy_yy12", true),
            ("x*y*", &["word", "digits{1,2}"], "xyy123", false),
        ];
        for &(text, stars, cookie, expected) in cases {
            assert_eq!(
                name(text, stars).matches(cookie.as_bytes()),
                expected,
                "{text} {stars:?} {cookie}"
            );
        }
    }

    #[test]
    fn a_star_reads_back_as_it_is_written() {
        for text in [
            "any",
            "digits",
            "hex{32}",
            "uuid",
            "alnum{6,12}",
            "word{0,3}",
        ] {
            let star = Star::parse(text).expect(text);
            assert_eq!(star.to_string(), text);
        }
        for text in [
            "",
            "[a-z]",
            "hex{",
            "hex{}",
            "hex{a}",
            "hex{3,2}",
            "hex{0}",
            "uuid{36}",
            "hex{1000}",
            "hex{+1}",
        ] {
            assert_eq!(Star::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_name_with_few_literals_and_a_star_is_short() {
        assert!(name("_s*", &["any"]).is_short());
        assert!(name("mp_*_", &["any"]).is_short());
        assert!(!name("_s", &[]).is_short());
        assert!(!name("_pk_*x", &["any"]).is_short());
    }

    #[test]
    fn a_name_longer_than_the_bound_matches_no_star_that_is_told_apart() {
        let long = [b'a'; LONGEST + 1];
        assert!(!name("a*", &["word"]).matches(&long));
        assert!(name("a*", &["word"]).matches(&long[..LONGEST]));
    }

    proptest! {
        #[test]
        fn what_a_told_apart_star_matches_the_pattern_matches_too(
            text in "[ab*]{1,6}",
            cookie in proptest::collection::vec(prop_oneof![Just(b'a'), Just(b'b'), any::<u8>()], 0..20),
        ) {
            if let Ok(pattern) = NamePattern::parse(&text) {
                let stars = vec![Star::parse("hex{0,3}").expect("a star"); count_stars(&pattern)];
                let name = CookieName::new(pattern.clone(), &stars).expect("as many stars");
                prop_assert!(pattern.matches(&cookie) || !name.matches(&cookie));
            }
        }

        #[test]
        fn what_a_star_was_filled_with_is_matched(head in "[a-z_]{0,5}", fill in "[0-9a-f]{3,40}", tail in "[a-z_]{0,5}") {
            let text = format!("{head}*{tail}");
            let cookie = format!("{head}{fill}{tail}");
            for star in ["any", "hex{3,40}", "alnum", "word"] {
                prop_assert!(name(&text, &[star]).matches(cookie.as_bytes()), "{star}");
            }
        }
    }
}
