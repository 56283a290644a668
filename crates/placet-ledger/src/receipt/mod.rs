//! The record of one choice.

#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod digester;
mod json;
mod state;
#[cfg(test)]
pub(crate) mod tests;

use std::fmt;
use std::sync::Arc;

use placet::{Choice, ChoiceId, Circumstances, How, Policy, Regime, Region, Revision, Signals};

#[cfg(any(feature = "sqlite", feature = "postgres"))]
pub(crate) use digester::Digester;
pub use json::NotAReceipt;
pub use state::State;

use crate::digest::Digest;
use crate::moment::Moment;

/// The record of one choice: the proof.
///
/// Written as JSON in one way only ([`Receipt::to_json`]), whose digest the ledger chains. Its `Debug` tells neither whose
/// it is nor what would: a log is read by others than the ledger.
#[derive(Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The id of the choice, which the visitor's own consent cookie carries: whoever knows it may read
    /// this receipt.
    pub id: ChoiceId,
    /// The choice that stood before, if one did.
    pub follows: Option<ChoiceId>,
    /// When the server heard it.
    pub at: Moment,
    /// What many receipts have in common.
    pub situation: Arc<Situation>,
    /// What became of each category of the situation, in its order.
    pub states: Vec<State>,
    /// How the choice was made.
    pub how: How,
    /// The signals that came with it.
    pub signals: Signals,
    /// What the operator keeps of the visitor's network, beyond what a receipt needs: nothing, unless
    /// that was turned on.
    pub client: Client,
    /// Random bits without which nobody can tell from the digest of an erased receipt what it said.
    pub salt: Salt,
}

/// The random bits of one receipt.
pub type Salt = [u8; 16];

/// What is the same for many receipts.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Situation {
    /// The origin of the page, like `https://shop.example`.
    pub origin: String,
    /// The policy's revision.
    pub revision: Revision,
    /// The policy that decided: a [`Document`](crate::Document).
    pub policy: Digest,
    /// The texts that the visitor was shown: a document too; `None` where the site had its own.
    pub texts: Option<Digest>,
    /// The language they were in, as a BCP 47 tag; `None` where nobody said.
    pub language: Option<String>,
    /// Where the visitor was, if that was known.
    pub region: Option<Region>,
    /// Days for which a choice stands there.
    pub choice_lifetime_days: u16,
    /// The optional categories of the policy, in its order.
    pub categories: Vec<Category>,
}

/// One optional category, as a receipt knows it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Category {
    /// Its name in the policy.
    pub name: String,
    /// What the law of the region expects for it, as the policy has it.
    pub regime: Regime,
}

/// What an operator may keep of the visitor's network: truncated or hashed with a key before it comes
/// here, since a receipt keeps it as it is. Its `Debug` does not tell it.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Client {
    /// Something of the address.
    pub address: Option<String>,
    /// Something of the user agent.
    pub user_agent: Option<String>,
}

impl fmt::Debug for Receipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Receipt")
            .field("at", &self.at)
            .field("situation", &self.situation)
            .field("states", &self.states)
            .field("how", &self.how)
            .field("signals", &self.signals)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").finish_non_exhaustive()
    }
}

impl Situation {
    /// The situation of choices under this policy, made on pages of `origin` in `region`.
    pub fn new(
        policy: &Policy,
        document: Digest,
        origin: String,
        region: Option<Region>,
        shown: Option<(Digest, String)>,
    ) -> Self {
        let rules = policy.region_rules(region);
        let (texts, language) = shown.unzip();
        Self {
            origin,
            revision: policy.revision(),
            policy: document,
            texts,
            language,
            region,
            choice_lifetime_days: rules.choice_lifetime_days,
            categories: policy
                .optional_categories()
                .map(|category| Category {
                    name: category.name().to_owned(),
                    regime: rules.regime(category.like()),
                })
                .collect(),
        }
    }
}

impl Receipt {
    /// The receipt of a choice, made after `before` held.
    ///
    /// `follows` is the choice of `before`, unless the caller knows of a later one.
    pub fn new(
        choice: &Choice,
        before: &Circumstances,
        policy: &Policy,
        situation: Arc<Situation>,
        at: Moment,
        salt: Salt,
    ) -> Self {
        Self {
            id: choice.id,
            follows: before.choice.map(|choice| choice.id),
            at,
            situation,
            states: State::of_each(choice, before, policy),
            how: choice.how,
            signals: before.signals,
            client: Client::default(),
            salt,
        }
    }

    /// The moment after which the choice cannot stand any more.
    pub fn stands_until(&self) -> Moment {
        const DAY: i64 = 86_400_000;
        let days = i64::from(self.situation.choice_lifetime_days);
        self.at.saturating_add(days * DAY)
    }

    /// Whether another receipt says that the same was chosen in the same way: as one does that a page sends once
    /// more because the answer did not come.
    #[cfg(any(feature = "sqlite", feature = "postgres"))]
    pub(crate) fn says_the_same_as(&self, other: &Self) -> bool {
        let said = |receipt: &Self| {
            let names = receipt.situation.categories.iter();
            let states = receipt.states.iter();
            let said = names.zip(states).map(|(category, state)| {
                let name = category.name.clone();
                (name, state.is_granted(), state.is_refused())
            });
            said.collect::<Vec<_>>()
        };
        self.how == other.how && said(self) == said(other)
    }

    /// The digest of its JSON.
    pub fn digest(&self) -> Digest {
        Digest::of(self.to_json().as_bytes())
    }
}
