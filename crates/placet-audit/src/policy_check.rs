//! The check of a policy file: what the engine's own lint says, and what only the catalogue knows.

use placet::{Diagnostic, Lifetime, PolicyFile, Service};
use placet_catalog::Catalog;

use crate::knowledge::Known;

/// What a policy file probably does not mean, in the order of the file: everything that
/// [`PolicyFile::lint`] says, and where the catalogue knows better:
///
/// * `necessary-tracker`: a service or cookie declared as needing no consent is known to measure or
///   to advertise;
/// * `category-differs`: a cookie is known in another category that asks for more;
/// * `lifetime-too-short`: a cookie is known to live more than twice as long as declared.
///
/// ```
/// use placet::PolicyFile;
/// use placet_audit::check_policy;
/// use placet_catalog::Catalog;
///
/// let file = PolicyFile::read(
///     "placet.json",
///     r#"{ "revision": 1, "services": [
///         { "id": "counter", "category": "necessary", "purpose": "Counts.", "cookies": [{ "name": "_ga" }] }
///     ] }"#,
/// )?;
/// let found = check_policy(&file, Catalog::builtin());
/// assert_eq!(found[0].code, "necessary-tracker");
/// # Ok::<(), placet::PolicyError>(())
/// ```
pub fn check_policy(file: &PolicyFile<'_>, catalog: &Catalog) -> Vec<Diagnostic> {
    let policy = file.policy();
    let mut found = file.lint();
    for (at, service) in policy.services().iter().enumerate() {
        let mut categories = policy.categories().iter();
        let is_required = categories.any(|c| c.id() == service.category && c.is_required());
        if let Some(tracker) = known_tracker(catalog, service).filter(|_| is_required) {
            let message = format!(
                "`{}` is declared as needing no consent, but the catalogue knows {} as {}",
                service.id, tracker.name, tracker.category,
            );
            found.push(file.warning(at, None, "necessary-tracker", message));
        }
        for (cookie_at, cookie) in service.cookies.iter().enumerate() {
            let Some(known) = Known::of(catalog, cookie) else {
                continue;
            };
            let mut warn = |code, message| {
                found.push(file.warning(at, Some(cookie_at), code, message));
            };
            let name = &cookie.name;
            let known_as = format!("{} ({})", known.category, known.service.name);
            if is_required && known.is_tracker() {
                warn(
                    "necessary-tracker",
                    format!(
                        "`{name}` is declared as needing no consent, but the catalogue knows it as {known_as}"
                    ),
                );
            } else if known.differs(policy, service.category) > Some(crate::Level::Note) {
                let declared = policy.category_name(service.category);
                warn(
                    "category-differs",
                    format!(
                        "`{name}` is declared as {declared}, but the catalogue knows it as {known_as}, which asks for more"
                    ),
                );
            }
            if let (Some(declared), Some(usual)) = (cookie.lifetime, known.lifetime)
                && is_far_shorter(declared, usual)
            {
                warn(
                    "lifetime-too-short",
                    format!(
                        "`{name}` is declared to live for {declared}, but {} is known to keep it for {usual}",
                        known.service.name
                    ),
                );
            }
        }
    }
    found.sort_by_key(|d| (d.line, d.column));
    found
}

/// The tracker of the catalogue that a service is, by its id or by where its scripts come from.
fn known_tracker<'c>(
    catalog: &'c Catalog,
    service: &Service,
) -> Option<&'c placet_catalog::Service> {
    let is_tracker =
        |known: &&placet_catalog::Service| matches!(&*known.category, "analytics" | "marketing");
    let by_id = catalog.service(&service.id).filter(is_tracker);
    let sources = [
        &service.scripts,
        &service.frames,
        &service.images,
        &service.requests,
    ];
    let hosts = sources.into_iter().flatten().filter_map(|pattern| {
        let (_, rest) = pattern.as_str().split_once("://")?;
        let host = rest.split(['/', ':']).next()?;
        Some(host.strip_prefix("*.").unwrap_or(host).to_owned())
    });
    by_id.or_else(|| {
        hosts
            .filter_map(|host| Some(catalog.lookup_host(&host)?.service))
            .find(is_tracker)
    })
}

fn is_far_shorter(declared: Lifetime, usual: Lifetime) -> bool {
    match (declared, usual.min(Lifetime::LONGEST_STORED)) {
        (_, Lifetime::Session) => false,
        (Lifetime::Session, Lifetime::Seconds(_)) => true,
        (Lifetime::Seconds(declared), Lifetime::Seconds(usual)) => declared < usual / 2,
    }
}
