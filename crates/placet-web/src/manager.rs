//! What holds for one visitor of one page, and what happens next: whether to ask, what a choice changes,
//! what is to be forgotten.

use placet::{
    Action, Choice, ChoiceId, ChoiceReading, Circumstances, Decision, How, Judge, Lifetime, Policy,
    Reason, Region, Signals, Standing, Timestamp, Verdict,
};

use crate::expression::evaluate;

/// What is known of the visitor when the page begins.
#[derive(Clone, Copy, Debug)]
pub struct Visitor<'a> {
    /// What the browser says.
    pub signals: Signals,
    /// Where the visitor is, if that is known.
    pub region: Option<Region>,
    /// `document.cookie`.
    pub cookies: &'a [u8],
    /// The present moment.
    pub now: Timestamp,
}

/// What an expression of services and categories comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Allowed {
    /// It does not hold.
    No,
    /// It holds.
    Yes,
    /// It cannot be read, or names what the policy does not have: it does not hold either.
    Unknown,
}

/// A cookie of a refused category, and where the policy says that it may live.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Removal<'a> {
    /// Its name as it stands in `document.cookie`.
    pub name: &'a [u8],
    /// The domains it is declared for; nothing for a host alone, and where only another reading of the name
    /// is declared.
    pub domains: Vec<&'a [u8]>,
    /// The paths it is declared for.
    pub paths: Vec<&'a [u8]>,
}

/// The policy, the visitor's choice and what holds by both.
#[derive(Debug)]
pub struct Manager {
    policy: Policy,
    reading: ChoiceReading,
    circumstances: Circumstances,
    standing: Standing,
    /// Whether the choice was made on this page and not seen in a cookie since.
    unsaved: bool,
}

impl Manager {
    /// Begins a page.
    pub fn new(policy: Policy, visitor: &Visitor<'_>) -> Self {
        let reading = policy.read_choice([visitor.cookies]);
        let circumstances = Circumstances {
            choice: reading.in_effect(&policy),
            signals: visitor.signals,
            region: visitor.region,
            now: visitor.now,
        };
        Self {
            standing: policy.standing(&circumstances),
            policy,
            reading,
            circumstances,
            unsaved: false,
        }
    }

    /// Reads the choice anew: another tab, a restored page or the server may have changed it.
    ///
    /// A choice made on this page stands until a cookie says something else, so that it holds for the page
    /// where cookies are blocked.
    pub fn arrive(&mut self, cookies: &[u8], now: Timestamp) {
        let reading = self.policy.read_choice([cookies]);
        if !(self.unsaved && reading == ChoiceReading::Absent) {
            self.reading = reading;
            self.circumstances.choice = reading.in_effect(&self.policy);
            self.unsaved = false;
        }
        self.circumstances.now = now;
        self.standing = self.policy.standing(&self.circumstances);
    }

    /// The policy.
    pub const fn policy(&self) -> &Policy {
        &self.policy
    }

    /// What holds.
    pub const fn standing(&self) -> &Standing {
        &self.standing
    }

    /// The choice, also one that no longer counts as made.
    pub const fn choice(&self) -> Option<Choice> {
        self.reading.choice()
    }

    /// Whether the visitor is to be asked: about a category that a service uses or that the site has
    /// declared itself, and that is undecided or was decided by a choice that is stale.
    pub fn asks(&self) -> bool {
        self.policy.optional_categories().any(|category| {
            let id = category.id();
            let holds = self.standing.of(id);
            let services = self.policy.services();
            // The site's own stand behind the standard ones, each of which is its own like.
            let is_used =
                category.like().id() != id || services.iter().any(|service| service.category == id);
            is_used && (holds.decision == Decision::Undecided || holds.reason == Reason::Stale)
        })
    }

    /// Whether to tell the visitor that a signal is honoured: it refuses something, and the visitor has
    /// not chosen.
    pub fn tells_of_signal(&self) -> bool {
        let stands = self.circumstances.choice.is_some() && self.standing.staleness().is_none();
        !stands && self.standing.is_by_signal()
    }

    /// Whether a yes of the visitor may count for more than Global Privacy Control, by the rules of the region.
    pub fn yields_to_grants(&self) -> bool {
        let region = self.circumstances.region;
        self.policy.region_rules(region).grant_over_gpc
    }

    /// Whether what an expression of service ids and category names asks for is granted.
    ///
    /// A word that names both a service and a category stands for both.
    pub fn allows(&self, expression: &[u8]) -> Allowed {
        let granted = |word: &[u8]| {
            let mut granted = None;
            let mut also = |name: &str, id| {
                if name.as_bytes() == word {
                    granted = Some(self.standing.allows(id) && granted != Some(false));
                }
            };
            for category in self.policy.categories() {
                also(category.name(), category.id());
            }
            for service in self.policy.services() {
                also(&service.id, service.category);
            }
            granted
        };
        match evaluate(expression, granted) {
            Some(true) => Allowed::Yes,
            Some(false) => Allowed::No,
            None => Allowed::Unknown,
        }
    }

    /// Judges cookies, storage keys and addresses by what holds.
    pub const fn judge(&self) -> Judge<'_> {
        Judge::new(&self.policy, &self.standing)
    }

    /// Makes a choice, which holds from now on, and gives the line for `document.cookie`.
    ///
    /// Bits are numbers of categories; what is in both is refused, and what is in neither keeps what was
    /// said of it, as [`Choice::succeeding`] has it.
    pub fn choose(
        &mut self,
        granted: u32,
        refused: u32,
        how: How,
        id: ChoiceId,
        now: Timestamp,
    ) -> String {
        self.circumstances.now = now;
        let signals = self.circumstances.signals;
        let mut choice = Choice::new(id, now, self.policy.revision(), how, signals);
        for category in self.policy.optional_categories() {
            let is_in = |set: u32| set >> category.id().number() & 1 == 1;
            if is_in(refused) {
                choice = choice.refuse(category.id());
            } else if is_in(granted) {
                choice = choice.grant(category.id());
            }
        }
        let choice = choice.succeeding(&self.circumstances, &self.policy);
        self.reading = ChoiceReading::Read(choice);
        self.circumstances.choice = Some(choice);
        self.unsaved = true;
        self.standing = self.policy.standing(&self.circumstances);
        let rules = self.policy.region_rules(self.circumstances.region);
        let lifetime = Lifetime::Seconds(u64::from(rules.choice_lifetime_days) * 86_400);
        self.policy.consent_cookie_line(&choice, lifetime)
    }

    /// The cookies of `document.cookie` whose categories are refused, each name once.
    pub fn removals<'a>(&'a self, cookies: &'a [u8]) -> Vec<Removal<'a>> {
        let judge = self.judge();
        let mut removals: Vec<Removal<'a>> = Vec::new();
        for pair in placet::cookie_header::CookieLine::new(cookies).pairs() {
            let name = pair.name();
            if removals.iter().any(|known| known.name == name)
                || judge.cookie_pair(&pair).action != Action::Expire
            {
                continue;
            }
            let (mut domains, mut paths) = (Vec::new(), Vec::new());
            self.policy.each_declaration(name, |_, cookie| {
                domains.extend(cookie.domains.iter().map(String::as_bytes));
                paths.extend(cookie.paths.iter().map(String::as_bytes));
            });
            removals.push(Removal {
                name,
                domains,
                paths,
            });
        }
        removals
    }
}

/// A verdict in one number: bits 0 and 1 the action (0 keep, 1 drop, 2 expire), bits 2 to 7 the reason's
/// place in [`Reason::ALL`], from bit 8 the service's number and one, or 0.
pub fn pack(verdict: Verdict) -> u32 {
    let service = verdict
        .service
        .map_or(0, |service| service.number() as u32 + 1);
    service << 8 | code(verdict.reason) << 2 | verdict.action as u32
}

/// The number of a reason: its place in [`Reason::ALL`], which has them in the order of their declaration.
pub(crate) const fn code(reason: Reason) -> u32 {
    reason as u32
}
