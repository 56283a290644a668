//! The name prefixes that make a browser check a cookie's attributes.

/// A cookie name prefix with a promise about the attributes (RFC 6265bis section 5.7, layered
/// cookies draft).
///
/// Browsers compare without regard to ASCII case, so `__HOST-sid` is held to the same promise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NamePrefix {
    /// `__Secure-`: the cookie is `Secure`.
    Secure,
    /// `__Host-`: `Secure`, no `Domain`, and `Path=/` said in so many words.
    Host,
    /// `__Http-`: `Secure` and `HttpOnly`, so that no script can have set it.
    Http,
    /// `__Host-Http-`: what `__Host-` and `__Http-` ask for together.
    HostHttp,
}

impl NamePrefix {
    // The longer `__Host-Http-` stands before `__Host-`, which it also begins with.
    const ALL: [Self; 4] = [Self::HostHttp, Self::Secure, Self::Host, Self::Http];

    /// The prefix a name begins with, in any case.
    ///
    /// ```
    /// use placet::set_cookie::NamePrefix;
    ///
    /// assert_eq!(NamePrefix::of(b"__host-http-sid"), Some(NamePrefix::HostHttp));
    /// assert_eq!(NamePrefix::of(b"__HostSid"), None);
    /// ```
    pub fn of(name: &[u8]) -> Option<Self> {
        if !name.starts_with(b"__") {
            return None;
        }
        Self::ALL.into_iter().find(|prefix| {
            name.get(..prefix.as_str().len())
                .is_some_and(|start| start.eq_ignore_ascii_case(prefix.as_str().as_bytes()))
        })
    }

    /// The prefix in the case the specification writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Secure => "__Secure-",
            Self::Host => "__Host-",
            Self::Http => "__Http-",
            Self::HostHttp => "__Host-Http-",
        }
    }

    /// Whether the prefix asks for no `Domain` and `Path=/`.
    pub const fn binds_to_host(self) -> bool {
        matches!(self, Self::Host | Self::HostHttp)
    }

    /// Whether the prefix asks for `HttpOnly`; all four ask for `Secure`.
    pub const fn asks_for_http_only(self) -> bool {
        matches!(self, Self::Http | Self::HostHttp)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_is_found_in_any_case_and_nothing_else_is() {
        for (name, expected) in [
            (&b"__Secure-a"[..], Some(NamePrefix::Secure)),
            (b"__sEcUrE-", Some(NamePrefix::Secure)),
            (b"__Host-a", Some(NamePrefix::Host)),
            (b"__HOST-a", Some(NamePrefix::Host)),
            (b"__Http-a", Some(NamePrefix::Http)),
            (b"__Host-Http-a", Some(NamePrefix::HostHttp)),
            (b"__host-httpa", Some(NamePrefix::Host)),
            (b"__Host", None),
            (b"_Host-a", None),
            (b" __Host-a", None),
            (b"__%48ost-a", None),
            (b"", None),
        ] {
            assert_eq!(NamePrefix::of(name), expected, "{name:?}");
        }
    }
}
