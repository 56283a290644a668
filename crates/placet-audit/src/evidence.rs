//! A survey judged: for every distinct cookie its category, by what right it is there, and what the
//! engine would have done with it.

use std::slice::ChunkBy;

use placet::set_cookie::Rejection;
use placet::{
    Action, Category, DeclaredCookie, Judge, Lifetime, Policy, Reason, Service, StandardCategory,
    domain_matches,
};
use placet_catalog::{Answer, Catalog, Certainty, Source};
use rustc_hash::FxHashMap;

use crate::survey::{Assumptions, Attributes, Observation, Origin, Party, Survey, Tally, site};

/// Whose word the category of a cookie is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Basis {
    /// The policy declares it.
    Policy,
    /// The catalogue knows it.
    Catalog,
    /// Nobody knows it.
    Unknown,
}

/// What the engine says of a cookie, in one recording, under one or more of the standings it was
/// seen under.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// What happens to it.
    pub action: Action,
    /// Why.
    pub reason: Reason,
    /// How often, and where first.
    pub tally: Tally,
}

/// One distinct cookie with all that is known of it.
#[derive(Clone, Debug)]
pub struct Cookie<'a> {
    /// What was seen.
    pub seen: Observation,
    /// The service and the declaration of the policy.
    pub declared: Option<(&'a Service, &'a DeclaredCookie)>,
    /// What the catalogue knows.
    pub known: Option<Answer<'a>>,
    /// Its category by name; `None` when nobody knows it.
    pub category: Option<&'a str>,
    /// Whose word that is.
    pub basis: Basis,
    /// What the engine says, each pair of action and reason once a recording.
    pub judgements: Vec<Judgement>,
    /// Whether some response removes the cookie of that name from that site again.
    pub is_removed: bool,
    /// Whether it is the cookie that remembers the choice.
    pub is_consent_cookie: bool,
    /// The standard category whose rules hold for it.
    like: Option<StandardCategory>,
}

impl Cookie<'_> {
    /// The service it belongs to, for people.
    pub fn service(&self) -> Option<&str> {
        match (self.declared, &self.known) {
            (Some((service, _)), _) => Some(service.title()),
            (None, Some(answer)) => Some(&answer.service.name),
            (None, None) => None,
        }
    }

    /// Whether it counts as strictly necessary.
    pub fn is_necessary(&self) -> bool {
        self.like == Some(StandardCategory::Necessary)
    }

    /// Whether it is for analytics or marketing, by the word its category goes by.
    pub fn is_tracker(&self) -> bool {
        let trackers = [StandardCategory::Analytics, StandardCategory::Marketing];
        self.like.is_some_and(|like| trackers.contains(&like))
    }

    /// Whether its category is sure enough to call it an error: the policy says so, or the
    /// catalogue does and is not guessing. Public lists call sessions and preferences alike
    /// `functional`, and a preference the visitor asked for needs no choice: neither is sure.
    pub fn is_sure(&self) -> bool {
        match (self.basis, &self.known) {
            (Basis::Policy, _) => true,
            (Basis::Catalog, Some(answer)) => {
                answer.certainty > Certainty::Guess
                    && self.like != Some(StandardCategory::Functional)
            }
            _ => false,
        }
    }

    /// What the catalogue knows by the cookie's name, not by the host alone or as a guess.
    pub fn known_by_name(&self) -> Option<&Answer<'_>> {
        self.known.as_ref().filter(|answer| {
            answer.certainty > Certainty::Guess && !matches!(answer.source, Source::Host(_))
        })
    }

    /// Whether a response set it.
    pub fn is_set(&self) -> bool {
        self.seen.key.origin == Origin::Set
    }

    /// Whether it was set by, or sent to, somebody else's host.
    pub fn is_third_party(&self) -> bool {
        self.seen.key.party == Party::Third
    }

    /// How often the engine would not have let it pass for this reason, and where first.
    pub fn stopped_for(&self, reason: Reason) -> Option<Tally> {
        self.tally_of(|j| j.action != Action::Keep && j.reason == reason)
    }

    /// How often the engine said so, and where first.
    pub fn tally_of(&self, mut which: impl FnMut(&Judgement) -> bool) -> Option<Tally> {
        let judgements = self.judgements.iter().filter(|j| which(j));
        judgements.map(|j| j.tally).reduce(Tally::with)
    }

    /// The standard category whose rules hold for it; `None` when nobody knows it.
    pub const fn like(&self) -> Option<StandardCategory> {
        self.like
    }

    /// Its attributes, where a response set it and the recording kept the line that did.
    pub fn attributes(&self) -> Option<&Attributes> {
        let key = &self.seen.key;
        key.attributes.as_ref().filter(|_| !key.rebuilt)
    }

    /// Why browsers do not store it.
    pub fn rejection(&self) -> Option<Rejection> {
        self.attributes()?.rejection
    }

    /// The longest it asked to live.
    pub fn lifetime(&self) -> Option<Lifetime> {
        self.seen.longest_asked
    }
}

/// A survey judged under a policy and a catalogue.
#[derive(Debug)]
pub struct Evidence<'a> {
    /// What was assumed.
    pub assumptions: &'a Assumptions<'a>,
    /// Whether the user gave the policy; otherwise the catalogue speaks for it.
    pub policy_given: bool,
    /// The survey.
    pub survey: Survey<'a>,
    /// Every distinct cookie, by host and name.
    pub cookies: Vec<Cookie<'a>>,
}

impl<'a> Evidence<'a> {
    /// Judges a survey.
    pub fn new(
        assumptions: &'a Assumptions<'a>,
        policy_given: bool,
        catalog: &'a Catalog,
        survey: Survey<'a>,
    ) -> Self {
        let observations = one_for_each_site(without_echoes(survey.observations()));
        let removed = Jar::of(&observations, Origin::Removed);
        let is_removed: Vec<bool> = observations.iter().map(|o| removed.holds(o)).collect();
        let cookies = observations
            .into_iter()
            .zip(is_removed)
            .map(|(seen, is_removed)| Cookie {
                is_removed,
                ..judged(seen, assumptions.policy, policy_given, catalog, &survey)
            })
            .collect();
        Self {
            assumptions,
            policy_given,
            survey,
            cookies,
        }
    }

    /// Takes cookies, by domain and name, for what remembers a choice: the record of another consent
    /// tool, which needs no choice itself.
    #[must_use]
    pub fn with_consent_cookies(mut self, known: &[(String, String)]) -> Self {
        for cookie in &mut self.cookies {
            let key = &cookie.seen.key;
            cookie.is_consent_cookie |= known.iter().any(|(domain, name)| {
                let domain = domain.trim_start_matches('.').as_bytes();
                key.name == name.as_bytes() && domain_matches(&key.host, domain)
            });
        }
        self
    }

    /// The policy, if the user gave one.
    pub fn policy(&self) -> Option<&'a Policy> {
        self.policy_given.then_some(self.assumptions.policy)
    }

    /// The cookies that rules may speak of: not those that a response removes, which never needs
    /// leave, and not the consent cookie.
    pub fn at_issue(&self) -> impl Iterator<Item = &Cookie<'a>> {
        self.cookies.iter().filter(|cookie| at_issue(cookie))
    }

    /// The same cookies, each name of a host together with all its variants.
    pub fn by_name(&self) -> impl Iterator<Item = Vec<&Cookie<'a>>> {
        self.groups()
            .map(|group| group.iter().filter(|cookie| at_issue(cookie)).collect())
            .filter(|group: &Vec<_>| !group.is_empty())
    }

    fn groups(&self) -> ChunkBy<'_, Cookie<'a>, fn(&Cookie<'a>, &Cookie<'a>) -> bool> {
        self.cookies.chunk_by(|a, b| {
            a.seen.key.host == b.seen.key.host && a.seen.key.name == b.seen.key.name
        })
    }
}

fn at_issue(cookie: &Cookie<'_>) -> bool {
    cookie.seen.key.origin != Origin::Removed && !cookie.is_consent_cookie
}

/// Cookies by name and by where they go back to.
struct Jar<'o> {
    by_name: FxHashMap<&'o [u8], Vec<Reach<'o>>>,
}

/// Which hosts are sent a cookie.
#[derive(Clone, Copy)]
enum Reach<'o> {
    /// Nobody knows.
    Anywhere,
    /// The host and no other.
    Host(&'o [u8]),
    /// The domain and what is under it.
    Domain(&'o [u8]),
}

impl<'o> Jar<'o> {
    fn of(observations: &'o [Observation], origin: Origin) -> Self {
        let mut by_name: FxHashMap<&[u8], Vec<Reach<'_>>> = FxHashMap::default();
        for observation in observations.iter().filter(|o| o.key.origin == origin) {
            let Some(attributes) = &observation.key.attributes else {
                continue;
            };
            let reach = match attributes.domain.as_deref() {
                Some(domain) if attributes.host_only => Reach::Host(domain),
                Some(domain) => Reach::Domain(domain),
                None => Reach::Anywhere,
            };
            by_name
                .entry(&observation.key.name)
                .or_default()
                .push(reach);
        }
        Self { by_name }
    }

    /// Whether a cookie of that name in the jar goes to the host where this one was seen.
    fn holds(&self, seen: &Observation) -> bool {
        let host = &seen.key.host;
        let known = self.by_name.get(&*seen.key.name);
        known.into_iter().flatten().any(|reach| match *reach {
            Reach::Anywhere => true,
            Reach::Host(only) => only == host,
            Reach::Domain(domain) => domain_matches(host, domain),
        })
    }
}

/// Leaves out each cookie that was only sent where a response is known to have set it: the same
/// cookie, seen on its way back.
fn without_echoes(observations: Vec<Observation>) -> Vec<Observation> {
    let set = Jar::of(&observations, Origin::Set);
    let is_echo = |o: &Observation| o.key.origin == Origin::Sent && set.holds(o);
    let echoes: Vec<bool> = observations.iter().map(is_echo).collect();
    let kept = observations.into_iter().zip(echoes);
    kept.filter_map(|(o, is_echo)| (!is_echo).then_some(o))
        .collect()
}

/// Makes one of a cookie that scripts set and that several hosts of a site were sent: that of the
/// host that was sent it first.
fn one_for_each_site(observations: Vec<Observation>) -> Vec<Observation> {
    let mut kept: Vec<Observation> = Vec::with_capacity(observations.len());
    let mut sent = FxHashMap::default();
    for observation in observations {
        if observation.key.origin == Origin::Sent {
            let key = &observation.key;
            let whose = (site(&key.host), key.name.clone(), key.party);
            let first = *sent.entry(whose).or_insert(kept.len());
            if let Some(known) = kept.get_mut(first) {
                if observation.first() < known.first() {
                    known.key.host.clone_from(&key.host);
                }
                known.merge(&observation, Some);
                continue;
            }
        }
        kept.push(observation);
    }
    kept.sort_by(|a, b| a.key.cmp(&b.key));
    kept
}

fn judged<'a>(
    seen: Observation,
    policy: &'a Policy,
    policy_given: bool,
    catalog: &'a Catalog,
    survey: &Survey<'_>,
) -> Cookie<'a> {
    let host = std::str::from_utf8(&seen.key.host)
        .ok()
        .filter(|h| !h.is_empty());
    let known = catalog.lookup(&seen.key.name, host);
    let declared = policy
        .declarations(&seen.key.name)
        .into_iter()
        .find(|(_, cookie)| reaches(cookie, &seen));
    let (category, basis) = match (declared, &known) {
        (Some((service, _)), _) => (Some(policy.category_name(service.category)), Basis::Policy),
        (None, Some(answer)) => (Some(answer.category()), Basis::Catalog),
        (None, None) => (None, Basis::Unknown),
    };
    // A catalogue may name a category that the policy has not; it is judged as the strictest.
    let like = category.map(|name| {
        let category = policy.category(name).map(Category::like);
        category.unwrap_or(StandardCategory::Marketing)
    });
    let mut judgements: Vec<Judgement> = Vec::new();
    for (number, tally) in &seen.tallies {
        let Some(standing) = survey.standings().get(usize::from(*number)) else {
            continue;
        };
        let (action, reason) = if seen.key.origin == Origin::Removed {
            (Action::Keep, Reason::Deletion)
        } else if policy_given || category.is_none() {
            let verdict = Judge::new(policy, standing)
                .for_host(&seen.key.host)
                .cookie(&seen.key.name);
            (verdict.action, verdict.reason)
        } else {
            by_catalog(policy, standing, category.unwrap_or_default())
        };
        let mut same = judgements.iter_mut();
        let file = tally.first.file;
        match same.find(|j| j.action == action && j.reason == reason && j.tally.first.file == file)
        {
            Some(same) => same.tally = same.tally.with(*tally),
            None => judgements.push(Judgement {
                action,
                reason,
                tally: *tally,
            }),
        }
    }
    Cookie {
        is_removed: false,
        is_consent_cookie: seen.key.name == policy.consent_cookie().name.as_bytes(),
        seen,
        declared,
        known,
        category,
        basis,
        judgements,
        like,
    }
}

/// What the engine would say if a policy declared the cookie as the catalogue knows it.
fn by_catalog(policy: &Policy, standing: &placet::Standing, category: &str) -> (Action, Reason) {
    let known = policy
        .category(category)
        .or_else(|| policy.category(StandardCategory::Marketing.name()));
    let Some(known) = known else {
        return (Action::Drop, Reason::Undeclared);
    };
    let holds = standing.of(known.id());
    let action = match holds.decision {
        placet::Decision::Granted => Action::Keep,
        placet::Decision::Undecided => Action::Drop,
        placet::Decision::Refused => Action::Expire,
    };
    (action, holds.reason)
}

/// Whether a declaration can mean the cookie that was seen.
fn reaches(declared: &DeclaredCookie, seen: &Observation) -> bool {
    declared.domains.is_empty()
        || seen.key.host.is_empty()
        || declared
            .domains
            .iter()
            .any(|domain| domain_matches(&seen.key.host, domain.as_bytes()))
}
