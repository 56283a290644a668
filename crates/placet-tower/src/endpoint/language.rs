//! The language that a request asks for.

use http::HeaderValue;
use http::header::ACCEPT_LANGUAGE;
use http::request::Parts;

use crate::page::Language;

/// The query's `lang` where it is one of ours, else what `Accept-Language` prefers.
pub(super) fn of(request: &Parts) -> Language {
    asked(request)
        .and_then(Language::from_tag)
        .unwrap_or_else(|| {
            let lines = request.headers.get_all(ACCEPT_LANGUAGE).iter();
            Language::negotiate(lines.map(HeaderValue::as_bytes))
        })
}

/// The query's `lang`, if it looks like a language tag (RFC 5646 section 2.1).
pub(super) fn asked(request: &Parts) -> Option<&str> {
    let parts = request.uri.query()?.split('&');
    let tag = parts.filter_map(|part| part.strip_prefix("lang=")).next()?;
    is_tag(tag).then_some(tag)
}

/// Whether a text looks like a language tag (RFC 5646 section 2.1).
pub(super) fn is_tag(text: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
    (1..=35).contains(&text.len()) && text.bytes().all(plain)
}
