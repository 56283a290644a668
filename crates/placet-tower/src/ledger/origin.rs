//! The origin of the page on which a choice was made, as far as a request can say it.
//!
//! 1. What the browser says in `Origin`, else in `Referer`, where its host is that of the request, or where
//!    it is `https` at one of the policy's `hosts`, which a proxy may have rewritten.
//! 2. That of the policy's `shared_with` which has the host of the request.
//! 3. The host of the request, with TLS where the consent cookie is `Secure`, unless it is this machine.

use http::HeaderValue;
use placet::{Policy, WebAddress};

use crate::host::Host;

/// What no origin is known of (HTML, "ASCII serialization of an origin").
const UNKNOWN: &str = "null";
/// The longest name of a host: RFC 1035 section 2.3.4.
const LONGEST_HOST: usize = 255;

/// The origin of a page that says itself to be `page`.
pub(super) fn of(page: Option<&HeaderValue>, host: &Host, policy: &Policy) -> String {
    let secure = policy.consent_cookie().secure;
    let address = [b"https://", host.authority().unwrap_or_default()].concat();
    let asked = read(&address);
    let page = page.and_then(|page| read(page.as_bytes()));
    if let Some(page) = page.filter(|page| is_own(page, asked.as_ref(), host, policy)) {
        return written(&page, page.is_encrypted());
    }
    let Some(asked) = asked else {
        return UNKNOWN.to_owned();
    };
    let shared = policy.shared_with().iter();
    let mut shared = shared.filter_map(|origin| read(origin.as_bytes()));
    if let Some(own) = shared.find(|own| is_same(own, &asked, host)) {
        return written(&own, own.is_encrypted());
    }
    written(&asked, secure && !asked.is_loopback())
}

/// An address whose host can be written.
fn read(text: &[u8]) -> Option<WebAddress<'_>> {
    let address = WebAddress::parse(text)?;
    let is_web = matches!(address.scheme(), b"https" | b"http");
    let host = address.host();
    let plain = |b: &u8| b.is_ascii_alphanumeric() || b"-._[]:".contains(b);
    (is_web && host.len() <= LONGEST_HOST && host.iter().all(plain)).then_some(address)
}

fn is_own(
    page: &WebAddress<'_>,
    asked: Option<&WebAddress<'_>>,
    host: &Host,
    policy: &Policy,
) -> bool {
    let is_listed = || {
        let mut hosts = policy.hosts().iter();
        page.is_encrypted()
            && matches!(page.port(), None | Some(443))
            && hosts.any(|own| page.host().eq_ignore_ascii_case(own.as_bytes()))
    };
    asked.is_some_and(|asked| is_same(page, asked, host)) || is_listed()
}

/// Whether an origin is that to which the request was sent, whose scheme nobody knows.
fn is_same(origin: &WebAddress<'_>, asked: &WebAddress<'_>, host: &Host) -> bool {
    let usual = if origin.is_encrypted() { 443 } else { 80 };
    let is_host = origin.host().eq_ignore_ascii_case(asked.host())
        || host
            .name()
            .is_some_and(|name| origin.host().eq_ignore_ascii_case(name));
    is_host && origin.port().unwrap_or(usual) == asked.port().unwrap_or(usual)
}

fn written(address: &WebAddress<'_>, encrypted: bool) -> String {
    let (scheme, usual) = if encrypted {
        ("https", 443)
    } else {
        ("http", 80)
    };
    let host = String::from_utf8_lossy(address.host()).to_ascii_lowercase();
    match address.port() {
        Some(port) if port != usual => format!("{scheme}://{host}:{port}"),
        _ => format!("{scheme}://{host}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: &str =
        r#"{ "revision": 1, "services": [], "consent_cookie": { "secure": false } }"#;
    const SHOP: &str = r#"{ "revision": 1, "services": [], "hosts": ["shop.example"] }"#;
    const SHARED: &str = r#"{ "revision": 1, "services": [], "consent_cookie": { "secure": false },
        "hosts": ["a.example"], "shared_with": ["https://a.example", "https://b.example:8443"] }"#;

    #[test]
    fn the_origin_is_the_best_that_is_known_and_never_another_host() {
        for (policy, page, host, expected) in [
            (
                SHOP,
                "https://shop.example",
                "shop.example",
                "https://shop.example",
            ),
            (
                SHOP,
                "https://Shop.Example:443",
                "SHOP.example",
                "https://shop.example",
            ),
            (
                SHOP,
                "https://shop.example:8443",
                "shop.example:8443",
                "https://shop.example:8443",
            ),
            (
                PLAIN,
                "http://shop.example",
                "shop.example",
                "http://shop.example",
            ),
            (
                PLAIN,
                "http://shop.example:8080",
                "shop.example:8080",
                "http://shop.example:8080",
            ),
            // A referrer, with a path.
            (
                PLAIN,
                "https://shop.example/cart?x=1",
                "shop.example",
                "https://shop.example",
            ),
            // Another one counts for nothing.
            (
                SHOP,
                "https://evil.example",
                "shop.example",
                "https://shop.example",
            ),
            (
                PLAIN,
                "https://shop.example@evil.example",
                "shop.example",
                "http://shop.example",
            ),
            (
                SHOP,
                "https://shop.example:8443",
                "10.0.0.7",
                "https://10.0.0.7",
            ),
            (SHOP, "http://shop.example", "10.0.0.7", "https://10.0.0.7"),
            (SHOP, "null", "shop.example", "https://shop.example"),
            // A proxy rewrote the host.
            (
                SHOP,
                "https://shop.example",
                "10.0.0.7:3000",
                "https://shop.example",
            ),
            (SHARED, "", "a.example", "https://a.example"),
            (SHARED, "", "b.example:8443", "https://b.example:8443"),
            (SHARED, "", "b.example", "http://b.example"),
            (SHOP, "", "shop.example.", "https://shop.example."),
            (SHOP, "", "localhost:3000", "http://localhost:3000"),
            (SHOP, "", "[::1]:3000", "http://[::1]:3000"),
            (PLAIN, "", "shop.example", "http://shop.example"),
            (SHOP, "", "", "null"),
            (SHOP, "", "a b", "null"),
            (SHOP, "", "<script>", "null"),
        ] {
            let policy = Policy::from_json("placet.json", policy).unwrap();
            let line = (!page.is_empty()).then(|| HeaderValue::from_str(page).unwrap());
            let host_line = Host::Line(HeaderValue::from_str(host).unwrap());
            let found = of(line.as_ref(), &host_line, &policy);
            assert_eq!(found, expected, "{page} {host}");
        }
        let policy = Policy::from_json("placet.json", SHOP).unwrap();
        assert_eq!(of(None, &Host::Unknown, &policy), "null");
    }
}
