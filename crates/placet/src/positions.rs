//! Where a byte stands in a text, everywhere it does: sixty-four bytes are looked at together, so that
//! a byte which stands every few dozen bytes costs no search of its own.

use wide::u8x64;

const BLOCK: usize = 64;

/// The places of a byte in a text, in order.
#[inline]
pub(crate) fn positions(wanted: u8, text: &[u8]) -> Positions<'_> {
    Positions {
        wanted,
        rest: text,
        behind: 0,
        marks: 0,
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Positions<'a> {
    wanted: u8,
    /// What was not looked at yet.
    rest: &'a [u8],
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
            self.marks = if let Some((block, rest)) = self.rest.split_first_chunk() {
                self.rest = rest;
                marks(self.wanted, block)
            } else if self.rest.is_empty() {
                return None;
            } else {
                last_marks(self.wanted, std::mem::take(&mut self.rest))
            };
            self.behind += BLOCK;
        }
        let place = self.marks.trailing_zeros() as usize;
        self.marks &= self.marks - 1;
        Some(self.behind - BLOCK + place)
    }
}

/// A bit for every byte of a block that is the wanted one, the first byte's the lowest.
#[inline]
fn marks(wanted: u8, block: &[u8; BLOCK]) -> u64 {
    u8x64::new(*block)
        .simd_eq(u8x64::splat(wanted))
        .to_bitmask()
}

/// The same of what is left behind the last whole block.
#[cold]
#[inline(never)]
fn last_marks(wanted: u8, rest: &[u8]) -> u64 {
    // A byte that is not wanted stands for each that is missing.
    let mut block = [!wanted; BLOCK];
    for (place, byte) in block.iter_mut().zip(rest) {
        *place = *byte;
    }
    marks(wanted, &block)
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
