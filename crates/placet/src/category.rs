//! What storage is for. A policy knows the four standard categories and may add its own.

use std::fmt;

/// The categories every policy has, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StandardCategory {
    /// Without it the service the visitor asked for does not work: sessions, carts, CSRF tokens.
    Necessary,
    /// Remembers preferences: language, theme, player settings.
    Functional,
    /// Measures visits.
    Analytics,
    /// Advertising, and following visitors across sites.
    Marketing,
}

impl StandardCategory {
    /// All four, in the order of their [`CategoryId`]s.
    pub const ALL: [Self; 4] = [
        Self::Necessary,
        Self::Functional,
        Self::Analytics,
        Self::Marketing,
    ];

    /// The word for it in a policy: `necessary`, `functional`, `analytics`, `marketing`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Necessary => "necessary",
            Self::Functional => "functional",
            Self::Analytics => "analytics",
            Self::Marketing => "marketing",
        }
    }

    /// The category of that name, or `None` when it is a site's own.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|c| c.name() == name)
    }

    /// Its number in every policy.
    pub const fn id(self) -> CategoryId {
        CategoryId(self as u8)
    }
}

impl fmt::Display for StandardCategory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The number of a category within one policy: 0 to 3 are the standard ones, the site's own follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CategoryId(u8);

impl CategoryId {
    /// How many categories a policy may have, the standard ones included.
    pub const LIMIT: usize = 16;

    /// The category of that number, or `None` at [`CategoryId::LIMIT`] and above.
    pub const fn new(number: usize) -> Option<Self> {
        if number < Self::LIMIT {
            Some(Self(number as u8))
        } else {
            None
        }
    }

    /// Its number, below [`CategoryId::LIMIT`].
    pub const fn number(self) -> usize {
        self.0 as usize
    }
}

/// A set of a policy's categories.
///
/// ```
/// use placet::{CategorySet, StandardCategory};
///
/// let refused = CategorySet::EMPTY
///     .with(StandardCategory::Analytics.id())
///     .with(StandardCategory::Marketing.id());
/// assert!(refused.contains(StandardCategory::Marketing.id()));
/// assert_eq!(refused.len(), 2);
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct CategorySet(u16);

impl CategorySet {
    /// No category.
    pub const EMPTY: Self = Self(0);

    /// The set as a number, a bit for each category.
    pub(crate) const fn bits(self) -> u16 {
        self.0
    }

    /// The set of that number.
    pub(crate) const fn of_bits(bits: u16) -> Self {
        Self(bits)
    }

    /// This set and `category`.
    #[must_use]
    pub const fn with(self, category: CategoryId) -> Self {
        Self(self.0 | 1 << category.0)
    }

    /// This set less `category`.
    #[must_use]
    pub const fn without(self, category: CategoryId) -> Self {
        Self(self.0 & !(1 << category.0))
    }

    /// Whether `category` is in the set.
    pub const fn contains(self, category: CategoryId) -> bool {
        self.0 >> category.0 & 1 == 1
    }

    /// How many categories are in the set.
    pub const fn len(self) -> usize {
        self.0.count_ones() as usize
    }

    /// Whether no category is in the set.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The categories of either set.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether every category of this set is in the other too.
    pub const fn is_subset(self, other: Self) -> bool {
        self.0 & !other.0 == 0
    }

    /// Whether no category is in both sets.
    pub const fn is_disjoint(self, other: Self) -> bool {
        self.0 & other.0 == 0
    }

    /// The categories in the set, lowest number first.
    pub fn iter(self) -> impl Iterator<Item = CategoryId> {
        (0..CategoryId::LIMIT as u8)
            .map(CategoryId)
            .filter(move |id| self.contains(*id))
    }
}

impl FromIterator<CategoryId> for CategorySet {
    fn from_iter<I: IntoIterator<Item = CategoryId>>(ids: I) -> Self {
        ids.into_iter().fold(Self::EMPTY, Self::with)
    }
}

impl fmt::Debug for CategorySet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set()
            .entries(self.iter().map(CategoryId::number))
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn standard_categories_keep_their_numbers() {
        for (number, category) in StandardCategory::ALL.into_iter().enumerate() {
            assert_eq!(category.id().number(), number);
            assert_eq!(StandardCategory::from_name(category.name()), Some(category));
        }
        assert_eq!(StandardCategory::from_name("Marketing"), None);
    }

    #[test]
    fn a_set_holds_every_number_below_the_limit() {
        let all: CategorySet = (0..CategoryId::LIMIT).filter_map(CategoryId::new).collect();
        assert_eq!(all.len(), CategoryId::LIMIT);
        assert_eq!(CategoryId::new(CategoryId::LIMIT), None);
        let last = all.iter().last().unwrap();
        assert!(!all.without(last).contains(last));
    }
}
