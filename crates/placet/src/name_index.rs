//! Many [`NamePattern`]s, asked at once which of them names a cookie best.

use std::cmp::Reverse;
use std::fmt;

use crate::name_pattern::{NamePattern, Specificity};

/// A set of patterns, each with the caller's number for what it declares, built once and then only
/// looked up.
///
/// The most specific pattern speaks for a name: `_ga_*` before `_*`, and `_ga` before both. Where
/// several are equally specific, or one was declared several times, all their numbers are told.
///
/// ```
/// use placet::{NameIndex, NamePattern};
///
/// let index = NameIndex::new([
///     (NamePattern::parse("_ga")?, 0),
///     (NamePattern::parse("_ga*")?, 1),
///     (NamePattern::parse("_*")?, 2),
/// ]);
/// let best = |name: &[u8]| {
///     let mut numbers = Vec::new();
///     index.best(name, |number| numbers.push(number));
///     numbers
/// };
/// assert_eq!(best(b"_ga"), [0]);
/// assert_eq!(best(b"_ga_ABC"), [1]);
/// assert!(best(b"sid").is_empty());
/// # Ok::<(), placet::NamePatternError>(())
/// ```
#[derive(Clone, Default)]
pub struct NameIndex {
    /// The exact names: a power of two of slots, at most half of them taken. A name stands in the
    /// slot of its hash or, where that is taken, in the next free one.
    exact: Box<[Option<ExactName>]>,
    /// The patterns with `*`, the most specific first.
    wildcards: Box<[Wildcard]>,
    /// By the first byte of a name, which of the wildcards can match it.
    candidates: Box<[Box<[u32]>]>,
}

#[derive(Clone)]
struct ExactName {
    ends: Ends,
    name: Box<[u8]>,
    number: u16,
    /// The numbers of further declarations of the same name.
    more: Vec<u16>,
}

impl ExactName {
    /// Whether a name with the same ends is this one.
    #[inline]
    fn equals_between_ends(&self, name: &[u8]) -> bool {
        self.ends.are_all() || *self.name == *name
    }
}

#[derive(Clone)]
struct Wildcard {
    head: Head,
    specificity: Specificity,
    pattern: NamePattern,
    number: u16,
}

impl NameIndex {
    /// Builds the index.
    pub fn new(declared: impl IntoIterator<Item = (NamePattern, u16)>) -> Self {
        let (exact, wildcards): (Vec<_>, Vec<_>) = declared
            .into_iter()
            .partition(|(pattern, _)| pattern.is_exact());

        let mut wildcards: Vec<_> = wildcards
            .into_iter()
            .map(|(pattern, number)| Wildcard {
                head: Head::of(pattern.head()),
                specificity: pattern.specificity(),
                pattern,
                number,
            })
            .collect();
        wildcards.sort_by_key(|wildcard| Reverse(wildcard.specificity));
        let starting_with = |byte: u8| {
            let fitting = wildcards
                .iter()
                .zip(0..)
                .filter(|(w, _)| w.head.fits_first(byte));
            fitting.map(|(_, at)| at).collect()
        };

        let mut index = Self {
            exact: vec![None; (exact.len() * 2).next_power_of_two()].into(),
            candidates: (0..=u8::MAX).map(starting_with).collect(),
            wildcards: wildcards.into(),
        };
        for (pattern, number) in exact {
            index.insert_exact(pattern.as_str().as_bytes(), number);
        }
        index
    }

    /// Tells `visit` the numbers of the most specific patterns that match `name`; never called when
    /// none does.
    #[inline]
    pub fn best(&self, name: &[u8], mut visit: impl FnMut(u16)) {
        let ends = Ends::of(name);
        match self.find_exact(name, ends) {
            Some(exact) if exact.more.is_empty() => visit(exact.number),
            found => self.best_of_several(found, name, ends, &mut visit),
        }
    }

    /// What is left of [`best`](Self::best), which is thereby small enough to be part of its caller.
    #[inline(never)]
    fn best_of_several(
        &self,
        exact: Option<&ExactName>,
        name: &[u8],
        ends: Ends,
        visit: &mut dyn FnMut(u16),
    ) {
        if let Some(exact) = exact {
            visit(exact.number);
            exact.more.iter().copied().for_each(visit);
            return;
        }
        let mut best = None;
        for candidate in self.candidates(ends) {
            if best.is_some_and(|best| best != candidate.specificity) {
                return;
            }
            if candidate.head.fits(ends) && candidate.pattern.matches(name) {
                best = Some(candidate.specificity);
                visit(candidate.number);
            }
        }
    }

    #[inline]
    fn find_exact(&self, name: &[u8], ends: Ends) -> Option<&ExactName> {
        for slot in ends.slots_of(self.exact.len()) {
            let taken = self.exact.get(slot)?.as_ref()?;
            if taken.ends == ends && taken.equals_between_ends(name) {
                return Some(taken);
            }
        }
        None
    }

    fn insert_exact(&mut self, name: &[u8], number: u16) {
        let ends = Ends::of(name);
        for slot in ends.slots_of(self.exact.len()) {
            match self.exact.get_mut(slot) {
                Some(Some(taken)) if *taken.name == *name => return taken.more.push(number),
                Some(Some(_)) => {}
                Some(free) => {
                    *free = Some(ExactName {
                        ends,
                        name: name.into(),
                        number,
                        more: Vec::new(),
                    });
                    return;
                }
                None => return,
            }
        }
    }

    /// The wildcards that can match a name with these ends, the most specific first.
    fn candidates(&self, ends: Ends) -> impl Iterator<Item = &Wildcard> {
        let group = self.candidates.get(usize::from(ends.first_byte()));
        let group = group.map_or(&[][..], |group| group);
        group
            .iter()
            .filter_map(|at| self.wildcards.get(*at as usize))
    }
}

impl fmt::Debug for NameIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.exact.iter().flatten().count();
        write!(
            f,
            "NameIndex({names} names, {} wildcards)",
            self.wildcards.len()
        )
    }
}

/// The first and last bytes of a name and its length, which is all there is to a name of up to
/// sixteen bytes.
///
/// Comparing names by these is a few instructions, where comparing slices is a call. The hash need
/// not withstand chosen names: the table is built from the site's own configuration, and what an
/// attacker sends is only looked up.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Ends {
    /// The first eight bytes, zeros behind a shorter name.
    first: u64,
    /// The last eight bytes, or as `first` for a shorter name.
    last: u64,
    len: usize,
}

impl Ends {
    #[inline]
    fn of(name: &[u8]) -> Self {
        let len = name.len();
        let (first, last) = match (name.first_chunk(), name.last_chunk()) {
            (Some(first), Some(last)) => (u64::from_le_bytes(*first), u64::from_le_bytes(*last)),
            _ => {
                let word = short_word(name);
                (word, word)
            }
        };
        Self { first, last, len }
    }

    /// Whether names with equal ends are equal.
    const fn are_all(self) -> bool {
        self.len <= 16
    }

    /// The first byte, zero for an empty name.
    const fn first_byte(self) -> u8 {
        self.first.to_le_bytes()[0]
    }

    /// The slots where a name with these ends may stand, in order, of a power of two of them.
    #[inline]
    fn slots_of(self, count: usize) -> impl Iterator<Item = usize> {
        let first = self.hash();
        (0..count).map(move |step| first.wrapping_add(step) & (count - 1))
    }

    const fn hash(self) -> usize {
        // A multiplication spreads upwards, so the upper half is the better one.
        const ODD: u64 = 0x9e37_79b9_7f4a_7c15;
        let mixed = self.first.wrapping_add(self.last.rotate_left(20));
        (mixed.wrapping_mul(ODD) >> 32) as usize
    }
}

/// The bytes of a name of at most eight, zeros behind it.
fn short_word(name: &[u8]) -> u64 {
    match (name.first_chunk(), name.last_chunk()) {
        // Two halves that overlap in the middle, where they are equal.
        (Some(first), Some(last)) => {
            let shift = 8 * (name.len() - 4);
            u64::from(u32::from_le_bytes(*first)) | u64::from(u32::from_le_bytes(*last)) << shift
        }
        _ => name
            .iter()
            .rev()
            .fold(0, |word, byte| word << 8 | u64::from(*byte)),
    }
}

/// The text before the first `*` of a pattern, as far as it is within the first eight bytes.
#[derive(Clone, Copy)]
struct Head {
    word: u64,
    /// Ones where the text has bytes.
    mask: u64,
}

impl Head {
    fn of(text: &[u8]) -> Self {
        let missing = 8 * 8usize.saturating_sub(text.len());
        let mask = u64::MAX.checked_shr(missing as u32).unwrap_or(0);
        Self {
            word: Ends::of(text).first,
            mask,
        }
    }

    /// Whether a name with these ends can begin with the text.
    const fn fits(self, ends: Ends) -> bool {
        (ends.first ^ self.word) & self.mask == 0
    }

    /// Whether a name with this first byte can begin with the text.
    const fn fits_first(self, byte: u8) -> bool {
        (byte as u64 ^ self.word) & self.mask & 0xff == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn best(patterns: &[&str], name: &[u8]) -> Vec<u16> {
        let declared = patterns
            .iter()
            .map(|text| NamePattern::parse(text).unwrap());
        let mut numbers = Vec::new();
        NameIndex::new(declared.zip(0..)).best(name, |number| numbers.push(number));
        numbers.sort_unstable();
        numbers
    }

    #[test]
    fn the_most_specific_pattern_speaks_for_a_name() {
        let declared = ["*", "_*", "_ga*", "_ga", "_ga_*", "*_x"];
        for (name, expected) in [
            (&b"_ga"[..], [3]),
            (b"_ga_1", [4]),
            (b"_gat", [2]),
            (b"_gid", [1]),
            (b"sid", [0]),
            (b"", [0]),
            (b"a_x", [5]),
            (b"\xff", [0]),
        ] {
            assert_eq!(best(&declared, name), expected, "{name:?}");
        }
    }

    #[test]
    fn equally_specific_and_repeated_patterns_are_all_told() {
        assert_eq!(best(&["a*", "a*", "*b", "b*"], b"ab"), [0, 1, 2]);
        assert_eq!(best(&["a", "a", "a*"], b"a"), [0, 1]);
    }

    #[test]
    fn a_name_that_nothing_names_is_told_nothing() {
        assert!(best(&[], b"a").is_empty());
        assert!(best(&["a", "b*"], b"c").is_empty());
    }

    #[test]
    fn names_that_differ_in_the_middle_or_in_length_only_are_told_apart() {
        let long =
            ["a".repeat(40), "b".repeat(40)].map(|middle| format!("session_{middle}_session"));
        let declared = [
            &long[0],
            "aaaaaaaa",
            "aaaaaaaaa",
            "aaaaaaaaaaaaaaaa",
            "aaa",
            "aaaa",
        ];
        for (name, number) in declared.iter().zip(0..) {
            assert_eq!(best(&declared, name.as_bytes()), [number]);
        }
        for other in [&long[1], "aaaaaaa", "aaaaa\0\0\0", "aa", "aaa\0", ""] {
            assert!(best(&declared, other.as_bytes()).is_empty(), "{other:?}");
        }
    }

    #[test]
    fn every_one_of_many_names_is_found() {
        let names: Vec<String> = (0..3000).map(|n| format!("name_{n}")).collect();
        let index = NameIndex::new(
            names
                .iter()
                .map(|name| NamePattern::parse(name).unwrap())
                .zip(0..),
        );
        for (name, number) in names.iter().zip(0..) {
            let mut told = Vec::new();
            index.best(name.as_bytes(), |number| told.push(number));
            assert_eq!(told, [number]);
        }
    }
}
