//! What the declarations of a name say together, in so few bits that a walk through a line of cookies
//! can ask for it at every name.

use std::collections::BTreeMap;
use std::fmt;

use crate::category::CategorySet;
use crate::name_index::{Name, hash};

use super::declaration::{ConsentCookie, Service};
use super::{Declared, Policy, Undeclared};

/// What one or more declared cookies say together: a bit for every category that has to be granted for
/// all of them to pass, and one above for what these do not decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Brief(u32);

impl Brief {
    /// Nothing has to be granted.
    pub(crate) const NOTHING: Self = Self(0);
    /// It passes under no standing.
    pub(crate) const DENIED: Self = Self(1 << u16::BITS);
    /// The categories do not decide.
    pub(crate) const OPEN: Self = Self(1 << (u16::BITS + 1));

    /// One that cannot reach the site's own hosts leaves the verdict open.
    const fn of(declared: &Declared) -> Self {
        let category = CategorySet::EMPTY.with(declared.category);
        let open = if declared.own { 0 } else { Self::OPEN.0 };
        Self(category.bits() as u32 | open)
    }

    #[inline(always)]
    pub(crate) const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The categories that have to be granted.
    pub(crate) const fn categories(self) -> CategorySet {
        CategorySet::of_bits(self.0 as u16)
    }

    /// Whether everything passes where these categories are granted; `None` where that does not decide.
    #[inline(always)]
    pub(crate) const fn passes(self, granted: CategorySet) -> Option<bool> {
        if self.0 & !(granted.bits() as u32) == 0 {
            Some(true)
        } else if self.0 < Self::OPEN.0 {
            Some(false)
        } else {
            None
        }
    }
}

/// The declared names of at most fifteen bytes without `*` and `%`, but for the consent cookie's: most names
/// that are asked for.
#[derive(Clone)]
pub(crate) struct ShortNames {
    /// A power of two of slots, at most half of them taken. A name stands in the slot of its hash or,
    /// where that is taken, in the next free one.
    slots: Box<[Slot]>,
    /// The consent cookie's, if it has a place among them; else zero, which no name is.
    consent_cookie: u128,
}

#[derive(Clone, Copy)]
struct Slot {
    /// The name with zeros behind, which no name holds; zero in a free slot.
    start: u128,
    brief: Brief,
    /// Whether it holds whatever domain the cookie is set under.
    is_anywhere: bool,
}

impl ShortNames {
    /// The longest name, in bytes.
    pub(crate) const LONGEST: usize = 15;

    pub(super) fn of(
        services: &[Service],
        declared: &[Declared],
        consent_cookie: &ConsentCookie,
    ) -> Self {
        let mut briefs = BTreeMap::new();
        let cookies = services.iter().flat_map(|service| &service.cookies);
        for (cookie, declared) in cookies.zip(declared) {
            let name = cookie.name.as_bytes();
            if Self::has_place_for(name)
                && cookie.name.is_exact()
                && name != consent_cookie.name.as_bytes()
            {
                let (said, is_anywhere) = briefs
                    .entry(Name::of(name).start())
                    .or_insert((Brief::NOTHING, true));
                *said = said.and(Brief::of(declared));
                *is_anywhere &= declared.anywhere;
            }
        }
        const FREE: Slot = Slot {
            start: 0,
            brief: Brief::NOTHING,
            is_anywhere: false,
        };
        let len = (briefs.len() * 2).next_power_of_two();
        let mut slots = vec![FREE; len].into_boxed_slice();
        for (start, (brief, is_anywhere)) in briefs {
            let mut at = hash(start);
            while slots
                .get(at & (len - 1))
                .is_some_and(|slot| slot.start != 0)
            {
                at = at.wrapping_add(1);
            }
            if let Some(free) = slots.get_mut(at & (len - 1)) {
                *free = Slot {
                    start,
                    brief,
                    is_anywhere,
                };
            }
        }
        let name = consent_cookie.name.as_bytes();
        Self {
            slots,
            consent_cookie: if Self::has_place_for(name) {
                Name::of(name).start()
            } else {
                0
            },
        }
    }

    /// Whether it is short, and read in one way.
    fn has_place_for(name: &[u8]) -> bool {
        (1..=Self::LONGEST).contains(&name.len()) && !name.contains(&b'%')
    }

    /// Whether a name of one to fifteen bytes with zeros behind it is the consent cookie's.
    pub(crate) const fn is_consent_cookie(&self, start: u128) -> bool {
        start == self.consent_cookie
    }

    /// What is declared of a name of one to fifteen bytes with zeros behind it, if it is among these.
    #[inline(always)]
    pub(crate) fn find(&self, start: u128) -> Option<Brief> {
        self.slot(start).map(|slot| slot.brief)
    }

    /// The same where it holds whatever domain the cookie is set under.
    pub(crate) fn find_anywhere(&self, start: u128) -> Option<Brief> {
        let slot = self.slot(start)?;
        slot.is_anywhere.then_some(slot.brief)
    }

    #[inline(always)]
    fn slot(&self, start: u128) -> Option<&Slot> {
        let mut at = hash(start);
        loop {
            let slot = self.slots.get(at & self.slots.len().wrapping_sub(1))?;
            if slot.start == start {
                return Some(slot);
            }
            if slot.start == 0 {
                return None;
            }
            at = at.wrapping_add(1);
        }
    }
}

impl fmt::Debug for ShortNames {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let taken = self.slots.iter().filter(|slot| slot.start != 0);
        write!(f, "ShortNames({})", taken.count())
    }
}

impl Policy {
    /// What is known of a name on which all readers agree.
    pub(crate) fn brief(&self, name: &[u8]) -> Brief {
        if name == self.consent_cookie().name.as_bytes() {
            return Brief::NOTHING;
        }
        let mut said = Brief::NOTHING;
        self.names
            .cookies
            .best(name, |number| said = said.and(self.brief_of_one(number)));
        self.or_undeclared(said)
    }

    /// The same of a short name that is not among the [`ShortNames`], so that only a wildcard can name it.
    pub(crate) fn brief_of_unlisted(&self, name: Name<'_>) -> Brief {
        let mut said = Brief::NOTHING;
        self.names
            .cookies
            .best_wildcards(name, |number| said = said.and(self.brief_of_one(number)));
        self.or_undeclared(said)
    }

    fn brief_of_one(&self, number: u16) -> Brief {
        let declared = self.declared.get(usize::from(number));
        declared.map_or(Brief::DENIED, Brief::of)
    }

    /// What holds where the declarations say this, or where there is none.
    fn or_undeclared(&self, said: Brief) -> Brief {
        match said {
            Brief::NOTHING if self.undeclared() == Undeclared::Deny => Brief::DENIED,
            said => said,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_names_say_what_all_declarations_of_exactly_them_say() {
        let text = r#"{ "revision": 1, "hosts": ["shop.example"], "services": [
            { "id": "a", "category": "analytics", "cookies": [
                { "name": "both" }, { "name": "fifteen_bytes__" }, { "name": "sixteen_bytes___" }, { "name": "%62oth" },
                { "name": "wild*" }, { "name": "placet" } ] },
            { "id": "b", "category": "marketing", "cookies": [
                { "name": "both" }, { "name": "far", "domains": ["elsewhere.example"] } ] }
        ] }"#;
        let policy = Policy::from_json("placet.json", text).unwrap();
        let find = |name: &str| policy.names.short.find(Name::of(name.as_bytes()).start());
        for name in ["both", "fifteen_bytes__", "far"] {
            let said = policy.brief(name.as_bytes());
            assert_eq!(find(name), Some(said), "{name}");
            assert_ne!(said, Brief::NOTHING, "{name}");
        }
        let anywhere = |name: &str| {
            let start = Name::of(name.as_bytes()).start();
            policy.names.short.find_anywhere(start)
        };
        assert_eq!(anywhere("both"), find("both"));
        assert_eq!(anywhere("far"), None);
        let is_consent_cookie = |name: &str| {
            let start = Name::of(name.as_bytes()).start();
            policy.names.short.is_consent_cookie(start)
        };
        assert!(is_consent_cookie("placet") && !is_consent_cookie("place"));
        for name in ["bot", "both\0x", "wild", "wild*", "placet", "x", "%62oth"] {
            assert_eq!(find(name), None, "{name}");
        }
        let [both, far] = ["both", "far"].map(|name| find(name).unwrap());
        let category = |name| policy.category(name).unwrap().id();
        let one = CategorySet::EMPTY.with(category("analytics"));
        let two = one.with(category("marketing"));
        assert_eq!(
            [one, two].map(|granted| both.passes(granted)),
            [Some(false), Some(true)]
        );
        assert_eq!(far.passes(two), None);
        assert_eq!(
            policy.brief(b"placet").passes(CategorySet::EMPTY),
            Some(true)
        );
        let all = policy.categories().iter().map(|one| one.id()).collect();
        assert_eq!(policy.brief(b"nobody_declares").passes(all), Some(false));
    }
}
