//! What holds for one visitor at one moment: policy, choice, signals, regime and time together,
//! category by category, each with its reason.

use crate::category::{CategoryId, CategorySet, StandardCategory};
use crate::choice::{Choice, Decision};
use crate::judge::{Action, Verdict};
use crate::policy::{Policy, ServiceId};
use crate::reason::Reason;
use crate::regime::{Regime, Region, RegionRules};
use crate::signal::Signals;
use crate::timestamp::Timestamp;

/// What is known when a standing is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Circumstances {
    /// The visitor's choice, if one was read.
    pub choice: Option<Choice>,
    /// The browser's signals.
    pub signals: Signals,
    /// Where the visitor is; `None` where that is not known, which is the strictest.
    pub region: Option<Region>,
    /// The present moment.
    pub now: Timestamp,
}

/// Why a choice no longer counts as made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Staleness {
    /// It was made under a revision before the one since which the policy asks again.
    Revision,
    /// It is older than the region lets a choice stand.
    Expired,
    /// It claims to be made more than a day from now, so its age is unknown.
    InTheFuture,
}

/// What holds for a category, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CategoryStanding {
    /// Granted, refused or undecided.
    pub decision: Decision,
    /// The first rule that applied.
    pub reason: Reason,
}

/// What holds for one visitor: for every category of the policy granted, refused or undecided, and
/// the reason.
///
/// ```
/// use placet::{Circumstances, Decision, Gpc, Policy, Reason, Signals, StandardCategory, Timestamp};
///
/// let policy = Policy::from_json("placet.json", r#"{ "revision": 1, "services": [] }"#)?;
/// let standing = policy.standing(&Circumstances {
///     choice: None,
///     signals: Signals { gpc: Gpc::On, ..Signals::default() },
///     region: "US-CA".parse().ok(),
///     now: Timestamp::UNIX_EPOCH,
/// });
/// let marketing = standing.of(StandardCategory::Marketing.id());
/// assert_eq!((marketing.decision, marketing.reason), (Decision::Refused, Reason::Gpc));
/// let analytics = standing.of(StandardCategory::Analytics.id());
/// assert_eq!((analytics.decision, analytics.reason), (Decision::Granted, Reason::Regime));
/// # Ok::<(), placet::PolicyError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    granted: CategorySet,
    refused: CategorySet,
    reasons: [Reason; CategoryId::LIMIT],
    staleness: Option<Staleness>,
}

impl Standing {
    /// Refuses every category: what holds for a number that no category of the policy has.
    pub(crate) const CLOSED: Self = Self {
        granted: CategorySet::EMPTY,
        refused: CategorySet::of_bits(u16::MAX),
        reasons: [Reason::Undeclared; CategoryId::LIMIT],
        staleness: None,
    };

    /// Lets something hold for a category.
    pub(crate) fn put(&mut self, id: CategoryId, holds: CategoryStanding) {
        (self.granted, self.refused) = decided(id, holds.decision, self.granted, self.refused);
        if let Some(slot) = self.reasons.get_mut(id.number()) {
            *slot = holds.reason;
        }
    }

    /// What happens to something that a service of a category declares.
    pub(crate) fn verdict(&self, category: CategoryId, service: ServiceId) -> Verdict {
        Verdict {
            action: match self.decision(category) {
                Decision::Granted => Action::Keep,
                Decision::Undecided => Action::Drop,
                Decision::Refused => Action::Expire,
            },
            reason: self.of(category).reason,
            service: Some(service),
        }
    }

    /// What holds for a category. One that the policy does not have is undeclared and refused.
    pub fn of(&self, category: CategoryId) -> CategoryStanding {
        let reasons = self.reasons.get(category.number());
        CategoryStanding {
            decision: self.decision(category),
            reason: reasons.copied().unwrap_or(Reason::Undeclared),
        }
    }

    /// Whether a category is granted.
    pub const fn allows(&self, category: CategoryId) -> bool {
        self.granted.contains(category)
    }

    pub(crate) const fn decision(&self, category: CategoryId) -> Decision {
        Decision::of(category, self.granted, self.refused)
    }

    /// The categories that are granted.
    pub const fn granted(&self) -> CategorySet {
        self.granted
    }

    /// The categories that are refused.
    pub const fn refused(&self) -> CategorySet {
        self.refused
    }

    /// Whether a signal of the browser refuses a category.
    pub fn is_by_signal(&self) -> bool {
        let by_signal = |reason: &Reason| matches!(reason, Reason::Gpc | Reason::Dnt);
        self.reasons.iter().any(by_signal)
    }

    /// Why the visitor's choice no longer counts as made, if there is one and it does not.
    pub const fn staleness(&self) -> Option<Staleness> {
        self.staleness
    }

    /// Whether the visitor has something to decide: a category is undecided.
    pub fn is_undecided(&self, policy: &Policy) -> bool {
        policy
            .categories()
            .iter()
            .any(|category| self.decision(category.id()) == Decision::Undecided)
    }
}

impl Policy {
    /// What holds under these circumstances.
    ///
    /// For each category the first rule that applies decides:
    ///
    /// 1. *necessary*: a required category is granted.
    /// 2. *gpc*: `Sec-GPC: 1` refuses the categories the policy names, unless a current, explicit
    ///    grant was made while the signal was on and the region lets it stand.
    /// 3. *dnt*: `DNT: 1` refuses the categories the policy names, unless a current, explicit grant
    ///    stands.
    /// 4. *chosen*: a current choice decides.
    /// 5. *stale*: a choice that no longer counts is as if never made, with one exception: a
    ///    refusal goes on standing where the regime would allow by itself, because the policy's
    ///    change or the passing of time is no consent after a no.
    /// 6. *regime*: undecided where the region asks for opt-in, else granted.
    pub fn standing(&self, circumstances: &Circumstances) -> Standing {
        let rules = self.region_rules(circumstances.region);
        let choice = circumstances.choice.as_ref();
        let staleness = choice.and_then(|choice| self.staleness(choice, &rules, circumstances.now));
        let said = Said {
            choice,
            current: staleness.is_none(),
        };
        let terms = Terms {
            gpc_refuses: self.gpc_refuses(),
            dnt_refuses: self.dnt_refuses().unwrap_or_default(),
            rules,
        };
        // By themselves, so that the sets need not be written and read again for every category.
        let Standing {
            mut granted,
            mut refused,
            mut reasons,
            ..
        } = Standing::CLOSED;
        for category in self.categories() {
            let id = category.id();
            let holds = terms.hold(id, category.like(), circumstances.signals, said);
            (granted, refused) = decided(id, holds.decision, granted, refused);
            if let Some(slot) = reasons.get_mut(id.number()) {
                *slot = holds.reason;
            }
        }
        Standing {
            granted,
            refused,
            reasons,
            staleness,
        }
    }

    pub(crate) fn staleness(
        &self,
        choice: &Choice,
        rules: &RegionRules,
        now: Timestamp,
    ) -> Option<Staleness> {
        const DAY: i64 = 86_400;
        let age = now.seconds_since(choice.made);
        if choice.revision < self.ask_again_since() {
            Some(Staleness::Revision)
        } else if age < -DAY {
            Some(Staleness::InTheFuture)
        } else if age >= i64::from(rules.choice_lifetime_days) * DAY {
            Some(Staleness::Expired)
        } else {
            None
        }
    }
}

/// The granted and the refused categories with one more of which that is decided.
const fn decided(
    id: CategoryId,
    decision: Decision,
    granted: CategorySet,
    refused: CategorySet,
) -> (CategorySet, CategorySet) {
    let (granted, refused) = (granted.without(id), refused.without(id));
    match decision {
        Decision::Granted => (granted.with(id), refused),
        Decision::Refused => (granted, refused.with(id)),
        Decision::Undecided => (granted, refused),
    }
}

/// What a policy says of all categories, for one region.
pub(crate) struct Terms {
    pub(crate) gpc_refuses: CategorySet,
    /// Nothing where the policy does not respond to Do Not Track.
    pub(crate) dnt_refuses: CategorySet,
    pub(crate) rules: RegionRules,
}

impl Terms {
    /// What holds for a category; see [`Policy::standing`].
    pub(crate) fn hold(
        &self,
        id: CategoryId,
        like: StandardCategory,
        signals: Signals,
        said: Said<'_>,
    ) -> CategoryStanding {
        let holds = |decision, reason| CategoryStanding { decision, reason };
        if like == StandardCategory::Necessary {
            return holds(Decision::Granted, Reason::Necessary);
        }
        if signals.gpc.is_on()
            && self.gpc_refuses.contains(id)
            && !(self.rules.grant_over_gpc && said.explicit_grant(id, |made| made.gpc.is_on()))
        {
            return holds(Decision::Refused, Reason::Gpc);
        }
        if signals.dnt.is_do_not_track()
            && self.dnt_refuses.contains(id)
            && !said.explicit_grant(id, |_| true)
        {
            return holds(Decision::Refused, Reason::Dnt);
        }
        let chosen = said.choice.map_or(Decision::Undecided, |c| c.decision(id));
        if chosen != Decision::Undecided && said.current {
            return holds(chosen, Reason::Chosen);
        }
        let by_regime = match self.rules.regime(like) {
            Regime::OptIn => Decision::Undecided,
            Regime::OptOut | Regime::Notice => Decision::Granted,
        };
        match chosen {
            Decision::Undecided => holds(by_regime, Reason::Regime),
            Decision::Granted => holds(by_regime, Reason::Stale),
            Decision::Refused if by_regime == Decision::Granted => {
                holds(Decision::Refused, Reason::Stale)
            }
            Decision::Refused => holds(by_regime, Reason::Stale),
        }
    }
}

/// A choice, and whether it still counts as made.
#[derive(Clone, Copy)]
pub(crate) struct Said<'a> {
    choice: Option<&'a Choice>,
    current: bool,
}

impl Said<'_> {
    /// Nothing yet.
    pub(crate) const NOTHING: Self = Self {
        choice: None,
        current: true,
    };

    /// Whether the visitor granted the category by a click that still counts, made under signals
    /// that are informed enough.
    fn explicit_grant(&self, category: CategoryId, informed: fn(Signals) -> bool) -> bool {
        self.current
            && self.choice.is_some_and(|choice| {
                choice.how.is_explicit()
                    && informed(choice.signals)
                    && choice.decision(category) == Decision::Granted
            })
    }
}

#[cfg(test)]
mod tests;
