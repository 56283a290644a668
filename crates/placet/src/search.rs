//! Searches for bytes: with the feature `fast` by vectors, without it by the shortest loops that find
//! the same.

#[cfg(feature = "fast")]
pub(crate) use crate::near::find_near;
#[cfg(feature = "fast")]
pub(crate) use crate::positions::{Positions, positions};
#[cfg(feature = "fast")]
pub(crate) use memchr::{memchr, memchr2, memmem::find, memrchr};
#[cfg(not(feature = "fast"))]
pub(crate) use short::{Positions, find, find_near, memchr, memchr2, memrchr, positions};

/// What stands between the bytes of one kind, in order: `slice::split` for short texts, written once for
/// all of them.
pub(crate) fn split(text: &[u8], separator: u8) -> Split<'_> {
    Split {
        rest: Some(text),
        separator,
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Split<'a> {
    rest: Option<&'a [u8]>,
    separator: u8,
}

impl<'a> Split<'a> {
    /// What was not told yet, if there is anything.
    pub(crate) const fn rest(&self) -> Option<&'a [u8]> {
        self.rest
    }
}

impl<'a> Iterator for Split<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let text = self.rest?;
        let end = find_near(text, [self.separator]).unwrap_or(text.len());
        self.rest = text.get(end + 1..);
        text.get(..end)
    }
}

#[cfg(any(test, not(feature = "fast")))]
mod short {
    pub(crate) fn memchr(wanted: u8, text: &[u8]) -> Option<usize> {
        text.iter().position(|byte| *byte == wanted)
    }

    pub(crate) fn memchr2(one: u8, other: u8, text: &[u8]) -> Option<usize> {
        text.iter().position(|byte| *byte == one || *byte == other)
    }

    pub(crate) fn memrchr(wanted: u8, text: &[u8]) -> Option<usize> {
        text.iter().rposition(|byte| *byte == wanted)
    }

    pub(crate) fn positions(wanted: u8, text: &[u8]) -> Positions<'_> {
        Positions {
            wanted,
            text: text.iter().enumerate(),
        }
    }

    #[derive(Clone, Debug)]
    pub(crate) struct Positions<'a> {
        wanted: u8,
        text: std::iter::Enumerate<std::slice::Iter<'a, u8>>,
    }

    impl Iterator for Positions<'_> {
        type Item = usize;

        fn next(&mut self) -> Option<usize> {
            let (at, _) = self.text.find(|(_, byte)| **byte == self.wanted)?;
            Some(at)
        }
    }

    pub(crate) fn find_near<const N: usize>(text: &[u8], wanted: [u8; N]) -> Option<usize> {
        text.iter()
            .position(|byte| wanted.iter().any(|wanted| wanted == byte))
    }

    /// Takes as long as both texts together take multiplied, where `memmem` takes their sum: what is
    /// looked for has at most 256 bytes, and the page that looks is the page that would wait.
    pub(crate) fn find(text: &[u8], part: &[u8]) -> Option<usize> {
        (0..=text.len()).find(|at| text.get(*at..).is_some_and(|rest| rest.starts_with(part)))
    }
}

#[cfg(all(test, feature = "fast"))]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::short;

    proptest! {
        #[test]
        fn the_short_loops_find_what_the_vectors_find(
            text in vec(b'a'..=b'c', 0..40), part in vec(b'a'..=b'c', 0..4),
        ) {
            prop_assert_eq!(short::memchr(b'b', &text), super::memchr(b'b', &text));
            prop_assert_eq!(short::memrchr(b'b', &text), super::memrchr(b'b', &text));
            prop_assert_eq!(short::memchr2(b'c', b'b', &text), super::memchr2(b'c', b'b', &text));
            let wanted = [b'c', b'b'];
            prop_assert_eq!(short::find_near(&text, wanted), super::find_near(&text, wanted));
            prop_assert!(short::positions(b'c', &text).eq(super::positions(b'c', &text)));
            prop_assert!(super::split(&text, b'b').eq(text.split(|byte| *byte == b'b')));
            prop_assert_eq!(short::find(&text, &part), super::find(&text, &part));
        }
    }
}
