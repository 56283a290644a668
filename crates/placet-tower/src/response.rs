//! What the visitor's browser gets to see: the `Set-Cookie` lines that may pass, the removal of
//! what was refused, and headers that keep caches from handing any of it to somebody else.

use http::header::{COOKIE, Entry, HeaderMap, SET_COOKIE, VARY};
use http::{Extensions, HeaderValue};
use placet::cookie_header::CookieLine;
use placet::set_cookie::{Expiry, OwnCookie, set_cookie_name};
use placet::{Action, Choice, Judge, Lifetime, Policy, Reason, Standing, Verdict};

use crate::caching;
use crate::essential::Essential;
use crate::host::Host;
use crate::observer::Direction;
use crate::report::{PLACET_REPORT, Report};
use crate::visit::Visit;

/// The bytes of lines that remove cookies after which no further cookie is begun, so that a response
/// fits into what proxies hold for its headers: nginx by default 4 KiB. What is left is removed by
/// the next response, for the browser sends it again.
const ENOUGH_TO_REMOVE: usize = 2048;
/// The most lines that remove one cookie.
const MOST_PLACES: usize = 64;
/// What a line costs besides its value: `Set-Cookie: ` and the line end.
const FIELD: usize = 14;

/// What the request was, as far as its response depends on it.
pub(crate) struct Request {
    /// Whether it may have carried cookies that are refused.
    pub(crate) may_carry_refused: bool,
    /// Whether its response is the place to remove refused cookies.
    pub(crate) removes: bool,
    pub(crate) host: Host,
}

/// Makes the response's headers what they may be.
pub(crate) fn settle(
    headers: &mut HeaderMap,
    extensions: &Extensions,
    visit: &Visit,
    request: Request,
    mut report: Report,
) {
    let enforces = visit.shared().enforces;
    let essential = extensions.get::<Essential>();
    let made = visit.close();
    // What is only reported is still as public as it was.
    let mut is_private = judge_set_cookies(headers, essential, visit, &mut report) && enforces;
    if let Some(choice) = made {
        set_consent_cookie(headers, choice, visit, &request.host);
        is_private = true;
    }
    if enforces && request.removes && (request.may_carry_refused || made.is_some()) {
        is_private |= remove_refused(headers, essential, visit, &request.host);
    }
    if let Some(value) = report.into_header() {
        headers.insert(PLACET_REPORT, value);
        is_private = true;
    }
    let names = visit.varies_by();
    // A shared cache that obeys `Vary: Cookie` has a copy for every visitor, and the key of some
    // holds nothing of `Vary`: one visitor's page would be shown to another.
    if is_private || names.contains(&COOKIE) {
        caching::keep_private(headers);
    }
    if enforces && headers.contains_key(VARY) && caching::varies_on(headers, &COOKIE) {
        caching::vary_on(headers, &visit.filters_by());
    }
    if !names.is_empty() {
        caching::vary_on(headers, &names);
    }
}

/// Takes out the `Set-Cookie` lines that may not pass, and says whether there were any lines.
fn judge_set_cookies(
    headers: &mut HeaderMap,
    essential: Option<&Essential>,
    visit: &Visit,
    report: &mut Report,
) -> bool {
    // An entry makes room for a header more, also where there is nothing to judge.
    if !headers.contains_key(SET_COOKIE) {
        return false;
    }
    let Entry::Occupied(lines) = headers.entry(SET_COOKIE) else {
        return false;
    };
    let standing = visit.standing_now();
    let judge = Judge::new(visit.policy(), &standing);
    let is_wanted = report.is_wanted();
    let mut passing = Vec::new();
    for (number, line) in lines.iter().enumerate() {
        let verdict = verdict(&judge, line.as_bytes(), essential, visit);
        if is_wanted {
            let name = set_cookie_name(line.as_bytes());
            report.tell(visit, Direction::Response, name, verdict);
        }
        let service = verdict.service.and_then(|id| visit.policy().service(id));
        if let Some(service) = service.filter(|_| visit.shared().enforces) {
            visit.depends_on(service.category);
        }
        if !verdict.is_kept() && passing.is_empty() {
            passing.resize(number, true);
        }
        if !passing.is_empty() || !verdict.is_kept() {
            passing.push(verdict.is_kept());
        }
    }
    if visit.shared().enforces && !passing.is_empty() {
        let (_, lines) = lines.remove_entry_mult();
        let left: Vec<HeaderValue> = lines
            .zip(passing)
            .filter_map(|(line, passes)| passes.then_some(line))
            .collect();
        for line in left {
            headers.append(SET_COOKIE, line);
        }
    }
    true
}

fn verdict(
    judge: &Judge<'_>,
    line: &[u8],
    essential: Option<&Essential>,
    visit: &Visit,
) -> Verdict {
    let verdict = judge.set_cookie_line(line, visit.now());
    if !verdict.is_kept() && essential.is_some_and(|marked| marked.names(set_cookie_name(line))) {
        Verdict {
            action: Action::Keep,
            reason: Reason::Essential,
            service: verdict.service,
        }
    } else {
        verdict
    }
}

/// Sets the consent cookie for as long as a choice stands where the visitor is, and removes one that
/// was left under another domain, since of two neither is read.
fn set_consent_cookie(headers: &mut HeaderMap, choice: Choice, visit: &Visit, host: &Host) {
    const DAY: u64 = 86_400;
    let policy = visit.policy();
    let declared = policy.consent_cookie();
    let days = policy.region_rules(visit.region()).choice_lifetime_days;
    let lifetime = Lifetime::Seconds(u64::from(days) * DAY);
    let value = choice.to_cookie_value(policy);
    let mut cookie = OwnCookie::consent(declared, &value, lifetime);
    cookie.domain = cookie.domain.filter(|domain| host.takes(domain, policy));
    if visit.has_several_choices() {
        let other = Expiry::of(declared.name.as_bytes()).at_path(declared.path.as_bytes());
        let other = match cookie.domain {
            Some(_) => other,
            None => (policy.hosts().iter().filter(|own| host.takes(own, policy)))
                .fold(other.not_host_only(), |other, own| {
                    other.under_domain(own.as_bytes())
                }),
        };
        append(headers, other.headers().unwrap_or_default());
    }
    if let Ok(line) = cookie.header() {
        append(headers, [line.into_bytes()]);
    }
}

/// Removes the refused cookies that the request carried, wherever the policy declares them, and
/// says whether there were any.
fn remove_refused(
    headers: &mut HeaderMap,
    essential: Option<&Essential>,
    visit: &Visit,
    host: &Host,
) -> bool {
    let standing: Standing = visit.standing_now();
    let policy = visit.policy();
    // Numbers that no category has count as refused too.
    let mut categories = policy.optional_categories().map(placet::Category::id);
    if !categories.any(|category| standing.refused().contains(category)) {
        return false;
    }
    let judge = Judge::new(policy, &standing);
    let mut removed: Vec<&[u8]> = Vec::new();
    let mut written = 0;
    for pair in visit
        .cookie_lines()
        .flat_map(|line| CookieLine::new(line.as_bytes()).pairs())
    {
        let name = pair.name();
        let verdict = judge.cookie(name);
        let is_news = verdict.action == Action::Expire
            && !removed.contains(&name)
            && !essential.is_some_and(|marked| marked.names(name));
        if !is_news {
            continue;
        }
        removed.push(name);
        let lines = removal(name, verdict, &standing, policy, host);
        let bytes: usize = lines.iter().map(|line| line.len() + FIELD).sum();
        if written > 0 && written + bytes > ENOUGH_TO_REMOVE {
            break;
        }
        written += bytes;
        append(headers, lines);
    }
    written > 0
}

/// The lines that remove a cookie from where the declarations say that refuse it.
fn removal(
    name: &[u8],
    verdict: Verdict,
    standing: &Standing,
    policy: &Policy,
    host: &Host,
) -> Vec<Vec<u8>> {
    let mut places = policy.declarations(name);
    places.retain(|(service, _)| standing.refused().contains(service.category));
    if let Some(service) = verdict.service.and_then(|id| policy.service(id))
        && !places.iter().any(|(other, _)| other.id == service.id)
    {
        // The more specific declarations are for other hosts.
        let cookies = service.cookies.iter();
        places.extend(
            cookies
                .filter(|c| c.name.matches(name))
                .map(|c| (service, c)),
        );
    }
    let mut lines = Vec::new();
    for (_, cookie) in places {
        let mut taken = cookie.clone();
        taken.domains.retain(|domain| host.takes(domain, policy));
        if !cookie.domains.is_empty() && taken.domains.is_empty() {
            continue;
        }
        lines.extend(Expiry::declared(name, &taken).headers().unwrap_or_default());
    }
    lines.truncate(MOST_PLACES);
    lines
}

fn append(headers: &mut HeaderMap, lines: impl IntoIterator<Item = Vec<u8>>) {
    for line in lines {
        if let Ok(line) = HeaderValue::try_from(line) {
            headers.append(SET_COOKIE, line);
        }
    }
}
