//! What the index of ids certainly does not have, without looking: almost every id that is added.
//!
//! Bloom filters whose bits for one id lie together: when one is full, a larger one is begun, so that nothing is read
//! again. They learn what the index holds already a little with every batch, and say nothing until they know all of it;
//! what is brought in afterwards, they are told.

use placet::ChoiceId;
use rusqlite::{Connection, params};

use crate::store::{StoreError, packed};

/// Bytes for each id: with two of them, one look in a thousand is in vain.
const BYTES_FOR_EACH: usize = 2;
/// The least and the most ids one has room for. With more of them, more looks are in vain.
const ROOM: std::ops::RangeInclusive<usize> = (1 << 18)..=(1 << 24);
/// How many times as large as the one before the next one is.
const GROWTH: usize = 4;
/// How many bits stand for one id.
const BITS_OF_ONE: u32 = 6;

/// As many bits as a processor fetches at once.
type Block = [u64; 8];

/// Which ids the index may have.
#[derive(Debug, Default)]
pub(super) struct Filter {
    /// From the first to the one that learns now.
    layers: Vec<Layer>,
    read: Read,
}

/// Some of the ids.
#[derive(Debug)]
struct Layer {
    /// A power of two of them.
    blocks: Vec<Block>,
    /// How many ids it was told.
    count: usize,
}

/// How far it has read the index.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
enum Read {
    #[default]
    Nothing,
    UpTo(Vec<u8>),
    All,
}

impl Filter {
    /// Whether the index may have this id.
    pub(super) fn may_have(&self, id: ChoiceId) -> bool {
        let (place, bits) = place(id);
        self.read != Read::All || self.layers.iter().any(|layer| layer.has(place, &bits))
    }

    /// The index has this id now.
    pub(super) fn learn(&mut self, id: ChoiceId) {
        let Some(last) = self.layers.last() else {
            // It will be read with all others.
            return;
        };
        if last.count >= last.room() && last.room() < *ROOM.end() {
            let next = Layer::with_room(GROWTH * last.room());
            self.layers.push(next);
        }
        let (place, bits) = place(id);
        if let Some(last) = self.layers.last_mut() {
            last.learn(place, &bits);
        }
    }

    /// Reads at most so many more ids of the index, in which there are `indexed` at most.
    pub(super) fn read_some(
        &mut self,
        connection: &Connection,
        indexed: i64,
        most: usize,
    ) -> Result<(), StoreError> {
        if self.layers.is_empty() {
            let wanted = usize::try_from(indexed).unwrap_or(usize::MAX);
            self.layers.push(Layer::with_room(wanted.saturating_mul(2)));
        }
        let after: &[u8] = match &self.read {
            Read::All => return Ok(()),
            Read::Nothing => &[],
            Read::UpTo(id) => id,
        };
        let line = "SELECT id FROM ids WHERE id > ?1 ORDER BY id LIMIT ?2";
        let mut find = connection.prepare_cached(line)?;
        let limit = i64::try_from(most).unwrap_or(i64::MAX);
        let mut rows = find.query(params![after, limit])?;
        let mut found = 0;
        let mut last = Vec::new();
        while let Some(row) = rows.next()? {
            found += 1;
            let id = row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?;
            // What is no id is found by who verifies.
            if let Some(id) = packed::read_id(id) {
                self.learn(id);
            }
            if found == most {
                last.extend_from_slice(id);
            }
        }
        self.read = if found == most {
            Read::UpTo(last)
        } else {
            Read::All
        };
        Ok(())
    }
}

impl Layer {
    /// One for so many ids, or about as many as there may be.
    fn with_room(ids: usize) -> Self {
        let bytes = ids.clamp(*ROOM.start(), *ROOM.end()).next_power_of_two() * BYTES_FOR_EACH;
        Self {
            blocks: vec![[0; 8]; bytes / size_of::<Block>()],
            count: 0,
        }
    }

    /// For how many ids it was made.
    const fn room(&self) -> usize {
        self.blocks.len() * size_of::<Block>() / BYTES_FOR_EACH
    }

    const fn at(&self, place: usize) -> usize {
        place & self.blocks.len().wrapping_sub(1)
    }

    fn has(&self, place: usize, bits: &Block) -> bool {
        self.blocks.get(self.at(place)).is_none_or(|block| {
            let mut both = block.iter().zip(bits);
            both.all(|(block, bits)| block & bits == *bits)
        })
    }

    fn learn(&mut self, place: usize, bits: &Block) {
        let at = self.at(place);
        if let Some(block) = self.blocks.get_mut(at) {
            for (block, bits) in block.iter_mut().zip(bits) {
                *block |= bits;
            }
            self.count += 1;
        }
    }
}

/// Which block of as many as there are, and which bits of it.
fn place(id: ChoiceId) -> (usize, Block) {
    let number = u128::from_le_bytes(*id.as_bytes());
    let (low, high) = (number as u64, (number >> 64) as u64);
    // Ids are random where this project makes them, which does not hold for all of them.
    let mix = (low ^ high.rotate_left(29)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let other = (high ^ low.rotate_left(41) ^ mix >> 32).wrapping_mul(0xd6e8_feb8_6659_fd93);
    let mut bits = [0; 8];
    for turn in 0..BITS_OF_ONE {
        let bit = other >> (64 - 9 * (turn + 1));
        if let Some(word) = bits.get_mut((bit >> 6 & 7) as usize) {
            *word |= 1 << (bit & 63);
        }
    }
    ((mix >> 32) as usize, bits)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn index(ids: &[[u8; 16]]) -> Connection {
        let index = Connection::open_in_memory().unwrap();
        let table = "CREATE TABLE ids (id BLOB PRIMARY KEY, number INTEGER NOT NULL) WITHOUT ROWID";
        index.execute_batch(table).unwrap();
        for (number, id) in ids.iter().enumerate() {
            let number = i64::try_from(number).unwrap();
            index
                .execute(
                    "INSERT OR IGNORE INTO ids VALUES (?1, ?2)",
                    params![id, number],
                )
                .unwrap();
        }
        index
    }

    fn spread(number: u64) -> [u8; 16] {
        let mut bytes = [0; 16];
        let half = number.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        bytes[..8].copy_from_slice(&half.to_le_bytes());
        bytes[8..].copy_from_slice(&(half ^ half >> 31).wrapping_mul(half | 1).to_le_bytes());
        bytes
    }

    proptest! {
        #[test]
        fn what_the_index_has_is_never_denied(
            before in proptest::collection::vec(any::<[u8; 16]>(), 0..40),
            later in proptest::collection::vec(any::<[u8; 16]>(), 0..10),
            steps in proptest::collection::vec(1..9_usize, 1..12),
        ) {
            let index = index(&before);
            let mut filter = Filter::default();
            for most in steps {
                filter.read_some(&index, 40, most).unwrap();
                for id in &before {
                    prop_assert!(filter.may_have(ChoiceId::from_bytes(*id)));
                }
            }
            for id in &later {
                filter.learn(ChoiceId::from_bytes(*id));
            }
            for id in before.iter().chain(&later) {
                prop_assert!(filter.may_have(ChoiceId::from_bytes(*id)));
            }
        }
    }

    #[test]
    fn what_the_index_does_not_have_is_denied_almost_always_once_all_of_it_was_read() {
        let ids: Vec<_> = (0..20_000).map(spread).collect();
        let index = index(&ids);
        let mut filter = Filter::default();
        let other = |number| ChoiceId::from_bytes(spread(number));
        assert!(filter.may_have(other(1 << 40)), "nothing is known yet");
        for _ in 0..4 {
            filter.read_some(&index, 20_000, 5_000).unwrap();
            assert!(filter.may_have(other(1 << 40)), "not all is known yet");
        }
        filter.read_some(&index, 20_000, 5_000).unwrap();
        let in_vain = (0..100_000).filter(|number| filter.may_have(other((1 << 40) + number)));
        assert!(in_vain.count() < 500);
    }

    #[test]
    fn it_grows_with_what_it_is_told_and_reads_nothing_again() {
        let first = ChoiceId::from_bytes(spread(0));
        let index = index(&[spread(0)]);
        let mut filter = Filter::default();
        filter.read_some(&index, 0, 2).unwrap();
        index.execute_batch("DELETE FROM ids").unwrap();
        let room = *ROOM.start() as u64;
        for number in 1..=room {
            filter.learn(ChoiceId::from_bytes(spread(number)));
        }
        filter.read_some(&index, 0, 2).unwrap();
        let rooms: Vec<_> = filter.layers.iter().map(Layer::room).collect();
        assert_eq!(rooms, [*ROOM.start(), GROWTH * ROOM.start()]);
        assert!(filter.may_have(first));
        assert!(filter.may_have(ChoiceId::from_bytes(spread(room))));
        let in_vain = (0..10_000)
            .map(|number| ChoiceId::from_bytes(spread((1 << 40) + number)))
            .filter(|id| filter.may_have(*id));
        assert!(in_vain.count() < 100);
    }
}
