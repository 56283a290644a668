//! The address of a site as somebody types it, read before a browser is started for it.

use placet_audit::without_values;
use url::Url;

/// Why something is no address of a site. None of them shows a password.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// It is of another scheme.
    #[error("found an address that begins with `{found}:`; expected `https://` or `http://`")]
    Scheme {
        /// The scheme.
        found: String,
    },
    /// Something else than two slashes follows the scheme.
    #[error(
        "found `{found}`; expected two slashes after `{scheme}:`, as in `{scheme}://example.com/`"
    )]
    Slashes {
        /// What was given.
        found: String,
        /// The scheme.
        scheme: String,
    },
    /// It names no host.
    #[error(
        "found the address `{found}`, which names no host; expected one like `{scheme}://example.com/`"
    )]
    NoHost {
        /// What was given.
        found: String,
        /// The scheme.
        scheme: String,
    },
    /// It holds a user name or a password.
    #[error(
        "found a user name or password in the address of `{host}`; expected the address without, \
         as a visitor of the audit never logs in"
    )]
    UserInfo {
        /// The host and port.
        host: String,
    },
    /// Its port is none.
    #[error(
        "found the port `{found}` in `{address}`; expected a number from 1 to 65535, or no port"
    )]
    Port {
        /// The port.
        found: String,
        /// What was given.
        address: String,
    },
    /// Browsers do not read it.
    #[error(
        "found `{found}`, which is no address ({why}); expected one like `https://example.com/`"
    )]
    NoAddress {
        /// What was given.
        found: String,
        /// What is wrong with it.
        why: url::ParseError,
    },
}

/// The address as browsers write it: scheme and host in lower case, a host of other letters in
/// Punycode.
///
/// # Errors
///
/// [`AddressError`] where no site can be meant, and where browsers would read another one than was
/// written: they take the `path` of `https:///path` for a host.
///
/// ```
/// use placet_live::read_address;
///
/// assert_eq!(read_address("HTTP://Bücher.example").unwrap(), "http://xn--bcher-kva.example/");
/// assert!(read_address("https://ann:secret@shop.example/").is_err());
/// ```
pub fn read_address(given: &str) -> Result<String, AddressError> {
    let given = given.trim();
    // What stands before an `@` may be a password wherever somebody has put it.
    let found = || match given.rsplit_once('@') {
        Some((_, after)) => format!("…@{}", without_values(after)),
        None => without_values(given),
    };
    let (scheme, rest) = given.split_once(':').unwrap_or(("", given));
    let scheme = scheme.to_ascii_lowercase();
    if !matches!(&*scheme, "http" | "https") {
        return Err(AddressError::Scheme { found: scheme });
    }
    let Some(rest) = rest.strip_prefix("//") else {
        let found = found();
        return Err(AddressError::Slashes { found, scheme });
    };
    let end = rest.find(['/', '\\', '?', '#']).unwrap_or(rest.len());
    let authority = rest.get(..end).unwrap_or_default();
    if let Some((_, host)) = authority.rsplit_once('@') {
        let host = host.to_owned();
        return Err(AddressError::UserInfo { host });
    }
    // The colons of an address of IP version 6 stand in brackets.
    let port = match authority.rsplit_once(':') {
        Some((_, after)) if after.contains(']') => None,
        other => other,
    };
    if port.map_or(authority, |(host, _)| host).is_empty() {
        let found = found();
        return Err(AddressError::NoHost { found, scheme });
    }
    if let Some((_, port)) = port
        && !port.parse::<u16>().is_ok_and(|port| port > 0)
    {
        return Err(AddressError::Port {
            found: port.to_owned(),
            address: found(),
        });
    }
    match Url::parse(given) {
        Ok(url) => Ok(url.into()),
        Err(why) => Err(AddressError::NoAddress {
            found: found(),
            why,
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn addresses_are_read_as_browsers_write_them() {
        for (given, expected) in [
            ("HTTP://Example.com", "http://example.com/"),
            (
                "https://example.com:8443/a?b=c",
                "https://example.com:8443/a?b=c",
            ),
            (
                "http://b\u{fc}cher.example/",
                "http://xn--bcher-kva.example/",
            ),
            ("http://[::1]:8080/", "http://[::1]:8080/"),
            ("http://[::1]/", "http://[::1]/"),
            (" https://example.com ", "https://example.com/"),
            ("http://example.com/@me:1", "http://example.com/@me:1"),
        ] {
            assert_eq!(read_address(given).as_deref(), Ok(expected), "{given}");
        }
    }

    #[test]
    fn what_no_site_can_be_meant_by_is_told_without_a_password() {
        for (given, expected) in [
            (
                "http://",
                "found the address `http://`, which names no host; expected one like `http://example.com/`",
            ),
            (
                "https:///path",
                "found the address `https:///path`, which names no host; expected one like `https://example.com/`",
            ),
            (
                "https://:443/",
                "found the address `https://:443/`, which names no host; expected one like `https://example.com/`",
            ),
            (
                "https:/example.com",
                "found `https:…`; expected two slashes after `https:`, as in `https://example.com/`",
            ),
            (
                "https:///ann:secret@shop.example/",
                "found the address `…@shop.example/`, which names no host; expected one like `https://example.com/`",
            ),
            (
                "ftp://example.com/",
                "found an address that begins with `ftp:`; expected `https://` or `http://`",
            ),
            (
                "https://ann:secret@shop.example:8443/",
                "found a user name or password in the address of `shop.example:8443`; expected the address without, as a visitor of the audit never logs in",
            ),
            (
                "https://ann:secret@",
                "found a user name or password in the address of ``; expected the address without, as a visitor of the audit never logs in",
            ),
            (
                "http://example.com:99999/",
                "found the port `99999` in `http://example.com:99999/`; expected a number from 1 to 65535, or no port",
            ),
            (
                "http://example.com:0/",
                "found the port `0` in `http://example.com:0/`; expected a number from 1 to 65535, or no port",
            ),
            (
                "http://example.com:/",
                "found the port `` in `http://example.com:/`; expected a number from 1 to 65535, or no port",
            ),
            (
                "http://exa mple.com/?token=secret",
                "found `http://exa mple.com/?token=…`, which is no address (invalid international domain name); expected one like `https://example.com/`",
            ),
            (
                "http://[::1",
                "found `http://[::1`, which is no address (invalid IPv6 address); expected one like `https://example.com/`",
            ),
        ] {
            let error = read_address(given).map_err(|error| error.to_string());
            assert_eq!(error, Err(expected.to_owned()), "{given}");
        }
    }

    proptest! {
        #[test]
        fn a_password_is_never_told(before in "[ -~]{0,9}", scheme in "https?:/{0,3}", rest in "[ -~]{0,20}") {
            let given = format!("{before}{scheme}ann:PASS-word@{rest}");
            if let Err(error) = read_address(&given) {
                prop_assert!(!error.to_string().contains("PASS-word"), "{given}: {error}");
            }
        }

        #[test]
        fn anything_is_an_address_or_an_error(given in ".{0,60}") {
            if let Ok(address) = read_address(&given) {
                prop_assert_eq!(read_address(&address), Ok(address.clone()));
            }
        }
    }
}
