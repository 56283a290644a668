//! Searches in texts that are short, or in which what is looked for stands near the beginning: a word
//! of eight bytes at a time finds it before a search made for long texts has begun.

/// Where the first byte stands that is one of these.
#[inline]
pub(crate) fn find_near<const N: usize>(text: &[u8], wanted: [u8; N]) -> Option<usize> {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    const HIGHEST_BITS: u64 = ONES << 7;
    /// The highest bit is set in the first byte that is `wanted`, in none before it, and perhaps in
    /// later ones.
    const fn mark(word: u64, wanted: u8) -> u64 {
        let others = word ^ (ONES * wanted as u64);
        others.wrapping_sub(ONES) & !others
    }
    let mut words = text.chunks_exact(8);
    let mut at = 0;
    for word in words.by_ref() {
        let word = word
            .first_chunk()
            .map_or(0, |word| u64::from_le_bytes(*word));
        let marks = wanted
            .iter()
            .fold(0, |marks, byte| marks | mark(word, *byte));
        let marks = marks & HIGHEST_BITS;
        if marks != 0 {
            return Some(at + marks.trailing_zeros() as usize / 8);
        }
        at += 8;
    }
    let rest = words.remainder().iter();
    let found = rest.enumerate().find(|(_, byte)| wanted.contains(byte));
    found.map(|(behind, _)| at + behind)
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
