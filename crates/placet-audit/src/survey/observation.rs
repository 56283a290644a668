//! One distinct cookie of one host, and all that was seen of it.

use placet::Lifetime;
use placet::set_cookie::{Evaluation, Oddities, Rejection, SameSite};

use super::Seen;
use super::conditions::Party;
use super::personal_data::PersonalData;
use crate::exchange::Place;

/// Recordings that are told apart under one standing of one observation; those after them are
/// counted with the last.
const MOST_RECORDINGS: usize = 64;

/// Where in which recording something stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Where {
    /// The number of the recording in the order given.
    pub file: u16,
    /// The place in it.
    pub place: Place,
}

/// How often something was seen, and where first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// How often.
    pub count: u64,
    /// Where first.
    pub first: Where,
}

impl Tally {
    /// Seen once.
    pub(crate) const fn once(first: Where) -> Self {
        Self { count: 1, first }
    }

    /// Both together.
    #[must_use]
    pub(crate) fn with(self, more: Self) -> Self {
        Self {
            count: self.count + more.count,
            first: self.first.min(more.first),
        }
    }

    /// Adds to a tally that may not have begun.
    pub(crate) fn add(slot: &mut Option<Self>, more: Self) {
        *slot = Some(slot.map_or(more, |tally| tally.with(more)));
    }
}

/// How a cookie came to be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    /// A response set it.
    Set,
    /// A response removed it: it was already past its end.
    Removed,
    /// A request sent it.
    Sent,
}

/// What tells one observed cookie from another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObservationKey {
    /// The host that set it or was sent it, in lower case; empty when unknown.
    pub host: Vec<u8>,
    /// Its name; empty for a nameless cookie.
    pub name: Vec<u8>,
    /// How it came to be seen.
    pub origin: Origin,
    /// Whether the host is the site's own.
    pub party: Party,
    /// Whether the connection was not encrypted.
    pub plain_http: bool,
    /// Whether the recording lost the line that set it, so that only some attributes are known.
    pub rebuilt: bool,
    /// Its attributes; `None` when it was sent.
    pub attributes: Option<Attributes>,
}

/// What a browser made of a cookie's attributes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Attributes {
    /// The domain it is sent to; `None` when it is host-only and the host unknown.
    pub domain: Option<Vec<u8>>,
    /// Whether it goes back to the host that set it and to no other.
    pub host_only: bool,
    /// The path it is sent under.
    pub path: Vec<u8>,
    /// Whether it is sent over secure connections only.
    pub secure: bool,
    /// Whether it is kept from scripts.
    pub http_only: bool,
    /// Which cross-site requests carry it.
    pub same_site: SameSite,
    /// Whether it lives in a jar of the top-level site.
    pub partitioned: bool,
    /// Whether it outlives the session.
    pub persistent: bool,
    /// Why a browser does not store it.
    pub rejection: Option<Rejection>,
}

impl ObservationKey {
    pub(super) fn set(
        cookie: &Evaluation<'_>,
        seen: &Seen<'_>,
        rebuilt: bool,
        removed: bool,
    ) -> Self {
        Self {
            host: seen.host.to_vec(),
            name: cookie.name.to_vec(),
            origin: if removed {
                Origin::Removed
            } else {
                Origin::Set
            },
            party: seen.party,
            plain_http: seen.plain_http,
            rebuilt,
            attributes: Some(Attributes {
                domain: cookie.domain.as_deref().map(<[u8]>::to_vec),
                host_only: cookie.host_only,
                path: cookie.path.to_vec(),
                secure: cookie.secure,
                http_only: cookie.http_only,
                same_site: cookie.same_site,
                partitioned: cookie.partitioned,
                persistent: cookie.lifetime != Lifetime::Session,
                rejection: cookie.rejection,
            }),
        }
    }

    pub(super) fn sent(name: &[u8], host: &[u8], party: Party, plain_http: bool) -> Self {
        Self {
            host: host.to_vec(),
            name: name.to_vec(),
            origin: Origin::Sent,
            party,
            plain_http,
            rebuilt: false,
            attributes: None,
        }
    }
}

/// One distinct cookie of one host, and all that was seen of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Observation {
    /// What tells it from others.
    pub key: ObservationKey,
    /// How often and where first it was seen, by number of the standing, each recording apart.
    pub tallies: Vec<(u16, Tally)>,
    /// What was odd about any of its lines.
    pub oddities: Oddities,
    /// The longest lifetime it asked for; `None` when it was only sent.
    pub longest_asked: Option<Lifetime>,
    /// The longest of its values, in bytes.
    pub longest_value: usize,
    /// What its values told of a person, how often, and where first.
    pub personal: Option<(PersonalData, Tally)>,
    /// Set by the answer to an invisible image.
    pub pixel: Option<Tally>,
}

impl Observation {
    pub(super) const fn new(key: ObservationKey) -> Self {
        Self {
            key,
            tallies: Vec::new(),
            oddities: Oddities::NONE,
            longest_asked: None,
            longest_value: 0,
            personal: None,
            pixel: None,
        }
    }

    /// Sees it once more, with that value.
    pub(super) fn see(&mut self, standing: u16, at: Where, value: &[u8]) {
        self.tally(standing, Tally::once(at));
        self.longest_value = self.longest_value.max(value.len());
        let found = PersonalData::find(value);
        if !found.is_empty() {
            self.add_personal((found, Tally::once(at)));
        }
    }

    /// What a line that set it says beyond its key and value.
    pub(super) fn see_set(&mut self, asked: Lifetime, oddities: Oddities) {
        self.oddities = self.oddities.union(oddities);
        self.longest_asked = self.longest_asked.max(Some(asked));
    }

    pub(super) fn see_pixel(&mut self, at: Where) {
        Tally::add(&mut self.pixel, Tally::once(at));
    }

    /// Recordings come one after the other, so that the last tallies are those of this one.
    fn tally(&mut self, standing: u16, more: Tally) {
        let same = |of: &(u16, Tally)| of.0 == standing && of.1.first.file == more.first.file;
        let known = self.tallies.iter().rposition(same).or_else(|| {
            let of_standing = self
                .tallies
                .iter()
                .filter(|(number, _)| *number == standing);
            let is_full = of_standing.count() >= MOST_RECORDINGS;
            let last = || {
                self.tallies
                    .iter()
                    .rposition(|(number, _)| *number == standing)
            };
            is_full.then(last).flatten()
        });
        match known.and_then(|at| self.tallies.get_mut(at)) {
            Some((_, tally)) => *tally = tally.with(more),
            None => self.tallies.push((standing, more)),
        }
    }

    fn add_personal(&mut self, (found, more): (PersonalData, Tally)) {
        self.personal = Some(match self.personal {
            Some((known, seen)) => (known.union(found), seen.with(more)),
            None => (found, more),
        });
    }

    /// Forgets everything but its key.
    pub(super) fn forget(&mut self) {
        self.tallies.clear();
        self.oddities = Oddities::NONE;
        self.longest_asked = None;
        self.longest_value = 0;
        self.personal = None;
        self.pixel = None;
    }

    /// Adds what was seen of it elsewhere; `number` turns the standings' numbers there into those
    /// here.
    pub(crate) fn merge(&mut self, other: &Self, number: impl Fn(u16) -> Option<u16>) {
        for (standing, tally) in &other.tallies {
            if let Some(standing) = number(*standing) {
                self.tally(standing, *tally);
            }
        }
        self.oddities = self.oddities.union(other.oddities);
        self.longest_asked = self.longest_asked.max(other.longest_asked);
        self.longest_value = self.longest_value.max(other.longest_value);
        if let Some(personal) = other.personal {
            self.add_personal(personal);
        }
        if let Some(more) = other.pixel {
            Tally::add(&mut self.pixel, more);
        }
    }

    /// How often it was seen, and where first.
    pub fn seen(&self) -> Tally {
        let tallies = self.tallies.iter().map(|(_, tally)| *tally);
        tallies.reduce(Tally::with).unwrap_or_default()
    }

    /// How often it was seen.
    pub fn count(&self) -> u64 {
        self.seen().count
    }

    /// Where it was seen first.
    pub fn first(&self) -> Option<Where> {
        (self.count() > 0).then(|| self.seen().first)
    }

    /// Its name for people: bytes outside visible ASCII escaped; `(nameless)` without one.
    pub fn name(&self) -> String {
        if self.key.name.is_empty() {
            "(nameless)".to_owned()
        } else {
            self.key.name.escape_ascii().to_string()
        }
    }

    /// Its host for people; `(unknown host)` without one.
    pub fn host(&self) -> String {
        if self.key.host.is_empty() {
            "(unknown host)".to_owned()
        } else {
            self.key.host.escape_ascii().to_string()
        }
    }
}
