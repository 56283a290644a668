//! The distinct cookies of a survey, found by what tells them apart without copying it first.

use std::hash::{BuildHasher, Hash, Hasher};
use std::mem;

use hashbrown::HashTable;
use rustc_hash::FxBuildHasher;

use super::conditions::Party;
use super::observation::{Observation, ObservationKey, Origin};

/// Observations that can be found by their keys, at most [`Store::MOST`] of them with sightings.
///
/// A store that was merged into another has no sightings any more, but still knows its keys: the
/// next part of a recording mostly holds the same cookies.
#[derive(Clone, Debug, Default)]
pub(super) struct Store {
    all: Vec<Slot>,
    /// Numbers, each beside the hash of its key.
    by_key: HashTable<(u64, Number)>,
    /// What was seen, in the order of the first sighting.
    seen: Vec<Number>,
    overflowed: u64,
}

#[derive(Clone, Debug)]
struct Slot {
    observation: Observation,
    is_seen: bool,
    /// Its number in the store that this one was merged into last.
    elsewhere: Option<Number>,
}

/// The number of an observation in its store.
pub(super) type Number = u32;

impl Store {
    /// Distinct cookies that are kept; what comes after is counted and not told apart.
    pub(super) const MOST: usize = 100_000;

    /// Keys that are remembered without sightings; with more all are forgotten.
    pub(super) const MOST_KEYS: usize = 16_384;

    /// What was seen, in the order of the first sighting.
    pub(super) fn seen(&self) -> impl Iterator<Item = &Observation> {
        let slots = self.seen.iter().filter_map(|number| self.slot(*number));
        slots.map(|slot| &slot.observation)
    }

    /// How many keys it knows, seen or not.
    pub(super) fn keys(&self) -> usize {
        self.all.len()
    }

    pub(super) const fn overflowed(&self) -> u64 {
        self.overflowed
    }

    fn slot(&self, number: Number) -> Option<&Slot> {
        self.all.get(usize::try_from(number).ok()?)
    }

    /// The observation of that number, which is seen now; `None` when the store is full.
    pub(super) fn see(&mut self, number: Number) -> Option<&mut Observation> {
        let slot = self.all.get_mut(usize::try_from(number).ok()?)?;
        if !slot.is_seen {
            if self.seen.len() >= Self::MOST {
                return None;
            }
            slot.is_seen = true;
            self.seen.push(number);
        }
        Some(&mut slot.observation)
    }

    /// Counts a sighting that could not be kept apart.
    pub(super) const fn overflow(&mut self, sightings: u64) {
        self.overflowed += sightings;
    }

    /// The observation of a key, new where there was none; `None` when the store is full.
    pub(super) fn of(&mut self, key: ObservationKey) -> Option<Number> {
        let hash = hash_of(&key);
        self.find(hash, |known| *known == key)
            .or_else(|| self.insert(hash, key))
    }

    /// The observation of a cookie that was sent; see [`Self::of`].
    pub(super) fn of_sent(
        &mut self,
        name: &[u8],
        host: &[u8],
        party: Party,
        plain_http: bool,
    ) -> Option<Number> {
        let hash = hash_of_parts(name, host, Origin::Sent);
        let is_it = |known: &ObservationKey| {
            known.origin == Origin::Sent
                && known.name == name
                && known.host == host
                && known.party == party
                && known.plain_http == plain_http
        };
        self.find(hash, is_it)
            .or_else(|| self.insert(hash, ObservationKey::sent(name, host, party, plain_http)))
    }

    fn find(&self, hash: u64, is_it: impl Fn(&ObservationKey) -> bool) -> Option<Number> {
        let known = |(known, number): &(u64, Number)| {
            *known == hash
                && self
                    .slot(*number)
                    .is_some_and(|slot| is_it(&slot.observation.key))
        };
        self.by_key.find(hash, known).map(|(_, number)| *number)
    }

    fn insert(&mut self, hash: u64, key: ObservationKey) -> Option<Number> {
        if self.seen.len() >= Self::MOST {
            return None;
        }
        let number = Number::try_from(self.all.len()).ok()?;
        self.all.push(Slot {
            observation: Observation::new(key),
            is_seen: false,
            elsewhere: None,
        });
        self.by_key
            .insert_unique(hash, (hash, number), |(hash, _)| *hash);
        Some(number)
    }

    /// Takes over what a later part saw, which has then seen nothing; `renumbered` turns its
    /// numbers of standings into ours.
    pub(super) fn merge(&mut self, later: &mut Self, renumbered: &[Option<u16>]) {
        self.overflowed += mem::take(&mut later.overflowed);
        for number in later.seen.drain(..) {
            let slot = usize::try_from(number)
                .ok()
                .and_then(|at| later.all.get_mut(at));
            let Some(slot) = slot else { continue };
            let key = &slot.observation.key;
            let is_it = |number: &Number| {
                self.slot(*number)
                    .is_some_and(|known| known.observation.key == *key)
            };
            slot.elsewhere = slot.elsewhere.filter(is_it).or_else(|| self.of_known(key));
            match slot.elsewhere.and_then(|number| self.see(number)) {
                Some(known) => {
                    let number = |standing| *renumbered.get(usize::from(standing))?;
                    known.merge(&slot.observation, number);
                }
                None => self.overflowed += slot.observation.seen().count,
            }
            slot.observation.forget();
            slot.is_seen = false;
        }
    }

    /// Like [`Self::of`], for a key that another store keeps.
    fn of_known(&mut self, key: &ObservationKey) -> Option<Number> {
        let hash = hash_of(key);
        self.find(hash, |known| known == key)
            .or_else(|| self.insert(hash, key.clone()))
    }
}

fn hash_of(key: &ObservationKey) -> u64 {
    match &key.attributes {
        None => hash_of_parts(&key.name, &key.host, key.origin),
        Some(_) => FxBuildHasher.hash_one(key),
    }
}

fn hash_of_parts(name: &[u8], host: &[u8], origin: Origin) -> u64 {
    let mut hasher = FxBuildHasher.build_hasher();
    hasher.write(name);
    hasher.write(host);
    origin.hash(&mut hasher);
    hasher.finish()
}
