//! Many [`NamePattern`]s, asked at once which of them names a cookie best.

use std::collections::HashMap;

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
#[derive(Clone, Debug, Default)]
pub struct NameIndex {
    exact: HashMap<Box<[u8]>, Vec<u16>>,
    /// The most specific first.
    wildcards: Vec<(Specificity, NamePattern, u16)>,
}

impl NameIndex {
    /// Builds the index.
    pub fn new(declared: impl IntoIterator<Item = (NamePattern, u16)>) -> Self {
        let mut index = Self::default();
        for (pattern, number) in declared {
            if pattern.is_exact() {
                let name = pattern.as_str().as_bytes().into();
                index.exact.entry(name).or_default().push(number);
            } else {
                index
                    .wildcards
                    .push((pattern.specificity(), pattern, number));
            }
        }
        index
            .wildcards
            .sort_by_key(|(specificity, ..)| std::cmp::Reverse(*specificity));
        index
    }

    /// Tells `visit` the numbers of the most specific patterns that match `name`; never called when
    /// none does.
    pub fn best(&self, name: &[u8], mut visit: impl FnMut(u16)) {
        if let Some(numbers) = self.exact.get(name) {
            numbers.iter().copied().for_each(visit);
            return;
        }
        let mut best = None;
        for (specificity, pattern, number) in &self.wildcards {
            if best.is_some_and(|best| best != *specificity) {
                return;
            }
            if pattern.matches(name) {
                best = Some(*specificity);
                visit(*number);
            }
        }
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
}
