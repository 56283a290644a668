//! What is known of one request's visitor, kept as long as request and response are.

use std::sync::atomic::{AtomicU32, Ordering, fence};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

#[cfg(feature = "ledger")]
use http::header::{ORIGIN, REFERER};
use http::request::Parts;
use http::{HeaderValue, Request};
use placet::cookie_header::CookieLine;
use placet::{
    Carried, CategoryId, CategorySet, Choice, ChoiceId, ChoiceReading, Circumstances,
    ConsentCookieProblem, How, Judge, Policy, Region, Signals, Standing, Timestamp,
};

#[cfg(feature = "ledger")]
use placet_ledger::Client;

use crate::caching::Varying;
#[cfg(feature = "ledger")]
use crate::endpoint::Question;
#[cfg(feature = "script")]
use crate::endpoint::Served;
use crate::endpoint::{Answer, Chosen, Next, Problem, Visitor};
use crate::fields::{CookieLines, Fields};
use crate::future::{End, Submission};
use crate::ground::Ground;
use crate::host::Host;
use crate::layer::Shared;
use crate::ledger::Recorded;
#[cfg(feature = "ledger")]
use crate::ledger::{Connection, Outcome};
#[cfg(feature = "ledger")]
use crate::live_policy::InUse;
#[cfg(feature = "script")]
use crate::script::Script;
use crate::standing::CannotChoose;

/// One request's visitor: what the request says, and what follows from it.
///
/// What follows is worked out when somebody asks, which for most requests is nobody.
pub(crate) struct Visit {
    ground: Arc<Ground>,
    reading: ChoiceReading,
    signals: Signals,
    region: Option<Region>,
    host: Host,
    cookies: CookieLines,
    /// What the browser says of the page that the request comes from, where it may make a choice.
    #[cfg(feature = "ledger")]
    page: Option<HeaderValue>,
    /// What is kept of the visitor's network.
    #[cfg(feature = "ledger")]
    client: Client,
    /// The connection that the request came over, where there is a ledger and the server says which it is.
    #[cfg(feature = "ledger")]
    connection: Option<Connection>,
    /// Where there were cookies to judge.
    early_moment: Option<Moment>,
    /// Where it turns out later that somebody asks.
    late_moment: OnceLock<Moment>,
    /// What the response depends on: a bit for every category, and above them those of the signals, of a
    /// choice that was made and of a response that has left.
    state: AtomicU32,
    /// What the visitor chose while the request is served.
    made: Mutex<Option<Box<Made>>>,
}

/// When the request was first looked at, and what held then.
struct Moment {
    now: Timestamp,
    standing: Standing,
}

/// A choice made while the request is served.
#[derive(Clone, Copy)]
struct Made {
    choice: Choice,
    standing: Standing,
}

/// The bit for the signals themselves.
const SIGNALS: u32 = 1 << CategoryId::LIMIT;
/// The bit for a choice that was made while the request is served.
const MADE: u32 = SIGNALS << 1;
/// The bit for the head of a response that has left, so that no choice can be kept any more.
const CLOSED: u32 = MADE << 1;

impl Visit {
    /// What a request says, in whose cookies that was read, if it has any.
    #[inline]
    pub(crate) fn begin<B>(
        ground: &Arc<Ground>,
        request: &Request<B>,
        fields: Fields,
        carried: Option<&Carried>,
        #[cfg(feature = "ledger")] client: Client,
    ) -> Arc<Self> {
        let headers = request.headers();
        let shared = &ground.shared;
        let region = shared.region.region(headers);
        let policy = &ground.in_use.policy;
        let signals = fields.signals;
        let now =
            |carried: &Carried| Moment::now(shared, policy, carried.choice(), signals, region);
        Arc::new(Self {
            early_moment: carried.map(now),
            late_moment: OnceLock::new(),
            ground: Arc::clone(ground),
            reading: carried.map_or(ChoiceReading::Absent, Carried::choice),
            region,
            signals,
            host: if ground.asks_for_host {
                Host::of(request)
            } else {
                Host::Unknown
            },
            cookies: fields.cookies,
            #[cfg(feature = "ledger")]
            page: (shared.ledger.is_some() && !request.method().is_safe())
                .then(|| {
                    headers
                        .get(ORIGIN)
                        .or_else(|| headers.get(REFERER))
                        .cloned()
                })
                .flatten(),
            #[cfg(feature = "ledger")]
            client,
            #[cfg(feature = "ledger")]
            connection: (shared.ledger.as_ref()).and_then(|_| request.extensions().get().cloned()),
            state: AtomicU32::new(0),
            made: Mutex::default(),
        })
    }

    pub(crate) fn policy(&self) -> &Policy {
        &self.ground.in_use.policy
    }

    /// The script of the policy, where one is served.
    #[cfg(feature = "script")]
    pub(crate) fn script(&self) -> Option<&Script> {
        self.ground.in_use.script.as_ref()
    }

    pub(crate) fn shared(&self) -> &Shared {
        &self.ground.shared
    }

    pub(crate) const fn signals(&self) -> Signals {
        self.signals
    }

    pub(crate) const fn region(&self) -> Option<Region> {
        self.region
    }

    pub(crate) const fn host(&self) -> &Host {
        &self.host
    }

    /// What the browser says of the page that the request comes from.
    #[cfg(feature = "ledger")]
    pub(crate) const fn page(&self) -> Option<&HeaderValue> {
        self.page.as_ref()
    }

    /// What a receipt keeps of the visitor's network.
    #[cfg(feature = "ledger")]
    pub(crate) const fn client(&self) -> &Client {
        &self.client
    }

    /// The connection that the request came over, where that is known.
    #[cfg(feature = "ledger")]
    pub(crate) const fn connection(&self) -> Option<&Connection> {
        self.connection.as_ref()
    }

    /// The policy in use, with what was made of it.
    #[cfg(feature = "ledger")]
    pub(crate) fn site(&self) -> &InUse {
        &self.ground.in_use
    }

    /// The choice that the request carried, where one was read.
    #[cfg(feature = "ledger")]
    pub(crate) const fn choice_sent(&self) -> Option<Choice> {
        self.reading.choice()
    }

    /// Whether the request had any `Cookie` line.
    pub(crate) const fn has_cookies(&self) -> bool {
        !self.cookies.is_empty()
    }

    /// The `Cookie` lines as they came.
    pub(crate) fn cookie_lines(&self) -> impl Iterator<Item = &HeaderValue> {
        self.cookies.iter()
    }

    /// Under what the standing of the request's beginning was worked out.
    pub(crate) fn circumstances(&self) -> Circumstances {
        Circumstances {
            choice: self.reading.in_effect(self.policy()),
            signals: self.signals,
            region: self.region,
            now: self.now(),
        }
    }

    #[inline]
    fn moment(&self) -> &Moment {
        match &self.early_moment {
            Some(moment) => moment,
            None => self.late_moment.get_or_init(|| {
                let (reading, signals, region) = (self.reading, self.signals, self.region);
                Moment::now(self.shared(), self.policy(), reading, signals, region)
            }),
        }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.moment().now
    }

    /// What held when the request came.
    pub(crate) fn standing(&self) -> &Standing {
        &self.moment().standing
    }

    /// What holds by now, after what was chosen while the request is served.
    pub(crate) fn standing_now(&self) -> Standing {
        self.made()
            .map_or_else(|| *self.standing(), |made| made.standing)
    }

    /// The choice that stands by now, current or not.
    pub(crate) fn choice_now(&self) -> Option<Choice> {
        self.made()
            .map(|made| made.choice)
            .or(self.reading.choice())
    }

    /// The visitor as the endpoints know one.
    pub(crate) fn as_visitor<T>(&self, then: impl FnOnce(&Visitor<'_>) -> T) -> T {
        then(&Visitor {
            policy: self.policy(),
            #[cfg(feature = "script")]
            served: Served {
                script: self.script(),
                has_region_source: self.ground.shared.region.is_named(),
            },
            circumstances: &self.circumstances(),
            choice_problem: self.reading.problem(),
            standing: self.standing(),
            enforces: self.ground.shared.enforces,
        })
    }

    /// What a submission comes to of which this was read.
    pub(crate) fn submitted(&self, submission: &Submission, read: &[u8], end: End) -> Next {
        let Submission {
            parts,
            endpoint,
            format,
            ..
        } = submission;
        let endpoints = &self.ground.shared.endpoints;
        let problem = match end {
            End::Whole => match fresh_id() {
                Some(fresh) => {
                    return self.as_visitor(|visitor| {
                        endpoints.finish(*endpoint, *format, parts, read, visitor, fresh)
                    });
                }
                None => Problem::no_randomness(),
            },
            End::TooLong => Problem::too_large(),
            End::Broken => Problem::cut_off(),
        };
        self.as_visitor(|visitor| {
            Next::Answer(endpoints.decline(*endpoint, *format, parts, visitor, &problem))
        })
    }

    /// The answer to a choice that was submitted and made.
    pub(crate) fn saved(
        &self,
        parts: &Parts,
        chosen: &Chosen,
        recorded: Option<Recorded>,
    ) -> Answer {
        let endpoints = &self.ground.shared.endpoints;
        self.as_visitor(|visitor| endpoints.saved(parts, chosen, visitor, recorded))
    }

    /// The answer to what the ledger was asked.
    #[cfg(feature = "ledger")]
    pub(crate) fn told(&self, parts: &Parts, question: Question, outcome: Outcome) -> Answer {
        let endpoints = &self.ground.shared.endpoints;
        self.as_visitor(|visitor| endpoints.told(question, parts, outcome, visitor))
    }

    /// The choice that was made while the request was served, if one was. From now on it is too late
    /// for another.
    pub(crate) fn close(self: &Arc<Self>) -> Option<Choice> {
        // Nobody can choose any more whose request is gone, and all they chose before is seen behind the
        // fence: each let go of the visit after it.
        if Arc::strong_count(self) > 1 {
            self.state.fetch_or(CLOSED, Ordering::AcqRel);
        } else {
            fence(Ordering::Acquire);
        }
        self.made().map(|made| made.choice)
    }

    /// Whether the consent cookie was sent more than once.
    pub(crate) fn has_several_choices(&self) -> bool {
        self.reading.problem() == Some(ConsentCookieProblem::Duplicated)
    }

    /// A choice of this moment that says nothing yet.
    pub(crate) fn new_choice(&self, how: How) -> Result<Choice, CannotChoose> {
        let id = fresh_id().ok_or(CannotChoose::NoRandomness)?;
        let revision = self.policy().revision();
        Ok(Choice::new(id, self.now(), revision, how, self.signals))
    }

    /// A choice with what the one before said of everything else, as far as that still counts.
    pub(crate) fn succeeded(&self, choice: Choice) -> Choice {
        let before = self.circumstances();
        let before = Circumstances {
            choice: self.made().map(|made| made.choice).or(before.choice),
            ..before
        };
        choice.succeeding(&before, self.policy())
    }

    /// Lets a choice hold from now on, for this response and, by its cookie, for later requests.
    pub(crate) fn make(&self, choice: Choice) -> Result<(), CannotChoose> {
        let standing = self.policy().standing(&Circumstances {
            choice: Some(choice),
            ..self.circumstances()
        });
        let mut made = self.lock();
        if self.state.load(Ordering::Acquire) & CLOSED != 0 {
            return Err(CannotChoose::TooLate);
        }
        let before = made.replace(Box::new(Made { choice, standing }));
        // The response may have left in between: then whoever settled it saw no choice, or the one before.
        if self.state.fetch_or(MADE, Ordering::AcqRel) & CLOSED != 0 {
            *made = before;
            return Err(CannotChoose::TooLate);
        }
        Ok(())
    }

    fn made(&self) -> Option<Made> {
        // Nearly nobody chooses, and that is known without waiting for anybody.
        if self.state.load(Ordering::Acquire) & MADE == 0 {
            return None;
        }
        self.lock().as_deref().copied()
    }

    fn lock(&self) -> MutexGuard<'_, Option<Box<Made>>> {
        self.made.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes that the response depends on what holds for these categories.
    pub(crate) fn depends_on(&self, categories: CategorySet) {
        let bits = categories.iter().map(|category| 1 << category.number());
        let bits = bits.fold(0, |bits: u32, bit: u32| bits | bit);
        self.state.fetch_or(bits, Ordering::Relaxed);
    }

    /// Notes that the response depends on what holds for every category.
    pub(crate) fn depends_on_every_category(&self) {
        let categories = self.policy().optional_categories();
        self.depends_on(categories.map(placet::Category::id).collect());
    }

    /// Notes that the response depends on what the signals are.
    pub(crate) fn depends_on_signals(&self) {
        self.state.fetch_or(SIGNALS, Ordering::Relaxed);
    }

    /// The request headers that the response depends on, for `Vary`.
    pub(crate) fn varies_by(&self) -> Option<&Varying> {
        let asked = self.state.load(Ordering::Relaxed) & !(MADE | CLOSED);
        if asked == 0 {
            return None;
        }
        let categories = self
            .policy()
            .optional_categories()
            .map(placet::Category::id);
        let categories = categories.filter(|category| asked & 1 << category.number() != 0);
        let categories = categories.collect();
        Some(self.ground.decided_by(categories, asked & SIGNALS != 0))
    }

    /// The request headers that decide which of the request's cookies the inner service sees.
    pub(crate) fn filters_by(&self) -> &Varying {
        let judge = Judge::new(self.policy(), self.standing());
        let lines = self.cookie_lines();
        let pairs = lines.flat_map(|line| CookieLine::new(line.as_bytes()).pairs());
        let services = pairs.filter_map(|pair| judge.cookie(pair.name()).service);
        let seen: CategorySet = services
            .filter_map(|id| Some(self.policy().service(id)?.category))
            .collect();
        let categories = self
            .policy()
            .optional_categories()
            .map(placet::Category::id);
        let categories = categories.filter(|id| seen.contains(*id)).collect();
        self.ground.decided_by(categories, false)
    }
}

impl Moment {
    fn now(
        shared: &Shared,
        policy: &Policy,
        reading: ChoiceReading,
        signals: Signals,
        region: Option<Region>,
    ) -> Self {
        let now = shared.now();
        let standing = policy.standing(&Circumstances {
            choice: reading.in_effect(policy),
            signals,
            region,
            now,
        });
        Self { now, standing }
    }
}

fn fresh_id() -> Option<ChoiceId> {
    random_bits().map(ChoiceId::from_bytes)
}

/// Bits that nobody can guess; `None` where the operating system gives none.
pub(crate) fn random_bits() -> Option<[u8; 16]> {
    let mut bits = [0; 16];
    getrandom::fill(&mut bits).ok()?;
    Some(bits)
}

impl std::fmt::Debug for Visit {
    /// Without cookies: they may hold anything.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Visit")
            .field("reading", &self.reading)
            .field("signals", &self.signals)
            .field("region", &self.region)
            .finish_non_exhaustive()
    }
}
