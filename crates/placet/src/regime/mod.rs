//! What the law of a region expects before storage is used, and what a signal weighs there.
//!
//! The table in `table.rs` is data with sources; a policy may override every row of it.

mod region;
mod table;

use std::fmt;

pub use region::{NotARegion, Region};
pub(crate) use table::BuiltIn;
pub use table::{RegionRow, SignalBasis, Verified};

use crate::category::StandardCategory;

/// What happens to a category about which the visitor has said nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Regime {
    /// Allowed, the visitor is told.
    Notice,
    /// Allowed until the visitor objects.
    OptOut,
    /// Not allowed until the visitor agrees.
    OptIn,
}

impl Regime {
    /// All regimes, the strictest last.
    pub const ALL: [Self; 3] = [Self::Notice, Self::OptOut, Self::OptIn];

    /// The word for it in a policy: `opt-in`, `opt-out`, `notice`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Notice => "notice",
            Self::OptOut => "opt-out",
            Self::OptIn => "opt-in",
        }
    }

    /// The regime of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|regime| regime.name() == name)
    }
}

impl fmt::Display for Regime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What one region expects, category by category.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RegionRules {
    /// For `functional`.
    pub functional: Regime,
    /// For `analytics`.
    pub analytics: Regime,
    /// For `marketing`.
    pub marketing: Regime,
    /// Whether a later, explicit grant may stand against Global Privacy Control.
    pub grant_over_gpc: bool,
    /// How long a choice stands, in days.
    pub choice_lifetime_days: u16,
}

impl RegionRules {
    /// Ask for everything, let no grant stand against a signal, ask again after 180 days: what
    /// holds where the region is unknown.
    pub const STRICTEST: Self = Self {
        functional: Regime::OptIn,
        analytics: Regime::OptIn,
        marketing: Regime::OptIn,
        grant_over_gpc: false,
        choice_lifetime_days: 180,
    };

    /// What holds where either of both may.
    pub(crate) fn stricter(self, other: Self) -> Self {
        Self {
            functional: self.functional.max(other.functional),
            analytics: self.analytics.max(other.analytics),
            marketing: self.marketing.max(other.marketing),
            grant_over_gpc: self.grant_over_gpc && other.grant_over_gpc,
            choice_lifetime_days: self.choice_lifetime_days.min(other.choice_lifetime_days),
        }
    }

    /// The regime of a category; `necessary` needs no more than a notice anywhere.
    pub const fn regime(&self, category: StandardCategory) -> Regime {
        match category {
            StandardCategory::Necessary => Regime::Notice,
            StandardCategory::Functional => self.functional,
            StandardCategory::Analytics => self.analytics,
            StandardCategory::Marketing => self.marketing,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_unknown_region_is_as_strict_as_any_row() {
        for row in RegionRow::all() {
            for category in StandardCategory::ALL {
                assert!(
                    RegionRules::STRICTEST.regime(category) >= row.rules.regime(category),
                    "{} is stricter for {category}",
                    row.code
                );
            }
        }
        const { assert!(!RegionRules::STRICTEST.grant_over_gpc) };
    }

    #[test]
    fn names_are_read_back() {
        for regime in Regime::ALL {
            assert_eq!(Regime::from_name(regime.name()), Some(regime));
        }
        assert_eq!(Regime::from_name("optin"), None);
    }
}
