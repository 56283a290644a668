//! The form of every value of a policy. The reader of files asks here value by value and says what is
//! wrong; a document that came another way is asked about as a whole.

use crate::category::{CategoryId, StandardCategory};
use crate::name_pattern::NamePattern;
use crate::regime::{Regime, Region};
use crate::search::find;
use crate::url_pattern::UrlPattern;
use crate::web_address::is_domain_of;

#[cfg(feature = "file")]
use super::bridges;
use super::bridges::BridgesDocument;
#[cfg(feature = "file")]
use super::controller;
use super::document::{
    ConsentCookieDocument, CookieDocument, DntDocument, PolicyDocument, RegimesDocument,
    RegionRulesDocument, ServiceDocument,
};

/// How many entries any list of a policy may have that has no other limit.
pub(super) const MOST: usize = 4_096;
/// How many domains of its own a site may have.
pub(super) const MOST_HOSTS: usize = 1_024;
/// A choice goes through all of them in one chain of redirects, of which browsers follow 20.
#[cfg(feature = "file")]
pub(super) const MOST_ORIGINS: usize = 8;
/// A refused cookie is expired once for every domain and path together.
pub(super) const MOST_DOMAINS: usize = 64;
/// As [`MOST_DOMAINS`].
pub(super) const MOST_PATHS: usize = 16;
/// How many categories of its own a site may have.
pub(super) const MOST_CATEGORIES: usize = CategoryId::LIMIT - StandardCategory::ALL.len();
/// How many regions may have rules of their own.
pub(super) const MOST_REGIONS: usize = 1_024;
/// How many days a choice may stand.
pub(super) const MOST_DAYS: u16 = 400;
/// How long the labels of a domain name may be (RFC 1035 section 2.3.4).
const LONGEST_LABEL: usize = 63;
/// What `SameSite` of the consent cookie may be.
pub(super) const SAME_SITE: [&str; 3] = ["Lax", "Strict", "None"];

/// Whether every value of a document has its form, as the reader of files demands it.
pub(super) fn is_well_formed(document: &PolicyDocument) -> bool {
    let refuses = |names: &[String]| all(names, CategoryId::LIMIT, is_identifier);
    let categories = document.categories.as_slice();
    document.revision > 0
        && document.ask_again_since != Some(0)
        && document.schema.as_deref().is_none_or(is_text)
        && all(&document.hosts, MOST_HOSTS, is_domain)
        && are_origins(&document.shared_with)
        && categories.len() <= MOST_CATEGORIES
        && categories.iter().all(|own| {
            let like = own.like.as_deref();
            is_identifier(&own.id)
                && own.title.as_deref().is_none_or(is_text)
                && like.is_none_or(|like| StandardCategory::from_name(like).is_some())
        })
        && document.services.len() <= MOST
        && document.services.iter().all(is_service)
        && document
            .signals
            .gpc
            .as_ref()
            .is_none_or(|gpc| refuses(&gpc.refuses))
        && match &document.signals.dnt {
            Some(DntDocument::Refuses(dnt)) => refuses(&dnt.refuses),
            Some(DntDocument::Ignored(_)) | None => true,
        }
        && are_regimes(&document.regimes)
        && is_consent_cookie(&document.consent_cookie)
        && are_bridges(document.bridges.as_ref())
        && are_records(document)
}

fn all(texts: &[String], most: usize, fits: impl Fn(&str) -> bool) -> bool {
    texts.len() <= most && texts.iter().all(|text| fits(text))
}

fn is_service(service: &ServiceDocument) -> bool {
    let texts = [&service.name, &service.vendor, &service.purpose];
    let addresses = [
        &service.scripts,
        &service.frames,
        &service.images,
        &service.requests,
    ];
    is_identifier(&service.id)
        && is_identifier(&service.category)
        && texts.into_iter().flatten().all(|text| is_text(text))
        && service.cookies.len() <= MOST
        && service.cookies.iter().all(is_cookie)
        && all(&service.storage, MOST, is_storage_key)
        && addresses
            .into_iter()
            .all(|urls| all(urls, MOST, |url| UrlPattern::read(url).is_ok()))
}

fn is_cookie(cookie: &CookieDocument) -> bool {
    is_name_pattern(&cookie.name)
        && all(&cookie.domains, MOST_DOMAINS, is_domain)
        && all(&cookie.paths, MOST_PATHS, is_path)
        && cookie.lifetime.as_deref().is_none_or(is_lifetime)
        && cookie.purpose.as_deref().is_none_or(is_text)
}

fn are_regimes(regimes: &RegimesDocument) -> bool {
    let is_regime = |name: &String| Regime::from_name(name).is_some();
    let are_rules = |rules: &RegionRulesDocument| {
        let named = [&rules.functional, &rules.analytics, &rules.marketing];
        let days = rules.choice_lifetime_days;
        named.into_iter().flatten().all(is_regime)
            && days.is_none_or(|days| (1..=MOST_DAYS).contains(&days))
    };
    let regions = regimes.regions.as_slice();
    regimes.everywhere.as_ref().is_none_or(is_regime)
        && regimes.unknown.as_deref().is_none_or(is_region)
        && regions.len() <= MOST_REGIONS
        && regions.iter().enumerate().all(|(at, (code, rules))| {
            let mut before = regions.iter().take(at);
            is_region(code) && are_rules(rules) && before.all(|(other, _)| other != code)
        })
}

fn is_consent_cookie(cookie: &ConsentCookieDocument) -> bool {
    let same_site = cookie.same_site.as_deref();
    cookie.name.as_deref().is_none_or(is_consent_cookie_name)
        && cookie.domain.as_deref().is_none_or(is_domain)
        && cookie.path.as_deref().is_none_or(is_path)
        && same_site.is_none_or(|same_site| SAME_SITE.contains(&same_site))
}

/// A text for people that is not blank.
pub(super) fn is_text(text: &str) -> bool {
    let blank = |byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
    !text.bytes().all(blank)
}

/// Whether a text can be the name of a category or service.
pub(super) fn is_identifier(text: &str) -> bool {
    is_word(text.as_bytes())
}

/// `[a-z][a-z0-9_-]{0,31}`.
pub(crate) fn is_word(text: &[u8]) -> bool {
    text.len() <= 32
        && text.first().is_some_and(u8::is_ascii_lowercase)
        && text
            .iter()
            .all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_'))
}

/// A pattern over cookie names, which holds nothing that ECMAScript takes for white space either.
pub(super) fn is_name_pattern(text: &str) -> bool {
    is_short(text)
        && find(text.as_bytes(), "\u{feff}".as_bytes()).is_none()
        && NamePattern::read(text).is_ok()
}

/// A pattern over storage keys.
pub(super) fn is_storage_key(text: &str) -> bool {
    is_short(text) && NamePattern::read_storage_key(text).is_ok()
}

/// Whether a name is within [`NamePattern::MAX_LEN`] bytes however it is encoded: a schema counts
/// characters, of which one has up to four bytes.
fn is_short(text: &str) -> bool {
    // Every character has one byte that does not continue another.
    let characters = text.bytes().filter(|byte| byte & 0xc0 != 0x80).count();
    characters == text.len() || characters <= NamePattern::MAX_LEN / 4
}

/// A domain in ASCII, without a dot at its ends.
pub(super) fn is_domain(text: &str) -> bool {
    is_domain_of(text.as_bytes(), LONGEST_LABEL)
}

#[cfg(feature = "file")]
fn are_origins(texts: &[String]) -> bool {
    all(texts, MOST_ORIGINS, is_origin)
}

/// What makes no use of them refuses a policy that has some.
#[cfg(not(feature = "file"))]
fn are_origins(texts: &[String]) -> bool {
    texts.is_empty()
}

/// Whether a text is an origin as browsers write it, but for a default port. Without TLS only this
/// machine, for development, and only under names that a Content Security Policy can hold too.
#[cfg(feature = "file")]
pub(super) fn is_origin(text: &str) -> bool {
    let text = text.as_bytes();
    let (rest, is_host): (_, fn(&[u8]) -> bool) = match text.strip_prefix(b"https://") {
        Some(rest) => (rest, is_lower_domain),
        None => match text.strip_prefix(b"http://") {
            Some(rest) => (rest, is_loopback_name),
            None => return false,
        },
    };
    let mut parts = rest.splitn(2, |b| *b == b':');
    let host = parts.next().unwrap_or_default();
    let port = parts.next();
    is_host(host)
        && port.is_none_or(|port| !port.starts_with(b"0") && crate::decimal::port(port).is_some())
}

#[cfg(feature = "file")]
fn is_lower_domain(host: &[u8]) -> bool {
    is_domain_of(host, LONGEST_LABEL) && !host.iter().any(u8::is_ascii_uppercase)
}

#[cfg(feature = "file")]
fn is_loopback_name(host: &[u8]) -> bool {
    let under = host.strip_suffix(b".localhost");
    matches!(host, b"localhost" | b"127.0.0.1") || under.is_some_and(is_lower_domain)
}

#[cfg(feature = "file")]
fn are_bridges(bridges: Option<&BridgesDocument>) -> bool {
    bridges.is_none_or(bridges::are_well_formed)
}

/// As for [`are_origins`]: the page's script, not its engine, acts on them.
#[cfg(not(feature = "file"))]
fn are_bridges(bridges: Option<&BridgesDocument>) -> bool {
    bridges.is_none()
}

#[cfg(feature = "file")]
fn are_records(document: &PolicyDocument) -> bool {
    controller::are_well_formed(document)
}

/// A document has no such parts here.
#[cfg(not(feature = "file"))]
const fn are_records(_document: &PolicyDocument) -> bool {
    true
}

/// A path of visible ASCII that a cookie can have.
pub(super) fn is_path(text: &str) -> bool {
    text.as_bytes().first() == Some(&b'/')
        && text.len() <= 1024
        && text.bytes().all(|b| b.is_ascii_graphic() && b != b';')
}

/// `session`, or a number with a unit.
#[cfg(feature = "file")]
pub(super) fn is_lifetime(text: &str) -> bool {
    text.len() <= 12 && text.parse::<crate::Lifetime>().is_ok()
}

/// As for [`are_origins`].
#[cfg(not(feature = "file"))]
fn is_lifetime(_text: &str) -> bool {
    false
}

/// The name of a consent cookie.
pub(super) fn is_consent_cookie_name(text: &str) -> bool {
    let in_a_name = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
    (1..=64).contains(&text.len()) && text.bytes().all(in_a_name)
}

/// A region in capitals.
pub(super) fn is_region(text: &str) -> bool {
    Region::of_text(text.as_bytes()).is_some_and(|region| region.code() == text)
}
