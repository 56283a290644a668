//! The parts of a compiled policy: categories, services, declared cookies, the consent cookie.

use crate::category::{CategoryId, StandardCategory};
use crate::lifetime::Lifetime;
use crate::name_pattern::NamePattern;
use crate::set_cookie::SameSite;
use crate::url_pattern::UrlPattern;

/// A category of a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Category {
    pub(super) id: CategoryId,
    pub(super) name: String,
    pub(super) title: Option<String>,
    pub(super) like: StandardCategory,
}

impl Category {
    /// Its number in the policy.
    pub const fn id(&self) -> CategoryId {
        self.id
    }

    /// Its name in the policy and in the consent cookie.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its name for visitors, where the policy gives one.
    pub fn title(&self) -> Option<&str> {
        self.title.as_deref()
    }

    /// The standard category whose regimes hold for it; itself for a standard one.
    pub const fn like(&self) -> StandardCategory {
        self.like
    }

    /// Whether it is granted whatever the visitor says.
    pub const fn is_required(&self) -> bool {
        matches!(self.like, StandardCategory::Necessary)
    }
}

/// The number of a service within one policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ServiceId(u16);

impl ServiceId {
    pub(crate) const fn new(number: u16) -> Self {
        Self(number)
    }

    /// Its place in [`crate::Policy::services`].
    pub const fn number(self) -> usize {
        self.0 as usize
    }
}

/// Who sets cookies and storage, or is asked for scripts, frames and images.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    /// Its name in reports and in markup.
    pub id: String,
    /// Its name for visitors.
    pub name: Option<String>,
    /// Who provides it.
    pub vendor: Option<String>,
    /// The address of the vendor's privacy policy; `None` of a policy that was compiled elsewhere.
    #[cfg(feature = "file")]
    pub privacy_policy: Option<String>,
    /// What it is for.
    pub category: CategoryId,
    /// What it does, in a sentence.
    pub purpose: Option<String>,
    /// The cookies it sets.
    pub cookies: Vec<DeclaredCookie>,
    /// Its keys in web storage and names of databases and caches.
    pub storage: Vec<NamePattern>,
    /// Addresses of its scripts.
    pub scripts: Vec<UrlPattern>,
    /// Addresses of its frames.
    pub frames: Vec<UrlPattern>,
    /// Addresses of its images.
    pub images: Vec<UrlPattern>,
    /// Addresses its other requests go to.
    pub requests: Vec<UrlPattern>,
}

impl Service {
    /// Its name for visitors, or else its id.
    pub fn title(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.id)
    }
}

/// A cookie that a service declares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeclaredCookie {
    /// Its name, perhaps with wildcards.
    pub name: NamePattern,
    /// The Domain attributes it is set with, in lower case; empty means host-only.
    pub domains: Vec<String>,
    /// The Path attributes it is set with; never empty.
    pub paths: Vec<String>,
    /// How long it lives at the most, when declared.
    pub lifetime: Option<Lifetime>,
    /// What it is for, in a sentence.
    pub purpose: Option<String>,
    /// Whether it is set with HttpOnly.
    pub http_only: bool,
    /// Whether it is set with Partitioned.
    pub partitioned: bool,
}

/// The cookie that remembers the choice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsentCookie {
    /// Its name.
    pub name: String,
    /// Its Domain attribute; without one it is host-only.
    pub domain: Option<String>,
    /// Its Path attribute.
    pub path: String,
    /// Its SameSite attribute.
    pub same_site: SameSite,
    /// Whether it is set with Secure.
    pub secure: bool,
}
