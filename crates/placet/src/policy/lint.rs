//! What a readable policy probably does not mean. Each finding has a stable code.

use std::fmt;

use crate::category::StandardCategory;
use crate::lifetime::Lifetime;
use crate::name_pattern::NamePattern;
use crate::web_address::domain_matches;

use super::Policy;
use super::declaration::{DeclaredCookie, Service};
use super::document::Undeclared;
use super::problem::{Problem, Step, steps};

/// Every finding, service by service.
pub(super) fn lint(policy: &Policy) -> Vec<Problem> {
    let mut found = Vec::new();
    for (service_at, service) in policy.services().iter().enumerate() {
        if service.purpose.is_none() {
            found.push(Problem {
                path: steps!["services", service_at],
                code: "no-purpose",
                message: format!(
                    "the service `{}` has no `purpose`; visitors are told what they agree to",
                    service.id
                ),
            });
        }
        for (cookie_at, cookie) in service.cookies.iter().enumerate() {
            for (code, message) in cookie_findings(policy, service, cookie) {
                found.push(Problem {
                    path: steps!["services", service_at, "cookies", cookie_at, "name"],
                    code,
                    message,
                });
            }
            if let Some(lifetime) = cookie.lifetime.filter(|l| *l > Lifetime::LONGEST_STORED) {
                found.push(Problem {
                    path: steps!["services", service_at, "cookies", cookie_at, "lifetime"],
                    code: "lifetime-over-400-days",
                    message: format!(
                        "found {lifetime}; browsers keep a cookie for 400 days at the most (RFC 6265bis section 5.5)"
                    ),
                });
            }
        }
    }
    for (service_at, service) in policy.services().iter().enumerate() {
        swallowing_patterns(service_at, service, &mut found);
    }
    overlaps(policy, &cookie_names(policy), &mut found);
    overlaps(policy, &storage_keys(policy), &mut found);
    loosened(policy, &mut found);
    found
}

fn cookie_findings(
    policy: &Policy,
    service: &Service,
    cookie: &DeclaredCookie,
) -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    let name = &cookie.name;
    let literals = name.as_str().bytes().filter(|b| *b != b'*').count();
    if literals == 0 {
        found.push((
            "swallows-everything",
            format!("the pattern `{name}` matches every cookie, so nothing is undeclared any more"),
        ));
    } else if !name.is_exact() && literals < 3 {
        found.push((
            "broad-pattern",
            format!("the pattern `{name}` has {literals} fixed characters and matches many other cookies"),
        ));
    }
    let consent_cookie = &policy.consent_cookie().name;
    if !name.is_exact() && name.matches(consent_cookie.as_bytes()) {
        found.push((
            "matches-consent-cookie",
            format!(
                "the pattern `{name}` of `{}` matches the consent cookie `{consent_cookie}` too",
                service.id
            ),
        ));
    }
    if name.is_exact()
        && name.as_str() == consent_cookie
        && !policy
            .categories()
            .iter()
            .any(|c| c.id() == service.category && c.is_required())
    {
        found.push((
            "matches-consent-cookie",
            format!(
                "`{name}` is the consent cookie, which is necessary; `{}` is not",
                service.id
            ),
        ));
    }
    found
}

/// Storage keys and addresses of which nothing is undeclared any more.
fn swallowing_patterns(service_at: usize, service: &Service, found: &mut Vec<Problem>) {
    let mut swallows = |list: &str, at: usize, pattern: &dyn fmt::Display, what: &str| {
        found.push(Problem {
            path: steps!["services", service_at, list, at],
            code: "swallows-everything",
            message: format!(
                "the pattern `{pattern}` of `{}` matches every {what}",
                service.id
            ),
        });
    };
    for (at, key) in service.storage.iter().enumerate() {
        if key.as_str() == "*" {
            swallows("storage", at, key, "storage key");
        }
    }
    for (list, patterns) in [
        ("scripts", &service.scripts),
        ("frames", &service.frames),
        ("images", &service.images),
        ("requests", &service.requests),
    ] {
        for (at, pattern) in patterns.iter().enumerate() {
            if pattern.takes_every_host() {
                swallows(list, at, pattern, "host, the site's own too");
            }
        }
    }
}

/// One name that a service declares, and where.
struct DeclaredName<'p> {
    path: Vec<Step>,
    service: &'p Service,
    name: &'p NamePattern,
    /// None for one that belongs to no domain.
    domains: &'p [String],
}

fn cookie_names(policy: &Policy) -> Vec<DeclaredName<'_>> {
    let services = policy.services().iter().enumerate();
    let names = services.flat_map(|(service_at, service)| {
        let cookies = service.cookies.iter().enumerate();
        cookies.map(move |(at, cookie)| DeclaredName {
            path: steps!["services", service_at, "cookies", at, "name"],
            service,
            name: &cookie.name,
            domains: &cookie.domains,
        })
    });
    names.collect()
}

fn storage_keys(policy: &Policy) -> Vec<DeclaredName<'_>> {
    let services = policy.services().iter().enumerate();
    let names = services.flat_map(|(service_at, service)| {
        let keys = service.storage.iter().enumerate();
        keys.map(move |(at, name)| DeclaredName {
            path: steps!["services", service_at, "storage", at],
            service,
            name,
            domains: &[],
        })
    });
    names.collect()
}

/// Patterns that share names with an earlier one of another category. A wildcard that only an exact
/// name or a narrower pattern stands out from is how exceptions are written, and is no finding.
fn overlaps(policy: &Policy, declared: &[DeclaredName<'_>], found: &mut Vec<Problem>) {
    for (index, one) in declared.iter().enumerate() {
        let mut others = declared
            .iter()
            .take(index)
            .filter(|other| one.collides_with(other));
        let Some(other) = others.next() else {
            continue;
        };
        let more = match others.count() {
            0 => String::new(),
            more => format!(" (and {more} more)"),
        };
        found.push(Problem {
            path: one.path.clone(),
            code: "overlapping-patterns",
            message: format!(
                "`{}` ({}) and `{}` of the service `{}` ({}){more} match the same names; the stricter category would win",
                one.name,
                policy.category_name(one.service.category),
                other.name,
                other.service.id,
                policy.category_name(other.service.category),
            ),
        });
    }
}

impl DeclaredName<'_> {
    fn collides_with(&self, other: &Self) -> bool {
        self.service.category != other.service.category
            && self.name.overlaps(other.name)
            && !self.is_exception_of_or_from(other)
            && !self.domains_apart(other)
    }

    fn is_exception_of_or_from(&self, other: &Self) -> bool {
        self.name != other.name && (self.name.covers(other.name) || other.name.covers(self.name))
    }

    /// Whether no host can be sent both.
    fn domains_apart(&self, other: &Self) -> bool {
        let related = |a: &String, b: &String| {
            domain_matches(a.as_bytes(), b.as_bytes()) || domain_matches(b.as_bytes(), a.as_bytes())
        };
        !self.domains.is_empty()
            && !other.domains.is_empty()
            && !self
                .domains
                .iter()
                .any(|a| other.domains.iter().any(|b| related(a, b)))
    }
}

/// Where the policy says less than the careful reading of the signals.
fn loosened(policy: &Policy, found: &mut Vec<Problem>) {
    let marketing_like = policy
        .optional_categories()
        .filter(|category| category.like() == StandardCategory::Marketing);
    for category in marketing_like {
        if !policy.gpc_refuses().contains(category.id()) {
            found.push(Problem {
                path: steps!["signals", "gpc", "refuses"],
                code: "gpc-loosened",
                message: format!(
                    "`Sec-GPC: 1` does not refuse `{}`; in twelve states of the US the law says it must refuse sale, sharing and targeted advertising",
                    category.name()
                ),
            });
        }
    }
    if policy.undeclared() == Undeclared::Allow {
        found.push(Problem {
            path: steps!["undeclared"],
            code: "undeclared-allowed",
            message: "cookies that no service declares pass without anybody's consent".to_owned(),
        });
    }
    if policy.dnt_refuses().is_none() {
        found.push(Problem {
            path: steps!["signals", "dnt"],
            code: "dnt-ignored",
            message: "the site does not respond to Do Not Track; its declaration must say so"
                .to_owned(),
        });
    }
}
