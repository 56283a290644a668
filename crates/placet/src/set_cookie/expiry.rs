//! `Set-Cookie` values that make a browser forget a cookie, wherever a policy declares it.

use std::fmt;

use crate::DeclaredCookie;

use super::{MAX_ATTRIBUTE_VALUE, MAX_NAME_AND_VALUE, NamePrefix};

/// A cookie to be forgotten: its name, and all places where it may live.
///
/// A request never says under which domain and path its cookies were set, so one header is made for
/// every declared combination; a header for a place without the cookie does no harm.
///
/// ```
/// use placet::set_cookie::Expiry;
///
/// let expiry = Expiry::of(b"_ga").under_domain(b"shop.example").at_path(b"/").at_path(b"/blog");
/// let headers = expiry.headers()?;
/// assert_eq!(headers.len(), 4, "host-only and the domain, at two paths");
/// assert_eq!(
///     headers[2],
///     b"_ga=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Path=/; Domain=shop.example"
/// );
/// # Ok::<(), placet::set_cookie::CannotExpire>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expiry<'a> {
    name: &'a [u8],
    domains: Vec<&'a [u8]>,
    host_only: bool,
    paths: Vec<&'a [u8]>,
    partitioned: bool,
}

impl<'a> Expiry<'a> {
    /// Forgets the cookie of this name, in any bytes; the empty name stands for nameless cookies.
    ///
    /// Until more is said: as a host-only cookie at `/`.
    pub fn of(name: &'a [u8]) -> Self {
        Self {
            name,
            domains: Vec::new(),
            host_only: true,
            paths: Vec::new(),
            partitioned: false,
        }
    }

    /// Forgets a cookie with this name wherever the policy declares it; `name` is one that the
    /// declared pattern matches. Without declared domains, as a host-only cookie.
    pub fn declared(name: &'a [u8], cookie: &'a DeclaredCookie) -> Self {
        let mut expiry = Self {
            host_only: cookie.domains.is_empty(),
            partitioned: cookie.partitioned,
            ..Self::of(name)
        };
        for domain in &cookie.domains {
            expiry.add_domain(domain.as_bytes());
        }
        // Without any path it is `/`, which nearly every cookie has alone.
        if cookie.paths != ["/"] {
            for path in &cookie.paths {
                expiry.add_path(path.as_bytes());
            }
        }
        expiry
    }

    /// Under those of its domains only for which `is_taken` holds, because a browser refuses a line
    /// with any other from where it comes; `None` where it is under domains and none of them is left.
    pub fn only_under(mut self, is_taken: impl Fn(&[u8]) -> bool) -> Option<Self> {
        self.domains.retain(|domain| is_taken(domain));
        (self.host_only || !self.domains.is_empty()).then_some(self)
    }

    /// Also under this domain; a dot before it is dropped, as browsers do.
    #[must_use]
    pub fn under_domain(mut self, domain: &'a [u8]) -> Self {
        self.add_domain(domain);
        self
    }

    /// Not as a host-only cookie, where it is known to have been set with a `Domain`.
    #[must_use]
    pub fn not_host_only(mut self) -> Self {
        self.host_only = false;
        self
    }

    /// At this path, and no longer at `/` unless that is named too.
    #[must_use]
    pub fn at_path(mut self, path: &'a [u8]) -> Self {
        self.add_path(path);
        self
    }

    fn add_domain(&mut self, domain: &'a [u8]) {
        let domain = domain.strip_prefix(b".").unwrap_or(domain);
        if !self.domains.contains(&domain) {
            self.domains.push(domain);
        }
    }

    fn add_path(&mut self, path: &'a [u8]) {
        if !self.paths.contains(&path) {
            self.paths.push(path);
        }
    }

    /// From the jar of the top-level site (CHIPS): only a line that says `Partitioned` reaches it.
    #[must_use]
    pub fn partitioned(mut self) -> Self {
        self.partitioned = true;
        self
    }

    /// One `Set-Cookie` value for every declared place, host-only first.
    ///
    /// A prefixed name gets the attributes its prefix asks for, without which a browser ignores the
    /// line; `__Host-` and `__Host-Http-` name one place and get one value, whatever was declared.
    /// The end is told by `Expires` alone: servers may not write a `Max-Age` of 0 (RFC 6265bis section
    /// 4.1.1), and Firefox keeps what `Max-Age=0` ends in the very moment in its list of cookies,
    /// unsent.
    ///
    /// # Errors
    ///
    /// When the name, a domain or a path cannot be written so that a browser reads it back the
    /// same, or would end the header early.
    pub fn headers(&self) -> Result<Vec<Vec<u8>>, CannotExpire> {
        let mut headers = Vec::new();
        self.write_headers(|parts| headers.push(parts.concat()))?;
        Ok(headers)
    }

    /// Hands what [`Expiry::headers`] returns to `write`, value by value, each in the parts that it
    /// consists of: for a caller with a place of its own for the bytes.
    ///
    /// # Errors
    ///
    /// Those of [`Expiry::headers`]; nothing has been written then.
    pub fn write_headers(&self, mut write: impl FnMut(&[&[u8]])) -> Result<(), CannotExpire> {
        let prefix = NamePrefix::of(self.name);
        check_name(self.name)?;
        if prefix.is_some_and(NamePrefix::binds_to_host) {
            self.write_header(prefix, None, b"/", &mut write);
            return Ok(());
        }
        for domain in &self.domains {
            check_domain(domain)?;
        }
        let paths: &[&[u8]] = if self.paths.is_empty() {
            &[b"/"]
        } else {
            &self.paths
        };
        for path in paths {
            check_path(path)?;
        }
        let host_only = self.host_only.then_some(None);
        let domains = self.domains.iter().map(|domain| Some(*domain));
        for domain in host_only.into_iter().chain(domains) {
            for path in paths {
                self.write_header(prefix, domain, path, &mut write);
            }
        }
        Ok(())
    }

    fn write_header(
        &self,
        prefix: Option<NamePrefix>,
        domain: Option<&[u8]>,
        path: &[u8],
        write: &mut impl FnMut(&[&[u8]]),
    ) {
        // A nameless cookie is told by its value, and is none without one.
        let gone = if self.name.is_empty() {
            "=-; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Path="
        } else {
            "=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Path="
        };
        let is_http_only = prefix.is_some_and(NamePrefix::asks_for_http_only);
        let flags = match (self.partitioned, is_http_only) {
            (true, true) => "; Secure; HttpOnly; SameSite=None; Partitioned",
            (true, false) => "; Secure; SameSite=None; Partitioned",
            (false, true) => "; Secure; HttpOnly",
            (false, false) if prefix.is_some() => "; Secure",
            (false, false) => "",
        };
        let (gone, flags) = (gone.as_bytes(), flags.as_bytes());
        match domain {
            Some(domain) => write(&[self.name, gone, path, b"; Domain=", domain, flags]),
            None => write(&[self.name, gone, path, flags]),
        }
    }
}

/// A cookie that no header can expire, or a place that no header can name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the {part} `{}` {reason}", found.escape_ascii())]
pub struct CannotExpire {
    /// Which part of the cookie it is about.
    pub part: CookiePart,
    /// The bytes as given.
    pub found: Vec<u8>,
    /// What is wrong with them.
    pub reason: Unwritable,
}

/// A part of a cookie that a header has to name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CookiePart {
    /// The cookie's name.
    Name,
    /// A domain it is declared for.
    Domain,
    /// A path it is declared for.
    Path,
}

impl fmt::Display for CookiePart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Name => "cookie name",
            Self::Domain => "domain",
            Self::Path => "path",
        })
    }
}

/// Why bytes cannot stand in a `Set-Cookie` line and mean themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Unwritable {
    /// A control byte: browsers refuse the line, and a line end would begin another header.
    ControlCharacter,
    /// `;` or, in a name, `=`: the part would end there.
    Separator,
    /// A space or tab at an end, which browsers drop.
    PaddedWithWhitespace,
    /// More bytes than browsers read: 4096 in a name, 1024 in a domain or path.
    TooLong,
    /// A domain that is empty or holds a byte other than those of host names.
    NotAHostName,
    /// A path that does not begin with a slash, in whose place browsers put another.
    NotAbsolute,
}

impl fmt::Display for Unwritable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ControlCharacter => "holds a control character; browsers refuse such a line",
            Self::Separator => "holds a separator that would end it early",
            Self::PaddedWithWhitespace => "begins or ends with white space, which browsers drop",
            Self::TooLong => "is longer than browsers read",
            Self::NotAHostName => "is no host name; expected one like shop.example",
            Self::NotAbsolute => "is no absolute path; expected one that begins with a slash",
        })
    }
}

fn check_name(name: &[u8]) -> Result<(), CannotExpire> {
    check(CookiePart::Name, name, MAX_NAME_AND_VALUE, |b| {
        matches!(b, b';' | b'=')
    })
}

fn check_domain(domain: &[u8]) -> Result<(), CannotExpire> {
    let part = CookiePart::Domain;
    check(part, domain, MAX_ATTRIBUTE_VALUE, |b| b == b';')?;
    let host_byte =
        |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'[' | b']' | b':');
    if domain.is_empty() || domain.starts_with(b".") || !domain.iter().all(host_byte) {
        return Err(cannot(part, domain, Unwritable::NotAHostName));
    }
    Ok(())
}

fn check_path(path: &[u8]) -> Result<(), CannotExpire> {
    let part = CookiePart::Path;
    check(part, path, MAX_ATTRIBUTE_VALUE, |b| b == b';')?;
    if !path.starts_with(b"/") {
        return Err(cannot(part, path, Unwritable::NotAbsolute));
    }
    Ok(())
}

fn check(
    part: CookiePart,
    bytes: &[u8],
    limit: usize,
    is_separator: impl Fn(u8) -> bool,
) -> Result<(), CannotExpire> {
    let blank = |b: Option<&u8>| matches!(b, Some(b' ' | b'\t'));
    let control = |b: &u8| b.is_ascii_control() && *b != b'\t';
    let padded = blank(bytes.first()) || blank(bytes.last());
    let ends_early = |b: &u8| control(b) || is_separator(*b);
    if !padded && bytes.len() <= limit && !bytes.iter().any(ends_early) {
        return Ok(());
    }
    let reason = if bytes.iter().any(control) {
        Unwritable::ControlCharacter
    } else if bytes.iter().any(ends_early) {
        Unwritable::Separator
    } else if padded {
        Unwritable::PaddedWithWhitespace
    } else {
        Unwritable::TooLong
    };
    Err(cannot(part, bytes, reason))
}

fn cannot(part: CookiePart, found: &[u8], reason: Unwritable) -> CannotExpire {
    CannotExpire {
        part,
        found: found.to_vec(),
        reason,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(expiry: &Expiry<'_>) -> Vec<String> {
        let headers = expiry.headers().unwrap();
        headers
            .iter()
            .map(|h| h.escape_ascii().to_string())
            .collect()
    }

    const GONE: &str = "=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Path=/";

    #[test]
    fn a_cookie_without_declared_places_is_forgotten_at_the_root_of_the_host() {
        assert_eq!(texts(&Expiry::of(b"a")), [format!("a{GONE}")]);
    }

    #[test]
    fn every_domain_is_combined_with_every_path() {
        let expiry = Expiry::of(b"a")
            .under_domain(b".shop.example")
            .under_domain(b"shop.example")
            .under_domain(b"www.shop.example")
            .not_host_only()
            .at_path(b"/")
            .at_path(b"/x")
            .at_path(b"/x");
        assert_eq!(
            texts(&expiry),
            [
                format!("a{GONE}; Domain=shop.example"),
                format!("a{GONE}x; Domain=shop.example"),
                format!("a{GONE}; Domain=www.shop.example"),
                format!("a{GONE}x; Domain=www.shop.example"),
            ]
        );
    }

    #[test]
    fn prefixed_and_partitioned_cookies_get_what_browsers_ask_for() {
        for (name, attributes) in [
            ("__Host-a", "; Secure"),
            ("__host-http-a", "; Secure; HttpOnly"),
            ("__Secure-a", "; Domain=shop.example; Secure"),
            ("__Http-a", "; Domain=shop.example; Secure; HttpOnly"),
        ] {
            let expiry = Expiry::of(name.as_bytes())
                .under_domain(b"shop.example")
                .not_host_only();
            assert_eq!(texts(&expiry), [format!("{name}{GONE}{attributes}")]);
        }
        assert_eq!(
            texts(&Expiry::of(b"__Host-a").partitioned().at_path(b"/x")),
            [format!(
                "__Host-a{GONE}; Secure; SameSite=None; Partitioned"
            )]
        );
        assert_eq!(
            texts(&Expiry::of(b"a").partitioned()),
            [format!("a{GONE}; Secure; SameSite=None; Partitioned")]
        );
    }

    #[test]
    fn names_are_kept_verbatim_and_a_nameless_cookie_is_told_by_a_value() {
        assert_eq!(
            texts(&Expiry::of(b"a b\xff[%41]")),
            [format!("a b\\xff[%41]{GONE}")]
        );
        let nameless = texts(&Expiry::of(b""));
        assert!(nameless[0].starts_with("=-; "), "{nameless:?}");
    }

    #[test]
    fn what_cannot_be_written_is_refused_with_its_reason() {
        let long = vec![b'x'; 4097];
        for (name, reason) in [
            (&b"a;b"[..], Unwritable::Separator),
            (b"a=b", Unwritable::Separator),
            (b"a\r\nSet-Cookie: b", Unwritable::ControlCharacter),
            (b"a\0", Unwritable::ControlCharacter),
            (b" a", Unwritable::PaddedWithWhitespace),
            (b"a\t", Unwritable::PaddedWithWhitespace),
            (&long, Unwritable::TooLong),
        ] {
            let refused = Expiry::of(name).headers().unwrap_err();
            assert_eq!((refused.part, refused.reason), (CookiePart::Name, reason));
        }
        for (domain, reason) in [
            (&b""[..], Unwritable::NotAHostName),
            (b"a;b", Unwritable::Separator),
            (b"https://a.example", Unwritable::NotAHostName),
            (b"b\xfccher.example", Unwritable::NotAHostName),
            (b"..a", Unwritable::NotAHostName),
            (&long[..1025], Unwritable::TooLong),
        ] {
            let refused = Expiry::of(b"a").under_domain(domain).headers().unwrap_err();
            assert_eq!((refused.part, refused.reason), (CookiePart::Domain, reason));
        }
        for (path, reason) in [
            (&b""[..], Unwritable::NotAbsolute),
            (b"x", Unwritable::NotAbsolute),
            (b"/x;y", Unwritable::Separator),
            (b"/x\n", Unwritable::ControlCharacter),
            (b"/x ", Unwritable::PaddedWithWhitespace),
        ] {
            let refused = Expiry::of(b"a").at_path(path).headers().unwrap_err();
            assert_eq!((refused.part, refused.reason), (CookiePart::Path, reason));
        }
        let message = Expiry::of(b"a;b").headers().unwrap_err().to_string();
        assert_eq!(
            message,
            "the cookie name `a;b` holds a separator that would end it early"
        );
    }
}
