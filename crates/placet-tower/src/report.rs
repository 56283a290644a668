//! Where verdicts are told: to the observer, as events, and in a header of the response.

use std::fmt::Write;

use http::HeaderValue;
use http::header::HeaderName;
use placet::{Action, Reason, Verdict};

use crate::layer::Shared;
use crate::observer::{Direction, Seen};
use crate::visit::Visit;

/// The header that says what did not pass, and why.
pub(crate) const PLACET_REPORT: HeaderName = HeaderName::from_static("placet-report");

/// The longest report, in bytes; common servers take 8 KiB for all headers together.
const LONGEST: usize = 4096;

/// What is told of one request and its response.
pub(crate) struct Report {
    /// The header's value so far, if there is to be one.
    header: Option<String>,
}

impl Report {
    pub(crate) fn new(shared: &Shared) -> Self {
        Self {
            header: shared.report_header.then(String::new),
        }
    }

    /// Whether anybody listens, so that every verdict has to be known with its reason.
    pub(crate) fn is_wanted(&self, visit: &Visit) -> bool {
        visit.shared().observer.is_some() || self.header.is_some() || is_traced()
    }

    pub(crate) fn tell(
        &mut self,
        visit: &Visit,
        direction: Direction,
        name: &[u8],
        verdict: Verdict,
    ) {
        let seen = Seen {
            direction,
            name,
            verdict,
            enforced: visit.shared().enforces,
            policy: visit.policy(),
        };
        if let Some(observer) = &visit.shared().observer {
            observer.seen(&seen);
        }
        trace(&seen);
        let is_news = verdict.action != Action::Keep || verdict.reason == Reason::Essential;
        if let Some(header) = self.header.as_mut().filter(|_| is_news) {
            add(header, &seen);
        }
    }

    /// The header, unless there is nothing to say.
    pub(crate) fn into_header(self) -> Option<HeaderValue> {
        let header = self.header.filter(|header| !header.is_empty())?;
        HeaderValue::try_from(header).ok()
    }
}

/// One member more of a list (RFC 9651): the name as a string, what is done, and why.
fn add(header: &mut String, seen: &Seen<'_>) {
    const CUT: &str = ", and-more";
    if header.ends_with(CUT) {
        return;
    }
    let before = header.len();
    let separator = if before == 0 { "" } else { ", " };
    let name = seen.name.escape_ascii().to_string();
    let name = name.replace('\\', "\\\\").replace('"', "\\\"");
    let written = write!(
        header,
        "\"{name}\";in={};do={};why={}",
        seen.direction.name(),
        seen.verdict.action.name(),
        seen.verdict.reason.code()
    );
    debug_assert!(written.is_ok(), "writing to a String does not fail");
    header.insert_str(before, separator);
    if header.len() > LONGEST - CUT.len() {
        header.truncate(before);
        header.push_str(if before == 0 { "and-more" } else { CUT });
    }
}

#[cfg(feature = "tracing")]
fn is_traced() -> bool {
    tracing::enabled!(target: "placet", tracing::Level::DEBUG)
}

#[cfg(not(feature = "tracing"))]
const fn is_traced() -> bool {
    false
}

#[cfg(feature = "tracing")]
fn trace(seen: &Seen<'_>) {
    tracing::debug!(
        target: "placet",
        direction = seen.direction.name(),
        cookie = %seen.name.escape_ascii(),
        action = seen.verdict.action.name(),
        reason = seen.verdict.reason.code(),
        service = seen.service(),
        enforced = seen.enforced,
    );
}

#[cfg(not(feature = "tracing"))]
const fn trace(_: &Seen<'_>) {}
