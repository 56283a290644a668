//! What the catalogue says of one cookie or host: which service, what it is for, from where, how sure.

use std::fmt;

use placet::Lifetime;

use crate::{CookieFact, Service};

/// What is known of a cookie or a host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer<'c> {
    /// Whose it is.
    pub service: &'c Service,
    /// The entry whose name matched; `None` when only the host was known.
    pub cookie: Option<&'c CookieFact>,
    /// Where the answer comes from.
    pub source: Source<'c>,
    /// How sure it is.
    pub certainty: Certainty,
}

impl<'c> Answer<'c> {
    /// What the cookie is for: its own category, else its service's.
    pub fn category(&self) -> &'c str {
        match self.cookie {
            Some(cookie) => self.service.category_of(cookie),
            None => &self.service.category,
        }
    }

    /// How long the cookie is known to be kept.
    pub fn lifetime(&self) -> Option<Lifetime> {
        self.cookie?.lifetime
    }

    /// What the cookie does, in one sentence. Only curated and users' entries say.
    pub fn purpose(&self) -> Option<&'c str> {
        self.cookie?.purpose.as_deref()
    }

    /// Whether this is analytics or marketing, which a policy cannot rightly call necessary.
    ///
    /// A site that measures under a national exemption for audience measurement may still do so without asking;
    /// that is a matter of its policy, not of what the cookie is.
    pub fn is_tracker(&self) -> bool {
        matches!(self.category(), "analytics" | "marketing")
    }
}

/// Where an answer comes from, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Source<'c> {
    /// A catalogue file of the user's own, by the name it was given.
    User(&'c str),
    /// The entries checked by hand that come with this crate.
    Curated,
    /// A public list that knows this name.
    List(&'c str),
    /// A list (or `curated`, or a user's file) that knows the host, while nobody knows the name.
    Host(&'c str),
}

impl fmt::Display for Source<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User(file) => f.write_str(file),
            Self::Curated => f.write_str("curated"),
            Self::List(list) => f.write_str(list),
            Self::Host(list) => write!(f, "host in {list}"),
        }
    }
}

/// How sure an answer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Certainty {
    /// Only the host is known, or a short name that others may well use too: a list's at no host of its own, or one
    /// whose domain could not be checked because no host was given.
    Guess,
    /// A list knows the name, and the name is long or the host fits; or a curated entry matches, but its domain
    /// could not be checked, or a star of it stands for anything; or the host belongs to a service that does nothing
    /// but analytics or marketing.
    Likely,
    /// A curated or user's entry matches, and so does every guard it has.
    Certain,
}

impl Certainty {
    /// `guess`, `likely` or `certain`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Guess => "guess",
            Self::Likely => "likely",
            Self::Certain => "certain",
        }
    }
}

impl fmt::Display for Certainty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
