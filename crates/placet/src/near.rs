//! Searches in which what is looked for stands near the beginning: sixteen bytes are looked at
//! together, and it is found before a search made for long texts has begun.

use wide::u8x16;

const BLOCK: usize = 16;

/// Where the first byte stands that is one of these.
#[inline]
pub(crate) fn find_near<const N: usize>(text: &[u8], wanted: [u8; N]) -> Option<usize> {
    let mut rest = text;
    while let Some((block, after)) = rest.split_first_chunk::<BLOCK>() {
        let block = u8x16::new(*block);
        let marks = wanted
            .iter()
            .map(|byte| block.simd_eq(u8x16::splat(*byte)))
            .fold(u8x16::ZERO, |marks, these| marks | these)
            .to_bitmask();
        if marks != 0 {
            return Some(text.len() - rest.len() + marks.trailing_zeros() as usize);
        }
        rest = after;
    }
    let found = rest.iter().position(|byte| wanted.contains(byte));
    found.map(|place| text.len() - rest.len() + place)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_first_byte_of_the_wanted_is_found(text in prop::collection::vec(
            prop_oneof![Just(b'='), Just(b'%'), Just(b'<'), Just(b'>'), any::<u8>()], 0..40,
        )) {
            let first = |wanted: &[u8]| text.iter().position(|byte| wanted.contains(byte));
            prop_assert_eq!(find_near(&text, [b'=']), first(b"="));
            prop_assert_eq!(find_near(&text, [b'=', b'%']), first(b"=%"));
        }
    }
}
