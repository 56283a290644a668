//! Where a request went: the parts of an absolute URL that decide about cookies and URL patterns,
//! as bytes.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::str;

use crate::decimal;
use crate::search::{memchr, memchr2, memrchr, split};

/// The scheme, host, port, path and query of an absolute URL with an authority, borrowed from its
/// bytes.
///
/// A reader for addresses that a browser or server has already recorded, not a URL normaliser: it
/// does not decode percent-escapes, resolve `..`, map international host names to their `xn--`
/// form, or read the older spellings of IPv4 addresses (`0x7f.1`). User names and passwords are
/// skipped. A backslash ends the host, as in browsers, so `https://a.example\@b.example/` is an
/// address of `a.example`.
///
/// ```
/// use placet::WebAddress;
///
/// let address = WebAddress::parse(b"https://user@Shop.example:8443/cart/?step=2#pay").expect("an absolute URL");
/// assert_eq!(address.scheme(), b"https");
/// assert_eq!(address.host(), b"Shop.example");
/// assert_eq!(address.port(), Some(8443));
/// assert_eq!(address.path(), b"/cart/");
/// assert_eq!(address.query(), Some(&b"step=2"[..]));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WebAddress<'a> {
    scheme: &'a [u8],
    host: &'a [u8],
    port: Option<u16>,
    path: &'a [u8],
    query: Option<&'a [u8]>,
    /// Both, as written.
    target: &'a [u8],
}

impl<'a> WebAddress<'a> {
    /// Reads `scheme://authority…`, or `None` when there is no scheme, no `//`, no host, or the
    /// port is not a number below 65536 (RFC 3986 section 3).
    pub fn parse(url: &'a [u8]) -> Option<Self> {
        // A target without scheme, such as `/cart`, is none by its first byte.
        if !url.first()?.is_ascii_alphabetic() {
            return None;
        }
        let scheme_byte = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.');
        let scheme_ends = url.iter().position(|b| !scheme_byte(b))?;
        let (scheme, rest) = url.split_at(scheme_ends);
        let rest = rest.strip_prefix(b"://")?;
        let authority_ends = rest
            .iter()
            .position(|b| matches!(b, b'/' | b'\\' | b'?' | b'#'))
            .unwrap_or(rest.len());
        let (authority, rest) = rest.split_at(authority_ends);
        let authority = match memrchr(b'@', authority) {
            Some(at) => split_at_found(authority, at, 1).1,
            None => authority,
        };
        let (host, port) = split_port(authority)?;
        if host.is_empty() {
            return None;
        }
        let without_fragment = match memchr(b'#', rest) {
            Some(at) => split_at_found(rest, at, 1).0,
            None => rest,
        };
        let (path, query) = match memchr(b'?', without_fragment) {
            Some(at) => {
                let (path, query) = split_at_found(without_fragment, at, 1);
                (path, Some(query))
            }
            None => (without_fragment, None),
        };
        Some(Self {
            scheme,
            host,
            port,
            path: if path.is_empty() { b"/" } else { path },
            query,
            target: without_fragment,
        })
    }

    /// The scheme as written, without the colon; compare it ignoring ASCII case.
    pub fn scheme(&self) -> &'a [u8] {
        self.scheme
    }

    /// The host as written, IPv6 addresses with their brackets; compare it ignoring ASCII case.
    pub fn host(&self) -> &'a [u8] {
        self.host
    }

    /// The port, where the URL names one.
    pub fn port(&self) -> Option<u16> {
        self.port
    }

    /// The path as written, `/` when the URL has none.
    pub fn path(&self) -> &'a [u8] {
        self.path
    }

    /// What follows the first `?`, without it and without the fragment.
    pub fn query(&self) -> Option<&'a [u8]> {
        self.query
    }

    /// Path and query as written, without the fragment: without a `/` before the `?` where the URL has none.
    pub(crate) fn target(&self) -> &'a [u8] {
        self.target
    }

    /// Whether the scheme is encrypted: `https` or `wss`.
    pub fn is_encrypted(&self) -> bool {
        self.scheme.eq_ignore_ascii_case(b"https") || self.scheme.eq_ignore_ascii_case(b"wss")
    }

    /// Whether the host is this machine: `localhost`, a name under it, `127.0.0.0/8` or `[::1]`.
    pub fn is_loopback(&self) -> bool {
        is_loopback(self.host)
    }
}

/// Whether a host name is `domain` or a name under it, ignoring ASCII case.
///
/// Domain-matching of RFC 6265bis section 5.1.3 for names; IP addresses have no names under them.
///
/// ```
/// use placet::domain_matches;
///
/// assert!(domain_matches(b"www.Shop.example", b"shop.example"));
/// assert!(!domain_matches(b"myshop.example", b"shop.example"));
/// ```
pub fn domain_matches(host: &[u8], domain: &[u8]) -> bool {
    match host.len().checked_sub(domain.len()) {
        Some(0) => host.eq_ignore_ascii_case(domain),
        Some(at) => {
            let (under, end) = host.split_at(at);
            under.last() == Some(&b'.') && end.eq_ignore_ascii_case(domain)
        }
        None => false,
    }
}

/// Whether a host is an IP address: dotted decimal IPv4, or IPv6 in brackets.
pub(crate) fn is_ip_address(host: &[u8]) -> bool {
    is_dotted_decimal(host) || ipv6(host).is_some()
}

/// Whether a text is labels of letters, digits, `-` and `_` with dots between them, none of them empty or
/// longer than that.
pub(crate) fn is_domain_of(text: &[u8], longest_label: usize) -> bool {
    let in_a_label = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
    split(text, b'.').all(|label| {
        !label.is_empty() && label.len() <= longest_label && label.iter().all(in_a_label)
    })
}

/// Whether a host is four numbers of one byte, without zeros before them.
pub(crate) fn is_dotted_decimal(host: &[u8]) -> bool {
    let is_byte = |part: &[u8]| {
        (part.len() == 1 || !part.starts_with(b"0"))
            && decimal::port(part).is_some_and(|number| number <= 255)
    };
    let mut parts = 0;
    let mut all_bytes = true;
    for part in split(host, b'.') {
        parts += 1;
        all_bytes &= is_byte(part);
    }
    parts == 4 && all_bytes
}

fn is_loopback(host: &[u8]) -> bool {
    let name = host.strip_suffix(b".").unwrap_or(host);
    let under = name.len().checked_sub(10).and_then(|at| name.get(at..));
    name.eq_ignore_ascii_case(b"localhost")
        || under.is_some_and(|end| end.eq_ignore_ascii_case(b".localhost"))
        || ipv4(host).is_some_and(|ip| ip.is_loopback())
        || ipv6(host).is_some_and(|ip| ip.is_loopback())
}

fn ipv4(host: &[u8]) -> Option<Ipv4Addr> {
    // Every dotted decimal address ends in a digit, and hardly a name does.
    if !host.last()?.is_ascii_digit() {
        return None;
    }
    str::from_utf8(host).ok()?.parse().ok()
}

fn ipv6(host: &[u8]) -> Option<Ipv6Addr> {
    let inner = host.strip_prefix(b"[")?.strip_suffix(b"]")?;
    str::from_utf8(inner).ok()?.parse().ok()
}

/// Host and port of an authority without user information; `None` when the port is not one.
fn split_port(authority: &[u8]) -> Option<(&[u8], Option<u16>)> {
    let host_ends = if authority.first() == Some(&b'[') {
        memchr(b']', authority)? + 1
    } else {
        memchr2(b':', b']', authority).unwrap_or(authority.len())
    };
    let (host, rest) = authority.split_at(host_ends);
    match rest {
        [] | [b':'] => Some((host, None)),
        [b':', digits @ ..] => Some((host, Some(decimal::port(digits)?))),
        _ => None,
    }
}

/// What precedes a match at `at` and what follows its `length` bytes.
fn split_at_found(bytes: &[u8], at: usize, length: usize) -> (&[u8], &[u8]) {
    let (before, found) = bytes.split_at(at);
    (before, found.get(length..).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    type Parts<'a> = (&'a str, &'a str, Option<u16>, &'a str, Option<&'a str>);

    fn parts(url: &str) -> Option<Parts<'_>> {
        let text = |bytes| str::from_utf8(bytes).unwrap();
        WebAddress::parse(url.as_bytes()).map(|a| {
            let query = a.query().map(text);
            (
                text(a.scheme()),
                text(a.host()),
                a.port(),
                text(a.path()),
                query,
            )
        })
    }

    #[test]
    fn the_parts_are_found_where_rfc_3986_puts_them() {
        let cases: &[(&str, Parts<'_>)] = &[
            ("http://a.example", ("http", "a.example", None, "/", None)),
            (
                "https://a.example:443/x/y?q#f",
                ("https", "a.example", Some(443), "/x/y", Some("q")),
            ),
            (
                "http://u:p@a.example/",
                ("http", "a.example", None, "/", None),
            ),
            (
                "http://u@v@a.example/",
                ("http", "a.example", None, "/", None),
            ),
            (
                "http://a.example?q=1",
                ("http", "a.example", None, "/", Some("q=1")),
            ),
            (
                "http://a.example#f?q",
                ("http", "a.example", None, "/", None),
            ),
            (
                "http://a.example\\@b.example/",
                ("http", "a.example", None, "\\@b.example/", None),
            ),
            (
                "http://[2001:db8::1]:8080/x",
                ("http", "[2001:db8::1]", Some(8080), "/x", None),
            ),
            (
                "http://a.example:/x",
                ("http", "a.example", None, "/x", None),
            ),
            (
                "chrome-extension://abc/p",
                ("chrome-extension", "abc", None, "/p", None),
            ),
            (
                "http://a.example/b?c://d",
                ("http", "a.example", None, "/b", Some("c://d")),
            ),
        ];
        for (url, expected) in cases {
            assert_eq!(parts(url), Some(*expected), "{url}");
        }
    }

    #[test]
    fn what_is_no_absolute_url_is_none() {
        for url in [
            "",
            "/path",
            "a.example/",
            "mailto:x",
            "://a",
            "1http://a",
            "http://",
            "http:///x",
            "http://:80/",
            "http://a:b/",
            "http://a:65536/",
            "http://[::1",
            "http://[::1]x/",
            "http://a]/",
            "data:text/plain,x://y",
        ] {
            assert_eq!(parts(url), None, "{url}");
        }
    }

    #[test]
    fn loopback_is_localhost_and_the_loopback_addresses() {
        for (url, expected) in [
            ("http://localhost/", true),
            ("http://LOCALHOST:3000/", true),
            ("http://app.localhost./", true),
            ("http://127.0.0.1/", true),
            ("http://127.8.8.8/", true),
            ("http://[::1]:80/", true),
            ("http://localhost.example/", false),
            ("http://notlocalhost/", false),
            ("http://128.0.0.1/", false),
            ("http://[::2]/", false),
        ] {
            let address = WebAddress::parse(url.as_bytes()).unwrap();
            assert_eq!(address.is_loopback(), expected, "{url}");
        }
    }

    proptest! {
        #[test]
        fn dotted_decimals_are_what_the_library_takes_for_ipv4(text in "(0{0,2}[0-9]{0,4}[.]?){0,6}") {
            prop_assert_eq!(is_dotted_decimal(text.as_bytes()), text.parse::<Ipv4Addr>().is_ok());
        }

        #[test]
        fn any_bytes_are_read_without_panic(url in proptest::collection::vec(any::<u8>(), 0..64)) {
            let _ = WebAddress::parse(&url);
            let mut with_scheme = b"http://".to_vec();
            with_scheme.extend_from_slice(&url);
            if let Some(address) = WebAddress::parse(&with_scheme) {
                prop_assert!(!address.host().is_empty());
                prop_assert!(!address.path().is_empty());
                let _ = address.is_loopback();
            }
        }
    }
}
