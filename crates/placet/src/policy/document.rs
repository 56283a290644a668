//! A policy as its file states it, field by field: what `placet init` writes and the reader reads.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The content of `placet.json`.
///
/// Each member is described in the JSON Schema, see [`crate::Policy::schema`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct PolicyDocument {
    #[serde(rename = "$schema", skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    pub revision: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ask_again_since: Option<u32>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hosts: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shared_with: Vec<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub undeclared: Undeclared,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub categories: Vec<CategoryDocument>,
    pub services: Vec<ServiceDocument>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub signals: SignalsDocument,
    #[serde(default, skip_serializing_if = "is_default")]
    pub regimes: RegimesDocument,
    #[serde(default, skip_serializing_if = "is_default")]
    pub consent_cookie: ConsentCookieDocument,
}

/// What happens to a cookie, storage key or address that no service declares.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Undeclared {
    /// It is dropped.
    #[default]
    Deny,
    /// It passes.
    Allow,
}

/// One of a site's own categories.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct CategoryDocument {
    pub id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub like: Option<String>,
}

/// One service and what it sets.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct ServiceDocument {
    pub id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vendor: Option<String>,
    pub category: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub purpose: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cookies: Vec<CookieDocument>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub storage: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scripts: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub frames: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub images: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub requests: Vec<String>,
}

/// One declared cookie.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct CookieDocument {
    pub name: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub domains: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub paths: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lifetime: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub purpose: Option<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub http_only: bool,
    #[serde(default, skip_serializing_if = "is_default")]
    pub partitioned: bool,
}

/// What the signals refuse.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct SignalsDocument {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gpc: Option<RefusesDocument>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dnt: Option<DntDocument>,
}

/// The categories that a signal refuses.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct RefusesDocument {
    pub refuses: Vec<String>,
}

/// How the site responds to Do Not Track.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum DntDocument {
    /// Not at all, and it says so.
    Ignored(Ignored),
    /// It refuses these categories.
    Refuses(RefusesDocument),
}

/// The word `ignored`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Ignored {
    /// `ignored`.
    Ignored,
}

/// What replaces the built-in table of regions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct RegimesDocument {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub everywhere: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unknown: Option<String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub regions: BTreeMap<String, RegionRulesDocument>,
}

/// What replaces parts of one region's rules.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct RegionRulesDocument {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub functional: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub analytics: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub marketing: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grant_over_gpc: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub choice_lifetime_days: Option<u16>,
}

/// The attributes of the consent cookie.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct ConsentCookieDocument {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub domain: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub same_site: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secure: Option<bool>,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
