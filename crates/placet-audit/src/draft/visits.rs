//! What visits show beyond cookies, added to a draft: storage keys and the addresses of services.

use std::collections::BTreeSet;

use placet::{CookieDocument, NamePattern, ServiceDocument, StandardCategory};
use placet_catalog::{Answer, Catalog, Certainty};

use super::{
    Draft, MOST, declarable, identifier, is_domain, known_service, pattern_of, service_id,
    undecided_id, undecided_service,
};
use crate::survey::site;
use crate::visit::{Contact, Visit};

impl Draft {
    /// Adds what visits show beyond cookies.
    ///
    /// * Known storage keys, and the addresses of known trackers, stand under their services.
    /// * Unknown storage keys stand with the unknown cookies of their site, and so are denied.
    /// * Unknown hosts are only named: to gate a script that nobody knows may break the site.
    #[must_use]
    pub fn with_visits(mut self, visits: &[Visit], catalog: &Catalog) -> Self {
        let mut to_decide: BTreeSet<String> = self.to_decide.drain(..).collect();
        let mut unknown = BTreeSet::new();
        let storage: BTreeSet<_> = visits
            .iter()
            .flat_map(|visit| visit.storage.keys())
            .collect();
        for (origin, kind, key) in storage {
            let host = host_of(origin);
            if kind == "service worker" || key.is_empty() {
                continue;
            }
            match catalog.lookup_storage(key.as_bytes(), Some(host)) {
                Some(answer) => self.service_of(&answer, |service| {
                    add(&mut service.storage, key.clone(), |known| {
                        NamePattern::parse(known).is_ok_and(|known| known.matches(key.as_bytes()))
                    });
                }),
                None => {
                    let whose = String::from_utf8(site(host.as_bytes())).unwrap_or_default();
                    if let Ok(key) = declarable(pattern_of(key)) {
                        to_decide.insert(format!("{key} ({whose}, {kind})"));
                        self.undecided_of(&whose, |service| {
                            add(&mut service.storage, key.clone(), |known| *known == key);
                        });
                    }
                }
            }
        }
        for (host, contact) in visits.iter().flat_map(|visit| &visit.contacts) {
            if !contact.third_party {
                continue;
            }
            match catalog.lookup_host(host) {
                Some(answer) if answer.is_tracker() && answer.certainty > Certainty::Guess => {
                    self.service_of(&answer, |service| declare_address(service, host, contact));
                }
                Some(_) => {}
                None => {
                    let kinds: Vec<_> = contact.kinds.iter().map(String::as_str).collect();
                    unknown.insert(format!("{host} ({})", kinds.join(", ")));
                }
            }
        }
        self.to_decide = to_decide.into_iter().collect();
        self.unknown_hosts = unknown.into_iter().collect();
        self
    }

    /// Declares cookies, by domain and name, that remember a choice made with another consent tool.
    #[must_use]
    pub fn with_consent_cookies(mut self, known: &[(String, String)]) -> Self {
        for (domain, name) in known {
            let Ok(name) = declarable(name.clone()) else {
                continue;
            };
            let purpose = "Remembers what the visitor chose.".to_owned();
            let new = |id| ServiceDocument {
                id,
                name: Some("Consent tool".to_owned()),
                category: StandardCategory::Necessary.name().to_owned(),
                purpose: Some(purpose.clone()),
                ..ServiceDocument::default()
            };
            self.service("consent-tool", usize::MAX, new, |service| {
                if !service.cookies.iter().any(|cookie| cookie.name == name) {
                    let domain = domain.strip_prefix('.').filter(|domain| is_domain(domain));
                    service.cookies.push(CookieDocument {
                        name,
                        domains: domain.map(str::to_owned).into_iter().collect(),
                        purpose: Some(purpose.clone()),
                        ..CookieDocument::default()
                    });
                }
            });
        }
        self
    }

    fn service_of(&mut self, answer: &Answer<'_>, change: impl FnOnce(&mut ServiceDocument)) {
        let id = service_id(answer.service, answer.category());
        self.service(&id, usize::MAX, |id| known_service(id, answer), change);
    }

    /// The unknown things of a site, which stand first.
    fn undecided_of(&mut self, whose: &str, change: impl FnOnce(&mut ServiceDocument)) {
        let id = undecided_id(Some(whose));
        self.service(&id, 0, |id| undecided_service(id, Some(whose)), change);
    }

    fn service(
        &mut self,
        id: &str,
        place: usize,
        new: impl FnOnce(String) -> ServiceDocument,
        change: impl FnOnce(&mut ServiceDocument),
    ) {
        let services = &mut self.policy.services;
        let known = services.iter().position(|service| service.id == id);
        let at = known.unwrap_or_else(|| {
            let at = place.min(services.len());
            services.insert(at, new(identifier(id)));
            at
        });
        if let Some(service) = services.get_mut(at) {
            change(service);
        }
    }
}

/// Adds to a list what nothing in it covers.
fn add(list: &mut Vec<String>, item: String, covers: impl Fn(&String) -> bool) {
    if list.len() < MOST && !list.iter().any(covers) {
        list.push(item);
    }
}

/// Declares a host for what it was asked for, where no pattern of the service speaks of its site.
fn declare_address(service: &mut ServiceDocument, host: &str, contact: &Contact) {
    let whose = String::from_utf8(site(host.as_bytes())).unwrap_or_default();
    for kind in &contact.kinds {
        let list = match kind.as_str() {
            "Script" => &mut service.scripts,
            "Document" => &mut service.frames,
            "Image" => &mut service.images,
            _ => &mut service.requests,
        };
        add(list, format!("*://{host}/*"), |known| {
            known.contains(&whose)
        });
    }
}

fn host_of(origin: &str) -> &str {
    let host = origin.split("://").nth(1).unwrap_or_default();
    host.rsplit_once(':').map_or(host, |(host, _)| host)
}

#[cfg(test)]
mod tests {
    use placet::{Policy, PolicyDocument};

    use super::*;
    use crate::visit::Written;

    #[test]
    fn a_known_tracker_is_declared_an_unknown_key_is_to_decide_and_an_unknown_host_is_named() {
        let mut visit = Visit::default();
        let shop = "https://www.shop.example".to_owned();
        for key in ["_hjSessionUser_1", "basket"] {
            let key = (shop.clone(), "local storage".to_owned(), key.to_owned());
            visit.storage.insert(key, Written::default());
        }
        for host in [
            "connect.facebook.net",
            "cdn.nobody-knows.example",
            "www.shop.example",
        ] {
            let contact = Contact {
                third_party: host != "www.shop.example",
                kinds: ["Script".to_owned()].into(),
                ..Contact::default()
            };
            visit.contacts.insert(host.to_owned(), contact);
        }
        let draft = Draft {
            policy: PolicyDocument {
                revision: 1,
                ..PolicyDocument::default()
            },
            to_decide: Vec::new(),
            left_out: Vec::new(),
            unknown_hosts: Vec::new(),
        };
        let draft = draft.with_visits(&[visit], Catalog::builtin());
        assert_eq!(draft.unknown_hosts, ["cdn.nobody-knows.example (Script)"]);
        assert_eq!(draft.to_decide, ["basket (shop.example, local storage)"]);
        let text = serde_json::to_string(&draft.policy).unwrap();
        let policy = Policy::from_json("draft.json", &text).unwrap();
        assert_eq!(
            policy.services()[0].storage.len(),
            1,
            "what is to decide stands first"
        );
        let url = b"https://connect.facebook.net/en_US/fbevents.js";
        let scripts = policy
            .services()
            .iter()
            .flat_map(|service| &service.scripts);
        assert!(scripts.into_iter().any(|pattern| pattern.matches(url)));
        let stored = policy
            .services()
            .iter()
            .flat_map(|service| &service.storage);
        assert!(
            stored
                .into_iter()
                .any(|pattern| pattern.matches(b"_hjSessionUser_1"))
        );
    }
}
