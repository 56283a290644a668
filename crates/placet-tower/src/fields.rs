//! What the layer asks of the headers of every request, found on one way through them.

use http::HeaderValue;
use http::header::{COOKIE, DNT, HeaderMap, HeaderName};
use placet::{Dnt, Gpc, Signals};

pub(crate) static SEC_GPC: HeaderName = HeaderName::from_static("sec-gpc");
static SEC_FETCH_DEST: HeaderName = HeaderName::from_static("sec-fetch-dest");

/// What was found. A search for each name, which hashes it anew, costs more than a look at the few headers
/// that a request has.
pub(crate) struct Fields {
    pub(crate) cookies: CookieLines,
    pub(crate) signals: Signals,
    /// Whether the response is the place to remove refused cookies: that of a page or of what its scripts
    /// fetch, not that of its every image, style sheet and script, which would all remove the same cookies
    /// and could no longer be cached.
    pub(crate) may_remove: bool,
}

impl Fields {
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let mut cookies = CookieLines::default();
        let (mut has_gpc, mut has_dnt) = (false, false);
        let mut destination = None;
        for (name, value) in headers {
            if *name == COOKIE {
                cookies.add(value);
            } else if *name == DNT {
                has_dnt = true;
            } else if *name == SEC_GPC {
                has_gpc = true;
            } else if *name == SEC_FETCH_DEST {
                destination.get_or_insert(value.as_bytes());
            }
        }
        let lines = |name: &HeaderName| headers.get_all(name).into_iter();
        let mut signals = Signals::default();
        if has_gpc {
            signals.gpc = Gpc::from_header_lines(lines(&SEC_GPC).map(HeaderValue::as_bytes));
        }
        if has_dnt {
            signals.dnt = Dnt::from_header_lines(lines(&DNT).map(HeaderValue::as_bytes));
        }
        Self {
            cookies,
            signals,
            may_remove: matches!(
                destination,
                None | Some(b"document" | b"iframe" | b"frame" | b"empty")
            ),
        }
    }
}

/// The `Cookie` lines as they came; nearly always there is one at the most.
#[derive(Default)]
pub(crate) struct CookieLines {
    first: Option<HeaderValue>,
    more: Vec<HeaderValue>,
}

impl CookieLines {
    fn add(&mut self, line: &HeaderValue) {
        if self.first.is_none() {
            self.first = Some(line.clone());
        } else {
            self.more.push(line.clone());
        }
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.first.is_none()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &HeaderValue> {
        self.first.iter().chain(&self.more)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(lines: &[(&'static str, &'static str)]) -> Fields {
        let mut headers = HeaderMap::new();
        for (name, line) in lines {
            headers.append(*name, HeaderValue::from_static(line));
        }
        Fields::of(&headers)
    }

    #[test]
    fn every_cookie_line_is_found_in_order_and_every_line_of_a_signal_counts() {
        let found = fields(&[
            ("cookie", "a=1"),
            ("dnt", "0"),
            ("sec-gpc", "0"),
            ("cookie", "b=2"),
            ("sec-gpc", "1"),
            ("dnt", "1"),
            ("cookie", "c=3"),
        ]);
        assert!(found.cookies.iter().eq(["a=1", "b=2", "c=3"]));
        assert!(!found.cookies.is_empty());
        let (gpc, dnt) = (Gpc::On, Dnt::DoNotTrack);
        assert_eq!(found.signals, Signals { gpc, dnt });
        let found = fields(&[("sec-fetch-mode", "1"), ("dnt", "0")]);
        assert!(found.cookies.is_empty());
        let (gpc, dnt) = (Gpc::Absent, Dnt::Allow);
        assert_eq!(found.signals, Signals { gpc, dnt });
    }

    #[test]
    fn refused_cookies_are_removed_by_pages_and_by_what_their_scripts_fetch() {
        for (lines, expected) in [
            (&[][..], true),
            (&[("sec-fetch-dest", "document")], true),
            (&[("sec-fetch-dest", "iframe")], true),
            (&[("sec-fetch-dest", "frame")], true),
            (&[("sec-fetch-dest", "empty")], true),
            (&[("sec-fetch-dest", "image")], false),
            (&[("sec-fetch-dest", "script")], false),
            (&[("sec-fetch-dest", "")], false),
            (
                &[("sec-fetch-dest", "style"), ("sec-fetch-dest", "document")],
                false,
            ),
        ] {
            assert_eq!(fields(lines).may_remove, expected, "{lines:?}");
        }
    }
}
