//! The policy of a receipt, read from the bytes that the ledger kept, and what it tells of a category.

use std::collections::HashMap;

use placet::{Policy, Service, StandardCategory};

use crate::digest::Digest;
use crate::document::{Document, DocumentKind};
use crate::receipt::{Category, Receipt};

impl Document {
    /// The policy that these bytes are, as JSON or compiled; `None` where they are none to this version.
    pub fn policy(&self) -> Option<Policy> {
        if self.kind() != DocumentKind::Policy {
            return None;
        }
        let text = std::str::from_utf8(self.body()).ok();
        let written = text.and_then(|text| Policy::from_json("policy", text).ok());
        written.or_else(|| Policy::from_compiled(self.body()).ok())
    }
}

/// The policies of many receipts, each read once.
#[derive(Debug, Default)]
pub struct Policies {
    read: HashMap<Digest, Option<Policy>>,
}

/// How many policies are held; more are read anew.
const MOST: usize = 64;

impl Policies {
    /// The policy that a receipt names; `find` gives its document where it is not at hand. `None` where
    /// there is no document, or none that this version can read.
    ///
    /// # Errors
    ///
    /// Those of `find`.
    pub fn of<E>(
        &mut self,
        receipt: &Receipt,
        find: impl FnOnce(Digest) -> Result<Option<Document>, E>,
    ) -> Result<Option<&Policy>, E> {
        let digest = receipt.situation.policy;
        if !self.read.contains_key(&digest) {
            let policy = find(digest)?.and_then(|document| document.policy());
            if self.read.len() >= MOST {
                self.read.clear();
            }
            self.read.insert(digest, policy);
        }
        Ok(self.read.get(&digest).and_then(Option::as_ref))
    }
}

/// What one category of a receipt is under its policy.
pub(super) struct Meaning<'a> {
    /// The standard category it is like, where that is known.
    pub(super) like: Option<StandardCategory>,
    /// Its name for people.
    pub(super) title: &'a str,
    /// The services in it.
    pub(super) services: Vec<&'a Service>,
}

impl<'a> Meaning<'a> {
    pub(super) fn of(category: &'a Category, policy: Option<&'a Policy>) -> Self {
        let known = policy.and_then(|policy| Some((policy, policy.category(&category.name)?)));
        let Some((policy, declared)) = known else {
            return Self {
                like: StandardCategory::from_name(&category.name),
                title: &category.name,
                services: Vec::new(),
            };
        };
        let services = policy.services().iter();
        Self {
            like: Some(declared.like()),
            title: declared.title().unwrap_or(declared.name()),
            services: services
                .filter(|service| service.category == declared.id())
                .collect(),
        }
    }
}

/// What a service keeps in the browser, each with its purpose: the personal data that the policy knows of.
pub(super) fn kept(service: &Service) -> impl Iterator<Item = (String, Option<&str>)> {
    let cookies = service.cookies.iter().map(|cookie| {
        let name = format!("cookie {}", cookie.name);
        (name, cookie.purpose.as_deref())
    });
    let storage = service.storage.iter();
    cookies.chain(storage.map(|key| (format!("storage {key}"), None)))
}

/// The region whose law holds: the controller says, or else it is the visitor's.
pub(super) fn jurisdiction<'a>(
    receipt: &'a Receipt,
    policy: Option<&'a Policy>,
) -> Option<&'a str> {
    let controller = policy.and_then(Policy::controller);
    let said = controller.and_then(|controller| controller.jurisdiction.as_deref());
    let region = receipt.situation.region.as_ref();
    said.or_else(|| region.map(|region| region.code()))
}
