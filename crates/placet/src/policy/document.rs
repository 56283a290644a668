//! A policy as its file states it, field by field: what `placet init` writes and the reader reads.

#[cfg(feature = "file")]
use serde::{Deserialize, Serialize};

use super::bridges::BridgesDocument;
#[cfg(feature = "file")]
pub use super::controller::{ControllerDocument, ReceiptsDocument};

/// The content of `placet.json`.
///
/// Each member is described in the JSON Schema, see [`crate::Policy::schema`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "file", derive(Serialize, Deserialize))]
#[cfg_attr(feature = "file", serde(deny_unknown_fields))]
#[allow(missing_docs)]
pub struct PolicyDocument {
    #[cfg_attr(
        feature = "file",
        serde(rename = "$schema", skip_serializing_if = "Option::is_none")
    )]
    pub schema: Option<String>,
    pub revision: u32,
    #[cfg_attr(feature = "file", serde(skip_serializing_if = "Option::is_none"))]
    pub ask_again_since: Option<u32>,
    #[cfg_attr(
        feature = "file",
        serde(default, skip_serializing_if = "Vec::is_empty")
    )]
    pub hosts: Vec<String>,
    #[cfg_attr(
        feature = "file",
        serde(default, skip_serializing_if = "Vec::is_empty")
    )]
    pub shared_with: Vec<String>,
    #[cfg_attr(feature = "file", serde(default, skip_serializing_if = "is_default"))]
    pub undeclared: Undeclared,
    #[cfg_attr(
        feature = "file",
        serde(default, skip_serializing_if = "Vec::is_empty")
    )]
    pub categories: Vec<CategoryDocument>,
    pub services: Vec<ServiceDocument>,
    #[cfg_attr(feature = "file", serde(default, skip_serializing_if = "is_default"))]
    pub signals: SignalsDocument,
    #[cfg_attr(feature = "file", serde(default, skip_serializing_if = "is_default"))]
    pub regimes: RegimesDocument,
    #[cfg_attr(feature = "file", serde(default, skip_serializing_if = "is_default"))]
    pub consent_cookie: ConsentCookieDocument,
    #[cfg_attr(feature = "file", serde(skip_serializing_if = "Option::is_none"))]
    pub bridges: Option<BridgesDocument>,
    #[cfg_attr(feature = "file", serde(skip_serializing_if = "Option::is_none"))]
    pub controller: Option<ControllerDocument>,
    #[cfg_attr(feature = "file", serde(default, skip_serializing_if = "is_default"))]
    pub receipts: ReceiptsDocument,
}

/// Nobody: what only decides makes no use of a controller.
#[cfg(not(feature = "file"))]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ControllerDocument {}

/// As for [`ControllerDocument`].
#[cfg(not(feature = "file"))]
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReceiptsDocument {}

/// What happens to a cookie, storage key or address that no service declares.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "file", derive(Serialize, Deserialize))]
#[cfg_attr(feature = "file", serde(rename_all = "lowercase"))]
pub enum Undeclared {
    /// It is dropped.
    #[default]
    Deny,
    /// It passes.
    Allow,
}

/// One of a site's own categories.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "file", derive(Serialize, Deserialize))]
#[cfg_attr(feature = "file", serde(deny_unknown_fields))]
#[allow(missing_docs)]
pub struct CategoryDocument {
    pub id: String,
    #[cfg_attr(feature = "file", serde(skip_serializing_if = "Option::is_none"))]
    pub title: Option<String>,
    #[cfg_attr(feature = "file", serde(skip_serializing_if = "Option::is_none"))]
    pub like: Option<String>,
}

/// One service and what it sets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "file", derive(Serialize, Deserialize))]
#[cfg_attr(feature = "file", serde(deny_unknown_fields))]
#[allow(missing_docs)]
pub struct ServiceDocument {
    pub id: String,
    #[cfg_attr(feature = "file", serde(skip_serializing_if = "Option::is_none"))]
    pub name: Option<String>,
    #[cfg_attr(feature = "file", serde(skip_serializing_if = "Option::is_none"))]
    pub vendor: Option<String>,
    #[cfg(feature = "file")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub privacy_policy: Option<String>,
    /// None: what only decides makes no use of it.
    #[cfg(not(feature = "file"))]
    pub privacy_policy: Option<std::convert::Infallible>,
    pub category: String,
    #[cfg_attr(feature = "file", serde(skip_serializing_if = "Option::is_none"))]
    pub purpose: Option<String>,
    #[cfg_attr(
        feature = "file",
        serde(default, skip_serializing_if = "Vec::is_empty")
    )]
    pub cookies: Vec<CookieDocument>,
    #[cfg_attr(
        feature = "file",
        serde(default, skip_serializing_if = "Vec::is_empty")
    )]
    pub storage: Vec<String>,
    #[cfg_attr(
        feature = "file",
        serde(default, skip_serializing_if = "Vec::is_empty")
    )]
    pub scripts: Vec<String>,
    #[cfg_attr(
        feature = "file",
        serde(default, skip_serializing_if = "Vec::is_empty")
    )]
    pub frames: Vec<String>,
    #[cfg_attr(
        feature = "file",
        serde(default, skip_serializing_if = "Vec::is_empty")
    )]
    pub images: Vec<String>,
    #[cfg_attr(
        feature = "file",
        serde(default, skip_serializing_if = "Vec::is_empty")
    )]
    pub requests: Vec<String>,
}

/// One declared cookie.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "file", derive(Serialize, Deserialize))]
#[cfg_attr(feature = "file", serde(deny_unknown_fields))]
#[allow(missing_docs)]
pub struct CookieDocument {
    pub name: String,
    #[cfg_attr(
        feature = "file",
        serde(default, skip_serializing_if = "Vec::is_empty")
    )]
    pub domains: Vec<String>,
    #[cfg_attr(
        feature = "file",
        serde(default, skip_serializing_if = "Vec::is_empty")
    )]
    pub paths: Vec<String>,
    #[cfg_attr(feature = "file", serde(skip_serializing_if = "Option::is_none"))]
    pub lifetime: Option<String>,
    #[cfg_attr(feature = "file", serde(skip_serializing_if = "Option::is_none"))]
    pub purpose: Option<String>,
    #[cfg_attr(feature = "file", serde(default, skip_serializing_if = "is_default"))]
    pub http_only: bool,
    #[cfg_attr(feature = "file", serde(default, skip_serializing_if = "is_default"))]
    pub partitioned: bool,
}

/// What the signals refuse.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "file", derive(Serialize, Deserialize))]
#[cfg_attr(feature = "file", serde(deny_unknown_fields))]
#[allow(missing_docs)]
pub struct SignalsDocument {
    #[cfg_attr(feature = "file", serde(skip_serializing_if = "Option::is_none"))]
    pub gpc: Option<RefusesDocument>,
    #[cfg_attr(feature = "file", serde(skip_serializing_if = "Option::is_none"))]
    pub dnt: Option<DntDocument>,
}

/// The categories that a signal refuses.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "file", derive(Serialize, Deserialize))]
#[cfg_attr(feature = "file", serde(deny_unknown_fields))]
#[allow(missing_docs)]
pub struct RefusesDocument {
    pub refuses: Vec<String>,
}

/// How the site responds to Do Not Track.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "file", derive(Serialize, Deserialize))]
#[cfg_attr(feature = "file", serde(untagged))]
pub enum DntDocument {
    /// Not at all, and it says so.
    Ignored(Ignored),
    /// It refuses these categories.
    Refuses(RefusesDocument),
}

/// The word `ignored`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "file", derive(Serialize, Deserialize))]
#[cfg_attr(feature = "file", serde(rename_all = "lowercase"))]
pub enum Ignored {
    /// `ignored`.
    Ignored,
}

/// What replaces the built-in table of regions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "file", derive(Serialize, Deserialize))]
#[cfg_attr(feature = "file", serde(deny_unknown_fields))]
#[allow(missing_docs)]
pub struct RegimesDocument {
    #[cfg_attr(feature = "file", serde(skip_serializing_if = "Option::is_none"))]
    pub everywhere: Option<String>,
    #[cfg_attr(feature = "file", serde(skip_serializing_if = "Option::is_none"))]
    pub unknown: Option<String>,
    #[cfg_attr(
        feature = "file",
        serde(default, skip_serializing_if = "Vec::is_empty", with = "super::pairs")
    )]
    pub regions: Vec<(String, RegionRulesDocument)>,
}

/// What replaces parts of one region's rules.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "file", derive(Serialize, Deserialize))]
#[cfg_attr(feature = "file", serde(deny_unknown_fields))]
#[allow(missing_docs)]
pub struct RegionRulesDocument {
    #[cfg_attr(feature = "file", serde(skip_serializing_if = "Option::is_none"))]
    pub functional: Option<String>,
    #[cfg_attr(feature = "file", serde(skip_serializing_if = "Option::is_none"))]
    pub analytics: Option<String>,
    #[cfg_attr(feature = "file", serde(skip_serializing_if = "Option::is_none"))]
    pub marketing: Option<String>,
    #[cfg_attr(feature = "file", serde(skip_serializing_if = "Option::is_none"))]
    pub grant_over_gpc: Option<bool>,
    #[cfg_attr(feature = "file", serde(skip_serializing_if = "Option::is_none"))]
    pub choice_lifetime_days: Option<u16>,
}

/// The attributes of the consent cookie.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "file", derive(Serialize, Deserialize))]
#[cfg_attr(feature = "file", serde(deny_unknown_fields))]
#[allow(missing_docs)]
pub struct ConsentCookieDocument {
    #[cfg_attr(feature = "file", serde(skip_serializing_if = "Option::is_none"))]
    pub name: Option<String>,
    #[cfg_attr(feature = "file", serde(skip_serializing_if = "Option::is_none"))]
    pub domain: Option<String>,
    #[cfg_attr(feature = "file", serde(skip_serializing_if = "Option::is_none"))]
    pub path: Option<String>,
    #[cfg_attr(feature = "file", serde(skip_serializing_if = "Option::is_none"))]
    pub same_site: Option<String>,
    #[cfg_attr(feature = "file", serde(skip_serializing_if = "Option::is_none"))]
    pub secure: Option<bool>,
}

#[cfg(feature = "file")]
fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
