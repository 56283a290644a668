//! Searches in which what is looked for stands near the beginning: sixteen bytes are looked at
//! together, and it is found before a search made for long texts has begun.

use wide::u8x16;

const BLOCK: usize = 16;

/// Where the first byte stands that is one of these.
#[inline]
pub(crate) fn find_near<const N: usize>(text: &[u8], wanted: [u8; N]) -> Option<usize> {
    find_marked(
        text,
        |block| marks(block, wanted),
        |byte| wanted.contains(&byte),
    )
}

/// Where the first byte stands that is marked: `marks` has a bit for every byte of a block, the first byte's the
/// lowest, and `is_marked` says the same of each byte of a text that is shorter than a block.
#[inline(always)]
pub(crate) fn find_marked(
    text: &[u8],
    marks: impl Fn(&[u8; BLOCK]) -> u32,
    is_marked: impl Fn(u8) -> bool,
) -> Option<usize> {
    let mut rest = text;
    while let Some((block, after)) = rest.split_first_chunk() {
        let marks = marks(block);
        if marks != 0 {
            return Some(text.len() - rest.len() + marks.trailing_zeros() as usize);
        }
        rest = after;
    }
    if rest.is_empty() {
        return None;
    }
    // The last block reaches back to where nothing was found.
    if let Some(last) = text.last_chunk() {
        let marks = marks(last);
        return (marks != 0).then(|| text.len() - BLOCK + marks.trailing_zeros() as usize);
    }
    text.iter().position(|byte| is_marked(*byte))
}

/// A bit for every byte of a block that is one of the wanted, the first byte's the lowest.
#[inline]
fn marks<const N: usize>(block: &[u8; BLOCK], wanted: [u8; N]) -> u32 {
    let block = u8x16::new(*block);
    wanted
        .iter()
        .map(|byte| block.simd_eq(u8x16::splat(*byte)))
        .fold(u8x16::ZERO, |marks, these| marks | these)
        .to_bitmask()
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
