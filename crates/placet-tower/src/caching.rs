//! Stands in until `caching/` lands: replaces `Cache-Control` and `Vary` outright.
use http::header::{CACHE_CONTROL, HeaderMap, HeaderName, HeaderValue, VARY};

pub(crate) fn keep_private(headers: &mut HeaderMap) {
    headers.insert(
        CACHE_CONTROL,
        HeaderValue::from_static("private, max-age=60"),
    );
}

pub(crate) fn vary_on(headers: &mut HeaderMap, names: &[HeaderName]) {
    for name in names {
        headers.append(VARY, HeaderValue::from(name.clone()));
    }
}
