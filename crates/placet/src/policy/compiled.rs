//! A compiled policy as bytes: what a page downloads in place of the document, so that it needs no code to
//! read, check and compile one.
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

use super::compile::{MOST_NAMES, declared, standard_categories};
use super::declaration::{Category, ConsentCookie, DeclaredCookie, Service};
use super::form::MOST;
#[cfg(feature = "fast")]
use super::names::Names;
use super::region_rules::{RegionRow, RegionTable};
use super::{Policy, Undeclared};

const VERSION: u8 = 1;

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
        let own = self.categories.get(StandardCategory::ALL.len()..);
        to.list(own.unwrap_or_default(), |to, category| {
            to.byte(category.like as u8);
            to.text(category.name.as_bytes());
        });
        to.number(self.gpc_refuses.bits().into());
        to.option(self.dnt_refuses, |to, set| to.number(set.bits().into()));
        write_rules(&mut to, &self.regions.unknown);
        to.list(&self.regions.rows, |to, row| {
            to.text(row.region.code().as_bytes());
            to.flag(row.is_itself);
            to.flag(row.has_parts);
            write_rules(to, &row.rules);
        });
        write_consent_cookie(&mut to, &self.consent_cookie);
        to.list(&self.services, write_service);
        for declared in &self.declared {
            to.flag(declared.own);
        }
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
        let undeclared = if from.flag() {
            Undeclared::Allow
        } else {
            Undeclared::Deny
        };
        let mut categories = standard_categories();
        for (like, name) in from.list(|from| (from.byte(), from.ascii())) {
            let like = StandardCategory::ALL.get(usize::from(like));
            match (CategoryId::new(categories.len()), like) {
                (Some(id), Some(&like)) => categories.push(Category {
                    id,
                    name,
                    title: None,
                    like,
                }),
                _ => from.reject(),
            }
        }
        let gpc_refuses = CategorySet::of_bits(from.number() as u16);
        let dnt_refuses = from
            .option(Reader::number)
            .map(|bits| CategorySet::of_bits(bits as u16));
        let regions = RegionTable {
            unknown: rules(from),
            rows: from.list(region_row),
        };
        let consent_cookie = consent_cookie(from);
        let services = from.list(service);
        let (mut cookies, mut keys) = (0, 0);
        for service in &services {
            cookies += service.cookies.len();
            keys += service.storage.len();
            if service.category.number() >= categories.len() {
                from.reject();
            }
        }
        // A walk through all of them is short, and their numbers are.
        if services.len() > MOST || cookies > MOST_NAMES || keys > MOST_NAMES {
            return Err(NotCompiled);
        }
        let declared = declared(&services, |_| from.flag());
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
            names: Names::of(&services, &declared, &consent_cookie),
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

fn write_rules(to: &mut Writer, rules: &RegionRules) {
    let grades = [rules.functional, rules.analytics, rules.marketing];
    let packed = grades
        .iter()
        .fold(0, |packed, regime| packed << 2 | *regime as u32);
    to.number(packed << 1 | u32::from(rules.grant_over_gpc));
    to.number(rules.choice_lifetime_days.into());
}

fn rules(from: &mut Reader<'_>) -> RegionRules {
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
    to.text(cookie.name.as_bytes());
    to.option(cookie.domain.as_deref(), |to, domain| {
        to.text(domain.as_bytes());
    });
    to.text(cookie.path.as_bytes());
    let same_site = SAME_SITE.iter().position(|one| *one == cookie.same_site);
    to.byte(same_site.unwrap_or_default() as u8);
    to.flag(cookie.secure);
}

fn consent_cookie(from: &mut Reader<'_>) -> ConsentCookie {
    ConsentCookie {
        name: from.ascii(),
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

fn write_service(to: &mut Writer, service: &Service) {
    to.text(service.id.as_bytes());
    to.byte(service.category.number() as u8);
    to.list(&service.cookies, |to, cookie| {
        to.text(cookie.name.as_bytes());
        for places in [&cookie.domains, &cookie.paths] {
            to.list(places, |to, place| to.text(place.as_bytes()));
        }
    });
    to.list(&service.storage, |to, key| to.text(key.as_bytes()));
    for patterns in [
        &service.scripts,
        &service.frames,
        &service.images,
        &service.requests,
    ] {
        to.list(patterns, |to, pattern| pattern.write(to));
    }
}

fn service(from: &mut Reader<'_>) -> Service {
    Service {
        id: from.ascii(),
        category: match CategoryId::new(usize::from(from.byte())) {
            Some(category) => category,
            None => {
                from.reject();
                StandardCategory::Marketing.id()
            }
        },
        cookies: from.list(cookie),
        storage: from.list(NamePattern::of_compiled),
        scripts: from.list(UrlPattern::of_compiled),
        frames: from.list(UrlPattern::of_compiled),
        images: from.list(UrlPattern::of_compiled),
        requests: from.list(UrlPattern::of_compiled),
        name: None,
        vendor: None,
        purpose: None,
    }
}

fn cookie(from: &mut Reader<'_>) -> DeclaredCookie {
    DeclaredCookie {
        name: NamePattern::of_compiled(from),
        domains: from.list(Reader::ascii),
        paths: from.list(Reader::ascii),
        lifetime: None,
        purpose: None,
        http_only: false,
        partitioned: false,
    }
}
