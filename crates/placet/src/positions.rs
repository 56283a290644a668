//! Where a byte stands in a text, everywhere it does: sixty-four bytes are looked at together, so that
//! a byte which stands every few dozen bytes costs no search of its own.

use wide::u8x64;

const BLOCK: usize = 64;

/// The places of a byte in a text, in order.
#[inline]
pub(crate) fn positions(wanted: u8, text: &[u8]) -> Positions<'_> {
    Positions {
        wanted,
        blocks: text.chunks(BLOCK),
        behind: 0,
        marks: 0,
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Positions<'a> {
    wanted: u8,
    /// What was not looked at yet.
    blocks: std::slice::Chunks<'a, u8>,
    /// Where the block ends that was looked at last, had it all its bytes.
    behind: usize,
    /// A bit for every byte of that block, set where the byte stands and was not told yet.
    marks: u64,
}

impl Iterator for Positions<'_> {
    type Item = usize;

    #[inline(always)]
    fn next(&mut self) -> Option<usize> {
        while self.marks == 0 {
            self.marks = marks(self.wanted, self.blocks.next()?);
            self.behind += BLOCK;
        }
        let place = self.marks.trailing_zeros() as usize;
        self.marks &= self.marks - 1;
        Some(self.behind - BLOCK + place)
    }
}

/// A bit for every byte of a block that is the wanted one, the first byte's the lowest.
#[inline]
fn marks(wanted: u8, block: &[u8]) -> u64 {
    match block.first_chunk() {
        Some(whole) => whole_marks(wanted, whole),
        None => {
            // A byte that is not wanted stands for each that is missing.
            let mut filled = [!wanted; BLOCK];
            for (place, byte) in filled.iter_mut().zip(block) {
                *place = *byte;
            }
            whole_marks(wanted, &filled)
        }
    }
}

#[inline]
fn whole_marks(wanted: u8, block: &[u8; BLOCK]) -> u64 {
    u8x64::new(*block)
        .simd_eq(u8x64::splat(wanted))
        .to_bitmask()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_place_of_the_byte_is_told(text in prop::collection::vec(
            prop_oneof![Just(b';'), Just(!b';'), any::<u8>()], 0..200,
        )) {
            let told: Vec<usize> = positions(b';', &text).collect();
            let all: Vec<usize> = (0..text.len()).filter(|at| text[*at] == b';').collect();
            prop_assert_eq!(told, all);
        }
    }
}
