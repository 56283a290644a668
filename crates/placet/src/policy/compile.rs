//! From a document whose form is right to the policy that decides, and what can still be wrong:
//! names that lead nowhere, values that contradict each other.

use crate::NameIndex;
use crate::category::{CategoryId, CategorySet, StandardCategory};
use crate::choice::Revision;
use crate::lifetime::Lifetime;
use crate::name_pattern::NamePattern;
use crate::regime::Region;
use crate::set_cookie::{CannotSet, MAX_ATTRIBUTE_VALUE, NamePrefix, Oddity, OwnCookie, SameSite};
use crate::url_pattern::UrlPattern;
use crate::web_address::{domain_matches, is_ip_address};

use super::declaration::{Category, ConsentCookie, DeclaredCookie, Service, ServiceId};
use super::document::{
    ConsentCookieDocument, CookieDocument, DntDocument, PolicyDocument, ServiceDocument,
};
use super::problem::{Problem, Sink, Step, steps};
use super::region_rules::RegionTable;
use super::{Declared, Policy, shared_with};

/// How many cookies, and how many storage keys, all services together may declare: more than any
/// list of known cookies has, and few enough to compare each with each.
const MOST_NAMES: usize = 4_096;

/// The policy of a document whose form is right; what contradicts in it is told to the sink.
pub(super) fn compile(document: &PolicyDocument, sink: &mut impl Sink) -> Policy {
    let mut compiler = Compiler {
        categories: standard_categories(),
        sink,
    };
    compiler.policy(document)
}

struct Compiler<'s, S> {
    categories: Vec<Category>,
    sink: &'s mut S,
}

impl<S: Sink> Compiler<'_, S> {
    fn policy(&mut self, document: &PolicyDocument) -> Policy {
        self.own_categories(document);
        let hosts: Vec<_> = document
            .hosts
            .iter()
            .map(|h| h.to_ascii_lowercase())
            .collect();
        let services: Vec<_> = document
            .services
            .iter()
            .enumerate()
            .map(|(index, service)| self.service(index, service))
            .collect();
        self.unique_services(document);
        let (declared, cookies) =
            if self.few_enough(document, "cookies", |service| service.cookies.len()) {
                cookie_index(&services, &hosts)
            } else {
                Default::default()
            };
        let storage = if self.few_enough(document, "storage keys", |service| service.storage.len())
        {
            storage_index(&services)
        } else {
            NameIndex::default()
        };
        let consent_cookie = self.consent_cookie(&document.consent_cookie, &hosts);
        let shared_with = shared_with::compile(document, &consent_cookie, &hosts, self.sink);
        Policy {
            revision: Revision(document.revision),
            ask_again_since: self.ask_again_since(document),
            undeclared: document.undeclared,
            gpc_refuses: self.gpc_refuses(document),
            dnt_refuses: self.dnt_refuses(document),
            regions: self.regions(document),
            #[cfg(feature = "fast")]
            consent_cookie_name: memchr::memmem::Finder::new(consent_cookie.name.as_bytes())
                .into_owned(),
            consent_cookie,
            storage,
            categories: std::mem::take(&mut self.categories),
            hosts,
            shared_with,
            services,
            cookies,
            declared,
        }
    }

    fn own_categories(&mut self, document: &PolicyDocument) {
        for (index, own) in document.categories.iter().enumerate() {
            if self.categories.iter().any(|known| known.name == own.id) {
                self.sink.tell(|| Problem {
                    path: steps!["categories", index, "id"],
                    code: "duplicate-category",
                    message: format!(
                        "found the category `{}` a second time, expected a name of its own; `{}` are always there",
                        own.id,
                        StandardCategory::ALL.map(StandardCategory::name).join("`, `")
                    ),
                });
                continue;
            }
            // The form of the file allows no more categories than there are numbers.
            if let Some(id) = CategoryId::new(self.categories.len()) {
                let like = own.like.as_deref().and_then(StandardCategory::from_name);
                self.categories.push(Category {
                    id,
                    name: own.id.clone(),
                    title: own.title.clone(),
                    like: like.unwrap_or(StandardCategory::Marketing),
                });
            }
        }
    }

    fn category(&mut self, name: &str, path: impl FnOnce() -> Vec<Step>) -> CategoryId {
        match self
            .categories
            .iter()
            .find(|category| category.name == name)
        {
            Some(category) => category.id,
            None => {
                self.sink.tell(|| {
                    let known: Vec<_> = self.categories.iter().map(|c| c.name.as_str()).collect();
                    Problem {
                        path: path(),
                        code: "unknown-category",
                        message: format!(
                            "found the category `{name}`, expected one of `{}`, or declare it under `categories`",
                            known.join("`, `")
                        ),
                    }
                });
                StandardCategory::Marketing.id()
            }
        }
    }

    fn service(&mut self, index: usize, document: &ServiceDocument) -> Service {
        let urls = |texts: &[String]| -> Vec<_> {
            texts
                .iter()
                .filter_map(|text| UrlPattern::parse(text).ok())
                .collect()
        };
        Service {
            id: document.id.clone(),
            name: document.name.clone(),
            vendor: document.vendor.clone(),
            category: self.category(&document.category, || steps!["services", index, "category"]),
            purpose: document.purpose.clone(),
            cookies: document
                .cookies
                .iter()
                .filter_map(declared_cookie)
                .collect(),
            storage: document
                .storage
                .iter()
                .filter_map(|key| NamePattern::parse_storage_key(key).ok())
                .collect(),
            scripts: urls(&document.scripts),
            frames: urls(&document.frames),
            images: urls(&document.images),
            requests: urls(&document.requests),
        }
    }

    fn unique_services(&mut self, document: &PolicyDocument) {
        for (index, service) in document.services.iter().enumerate() {
            // Few enough to compare each with each.
            let mut before = document.services.iter().take(index);
            if before.any(|earlier| earlier.id == service.id) {
                self.sink.tell(|| Problem {
                    path: steps!["services", index, "id"],
                    code: "duplicate-service",
                    message: format!(
                        "found the service `{}` a second time, expected an id of its own",
                        service.id
                    ),
                });
            }
        }
    }

    /// Whether all services together declare no more than [`MOST_NAMES`] of something.
    fn few_enough(
        &mut self,
        document: &PolicyDocument,
        what: &str,
        count: impl Fn(&ServiceDocument) -> usize,
    ) -> bool {
        let mut all = 0;
        for (index, service) in document.services.iter().enumerate() {
            all += count(service);
            if all > MOST_NAMES {
                self.sink.tell(|| Problem {
                    path: steps!["services", index],
                    code: "too-many-names",
                    message: format!("found more than {MOST_NAMES} {what} in all services up to this one, expected at most so many"),
                });
                return false;
            }
        }
        true
    }

    fn ask_again_since(&mut self, document: &PolicyDocument) -> Revision {
        let since = document.ask_again_since.unwrap_or(document.revision);
        if since > document.revision {
            self.sink.tell(|| Problem {
                path: steps!["ask_again_since"],
                code: "contradiction",
                message: format!(
                    "found {since}, expected at most the `revision`, {}",
                    document.revision
                ),
            });
        }
        Revision(since)
    }

    fn refused(&mut self, names: &[String], signal: &str) -> CategorySet {
        let mut set = CategorySet::EMPTY;
        for (index, name) in names.iter().enumerate() {
            let path = || steps!["signals", signal, "refuses", index];
            let id = self.category(name, path);
            if self
                .categories
                .get(id.number())
                .is_some_and(Category::is_required)
            {
                self.sink.tell(|| Problem {
                    path: path(),
                    code: "contradiction",
                    message: format!(
                        "found `{name}`, which is required; expected categories that can be refused"
                    ),
                });
            }
            set = set.with(id);
        }
        set
    }

    /// The categories like one of these.
    fn like(&self, standard: &[StandardCategory]) -> CategorySet {
        let like = self
            .categories
            .iter()
            .filter(|c| standard.contains(&c.like));
        like.map(|category| category.id).collect()
    }

    fn gpc_refuses(&mut self, document: &PolicyDocument) -> CategorySet {
        match &document.signals.gpc {
            Some(gpc) => self.refused(&gpc.refuses, "gpc"),
            None => self.like(&[StandardCategory::Marketing]),
        }
    }

    fn dnt_refuses(&mut self, document: &PolicyDocument) -> Option<CategorySet> {
        match &document.signals.dnt {
            Some(DntDocument::Ignored(_)) => None,
            Some(DntDocument::Refuses(dnt)) => Some(self.refused(&dnt.refuses, "dnt")),
            None => Some(self.like(&[StandardCategory::Analytics, StandardCategory::Marketing])),
        }
    }

    fn regions(&mut self, document: &PolicyDocument) -> RegionTable {
        let table = RegionTable::new(&document.regimes);
        let Some(unknown) = &document.regimes.unknown else {
            return table;
        };
        if document.regimes.everywhere.is_some() {
            self.sink.tell(|| Problem {
                path: steps!["regimes", "unknown"],
                code: "contradiction",
                message: "found `unknown` beside `everywhere`, expected one of them: `everywhere` already speaks for unknown regions".to_owned(),
            });
        }
        let known = unknown
            .parse()
            .ok()
            .and_then(|code: Region| table.known(code));
        if known.is_none() {
            self.sink.tell(|| Problem {
                path: steps!["regimes", "unknown"],
                code: "unknown-region",
                message: format!(
                    "found `{unknown}`, expected a region of the built-in table or of `regions`"
                ),
            });
        }
        table
    }

    fn consent_cookie(
        &mut self,
        document: &ConsentCookieDocument,
        hosts: &[String],
    ) -> ConsentCookie {
        let cookie = ConsentCookie {
            name: document.name.clone().unwrap_or_else(|| "placet".to_owned()),
            domain: document.domain.as_ref().map(|d| d.to_ascii_lowercase()),
            path: document.path.clone().unwrap_or_else(|| "/".to_owned()),
            same_site: match document.same_site.as_deref() {
                Some("Strict") => SameSite::Strict,
                Some("None") => SameSite::None,
                _ => SameSite::Lax,
            },
            secure: document.secure.unwrap_or(true),
        };
        let mut is_sound = true;
        let prefix = NamePrefix::of(cookie.name.as_bytes());
        let needs_http_only = prefix.is_some_and(NamePrefix::asks_for_http_only);
        let needs_host = prefix.is_some_and(NamePrefix::binds_to_host);
        for (contradicts, field, message) in [
            (
                needs_http_only,
                "name",
                "this prefix needs HttpOnly, but the page must read the consent cookie; expected a name without it",
            ),
            (
                cookie.same_site == SameSite::None && !cookie.secure,
                "secure",
                "browsers reject SameSite=None without Secure; expected `true`",
            ),
            (
                prefix.is_some() && !cookie.secure,
                "secure",
                "the name's prefix needs Secure; expected `true`",
            ),
            (
                needs_host && cookie.domain.is_some(),
                "domain",
                "the name's prefix `__Host-` forbids a domain; expected none",
            ),
            (
                needs_host && cookie.path != "/",
                "path",
                "the name's prefix `__Host-` needs the path `/`",
            ),
            (
                cookie
                    .domain
                    .as_ref()
                    .is_some_and(|domain| !reaches(std::slice::from_ref(domain), hosts)),
                "domain",
                "none of `hosts` can set a cookie for this domain; expected one of them, or a domain they are under",
            ),
        ] {
            if contradicts {
                is_sound = false;
                self.sink.tell(|| Problem {
                    path: steps!["consent_cookie", field],
                    code: "contradiction",
                    message: message.to_owned(),
                });
            }
        }
        if is_sound && !is_stored_alike(&cookie, prefix) {
            self.sink.tell(|| cannot_be_set(&cookie));
        }
        cookie
    }
}

/// Whether every browser stores this consent cookie and reads it alike, as far as the forms of its parts
/// and the contradictions between them have not said it already: what [`OwnCookie::header`] finds.
fn is_stored_alike(cookie: &ConsentCookie, prefix: Option<NamePrefix>) -> bool {
    let is_spelled = |prefix: NamePrefix| {
        let spelled = prefix.as_str().as_bytes();
        cookie.name.as_bytes().starts_with(spelled)
    };
    let is_shared = |domain: &String| {
        let domain = domain.as_bytes();
        domain.len() <= MAX_ATTRIBUTE_VALUE && domain.contains(&b'.') && !is_ip_address(domain)
    };
    prefix.is_none_or(is_spelled) && cookie.domain.as_ref().is_none_or(is_shared)
}

/// In the words of [`OwnCookie::header`].
fn cannot_be_set(cookie: &ConsentCookie) -> Problem {
    let found = OwnCookie::consent(cookie, "1", Lifetime::Session)
        .header()
        .err();
    let field = match found {
        Some(CannotSet::Odd(Oddity::PrefixWrongCase)) => "name",
        _ => "domain",
    };
    let says = found.map(|problem| problem.to_string()).unwrap_or_default();
    Problem {
        path: steps!["consent_cookie", field],
        code: "contradiction",
        message: format!("{says}; expected a cookie that every browser stores and reads alike"),
    }
}

fn standard_categories() -> Vec<Category> {
    let category = |standard: StandardCategory| Category {
        id: standard.id(),
        name: standard.name().to_owned(),
        title: None,
        like: standard,
    };
    StandardCategory::ALL.map(category).to_vec()
}

fn declared_cookie(document: &CookieDocument) -> Option<DeclaredCookie> {
    Some(DeclaredCookie {
        name: NamePattern::parse(&document.name).ok()?,
        domains: document
            .domains
            .iter()
            .map(|d| d.to_ascii_lowercase())
            .collect(),
        paths: match document.paths.as_slice() {
            [] => vec!["/".to_owned()],
            paths => paths.to_vec(),
        },
        lifetime: document
            .lifetime
            .as_deref()
            .and_then(|text| text.parse().ok()),
        purpose: document.purpose.clone(),
        http_only: document.http_only,
        partitioned: document.partitioned,
    })
}

/// Every declared cookie, and its number by its name.
fn cookie_index(services: &[Service], hosts: &[String]) -> (Vec<Declared>, NameIndex) {
    let mut declared = Vec::new();
    let mut names = Vec::new();
    for (service, service_number) in services.iter().zip(0..) {
        for (cookie, cookie_number) in service.cookies.iter().zip(0..) {
            names.push(cookie.name.clone());
            declared.push(Declared {
                service: ServiceId::new(service_number),
                cookie: cookie_number,
                category: service.category,
                own: reaches(&cookie.domains, hosts),
            });
        }
    }
    (declared, NameIndex::new(names.into_iter().zip(0..)))
}

/// The number of a service by its storage keys.
fn storage_index(services: &[Service]) -> NameIndex {
    let keys = services
        .iter()
        .zip(0..)
        .flat_map(|(service, number)| service.storage.iter().map(move |key| (key.clone(), number)));
    NameIndex::new(keys)
}

/// Whether a cookie of these domains can be sent to one of the site's hosts.
fn reaches(domains: &[String], hosts: &[String]) -> bool {
    let related = |domain: &String, host: &String| {
        domain_matches(host.as_bytes(), domain.as_bytes())
            || domain_matches(domain.as_bytes(), host.as_bytes())
    };
    domains.is_empty()
        || hosts.is_empty()
        || domains
            .iter()
            .any(|domain| hosts.iter().any(|host| related(domain, host)))
}
