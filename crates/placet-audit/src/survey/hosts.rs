//! Which hosts of others a recording asked, with or without a cookie: the services that a page
//! loads.

use rustc_hash::FxHashMap;

use super::observation::{Tally, Where};

/// Hosts told apart; a recording of more has made its point.
const MOST: usize = 4_096;

/// How often a host was asked, and under which signals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    /// All requests.
    pub all: Tally,
    /// Those that said `DNT: 1`.
    pub under_dnt: Option<Tally>,
    /// Those that said `Sec-GPC: 1`.
    pub under_gpc: Option<Tally>,
}

/// The hosts of others, in lower case.
#[derive(Clone, Debug, Default)]
pub(super) struct Hosts {
    asked: FxHashMap<Vec<u8>, Asked>,
}

impl Hosts {
    pub(super) fn see(&mut self, host: &[u8], at: Where, dnt: bool, gpc: bool) {
        let once = Tally::once(at);
        let now = Asked {
            all: once,
            under_dnt: dnt.then_some(once),
            under_gpc: gpc.then_some(once),
        };
        self.add(host, now);
    }

    fn add(&mut self, host: &[u8], asked: Asked) {
        if let Some(known) = self.asked.get_mut(host) {
            known.merge(asked);
        } else if self.asked.len() < MOST {
            self.asked.insert(host.to_vec(), asked);
        }
    }

    pub(super) fn merge(&mut self, later: &mut Self) {
        for (host, asked) in later.asked.drain() {
            self.add(&host, asked);
        }
    }

    /// Every host, in the order of the alphabet.
    pub(super) fn all(&self) -> Vec<(&[u8], Asked)> {
        let mut all: Vec<_> = self
            .asked
            .iter()
            .map(|(host, asked)| (&**host, *asked))
            .collect();
        all.sort_unstable_by_key(|(host, _)| *host);
        all
    }
}

impl Asked {
    fn merge(&mut self, more: Self) {
        self.all = self.all.with(more.all);
        for (slot, more) in [
            (&mut self.under_dnt, more.under_dnt),
            (&mut self.under_gpc, more.under_gpc),
        ] {
            if let Some(more) = more {
                Tally::add(slot, more);
            }
        }
    }
}
