//! The cookies we set ourselves, above all the one that remembers the choice.

use crate::decimal::push_decimal;
use crate::{ConsentCookie, Lifetime, Timestamp};

use super::{Context, Oddity, Rejection, SameSite, SetCookie};

/// A cookie of our own, to be written as plainly as RFC 6265bis section 4.1 asks of servers.
///
/// ```
/// use placet::Lifetime;
/// use placet::set_cookie::{OwnCookie, SameSite};
///
/// let cookie = OwnCookie {
///     name: "placet",
///     value: "1.a3f",
///     domain: Some("shop.example"),
///     path: "/",
///     same_site: SameSite::Lax,
///     secure: true,
///     http_only: false,
///     lifetime: Lifetime::Seconds(180 * 86_400),
/// };
/// assert_eq!(
///     cookie.header()?,
///     "placet=1.a3f; SameSite=Lax; Secure; Path=/; Domain=shop.example; Max-Age=15552000"
/// );
/// # Ok::<(), placet::set_cookie::CannotSet>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OwnCookie<'a> {
    /// The name, a token.
    pub name: &'a str,
    /// The value, of cookie-octets: visible ASCII without quotes, commas, semicolons and
    /// backslashes.
    pub value: &'a str,
    /// The domain whose hosts get the cookie; host-only without one. A dot before it is left out.
    pub domain: Option<&'a str>,
    /// The path the cookie is sent under, beginning with a slash.
    pub path: &'a str,
    /// Which cross-site requests carry the cookie.
    pub same_site: SameSite,
    /// Whether the cookie is sent over secure connections only.
    pub secure: bool,
    /// Whether the cookie is kept from scripts.
    pub http_only: bool,
    /// How long the cookie lives, at most [`Lifetime::LONGEST_STORED`].
    pub lifetime: Lifetime,
}

impl<'a> OwnCookie<'a> {
    /// The consent cookie as the policy has it, with this value and lifetime; scripts may read it.
    pub fn consent(declared: &'a ConsentCookie, value: &'a str, lifetime: Lifetime) -> Self {
        Self {
            name: &declared.name,
            value,
            domain: declared.domain.as_deref(),
            path: &declared.path,
            same_site: declared.same_site,
            secure: declared.secure,
            http_only: false,
            lifetime,
        }
    }

    /// The `Set-Cookie` value.
    ///
    /// # Errors
    ///
    /// When a browser would refuse the line, read anything in it differently, or when it is odd in
    /// a way that other readers might take differently.
    pub fn header(&self) -> Result<String, CannotSet> {
        let header = self.written();
        self.check(header.as_bytes())?;
        Ok(header)
    }

    /// The line, unchecked.
    pub(crate) fn written(&self) -> String {
        let mut line = String::with_capacity(160);
        let mut push = |texts: [&str; 2]| texts.into_iter().for_each(|text| line.push_str(text));
        push([self.name, "="]);
        push([self.value, ""]);
        if self.http_only {
            push(["; HttpOnly", ""]);
        }
        if self.same_site != SameSite::Default {
            push(["; SameSite=", self.same_site.as_str()]);
        }
        if self.secure {
            push(["; Secure", ""]);
        }
        push(["; Path=", self.path]);
        if let Some(domain) = self.domain {
            push(["; Domain=", domain.strip_prefix('.').unwrap_or(domain)]);
        }
        if let Lifetime::Seconds(seconds) = self.lifetime {
            push(["; Max-Age=", ""]);
            push_decimal(&mut line, seconds);
        }
        line
    }

    /// Reads the line back as a browser would.
    fn check(&self, header: &[u8]) -> Result<(), CannotSet> {
        let context = Context::without_address();
        let read = SetCookie::parse(header).evaluate(Timestamp::UNIX_EPOCH, &context);
        if let Some(rejection) = read.rejection {
            return Err(CannotSet::Rejected(rejection));
        }
        if let Some(oddity) = read.oddities.iter().next() {
            return Err(CannotSet::Odd(oddity));
        }
        let domain = self.domain.map(str::to_ascii_lowercase);
        let domain = domain
            .as_deref()
            .map(|domain| domain.strip_prefix('.').unwrap_or(domain));
        let same = read.name == self.name.as_bytes()
            && read.value == self.value.as_bytes()
            && read.domain.as_deref() == domain.map(str::as_bytes)
            && read.path == self.path.as_bytes()
            && read.same_site == self.same_site
            && read.secure == self.secure
            && read.http_only == self.http_only
            && read.lifetime == self.lifetime;
        if same {
            Ok(())
        } else {
            Err(CannotSet::ReadDifferently)
        }
    }
}

/// Why a cookie of our own is not written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CannotSet {
    /// A browser would not store it.
    #[error("a browser would not store this cookie: {0}")]
    Rejected(Rejection),
    /// It would be stored, but is not written as RFC 6265bis section 4.1 asks.
    #[error("readers may disagree about this cookie: {0}")]
    Odd(Oddity),
    /// A part holds a separator or white space at its ends, so that other attributes or values
    /// result.
    #[error(
        "a browser would read other values than the given ones; expected no semicolon, and no white space at an end"
    )]
    ReadDifferently,
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: OwnCookie<'static> = OwnCookie {
        name: "placet",
        value: "1.a3f",
        domain: None,
        path: "/",
        same_site: SameSite::Lax,
        secure: true,
        http_only: false,
        lifetime: Lifetime::LONGEST_STORED,
    };

    #[test]
    fn a_sound_cookie_is_written() {
        for (cookie, expected) in [
            (
                PLAIN,
                "placet=1.a3f; SameSite=Lax; Secure; Path=/; Max-Age=34560000",
            ),
            (
                OwnCookie {
                    lifetime: Lifetime::Session,
                    same_site: SameSite::Default,
                    secure: false,
                    http_only: true,
                    path: "/app",
                    ..PLAIN
                },
                "placet=1.a3f; HttpOnly; Path=/app",
            ),
            (
                OwnCookie {
                    domain: Some(".Shop.example"),
                    ..PLAIN
                },
                "placet=1.a3f; SameSite=Lax; Secure; Path=/; Domain=Shop.example; Max-Age=34560000",
            ),
            (
                OwnCookie {
                    name: "__Host-placet",
                    value: "",
                    same_site: SameSite::None,
                    lifetime: Lifetime::Seconds(60),
                    ..PLAIN
                },
                "__Host-placet=; SameSite=None; Secure; Path=/; Max-Age=60",
            ),
        ] {
            assert_eq!(cookie.header().as_deref(), Ok(expected));
        }
    }

    #[test]
    fn a_cookie_that_browsers_would_read_differently_is_not_written() {
        use CannotSet::{Odd, ReadDifferently, Rejected};
        let cases = [
            (
                OwnCookie {
                    value: "1; Domain=evil.example",
                    ..PLAIN
                },
                ReadDifferently,
            ),
            (
                OwnCookie {
                    value: "1;secure",
                    ..PLAIN
                },
                Odd(Oddity::DuplicateAttribute),
            ),
            (
                OwnCookie {
                    value: "1; HttpOnly",
                    ..PLAIN
                },
                ReadDifferently,
            ),
            (
                OwnCookie {
                    value: " 1",
                    ..PLAIN
                },
                ReadDifferently,
            ),
            (
                OwnCookie {
                    name: "a=b",
                    ..PLAIN
                },
                ReadDifferently,
            ),
            (
                OwnCookie {
                    path: "/a;HttpOnly",
                    ..PLAIN
                },
                ReadDifferently,
            ),
            (
                OwnCookie {
                    value: "a b",
                    ..PLAIN
                },
                Odd(Oddity::WhitespaceInValue),
            ),
            (
                OwnCookie {
                    value: "ü",
                    ..PLAIN
                },
                Odd(Oddity::NonAscii),
            ),
            (OwnCookie { name: "", ..PLAIN }, Odd(Oddity::Nameless)),
            (
                OwnCookie {
                    name: "a b",
                    ..PLAIN
                },
                Odd(Oddity::NameNotToken),
            ),
            (
                OwnCookie {
                    path: "app",
                    ..PLAIN
                },
                Odd(Oddity::RelativePath),
            ),
            (
                OwnCookie {
                    lifetime: Lifetime::Seconds(34_560_001),
                    ..PLAIN
                },
                Odd(Oddity::LifetimeCapped),
            ),
            (
                OwnCookie {
                    value: "1\r\nX: y",
                    ..PLAIN
                },
                Rejected(Rejection::ControlCharacter),
            ),
            (
                OwnCookie {
                    secure: false,
                    same_site: SameSite::None,
                    ..PLAIN
                },
                Rejected(Rejection::SameSiteNoneNotSecure),
            ),
            (
                OwnCookie {
                    name: "__Host-placet",
                    path: "/app",
                    ..PLAIN
                },
                Rejected(Rejection::HostPrefix),
            ),
            (
                OwnCookie {
                    domain: Some("com"),
                    ..PLAIN
                },
                Rejected(Rejection::PublicSuffix),
            ),
        ];
        for (cookie, expected) in cases {
            assert_eq!(cookie.header(), Err(expected), "{cookie:?}");
        }
    }
}
