//! What the visitor said, and the cookie that remembers it.

mod consent_cookie;
mod id;
mod succession;
#[cfg(test)]
mod tests;

use std::fmt;

#[cfg(feature = "fast")]
pub(crate) use consent_cookie::AllAlike;
pub use consent_cookie::{ChoiceReading, ConsentCookieProblem};
pub use id::{ChoiceId, NotAChoiceId};

use crate::category::{CategoryId, CategorySet};
use crate::signal::Signals;
use crate::timestamp::Timestamp;

/// What the visitor said of one category, or what holds for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Decision {
    /// Refused: not stored, not sent, and expired where it is stored.
    Refused,
    /// Nothing said: not stored, not sent, and not deleted.
    #[default]
    Undecided,
    /// Granted.
    Granted,
}

impl Decision {
    /// What two sets say of a category together.
    pub(crate) const fn of(
        category: CategoryId,
        granted: CategorySet,
        refused: CategorySet,
    ) -> Self {
        if granted.contains(category) {
            Self::Granted
        } else if refused.contains(category) {
            Self::Refused
        } else {
            Self::Undecided
        }
    }

    /// `granted`, `refused`, `undecided`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::Undecided => "undecided",
            Self::Granted => "granted",
        }
    }
}

impl fmt::Display for Decision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// How a choice was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum How {
    /// With a button of the banner.
    Banner,
    /// In the preferences dialog.
    Preferences,
    /// On the preferences page that works without JavaScript.
    Page,
    /// By the site's own code.
    Api,
    /// Taken from a signal, without a click: never an explicit grant.
    Signal,
}

impl How {
    /// All ways, in a fixed order.
    pub const ALL: [Self; 5] = [
        Self::Banner,
        Self::Preferences,
        Self::Page,
        Self::Api,
        Self::Signal,
    ];

    /// `banner`, `preferences`, `page`, `api`, `signal`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Banner => "banner",
            Self::Preferences => "preferences",
            Self::Page => "page",
            Self::Api => "api",
            Self::Signal => "signal",
        }
    }

    /// The way of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|how| how.name() == name)
    }

    /// Whether the visitor acted: only then can a grant stand against a signal.
    pub const fn is_explicit(self) -> bool {
        !matches!(self, Self::Signal)
    }
}

impl fmt::Display for How {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The number of a policy's text: a choice keeps the one it was made under.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Revision(pub u32);

impl fmt::Display for Revision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What a visitor said, category by category, and under which circumstances.
///
/// Categories are those of one policy; reading and writing the consent cookie translates them to
/// and from their names, so that a policy may reorder and extend its categories.
///
/// ```
/// use placet::{Choice, ChoiceId, Decision, How, Revision, Signals, StandardCategory, Timestamp};
///
/// let choice = Choice::new(
///     ChoiceId::from_bytes([7; 16]),
///     Timestamp::UNIX_EPOCH,
///     Revision(1),
///     How::Banner,
///     Signals::default(),
/// )
/// .grant(StandardCategory::Analytics.id())
/// .refuse(StandardCategory::Marketing.id());
/// assert_eq!(choice.decision(StandardCategory::Analytics.id()), Decision::Granted);
/// assert_eq!(choice.decision(StandardCategory::Functional.id()), Decision::Undecided);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    /// A random name for this choice, given by the caller; it says nothing about the visitor.
    pub id: ChoiceId,
    /// When it was made.
    pub made: Timestamp,
    /// The policy's revision it was made under.
    pub revision: Revision,
    /// How it was made.
    pub how: How,
    /// The signals that were on when it was made. The consent cookie keeps whether they asked for
    /// privacy; `DNT: 0` is kept as absent.
    pub signals: Signals,
    granted: CategorySet,
    refused: CategorySet,
}

impl Choice {
    /// A choice that says nothing yet about any category.
    pub const fn new(
        id: ChoiceId,
        made: Timestamp,
        revision: Revision,
        how: How,
        signals: Signals,
    ) -> Self {
        Self {
            id,
            made,
            revision,
            how,
            signals,
            granted: CategorySet::EMPTY,
            refused: CategorySet::EMPTY,
        }
    }

    /// This choice with `category` granted.
    #[must_use]
    pub const fn grant(mut self, category: CategoryId) -> Self {
        self.granted = self.granted.with(category);
        self.refused = self.refused.without(category);
        self
    }

    /// This choice with `category` refused.
    #[must_use]
    pub const fn refuse(mut self, category: CategoryId) -> Self {
        self.refused = self.refused.with(category);
        self.granted = self.granted.without(category);
        self
    }

    /// What was said of `category`.
    pub const fn decision(&self, category: CategoryId) -> Decision {
        Decision::of(category, self.granted, self.refused)
    }

    /// The categories that were granted.
    pub const fn granted(&self) -> CategorySet {
        self.granted
    }

    /// The categories that were refused.
    pub const fn refused(&self) -> CategorySet {
        self.refused
    }
}
