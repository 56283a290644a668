//! What the visitor's browser gets to see: the `Set-Cookie` lines that may pass, the removal of
//! what was refused, and headers that keep caches from handing any of it to somebody else.

use http::header::{COOKIE, Entry, HeaderMap, SET_COOKIE};
use http::{Extensions, HeaderValue};
use placet::cookie_header::CookieLine;
use placet::set_cookie::{Expiry, OwnCookie, set_cookie_name};
use placet::{Action, Judge, Lifetime, Reason, Standing, Verdict};

use crate::caching;
use crate::essential::Essential;
use crate::observer::Direction;
use crate::report::{PLACET_REPORT, Report};
use crate::visit::Visit;

/// The most lines that remove cookies in one response, so that hostile requests do not make
/// responses of any size. What is left is removed by the next response, for the browser sends it
/// again.
const MOST_EXPIRIES: usize = 64;

/// What the request was, as far as its response depends on it.
#[derive(Clone, Copy)]
pub(crate) struct Request {
    /// Whether it may have carried cookies that are refused.
    pub(crate) may_carry_refused: bool,
    /// Whether its response is the place to remove refused cookies.
    pub(crate) removes: bool,
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
    let mut has_set_cookie = judge_set_cookies(headers, essential, visit, &mut report);
    let made = visit.choice_made();
    if let Some(choice) = made {
        let value = choice.to_cookie_value(visit.policy());
        if let Some(line) = consent_cookie(visit, &value) {
            headers.append(SET_COOKIE, line);
            has_set_cookie = true;
        }
    }
    if enforces && request.removes && (request.may_carry_refused || made.is_some()) {
        has_set_cookie |= remove_refused(headers, essential, visit);
    }
    if enforces || made.is_some() {
        let names = visit.varies_by();
        // A shared cache that obeys `Vary: Cookie` has a copy for every visitor, and the key of
        // some holds nothing of `Vary`: one visitor's page would be shown to another.
        if has_set_cookie || names.contains(&COOKIE) {
            caching::keep_private(headers);
        }
        if !names.is_empty() {
            caching::vary_on(headers, &names);
        }
    }
    if let Some(value) = report.into_header() {
        headers.insert(PLACET_REPORT, value);
    }
}

/// Takes out the `Set-Cookie` lines that may not pass, and says whether there were any lines.
fn judge_set_cookies(
    headers: &mut HeaderMap,
    essential: Option<&Essential>,
    visit: &Visit,
    report: &mut Report,
) -> bool {
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
        if let Some(service) = verdict.service.and_then(|id| visit.policy().service(id)) {
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

/// The line that sets the consent cookie for as long as a choice stands where the visitor is.
fn consent_cookie(visit: &Visit, value: &str) -> Option<HeaderValue> {
    const DAY: u64 = 86_400;
    let policy = visit.policy();
    let days = policy.region_rules(visit.region()).choice_lifetime_days;
    let lifetime = Lifetime::Seconds(u64::from(days) * DAY);
    let line = OwnCookie::consent(policy.consent_cookie(), value, lifetime).header();
    HeaderValue::try_from(line.ok()?).ok()
}

/// Removes the refused cookies that the request carried, wherever the policy declares them, and
/// says whether there were any.
fn remove_refused(headers: &mut HeaderMap, essential: Option<&Essential>, visit: &Visit) -> bool {
    let standing: Standing = visit.standing_now();
    if standing.refused().is_empty() {
        return false;
    }
    let policy = visit.policy();
    let judge = Judge::new(policy, &standing);
    let mut removed: Vec<&[u8]> = Vec::new();
    let mut written = 0;
    for pair in visit
        .cookie_lines()
        .flat_map(|line| CookieLine::new(line.as_bytes()).pairs())
    {
        let name = pair.name();
        let is_news = judge.cookie(name).action == Action::Expire
            && !removed.contains(&name)
            && !essential.is_some_and(|marked| marked.names(name));
        if !is_news {
            continue;
        }
        removed.push(name);
        let refused = |category| standing.refused().contains(category);
        for (service, cookie) in policy.declarations(name) {
            if !refused(service.category) {
                continue;
            }
            for line in Expiry::declared(name, cookie).headers().unwrap_or_default() {
                if written == MOST_EXPIRIES {
                    return true;
                }
                if let Ok(line) = HeaderValue::try_from(line) {
                    headers.append(SET_COOKIE, line);
                    written += 1;
                }
            }
        }
    }
    written > 0
}
