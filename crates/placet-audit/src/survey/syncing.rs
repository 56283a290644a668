//! Cookie syncing: an identifier that one site keeps in a cookie and another is sent in an address.

use placet::WebAddress;
use rustc_hash::{FxBuildHasher, FxHashMap};
use std::hash::BuildHasher;
use std::mem;

use super::conditions::site;
use super::observation::Where;

/// Values kept on either side; a survey of more syncing than that has made its point.
const MOST_VALUES: usize = 32_768;

/// Hosts kept for one value that was sent around.
const MOST_HOSTS: usize = 8;

/// An identifier is at least so long, so that `en`, `true` and counters are none.
const SHORTEST: usize = 10;

/// Longer values are tokens of other kinds.
const LONGEST: usize = 256;

/// An identifier that one host keeps in a cookie was sent to a host of another site.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sync {
    /// The site whose cookie holds the identifier.
    pub keeper: String,
    /// The site that was sent it.
    pub receiver: String,
    /// Where it was sent.
    pub at: Where,
}

/// Hashes of identifiers in cookies, and of identifiers in query strings.
#[derive(Clone, Debug, Default)]
pub(super) struct Syncing {
    /// Which host keeps them, by its number in `keepers`.
    kept: FxHashMap<u64, usize>,
    keepers: Vec<Vec<u8>>,
    numbers: FxHashMap<Vec<u8>, usize>,
    last_keeper: Option<usize>,
    sent: FxHashMap<u64, Vec<(Vec<u8>, Where)>>,
    /// Whether the parts before this one have kept all that may be kept.
    enough_kept: bool,
    /// The same for what was sent.
    enough_sent: bool,
}

impl Syncing {
    pub(super) fn cookie(&mut self, host: &[u8], value: &[u8]) {
        let more = !self.enough_kept && self.kept.len() < MOST_VALUES;
        if more && !host.is_empty() && is_identifier(value) {
            let keeper = self.keeper(host);
            self.kept.entry(hash(value)).or_insert(keeper);
        }
    }

    /// The number of a host among the keepers.
    fn keeper(&mut self, host: &[u8]) -> usize {
        // One host after the other answers, each with several cookies.
        if let Some(last) = self.last_keeper
            && self.keepers.get(last).is_some_and(|known| known == host)
        {
            return last;
        }
        let number = match self.numbers.get(host) {
            Some(number) => *number,
            None => {
                self.keepers.push(host.to_vec());
                self.numbers.insert(host.to_vec(), self.keepers.len() - 1);
                self.keepers.len() - 1
            }
        };
        self.last_keeper = Some(number);
        number
    }

    pub(super) fn address(&mut self, address: &WebAddress<'_>, at: Where) {
        if self.enough_sent {
            return;
        }
        let Some(query) = address.query() else { return };
        for parameter in query.split(|b| *b == b'&') {
            let value = parameter
                .splitn(2, |b| *b == b'=')
                .nth(1)
                .unwrap_or_default();
            if is_identifier(value) && self.sent.len() < MOST_VALUES {
                let hosts = self.sent.entry(hash(value)).or_default();
                if hosts.len() < MOST_HOSTS && !hosts.iter().any(|(host, _)| host == address.host())
                {
                    hosts.push((address.host().to_vec(), at));
                }
            }
        }
    }

    /// Takes over what a later part holds, and tells it for the parts that follow what is enough.
    pub(super) fn merge(&mut self, later: &mut Self) {
        let part = mem::take(later);
        for (value, keeper) in part.kept {
            if self.kept.len() >= MOST_VALUES {
                break;
            }
            if let Some(host) = part.keepers.get(keeper) {
                let keeper = self.keeper(host);
                self.kept.entry(value).or_insert(keeper);
            }
        }
        for (value, hosts) in part.sent {
            if self.sent.len() < MOST_VALUES {
                let known = self.sent.entry(value).or_default();
                for (host, at) in hosts {
                    if known.len() < MOST_HOSTS && !known.iter().any(|(other, _)| *other == host) {
                        known.push((host, at));
                    }
                }
            }
        }
        later.enough_kept = self.kept.len() >= MOST_VALUES;
        later.enough_sent = self.sent.len() >= MOST_VALUES;
    }

    /// Each pair of sites once, where it was first seen.
    pub(super) fn found(&self) -> Vec<Sync> {
        let text = |site: Vec<u8>| String::from_utf8_lossy(&site).into_owned();
        let mut found: Vec<_> = self
            .kept
            .iter()
            .filter_map(|(value, keeper)| {
                Some((site(self.keepers.get(*keeper)?), self.sent.get(value)?))
            })
            .flat_map(|(keeper, hosts)| {
                hosts
                    .iter()
                    .map(move |(host, at)| (keeper.clone(), site(host), *at))
            })
            .filter(|(keeper, receiver, _)| keeper != receiver)
            .map(|(keeper, receiver, at)| Sync {
                keeper: text(keeper),
                receiver: text(receiver),
                at,
            })
            .collect();
        found.sort();
        found.dedup_by(|a, b| a.keeper == b.keeper && a.receiver == b.receiver);
        found
    }
}

fn hash(value: &[u8]) -> u64 {
    FxBuildHasher.hash_one(value)
}

/// Letters and digits mixed, or a long number: what tells one visitor from another.
fn is_identifier(value: &[u8]) -> bool {
    if !(SHORTEST..=LONGEST).contains(&value.len()) {
        return false;
    }
    // Without an early exit it is one vector operation for many bytes.
    let body = value.iter().fold(true, |all, b| {
        all & (b.is_ascii_alphanumeric() | matches!(b, b'-' | b'_' | b'.'))
    });
    body && value.iter().filter(|b| b.is_ascii_digit()).count() >= 3
}
