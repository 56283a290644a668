//! One distinct cookie of one host, and all that was seen of it.

use placet::Lifetime;
use placet::Timestamp;
use placet::set_cookie::{Evaluation, Oddities, Rejection, SameSite};

use super::conditions::Party;
use super::personal_data::PersonalData;
use crate::exchange::Place;

/// Where in which recording something stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Where {
    /// The number of the recording in the order given.
    pub file: u16,
    /// The place in it.
    pub place: Place,
}

/// How often something was seen, and where first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tally {
    /// How often.
    pub count: u64,
    /// Where first.
    pub first: Where,
}

impl Tally {
    fn add(slot: &mut Option<Self>, more: Self) {
        match slot {
            Some(tally) => {
                tally.count += more.count;
                tally.first = tally.first.min(more.first);
            }
            None => *slot = Some(more),
        }
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
    /// `Strict`, `Lax`, `None` or `Default`.
    pub same_site: &'static str,
    /// Whether it lives in a jar of the top-level site.
    pub partitioned: bool,
    /// Whether it outlives the session.
    pub persistent: bool,
    /// The code of the reason why a browser does not store it.
    pub rejection: Option<&'static str>,
}

impl ObservationKey {
    pub(super) fn set(
        cookie: &Evaluation<'_>,
        host: &[u8],
        party: Party,
        plain_http: bool,
        now: Timestamp,
    ) -> Self {
        let removed = cookie.expires.is_some_and(|end| end <= now);
        Self {
            host: host.to_ascii_lowercase(),
            name: cookie.name.to_vec(),
            origin: if removed {
                Origin::Removed
            } else {
                Origin::Set
            },
            party,
            plain_http,
            attributes: Some(Attributes {
                domain: cookie.domain.as_deref().map(<[u8]>::to_vec),
                host_only: cookie.host_only,
                path: cookie.path.to_vec(),
                secure: cookie.secure,
                http_only: cookie.http_only,
                same_site: SameSite::as_str(cookie.same_site),
                partitioned: cookie.partitioned,
                persistent: cookie.lifetime != Lifetime::Session,
                rejection: cookie.rejection.map(Rejection::code),
            }),
        }
    }

    pub(super) fn sent(name: &[u8], host: &[u8], party: Party, plain_http: bool) -> Self {
        Self {
            host: host.to_ascii_lowercase(),
            name: name.to_vec(),
            origin: Origin::Sent,
            party,
            plain_http,
            attributes: None,
        }
    }
}

/// What was gathered about one key.
#[derive(Clone, Debug, Default)]
pub(super) struct Facts {
    /// By number of the standing.
    tallies: Vec<(u16, Tally)>,
    rejection: Option<Rejection>,
    oddities: Vec<Oddities>,
    longest_asked: Option<Lifetime>,
    longest_value: usize,
    personal: PersonalData,
    personal_first: Option<Where>,
    pixel: Option<Tally>,
}

impl Facts {
    pub(super) fn count(&self) -> u64 {
        self.tallies.iter().map(|(_, tally)| tally.count).sum()
    }

    pub(super) fn see(&mut self, standing: u16, at: Where, cookie: &Evaluation<'_>) {
        self.tally(
            standing,
            Tally {
                count: 1,
                first: at,
            },
        );
        self.rejection = cookie.rejection;
        if !self.oddities.contains(&cookie.oddities) {
            self.oddities.push(cookie.oddities);
        }
        self.longest_asked = self.longest_asked.max(Some(cookie.lifetime_asked));
        self.see_value(at, cookie.value);
    }

    pub(super) fn see_sent(&mut self, standing: u16, at: Where, value: &[u8]) {
        self.tally(
            standing,
            Tally {
                count: 1,
                first: at,
            },
        );
        self.see_value(at, value);
    }

    pub(super) fn see_pixel(&mut self, pixel: bool, at: Where) {
        if pixel {
            Tally::add(
                &mut self.pixel,
                Tally {
                    count: 1,
                    first: at,
                },
            );
        }
    }

    fn see_value(&mut self, at: Where, value: &[u8]) {
        self.longest_value = self.longest_value.max(value.len());
        let found = PersonalData::find(value);
        if !found.is_empty() && self.personal.is_empty() {
            self.personal_first = Some(at);
        }
        self.personal = self.personal.union(found);
    }

    fn tally(&mut self, standing: u16, more: Tally) {
        match self
            .tallies
            .iter_mut()
            .find(|(number, _)| *number == standing)
        {
            Some((_, tally)) => {
                tally.count += more.count;
                tally.first = tally.first.min(more.first);
            }
            None => self.tallies.push((standing, more)),
        }
    }

    /// Adds what a later part saw; its standings have the numbers `renumbered` here.
    pub(super) fn merge(&mut self, later: Self, renumbered: &[u16]) {
        for (standing, tally) in later.tallies {
            if let Some(number) = renumbered.get(usize::from(standing)) {
                self.tally(*number, tally);
            }
        }
        self.rejection = self.rejection.or(later.rejection);
        for oddities in later.oddities {
            if !self.oddities.contains(&oddities) {
                self.oddities.push(oddities);
            }
        }
        self.longest_asked = self.longest_asked.max(later.longest_asked);
        self.longest_value = self.longest_value.max(later.longest_value);
        self.personal_first = match (self.personal_first, later.personal_first) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        self.personal = self.personal.union(later.personal);
        if let Some(pixel) = later.pixel {
            Tally::add(&mut self.pixel, pixel);
        }
    }
}

/// One distinct cookie of one host, and all that was seen of it.
#[derive(Clone, Debug)]
pub struct Observation {
    /// What tells it from others.
    pub key: ObservationKey,
    /// How often and where first it was seen, by number of the standing.
    pub tallies: Vec<(u16, Tally)>,
    /// Why a browser does not store it.
    pub rejection: Option<Rejection>,
    /// Each distinct set of oddities that was seen.
    pub oddities: Vec<Oddities>,
    /// The longest lifetime it asked for; `None` when it was only sent.
    pub longest_asked: Option<Lifetime>,
    /// The longest of its values, in bytes.
    pub longest_value: usize,
    /// What its values told of a person, and where first.
    pub personal: Option<(PersonalData, Where)>,
    /// Set by the answer to an invisible image.
    pub pixel: Option<Tally>,
}

impl Observation {
    pub(super) fn new(key: &ObservationKey, facts: &Facts) -> Self {
        let personal = facts.personal_first.map(|at| (facts.personal, at));
        Self {
            key: key.clone(),
            tallies: facts.tallies.clone(),
            rejection: facts.rejection,
            oddities: facts.oddities.clone(),
            longest_asked: facts.longest_asked,
            longest_value: facts.longest_value,
            personal,
            pixel: facts.pixel,
        }
    }

    /// How often it was seen.
    pub fn count(&self) -> u64 {
        self.tallies.iter().map(|(_, tally)| tally.count).sum()
    }

    /// Where it was seen first.
    pub fn first(&self) -> Option<Where> {
        self.tallies.iter().map(|(_, tally)| tally.first).min()
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
