//! The site's declaration, compiled: who sets what, for what, and what the signals and regions mean
//! for it.
//!
//! `document` is the file as written, `shape` and `fields` its form, `read` checks a file against
//! that form, `compile` turns the document into the [`Policy`] that decides, `compiled` is that as bytes
//! for pages, `lint` says what a readable policy probably does not mean.

mod bridges;
#[cfg(feature = "fast")]
mod brief;
mod compile;
mod compiled;
#[cfg(test)]
mod compiled_tests;
#[cfg(feature = "file")]
mod controller;
mod declaration;
#[cfg(feature = "file")]
mod diagnostic;
mod document;
#[cfg(feature = "file")]
mod fields;
#[cfg(feature = "file")]
mod file;
mod form;
#[cfg(feature = "file")]
mod lint;
mod names;
#[cfg(feature = "file")]
mod pairs;
mod problem;
#[cfg(feature = "file")]
mod read;
mod region_rules;
#[cfg(test)]
mod schema_tests;
#[cfg(feature = "file")]
mod shape;
#[cfg(feature = "file")]
mod shared_with;
#[cfg(test)]
mod tests;

pub use bridges::{BridgesDocument, GoogleDocument, MatomoDocument, VendorDocument, ZarazDocument};
#[cfg(feature = "fast")]
pub(crate) use brief::Brief;
pub use compiled::NotCompiled;
pub(crate) use compiled::{VERSION, declaration, like, rules};
pub use declaration::{Category, ConsentCookie, DeclaredCookie, Service, ServiceId};
#[cfg(feature = "file")]
pub use diagnostic::{Diagnostic, PolicyError, Severity};
pub use document::{
    CategoryDocument, ConsentCookieDocument, ControllerDocument, CookieDocument, DntDocument,
    Ignored, PolicyDocument, ReceiptsDocument, RefusesDocument, RegimesDocument,
    RegionRulesDocument, ServiceDocument, SignalsDocument, Undeclared,
};
#[cfg(feature = "file")]
pub use file::PolicyFile;
pub(crate) use form::is_word;

#[cfg(feature = "file")]
use std::sync::Arc;
#[cfg(feature = "file")]
use std::time::Duration;

use crate::category::{CategoryId, CategorySet};
use crate::choice::Revision;
use crate::regime::{Region, RegionRules};
use crate::web_address::domain_matches;

#[cfg(feature = "fast")]
use names::Names;
use region_rules::RegionTable;

/// A compiled policy: immutable, shared by every request.
///
/// ```
/// use placet::Policy;
///
/// let policy = Policy::from_json(
///     "placet.json",
///     r#"{
///         "revision": 1,
///         "services": [
///             { "id": "shop", "category": "necessary", "cookies": [{ "name": "session" }] },
///             { "id": "matomo", "category": "analytics", "cookies": [{ "name": "_pk_*" }] }
///         ]
///     }"#,
/// )?;
/// assert_eq!(policy.services().len(), 2);
///
/// let error = Policy::from_json("placet.json", r#"{ "revision": 0, "service": [] }"#).unwrap_err();
/// assert_eq!(error.diagnostics().len(), 3);
/// # Ok::<(), placet::PolicyError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Policy {
    revision: Revision,
    ask_again_since: Revision,
    hosts: Vec<String>,
    shared_with: Vec<String>,
    undeclared: Undeclared,
    categories: Vec<Category>,
    services: Vec<Service>,
    gpc_refuses: CategorySet,
    /// `None`: the site does not respond to Do Not Track, and says so.
    dnt_refuses: Option<CategorySet>,
    regions: RegionTable,
    consent_cookie: ConsentCookie,
    /// Decides nothing.
    #[cfg(feature = "file")]
    bridges: Option<BridgesDocument>,
    #[cfg(feature = "file")]
    controller: Option<ControllerDocument>,
    #[cfg(feature = "file")]
    receipts_keep: Duration,
    /// What it was read from.
    #[cfg(feature = "file")]
    source: Arc<[u8]>,
    #[cfg(feature = "fast")]
    pub(crate) names: Names,
    pub(crate) declared: Vec<Declared>,
}

/// One declared cookie as the index finds it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Declared {
    pub(crate) service: ServiceId,
    cookie: u16,
    pub(crate) category: CategoryId,
    /// Whether it can reach the site's own hosts at all.
    pub(crate) own: bool,
    /// Whether it can have any host, because it names none.
    pub(crate) anywhere: bool,
}

/// A document that is no policy: a value of it has not its form, or two contradict one another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the document is no policy; reading it as a file says what is wrong with it")]
pub struct NotAPolicy;

impl Policy {
    /// Compiles a document that did not come out of a file.
    ///
    /// Everything is checked that [`Policy::from_json`] checks, the form of every value and what they
    /// mean together, and nothing is said about it.
    ///
    /// ```
    /// use placet::{NotAPolicy, Policy, PolicyDocument};
    ///
    /// let document = PolicyDocument { revision: 1, ..PolicyDocument::default() };
    /// assert!(Policy::from_document(document.clone()).is_ok());
    /// let hosts = vec!["shop.example/".to_owned()];
    /// let document = PolicyDocument { hosts, ..document };
    /// assert_eq!(Policy::from_document(document).err(), Some(NotAPolicy));
    /// ```
    ///
    /// # Errors
    ///
    /// [`NotAPolicy`] where anything is wrong: what could be read of it is not enforced either. Without
    /// the feature `file` also where the document holds lifetimes, shares its choice or names bridges, of
    /// which what decides makes no use.
    pub fn from_document(document: PolicyDocument) -> Result<Self, NotAPolicy> {
        if !form::is_well_formed(&document) {
            return Err(NotAPolicy);
        }
        let mut problem = problem::Any::default();
        #[cfg(feature = "file")]
        let written = serde_json::to_vec(&document).map_err(|_| NotAPolicy)?;
        let policy = compile::compile(document, &mut problem);
        if problem.0 {
            return Err(NotAPolicy);
        }
        #[cfg(feature = "file")]
        let policy = policy.read_from(&written);
        Ok(policy)
    }

    /// Reads a policy file; `file` is its name for the errors.
    ///
    /// # Errors
    ///
    /// The errors of the file, at most a hundred, each with line, column, what was found and what was
    /// expected.
    #[cfg(feature = "file")]
    pub fn from_json(file: &str, text: &str) -> Result<Self, PolicyError> {
        PolicyFile::read(file, text).map(PolicyFile::into_policy)
    }

    /// The JSON Schema (draft 2020-12) of a policy file.
    #[cfg(feature = "file")]
    pub fn schema() -> serde_json::Value {
        let mut schema = fields::POLICY.to_schema();
        if let Some(members) = schema.as_object_mut() {
            members.insert(
                "$schema".to_owned(),
                "https://json-schema.org/draft/2020-12/schema".into(),
            );
            members.insert("title".to_owned(), "Placet policy".into());
        }
        schema
    }

    /// The number of this policy's text.
    pub const fn revision(&self) -> Revision {
        self.revision
    }

    /// Choices made under an earlier revision are asked again.
    pub const fn ask_again_since(&self) -> Revision {
        self.ask_again_since
    }

    /// The site's own domains, in lower case; empty when the policy names none.
    pub fn hosts(&self) -> &[String] {
        &self.hosts
    }

    /// Whether `host` is one of the site's own or under one.
    pub fn is_own_host(&self, host: &[u8]) -> bool {
        let host = host.strip_suffix(b".").unwrap_or(host);
        self.hosts
            .iter()
            .any(|domain| domain_matches(host, domain.as_bytes()))
    }

    /// The origins that share one choice, the site's own among them, without default ports; empty
    /// when the policy names none.
    pub fn shared_with(&self) -> &[String] {
        &self.shared_with
    }

    /// What happens to what no service declares.
    pub const fn undeclared(&self) -> Undeclared {
        self.undeclared
    }

    /// The four standard categories, then the site's own.
    pub fn categories(&self) -> &[Category] {
        &self.categories
    }

    /// The categories about which a visitor can choose.
    pub fn optional_categories(&self) -> impl Iterator<Item = &Category> {
        self.categories.iter().filter(|c| !c.is_required())
    }

    /// The category of that name.
    pub fn category(&self, name: &str) -> Option<&Category> {
        self.categories.iter().find(|c| c.name() == name)
    }

    /// The name of a category of this policy.
    pub fn category_name(&self, id: CategoryId) -> &str {
        self.categories.get(id.number()).map_or("", Category::name)
    }

    /// Every service, in the order of the file.
    pub fn services(&self) -> &[Service] {
        &self.services
    }

    /// The service of that number.
    pub fn service(&self, id: ServiceId) -> Option<&Service> {
        self.services.get(id.number())
    }

    /// The service of that id in the file.
    pub fn service_named(&self, id: &str) -> Option<&Service> {
        self.services.iter().find(|service| service.id == id)
    }

    /// The categories that `Sec-GPC: 1` refuses.
    pub const fn gpc_refuses(&self) -> CategorySet {
        self.gpc_refuses
    }

    /// The categories that `DNT: 1` refuses, or `None` when the policy declares it ignored.
    pub const fn dnt_refuses(&self) -> Option<CategorySet> {
        self.dnt_refuses
    }

    /// The rules of a region under this policy; without a region, or for one that neither the
    /// policy nor the built-in table knows, the policy's rules for unknown regions.
    pub fn region_rules(&self, region: Option<Region>) -> RegionRules {
        self.regions.rules(region)
    }

    /// The regions whose rules differ from those for a region that is not known, with their rules. A
    /// country stands for its parts that have none of their own; each country of the European Economic
    /// Area is named, and the area itself too, as `EU`.
    ///
    /// ```
    /// use placet::{Policy, Regime};
    ///
    /// let policy = Policy::from_json("placet.json", r#"{ "revision": 1, "services": [],
    ///     "regimes": { "everywhere": "opt-in", "regions": { "JP": { "analytics": "notice" } } } }"#)?;
    /// let regions: Vec<_> = policy.regions().collect();
    /// assert_eq!((regions[0].0.code(), regions[0].1.analytics), ("JP", Regime::Notice));
    /// assert_eq!(regions.len(), 1);
    /// # Ok::<(), placet::PolicyError>(())
    /// ```
    #[cfg(feature = "file")]
    pub fn regions(&self) -> impl Iterator<Item = (Region, RegionRules)> {
        let rows = self.regions.rows.iter();
        rows.filter(|row| row.has_parts || row.is_itself && row.region.is_part())
            .map(|row| (row.region, row.rules))
    }

    /// Whether the same rules hold for every region, known or not.
    pub const fn is_same_everywhere(&self) -> bool {
        self.regions.rows.is_empty()
    }

    /// The cookie that remembers the choice.
    pub const fn consent_cookie(&self) -> &ConsentCookie {
        &self.consent_cookie
    }

    /// The vendors that the page tells what holds; `None` where the policy names none, and of a policy that
    /// was compiled elsewhere.
    #[cfg(feature = "file")]
    pub const fn bridges(&self) -> Option<&BridgesDocument> {
        self.bridges.as_ref()
    }

    /// Who answers for the processing; `None` where the policy names nobody, and of a policy that was
    /// compiled elsewhere.
    #[cfg(feature = "file")]
    pub const fn controller(&self) -> Option<&ControllerDocument> {
        self.controller.as_ref()
    }

    /// How long a receipt is kept where a policy does not say: three years, as long as claims can be
    /// brought in many laws, like the German one (BGB section 195).
    #[cfg(feature = "file")]
    pub const RECEIPTS_KEEP: Duration = controller::KEEP;

    /// How long a receipt is kept after its choice cannot stand any more; of a policy that does not say
    /// so, or was compiled elsewhere, [`Policy::RECEIPTS_KEEP`].
    #[cfg(feature = "file")]
    pub const fn receipts_keep(&self) -> Duration {
        self.receipts_keep
    }

    /// The bytes it was read from, exactly: the text of a file, or what [`Policy::to_compiled`] gave. Of a
    /// policy that came as a document, that document as JSON.
    ///
    /// ```
    /// use placet::Policy;
    ///
    /// let text = r#"{ "revision": 1, "services": [] }"#;
    /// let policy = Policy::from_json("placet.json", text)?;
    /// assert_eq!(policy.source(), text.as_bytes());
    /// # Ok::<(), placet::PolicyError>(())
    /// ```
    #[cfg(feature = "file")]
    pub fn source(&self) -> &[u8] {
        &self.source
    }

    #[cfg(feature = "file")]
    fn read_from(mut self, source: &[u8]) -> Self {
        self.source = source.into();
        self
    }

    /// The most specific declarations of a cookie name, whatever their domain.
    pub fn declarations(&self, name: &[u8]) -> Vec<(&Service, &DeclaredCookie)> {
        let mut found = Vec::new();
        self.each_declaration(name, |service, cookie| found.push((service, cookie)));
        found
    }

    /// Tells `visit` what [`Policy::declarations`] returns, one after the other.
    pub fn each_declaration<'p>(
        &'p self,
        name: &[u8],
        mut visit: impl FnMut(&'p Service, &'p DeclaredCookie),
    ) {
        self.best_cookies(name, |number| {
            let declared = self.declared.get(usize::from(number));
            if let Some((service, cookie)) = declared.and_then(|declared| self.resolve(declared)) {
                visit(service, cookie);
            }
        });
    }

    pub(crate) fn resolve(&self, declared: &Declared) -> Option<(&Service, &DeclaredCookie)> {
        let service = self.service(declared.service)?;
        Some((service, service.cookies.get(usize::from(declared.cookie))?))
    }
}
