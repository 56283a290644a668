//! What the inner service gets to see: the `Cookie` lines without what may not pass.

use bytes::Bytes;
use http::HeaderValue;
use http::header::{COOKIE, HeaderMap};
use placet::cookie_header::{CookieLine, CookiePair, FilteredCookies};
use placet::{Judge, Verdict};

use crate::observer::Direction;
use crate::report::Report;
use crate::visit::Visit;

/// Filters every `Cookie` line, and says whether anything was taken out.
///
/// Lines of which nothing has to go stay as they are. The header is removed when nothing is left.
pub(crate) fn filter(headers: &mut HeaderMap, visit: &Visit, report: &mut Report) -> bool {
    if visit.cookie_lines().next().is_none() {
        return false;
    }
    let judge = Judge::new(visit.policy(), visit.standing());
    if report.is_wanted() {
        for line in visit.cookie_lines() {
            for pair in CookieLine::new(line.as_bytes()).pairs() {
                let verdict = strictest(&judge, &pair);
                report.tell(visit, Direction::Request, pair.name(), verdict);
            }
        }
    }
    if !visit.shared().enforces {
        return false;
    }
    let mut left: Option<Vec<HeaderValue>> = None;
    for (number, line) in visit.cookie_lines().enumerate() {
        let filtered = judge.filter(line.as_bytes());
        if let (FilteredCookies::Unchanged, None) = (&filtered, &left) {
            continue;
        }
        let left = left.get_or_insert_with(|| visit.cookie_lines().take(number).cloned().collect());
        match filtered {
            FilteredCookies::Unchanged => left.push(line.clone()),
            FilteredCookies::Changed(bytes) => left.extend(rebuilt(line, bytes)),
            FilteredCookies::Empty => {}
        }
    }
    let Some(left) = left else {
        return false;
    };
    let mut left = left.into_iter();
    match left.next() {
        Some(first) => drop(headers.insert(COOKIE, first)),
        None => drop(headers.remove(COOKIE)),
    }
    for line in left {
        headers.append(COOKIE, line);
    }
    true
}

/// Takes out a cookie of the layer's own, which is nobody else's business.
pub(crate) fn hide(headers: &mut HeaderMap, name: &str) {
    let filtered = |line: &HeaderValue| {
        CookieLine::new(line.as_bytes()).filter(|reading| reading.bytes != name.as_bytes())
    };
    let is_unchanged = |line| filtered(line) == FilteredCookies::Unchanged;
    if headers.get_all(COOKIE).iter().all(is_unchanged) {
        return;
    }
    let lines: Vec<_> = headers.get_all(COOKIE).iter().cloned().collect();
    headers.remove(COOKIE);
    for line in lines {
        let left = match filtered(&line) {
            FilteredCookies::Unchanged => Some(line),
            FilteredCookies::Changed(bytes) => rebuilt(&line, bytes),
            FilteredCookies::Empty => None,
        };
        if let Some(left) = left {
            headers.append(COOKIE, left);
        }
    }
}

/// The verdict on the reading of a pair that is judged strictest.
fn strictest(judge: &Judge<'_>, pair: &CookiePair<'_>) -> Verdict {
    let mut strictest = judge.cookie(pair.name());
    pair.is_kept(|name| {
        let verdict = judge.reading(name);
        if verdict.action > strictest.action {
            strictest = verdict;
        }
        true
    });
    strictest
}

/// A line of bytes that were in another, as sensitive as that one.
fn rebuilt(line: &HeaderValue, bytes: Vec<u8>) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_maybe_shared(Bytes::from(bytes)).ok()?;
    value.set_sensitive(line.is_sensitive());
    Some(value)
}
