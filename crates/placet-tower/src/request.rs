//! What the inner service gets to see: the `Cookie` lines without what may not pass.

use bytes::Bytes;
use http::HeaderValue;
use http::header::{COOKIE, HeaderMap};
use placet::Judge;
use placet::cookie_header::{CookieLine, FilteredCookies};

use crate::lines;
use crate::observer::Direction;
use crate::report::Report;
use crate::visit::Visit;

/// Filters every `Cookie` line, and says whether anything was taken out.
///
/// Lines of which nothing has to go stay as they are. The header is removed when nothing is left.
pub(crate) fn filter(headers: &mut HeaderMap, visit: &Visit, report: &mut Report) -> bool {
    if !visit.has_cookies() {
        return false;
    }
    let judge = Judge::new(visit.policy(), visit.standing());
    if report.is_wanted(visit) {
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
    rewrite(headers, |line| judge.filter(line))
}

/// Takes out a cookie of the layer's own, which is nobody else's business.
pub(crate) fn hide(headers: &mut HeaderMap, name: &str) {
    rewrite(headers, |line| {
        CookieLine::new(line).filter(|reading| reading.bytes != name.as_bytes())
    });
}

/// Puts what a filter leaves of every `Cookie` line in its place, and says whether that changed any.
fn rewrite(headers: &mut HeaderMap, filter: impl Fn(&[u8]) -> FilteredCookies) -> bool {
    let lines = || headers.get_all(COOKIE).iter();
    let mut left: Option<Vec<HeaderValue>> = None;
    for (number, line) in lines().enumerate() {
        let filtered = filter(line.as_bytes());
        if let (FilteredCookies::Unchanged, None) = (&filtered, &left) {
            continue;
        }
        let left = left.get_or_insert_with(|| lines().take(number).cloned().collect());
        match filtered {
            FilteredCookies::Unchanged => left.push(line.clone()),
            FilteredCookies::Changed(bytes) => left.extend(rebuilt(line, bytes)),
            FilteredCookies::Empty => {}
        }
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
