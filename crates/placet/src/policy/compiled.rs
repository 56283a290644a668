//! A compiled policy as bytes: what a page downloads in place of the document, so that it needs no code to
//! read, check and compile one.
//!
//! What is declared of one kind stands together, each with the number of its service, so that a question about
//! a name or an address can be answered [in place](crate::FirstVisit).
//!
//! Holds what decides, resolved: categories and services by number, address patterns in their parts, and of
//! the regions those that differ from what holds where none is known. What only people or servers read
//! (titles, purposes, lifetimes, `HttpOnly`, `Partitioned`, the site's own hosts, who shares the choice, the
//! controller, how long receipts are kept) is not in it. The first byte is the version of this form; a reader of another version refuses it, and the
//! page stays closed.

use crate::category::{CategoryId, CategorySet, StandardCategory};
use crate::choice::Revision;
use crate::compact::{Reader, Writer};
use crate::name_pattern::NamePattern;
use crate::regime::{Regime, Region, RegionRules};
use crate::set_cookie::SameSite;
use crate::url_pattern::UrlPattern;

use super::compile::{MOST_NAMES, declared};
use super::declaration::{Category, ConsentCookie, DeclaredCookie, Service};
use super::form::MOST;
#[cfg(feature = "fast")]
use super::names::Names;
use super::region_rules::{RegionRow, RegionTable};
use super::{Policy, Undeclared};

pub(crate) const VERSION: u8 = 2;

/// Bytes that are no compiled policy of this version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the bytes are no compiled policy, or one of another version; expected version {VERSION}")]
pub struct NotCompiled;

const SAME_SITE: [SameSite; 3] = [SameSite::Lax, SameSite::Strict, SameSite::None];

impl Policy {
    /// This policy in the form that [`Policy::from_compiled`] reads.
    ///
    /// ```
    /// use placet::Policy;
    ///
    /// let policy = Policy::from_json("placet.json", r#"{ "revision": 1, "services": [
    ///     { "id": "matomo", "category": "analytics", "cookies": [{ "name": "_pk_*" }] }
    /// ] }"#)?;
    /// let read = Policy::from_compiled(&policy.to_compiled()).expect("what was just written");
    /// assert_eq!(read.declarations(b"_pk_id.1")[0].0.id, "matomo");
    /// # Ok::<(), placet::PolicyError>(())
    /// ```
    pub fn to_compiled(&self) -> Vec<u8> {
        let mut to = Writer::default();
        to.byte(VERSION);
        to.number(self.revision.0);
        to.number(self.ask_again_since.0);
        to.flag(self.undeclared == Undeclared::Allow);
        to.number(self.gpc_refuses.bits().into());
        to.option(self.dnt_refuses, |to, set| to.number(set.bits().into()));
        to.text(self.consent_cookie.name.as_bytes());
        write_rules(&mut to, &self.regions.unknown);
        to.section(|to| {
            for row in &self.regions.rows {
                to.text(row.region.code().as_bytes());
                to.flag(row.is_itself);
                to.flag(row.has_parts);
                write_rules(to, &row.rules);
            }
        });
        to.section(|to| {
            for category in &self.categories {
                to.byte(category.like as u8);
                to.text(category.name.as_bytes());
            }
        });
        to.section(|to| {
            for service in &self.services {
                to.byte(service.category.number() as u8);
                to.text(service.id.as_bytes());
            }
        });
        to.section(|to| {
            for declared in &self.declared {
                if let Some((_, cookie)) = self.resolve(declared) {
                    to.number(declared.service.number() as u32);
                    to.byte(declared.category.number() as u8);
                    to.flag(declared.own);
                    to.text(cookie.name.as_bytes());
                    for places in [&cookie.domains, &cookie.paths] {
                        to.section(|to| places.iter().for_each(|place| to.text(place.as_bytes())));
                    }
                }
            }
        });
        self.write_declarations(
            &mut to,
            |service| &service.storage,
            |to, key| {
                to.text(key.as_bytes());
            },
        );
        for patterns in PATTERNS {
            self.write_declarations(&mut to, patterns, |to, pattern| pattern.write(to));
        }
        write_consent_cookie(&mut to, &self.consent_cookie);
        to.into_bytes()
    }

    /// Reads a policy that was compiled elsewhere.
    ///
    /// The verdicts are those of the policy it was written from; what the form leaves out is empty. Any
    /// bytes are read without panic, and take no more memory than a small multiple of their length.
    ///
    /// # Errors
    ///
    /// [`NotCompiled`] for bytes that [`Policy::to_compiled`] of this version does not write. What it
    /// writes is not judged anew: whoever may write the bytes may write any policy.
    pub fn from_compiled(bytes: &[u8]) -> Result<Self, NotCompiled> {
        let mut reader = Reader::new(bytes);
        if reader.byte() != VERSION {
            reader.reject();
        }
        let from = &mut reader;
        let revision = Revision(from.number());
        let ask_again_since = Revision(from.number());
        let undeclared = Undeclared::of_compiled(from);
        let gpc_refuses = CategorySet::of_bits(from.number() as u16);
        let dnt_refuses = from
            .option(Reader::number)
            .map(|bits| CategorySet::of_bits(bits as u16));
        let consent_name = from.ascii();
        let mut regions = RegionTable {
            unknown: rules(from),
            rows: Vec::new(),
        };
        from.section(|from| regions.rows.push(region_row(from)));
        let mut categories = Vec::new();
        from.section(|from| {
            let like = like(from);
            let name = from.ascii();
            match CategoryId::new(categories.len()) {
                Some(id) => categories.push(Category {
                    id,
                    name,
                    title: None,
                    like,
                }),
                None => from.reject(),
            }
        });
        let mut services = Vec::new();
        from.section(|from| {
            let service = service(from);
            if service.category.number() >= categories.len() {
                from.reject();
            }
            services.push(service);
        });
        let (mut owns, mut last) = (Vec::new(), 0);
        from.section(|from| {
            let (number, _) = declaration(from);
            owns.push(from.flag());
            let cookie = cookie(from);
            match services.get_mut(number) {
                // The numbers of cookies are those of this order.
                Some(service) if number >= last => service.cookies.push(cookie),
                _ => from.reject(),
            }
            last = number;
        });
        read_declarations(from, &mut services, |service, from| {
            service.storage.push(NamePattern::of_compiled(from));
        });
        read_declarations(from, &mut services, |service, from| {
            service.scripts.push(UrlPattern::of_compiled(from));
        });
        read_declarations(from, &mut services, |service, from| {
            service.frames.push(UrlPattern::of_compiled(from));
        });
        read_declarations(from, &mut services, |service, from| {
            service.images.push(UrlPattern::of_compiled(from));
        });
        read_declarations(from, &mut services, |service, from| {
            service.requests.push(UrlPattern::of_compiled(from));
        });
        let consent_cookie = consent_cookie(consent_name, from);
        let keys = services.iter().map(|service| service.storage.len()).sum();
        // A walk through all of them is short, and their numbers are.
        if categories.len() < StandardCategory::ALL.len()
            || services.len() > MOST
            || owns.len() > MOST_NAMES
            || MOST_NAMES < keys
        {
            return Err(NotCompiled);
        }
        let mut owns = owns.into_iter();
        let declared = declared(&services, |_| owns.next().unwrap_or_default());
        if !reader.is_at_end() {
            return Err(NotCompiled);
        }
        Ok(Self {
            revision,
            ask_again_since,
            undeclared,
            gpc_refuses,
            dnt_refuses,
            regions,
            #[cfg(feature = "fast")]
            names: Names::of(&categories, &services, &declared, &consent_cookie),
            consent_cookie,
            #[cfg(feature = "file")]
            bridges: None,
            #[cfg(feature = "file")]
            controller: None,
            #[cfg(feature = "file")]
            receipts_keep: super::controller::KEEP,
            #[cfg(feature = "file")]
            source: bytes.into(),
            categories,
            hosts: Vec::new(),
            shared_with: Vec::new(),
            services,
            declared,
        })
    }
}

impl Policy {
    /// A section of what the services declare of one kind.
    fn write_declarations<T>(
        &self,
        to: &mut Writer,
        of: fn(&Service) -> &Vec<T>,
        write: fn(&mut Writer, &T),
    ) {
        to.section(|to| {
            for (service, number) in self.services.iter().zip(0..) {
                for one in of(service) {
                    to.number(number);
                    to.byte(service.category.number() as u8);
                    write(to, one);
                }
            }
        });
    }
}

/// The address patterns of a service, in the order of their sections.
const PATTERNS: [fn(&Service) -> &Vec<UrlPattern>; 4] = [
    |service| &service.scripts,
    |service| &service.frames,
    |service| &service.images,
    |service| &service.requests,
];

fn read_declarations(
    from: &mut Reader<'_>,
    services: &mut [Service],
    read: fn(&mut Service, &mut Reader<'_>),
) {
    from.section(|from| {
        let (number, _) = declaration(from);
        match services.get_mut(number) {
            Some(service) => read(service, from),
            None => from.reject(),
        }
    });
}

/// The number of the service that a declaration is of, and its category: again, for who reads no services.
pub(crate) fn declaration(from: &mut Reader<'_>) -> (usize, CategoryId) {
    (from.number() as usize, category(from))
}

fn category(from: &mut Reader<'_>) -> CategoryId {
    let category = CategoryId::new(usize::from(from.byte()));
    category.unwrap_or_else(|| {
        from.reject();
        StandardCategory::Marketing.id()
    })
}

/// The standard category that one of the site's own is like.
pub(crate) fn like(from: &mut Reader<'_>) -> StandardCategory {
    let like = StandardCategory::ALL.get(usize::from(from.byte())).copied();
    like.unwrap_or_else(|| {
        from.reject();
        StandardCategory::Marketing
    })
}

impl Undeclared {
    pub(crate) fn of_compiled(from: &mut Reader<'_>) -> Self {
        if from.flag() { Self::Allow } else { Self::Deny }
    }
}

fn write_rules(to: &mut Writer, rules: &RegionRules) {
    let grades = [rules.functional, rules.analytics, rules.marketing];
    let packed = grades
        .iter()
        .fold(0, |packed, regime| packed << 2 | *regime as u32);
    to.number(packed << 1 | u32::from(rules.grant_over_gpc));
    to.number(rules.choice_lifetime_days.into());
}

pub(crate) fn rules(from: &mut Reader<'_>) -> RegionRules {
    let packed = from.number();
    let days = from.number();
    // What is no regime of this version is the strictest of it.
    let regime = |place: u32| {
        let regime = Regime::ALL.get((packed >> place & 3) as usize);
        regime.copied().unwrap_or(Regime::OptIn)
    };
    RegionRules {
        functional: regime(5),
        analytics: regime(3),
        marketing: regime(1),
        grant_over_gpc: packed & 1 == 1,
        choice_lifetime_days: days as u16,
    }
}

fn region_row(from: &mut Reader<'_>) -> RegionRow {
    let region = Region::of_text(from.text());
    if region.is_none() {
        from.reject();
    }
    RegionRow {
        region: region.unwrap_or(Region::NONE),
        is_itself: from.flag(),
        has_parts: from.flag(),
        rules: rules(from),
    }
}

fn write_consent_cookie(to: &mut Writer, cookie: &ConsentCookie) {
    to.option(cookie.domain.as_deref(), |to, domain| {
        to.text(domain.as_bytes());
    });
    to.text(cookie.path.as_bytes());
    let same_site = SAME_SITE.iter().position(|one| *one == cookie.same_site);
    to.byte(same_site.unwrap_or_default() as u8);
    to.flag(cookie.secure);
}

fn consent_cookie(name: String, from: &mut Reader<'_>) -> ConsentCookie {
    ConsentCookie {
        name,
        domain: from.option(Reader::ascii),
        path: from.ascii(),
        same_site: match SAME_SITE.get(usize::from(from.byte())) {
            Some(same_site) => *same_site,
            None => {
                from.reject();
                SameSite::Lax
            }
        },
        secure: from.flag(),
    }
}

fn service(from: &mut Reader<'_>) -> Service {
    Service {
        category: category(from),
        id: from.ascii(),
        cookies: Vec::new(),
        storage: Vec::new(),
        scripts: Vec::new(),
        frames: Vec::new(),
        images: Vec::new(),
        requests: Vec::new(),
        name: None,
        vendor: None,
        #[cfg(feature = "file")]
        privacy_policy: None,
        purpose: None,
    }
}

fn cookie(from: &mut Reader<'_>) -> DeclaredCookie {
    let (mut domains, mut paths) = (Vec::new(), Vec::new());
    DeclaredCookie {
        name: NamePattern::of_compiled(from),
        domains: {
            from.section(|from| domains.push(from.ascii()));
            domains
        },
        paths: {
            from.section(|from| paths.push(from.ascii()));
            paths
        },
        lifetime: None,
        purpose: None,
        http_only: false,
        partitioned: false,
    }
}
