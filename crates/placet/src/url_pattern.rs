//! Patterns over the addresses of scripts, frames, images and requests.

#[cfg(feature = "file")]
use std::fmt;

use crate::compact::{Reader, Writer};
use crate::decimal;
use crate::name_pattern::{Borrowed, NamePattern};
use crate::search::memchr;
use crate::web_address::{WebAddress, domain_matches, is_domain_of};

/// `scheme://host[:port][/path]` with wildcards.
///
/// * Scheme: `https`, `http`, `wss`, `ws`, or `*` for any of them.
/// * Host: compared ignoring case; `*.example.com` is `example.com` and everything under it; `*`
///   alone is every host.
/// * Port: without one, the scheme's own and every other.
/// * Path: `*` is any run of characters. Without a path every path matches; a pattern that holds no
///   `?` leaves the query out of account.
///
/// ```
/// use placet::UrlPattern;
///
/// let pattern: UrlPattern = "https://*.stats.example/js/*".parse()?;
/// assert!(pattern.matches(b"https://eu.Stats.example/js/tag.js?id=1"));
/// assert!(!pattern.matches(b"https://stats.example.evil.test/js/tag.js"));
/// # Ok::<(), placet::UrlPatternError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
#[cfg_attr(not(feature = "file"), derive(Debug))]
pub struct UrlPattern {
    #[cfg(feature = "file")]
    text: String,
    /// A place in [`SCHEMES`].
    scheme: Option<u8>,
    host: Host,
    port: Option<u16>,
    path: Option<NamePattern>,
}

#[derive(Clone, PartialEq, Eq, Hash)]
#[cfg_attr(not(feature = "file"), derive(Debug))]
enum Host {
    Any,
    Exactly(String),
    /// The domain and everything under it.
    Under(String),
}

const SCHEMES: [&str; 4] = ["https", "http", "wss", "ws"];

/// A text that is no address pattern.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{found}` is no address pattern: {problem}; expected one like `https://*.example.com/path*`"
)]
pub struct UrlPatternError {
    /// The text as given.
    pub found: String,
    /// Which part of it is wrong.
    pub problem: &'static str,
}

/// Which part of a text makes it no address pattern.
#[derive(Clone, Copy)]
pub(crate) enum WrongPart {
    Form,
    Scheme,
    Port,
    Host,
    PathBytes,
    Path,
}

impl WrongPart {
    const fn problem(self) -> &'static str {
        match self {
            Self::Form => "it has no `://`",
            Self::Scheme => "the scheme is none of `https`, `http`, `wss`, `ws`, `*`",
            Self::Port => "the port is no number below 65536",
            Self::Host => "the host is no domain, address or `*`",
            Self::PathBytes => "the path holds more than visible ASCII",
            Self::Path => "the path is longer than 256 bytes or holds `**`",
        }
    }
}

impl UrlPattern {
    /// Reads a pattern.
    ///
    /// # Errors
    ///
    /// [`UrlPatternError`] naming the part that is wrong.
    pub fn parse(text: &str) -> Result<Self, UrlPatternError> {
        Self::read(text).map_err(|part| UrlPatternError {
            found: text.to_owned(),
            problem: part.problem(),
        })
    }

    /// As [`UrlPattern::parse`], without words for what is wrong.
    pub(crate) fn read(text: &str) -> Result<Self, WrongPart> {
        let (scheme, rest) = split_scheme(text).ok_or(WrongPart::Form)?;
        let scheme = match SCHEMES
            .into_iter()
            .zip(0..)
            .find(|(known, _)| *known == scheme)
        {
            Some((_, place)) => Some(place),
            None if scheme == "*" => None,
            None => return Err(WrongPart::Scheme),
        };
        let (authority, path) = split_before(rest, b'/');
        let (host, port) = split_port(authority).ok_or(WrongPart::Port)?;
        let host = Host::parse(host).ok_or(WrongPart::Host)?;
        let path = match path {
            "" => None,
            path if !path.bytes().all(|b| b.is_ascii_graphic()) => {
                return Err(WrongPart::PathBytes);
            }
            path => Some(NamePattern::read_storage_key(path).map_err(|_| WrongPart::Path)?),
        };
        Ok(Self {
            #[cfg(feature = "file")]
            text: text.to_owned(),
            scheme,
            host,
            port,
            path,
        })
    }

    /// Whether an absolute URL, as a browser writes it, is one of those this pattern stands for.
    pub fn matches(&self, url: &[u8]) -> bool {
        WebAddress::parse(url).is_some_and(|address| self.matches_address(&address))
    }

    /// Whether an address is one of those this pattern stands for.
    pub fn matches_address(&self, address: &WebAddress<'_>) -> bool {
        let (host_kind, host) = self.host.parts();
        let parts = Parts {
            scheme: self.scheme,
            host_kind,
            host: host.as_bytes(),
            port: self.port,
            path: self.path.as_ref().map(NamePattern::borrowed),
        };
        parts.matches(address)
    }

    /// Whether it names neither a host nor a path.
    #[cfg(feature = "file")]
    pub(crate) fn takes_every_host(&self) -> bool {
        self.host == Host::Any && self.path.as_ref().is_none_or(|path| path.as_str() == "/*")
    }

    /// The pattern as written; one out of a compiled policy as it would be written in small letters.
    #[cfg(feature = "file")]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Writes its parts for a compiled policy.
    pub(crate) fn write(&self, to: &mut Writer) {
        to.option(self.scheme, Writer::byte);
        let (kind, host) = self.host.parts();
        to.byte(kind);
        to.text(host.as_bytes());
        to.option(self.port, |to, port| to.number(port.into()));
        to.option(self.path.as_ref(), |to, path| to.text(path.as_bytes()));
    }

    /// The pattern of a compiled policy.
    pub(crate) fn of_compiled(from: &mut Reader<'_>) -> Self {
        let parts = Parts::of_compiled(from);
        let mut host = String::with_capacity(parts.host.len());
        for byte in parts.host {
            if *byte > 0x7f {
                from.reject();
            }
            host.push(char::from(*byte & 0x7f));
        }
        let host = match parts.host_kind {
            ANY => Host::Any,
            EXACTLY => Host::Exactly(host),
            _ => Host::Under(host),
        };
        let path = parts.path.map(NamePattern::of);
        Self {
            #[cfg(feature = "file")]
            text: spelled(parts.scheme, &host, parts.port, path.as_ref()),
            scheme: parts.scheme,
            host,
            port: parts.port,
            path,
        }
    }
}

const ANY: u8 = 0;
const EXACTLY: u8 = 1;
const UNDER: u8 = 2;

/// A [`UrlPattern`] whose texts lie somewhere else, as in a compiled policy.
pub(crate) struct Parts<'a> {
    scheme: Option<u8>,
    host_kind: u8,
    host: &'a [u8],
    port: Option<u16>,
    path: Option<Borrowed<'a>>,
}

impl<'a> Parts<'a> {
    /// The pattern of a compiled policy.
    pub(crate) fn of_compiled(from: &mut Reader<'a>) -> Self {
        let scheme = from.flag().then(|| from.byte());
        if scheme.is_some_and(|place| usize::from(place) >= SCHEMES.len()) {
            from.reject();
        }
        Self {
            scheme,
            host_kind: from.byte(),
            host: from.text(),
            port: from.flag().then(|| from.number() as u16),
            path: from.flag().then(|| Borrowed::of_compiled(from)),
        }
    }

    /// As [`UrlPattern::matches_address`].
    pub(crate) fn matches(&self, address: &WebAddress<'_>) -> bool {
        let is = |(known, _): &(&str, u8)| address.scheme().eq_ignore_ascii_case(known.as_bytes());
        let Some((_, scheme)) = SCHEMES.into_iter().zip(0..).find(is) else {
            return false;
        };
        // Those that are encrypted stand at even places.
        let default_port = if scheme % 2 == 0 { 443 } else { 80 };
        let found_port = address.port().unwrap_or(default_port);
        self.scheme.is_none_or(|wanted| wanted == scheme)
            && self.port.is_none_or(|wanted| wanted == found_port)
            && self.matches_host(address.host())
            && self.matches_path(address)
    }

    fn matches_host(&self, host: &[u8]) -> bool {
        let host = host.strip_suffix(b".").unwrap_or(host);
        match self.host_kind {
            ANY => true,
            EXACTLY => host.eq_ignore_ascii_case(self.host),
            _ => domain_matches(host, self.host),
        }
    }

    fn matches_path(&self, address: &WebAddress<'_>) -> bool {
        self.path.is_none_or(|path| {
            if memchr(b'?', path.text()).is_none() {
                return path.matches(address.path());
            }
            let target = address.target();
            // Every path of a pattern begins with the slash that is not written there.
            let path = if target.first() == Some(&b'?') {
                path.behind(1)
            } else {
                path
            };
            path.matches(target)
        })
    }
}

/// The parts of a pattern as one text.
#[cfg(feature = "file")]
fn spelled(
    scheme: Option<u8>,
    host: &Host,
    port: Option<u16>,
    path: Option<&NamePattern>,
) -> String {
    let scheme = scheme.and_then(|place| SCHEMES.get(usize::from(place)));
    let scheme = scheme.copied().unwrap_or("*");
    let (any, host) = match host {
        Host::Any => ("*", ""),
        Host::Exactly(host) => ("", host.as_str()),
        Host::Under(host) => ("*.", host.as_str()),
    };
    let port = port.map_or_else(String::new, |port| format!(":{port}"));
    let path = path.map_or("", NamePattern::as_str);
    format!("{scheme}://{any}{host}{port}{path}")
}

impl Host {
    fn parse(text: &str) -> Option<Self> {
        let lower = text.to_ascii_lowercase();
        match lower.strip_prefix("*.") {
            _ if lower == "*" => Some(Self::Any),
            Some(domain) if is_domain(domain) => Some(Self::Under(domain.to_owned())),
            None if is_domain(&lower) || is_ipv6(&lower) => Some(Self::Exactly(lower)),
            _ => None,
        }
    }

    /// Its number in a compiled policy, and the domain.
    fn parts(&self) -> (u8, &str) {
        match self {
            Self::Any => (ANY, ""),
            Self::Exactly(host) => (EXACTLY, host),
            Self::Under(host) => (UNDER, host),
        }
    }
}

fn is_domain(text: &str) -> bool {
    is_domain_of(text.as_bytes(), usize::MAX)
}

fn is_ipv6(text: &str) -> bool {
    text.strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
        .is_some_and(|inner| {
            !inner.is_empty()
                && inner
                    .bytes()
                    .all(|b| b.is_ascii_hexdigit() || matches!(b, b':' | b'.'))
        })
}

/// What stands before the first `://`, and what behind it.
fn split_scheme(text: &str) -> Option<(&str, &str)> {
    let at = text.as_bytes().windows(3).position(|end| end == b"://")?;
    Some((text.get(..at)?, text.get(at + 3..)?))
}

/// What stands before the first byte of that kind, and the rest that begins with it.
fn split_before(text: &str, byte: u8) -> (&str, &str) {
    let at = text.bytes().position(|b| b == byte);
    let split = at.and_then(|at| text.split_at_checked(at));
    split.unwrap_or((text, ""))
}

fn split_port(authority: &str) -> Option<(&str, Option<u16>)> {
    let after_host = authority.bytes().rposition(|b| b == b']');
    let after_host = after_host.map_or(0, |at| at + 1);
    let (_, port) = split_before(authority.get(after_host..)?, b':');
    match port.as_bytes() {
        [] => Some((authority, None)),
        [_, digits @ ..] => {
            let host = authority.get(..authority.len() - port.len())?;
            Some((host, Some(decimal::port(digits)?)))
        }
    }
}

impl std::str::FromStr for UrlPattern {
    type Err = UrlPatternError;

    fn from_str(text: &str) -> Result<Self, UrlPatternError> {
        Self::parse(text)
    }
}

#[cfg(feature = "file")]
impl fmt::Display for UrlPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(feature = "file")]
impl fmt::Debug for UrlPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "UrlPattern({})", self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn addresses_match_by_scheme_host_port_and_path() {
        for (pattern, url, expected) in [
            ("https://a.example", "https://a.example/x?y", true),
            ("https://a.example", "http://a.example/", false),
            ("https://a.example", "https://b.a.example/", false),
            ("https://a.example", "https://a.example.:443/", true),
            ("*://a.example/", "http://a.example", true),
            ("*://a.example/", "wss://A.EXAMPLE/?q", true),
            ("*://a.example/", "ftp://a.example/", false),
            ("*://a.example/", "https://a.example/x", false),
            ("https://*.a.example/x*", "https://a.example/xy", true),
            ("https://*.a.example/x*", "https://c.b.a.example/x", true),
            ("https://*.a.example/x*", "https://ba.example/x", false),
            (
                "https://a.example/t.js",
                "https://a.example/t.js?id=1",
                true,
            ),
            (
                "https://a.example/t.js?id=*",
                "https://a.example/t.js?id=1",
                true,
            ),
            (
                "https://a.example/t.js?id=*",
                "https://a.example/t.js",
                false,
            ),
            ("https://a.example:8443", "https://a.example/", false),
            ("https://a.example:443", "https://a.example/", true),
            ("https://[::1]:80/", "https://[::1]:80/", true),
            ("https://*/ads/*", "https://any.example/ads/1", true),
            ("https://a.example", "https://a.example@b.example/", false),
            (
                "https://a.example",
                "https://b.example/https://a.example/",
                false,
            ),
            ("https://a.example", "not an address", false),
        ] {
            let parsed = UrlPattern::parse(pattern).unwrap();
            assert_eq!(parsed.matches(url.as_bytes()), expected, "{pattern} {url}");
        }
    }

    #[test]
    fn what_is_no_pattern_says_which_part_is_wrong() {
        for (pattern, part) in [
            ("a.example", "://"),
            ("ftp://a.example", "scheme"),
            ("https://", "host"),
            ("https://a..example", "host"),
            ("https://a.*.example", "host"),
            ("https://*a.example", "host"),
            ("https://user@a.example", "host"),
            ("https://a.example:65536/", "port"),
            ("https://a.example:+1/", "port"),
            ("https://a.example:/", "port"),
            ("https://a.example/ x", "path"),
            ("https://a.example/**", "path"),
        ] {
            let error = UrlPattern::parse(pattern).unwrap_err();
            assert!(error.problem.contains(part), "{pattern}: {error}");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_panic(pattern in "\\PC*", url: Vec<u8>) {
            if let Ok(pattern) = UrlPattern::parse(&pattern) {
                pattern.matches(&url);
            }
        }
    }
}
