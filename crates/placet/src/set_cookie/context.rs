//! What a browser knows when a cookie arrives, as far as it decides about one cookie alone.

use std::borrow::Cow;
use std::fmt;

use crate::search::memrchr;

use crate::WebAddress;
use crate::web_address::is_ip_address;

/// Through which door a cookie came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Api {
    /// A `Set-Cookie` field of an HTTP response.
    #[default]
    Http,
    /// A script: `document.cookie` or `cookieStore`, the "non-HTTP" APIs of RFC 6265bis.
    Dom,
}

/// A predicate that says whether a lower-case domain is a public suffix, such as `co.uk`.
pub type PublicSuffixes<'a> = &'a (dyn Fn(&[u8]) -> bool + Sync);

/// The request that a cookie answers, the API it came through, and the public suffixes the caller
/// knows.
///
/// RFC 6265bis leaves to the browser what a "secure" connection is. Here it is `https`, `wss`, and
/// any scheme on a loopback host (`localhost`, names under it, `127.0.0.0/8`, `[::1]`), as in
/// Chromium and Firefox; Safari asks for encryption there too, which the oddity
/// `secure-on-loopback` says.
///
/// No list of public suffixes lives here. A single label such as `com` always counts as one; the
/// caller adds the rest with [`Context::with_public_suffixes`].
#[derive(Clone)]
pub struct Context<'a> {
    host: Option<Cow<'a, [u8]>>,
    host_is_ip: bool,
    secure: Option<Security>,
    default_path: &'a [u8],
    api: Api,
    public_suffixes: Option<PublicSuffixes<'a>>,
}

/// Why a connection counts as secure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Security {
    Encrypted,
    Loopback,
}

impl<'a> Context<'a> {
    /// A response to a request for `address`.
    pub fn new(address: &WebAddress<'a>) -> Self {
        let host = address.host();
        Self {
            host: Some(lower_case(host)),
            host_is_ip: is_ip_address(host),
            secure: if address.is_encrypted() {
                Some(Security::Encrypted)
            } else if address.is_loopback() {
                Some(Security::Loopback)
            } else {
                None
            },
            default_path: default_path(address.path()),
            api: Api::Http,
            public_suffixes: None,
        }
    }

    /// A response to a request nobody recorded: the connection passes for encrypted, the path for
    /// `/`, and any `Domain` is taken at its word.
    pub fn without_address() -> Self {
        Self {
            host: None,
            host_is_ip: false,
            secure: Some(Security::Encrypted),
            default_path: b"/",
            api: Api::Http,
            public_suffixes: None,
        }
    }

    /// The same request, with the cookie set through `api`.
    #[must_use]
    pub fn with_api(mut self, api: Api) -> Self {
        self.api = api;
        self
    }

    /// The same request, with the public suffixes that the caller knows beyond single labels.
    #[must_use]
    pub fn with_public_suffixes(mut self, is_one: PublicSuffixes<'a>) -> Self {
        self.public_suffixes = Some(is_one);
        self
    }

    /// The host of the request in lower case, if it is known.
    pub fn host(&self) -> Option<&[u8]> {
        self.host.as_deref()
    }

    /// The path a cookie without a usable `Path` gets (RFC 6265bis section 5.1.4).
    pub fn default_path(&self) -> &'a [u8] {
        self.default_path
    }

    /// The API the cookie came through.
    pub fn api(&self) -> Api {
        self.api
    }

    pub(super) fn secure(&self) -> Option<Security> {
        self.secure
    }

    /// Whether the host domain-matches a lower-case `domain` (RFC 6265bis section 5.1.3); true when
    /// the host is not known.
    pub(super) fn host_matches(&self, domain: &[u8]) -> bool {
        let Some(host) = self.host() else { return true };
        let Some(under) = host.strip_suffix(domain) else {
            return false;
        };
        under.is_empty() || (under.last() == Some(&b'.') && !self.host_is_ip)
    }

    /// Whether a lower-case `domain` is shared by unrelated sites; an IP address never is.
    pub(super) fn is_public_suffix(&self, domain: &[u8]) -> bool {
        let single_label = memrchr(b'.', domain).is_none();
        let known = self.public_suffixes.is_some_and(|is_one| is_one(domain));
        (single_label || known) && !is_ip_address(domain)
    }
}

impl fmt::Debug for Context<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context")
            .field("host", &self.host().map(String::from_utf8_lossy))
            .field("secure", &self.secure)
            .field("default_path", &String::from_utf8_lossy(self.default_path))
            .field("api", &self.api)
            .field("public_suffixes", &self.public_suffixes.is_some())
            .finish()
    }
}

/// The bytes in lower case, copied only when one is not.
pub(super) fn lower_case(bytes: &[u8]) -> Cow<'_, [u8]> {
    if bytes.iter().any(u8::is_ascii_uppercase) {
        Cow::Owned(bytes.to_ascii_lowercase())
    } else {
        Cow::Borrowed(bytes)
    }
}

/// The directory of a request path, without its last slash (RFC 6265bis section 5.1.4).
fn default_path(path: &[u8]) -> &[u8] {
    match memrchr(b'/', path) {
        Some(last) if last > 0 && path.first() == Some(&b'/') => path.split_at(last).0,
        _ => b"/",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_path_is_the_directory_of_the_request() {
        for (path, expected) in [
            (&b"/"[..], &b"/"[..]),
            (b"/page", b"/"),
            (b"/shop/", b"/shop"),
            (b"/shop/cart", b"/shop"),
            (b"/a//b", b"/a/"),
            (b"//", b"/"),
            (b"page", b"/"),
            (b"a/b", b"/"),
            (b"", b"/"),
        ] {
            assert_eq!(default_path(path), expected, "{path:?}");
        }
    }

    #[test]
    fn a_host_matches_itself_and_its_parents_but_an_address_only_itself() {
        for (host, domain, expected) in [
            ("www.shop.example", "shop.example", true),
            ("shop.example", "shop.example", true),
            ("WWW.Shop.Example", "shop.example", true),
            ("myshop.example", "shop.example", false),
            ("shop.example", "www.shop.example", false),
            ("www.shop.example", ".shop.example", false),
            ("127.0.0.1", "127.0.0.1", true),
            ("127.0.0.1", "0.0.1", false),
            ("[2001:db8::1]", "[2001:db8::1]", true),
        ] {
            let url = format!("http://{host}/");
            let context = Context::new(&WebAddress::parse(url.as_bytes()).unwrap());
            assert_eq!(
                context.host_matches(domain.as_bytes()),
                expected,
                "{host} {domain}"
            );
        }
    }

    #[test]
    fn single_labels_and_what_the_caller_names_are_public_suffixes() {
        let context = Context::without_address().with_public_suffixes(&|d| d == b"co.uk");
        for (domain, expected) in [
            ("com", true),
            ("co.uk", true),
            ("shop.example", false),
            ("[::1]", false),
        ] {
            assert_eq!(
                context.is_public_suffix(domain.as_bytes()),
                expected,
                "{domain}"
            );
        }
    }
}
