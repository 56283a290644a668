//! The distinct cookies of a survey, found by what tells them apart without copying it first.

use std::hash::{BuildHasher, Hash, Hasher};

use hashbrown::HashTable;
use rustc_hash::FxBuildHasher;

use super::conditions::Party;
use super::observation::{Observation, ObservationKey, Origin};

/// Observations in the order of their first sighting, at most [`Store::MOST`] of them.
#[derive(Clone, Debug, Default)]
pub(super) struct Store {
    all: Vec<Observation>,
    by_key: HashTable<u32>,
    overflowed: u64,
}

/// The number of an observation in its store.
pub(super) type Number = u32;

impl Store {
    /// Distinct cookies that are kept; what comes after is counted and not told apart.
    pub(super) const MOST: usize = 100_000;

    pub(super) fn all(&self) -> &[Observation] {
        &self.all
    }

    pub(super) const fn overflowed(&self) -> u64 {
        self.overflowed
    }

    pub(super) fn get_mut(&mut self, number: Number) -> Option<&mut Observation> {
        self.all.get_mut(usize::try_from(number).ok()?)
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
        let known = |number: &u32| {
            usize::try_from(*number)
                .ok()
                .and_then(|at| self.all.get(at))
                .is_some_and(|observation| is_it(&observation.key))
        };
        self.by_key.find(hash, known).copied()
    }

    fn insert(&mut self, hash: u64, key: ObservationKey) -> Option<Number> {
        if self.all.len() >= Self::MOST {
            return None;
        }
        let number = u32::try_from(self.all.len()).ok()?;
        self.all.push(Observation::new(key));
        let all = &self.all;
        self.by_key.insert_unique(hash, number, |number| {
            let at = usize::try_from(*number).unwrap_or(usize::MAX);
            all.get(at).map_or(0, |known| hash_of(&known.key))
        });
        Some(number)
    }

    /// Adds the store of a later part; `renumbered` turns its numbers of standings into ours.
    pub(super) fn merge(&mut self, later: Self, renumbered: &[Option<u16>]) {
        self.overflowed += later.overflowed;
        for observation in later.all {
            let hash = hash_of(&observation.key);
            let number = self
                .find(hash, |known| *known == observation.key)
                .or_else(|| self.insert(hash, observation.key.clone()));
            match number {
                Some(number) => {
                    if let Some(known) = self.get_mut(number) {
                        let number = |standing| *renumbered.get(usize::from(standing))?;
                        known.merge(observation, number);
                    }
                }
                None => self.overflowed += observation.seen().count,
            }
        }
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
