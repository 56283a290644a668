//! A survey judged: for every distinct cookie its category, by what right it is there, and what the
//! engine would have done with it.

use placet::{Action, DeclaredCookie, Judge, Lifetime, Policy, Reason, Service, domain_matches};
use placet_catalog::{Answer, Catalog};

use crate::survey::{Assumptions, Observation, Origin, Party, Survey, Tally};

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

/// What the engine says of a cookie under one or more of the standings it was seen under.
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
    /// What the engine says, each pair of action and reason once.
    pub judgements: Vec<Judgement>,
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
        self.category == Some("necessary")
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
        let judgements = self.judgements.iter();
        judgements
            .filter(|j| j.action != Action::Keep && j.reason == reason)
            .map(|j| j.tally)
            .next()
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
        let cookies = without_echoes(survey.observations())
            .into_iter()
            .map(|seen| judged(seen, assumptions.policy, policy_given, catalog, &survey))
            .collect();
        Self {
            assumptions,
            policy_given,
            survey,
            cookies,
        }
    }

    /// The policy, if the user gave one.
    pub fn policy(&self) -> Option<&'a Policy> {
        self.policy_given.then_some(self.assumptions.policy)
    }
}

/// Leaves out each cookie that was only sent where a response is known to have set it: the same
/// cookie, seen on its way back.
fn without_echoes(observations: Vec<Observation>) -> Vec<Observation> {
    let set_for = |sent: &Observation| {
        observations.iter().any(|set| {
            set.key.origin == Origin::Set
                && set.key.name == sent.key.name
                && set.key.attributes.as_ref().is_some_and(|attributes| {
                    match attributes.domain.as_deref() {
                        Some(domain) if attributes.host_only => domain == sent.key.host,
                        Some(domain) => domain_matches(&sent.key.host, domain),
                        None => true,
                    }
                })
        })
    };
    let echoes: Vec<bool> = observations
        .iter()
        .map(|o| o.key.origin == Origin::Sent && set_for(o))
        .collect();
    let mut echo = echoes.into_iter();
    let mut kept = observations;
    kept.retain(|_| !echo.next().unwrap_or(false));
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
        match judgements
            .iter_mut()
            .find(|j| j.action == action && j.reason == reason)
        {
            Some(same) => {
                same.tally.count += tally.count;
                same.tally.first = same.tally.first.min(tally.first);
            }
            None => judgements.push(Judgement {
                action,
                reason,
                tally: *tally,
            }),
        }
    }
    Cookie {
        seen,
        declared,
        known,
        category,
        basis,
        judgements,
    }
}

/// What the engine would say if a policy declared the cookie as the catalogue knows it.
fn by_catalog(policy: &Policy, standing: &placet::Standing, category: &str) -> (Action, Reason) {
    // A user's catalogue may name a category of its own; it is judged as the strictest.
    let known = policy
        .category(category)
        .or_else(|| policy.category("marketing"));
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
