//! The draft of a policy from what was seen: what the catalogue knows is filled in, and what nobody
//! knows is marked so that no reader of the file can miss it.

mod visits;

use std::collections::{BTreeMap, BTreeSet};

use placet::{
    CategoryDocument, CookieDocument, Lifetime, NamePattern, NamePatternError, PolicyDocument,
    ServiceDocument, StandardCategory,
};
use placet_catalog::{Answer, Service};

use crate::evidence::{Cookie, Evidence};
use crate::survey::{Party, site};

/// The most that a policy takes of cookies in all, and of entries in any list.
const MOST: usize = 4_096;

/// The longest id of a service, in bytes.
const LONGEST_ID: usize = 32;

/// A drafted policy, and what a person still has to decide.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The policy. It reads back without errors and denies what is not decided.
    pub policy: PolicyDocument,
    /// The names in it that nobody knows, each with its site, as `name (shop.example)`.
    pub to_decide: Vec<String>,
    /// What it does not declare, so that it stays denied.
    pub left_out: Vec<LeftOut>,
    /// Other sites that were called and that nobody knows, each with how it was called, as
    /// `cdn.example (Script)`. What no service declares as an address passes.
    pub unknown_hosts: Vec<String>,
}

/// Cookies that a draft does not declare, for one reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// The reason, as the end of a sentence: `its name is not UTF-8`.
    pub why: &'static str,
    /// The names, each with its site, as `name (shop.example)`.
    pub cookies: Vec<String>,
}

/// Drafts a policy that declares what was seen.
///
/// * Known cookies stand under their services, with the catalogue's names for dynamic ones, its
///   categories, purposes and addresses, and the longer of its lifetime and the one seen.
/// * Unknown cookies stand under a service `to-decide-SITE` of the category `marketing`, so that
///   they wait for consent until somebody says what they are for.
/// * The site's own hosts are those that were seen setting first-party cookies.
/// * What no policy can declare is left out, and of more cookies than a policy takes, those that
///   nobody knows first.
pub fn draft_policy(evidence: &Evidence<'_>) -> Draft {
    // What is to be decided stands first, where nobody misses it.
    let mut services: BTreeMap<(bool, String, String), ServiceDocument> = BTreeMap::new();
    let mut hosts = BTreeSet::new();
    let mut categories = BTreeSet::new();
    let mut to_decide = BTreeSet::new();
    let mut left_out: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    let shared = shared_patterns(evidence);
    let mut named = 0;
    let (known, unknown): (Vec<_>, Vec<_>) = evidence
        .at_issue()
        .partition(|cookie| cookie.known_by_name().is_some());
    for cookie in known.into_iter().chain(unknown) {
        let whose = text(&site(&cookie.seen.key.host));
        if cookie.seen.key.party == Party::First
            && let Some(host) = whose.as_ref().filter(|host| is_domain(host))
        {
            hosts.insert(host.clone());
        }
        let known = cookie.known_by_name();
        let fact = known.and_then(|answer| answer.cookie);
        let name = match fact {
            Some(fact) => declarable(fact.name.pattern().as_str().to_owned()),
            None => own_name(cookie, &shared),
        };
        let shown = || {
            let of_site = whose.as_deref().unwrap_or("unknown host");
            format!("{} ({of_site})", cookie.seen.name())
        };
        let name = match name {
            Ok(name) => name,
            Err(why) => {
                left_out.entry(why).or_default().insert(shown());
                continue;
            }
        };
        let service = match known {
            Some(answer) => {
                let category = answer.category();
                if StandardCategory::from_name(category).is_none() {
                    categories.insert(category.to_owned());
                }
                let id = service_id(answer.service, category);
                let key = (true, id.clone(), category.to_owned());
                services
                    .entry(key)
                    .or_insert_with(|| known_service(id, answer))
            }
            None => {
                let id = undecided_id(whose.as_deref());
                let key = (false, id.clone(), whose.clone().unwrap_or_default());
                services
                    .entry(key)
                    .or_insert_with(|| undecided_service(id, whose.as_deref()))
            }
        };
        let drafted = cookie_document(cookie, known, name);
        let mut same = service.cookies.iter_mut();
        match same.find(|c| c.name == drafted.name) {
            Some(same) => merge(same, drafted),
            None if named == MOST => {
                left_out.entry(TOO_MANY).or_default().insert(shown());
                continue;
            }
            None => {
                named += 1;
                service.cookies.push(drafted);
            }
        }
        if fact.is_none() {
            to_decide.insert(shown());
        }
    }
    services.retain(|_, service| !service.cookies.is_empty());
    let policy = PolicyDocument {
        revision: 1,
        hosts: hosts.into_iter().take(MOST).collect(),
        categories: categories.into_iter().map(own_category).collect(),
        services: with_ids_of_their_own(services.into_values().collect()),
        ..PolicyDocument::default()
    };
    Draft {
        policy,
        to_decide: to_decide.into_iter().collect(),
        left_out: left_out
            .into_iter()
            .map(|(why, cookies)| LeftOut {
                why,
                cookies: cookies.into_iter().collect(),
            })
            .collect(),
        unknown_hosts: Vec::new(),
    }
}

/// Long ids are cut, so two may have become one.
fn with_ids_of_their_own(mut services: Vec<ServiceDocument>) -> Vec<ServiceDocument> {
    let mut taken = BTreeSet::new();
    for service in &mut services {
        let whole = service.id.clone();
        let mut number = 1;
        while !taken.insert(service.id.clone()) {
            number += 1;
            let mark = format!("-{number}");
            let kept = whole.get(..LONGEST_ID - mark.len());
            service.id = format!("{}{mark}", kept.unwrap_or(&whole));
        }
    }
    services
}

/// A category of a user's catalogue, held to the strictest rules until the policy says otherwise.
fn own_category(id: String) -> CategoryDocument {
    CategoryDocument {
        id,
        title: None,
        like: Some(StandardCategory::Marketing.name().to_owned()),
    }
}

/// A service may have cookies of several categories; a policy makes a service of each.
fn service_id(service: &Service, category: &str) -> String {
    if *service.category == *category {
        identifier(&service.id)
    } else {
        identifier(&format!("{}-{category}", service.id))
    }
}

fn known_service(id: String, answer: &Answer<'_>) -> ServiceDocument {
    let service = answer.service;
    let category = answer.category();
    let mut document = ServiceDocument {
        id,
        name: Some(service.name.to_string()),
        vendor: Some(service.vendor.to_string()),
        category: category.to_owned(),
        purpose: Some(purpose(category).to_owned()),
        ..ServiceDocument::default()
    };
    // What the service loads is for what the service is for, not for its exceptions.
    if *service.category == *category {
        let texts = |list: &[Box<str>]| list.iter().map(ToString::to_string).collect();
        document.storage = service.storage.iter().map(ToString::to_string).collect();
        document.scripts = texts(&service.scripts);
        document.frames = texts(&service.frames);
        document.images = texts(&service.images);
        document.requests = texts(&service.requests);
    }
    document
}

fn purpose(category: &str) -> &'static str {
    match StandardCategory::from_name(category) {
        Some(StandardCategory::Necessary) => "The site does not work without it.",
        Some(StandardCategory::Functional) => "Remembers what the visitor prefers.",
        Some(StandardCategory::Analytics) => "Measures how the site is used.",
        Some(StandardCategory::Marketing) => "Advertises, and follows visitors across sites.",
        None => "To be decided: say what this category is for.",
    }
}

fn undecided_id(site: Option<&str>) -> String {
    identifier(&format!("to-decide-{}", site.unwrap_or("unknown-host")))
}

fn undecided_service(id: String, site: Option<&str>) -> ServiceDocument {
    ServiceDocument {
        id,
        name: Some(format!(
            "To be decided: {}",
            site.unwrap_or("cookies of an unknown host")
        )),
        category: StandardCategory::Marketing.name().to_owned(),
        purpose: Some(
            "To be decided: find out who sets these cookies and what for, and give them their \
             true category. Until then they wait for consent to marketing."
                .to_owned(),
        ),
        ..ServiceDocument::default()
    }
}

fn cookie_document(
    cookie: &Cookie<'_>,
    known: Option<&Answer<'_>>,
    name: String,
) -> CookieDocument {
    let attributes = cookie.attributes();
    let domain = attributes
        .filter(|a| !a.host_only)
        .and_then(|a| text(a.domain.as_deref()?))
        .filter(|domain| is_domain(domain));
    let path = attributes
        .and_then(|a| text(&a.path))
        .filter(|path| path != "/" && is_path(path));
    let usual = known.and_then(Answer::lifetime);
    CookieDocument {
        name,
        domains: domain.into_iter().collect(),
        paths: path.into_iter().collect(),
        lifetime: usual
            .max(cookie.lifetime().map(rounded_up))
            .map(|lifetime| lifetime.min(Lifetime::LONGEST_STORED).to_string()),
        purpose: match known {
            Some(answer) => answer.purpose().map(str::to_owned),
            None => Some("To be decided.".to_owned()),
        },
        http_only: attributes.is_some_and(|a| a.http_only),
        partitioned: attributes.is_some_and(|a| a.partitioned),
    }
}

/// Adds what another sighting of the same declared cookie shows.
fn merge(known: &mut CookieDocument, more: CookieDocument) {
    // Without a domain it is host-only, and without a path it is at `/`: both stay possible.
    for (list, more) in [
        (&mut known.domains, more.domains),
        (&mut known.paths, more.paths),
    ] {
        for item in more {
            if list.len() < MOST && !list.contains(&item) {
                list.push(item);
            }
        }
    }
    let parsed = |text: &Option<String>| text.as_ref()?.parse::<Lifetime>().ok();
    if parsed(&more.lifetime) > parsed(&known.lifetime) {
        known.lifetime = more.lifetime;
    }
    known.http_only &= more.http_only;
    known.partitioned |= more.partitioned;
}

/// Lifetimes from `Expires` are a second off; people declare minutes, hours and days.
fn rounded_up(lifetime: Lifetime) -> Lifetime {
    let Lifetime::Seconds(seconds) = lifetime else {
        return lifetime;
    };
    let unit = match seconds {
        172_800.. => 86_400,
        7_200.. => 3_600,
        120.. => 60,
        _ => 1,
    };
    Lifetime::Seconds(seconds.div_ceil(unit).saturating_mul(unit))
}

/// Why the last cookies of too many are left out.
const TOO_MANY: &str = "a policy declares at most 4096 cookies";

/// The pattern of an unknown name if another name shares it, else the name itself; or why no policy
/// can declare it.
fn own_name(cookie: &Cookie<'_>, shared: &BTreeMap<String, usize>) -> Result<String, &'static str> {
    let name = &cookie.seen.key.name;
    let name = std::str::from_utf8(name).map_err(|_| "its name is not UTF-8")?;
    if name.contains('*') {
        return Err("a policy takes `*` for any run of characters");
    }
    let pattern = pattern_of(name);
    let shares = shared.get(&pattern).is_some_and(|names| *names > 1);
    declarable(if shares { pattern } else { name.to_owned() })
}

/// A name that a policy takes, or why it takes none such.
fn declarable(name: String) -> Result<String, &'static str> {
    // The schema of a policy counts characters, of which one has up to four bytes.
    let is_short = name.is_ascii() || name.chars().count() <= NamePattern::MAX_LEN / 4;
    match NamePattern::parse(&name) {
        Ok(_) if is_short && !name.contains('\u{feff}') => Ok(name),
        Err(NamePatternError::Empty) => Err("it has no name"),
        Ok(_) if !is_short => Err(TOO_LONG),
        Err(NamePatternError::TooLong { .. }) => Err(TOO_LONG),
        _ => Err("its name holds a character that no policy takes, such as a space"),
    }
}

/// Why a long name is left out.
const TOO_LONG: &str = "its name is longer than 256 characters, or than 64 that are not all ASCII";

/// How many distinct unknown names have each pattern.
fn shared_patterns(evidence: &Evidence<'_>) -> BTreeMap<String, usize> {
    let names: BTreeSet<_> = evidence
        .at_issue()
        .filter(|cookie| cookie.known_by_name().is_none())
        .filter_map(|cookie| text(&cookie.seen.key.name))
        .collect();
    let mut shared = BTreeMap::new();
    for name in names {
        *shared.entry(pattern_of(&name)).or_default() += 1;
    }
    shared
}

/// A name with each part that looks counted or random as a `*`, if enough of the name is left.
fn pattern_of(name: &str) -> String {
    const FEWEST_LEFT: usize = 3;
    let is_random = |part: &str| {
        let digits = part.bytes().filter(u8::is_ascii_digit).count();
        let hex = part.bytes().all(|b| b.is_ascii_hexdigit());
        digits > 0 && (digits == part.len() || (hex && part.len() >= 8) || digits >= 4)
    };
    let mut pattern = String::with_capacity(name.len());
    let mut rest = name;
    while !rest.is_empty() {
        let end = rest
            .find(|c: char| !c.is_ascii_alphanumeric())
            .unwrap_or(rest.len());
        let (part, after) = rest.split_at(end);
        if !is_random(part) {
            pattern.push_str(part);
        } else if !pattern.ends_with('*') {
            pattern.push('*');
        }
        let mut separators = after.chars();
        pattern.extend(separators.next());
        rest = separators.as_str();
    }
    let left = pattern.bytes().filter(|b| *b != b'*').count();
    if left < FEWEST_LEFT {
        name.to_owned()
    } else {
        pattern
    }
}

/// A text as an id of a policy: a small letter, then at most 31 of `a-z 0-9 - _`.
fn identifier(text: &str) -> String {
    let id: String = text
        .bytes()
        .map(|b| match b {
            b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' => char::from(b),
            b'A'..=b'Z' => char::from(b.to_ascii_lowercase()),
            _ => '-',
        })
        .skip_while(|c| !c.is_ascii_lowercase())
        .take(LONGEST_ID)
        .collect();
    if id.is_empty() {
        "service".to_owned()
    } else {
        id
    }
}

fn is_domain(text: &str) -> bool {
    text.split('.').all(|label| {
        let fits = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
        (1..=63).contains(&label.len()) && label.bytes().all(fits)
    })
}

fn is_path(text: &str) -> bool {
    let fits = |b: u8| b.is_ascii_graphic() && b != b';';
    text.starts_with('/') && text.len() <= 1_024 && text.bytes().all(fits)
}

/// Bytes as text, where they are some.
fn text(bytes: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(bytes).ok()?;
    (!text.is_empty()).then(|| text.to_owned())
}
