//! What a choice does to the consent to one category.

use std::fmt;

use placet::{Choice, Circumstances, Decision, Policy, Staleness};

/// The state of the consent to one category after a choice, in the words of the Data Privacy
/// Vocabulary (W3C DPV, consent status).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum State {
    /// Nothing was said of it.
    Unknown,
    /// Granted, and not granted before.
    Given,
    /// Granted, as it was before.
    Renewed,
    /// Refused, and not granted before.
    Refused,
    /// Refused, and granted before.
    Withdrawn,
    /// Granted once, and grown too old; nothing new was said of it.
    Expired,
    /// Granted once, under a policy that has changed since; nothing new was said of it.
    Invalidated,
}

impl State {
    /// All states, in a fixed order: stores keep the place in it.
    pub const ALL: [Self; 7] = [
        Self::Unknown,
        Self::Given,
        Self::Renewed,
        Self::Refused,
        Self::Withdrawn,
        Self::Expired,
        Self::Invalidated,
    ];

    /// `unknown`, `given`, `renewed`, `refused`, `withdrawn`, `expired`, `invalidated`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Given => "given",
            Self::Renewed => "renewed",
            Self::Refused => "refused",
            Self::Withdrawn => "withdrawn",
            Self::Expired => "expired",
            Self::Invalidated => "invalidated",
        }
    }

    /// The state of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }

    /// Its term of the Data Privacy Vocabulary, without the prefix `dpv:`.
    pub const fn dpv_term(self) -> &'static str {
        match self {
            Self::Unknown => "ConsentUnknown",
            Self::Given => "ConsentGiven",
            Self::Renewed => "RenewedConsentGiven",
            Self::Refused => "ConsentRefused",
            Self::Withdrawn => "ConsentWithdrawn",
            Self::Expired => "ConsentExpired",
            Self::Invalidated => "ConsentInvalidated",
        }
    }

    /// Whether the category is granted.
    pub const fn is_granted(self) -> bool {
        matches!(self, Self::Given | Self::Renewed)
    }

    /// Whether the category is refused.
    pub const fn is_refused(self) -> bool {
        matches!(self, Self::Refused | Self::Withdrawn)
    }

    /// What a choice does to each optional category of the policy, in its order.
    pub fn of_each(choice: &Choice, before: &Circumstances, policy: &Policy) -> Vec<Self> {
        let stale = policy.standing(before).staleness();
        let each = policy.optional_categories().map(|category| {
            let earlier = before.choice.map(|earlier| earlier.decision(category.id()));
            let was_granted = earlier == Some(Decision::Granted);
            match (choice.decision(category.id()), was_granted, stale) {
                (Decision::Granted, false, _) => Self::Given,
                (Decision::Granted, true, _) => Self::Renewed,
                (Decision::Refused, false, _) => Self::Refused,
                (Decision::Refused, true, _) => Self::Withdrawn,
                (Decision::Undecided, true, Some(Staleness::Revision)) => Self::Invalidated,
                (Decision::Undecided, true, Some(_)) => Self::Expired,
                (Decision::Undecided, _, _) => Self::Unknown,
            }
        });
        each.collect()
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
