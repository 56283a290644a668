//! Finds ids and digests in a table in a few steps. Whoever chooses them does not know the key, and cannot make many of
//! them meet.

use std::hash::{BuildHasher, Hasher, RandomState};

/// What such tables are built with: a key of their own.
#[derive(Clone, Debug)]
pub(super) struct Keyed {
    begin: u64,
    factor: u64,
}

impl Default for Keyed {
    fn default() -> Self {
        let random = RandomState::new();
        Self {
            begin: random.hash_one(0),
            factor: random.hash_one(1) | 1,
        }
    }
}

impl BuildHasher for Keyed {
    type Hasher = Folded;

    fn build_hasher(&self) -> Folded {
        Folded {
            folded: self.begin,
            factor: self.factor,
        }
    }
}

/// Each word is multiplied in, and the upper half of the product folded onto the lower one.
#[derive(Debug)]
pub(super) struct Folded {
    folded: u64,
    factor: u64,
}

impl Hasher for Folded {
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks();
        for word in words {
            self.write_u64(u64::from_le_bytes(*word));
        }
        for byte in rest {
            self.write_u64(u64::from(*byte));
        }
    }

    fn write_u64(&mut self, word: u64) {
        let product = u128::from(self.folded ^ word) * u128::from(self.factor);
        self.folded = product as u64 ^ (product >> 64) as u64;
    }

    fn write_usize(&mut self, number: usize) {
        self.write_u64(number as u64);
    }

    fn finish(&self) -> u64 {
        self.folded
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn ids_that_differ_in_a_bit_are_spread_over_a_table() {
        let keyed = Keyed::default();
        let near = |bit: u32| (1_u128 << bit).to_le_bytes();
        let found: HashSet<u64> = (0..128).map(|bit| keyed.hash_one(near(bit))).collect();
        assert_eq!(found.len(), 128);
        let places = (0..128).map(|bit| keyed.hash_one(near(bit)) % 1024);
        assert!(places.collect::<HashSet<_>>().len() > 64);
    }

    #[test]
    fn each_table_has_a_key_of_its_own() {
        let id = [7_u8; 16];
        assert_ne!(Keyed::default().hash_one(id), Keyed::default().hash_one(id));
    }
}
