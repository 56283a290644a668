//! What the inner service gets to see: the `Cookie` lines without what may not pass.

use bytes::Bytes;
use http::HeaderValue;
use http::header::{COOKIE, HeaderMap};
use placet::cookie_header::{CookieLine, FilteredCookies};
use placet::{Carried, Judge};

use crate::lines;
use crate::observer::Direction;
use crate::report::Report;
use crate::visit::Visit;

/// Filters every `Cookie` line, and says whether anything was taken out.
///
/// Lines of which nothing has to go stay as they are. The header is removed when nothing is left.
pub(crate) fn filter(
    headers: &mut HeaderMap,
    visit: &Visit,
    carried: &Carried,
    report: &mut Report,
) -> bool {
    let standing = visit.standing();
    let is_wanted = report.is_wanted(visit);
    if !is_wanted && carried.passes(standing) {
        return false;
    }
    let judge = Judge::new(visit.policy(), standing);
    if is_wanted {
        for line in visit.cookie_lines() {
            for pair in CookieLine::new(line.as_bytes()).pairs() {
                let verdict = judge.cookie_pair(&pair);
                report.tell(visit, Direction::Request, pair.name(), verdict);
            }
        }
    }
    if !visit.shared().enforces {
        return false;
    }
    rewrite(headers, visit, |line| {
        let filtered = carried.filter(line, standing);
        filtered.unwrap_or_else(|| judge.filter(line))
    })
}

/// Takes out a cookie of the layer's own, which is nobody else's business.
pub(crate) fn hide(headers: &mut HeaderMap, visit: &Visit, name: &str) {
    rewrite(headers, visit, |line| {
        CookieLine::new(line).filter(|reading| reading.bytes != name.as_bytes())
    });
}

/// Puts what a filter leaves of every `Cookie` line in its place, and says whether that changed any.
fn rewrite(
    headers: &mut HeaderMap,
    visit: &Visit,
    filter: impl Fn(&[u8]) -> FilteredCookies,
) -> bool {
    // Nearly every request came with one line, which another can take the place of.
    if visit.cookie_lines().nth(1).is_none() {
        let Some(line) = headers.get_mut(COOKIE) else {
            return false;
        };
        let rebuilt = match filter(line.as_bytes()) {
            FilteredCookies::Unchanged => return false,
            FilteredCookies::Changed(bytes) => rebuilt(line, bytes),
            FilteredCookies::Empty => None,
        };
        match rebuilt {
            Some(rebuilt) => *line = rebuilt,
            None => drop(headers.remove(COOKIE)),
        }
        return true;
    }
    let lines = headers.get_all(COOKIE);
    let mut left: Option<Vec<HeaderValue>> = None;
    for (number, line) in lines.iter().enumerate() {
        let rebuilt = match (filter(line.as_bytes()), &left) {
            (FilteredCookies::Unchanged, None) => continue,
            (FilteredCookies::Unchanged, Some(_)) => Some(line.clone()),
            (FilteredCookies::Changed(bytes), _) => rebuilt(line, bytes),
            (FilteredCookies::Empty, _) => None,
        };
        let left = left.get_or_insert_with(|| lines.iter().take(number).cloned().collect());
        left.extend(rebuilt);
    }
    let Some(left) = left else {
        return false;
    };
    lines::replace(headers.entry(COOKIE), left);
    true
}

/// A line of bytes that were in another, as sensitive as that one.
fn rebuilt(line: &HeaderValue, bytes: Vec<u8>) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_maybe_shared(Bytes::from(bytes)).ok()?;
    value.set_sensitive(line.is_sensitive());
    Some(value)
}
