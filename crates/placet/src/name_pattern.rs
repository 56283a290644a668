//! Patterns over cookie names and storage keys: bytes, and `*` for any run of them.
//!
//! The policy, the catalogue and the audit all name things this way, so the questions that can be
//! asked of two patterns (do they overlap, does one cover the other) are answered here, exactly.

use std::fmt;

use crate::compact::Reader;
use crate::search::{find, memchr, memrchr, split};

/// A cookie name or storage key in which `*` stands for any run of bytes, also none.
///
/// Matching is by bytes and case-sensitive. Several `*` are allowed, `**` is not: one pattern has one
/// spelling, so equal patterns compare equal. A pattern without `*` is *exact*.
///
/// ```
/// use placet::NamePattern;
///
/// let matomo = NamePattern::parse("_pk_id.*")?;
/// assert!(matomo.matches(b"_pk_id.1.1fff"));
/// assert!(!matomo.matches(b"_pk_ses.1.1fff"));
///
/// let anything_of_matomo = NamePattern::parse("_pk_*")?;
/// assert!(anything_of_matomo.covers(&matomo));
/// assert!(matomo.specificity() > anything_of_matomo.specificity());
/// # Ok::<(), placet::NamePatternError>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NamePattern {
    /// UTF-8, which a page has no need to prove.
    text: Box<[u8]>,
    /// Where the first `*` and the last one stand.
    wildcards: Option<(u16, u16)>,
}

impl NamePattern {
    /// The longest pattern, in bytes.
    pub const MAX_LEN: usize = 256;

    /// Reads a pattern over cookie names.
    ///
    /// # Errors
    ///
    /// What no cookie name can hold is refused: `;`, `=`, whitespace and control characters
    /// (draft-ietf-httpbis-rfc6265bis section 5.6); so are an empty text, `**`, and more than
    /// [`NamePattern::MAX_LEN`] bytes.
    pub fn parse(text: &str) -> Result<Self, NamePatternError> {
        Self::read(text).map_err(|wrong| wrong.with(text))
    }

    /// Reads a pattern over storage keys, which may hold every character but control characters.
    ///
    /// # Errors
    ///
    /// As [`NamePattern::parse`], but `;`, `=` and whitespace are welcome.
    pub fn parse_storage_key(text: &str) -> Result<Self, NamePatternError> {
        Self::read_storage_key(text).map_err(|wrong| wrong.with(text))
    }

    /// As [`NamePattern::parse`], without words for what is wrong.
    pub(crate) fn read(text: &str) -> Result<Self, Wrong> {
        Self::read_without(text, |c| {
            matches!(c, ';' | '=') || c.is_whitespace() || c.is_control()
        })
    }

    /// As [`NamePattern::parse_storage_key`], without words for what is wrong.
    pub(crate) fn read_storage_key(text: &str) -> Result<Self, Wrong> {
        Self::read_without(text, char::is_control)
    }

    fn read_without(text: &str, forbidden: fn(char) -> bool) -> Result<Self, Wrong> {
        if text.is_empty() {
            return Err(Wrong::Empty);
        }
        if text.len() > Self::MAX_LEN {
            return Err(Wrong::TooLong);
        }
        if let Some((at, found)) = text.char_indices().find(|&(_, c)| forbidden(c)) {
            return Err(Wrong::Forbidden { at, found });
        }
        let bytes = text.as_bytes();
        if let Some(at) = bytes.windows(2).position(|two| two == b"**") {
            return Err(Wrong::DoubledWildcard { at });
        }
        Ok(Self::of(Borrowed::of_checked(bytes)))
    }

    /// The pattern of a compiled policy, whose form was seen when it was compiled.
    pub(crate) fn of_compiled(from: &mut Reader<'_>) -> Self {
        Self::of(Borrowed::of_compiled(from))
    }

    pub(crate) fn of(pattern: Borrowed<'_>) -> Self {
        Self {
            text: pattern.text.into(),
            wildcards: pattern.wildcards,
        }
    }

    /// Whether `name` is one of the names this pattern stands for, in time linear in both.
    pub fn matches(&self, name: &[u8]) -> bool {
        self.borrowed().matches(name)
    }

    /// Whether some name matches both patterns.
    pub fn overlaps(&self, other: &Self) -> bool {
        let Some((head, _, tail)) = self.split() else {
            return other.matches(&self.text);
        };
        let Some((other_head, _, other_tail)) = other.split() else {
            return self.matches(&other.text);
        };
        // With a wildcard on both sides everything between the ends can be laid out one after the
        // other, so only the two heads and the two tails have to agree.
        (head.starts_with(other_head) || other_head.starts_with(head))
            && (tail.ends_with(other_tail) || other_tail.ends_with(tail))
    }

    /// Whether every name that matches `other` matches this pattern too.
    pub fn covers(&self, other: &Self) -> bool {
        // No literal holds the byte `*`, so in the *name* `other.text` it can only fall under a
        // wildcard of ours, and then any run of bytes in its place does too.
        self.matches(&other.text)
    }

    /// Whether the pattern has no `*` and so stands for one name.
    pub fn is_exact(&self) -> bool {
        self.wildcards.is_none()
    }

    /// How narrowly the pattern names; the greater of two wins where both match.
    pub fn specificity(&self) -> Specificity {
        self.borrowed().specificity()
    }

    /// The pattern as written.
    pub fn as_str(&self) -> &str {
        str::from_utf8(&self.text).unwrap_or_default()
    }

    /// As [`NamePattern::as_str`], in bytes.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.text
    }

    /// The text before the first `*`; all of an exact pattern.
    #[cfg(feature = "fast")]
    pub(crate) fn head(&self) -> &[u8] {
        self.split().map_or(&self.text, |(head, ..)| head)
    }

    fn split(&self) -> Option<(&[u8], &[u8], &[u8])> {
        self.borrowed().split()
    }

    pub(crate) fn borrowed(&self) -> Borrowed<'_> {
        Borrowed {
            text: &self.text,
            wildcards: self.wildcards,
        }
    }
}

/// A [`NamePattern`] whose text lies somewhere else, as in a compiled policy.
#[derive(Clone, Copy)]
pub(crate) struct Borrowed<'a> {
    text: &'a [u8],
    wildcards: Option<(u16, u16)>,
}

impl<'a> Borrowed<'a> {
    /// The pattern of a compiled policy, whose form was seen when it was compiled.
    pub(crate) fn of_compiled(from: &mut Reader<'a>) -> Self {
        let text = from.text();
        if text.is_empty() || text.len() > NamePattern::MAX_LEN {
            from.reject();
            return Self::of_checked(b"");
        }
        Self::of_checked(text)
    }

    fn of_checked(text: &'a [u8]) -> Self {
        let first = memchr(b'*', text);
        Self {
            text,
            wildcards: first
                .zip(memrchr(b'*', text))
                .map(|(first, last)| (first as u16, last as u16)),
        }
    }

    /// What is left of it behind so many bytes.
    pub(crate) fn behind(self, bytes: usize) -> Self {
        Self::of_checked(self.text.get(bytes..).unwrap_or_default())
    }

    /// As written.
    pub(crate) const fn text(self) -> &'a [u8] {
        self.text
    }

    /// As [`NamePattern::matches`].
    pub(crate) fn matches(self, name: &[u8]) -> bool {
        let Some((head, middle, tail)) = self.split() else {
            return *name == *self.text;
        };
        name.strip_prefix(head)
            .and_then(|rest| rest.strip_suffix(tail))
            .is_some_and(|rest| middle.is_empty() || holds_in_order(rest, middle))
    }

    /// As [`NamePattern::specificity`].
    pub(crate) fn specificity(self) -> Specificity {
        let wildcards = self.text.iter().filter(|byte| **byte == b'*').count();
        let literals = self.text.len() - wildcards;
        // Both counts are at most `MAX_LEN`, so each has its own bits.
        let exact = u32::from(wildcards == 0) << 31;
        Specificity(exact | (literals as u32) << 16 | (u16::MAX as u32 - wildcards as u32))
    }

    /// The text before the first `*`, between it and the last, and behind that; `None` for an exact
    /// pattern.
    fn split(self) -> Option<(&'a [u8], &'a [u8], &'a [u8])> {
        let (first, last) = self.wildcards?;
        let (first, last) = (usize::from(first), usize::from(last));
        let text = self.text;
        // A single `*` is first and last, and nothing is between.
        let middle = text.get(first + 1..last).unwrap_or_default();
        Some((text.get(..first)?, middle, text.get(last + 1..)?))
    }
}

/// Whether the parts of `middle` between its `*` stand in `text`, one after the other.
#[inline(never)]
fn holds_in_order(mut text: &[u8], middle: &[u8]) -> bool {
    // The leftmost place of each part leaves most room for the next.
    split(middle, b'*').all(|part| {
        let after = find(text, part).and_then(|at| text.get(at + part.len()..));
        after.is_some_and(|after| {
            text = after;
            true
        })
    })
}

impl fmt::Display for NamePattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for NamePattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NamePattern({:?})", self.as_str())
    }
}

impl std::str::FromStr for NamePattern {
    type Err = NamePatternError;

    /// As [`NamePattern::parse`].
    fn from_str(text: &str) -> Result<Self, NamePatternError> {
        Self::parse(text)
    }
}

/// How narrowly a [`NamePattern`] names: exact before any wildcard, then more literal bytes, then
/// fewer wildcards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Specificity(u32);

impl Specificity {
    /// The greater of two is that of the greater number.
    pub(crate) const fn bits(self) -> u32 {
        self.0
    }
}

/// Why a text is no [`NamePattern`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NamePatternError {
    /// Nothing was written.
    #[error("the name is empty; expected a name, like `_ga`, or a pattern, like `_ga_*`")]
    Empty,
    /// More than [`NamePattern::MAX_LEN`] bytes were written.
    #[error(
        "the name has {found} bytes; at most {} are allowed",
        NamePattern::MAX_LEN
    )]
    TooLong {
        /// The length of the text in bytes.
        found: usize,
    },
    /// A character that no such name can hold.
    #[error("{pattern:?} holds {found:?} at byte {at}, which no such name can hold")]
    Forbidden {
        /// The text as given.
        pattern: String,
        /// Where the character begins, in bytes.
        at: usize,
        /// The character.
        found: char,
    },
    /// Two wildcards side by side.
    #[error("{pattern:?} has `**` at byte {at}; one `*` already stands for any run of bytes")]
    DoubledWildcard {
        /// The text as given.
        pattern: String,
        /// Where the first of the two stands, in bytes.
        at: usize,
    },
}

/// A [`NamePatternError`] without its text.
#[derive(Clone, Copy)]
pub(crate) enum Wrong {
    Empty,
    TooLong,
    Forbidden { at: usize, found: char },
    DoubledWildcard { at: usize },
}

impl Wrong {
    fn with(self, text: &str) -> NamePatternError {
        let pattern = || text.to_owned();
        match self {
            Self::Empty => NamePatternError::Empty,
            Self::TooLong => NamePatternError::TooLong { found: text.len() },
            Self::Forbidden { at, found } => NamePatternError::Forbidden {
                pattern: pattern(),
                at,
                found,
            },
            Self::DoubledWildcard { at } => NamePatternError::DoubledWildcard {
                pattern: pattern(),
                at,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(text: &str) -> NamePattern {
        NamePattern::parse(text).unwrap()
    }

    #[test]
    fn a_star_stands_for_any_run_of_bytes_also_none() {
        for (text, name, expected) in [
            ("_ga", &b"_ga"[..], true),
            ("_ga", b"_gat", false),
            ("_ga", b"_g", false),
            ("_ga", b"_GA", false),
            ("_ga_*", b"_ga_", true),
            ("_ga_*", b"_ga_ABC", true),
            ("_ga_*", b"_ga", false),
            ("*_mixpanel", b"_mixpanel", true),
            ("mp_*_mixpanel", b"mp_0af_mixpanel", true),
            ("mp_*_mixpanel", b"mp__mixpanel", true),
            ("mp_*_mixpanel", b"mp_mixpanel", false),
            ("a*b*c", b"a-b-b-c", true),
            ("a*b*c", b"acb", false),
            ("a*bb*b", b"abb", false),
            ("a*bb*b", b"abbb", true),
            ("*", b"", true),
            ("*", b"\xff\x00;", true),
            ("*a*", b"bab", true),
            ("*a*", b"bbb", false),
        ] {
            assert_eq!(pattern(text).matches(name), expected, "{text} on {name:?}");
        }
    }

    #[test]
    fn matching_takes_linear_time_on_the_worst_case_of_backtracking() {
        let many = pattern(&"a*".repeat(128));
        assert!(!many.matches(&b"a".repeat(127)));
        assert!(!many.matches(&[b"b".repeat(60_000), b"a".repeat(60_000)].concat()));
    }

    #[test]
    fn what_no_cookie_name_can_hold_is_refused_where_it_stands() {
        for (text, at, found) in [
            ("a;b", 1, ';'),
            ("a=b", 1, '='),
            ("sess ion", 4, ' '),
            ("é\tb", 2, '\t'),
            ("a\u{a0}", 1, '\u{a0}'),
            ("\u{7f}", 0, '\u{7f}'),
        ] {
            assert_eq!(
                NamePattern::parse(text),
                Err(NamePatternError::Forbidden {
                    pattern: text.to_owned(),
                    at,
                    found
                })
            );
        }
        assert_eq!(NamePattern::parse(""), Err(NamePatternError::Empty));
        assert_eq!(
            NamePattern::parse(&"a".repeat(257)),
            Err(NamePatternError::TooLong { found: 257 })
        );
        assert_eq!(
            NamePattern::parse("a**").unwrap_err().to_string(),
            "\"a**\" has `**` at byte 1; one `*` already stands for any run of bytes"
        );
    }

    #[test]
    fn a_storage_key_may_hold_what_a_cookie_name_may_not() {
        let key = NamePattern::parse_storage_key("cart; items=*").unwrap();
        assert!(key.matches(b"cart; items=3"));
        assert!(NamePattern::parse_storage_key("a\nb").is_err());
    }

    #[test]
    fn patterns_overlap_when_some_name_matches_both() {
        for (one, other, expected) in [
            ("_ga", "_ga", true),
            ("_ga", "_gid", false),
            ("_ga", "_ga*", true),
            ("_ga_*", "_g*", true),
            ("_ga_*", "_pk_*", false),
            ("_ga*", "*_ga", true),
            ("a*b", "*ab*", true),
            ("a*x", "a*y", false),
            ("a*b*c", "a*d*c", true),
            ("*", "x", true),
        ] {
            assert_eq!(pattern(one).overlaps(&pattern(other)), expected);
            assert_eq!(pattern(other).overlaps(&pattern(one)), expected);
        }
    }

    #[test]
    fn a_pattern_covers_another_when_it_matches_all_its_names() {
        for (wide, narrow, expected) in [
            ("*", "a*", true),
            ("_ga*", "_ga", true),
            ("_ga*", "_ga_*", true),
            ("_ga_*", "_ga*", false),
            ("_ga", "_ga*", false),
            ("a*c", "a*b*c", true),
            ("a*b*c", "a*c", false),
            ("*a*", "ba*", true),
            ("a*", "a*", true),
        ] {
            assert_eq!(
                pattern(wide).covers(&pattern(narrow)),
                expected,
                "{wide} over {narrow}"
            );
        }
    }

    #[test]
    fn exact_is_more_specific_than_more_literals_than_fewer_stars() {
        let mut patterns = ["*", "a*", "ab*c*", "ab*c", "abc*", "abcd*", "a"].map(pattern);
        patterns.sort_by_key(NamePattern::specificity);
        let order: Vec<_> = patterns.iter().map(NamePattern::as_str).collect();
        assert_eq!(order, ["*", "a*", "ab*c*", "ab*c", "abc*", "abcd*", "a"]);
    }
}
