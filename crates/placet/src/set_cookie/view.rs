//! The borrowed view of one `Set-Cookie` field value: name, value and attributes with their places
//! in the line.

use std::iter;
use std::ops::Range;

use crate::search::{find_near, memchr, memchr2};

use crate::Timestamp;
use crate::cookie_header::{trim, trim_start};

use super::{Context, Evaluation, evaluate};

/// One `Set-Cookie` field value, split as RFC 6265bis section 5.6 splits it.
///
/// Parsing never fails: a line without `=` is a nameless cookie, and what a browser would refuse is
/// said by [`SetCookie::evaluate`]. Nothing is decoded or unquoted, as in browsers.
///
/// ```
/// use placet::set_cookie::SetCookie;
///
/// let cookie = SetCookie::parse(b" sid = \"4\xff\" ; Secure; Path=/app");
/// assert_eq!(cookie.name(), b"sid");
/// assert_eq!(cookie.value(), b"\"4\xff\"");
/// let paths: Vec<_> = cookie.attributes().filter(|a| a.name == b"Path").collect();
/// assert_eq!(&cookie.raw()[paths[0].span.clone()], b" Path=/app");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SetCookie<'a> {
    raw: &'a [u8],
    name: &'a [u8],
    value: &'a [u8],
    /// Where the first `;` is, or the end of the line.
    pair_ends: usize,
}

impl<'a> SetCookie<'a> {
    /// Splits one field value, without the `Set-Cookie:` before it and the line end after it.
    pub fn parse(raw: &'a [u8]) -> Self {
        let (pair, _) = split_line(raw);
        let pair_ends = pair.len();
        let (name, value) = split_pair(pair).unwrap_or((b"", trim(pair)));
        Self {
            raw,
            name,
            value,
            pair_ends,
        }
    }

    /// The whole field value as given.
    pub fn raw(&self) -> &'a [u8] {
        self.raw
    }

    /// The name, without the spaces and tabs around it; empty for a nameless cookie (`Set-Cookie:
    /// foo`, `=foo`).
    pub fn name(&self) -> &'a [u8] {
        self.name
    }

    /// The value, without the spaces and tabs around it, quotes and escapes kept.
    pub fn value(&self) -> &'a [u8] {
        self.value
    }

    /// The attributes in order, read as they are asked for; empty ones between two `;` are
    /// included.
    pub fn attributes(&self) -> Attributes<'a> {
        Attributes::behind(self.pair_ends, self.raw)
    }

    /// What a browser makes of this cookie, received at `now` in `context` (RFC 6265bis sections
    /// 5.6 and 5.7).
    ///
    /// Decides what one cookie alone can decide: not whether a jar holds a cookie that this one may
    /// not overwrite, and not whether the request was cross-site.
    pub fn evaluate<'c>(&self, now: Timestamp, context: &'c Context<'_>) -> Evaluation<'c>
    where
        'a: 'c,
    {
        evaluate::evaluate(*self, now, context)
    }
}

/// The name of the cookie that a `Set-Cookie` field value sets, found without reading its
/// attributes.
///
/// The same name as [`SetCookie::name`]; empty for a nameless cookie.
#[inline]
pub fn set_cookie_name(raw: &[u8]) -> &[u8] {
    match memchr2(b'=', b';', raw) {
        Some(at) if raw.get(at) == Some(&b'=') => trim(raw.split_at(at).0),
        _ => b"",
    }
}

/// An attribute that browsers know, by its name in any case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AttributeName {
    /// `Expires`: when the cookie ends, as a cookie-date.
    Expires,
    /// `Max-Age`: how many seconds the cookie lives.
    MaxAge,
    /// `Domain`: the domain whose hosts get the cookie.
    Domain,
    /// `Path`: the path under which the cookie is sent.
    Path,
    /// `Secure`: sent over secure connections only.
    Secure,
    /// `HttpOnly`: kept from scripts.
    HttpOnly,
    /// `SameSite`: whether cross-site requests carry the cookie.
    SameSite,
    /// `Partitioned`: one jar per top-level site (CHIPS).
    Partitioned,
    /// `Priority`: which cookies Chromium evicts first; other browsers ignore it.
    Priority,
    /// Anything else; browsers ignore it.
    Unknown,
}

impl AttributeName {
    fn of(name: &[u8]) -> Self {
        let is = |known: &[u8]| name.eq_ignore_ascii_case(known);
        match name.len() {
            4 if is(b"path") => Self::Path,
            6 if is(b"secure") => Self::Secure,
            6 if is(b"domain") => Self::Domain,
            7 if is(b"expires") => Self::Expires,
            7 if is(b"max-age") => Self::MaxAge,
            8 if is(b"httponly") => Self::HttpOnly,
            8 if is(b"samesite") => Self::SameSite,
            8 if is(b"priority") => Self::Priority,
            11 if is(b"partitioned") => Self::Partitioned,
            _ => Self::Unknown,
        }
    }
}

/// One attribute of a `Set-Cookie` field value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute<'a> {
    /// Which attribute the name means.
    pub known: AttributeName,
    /// The name as written, without the spaces and tabs around it.
    pub name: &'a [u8],
    /// The value without the spaces and tabs around it; `None` when there is no `=`.
    pub value: Option<&'a [u8]>,
    /// Where the attribute stands in the line, in bytes, without the `;` on either side.
    pub span: Range<usize>,
}

/// The attributes of a [`SetCookie`] in order.
#[derive(Clone, Debug)]
pub struct Attributes<'a> {
    raw: &'a [u8],
    /// The `;` before the next attribute; `None` after the last one.
    semicolon: Option<usize>,
}

impl<'a> Iterator for Attributes<'a> {
    type Item = Attribute<'a>;

    fn next(&mut self) -> Option<Attribute<'a>> {
        Some(self.next_text()?.read())
    }
}

impl<'a> Attributes<'a> {
    /// The attributes of a line whose pair ends there.
    fn behind(pair_ends: usize, raw: &'a [u8]) -> Self {
        Self {
            raw,
            semicolon: Some(pair_ends).filter(|&at| at < raw.len()),
        }
    }

    /// The attributes in order as they are written, without the spaces and tabs before them.
    pub(super) fn texts(mut self) -> impl Iterator<Item = &'a [u8]> {
        iter::from_fn(move || Some(trim_start(self.next_text()?.bytes)))
    }

    fn next_text(&mut self) -> Option<AttributeText<'a>> {
        let start = self.semicolon? + 1;
        let rest = self.raw.get(start..)?;
        let next = find_near(rest, [b';']);
        self.semicolon = next.map(|at| start + at);
        let (bytes, _) = rest.split_at(next.unwrap_or(rest.len()));
        Some(AttributeText { bytes, start })
    }
}

/// An attribute that nobody has read yet.
struct AttributeText<'a> {
    bytes: &'a [u8],
    /// Where it begins in the line.
    start: usize,
}

impl<'a> AttributeText<'a> {
    fn read(self) -> Attribute<'a> {
        let (name, value) = match split_pair(self.bytes) {
            Some((name, value)) => (name, Some(value)),
            None => (trim(self.bytes), None),
        };
        Attribute {
            known: AttributeName::of(name),
            name,
            value,
            span: self.start..self.start + self.bytes.len(),
        }
    }
}

/// The value of an attribute that begins with its name, empty without a `=`, if it is that name; found
/// soonest where it is written in these letters.
#[inline]
pub(super) fn value_of<'a>(text: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    let (found, rest) = text.split_at_checked(name.len())?;
    if found != name && !found.eq_ignore_ascii_case(name) {
        return None;
    }
    match trim_start(rest) {
        [] => Some(b""),
        [b'=', value @ ..] => Some(trim(value)),
        _ => None,
    }
}

/// A line's pair, and its attributes.
pub(crate) fn split_line(raw: &[u8]) -> (&[u8], Attributes<'_>) {
    let pair_ends = memchr(b';', raw).unwrap_or(raw.len());
    (
        raw.split_at(pair_ends).0,
        Attributes::behind(pair_ends, raw),
    )
}

/// Both sides of the first `=`, trimmed; `None` without one.
fn split_pair(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let (name, rest) = text.split_at(find_near(text, [b'='])?);
    Some((trim(name), trim(rest.get(1..).unwrap_or_default())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_attribute_is_found_at_its_place() {
        let raw = b"a=b ; Secure;; path = /x=y ;max-AGE=";
        let cookie = SetCookie::parse(raw);
        let found: Vec<_> = cookie.attributes().collect();
        type Case<'a> = (AttributeName, &'a [u8], Option<&'a [u8]>, &'a [u8]);
        let expected: &[Case<'_>] = &[
            (AttributeName::Secure, b"Secure", None, b" Secure"),
            (AttributeName::Unknown, b"", None, b""),
            (
                AttributeName::Path,
                b"path",
                Some(b"/x=y"),
                b" path = /x=y ",
            ),
            (AttributeName::MaxAge, b"max-AGE", Some(b""), b"max-AGE="),
        ];
        assert_eq!(found.len(), expected.len());
        for (attribute, (known, name, value, text)) in found.iter().zip(expected) {
            assert_eq!(attribute.known, *known);
            assert_eq!(attribute.name, *name);
            assert_eq!(attribute.value, *value);
            assert_eq!(&raw[attribute.span.clone()], *text);
        }
    }

    #[test]
    fn a_line_without_semicolon_has_no_attributes_and_one_with_a_last_semicolon_an_empty_one() {
        assert_eq!(SetCookie::parse(b"a=b").attributes().count(), 0);
        assert_eq!(SetCookie::parse(b"").attributes().count(), 0);
        assert_eq!(SetCookie::parse(b"a=b;").attributes().count(), 1);
    }

    #[test]
    fn the_name_scan_agrees_with_the_view() {
        for raw in [
            &b"a=b"[..],
            b" \ta\t = b",
            b"foo",
            b"foo; Path=/",
            b"foo; a=b",
            b"=x",
            b"=",
            b"",
            b";",
            b"a==b",
        ] {
            assert_eq!(
                set_cookie_name(raw),
                SetCookie::parse(raw).name(),
                "{raw:?}"
            );
        }
    }
}
