//! What the preferences page shows, as the endpoints hand it to whoever writes the page.

use http::HeaderValue;
use http::header::ACCEPT_LANGUAGE;
use http::request::Parts;

use super::{Endpoints, Problem, Visitor};

/// Who writes the pages.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pages {
    /// A whole HTML document.
    pub(crate) whole: fn(&View<'_>) -> String,
    /// The same as a part of a page of the site.
    pub(crate) fragment: fn(&View<'_>) -> String,
    /// The style sheet of both.
    pub(crate) style: &'static str,
}

/// How a choice that was just posted went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Notice<'a> {
    /// None was.
    Nothing,
    /// It is saved.
    Saved,
    /// It is not, and nothing was changed.
    Problem(&'a Problem),
}

/// One view of the preferences page.
#[derive(Clone, Copy, Debug)]
pub(crate) struct View<'a> {
    pub(crate) visitor: &'a Visitor<'a>,
    /// Under which the endpoints are; ends with `/`.
    pub(crate) prefix: &'a str,
    pub(crate) notice: Notice<'a>,
    /// The path of the own origin to which the form leads back.
    pub(crate) return_to: Option<&'a str>,
    /// The language that the query's `lang` asks for, a tag in form.
    pub(crate) language: Option<&'a str>,
    request: &'a Parts,
}

impl<'a> View<'a> {
    pub(super) fn new(
        endpoints: &'a Endpoints,
        request: &'a Parts,
        visitor: &'a Visitor<'a>,
    ) -> Self {
        Self {
            visitor,
            prefix: endpoints.prefix(),
            notice: Notice::Nothing,
            return_to: None,
            language: asked_language(request),
            request,
        }
    }

    /// The lines of `Accept-Language`.
    pub(crate) fn accept_language(&self) -> impl Iterator<Item = &'a [u8]> + use<'a> {
        let lines = self.request.headers.get_all(ACCEPT_LANGUAGE).iter();
        lines.map(HeaderValue::as_bytes)
    }
}

/// The query's `lang`, if it looks like a language tag (RFC 5646 section 2.1).
pub(super) fn asked_language(request: &Parts) -> Option<&str> {
    let parts = request.uri.query()?.split('&');
    let tag = parts.filter_map(|part| part.strip_prefix("lang=")).next()?;
    let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
    ((1..=35).contains(&tag.len()) && tag.bytes().all(plain)).then_some(tag)
}
