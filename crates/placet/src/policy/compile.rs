//! From a document whose form is right to the policy that decides, and what can still be wrong:
//! names that lead nowhere, values that contradict each other.

use crate::category::{CategoryId, CategorySet, StandardCategory};
use crate::choice::Revision;
use crate::lifetime::Lifetime;
use crate::name_pattern::NamePattern;
use crate::regime::Region;
use crate::search::memchr;
use crate::set_cookie::{CannotSet, MAX_ATTRIBUTE_VALUE, NamePrefix, Oddity, OwnCookie, SameSite};
use crate::url_pattern::UrlPattern;
use crate::web_address::{domain_matches, is_dotted_decimal};

#[cfg(feature = "file")]
use super::controller;
use super::declaration::{Category, ConsentCookie, DeclaredCookie, Service, ServiceId};
use super::document::{
    ConsentCookieDocument, CookieDocument, DntDocument, PolicyDocument, ServiceDocument,
};
#[cfg(feature = "fast")]
use super::names::Names;
use super::problem::{Problem, Sink, Step, steps};
use super::region_rules::{RegionTable, Rules};
#[cfg(feature = "file")]
use super::shared_with;
use super::{Declared, Policy};

/// How many cookies, and how many storage keys, all services together may declare: more than any
/// list of known cookies has, and few enough to compare each with each.
pub(super) const MOST_NAMES: usize = 4_096;

/// The policy of a document whose form is right; what contradicts in it is told to the sink.
pub(super) fn compile(document: PolicyDocument, sink: &mut impl Sink) -> Policy {
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
    fn policy(&mut self, mut document: PolicyDocument) -> Policy {
        self.own_categories(&document);
        to_lower_case(&mut document.hosts);
        self.unique_services(&document);
        let few_cookies = self.few_enough(&document, "cookies", |service| service.cookies.len());
        let few_keys = self.few_enough(&document, "storage keys", |service| service.storage.len());
        let ask_again_since = self.ask_again_since(&document);
        let gpc_refuses = self.gpc_refuses(&document);
        let dnt_refuses = self.dnt_refuses(&document);
        let regions = self.regions(&document);
        #[cfg(feature = "file")]
        self.bridges(&document);
        #[cfg(feature = "file")]
        let receipts_keep = controller::keep(&document);
        let consent_cookie = self.consent_cookie(document.consent_cookie, &document.hosts);
        #[cfg(feature = "file")]
        let shared_with = shared_with::compile(
            &document.shared_with,
            &consent_cookie,
            &document.hosts,
            self.sink,
        );
        let mut services = Vec::new();
        for (index, service) in document.services.into_iter().enumerate() {
            services.push(self.service(index, service));
        }
        // No more is made of a policy with too many names, which is none.
        let named = if few_cookies && few_keys {
            services.as_slice()
        } else {
            &[]
        };
        let declared = declared(named, |cookie| reaches(&cookie.domains, &document.hosts));
        Policy {
            revision: Revision(document.revision),
            ask_again_since,
            undeclared: document.undeclared,
            gpc_refuses,
            dnt_refuses,
            regions,
            #[cfg(feature = "fast")]
            names: Names::of(&self.categories, named, &declared, &consent_cookie),
            consent_cookie,
            #[cfg(feature = "file")]
            bridges: document.bridges,
            #[cfg(feature = "file")]
            controller: document.controller,
            #[cfg(feature = "file")]
            receipts_keep,
            // Whoever read the document knows.
            #[cfg(feature = "file")]
            source: Default::default(),
            categories: std::mem::take(&mut self.categories),
            hosts: document.hosts,
            #[cfg(feature = "file")]
            shared_with,
            #[cfg(not(feature = "file"))]
            shared_with: document.shared_with,
            services,
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

    fn service(&mut self, index: usize, document: ServiceDocument) -> Service {
        Service {
            category: self.category(&document.category, || steps!["services", index, "category"]),
            id: document.id,
            name: document.name,
            vendor: document.vendor,
            #[cfg(feature = "file")]
            privacy_policy: document.privacy_policy,
            purpose: document.purpose,
            cookies: parsed(document.cookies, declared_cookie),
            storage: parsed(document.storage, |key| {
                NamePattern::read_storage_key(&key).ok()
            }),
            scripts: parsed(document.scripts, address),
            frames: parsed(document.frames, address),
            images: parsed(document.images, address),
            requests: parsed(document.requests, address),
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
        let rules = Rules::new(&document.regimes);
        let Some(unknown) = &document.regimes.unknown else {
            return rules.table();
        };
        if document.regimes.everywhere.is_some() {
            self.sink.tell(|| Problem {
                path: steps!["regimes", "unknown"],
                code: "contradiction",
                message: "found `unknown` beside `everywhere`, expected one of them: `everywhere` already speaks for unknown regions".to_owned(),
            });
        }
        let known = Region::of_text(unknown.as_bytes()).and_then(|code| rules.known(code));
        if known.is_none() {
            self.sink.tell(|| Problem {
                path: steps!["regimes", "unknown"],
                code: "unknown-region",
                message: format!(
                    "found `{unknown}`, expected a region of the built-in table or of `regions`"
                ),
            });
        }
        rules.table()
    }

    /// The page's script acts on them; only the names in them must lead somewhere.
    #[cfg(feature = "file")]
    fn bridges(&mut self, document: &PolicyDocument) {
        let bridges = document.bridges.iter();
        let zaraz = bridges.filter_map(|bridges| bridges.zaraz.as_ref());
        for (purpose, category) in zaraz.flat_map(|zaraz| &zaraz.purposes) {
            let purpose = purpose.as_str();
            self.category(category, || steps!["bridges", "zaraz", "purposes", purpose]);
        }
    }

    fn consent_cookie(
        &mut self,
        document: ConsentCookieDocument,
        hosts: &[String],
    ) -> ConsentCookie {
        let mut domain: Vec<_> = document.domain.into_iter().collect();
        to_lower_case(&mut domain);
        let cookie = ConsentCookie {
            name: document.name.unwrap_or_else(|| "placet".to_owned()),
            domain: domain.pop(),
            path: document.path.unwrap_or_else(|| "/".to_owned()),
            same_site: match document.same_site.as_deref() {
                Some("Strict") => SameSite::Strict,
                Some("None") => SameSite::None,
                _ => SameSite::Lax,
            },
            secure: document.secure.unwrap_or(true),
        };
        let prefix = NamePrefix::of(cookie.name.as_bytes());
        let needs_host = prefix.is_some_and(NamePrefix::binds_to_host);
        let domain = cookie.domain.as_ref();
        let is_beyond = |domain| !reaches(std::slice::from_ref(domain), hosts);
        let contradicts = self.contradicts(
            prefix.is_some_and(NamePrefix::asks_for_http_only),
            "name",
            "this prefix needs HttpOnly, but the page must read the consent cookie; expected a name without it",
        ) | self.contradicts(
            cookie.same_site == SameSite::None && !cookie.secure,
            "secure",
            "browsers reject SameSite=None without Secure; expected `true`",
        ) | self.contradicts(
            prefix.is_some() && !cookie.secure,
            "secure",
            "the name's prefix needs Secure; expected `true`",
        ) | self.contradicts(
            needs_host && domain.is_some(),
            "domain",
            "the name's prefix `__Host-` forbids a domain; expected none",
        ) | self.contradicts(
            needs_host && cookie.path != "/",
            "path",
            "the name's prefix `__Host-` needs the path `/`",
        ) | self.contradicts(
            domain.is_some_and(is_beyond),
            "domain",
            "none of `hosts` can set a cookie for this domain; expected one of them, or a domain they are under",
        );
        if !contradicts && !is_stored_alike(&cookie, prefix) {
            self.sink.tell(|| cannot_be_set(&cookie));
        }
        cookie
    }

    fn contradicts(&mut self, found: bool, field: &'static str, message: &'static str) -> bool {
        if found {
            self.sink.tell(|| Problem {
                path: steps!["consent_cookie", field],
                code: "contradiction",
                message: message.to_owned(),
            });
        }
        found
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
        domain.len() <= MAX_ATTRIBUTE_VALUE
            && memchr(b'.', domain).is_some()
            && !is_dotted_decimal(domain)
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
    Vec::from(StandardCategory::ALL.map(category))
}

/// What is read of a list; every member of it has its form.
fn parsed<D, T>(documents: Vec<D>, read: fn(D) -> Option<T>) -> Vec<T> {
    let mut parsed = Vec::new();
    for document in documents {
        if let Some(read) = read(document) {
            parsed.push(read);
        }
    }
    parsed
}

fn address(text: String) -> Option<UrlPattern> {
    UrlPattern::read(&text).ok()
}

fn declared_cookie(mut document: CookieDocument) -> Option<DeclaredCookie> {
    to_lower_case(&mut document.domains);
    if document.paths.is_empty() {
        document.paths.push("/".to_owned());
    }
    Some(DeclaredCookie {
        name: NamePattern::read(&document.name).ok()?,
        domains: document.domains,
        paths: document.paths,
        #[cfg(feature = "file")]
        lifetime: document.lifetime.and_then(|text| text.parse().ok()),
        #[cfg(not(feature = "file"))]
        lifetime: None,
        purpose: document.purpose,
        http_only: document.http_only,
        partitioned: document.partitioned,
    })
}

fn to_lower_case(texts: &mut [String]) {
    for text in texts {
        text.make_ascii_lowercase();
    }
}

/// Every declared cookie, in order; `is_own` says whether one can reach the site's own hosts.
pub(super) fn declared(
    services: &[Service],
    mut is_own: impl FnMut(&DeclaredCookie) -> bool,
) -> Vec<Declared> {
    let mut declared = Vec::new();
    for (service, service_number) in services.iter().zip(0..) {
        for (cookie, cookie_number) in service.cookies.iter().zip(0..) {
            declared.push(Declared {
                service: ServiceId::new(service_number),
                cookie: cookie_number,
                category: service.category,
                own: is_own(cookie),
                anywhere: cookie.domains.is_empty(),
            });
        }
    }
    declared
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
