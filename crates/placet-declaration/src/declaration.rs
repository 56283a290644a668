//! What a site declares, in the words of one language: the same for all visitors, and for every format.

use std::collections::BTreeSet;

use placet::{Category, CategorySet, Lifetime, Policy, Service, StandardCategory, Timestamp};
use placet_texts::{Language, Locale};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::basis;
use crate::plain::{fill, plain};

/// The number of the form in which declarations are written. It is raised when a page of before cannot be
/// compared any more.
pub const LAYOUT: u32 = 1;

/// A declaration. Its JSON is what `placet declare --format json` writes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Declaration {
    /// [`LAYOUT`].
    pub placet_declaration: u32,
    /// The digest of everything else here but the day, in 32 digits.
    pub policy: String,
    /// The tag of the language, like `pt-BR`.
    pub language: String,
    /// `ltr` or `rtl`.
    pub direction: String,
    /// The revision of the policy.
    pub revision: u32,
    /// The day it was made, `YYYY-MM-DD`, where it was given.
    pub made: Option<String>,
    /// Its heading.
    pub title: String,
    /// What all of it is about.
    pub intro: String,
    /// The categories in which there is something, with their services.
    pub categories: Vec<DeclaredCategory>,
    /// What the signals of a browser do.
    pub signals: Vec<Signal>,
    /// Why each category may be kept.
    pub basis: Vec<Basis>,
    /// Who offers the services, where the policy says so.
    pub vendors: Vec<Vendor>,
    /// Who answers for it, line by line; empty where the policy names nobody.
    pub controller: Vec<String>,
    /// The address of the controller's privacy policy.
    pub privacy_policy: Option<String>,
}

/// A category and its services.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeclaredCategory {
    /// Its name in the policy.
    pub id: String,
    /// Its name for visitors.
    pub title: String,
    /// What it is for, of a standard category.
    pub text: Option<String>,
    /// Its services, in the order of the policy.
    pub services: Vec<DeclaredService>,
}

/// A service and what it keeps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeclaredService {
    /// Its id in the policy; `None` for the cookie that remembers the choice.
    pub id: Option<String>,
    /// Its name for visitors.
    pub name: String,
    /// Who offers it.
    pub vendor: Option<String>,
    /// What it does.
    pub purpose: Option<String>,
    /// What it keeps.
    pub items: Vec<Item>,
}

/// One thing that is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// Its name, with `*` for any run of characters.
    pub name: String,
    /// What it is.
    pub kind: ItemKind,
    /// What it is for, where the policy says so.
    pub purpose: Option<String>,
    /// How long it is kept, in words.
    pub lifetime: String,
}

/// What kind of thing is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ItemKind {
    /// A cookie.
    Cookie,
    /// A key of web storage, or the name of a database or cache.
    Storage,
}

/// What one signal of the browser does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signal {
    /// `gpc` or `dnt`.
    pub signal: String,
    /// What it is called.
    pub name: String,
    /// Whether the site responds to it.
    pub responds: bool,
    /// The titles of the categories that it refuses.
    pub refuses: Vec<String>,
    /// All of that in words.
    pub statement: String,
}

/// Why a category may be kept in some regions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Basis {
    /// Its name in the policy.
    pub category: String,
    /// Its name for visitors.
    pub title: String,
    /// The codes of the regions, ISO 3166, and `EU` for the European Economic Area; none where it is elsewhere or
    /// everywhere.
    pub regions: Vec<String>,
    /// The same in words.
    pub region: String,
    /// `necessary`, `opt-in`, `opt-out` or `notice`.
    pub regime: String,
    /// The same in words.
    pub statement: String,
}

/// Who offers a service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vendor {
    /// Its name, or that of the service where the policy names only where its privacy policy is.
    pub vendor: String,
    /// The service.
    pub service: String,
    /// What the service does.
    pub purpose: Option<String>,
    /// The address of its privacy policy.
    pub privacy_policy: Option<String>,
}

impl Declaration {
    /// What a policy declares.
    pub fn new(policy: &Policy, language: Language) -> Self {
        let locale = language.locale();
        let categories: Vec<DeclaredCategory> = policy
            .categories()
            .iter()
            .map(|category| declared(policy, category, locale))
            .filter(|category| !category.services.is_empty())
            .collect();
        let shown: BTreeSet<&str> = categories.iter().map(|c| c.id.as_str()).collect();
        let bases = policy.categories().iter();
        let bases = bases.filter(|category| shown.contains(category.name()));
        let mut declaration = Self {
            placet_declaration: LAYOUT,
            policy: String::new(),
            language: locale.tag().to_owned(),
            direction: locale.direction.name().to_owned(),
            revision: policy.revision().0,
            made: None,
            title: locale.declaration.title.clone(),
            intro: locale.intro.clone(),
            signals: signals(policy, locale),
            basis: bases
                .flat_map(|category| {
                    basis::rows(policy, category, &title(category, locale), locale)
                })
                .collect(),
            vendors: policy.services().iter().filter_map(vendor).collect(),
            controller: controller(policy),
            privacy_policy: policy.controller().and_then(|c| c.privacy_policy.clone()),
            categories,
        };
        declaration.policy = declaration.digest();
        declaration
    }

    /// The same with the day it was made, in UTC.
    #[must_use]
    pub fn made(mut self, day: Timestamp) -> Self {
        self.made = day.to_string().get(..10).map(str::to_owned);
        self
    }

    /// The declaration as JSON, indented, with a line's end.
    pub fn json(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }

    /// The texts of its language.
    pub(crate) fn locale(&self) -> &'static Locale {
        language(&self.language).locale()
    }

    /// Which text of the policy this is, in words.
    pub(crate) fn version(&self) -> String {
        let revision = self.revision.to_string();
        fill(&self.locale().declaration.revision, "revision", &revision)
    }

    /// The column of the regions, and by what they are named there.
    pub(crate) fn region_column(&self) -> String {
        format!("{} (ISO 3166)", self.locale().declaration.region)
    }

    /// The digest of what is declared.
    fn digest(&self) -> String {
        let undated = Self {
            policy: String::new(),
            made: None,
            ..self.clone()
        };
        let digest = Sha256::digest(serde_json::to_vec(&undated).unwrap_or_default());
        digest
            .iter()
            .take(16)
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }
}

impl DeclaredService {
    /// Who offers it, in a sentence.
    pub(crate) fn offered_by(&self, locale: &Locale) -> Option<String> {
        let vendor = self.vendor.as_deref()?;
        Some(fill(&locale.service.vendor, "vendor", vendor))
    }
}

impl Item {
    /// What it is, in words.
    pub(crate) fn kind_in(&self, locale: &'static Locale) -> &'static str {
        match self.kind {
            ItemKind::Cookie => &locale.service.cookie,
            ItemKind::Storage => &locale.declaration.storage,
        }
    }
}

/// The language of a tag; English where there is none of that tag.
pub(crate) fn language(tag: &str) -> Language {
    let mut all = Language::all();
    all.find(|language| language.tag().eq_ignore_ascii_case(tag))
        .unwrap_or_default()
}

fn declared(policy: &Policy, category: &Category, locale: &'static Locale) -> DeclaredCategory {
    let own =
        (category.id() == StandardCategory::Necessary.id()).then(|| own_service(policy, locale));
    let services = policy.services().iter();
    let services = services.filter(|service| service.category == category.id());
    DeclaredCategory {
        id: category.name().to_owned(),
        title: title(category, locale),
        text: locale
            .category
            .named(category.name())
            .map(|standard| standard.text.clone()),
        services: own
            .into_iter()
            .chain(services.map(|one| service(one, locale)))
            .collect(),
    }
}

/// The name of a category for visitors: the policy's, or that of a standard category, or else its id.
fn title(category: &Category, locale: &Locale) -> String {
    let standard = locale.category.named(category.name());
    let title = category.title().or_else(|| Some(standard?.title.as_str()));
    plain(title.unwrap_or(category.name()))
}

/// The cookie that remembers what is chosen: as long as it is kept anywhere.
fn own_service(policy: &Policy, locale: &Locale) -> DeclaredService {
    let texts = &locale.service;
    let known = policy.regions().map(|(_, rules)| rules);
    let rules = known.chain([policy.region_rules(None)]);
    let days = rules
        .map(|rules| u64::from(rules.choice_lifetime_days))
        .max();
    DeclaredService {
        id: None,
        name: texts.choice.clone(),
        vendor: None,
        purpose: Some(texts.choice_purpose.clone()),
        items: vec![Item {
            name: policy.consent_cookie().name.clone(),
            kind: ItemKind::Cookie,
            purpose: Some(texts.choice_purpose.clone()),
            lifetime: lifetime(locale, days.map(|days| Lifetime::Seconds(days * 86_400))),
        }],
    }
}

fn service(service: &Service, locale: &Locale) -> DeclaredService {
    let cookies = service.cookies.iter().map(|cookie| Item {
        name: plain(cookie.name.as_str()),
        kind: ItemKind::Cookie,
        purpose: cookie.purpose.as_deref().map(plain),
        lifetime: lifetime(locale, cookie.lifetime),
    });
    let keys = service.storage.iter().map(|key| Item {
        name: plain(key.as_str()),
        kind: ItemKind::Storage,
        purpose: None,
        lifetime: lifetime(locale, None),
    });
    DeclaredService {
        id: Some(service.id.clone()),
        name: plain(service.title()),
        vendor: service.vendor.as_deref().map(plain),
        purpose: service.purpose.as_deref().map(plain),
        items: cookies.chain(keys).collect(),
    }
}

fn lifetime(locale: &Locale, lifetime: Option<Lifetime>) -> String {
    match lifetime {
        Some(lifetime) => locale.lifetime(&lifetime.to_string()).into_owned(),
        None => locale.duration.unknown.clone(),
    }
}

fn signals(policy: &Policy, locale: &Locale) -> Vec<Signal> {
    let signal = |signal: &str, name: &str, refuses: Option<CategorySet>| {
        let categories = policy.categories().iter();
        let refused = categories.filter(|c| refuses.is_some_and(|set| set.contains(c.id())));
        let titles: Vec<String> = refused.map(|category| title(category, locale)).collect();
        let texts = &locale.signal;
        Signal {
            signal: signal.to_owned(),
            name: name.to_owned(),
            responds: refuses.is_some(),
            statement: match (refuses, titles.as_slice()) {
                (None, _) => texts.ignored.clone(),
                (Some(_), []) => texts.nothing.clone(),
                (Some(_), titles) => {
                    let refused = fill(
                        &texts.refused,
                        "categories",
                        &titles.join(&locale.separator),
                    );
                    format!("{} {refused}", locale.declaration.respected)
                }
            },
            refuses: titles,
        }
    };
    vec![
        signal(
            "gpc",
            "Global Privacy Control (GPC)",
            Some(policy.gpc_refuses()),
        ),
        signal("dnt", "Do Not Track (DNT)", policy.dnt_refuses()),
    ]
}

fn vendor(service: &Service) -> Option<Vendor> {
    let privacy_policy = service.privacy_policy.clone();
    if service.vendor.is_none() && privacy_policy.is_none() {
        return None;
    }
    Some(Vendor {
        vendor: plain(service.vendor.as_deref().unwrap_or(service.title())),
        service: plain(service.title()),
        purpose: service.purpose.as_deref().map(plain),
        privacy_policy,
    })
}

fn controller(policy: &Policy) -> Vec<String> {
    let Some(controller) = policy.controller() else {
        return Vec::new();
    };
    let address = match (&controller.address, &controller.country) {
        (Some(address), Some(country)) => Some(format!("{address}, {country}")),
        (address, country) => address.clone().or_else(|| country.clone()),
    };
    let lines = [
        Some(&controller.name),
        address.as_ref(),
        controller.contact.as_ref(),
        controller.email.as_ref(),
        controller.phone.as_ref(),
        controller.url.as_ref(),
    ];
    lines
        .into_iter()
        .flatten()
        .map(|line| plain(line))
        .collect()
}

#[cfg(test)]
mod tests;
