//! What the visitor's browser gets to see: the `Set-Cookie` lines that may pass, the removal of
//! what was refused, and headers that keep caches from handing any of it to somebody else.

use std::mem;

use bytes::{BufMut, BytesMut};
use http::HeaderValue;
use http::header::{COOKIE, Entry, HeaderMap, HeaderName, SET_COOKIE, VARY};
use placet::cookie_header::CookieLine;
use placet::set_cookie::{Expiry, OwnCookie, set_cookie_name};
use placet::{
    Action, CategorySet, Choice, DeclaredCookie, Judge, Lifetime, Policy, Reason, Standing, Verdict,
};

use crate::caching::{self, Varying};
use crate::essential::Essential;
use crate::future::Asked;
use crate::host::Reach;
use crate::lines;
use crate::observer::Direction;
use crate::report::{PLACET_REPORT, Report};
use crate::visit::Visit;

/// Where the receipt is of a choice that was made.
static PLACET_RECEIPT: HeaderName = HeaderName::from_static("placet-receipt");

/// The bytes of lines that remove cookies after which no further cookie is begun, so that a response
/// fits into what proxies hold for its headers: nginx by default 4 KiB. What is left is removed by
/// the next response, for the browser sends it again.
const ENOUGH_TO_REMOVE: usize = 2048;
/// The most lines that remove one cookie.
const MOST_PLACES: usize = 64;
/// About what is written to remove a cookie from one place, in bytes.
const USUAL_LINE: usize = 80;
/// What a line costs besides its value: `Set-Cookie: ` and the line end.
const FIELD: usize = 14;

/// Makes the response's headers what they may be.
pub(crate) fn settle(headers: &mut HeaderMap, essential: Option<&Essential>, asked: Asked) {
    let Asked {
        visit,
        may_carry_refused,
        removes,
        mut report,
        recorded,
    } = asked;
    let visit = &visit;
    let enforces = visit.shared().enforces;
    let made = visit.close();
    // What is only reported is still as public as it was.
    let has = Fields::of(headers);
    let mut is_private = has.set_cookie && enforces;
    if has.set_cookie {
        judge_set_cookies(headers, essential, visit, &mut report);
    }
    if let Some(choice) = made {
        set_consent_cookie(headers, choice, visit);
        is_private = true;
    }
    if enforces && removes && (may_carry_refused || made.is_some()) {
        is_private |= remove_refused(headers, essential, visit);
    }
    if let Some(recorded) = recorded {
        headers.insert(&PLACET_RECEIPT, HeaderValue::from_static(recorded.name()));
    }
    if let Some(value) = report.into_header() {
        headers.insert(PLACET_REPORT, value);
        is_private = true;
    }
    let varying = visit.varies_by();
    // A shared cache that obeys `Vary: Cookie` has a copy for every visitor, and the key of some
    // holds nothing of `Vary`: one visitor's page would be shown to another.
    if is_private || varying.is_some_and(Varying::is_by_visitor) {
        caching::keep_private(headers);
    }
    // Of a request without cookies none was taken.
    if enforces && has.vary && visit.has_cookies() && caching::varies_on(headers, &COOKIE) {
        caching::vary_on(headers, visit.filters_by());
    }
    match varying {
        Some(varying) if has.vary => caching::vary_on(headers, varying),
        Some(varying) => varying.begin(headers),
        None => {}
    }
}

/// Which of the headers that matter a response has: a look at its names costs less than a search for each.
#[derive(Default)]
struct Fields {
    set_cookie: bool,
    vary: bool,
}

impl Fields {
    fn of(headers: &HeaderMap) -> Self {
        let mut has = Self::default();
        for name in headers.keys() {
            has.set_cookie |= *name == SET_COOKIE;
            has.vary |= *name == VARY;
        }
        has
    }
}

/// Takes out the `Set-Cookie` lines that may not pass.
fn judge_set_cookies(
    headers: &mut HeaderMap,
    essential: Option<&Essential>,
    visit: &Visit,
    report: &mut Report,
) {
    let enforces = visit.shared().enforces;
    let standing = visit.standing_now();
    let judge = Judge::new(visit.policy(), &standing);
    let is_wanted = report.is_wanted(visit);
    let mut categories = CategorySet::EMPTY;
    let now = visit.now();
    let mut passes = |line: &HeaderValue| {
        let line = line.as_bytes();
        if is_wanted || essential.is_some() {
            let verdict = verdict(&judge, line, essential, visit);
            report.tell(visit, Direction::Response, set_cookie_name(line), verdict);
            let service = verdict.service.and_then(|id| visit.policy().service(id));
            categories = service.map_or(categories, |service| categories.with(service.category));
            verdict.is_kept()
        } else {
            let (is_kept, by) = judge.passes_set_cookie(line, now);
            categories = categories.union(by);
            is_kept
        }
    };
    if enforces {
        let lines = headers.get_all(SET_COOKIE);
        let refused = lines.iter().position(|line| !passes(line));
        // Lines of which all pass stay where they are.
        if let Some(refused) = refused
            && let Entry::Occupied(mut lines) = headers.entry(SET_COOKIE)
        {
            let mut left = Vec::with_capacity(refused + 8);
            for (line, number) in lines.iter_mut().zip(0..) {
                if number < refused || number > refused && passes(line) {
                    left.push(mem::replace(line, HeaderValue::from_static("")));
                }
            }
            lines::replace(Entry::Occupied(lines), left);
        }
        visit.depends_on(categories);
    } else {
        for line in headers.get_all(SET_COOKIE) {
            // It is told, whether it passes or not.
            let _ = passes(line);
        }
    }
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
fn set_consent_cookie(headers: &mut HeaderMap, choice: Choice, visit: &Visit) {
    const DAY: u64 = 86_400;
    let policy = visit.policy();
    let declared = policy.consent_cookie();
    let days = policy.region_rules(visit.region()).choice_lifetime_days;
    let lifetime = Lifetime::Seconds(u64::from(days) * DAY);
    let value = choice.to_cookie_value(policy);
    let mut cookie = OwnCookie::consent(declared, &value, lifetime);
    let reach = visit.host().reach(policy);
    cookie.domain = cookie
        .domain
        .filter(|domain| reach.takes(domain.as_bytes()));
    if visit.has_several_choices() {
        let other = Expiry::of(declared.name.as_bytes()).at_path(declared.path.as_bytes());
        let other = match cookie.domain {
            Some(_) => other,
            None => {
                let hosts = policy.hosts().iter().map(|own| own.as_bytes());
                hosts
                    .filter(|own| reach.takes(own))
                    .fold(other.not_host_only(), |other, own| other.under_domain(own))
            }
        };
        let others = other.headers().unwrap_or_default().into_iter();
        lines::append(headers, SET_COOKIE, others.flat_map(HeaderValue::try_from));
    }
    let line = cookie.header().map(HeaderValue::try_from);
    lines::append(headers, SET_COOKIE, line.into_iter().flatten());
}

/// Removes the refused cookies that the request carried, wherever the policy declares them, and
/// says whether there were any.
fn remove_refused(headers: &mut HeaderMap, essential: Option<&Essential>, visit: &Visit) -> bool {
    let standing: Standing = visit.standing_now();
    let policy = visit.policy();
    // Numbers that no category has count as refused too.
    let mut categories = policy.optional_categories().map(placet::Category::id);
    if !categories.any(|category| standing.refused().contains(category)) {
        return false;
    }
    let judge = Judge::new(policy, &standing);
    let mut removal = Removal {
        standing: &standing,
        policy,
        reach: visit.host().reach(policy),
        written: BytesMut::new(),
        lines: Vec::new(),
    };
    let mut removed: Vec<&[u8]> = Vec::new();
    let mut bytes = 0;
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
        let before = removal.lines.len();
        removal.write(name, verdict);
        let more = removal.lines.iter().skip(before);
        bytes += more.map(|line| line.len() + FIELD).sum::<usize>();
        if before > 0 && bytes > ENOUGH_TO_REMOVE {
            removal.lines.truncate(before);
            break;
        }
        if removal.lines.len() > before {
            removed.push(name);
        }
    }
    let any = !removal.lines.is_empty();
    lines::append(headers, SET_COOKIE, removal.lines);
    any
}

/// The lines that remove refused cookies, and what they depend on.
struct Removal<'a> {
    standing: &'a Standing,
    policy: &'a Policy,
    reach: Reach<'a>,
    /// The bytes of all lines, so that they are one allocation.
    written: BytesMut,
    lines: Vec<HeaderValue>,
}

impl Removal<'_> {
    /// Writes the lines that remove a cookie from where the declarations say that refuse it.
    fn write(&mut self, name: &[u8], verdict: Verdict) {
        let (policy, refused) = (self.policy, self.standing.refused());
        let most = self.lines.len() + MOST_PLACES;
        let decisive = verdict.service.and_then(|id| policy.service(id));
        let mut decisive_is_told = false;
        policy.each_declaration(name, |service, cookie| {
            if refused.contains(service.category) {
                decisive_is_told |= decisive.is_some_and(|decisive| decisive.id == service.id);
                self.write_places(name, cookie);
            }
        });
        if let Some(service) = decisive.filter(|_| !decisive_is_told) {
            // The more specific declarations are for other hosts.
            let cookies = service.cookies.iter();
            for cookie in cookies.filter(|cookie| cookie.name.matches(name)) {
                self.write_places(name, cookie);
            }
        }
        self.lines.truncate(most);
    }

    /// Writes nothing for a cookie that no line can name.
    fn write_places(&mut self, name: &[u8], cookie: &DeclaredCookie) {
        let expiry = Expiry::declared(name, cookie);
        let Some(expiry) = expiry.only_under(|domain| self.reach.takes(domain)) else {
            return;
        };
        if self.lines.is_empty() {
            self.written.reserve(ENOUGH_TO_REMOVE);
            self.lines.reserve(ENOUGH_TO_REMOVE / USUAL_LINE);
        }
        let written = expiry.write_headers(|parts| {
            parts.iter().for_each(|part| self.written.put_slice(part));
            let line = HeaderValue::from_maybe_shared(self.written.split().freeze());
            self.lines.extend(line);
        });
        written.unwrap_or_default();
    }
}
