//! The patterns of [`NameIndex`](crate::NameIndex) in a list that is walked through: what a page
//! needs, which asks for a few names and downloads every byte of the code.

#![cfg_attr(
    feature = "fast",
    expect(unreachable_pub, reason = "here for the test alone")
)]

use crate::name_pattern::NamePattern;

/// As [`NameIndex`](crate::NameIndex), with the same answers.
#[derive(Clone, Debug, Default)]
pub struct NameList {
    declared: Vec<(NamePattern, u16)>,
}

impl NameList {
    /// Builds the list.
    pub fn new(declared: impl IntoIterator<Item = (NamePattern, u16)>) -> Self {
        Self {
            declared: declared.into_iter().collect(),
        }
    }

    /// No short way: the caller asks for the best.
    #[cfg(not(feature = "fast"))]
    pub(crate) const fn only(&self, _name: &[u8]) -> Option<u16> {
        None
    }

    /// Tells `visit` the numbers of the most specific patterns that match `name`; never called when
    /// none does.
    pub fn best(&self, name: &[u8], mut visit: impl FnMut(u16)) {
        let mut best = None;
        for (pattern, _) in &self.declared {
            if pattern.matches(name) {
                best = best.max(Some(pattern.specificity()));
            }
        }
        for (pattern, number) in &self.declared {
            if best == Some(pattern.specificity()) && pattern.matches(name) {
                visit(*number);
            }
        }
    }
}

#[cfg(all(test, feature = "fast"))]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::NameList;
    use crate::{NameIndex, NamePattern};

    proptest! {
        #[test]
        fn the_list_tells_what_the_index_tells(
            patterns in vec("[ab*]{1,4}", 0..12), name in "[ab]{0,5}",
        ) {
            let declared: Vec<_> = patterns
                .iter()
                .filter_map(|text| NamePattern::parse(text).ok())
                .zip(0..)
                .collect();
            let (mut listed, mut indexed) = (Vec::new(), Vec::new());
            NameList::new(declared.clone()).best(name.as_bytes(), |number| listed.push(number));
            NameIndex::new(declared).best(name.as_bytes(), |number| indexed.push(number));
            prop_assert_eq!(listed, indexed);
        }
    }
}
