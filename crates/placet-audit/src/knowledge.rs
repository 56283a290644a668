//! What the catalogue knows that a policy contradicts: for the rule about categories and for the
//! check of policy files.

use placet::{CategoryId, DeclaredCookie, Lifetime, Policy, StandardCategory};
use placet_catalog::{Answer, Catalog, Certainty, CookieFact, Service, Source};

use crate::finding::Level;

/// Fixed characters that a pattern needs before it is compared with others.
const FEWEST_LITERALS: usize = 3;

/// What is known of a declared cookie.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Known<'c> {
    pub(crate) service: &'c Service,
    pub(crate) category: &'c str,
    pub(crate) lifetime: Option<Lifetime>,
    /// Whether it comes from a public list; those call whatever is technical `functional`.
    listed: bool,
}

impl<'c> Known<'c> {
    /// What an answer knows by the cookie's name, not by the host alone or as a guess.
    pub(crate) fn by_name(answer: &Answer<'c>) -> Option<Self> {
        answer.cookie?;
        (answer.certainty > Certainty::Guess).then(|| Self {
            service: answer.service,
            category: answer.category(),
            lifetime: answer.lifetime(),
            listed: !matches!(answer.source, Source::Curated | Source::User(_)),
        })
    }

    /// What the catalogue knows of the cookies that a declaration means. Of several that a wildcard
    /// means, the one that asks for consent most.
    pub(crate) fn of(catalog: &'c Catalog, declared: &DeclaredCookie) -> Option<Self> {
        let name = declared.name.as_str();
        if declared.name.is_exact() {
            let host = declared.domains.first().map(String::as_str);
            return catalog
                .lookup(name.as_bytes(), host)
                .and_then(|answer| Self::by_name(&answer));
        }
        if name.bytes().filter(|b| *b != b'*').count() < FEWEST_LITERALS {
            return None;
        }
        catalog
            .services()
            .flat_map(|service| service.cookies.iter().map(move |fact| (service, fact)))
            .filter(|(_, fact)| is_meant(declared, fact))
            .map(|(service, fact)| Self {
                service,
                category: service.category_of(fact),
                lifetime: fact.lifetime,
                listed: false,
            })
            .reduce(|first, next| {
                let asks = |known: &Self| StandardCategory::from_name(known.category);
                if asks(&next) > asks(&first) {
                    next
                } else {
                    first
                }
            })
    }

    /// Whether this is analytics or marketing.
    pub(crate) fn is_tracker(&self) -> bool {
        matches!(
            StandardCategory::from_name(self.category),
            Some(StandardCategory::Analytics | StandardCategory::Marketing)
        )
    }

    /// How grave it is that a policy declares another category; `None` where they agree or the
    /// catalogue cannot tell.
    ///
    /// Calling an advertising cookie necessary is an error. Measurement can be exempt from consent,
    /// so calling that necessary is a warning, as is any other category that asks for less than the
    /// known one; a stricter one is a note.
    pub(crate) fn differs(&self, policy: &Policy, declared: CategoryId) -> Option<Level> {
        let mut categories = policy.categories().iter();
        let declared = categories.find(|c| c.id() == declared)?.like();
        let expected = StandardCategory::from_name(self.category)?;
        let technical = StandardCategory::Functional;
        if declared == expected || (self.listed && declared.max(expected) <= technical) {
            return None;
        }
        let hides_advertising =
            declared == StandardCategory::Necessary && expected == StandardCategory::Marketing;
        Some(if declared > expected {
            Level::Note
        } else if hides_advertising {
            Level::Error
        } else {
            Level::Warning
        })
    }
}

/// Whether an entry that was checked by hand stands for cookies of a declared wildcard.
fn is_meant(declared: &DeclaredCookie, fact: &CookieFact) -> bool {
    let pattern = fact.name.pattern();
    // Lists give no purpose, and too many of their names are short.
    fact.purpose.is_some()
        && fact.name.literals() >= FEWEST_LITERALS
        && (declared.name.covers(pattern) || pattern.covers(&declared.name))
}
