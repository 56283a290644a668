//! Many [`NamePattern`]s, asked at once which of them names a cookie best.

use std::cmp::Reverse;
use std::collections::BTreeMap;
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
    /// A power of two of slots, at most half of them taken. An exact name stands in the slot of its
    /// hash or, where that is taken, in the next free one.
    slots: Box<[Option<Slot>]>,
    /// The exact names.
    exact: Box<[ExactName]>,
    /// The patterns with `*`, the most specific first.
    wildcards: Box<[Wildcard]>,
    /// By the [`Name::group`] of a name, which of the wildcards can match it.
    candidates: Box<[Box<[u32]>]>,
}

/// What most lookups need of an exact name and no more, so that many fit into the fastest memory.
#[derive(Clone, Copy)]
struct Slot {
    start: u128,
    len: u32,
    /// Its place among the exact names.
    place: u32,
    /// The number, if there is only one.
    only: Option<u16>,
}

#[derive(Clone)]
struct ExactName {
    name: Box<[u8]>,
    numbers: Vec<u16>,
}

#[derive(Clone)]
struct Wildcard {
    head: Head,
    /// Whether the names with that head are the names that match.
    head_is_all: bool,
    specificity: Specificity,
    pattern: NamePattern,
    number: u16,
}

impl Wildcard {
    fn matches(&self, name: Name<'_>) -> bool {
        self.head.fits(name.start) && (self.head_is_all || self.pattern.matches(name.bytes))
    }
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
                head_is_all: Head::is_all_of(&pattern),
                specificity: pattern.specificity(),
                pattern,
                number,
            })
            .collect();
        wildcards.sort_by_key(|wildcard| Reverse(wildcard.specificity));
        let in_group = |group: usize| {
            let fitting = wildcards
                .iter()
                .zip(0..)
                .filter(|(w, _)| w.head.fits_in_group(group));
            fitting.map(|(_, at)| at).collect()
        };

        let mut by_name = BTreeMap::<_, Vec<_>>::new();
        for (pattern, number) in &exact {
            let name = pattern.as_bytes();
            by_name.entry(name).or_default().push(*number);
        }
        let mut index = Self {
            slots: vec![None; (by_name.len() * 2).next_power_of_two()].into(),
            exact: by_name
                .iter()
                .map(|(name, numbers)| ExactName {
                    name: (*name).into(),
                    numbers: numbers.clone(),
                })
                .collect(),
            candidates: (0..GROUPS).map(in_group).collect(),
            wildcards: wildcards.into(),
        };
        for ((name, numbers), place) in by_name.into_iter().zip(0..) {
            let name = Name::of(name);
            if let Some(free) = index.free_slot(name) {
                *free = Some(Slot {
                    start: name.start,
                    len: name.bytes.len() as u32,
                    place,
                    only: match *numbers {
                        [number] => Some(number),
                        _ => None,
                    },
                });
            }
        }
        index
    }

    /// The number of what is declared under exactly this name, if it is declared once: most of what
    /// [`best`](Self::best) is asked for, in a few instructions.
    #[inline]
    pub(crate) fn only(&self, name: Name<'_>) -> Option<u16> {
        self.find_exact(name)?.only
    }

    /// Tells `visit` the numbers of the most specific patterns that match `name`; never called when
    /// none does.
    pub fn best(&self, name: &[u8], visit: impl FnMut(u16)) {
        let name = Name::of(name);
        if let Some(slot) = self.find_exact(name) {
            let exact = self.exact.get(slot.place as usize);
            let numbers = exact.map_or(&[][..], |exact| &exact.numbers);
            numbers.iter().copied().for_each(visit);
            return;
        }
        self.best_wildcards(name, visit);
    }

    /// The same for a name that is none of the exact ones.
    pub(crate) fn best_wildcards(&self, name: Name<'_>, mut visit: impl FnMut(u16)) {
        let mut best = None;
        for candidate in self.candidates(name) {
            if best.is_some_and(|best| best != candidate.specificity) {
                return;
            }
            if candidate.matches(name) {
                best = Some(candidate.specificity);
                visit(candidate.number);
            }
        }
    }

    #[inline]
    fn find_exact(&self, name: Name<'_>) -> Option<&Slot> {
        let mut at = name.hash();
        loop {
            let slot = self.slots.get(self.in_table(at))?.as_ref()?;
            if slot.start == name.start
                && slot.len as usize == name.bytes.len()
                && (name.is_all_start() || self.is_name_of(slot, name))
            {
                return Some(slot);
            }
            at = at.wrapping_add(1);
        }
    }

    /// The free slot that the search for a name comes to.
    fn free_slot(&mut self, name: Name<'_>) -> Option<&mut Option<Slot>> {
        let mut at = name.hash();
        while self.slots.get(self.in_table(at))?.is_some() {
            at = at.wrapping_add(1);
        }
        self.slots.get_mut(self.in_table(at))
    }

    fn is_name_of(&self, slot: &Slot, name: Name<'_>) -> bool {
        let exact = self.exact.get(slot.place as usize);
        exact.is_some_and(|exact| *exact.name == *name.bytes)
    }

    /// The slot at a place of the table that goes round; past the end of an empty one.
    #[inline]
    const fn in_table(&self, at: usize) -> usize {
        at & self.slots.len().wrapping_sub(1)
    }

    /// The wildcards that can match a name, by how it begins, the most specific first.
    fn candidates(&self, name: Name<'_>) -> impl Iterator<Item = &Wildcard> {
        let group = self.candidates.get(name.group());
        let group = group.map_or(&[][..], |group| group);
        group
            .iter()
            .filter_map(|at| self.wildcards.get(*at as usize))
    }
}

impl fmt::Debug for NameIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.exact.len();
        write!(
            f,
            "NameIndex({names} names, {} wildcards)",
            self.wildcards.len()
        )
    }
}

/// How many groups names are told apart by.
const GROUPS: usize = 256;

/// The group of the names that begin so, by their first two bytes.
const fn group_of(start: u128) -> usize {
    let (first, second) = (start as u8, (start >> 8) as u8);
    (first ^ second.rotate_left(3)) as usize
}

/// A name to look up, and its first sixteen bytes as a number, which is all there is to most.
///
/// Comparing names by these is a few instructions, where comparing slices is a call. The hash need
/// not withstand chosen names: the table is built from the site's own configuration, and what an
/// attacker sends is only looked up.
#[derive(Clone, Copy)]
pub(crate) struct Name<'n> {
    bytes: &'n [u8],
    /// Zeros behind a shorter name.
    start: u128,
}

impl<'n> Name<'n> {
    #[inline]
    pub(crate) fn of(bytes: &'n [u8]) -> Self {
        let start = start_of(bytes);
        Self { bytes, start }
    }

    /// A name of which the start is known.
    #[cfg(feature = "fast")]
    pub(crate) const fn with_start(bytes: &'n [u8], start: u128) -> Self {
        Self { bytes, start }
    }

    #[cfg(feature = "fast")]
    pub(crate) const fn start(self) -> u128 {
        self.start
    }

    /// Whether names of equal length that begin so are equal.
    const fn is_all_start(self) -> bool {
        self.bytes.len() <= 16
    }

    /// Where the search for a name begins.
    #[inline]
    fn hash(self) -> usize {
        match self.bytes.last_chunk() {
            // Long names often begin alike.
            Some(last) if !self.is_all_start() => {
                hash(self.start ^ u128::from(u64::from_le_bytes(*last)))
            }
            _ => hash(self.start),
        }
    }

    /// The group of the wildcards that it may match.
    const fn group(self) -> usize {
        group_of(self.start)
    }
}

/// Where the search for a name begins that begins so.
#[inline(always)]
pub(crate) const fn hash(start: u128) -> usize {
    // A multiplication spreads upwards, so the upper half is the better one.
    const ODD: u64 = 0x9e37_79b9_7f4a_7c15;
    let mixed = (start as u64).wrapping_add(((start >> 64) as u64).rotate_left(20));
    (mixed.wrapping_mul(ODD) >> 32) as usize
}

/// Of these sixteen bytes the first `len`, of at most fifteen, with zeros behind them.
#[cfg(feature = "fast")]
#[inline(always)]
pub(crate) fn start_of_sixteen(bytes: &[u8; 16], len: usize) -> u128 {
    #[expect(clippy::indexing_slicing, reason = "evaluated by the compiler")]
    const MASKS: [u128; 16] = {
        let mut masks = [0; 16];
        let mut len = 0;
        while len < 16 {
            masks[len] = (1 << (8 * len)) - 1;
            len += 1;
        }
        masks
    };
    u128::from_le_bytes(*bytes) & MASKS.get(len & 15).copied().unwrap_or(0)
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

/// The first sixteen bytes of a name, zeros behind a shorter one.
fn start_of(name: &[u8]) -> u128 {
    match name.split_first_chunk() {
        Some((first, rest)) => {
            let second = rest
                .first_chunk()
                .map_or_else(|| short_word(rest), |second| u64::from_le_bytes(*second));
            u128::from(u64::from_le_bytes(*first)) | u128::from(second) << 64
        }
        None => u128::from(short_word(name)),
    }
}

/// The text before the first `*` of a pattern, as far as it is within the first sixteen bytes.
#[derive(Clone, Copy)]
struct Head {
    start: u128,
    /// Ones where the text has bytes.
    mask: u128,
}

impl Head {
    fn of(text: &[u8]) -> Self {
        let missing = 8 * 16usize.saturating_sub(text.len());
        Self {
            start: start_of(text),
            mask: u128::MAX.checked_shr(missing as u32).unwrap_or(0),
        }
    }

    /// Whether there is nothing to a pattern but its head: up to sixteen bytes, then `*`.
    fn is_all_of(pattern: &NamePattern) -> bool {
        // No pattern holds the zeros that stand behind a shorter name.
        pattern.head().len() <= 16 && pattern.as_str().len() == pattern.head().len() + 1
    }

    /// Whether a name with this start can begin with the text.
    const fn fits(self, start: u128) -> bool {
        (start ^ self.start) & self.mask == 0
    }

    /// Whether a name of this group can begin with the text.
    const fn fits_in_group(self, group: usize) -> bool {
        self.mask & 0xffff != 0xffff || group_of(self.start) == group
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
