//! One source of facts with its index: a cookie's name is found by hash when exact, by its longest known beginnings
//! when it has stars, and the best of the entries that match is chosen by how much they say.

use placet::Specificity;
use rustc_hash::FxHashMap;

use crate::service::is_within;
use crate::{Certainty, CookieFact, Service};

/// Services of one source, indexed by cookie name and by host.
#[derive(Clone, Debug)]
pub(crate) struct Layer {
    pub(crate) origin: Origin,
    services: Vec<Service>,
    exact: FxHashMap<Box<[u8]>, Vec<Place>>,
    /// Names with stars by the bytes before the first one, sorted.
    starred: Vec<(Box<[u8]>, Place)>,
    hosts: FxHashMap<Box<str>, usize>,
    ids: FxHashMap<Box<str>, usize>,
}

/// Whose facts a layer holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    User(Box<str>),
    Curated,
    List(Box<str>),
}

/// One cookie of one service.
#[derive(Clone, Copy, Debug)]
struct Place {
    service: usize,
    cookie: usize,
}

/// An entry that matches a name.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hit<'l> {
    pub(crate) service: &'l Service,
    pub(crate) cookie: &'l CookieFact,
    /// Whether the host is in a domain that the entry, or else its service, names.
    pub(crate) at_home: bool,
    pub(crate) certainty: Certainty,
}

impl Layer {
    pub(crate) fn new(origin: Origin, services: Vec<Service>) -> Self {
        let mut exact: FxHashMap<Box<[u8]>, Vec<Place>> = FxHashMap::default();
        let mut starred: Vec<(Box<[u8]>, Place)> = Vec::new();
        let mut hosts = FxHashMap::default();
        let mut ids = FxHashMap::default();
        for (at, service) in services.iter().enumerate() {
            ids.entry(service.id.clone()).or_insert(at);
            for host in &service.hosts {
                hosts.entry(host.clone()).or_insert(at);
            }
            for (cookie, fact) in service.cookies.iter().enumerate() {
                let place = Place {
                    service: at,
                    cookie,
                };
                if fact.name.pattern().is_exact() {
                    let name = fact.name.pattern().as_str().as_bytes().into();
                    exact.entry(name).or_default().push(place);
                } else {
                    starred.push((Box::from(fact.name.prefix()), place));
                }
            }
        }
        starred.sort_by(|one, other| one.0.cmp(&other.0));
        Self {
            origin,
            services,
            exact,
            starred,
            hosts,
            ids,
        }
    }

    pub(crate) fn services(&self) -> &[Service] {
        &self.services
    }

    pub(crate) fn service(&self, id: &str) -> Option<&Service> {
        self.services.get(*self.ids.get(id)?)
    }

    /// The service that answers for `host` (lower case, no leading dot), by the longest of its domains.
    pub(crate) fn by_host(&self, host: &str) -> Option<&Service> {
        let mut rest = host;
        loop {
            if let Some(&at) = self.hosts.get(rest) {
                return self.services.get(at);
            }
            rest = rest.split_once('.')?.1;
        }
    }

    /// The entry that says most of the cookie `name`, set by or for `host`.
    pub(crate) fn by_name(&self, name: &[u8], host: Option<&str>) -> Option<Hit<'_>> {
        let mut best: Option<(Hit<'_>, Rank)> = None;
        let mut offer = |place: Place| {
            let Some(hit) = self.hit(place, name, host) else {
                return;
            };
            let rank = Rank::of(&hit);
            if best.as_ref().is_none_or(|(_, leader)| *leader < rank) {
                best = Some((hit, rank));
            }
        };
        if let Some(places) = self.exact.get(name) {
            places.iter().copied().for_each(&mut offer);
        }
        // Walks the sorted beginnings as a tree: all that are still in `range` begin with the first `depth` bytes.
        let mut range = self.starred.as_slice();
        for depth in 0..=name.len() {
            let ending_here = range.partition_point(|(prefix, _)| prefix.len() == depth);
            let (here, longer) = range.split_at(ending_here);
            here.iter().map(|&(_, place)| place).for_each(&mut offer);
            let Some(&next) = name.get(depth) else { break };
            let from = longer.partition_point(|(prefix, _)| prefix.get(depth) < Some(&next));
            let upto = longer.partition_point(|(prefix, _)| prefix.get(depth) <= Some(&next));
            range = longer.get(from..upto).unwrap_or_default();
            if range.is_empty() {
                break;
            }
        }
        best.map(|(hit, _)| hit)
    }

    /// Whether the entry at `place` matches, and how surely.
    fn hit(&self, place: Place, name: &[u8], host: Option<&str>) -> Option<Hit<'_>> {
        let service = self.services.get(place.service)?;
        let cookie = service.cookies.get(place.cookie)?;
        if !cookie.name.matches(name)
            || cookie
                .length
                .is_some_and(|(least, most)| name.len() < least || most < name.len())
        {
            return None;
        }
        let guarded = !cookie.domains.is_empty();
        let at_home = match host {
            None if guarded && !cookie.stands_alone() => return None,
            None => false,
            Some(host) => {
                let domains = if guarded {
                    &cookie.domains
                } else {
                    &service.hosts
                };
                let at_home = domains.iter().any(|domain| is_within(host, domain));
                if guarded && !at_home {
                    return None;
                }
                at_home
            }
        };
        let certainty = match &self.origin {
            Origin::List(_) if at_home || says_enough(cookie) => Certainty::Likely,
            Origin::List(_) => Certainty::Guess,
            _ if guarded && !at_home && !says_enough(cookie) => Certainty::Guess,
            _ if guarded && !at_home => Certainty::Likely,
            _ if at_home || cookie.length.is_some() || cookie.name.is_specific() => {
                Certainty::Certain
            }
            _ => Certainty::Likely,
        };
        Some(Hit {
            service,
            cookie,
            at_home,
            certainty,
        })
    }
}

/// Whether a name is so long that other services are unlikely to use it too.
fn says_enough(cookie: &CookieFact) -> bool {
    cookie.name.literals()
        >= if cookie.name.pattern().is_exact() {
            6
        } else {
            8
        }
}

/// Which of several entries for one name says most: first the one that names the host's domain, then the most
/// specific pattern, then the one whose stars are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    at_home: bool,
    pattern: Specificity,
    told_apart: bool,
}

impl Rank {
    fn of(hit: &Hit<'_>) -> Self {
        Self {
            at_home: hit.at_home,
            pattern: hit.cookie.name.pattern().specificity(),
            told_apart: hit.cookie.name.is_specific(),
        }
    }
}
