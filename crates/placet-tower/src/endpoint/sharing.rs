//! One choice shared by several origins of one owner, carried by redirects: browsers keep the
//! cookies of one site from all others, and let nothing but a visitor's own way lead past that.
//!
//! The way begins where the choice was made (`from`) and goes twice through all the others (`to`):
//!
//! 1. each of them sets a random nonce as a cookie and adds it to the address;
//! 2. `from` reads its consent cookie and adds the choice;
//! 3. each of them takes the choice over if the address still holds the nonce of its cookie;
//! 4. back to the path that `from` was asked to return to.
//!
//! So each asks before it is told, and an address that somebody else wrote says nothing to it: its
//! nonce is not that of this browser. For two origins that are 4 redirects, for eight 16; browsers
//! follow 20.
//!
//! Every address on the way is one of the policy's `shared_with`, each at most once, and the state
//! of the way only grows, so that no redirect leads elsewhere or for ever. A step that does not fit
//! goes straight to the end of the way and changes nothing. What holds for all of it: only a
//! visitor's own navigation is led, nothing is stored by caches, and no address is told as a
//! referrer.

use http::header::{COOKIE, HeaderMap, HeaderValue, REFERRER_POLICY, SET_COOKIE};
use http::request::Parts;
use placet::cookie_header::CookieLine;
use placet::set_cookie::{OwnCookie, SameSite};
use placet::{
    CategoryId, Choice, Circumstances, Decision, Lifetime, Policy, Staleness, WebAddress,
};

use super::answer::Answer;
use super::cross_site::{addressed, bare_address};
use super::problem::{Problem, ProblemKind};
use super::{Visitor, return_path};
use crate::essential::Essential;

/// The name under the prefix.
pub(super) const NAME: &str = "share";

/// How long a visitor may be on the way, in seconds.
const LONGEST_WAY: u64 = 60;

/// Without it the address of a step, which holds the choice, would be told to the next origin.
const NO_REFERRER: &str = "no-referrer";

/// Random bits that make a nonce.
pub(super) type Bits = [u8; 16];

/// The name of the nonce's cookie. Where the site is encrypted its prefix keeps other hosts of the
/// same domain from setting it.
pub(crate) const fn nonce_cookie(policy: &Policy) -> &'static str {
    if policy.consent_cookie().secure {
        "__Host-placet-share"
    } else {
        "placet-share"
    }
}

/// Whether a request is a visitor's own way to a page: not a part of another page, not a script's
/// request, and not a guess of the browser at where the visitor will go.
fn is_navigation(headers: &HeaderMap) -> bool {
    let is = |name: &str, expected: &str| {
        let mut lines = headers.get_all(name).iter();
        lines.all(|line| line.as_bytes() == expected.as_bytes())
    };
    is("sec-fetch-dest", "document")
        && is("sec-fetch-mode", "navigate")
        && !["sec-purpose", "purpose", "x-moz"]
            .iter()
            .any(|name| headers.contains_key(*name))
}

/// The origin among those that share which the request was sent to.
pub(super) fn own_origin<'p>(request: &Parts, policy: &'p Policy) -> Option<&'p str> {
    if policy.shared_with().is_empty() {
        return None;
    }
    let authority = addressed(request)?;
    let asked = bare_address(&authority)?;
    let is_asked = |origin: &&String| {
        WebAddress::parse(origin.as_bytes()).is_some_and(|origin| {
            let default = if origin.is_encrypted() { 443 } else { 80 };
            origin.port().unwrap_or(default) == asked.port().unwrap_or(default)
                && origin.host().eq_ignore_ascii_case(asked.host())
        })
    };
    let mut origins = policy.shared_with().iter();
    origins.find(is_asked).map(String::as_str)
}

/// Leads a visitor who has just chosen through the other origins to `path`, where the policy names
/// this origin and the request is one that may be led.
pub(super) fn after_choice(
    prefix: &str,
    request: &Parts,
    policy: &Policy,
    path: &str,
) -> Option<Answer> {
    let own = own_origin(request, policy).filter(|_| is_navigation(&request.headers))?;
    let way = Way::from(own, policy, path);
    let first = *way.to.first()?;
    Some(redirect(&way.at(first, prefix)))
}

/// Answers one step.
pub(super) fn answer(
    prefix: &str,
    request: &Parts,
    visitor: &Visitor<'_>,
    random: Option<Bits>,
) -> Answer {
    if !is_navigation(&request.headers) {
        return Answer::problem(&Problem {
            kind: ProblemKind::NotANavigation,
            field: None,
            found: "a request that is no visit of a page".to_owned(),
            expected: "a visitor's browser to go there".to_owned(),
        });
    }
    let policy = visitor.policy;
    let own = own_origin(request, policy);
    let query = Query::read(request.uri.query().unwrap_or_default());
    let home = match &query.from {
        Some(from) => listed(from, policy),
        None => own,
    };
    let path = query
        .return_to
        .as_deref()
        .and_then(return_path::of_own_origin);
    let end = match home {
        Some(home) if Some(home) != own => format!("{home}{}", path.unwrap_or("/")),
        Some(_) => path.unwrap_or("/").to_owned(),
        // Nobody whom the policy names.
        None => "/".to_owned(),
    };
    let step = own.and_then(|own| {
        let way = Way::of(&query, own, policy, path.unwrap_or("/"))?;
        way.step(own, prefix, request, visitor, random)
    });
    let Some(step) = step else {
        return redirect(&end);
    };
    let mut answer = redirect(step.next.as_deref().unwrap_or(&end));
    answer.choice = step.choice;
    if let Some((value, lifetime)) = step.nonce {
        answer = answer.with_nonce(policy, &value, lifetime);
    }
    answer
}

fn redirect(location: &str) -> Answer {
    Answer::see_other(location).with(REFERRER_POLICY, NO_REFERRER)
}

impl Answer {
    /// Sets the cookie of the nonce, which no policy declares.
    fn with_nonce(mut self, policy: &Policy, value: &str, seconds: u64) -> Self {
        let name = nonce_cookie(policy);
        let cookie = OwnCookie {
            name,
            value,
            domain: None,
            path: "/",
            same_site: SameSite::Lax,
            secure: policy.consent_cookie().secure,
            http_only: true,
            lifetime: Lifetime::Seconds(seconds),
        };
        let line = cookie.header().ok();
        if let Some(line) = line.and_then(|line| HeaderValue::try_from(line).ok()) {
            self.response.headers_mut().append(SET_COOKIE, line);
            let essential = Essential::cookie(name);
            self.response.extensions_mut().insert(essential);
        }
        self
    }
}

/// An origin of the policy's.
fn listed<'p>(origin: &str, policy: &'p Policy) -> Option<&'p str> {
    let mut origins = policy.shared_with().iter();
    origins.find(|known| *known == origin).map(String::as_str)
}

/// What an address says, of which nothing is known yet.
#[derive(Default)]
struct Query {
    from: Option<String>,
    to: Vec<String>,
    nonces: Vec<String>,
    choice: Option<String>,
    return_to: Option<String>,
    /// Something stands twice, or more often than there can be origins.
    is_odd: bool,
}

impl Query {
    fn read(query: &str) -> Self {
        const MOST: usize = 8;
        let mut read = Self::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let (single, several) = match &*name {
                "from" => (Some(&mut read.from), None),
                "choice" => (Some(&mut read.choice), None),
                "return" => (Some(&mut read.return_to), None),
                "to" => (None, Some(&mut read.to)),
                "nonce" => (None, Some(&mut read.nonces)),
                _ => continue,
            };
            if let Some(single) = single {
                read.is_odd |= single.replace(value.into_owned()).is_some();
            } else if let Some(several) = several.filter(|several| several.len() < MOST) {
                several.push(value.into_owned());
            } else {
                read.is_odd = true;
            }
        }
        read
    }
}

/// A way through origins that the policy names, each at most once.
struct Way<'a> {
    from: &'a str,
    to: Vec<&'a str>,
    /// Of the first of `to`, in their order.
    nonces: Vec<&'a str>,
    choice: Option<&'a str>,
    path: &'a str,
}

/// What one origin on the way does.
struct Step {
    /// Where to go; without it, to the end.
    next: Option<String>,
    /// The value of the nonce's cookie, and for how many seconds; none removes it.
    nonce: Option<(String, u64)>,
    /// The choice to be taken over.
    choice: Option<Choice>,
}

impl<'a> Way<'a> {
    /// From one origin to all the others.
    fn from(own: &'a str, policy: &'a Policy, path: &'a str) -> Self {
        let origins = policy.shared_with().iter().map(String::as_str);
        Self {
            from: own,
            to: origins.filter(|origin| *origin != own).collect(),
            nonces: Vec::new(),
            choice: None,
            path,
        }
    }

    /// The way that an address says, or `None` where the policy does not allow it.
    fn of(query: &'a Query, own: &'a str, policy: &'a Policy, path: &'a str) -> Option<Self> {
        if query.is_odd {
            return None;
        }
        let Some(from) = &query.from else {
            let bare = query.to.is_empty() && query.nonces.is_empty() && query.choice.is_none();
            return bare.then(|| Self::from(own, policy, path));
        };
        let from = listed(from, policy)?;
        let mut to: Vec<&str> = Vec::new();
        for origin in &query.to {
            let origin = listed(origin, policy)?;
            if origin == from || to.contains(&origin) {
                return None;
            }
            to.push(origin);
        }
        let nonces: Vec<_> = query.nonces.iter().map(String::as_str).collect();
        let are_nonces = nonces.len() <= to.len() && nonces.iter().all(|nonce| is_nonce(nonce));
        are_nonces.then_some(Self {
            from,
            to,
            nonces,
            choice: query.choice.as_deref(),
            path,
        })
    }

    /// What `own` does, or `None` where it is not its turn.
    fn step(
        self,
        own: &str,
        prefix: &str,
        request: &Parts,
        visitor: &Visitor<'_>,
        random: Option<Bits>,
    ) -> Option<Step> {
        let mut way: Way<'_> = self;
        let all_asked = way.nonces.len() == way.to.len();
        let goes_on = Step {
            next: None,
            nonce: None,
            choice: None,
        };
        if own == way.from {
            // Where there is nothing to hand over nobody is asked for a way.
            let choice = visitor.circumstances.choice;
            let choice = choice.filter(|_| visitor.choice_problem.is_none())?;
            let first = *way.to.first()?;
            let written = choice.to_cookie_value(visitor.policy);
            match way.choice {
                None if all_asked => way.choice = Some(&written),
                None if way.nonces.is_empty() => {}
                _ => return None,
            }
            return Some(Step {
                next: Some(way.at(first, prefix)),
                ..goes_on
            });
        }
        let place = way.to.iter().position(|origin| *origin == own)?;
        let next = way.to.get(place + 1).copied();
        match way.choice {
            None if way.nonces.len() == place => {
                let nonce = format!("{:032x}", u128::from_be_bytes(random?));
                way.nonces.push(&nonce);
                Some(Step {
                    next: Some(way.at(next.unwrap_or(way.from), prefix)),
                    nonce: Some((nonce.clone(), LONGEST_WAY)),
                    ..goes_on
                })
            }
            Some(choice) if all_asked => {
                let asked = way.nonces.get(place)?;
                let is_answer = has_nonce(request, visitor.policy, asked);
                Some(Step {
                    next: next.map(|next| way.at(next, prefix)),
                    nonce: is_answer.then(|| (String::new(), 0)),
                    choice: is_answer.then(|| adopted(choice, visitor)).flatten(),
                })
            }
            _ => None,
        }
    }

    /// The address of this way at one of its origins.
    fn at(&self, origin: &str, prefix: &str) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("from", self.from);
        for origin in &self.to {
            query.append_pair("to", origin);
        }
        for nonce in &self.nonces {
            query.append_pair("nonce", nonce);
        }
        if let Some(choice) = self.choice {
            query.append_pair("choice", choice);
        }
        query.append_pair("return", self.path);
        format!("{origin}{prefix}{NAME}?{}", query.finish())
    }
}

fn is_nonce(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|b| b.is_ascii_hexdigit())
}

/// Whether the browser holds this nonce, and no other.
fn has_nonce(request: &Parts, policy: &Policy, nonce: &str) -> bool {
    let name = nonce_cookie(policy).as_bytes();
    let mut held = (request.headers.get_all(COOKIE).iter())
        .flat_map(|line| CookieLine::new(line.as_bytes()).pairs())
        .filter(|pair| pair.name() == name);
    let one = held.next();
    held.next().is_none() && one.is_some_and(|pair| pair.value() == nonce.as_bytes())
}

/// The choice to be taken over, if it is the visitor's last word: not from the future, and later
/// than the one that is here. Id, time, way and signals stay as they are; what was refused here and
/// is not spoken of there stays refused as long as it would here, for silence is no consent.
fn adopted(written: &str, visitor: &Visitor<'_>) -> Option<Choice> {
    let policy = visitor.policy;
    let new = Choice::from_cookie_value(written.as_bytes(), policy).ok()?;
    let is_future = |staleness| staleness == Some(Staleness::InTheFuture);
    let under_new = policy.standing(&Circumstances {
        choice: Some(new),
        ..*visitor.circumstances
    });
    if is_future(under_new.staleness()) {
        return None;
    }
    let here = visitor.circumstances.choice;
    let Some(here) = here.filter(|_| !is_future(visitor.standing.staleness())) else {
        return Some(new);
    };
    let still = |id: &CategoryId| {
        new.decision(*id) == Decision::Undecided
            && visitor.standing.of(*id).decision == Decision::Refused
    };
    let kept = here.refused().iter().filter(still);
    (new.made > here.made).then(|| kept.fold(new, Choice::refuse))
}
