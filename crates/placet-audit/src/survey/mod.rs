//! From exchanges to observations: what a recording says of each distinct cookie, however often it
//! was set, small enough to keep in memory.
//!
//! A [`Survey`] takes exchanges one by one and merges with the surveys of other parts of the
//! recording, so that parts can be read side by side. Nothing is judged here: each observation only
//! counts under which standing it was made, and [`crate::Evidence`] judges them afterwards.

mod conditions;
mod observation;
mod personal_data;
mod syncing;

use placet::set_cookie::{Context, SetCookie};
use placet::{Choice, Policy, Region, Signals, Standing, Timestamp, WebAddress};
use rustc_hash::FxHashMap;

use crate::exchange::{Exchange, Malformed, Response, SetCookieLine, Sink};

pub use conditions::{AssumedSignal, Party, is_public_suffix};
pub use observation::{Attributes, Observation, ObservationKey, Origin, Tally, Where};
pub use personal_data::PersonalData;
pub use syncing::Sync;

use conditions::{Parties, Standings};
use observation::Facts;
use syncing::Syncing;

/// Distinct cookies kept in one survey; what comes after is counted but not told apart.
const MOST_OBSERVATIONS: usize = 100_000;

/// Malformed records kept in full; what comes after is counted.
const MOST_MALFORMED: usize = 1_000;

/// What an audit assumes where the recording does not say.
#[derive(Clone, Debug)]
pub struct Assumptions<'p> {
    /// The policy in force.
    pub policy: &'p Policy,
    /// What stands for the `Sec-GPC` and `DNT` of every request.
    pub gpc: AssumedSignal,
    /// See `gpc`.
    pub dnt: AssumedSignal,
    /// Where the visitor is.
    pub region: Option<Region>,
    /// What stands for the choice of every request; `None`: each request's consent cookie.
    pub choice: Option<Choice>,
    /// The moment of exchanges that have none.
    pub now: Timestamp,
}

/// What a recording, or a part of one, says of each distinct cookie.
#[derive(Clone, Debug)]
pub struct Survey<'p> {
    assumptions: &'p Assumptions<'p>,
    file: u16,
    observations: FxHashMap<ObservationKey, Facts>,
    standings: Standings,
    parties: Parties,
    syncing: Syncing,
    malformed: Vec<(u16, Malformed)>,
    malformed_count: u64,
    exchanges: u64,
    overflowed: u64,
    forgotten_choices: Vec<Where>,
}

impl<'p> Survey<'p> {
    /// A survey of (a part of) the recording with that number.
    pub fn new(assumptions: &'p Assumptions<'p>, file: u16) -> Self {
        Self {
            assumptions,
            file,
            observations: FxHashMap::default(),
            standings: Standings::default(),
            parties: Parties::default(),
            syncing: Syncing::default(),
            malformed: Vec::new(),
            malformed_count: 0,
            exchanges: 0,
            overflowed: 0,
            forgotten_choices: Vec::new(),
        }
    }

    /// Adds the survey of a later part.
    pub fn merge(&mut self, later: Self) {
        let renumbered: Vec<u16> = later
            .standings
            .all()
            .iter()
            .map(|standing| self.standings.number(standing))
            .collect();
        for (key, facts) in later.observations {
            let full = self.observations.len() >= MOST_OBSERVATIONS;
            match self.observations.get_mut(&key) {
                Some(known) => known.merge(facts, &renumbered),
                None if full => self.overflowed += facts.count(),
                None => {
                    let mut fresh = Facts::default();
                    fresh.merge(facts, &renumbered);
                    self.observations.insert(key, fresh);
                }
            }
        }
        self.syncing.merge(later.syncing);
        let room = MOST_MALFORMED.saturating_sub(self.malformed.len());
        self.malformed
            .extend(later.malformed.into_iter().take(room));
        self.malformed_count += later.malformed_count;
        self.exchanges += later.exchanges;
        self.overflowed += later.overflowed;
        let room = MOST_MALFORMED.saturating_sub(self.forgotten_choices.len());
        self.forgotten_choices
            .extend(later.forgotten_choices.into_iter().take(room));
    }

    /// Every distinct cookie, by host and name.
    pub(crate) fn observations(&self) -> Vec<Observation> {
        let mut all: Vec<_> = self
            .observations
            .iter()
            .map(|(key, facts)| Observation::new(key, facts))
            .collect();
        all.sort_by(|a, b| a.key.cmp(&b.key));
        all
    }

    /// The standings that observations were made under; their tallies count by its numbers.
    pub fn standings(&self) -> &[Standing] {
        self.standings.all()
    }

    /// The records that could not be read, each with the number of its recording; the first
    /// thousand.
    pub fn malformed(&self) -> &[(u16, Malformed)] {
        &self.malformed
    }

    /// How many records could not be read.
    pub const fn malformed_count(&self) -> u64 {
        self.malformed_count
    }

    /// How many exchanges were surveyed.
    pub const fn exchanges(&self) -> u64 {
        self.exchanges
    }

    /// How many cookies were not told apart, because there were too many distinct ones.
    pub const fn overflowed(&self) -> u64 {
        self.overflowed
    }

    /// Where a choice was posted and the answer set no consent cookie.
    pub fn forgotten_choices(&self) -> &[Where] {
        &self.forgotten_choices
    }

    /// Identifiers that one host set and another was sent.
    pub fn syncs(&self) -> Vec<Sync> {
        self.syncing.found()
    }

    fn standing(&mut self, exchange: &Exchange<'_>) -> u16 {
        let request = &exchange.request;
        let assumed = self.assumptions;
        let signals = Signals {
            gpc: assumed.gpc.gpc(&request.sec_gpc),
            dnt: assumed.dnt.dnt(&request.dnt),
        };
        let choice = assumed.choice.or_else(|| {
            let lines = request.cookies.iter().copied();
            assumed.policy.read_choice(lines).choice()
        });
        let now = exchange.time.unwrap_or(assumed.now);
        self.standings.under(assumed, signals, choice, now)
    }

    fn observe(&mut self, key: ObservationKey, see: impl FnOnce(&mut Facts)) {
        let full = self.observations.len() >= MOST_OBSERVATIONS;
        match self.observations.get_mut(&key) {
            Some(facts) => see(facts),
            None if full => self.overflowed += 1,
            None => see(self.observations.entry(key).or_default()),
        }
    }

    fn set_cookie(
        &mut self,
        line: &SetCookieLine<'_>,
        exchange: &Exchange<'_>,
        context: &Context<'_>,
        seen: Seen<'_>,
    ) {
        let now = exchange.time.unwrap_or(self.assumptions.now);
        let cookie = SetCookie::parse(line.value);
        let evaluation = cookie.evaluate(now, context);
        let mut at = seen.at;
        at.place.line = line.line;
        self.syncing.cookie(seen.host, evaluation.value);
        let key = ObservationKey::set(&evaluation, seen.host, seen.party, seen.plain_http, now);
        self.observe(key, |facts| {
            facts.see(seen.standing, at, &evaluation);
            facts.see_pixel(is_pixel(&exchange.response), at);
        });
    }
}

/// What all cookies of one exchange have in common.
#[derive(Clone, Copy)]
struct Seen<'a> {
    host: &'a [u8],
    party: Party,
    plain_http: bool,
    standing: u16,
    at: Where,
}

impl Sink for Survey<'_> {
    fn exchange(&mut self, exchange: &Exchange<'_>) {
        self.exchanges += 1;
        let request = &exchange.request;
        let address = WebAddress::parse(request.url);
        let host = request.host();
        let seen = Seen {
            host,
            party: self
                .parties
                .of(self.assumptions.policy, host, exchange.page),
            plain_http: address.is_some_and(|a| !a.is_encrypted() && !a.is_loopback()),
            standing: self.standing(exchange),
            at: Where {
                file: self.file,
                place: exchange.place,
            },
        };
        let context = address
            .as_ref()
            .map_or_else(Context::without_address, Context::new)
            .with_public_suffixes(&conditions::is_public_suffix);
        for line in &exchange.response.set_cookies {
            self.set_cookie(line, exchange, &context, seen);
        }
        for line in &request.cookies {
            for pair in placet::cookie_header::CookieLine::new(line).pairs() {
                self.syncing.cookie(host, pair.value());
                let key = ObservationKey::sent(pair.name(), host, seen.party, seen.plain_http);
                self.observe(key, |facts| {
                    facts.see_sent(seen.standing, seen.at, pair.value())
                });
            }
        }
        if let Some(address) = &address {
            self.syncing.address(address, seen.at);
        }
        self.remembered_choice(exchange, address.as_ref(), seen.at);
    }

    fn malformed(&mut self, malformed: Malformed) {
        self.malformed_count += 1;
        if self.malformed.len() < MOST_MALFORMED {
            self.malformed.push((self.file, malformed));
        }
    }
}

impl Survey<'_> {
    /// Notes a posted choice whose answer sets no consent cookie.
    fn remembered_choice(
        &mut self,
        exchange: &Exchange<'_>,
        address: Option<&WebAddress<'_>>,
        at: Where,
    ) {
        let path = address.map_or(exchange.request.url, WebAddress::path);
        let posted = exchange.request.method.eq_ignore_ascii_case(b"POST")
            && path.starts_with(b"/.placet/")
            && (200..400).contains(&exchange.response.status);
        if !posted {
            return;
        }
        let name = self.assumptions.policy.consent_cookie().name.as_bytes();
        let mut set = exchange.response.set_cookies.iter();
        let remembered = set.any(|line| SetCookie::parse(line.value).name() == name);
        if !remembered && self.forgotten_choices.len() < MOST_MALFORMED {
            self.forgotten_choices.push(at);
        }
    }
}

/// Whether a response is an image too small to be seen: a GIF of one pixel has 35 to 43 bytes, a
/// PNG about 70.
fn is_pixel(response: &Response<'_>) -> bool {
    const LARGEST: u64 = 128;
    let image = response.content_type.get(..6);
    image.is_some_and(|start| start.eq_ignore_ascii_case(b"image/"))
        && response
            .body_size
            .is_some_and(|size| (1..=LARGEST).contains(&size))
}
