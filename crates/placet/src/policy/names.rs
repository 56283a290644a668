//! Which declarations speak for a name: looked up where many are asked for, and else found by walking
//! through all of them, which takes the least code.

#[cfg(feature = "fast")]
use super::Declared;
use super::Policy;
#[cfg(feature = "fast")]
use super::brief::ShortNames;
#[cfg(feature = "fast")]
use super::declaration::{Category, ConsentCookie, Service};
#[cfg(feature = "fast")]
use crate::choice::AllAlike;
#[cfg(feature = "fast")]
use crate::name_index::{Name, NameIndex};

/// What finds the names of a policy.
#[cfg(feature = "fast")]
#[derive(Clone, Debug)]
pub(crate) struct Names {
    /// By cookie name, the number of a `Declared`.
    pub(super) cookies: NameIndex,
    /// By storage key, the number of a service.
    storage: NameIndex,
    /// By cookie name, what is declared of it.
    pub(crate) short: ShortNames,
    /// How the categories stand in most consent cookies.
    pub(crate) alike: AllAlike,
}

#[cfg(feature = "fast")]
impl Names {
    /// Of the categories and the services, each of which is found by its place.
    pub(super) fn of(
        categories: &[Category],
        services: &[Service],
        declared: &[Declared],
        consent_cookie: &ConsentCookie,
    ) -> Self {
        let cookies = services.iter().flat_map(|service| &service.cookies);
        let keys = services.iter().zip(0..).flat_map(|(service, number)| {
            let keys = service.storage.iter();
            keys.map(move |key| (key.clone(), number))
        });
        Self {
            cookies: NameIndex::new(cookies.map(|cookie| cookie.name.clone()).zip(0..)),
            storage: NameIndex::new(keys),
            short: ShortNames::of(services, declared, consent_cookie),
            alike: AllAlike::of(categories),
        }
    }
}

#[cfg(feature = "fast")]
impl Policy {
    /// Tells the numbers of the declared cookies that name a cookie most specifically.
    #[inline]
    pub(crate) fn best_cookies(&self, name: &[u8], visit: impl FnMut(u16)) {
        self.names.cookies.best(name, visit);
    }

    /// Tells the numbers of the services whose storage keys name a key most specifically.
    pub(crate) fn best_storage(&self, key: &[u8], visit: impl FnMut(u16)) {
        self.names.storage.best(key, visit);
    }

    /// The number of the cookie that is declared under exactly this name, if it is declared once.
    #[inline]
    pub(crate) fn only_cookie(&self, name: &[u8]) -> Option<u16> {
        self.names.cookies.only(Name::of(name))
    }
}

#[cfg(not(feature = "fast"))]
impl Policy {
    pub(crate) fn best_cookies(&self, name: &[u8], mut visit: impl FnMut(u16)) {
        walk::best(self, walk::Kind::Cookies, name, &mut visit);
    }

    pub(crate) fn best_storage(&self, key: &[u8], mut visit: impl FnMut(u16)) {
        walk::best(self, walk::Kind::Storage, key, &mut visit);
    }

    /// No short way: the caller asks for the best.
    pub(crate) const fn only_cookie(&self, _name: &[u8]) -> Option<u16> {
        None
    }
}

#[cfg(any(test, not(feature = "fast")))]
mod walk {
    use super::Policy;
    use crate::name_pattern::NamePattern;

    #[derive(Clone, Copy)]
    pub(super) enum Kind {
        Cookies,
        Storage,
    }

    pub(super) fn best(policy: &Policy, kind: Kind, name: &[u8], visit: &mut dyn FnMut(u16)) {
        let mut best = None;
        matching(policy, kind, name, &mut |pattern, _| {
            best = best.max(Some(pattern.specificity()));
        });
        matching(policy, kind, name, &mut |pattern, number| {
            if best == Some(pattern.specificity()) {
                visit(number);
            }
        });
    }

    fn matching(
        policy: &Policy,
        kind: Kind,
        name: &[u8],
        visit: &mut dyn FnMut(&NamePattern, u16),
    ) {
        let mut cookie_number = 0;
        for (service, service_number) in policy.services.iter().zip(0..) {
            match kind {
                Kind::Cookies => {
                    for cookie in &service.cookies {
                        if cookie.name.matches(name) {
                            visit(&cookie.name, cookie_number);
                        }
                        cookie_number += 1;
                    }
                }
                Kind::Storage => {
                    for key in &service.storage {
                        if key.matches(name) {
                            visit(key, service_number);
                        }
                    }
                }
            }
        }
    }
}

#[cfg(all(test, feature = "fast"))]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;
    use serde_json::json;

    use super::walk::{Kind, best};
    use super::*;

    proptest! {
        #[test]
        fn walking_finds_what_the_index_finds(
            services in vec(vec("[ab]{0,2}\\*?[ab]{1,2}\\*?", 0..4), 0..4), name in "[ab]{0,5}",
        ) {
            let services: Vec<_> = services
                .iter()
                .zip(0..)
                .map(|(names, number)| {
                    let cookies: Vec<_> = names.iter().map(|name| json!({ "name": name })).collect();
                    let id = format!("s{number}");
                    json!({ "id": id, "category": "marketing", "cookies": cookies, "storage": names })
                })
                .collect();
            let document = json!({ "revision": 1, "services": services }).to_string();
            let policy = Policy::from_json("placet.json", &document).unwrap();
            let (mut walked, mut looked_up) = (Vec::new(), Vec::new());
            best(&policy, Kind::Cookies, name.as_bytes(), &mut |number| walked.push(number));
            policy.best_cookies(name.as_bytes(), |number| looked_up.push(number));
            prop_assert_eq!(&walked, &looked_up);
            walked.clear();
            looked_up.clear();
            best(&policy, Kind::Storage, name.as_bytes(), &mut |number| walked.push(number));
            policy.best_storage(name.as_bytes(), |number| looked_up.push(number));
            prop_assert_eq!(walked, looked_up);
        }
    }
}
