//! From exchanges to observations: what a recording says of each distinct cookie, however often it
//! was set, small enough to keep in memory.
//!
//! A [`Survey`] takes exchanges one by one and merges with the surveys of other parts of the
//! recording, so that parts can be read side by side. Nothing is judged here: each observation only
//! counts under which standing it was made, and [`crate::Evidence`] judges them afterwards.

mod conditions;
mod consent;
mod hosts;
mod observation;
mod personal_data;
mod shapes;
mod store;
mod syncing;

use std::borrow::Cow;
use std::mem;

use memchr::memmem::Finder;
use placet::set_cookie::{Context, Evaluation, Oddities, SetCookie};
use placet::{
    Choice, ConsentCookieProblem, Dnt, Gpc, Lifetime, Policy, Region, Signals, Standing, Timestamp,
    WebAddress,
};

use crate::exchange::{Exchange, Malformed, Request, Response, SetCookieLine, Sink};

pub use conditions::{AssumedSignal, Party, is_public_suffix, is_same_site};
pub use consent::{Carrier, Chosen, ConsentMessage, ConsentWord, DeniedCookie, Said};
pub use hosts::Asked;
pub use observation::{Attributes, Observation, ObservationKey, Origin, Tally, Where};
pub use personal_data::PersonalData;
pub use syncing::Sync;

pub(crate) use conditions::site;

use conditions::{Parties, Standings};
use consent::{About, Consent};
use hosts::Hosts;
use shapes::{Shapes, Surroundings, YEAR_2000};
use store::Store;
use syncing::Syncing;

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
    store: Store,
    shapes: Shapes,
    standings: Standings,
    parties: Parties,
    hosts: Hosts,
    syncing: Syncing,
    consent: Consent,
    malformed: Vec<(u16, Malformed)>,
    malformed_count: u64,
    exchanges: u64,
    do_not_track: Option<Tally>,
    forgotten_choices: Option<Tally>,
    unreadable_choices: Vec<(ConsentCookieProblem, Tally)>,
    /// Finds the name of the consent cookie, which few requests send.
    consent_cookie: Finder<'p>,
    /// Room for the address of a request that names it in parts.
    spelled_out: Vec<u8>,
}

impl<'p> Survey<'p> {
    /// A survey of (a part of) the recording with that number.
    pub fn new(assumptions: &'p Assumptions<'p>, file: u16) -> Self {
        Self {
            assumptions,
            file,
            store: Store::default(),
            shapes: Shapes::default(),
            standings: Standings::default(),
            parties: Parties::default(),
            hosts: Hosts::default(),
            syncing: Syncing::default(),
            consent: Consent::default(),
            malformed: Vec::new(),
            malformed_count: 0,
            exchanges: 0,
            do_not_track: None,
            forgotten_choices: None,
            unreadable_choices: Vec::new(),
            consent_cookie: Finder::new(assumptions.policy.consent_cookie().name.as_bytes()),
            spelled_out: Vec::new(),
        }
    }

    /// Takes over what the survey of a later part found. That survey has then found nothing, but
    /// still knows what cookies look like: give it another part of the same recording.
    ///
    /// Parts merged in their order say what one survey of the whole would, as long as nothing
    /// [overflowed](Self::overflowed).
    pub fn merge(&mut self, later: &mut Self) {
        let standings = mem::take(&mut later.standings);
        let renumbered: Vec<_> = standings
            .all()
            .iter()
            .zip(standings.signals())
            .map(|(standing, signals)| self.standings.number(standing, *signals))
            .collect();
        self.store.merge(&mut later.store, &renumbered);
        if later.store.keys() > Store::MOST_KEYS {
            // Shapes name cookies by their numbers in the store.
            later.store = Store::default();
            later.shapes = Shapes::default();
        }
        self.syncing.merge(&mut later.syncing);
        self.consent.merge(&mut later.consent);
        self.hosts.merge(&mut later.hosts);
        let room = MOST_MALFORMED.saturating_sub(self.malformed.len());
        self.malformed.extend(later.malformed.drain(..).take(room));
        self.malformed_count += mem::take(&mut later.malformed_count);
        self.exchanges += mem::take(&mut later.exchanges);
        for (slot, more) in [
            (&mut self.do_not_track, &mut later.do_not_track),
            (&mut self.forgotten_choices, &mut later.forgotten_choices),
        ] {
            if let Some(more) = more.take() {
                Tally::add(slot, more);
            }
        }
        for (problem, tally) in later.unreadable_choices.drain(..) {
            self.unreadable(problem, tally);
        }
    }

    /// Every distinct cookie, by host and name.
    pub(crate) fn observations(&self) -> Vec<Observation> {
        let mut all: Vec<_> = self.store.seen().cloned().collect();
        for observation in &mut all {
            let by_recording = |of: &(u16, Tally)| (of.0, of.1.first.file);
            observation.tallies.sort_by_key(by_recording);
        }
        all.sort_by(|a, b| a.key.cmp(&b.key));
        all
    }

    /// The standings that observations were made under; their tallies count by its numbers.
    pub fn standings(&self) -> &[Standing] {
        self.standings.all()
    }

    /// What the browser said under each of the standings.
    pub fn signals(&self) -> &[Signals] {
        self.standings.signals()
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

    /// How many sightings were not told apart, because there were too many distinct cookies.
    pub const fn overflowed(&self) -> u64 {
        self.store.overflowed()
    }

    /// Requests that said `DNT: 1`.
    pub const fn do_not_track(&self) -> Option<Tally> {
        self.do_not_track
    }

    /// Choices that were posted and whose answer set no consent cookie.
    pub const fn forgotten_choices(&self) -> Option<Tally> {
        self.forgotten_choices
    }

    /// Requests whose consent cookie could not be read, each kind of problem once.
    pub fn unreadable_choices(&self) -> &[(ConsentCookieProblem, Tally)] {
        &self.unreadable_choices
    }

    /// The hosts of others that were asked, in lower case and in the order of the alphabet.
    pub fn hosts_of_others(&self) -> Vec<(&[u8], Asked)> {
        self.hosts.all()
    }

    /// Identifiers that one host set and another was sent.
    pub fn syncs(&self) -> Vec<Sync> {
        self.syncing.found()
    }

    /// What was said of consent in consent strings and beside them, each distinct word once.
    pub fn consent_words(&self) -> &[ConsentWord] {
        self.consent.words()
    }

    /// What hosts were told of consent, each distinct message once; its words by their numbers.
    pub fn consent_messages(&self) -> &[ConsentMessage] {
        self.consent.messages()
    }

    /// Cookies set although the address that set them said that storage was not agreed to.
    pub fn denied_cookies(&self) -> &[DeniedCookie] {
        self.consent.denied()
    }

    /// How many consent strings were not read, because there were too many.
    pub const fn unread_consent_strings(&self) -> u64 {
        self.consent.unread()
    }

    fn unreadable(&mut self, problem: ConsentCookieProblem, more: Tally) {
        let mut known = self.unreadable_choices.iter_mut();
        match known.find(|(other, _)| *other == problem) {
            Some((_, tally)) => *tally = tally.with(more),
            None => self.unreadable_choices.push((problem, more)),
        }
    }

    /// The number of the standing of an exchange, and the choice it rests on.
    fn standing(&mut self, exchange: &Exchange<'_>, at: Where) -> (Option<u16>, Option<Choice>) {
        let request = &exchange.request;
        let assumed = self.assumptions;
        let signals = Signals {
            gpc: assumed.gpc.gpc(&request.sec_gpc),
            dnt: assumed.dnt.dnt(&request.dnt),
        };
        if signals.dnt == Dnt::DoNotTrack {
            Tally::add(&mut self.do_not_track, Tally::once(at));
        }
        let lines = request.cookies.iter().copied();
        let with_choice = lines.filter(|line| self.consent_cookie.find(line).is_some());
        let read = assumed.policy.read_choice(with_choice);
        if let Some(problem) = read.problem() {
            self.unreadable(problem, Tally::once(at));
        }
        let choice = assumed.choice.or_else(|| read.in_effect(assumed.policy));
        let now = exchange.time.unwrap_or(assumed.now);
        (self.standings.under(assumed, signals, choice, now), choice)
    }

    fn set_cookie(
        &mut self,
        line: &SetCookieLine<'_>,
        exchange: &Exchange<'_>,
        context: &Context<'_>,
        seen: Seen<'_>,
    ) {
        let now = exchange.time.unwrap_or(self.assumptions.now);
        let mut at = seen.at;
        if line.line > 0 {
            at.place.line = line.line;
        }
        let around = Surroundings {
            host: seen.host,
            default_path: context.default_path(),
            circumstances: seen.circumstances(line.rebuilt),
            now_is_known: exchange.time.is_some(),
        };
        let shaped = self.shapes.line(line.value, now, &around);
        if let Some(shaped) = &shaped
            && let Some(known) = self.shapes.find(shaped)
        {
            let asked = known.asked(shaped, now);
            self.see_set(
                Some(known.number),
                seen,
                at,
                shaped.value,
                asked,
                known.oddities,
            );
            return;
        }
        let cookie = SetCookie::parse(line.value);
        let evaluation = cookie.evaluate(now, context);
        let removed = is_removed(&evaluation, now, exchange.time.is_some());
        let key = ObservationKey::set(&evaluation, &seen, line.rebuilt, removed);
        let number = self.store.of(key);
        if let (Some(shaped), Some(number)) = (&shaped, number) {
            self.shapes.learn(shaped, &evaluation, &cookie, number);
        }
        let Evaluation {
            value,
            lifetime_asked,
            oddities,
            ..
        } = evaluation;
        self.see_set(number, seen, at, value, lifetime_asked, oddities);
    }

    fn see_set(
        &mut self,
        number: Option<store::Number>,
        seen: Seen<'_>,
        at: Where,
        value: &[u8],
        asked: Lifetime,
        oddities: Oddities,
    ) {
        self.syncing.cookie(seen.host, value);
        self.see(number, seen.standing, |observation, standing| {
            observation.see(standing, at, value);
            observation.see_set(asked, oddities);
            if seen.pixel {
                observation.see_pixel(at);
            }
        });
    }

    /// Sees an observation, or counts what cannot be told apart.
    fn see(
        &mut self,
        number: Option<store::Number>,
        standing: Option<u16>,
        see: impl FnOnce(&mut Observation, u16),
    ) {
        let observation = number.and_then(|number| self.store.see(number));
        match (observation, standing) {
            (Some(observation), Some(standing)) => see(observation, standing),
            _ => self.store.overflow(1),
        }
    }
}

/// Whether a line removes a cookie rather than setting one: it has ended already.
///
/// Where the recording does not say when it was made, an `Expires` of some past year may have lain
/// ahead, so only what removals look like counts: an empty value, `deleted`, or a date of the last
/// century.
fn is_removed(cookie: &Evaluation<'_>, now: Timestamp, now_is_known: bool) -> bool {
    cookie.expires.is_some_and(|end| {
        end <= now
            && (now_is_known
                || end.as_unix() < YEAR_2000
                || cookie.value.is_empty()
                || cookie.value == b"deleted")
    })
}

/// What all cookies of one exchange have in common.
#[derive(Clone, Copy)]
struct Seen<'a> {
    host: &'a [u8],
    party: Party,
    plain_http: bool,
    encrypted: bool,
    standing: Option<u16>,
    pixel: bool,
    at: Where,
}

impl Seen<'_> {
    /// What a browser's or the survey's answer depends on, beside host and path.
    const fn circumstances(&self, rebuilt: bool) -> u8 {
        self.party as u8
            | (self.plain_http as u8) << 2
            | (self.encrypted as u8) << 3
            | (rebuilt as u8) << 4
    }
}

impl Sink for Survey<'_> {
    fn exchange(&mut self, exchange: &Exchange<'_>) {
        self.exchanges += 1;
        let request = &exchange.request;
        let mut spelled_out = mem::take(&mut self.spelled_out);
        let mut address = WebAddress::parse(request.url);
        if address.is_none() {
            spell_out(request, &mut spelled_out);
            address = WebAddress::parse(&spelled_out);
        }
        let host = address.as_ref().map_or(b"".as_slice(), WebAddress::host);
        let host = &*lower_case(host);
        let at = Where {
            file: self.file,
            place: exchange.place,
        };
        let (standing, choice) = self.standing(exchange, at);
        let seen = Seen {
            host,
            party: self
                .parties
                .of(self.assumptions.policy, host, exchange.page),
            plain_http: address
                .as_ref()
                .is_some_and(|a| !a.is_encrypted() && !a.is_loopback()),
            encrypted: address.as_ref().is_some_and(WebAddress::is_encrypted),
            standing,
            pixel: is_pixel(&exchange.response),
            at,
        };
        let context = address
            .as_ref()
            .map_or_else(Context::without_address, Context::new)
            .with_public_suffixes(&conditions::is_public_suffix);
        if seen.party == Party::Third {
            let assumed = self.assumptions;
            let dnt = assumed.dnt.dnt(&request.dnt) == Dnt::DoNotTrack;
            let gpc = assumed.gpc.gpc(&request.sec_gpc) == Gpc::On;
            self.hosts.see(host, at, dnt, gpc);
        }
        for line in &exchange.response.set_cookies {
            self.set_cookie(line, exchange, &context, seen);
        }
        for line in &request.cookies {
            for pair in placet::cookie_header::CookieLine::new(line).pairs() {
                self.syncing.cookie(host, pair.value());
                let number = self
                    .store
                    .of_sent(pair.name(), host, seen.party, seen.plain_http);
                self.see(number, seen.standing, |observation, standing| {
                    observation.see(standing, at, pair.value());
                });
            }
        }
        if let Some(address) = &address {
            self.syncing.address(address, at);
        }
        let about = About {
            host,
            gpc: Gpc::from_header_lines(request.sec_gpc.iter().copied()) == Gpc::On,
            choice,
            at,
        };
        let query = address.as_ref().and_then(WebAddress::query);
        self.consent.exchange(exchange, query, &about);
        self.remembered_choice(exchange, address.as_ref(), at);
        self.spelled_out = spelled_out;
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
        if !remembered {
            Tally::add(&mut self.forgotten_choices, Tally::once(at));
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

/// Writes the address of a request of which only its target and `Host` line are known, or nothing
/// where neither says the host. Its scheme passes for `https`, so that nothing is held against a
/// cookie that the recording does not show.
fn spell_out(request: &Request<'_>, address: &mut Vec<u8>) {
    address.clear();
    let host = request.host();
    if !host.is_empty() {
        let path = Some(request.url).filter(|url| url.starts_with(b"/"));
        for part in [b"https://", host, path.unwrap_or(b"/")] {
            address.extend_from_slice(part);
        }
    }
}

fn lower_case(host: &[u8]) -> Cow<'_, [u8]> {
    if host.iter().any(u8::is_ascii_uppercase) {
        Cow::Owned(host.to_ascii_lowercase())
    } else {
        Cow::Borrowed(host)
    }
}

#[cfg(test)]
mod tests;
