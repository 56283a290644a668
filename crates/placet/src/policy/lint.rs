//! What a readable policy probably does not mean. Each finding has a stable code.

use crate::category::StandardCategory;
use crate::lifetime::Lifetime;

use super::Policy;
use super::compile::{Problem, steps};
use super::declaration::{DeclaredCookie, Service};
use super::document::PolicyDocument;

/// Every finding, service by service.
pub(super) fn lint(document: &PolicyDocument, policy: &Policy) -> Vec<Problem> {
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
    overlaps(policy, &mut found);
    loosened(document, policy, &mut found);
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

/// Pairs of patterns of two categories that some name matches both. A wildcard that only an exact
/// name or a narrower pattern stands out from is how exceptions are written, and is no finding.
fn overlaps(policy: &Policy, found: &mut Vec<Problem>) {
    let declared: Vec<_> = policy
        .services()
        .iter()
        .enumerate()
        .flat_map(|(at, service)| {
            let cookies = service.cookies.iter().enumerate();
            cookies.map(move |(cookie_at, cookie)| (at, service, cookie_at, cookie))
        })
        .collect();
    for (index, (service_at, service, cookie_at, cookie)) in declared.iter().enumerate() {
        for (_, other_service, _, other) in declared.iter().take(index) {
            if service.category == other_service.category
                || !cookie.name.overlaps(&other.name)
                || domains_apart(cookie, other)
            {
                continue;
            }
            let exception = cookie.name != other.name
                && (cookie.name.covers(&other.name) || other.name.covers(&cookie.name));
            if exception {
                continue;
            }
            found.push(Problem {
                path: steps!["services", *service_at, "cookies", *cookie_at, "name"],
                code: "overlapping-patterns",
                message: format!(
                    "`{}` ({}) and `{}` of the service `{}` ({}) match the same names; the stricter category would win",
                    cookie.name,
                    policy.category_name(service.category),
                    other.name,
                    other_service.id,
                    policy.category_name(other_service.category),
                ),
            });
        }
    }
}

/// Whether no host can be sent both cookies.
fn domains_apart(one: &DeclaredCookie, other: &DeclaredCookie) -> bool {
    use crate::web_address::domain_matches;
    let related = |a: &String, b: &String| {
        domain_matches(a.as_bytes(), b.as_bytes()) || domain_matches(b.as_bytes(), a.as_bytes())
    };
    !one.domains.is_empty()
        && !other.domains.is_empty()
        && !one
            .domains
            .iter()
            .any(|a| other.domains.iter().any(|b| related(a, b)))
}

/// Where the policy says less than the careful reading of the signals.
fn loosened(document: &PolicyDocument, policy: &Policy, found: &mut Vec<Problem>) {
    let marketing_like = policy
        .optional_categories()
        .filter(|category| category.like() == StandardCategory::Marketing);
    for category in marketing_like {
        if !policy.gpc_refuses().contains(category.id()) {
            let path = match document.signals.gpc {
                Some(_) => steps!["signals", "gpc", "refuses"],
                None => steps!["categories"],
            };
            found.push(Problem {
                path,
                code: "gpc-loosened",
                message: format!(
                    "`Sec-GPC: 1` does not refuse `{}`; in twelve states of the US the law says it must refuse sale, sharing and targeted advertising",
                    category.name()
                ),
            });
        }
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
