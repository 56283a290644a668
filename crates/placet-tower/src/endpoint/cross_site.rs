//! Whether a submission comes from the site itself, so that no other site can choose for its
//! visitors.
//!
//! 1. `Sec-Fetch-Site`, where it is sent: every line must be `same-origin`, or `none`, which is the
//!    visitor's own doing. Pages cannot set it. `same-site` is refused: another host of the same
//!    registrable domain may belong to somebody else.
//! 2. Else `Origin`, which older browsers and pages without TLS send with every POST: its host and
//!    port must be those the request was sent to, or it must be `https` at one of the policy's
//!    `hosts`, exactly and at the usual port, for servers behind a proxy that rewrites `Host`.
//!    `null` is refused: it is what sandboxed frames and local files send. The scheme of the
//!    request itself is not known behind a proxy; where the consent cookie is `Secure`, an origin
//!    without TLS is refused unless it is this machine, because from there the choice could not be
//!    kept anyway.
//! 3. Neither: let through. A browser sends at least one of them with a POST, so this is no browser,
//!    and nobody's cookies are at stake but those its user put there.
//!
//! These are the rules of tower-http's `Csrf`, stricter in four points: `Origin` cannot excuse a
//! refused `Sec-Fetch-Site`, an empty or repeated field is no missing one, several `Origin` or `Host`
//! lines match nothing, and `http` is told from `https` where the policy lets it be.
//!
//! # Deployment caveat
//!
//! A proxy that rewrites `Host` and a browser without `Sec-Fetch-Site` together need the public host
//! among the policy's `hosts`.

use http::header::{HOST, HeaderName, ORIGIN};
use http::request::Parts;
use placet::{Policy, WebAddress};

use super::problem::{Problem, ProblemKind, plain};

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Passes what comes from the site itself.
pub(super) fn check(request: &Parts, policy: &Policy) -> Result<(), Problem> {
    let mut told = false;
    for line in request.headers.get_all(SEC_FETCH_SITE) {
        if !matches!(line.as_bytes(), b"same-origin" | b"none") {
            return Err(refused("Sec-Fetch-Site", line.as_bytes(), "`same-origin`"));
        }
        told = true;
    }
    if told {
        return Ok(());
    }
    let mut origins = request.headers.get_all(ORIGIN).iter();
    let origin = match (origins.next(), origins.next()) {
        (None, _) => return Ok(()),
        (Some(origin), None) => origin.as_bytes(),
        (Some(_), Some(_)) => return Err(refused("Origin", b"several lines", "one line")),
    };
    let address = bare_address(origin).filter(|a| matches!(a.scheme(), b"https" | b"http"));
    let Some(address) = address else {
        return Err(refused("Origin", origin, "the origin of this site"));
    };
    let encrypted = address.is_encrypted();
    if !encrypted && policy.consent_cookie().secure && !address.is_loopback() {
        return Err(refused(
            "Origin",
            origin,
            "an origin with `https`, because the consent cookie is `Secure`",
        ));
    }
    let standard = if encrypted { 443 } else { 80 };
    let port = address.port().unwrap_or(standard);
    let is_addressed = || {
        let authority = addressed(request)?;
        let to = bare_address(&authority)?;
        let same_port = to.port().unwrap_or(standard) == port;
        Some(same_port && to.host().eq_ignore_ascii_case(address.host()))
    };
    let is_listed = || {
        let mut hosts = policy.hosts().iter();
        encrypted
            && port == standard
            && hosts.any(|host| address.host().eq_ignore_ascii_case(host.as_bytes()))
    };
    if is_addressed() == Some(true) || is_listed() {
        Ok(())
    } else {
        Err(refused("Origin", origin, "the origin of this site"))
    }
}

/// The authority the request was sent to, behind a scheme that says nothing. That of the request
/// target goes before `Host` (RFC 9112 section 3.2.2, RFC 9113 section 8.3.1).
pub(super) fn addressed(request: &Parts) -> Option<Vec<u8>> {
    let mut hosts = request.headers.get_all(HOST).iter();
    let authority = match (request.uri.authority(), hosts.next(), hosts.next()) {
        (Some(authority), ..) => authority.as_str().as_bytes(),
        (None, Some(host), None) => host.as_bytes(),
        (None, ..) => return None,
    };
    Some([b"any://", authority].concat())
}

/// An address of scheme, host and port alone.
pub(super) fn bare_address(text: &[u8]) -> Option<WebAddress<'_>> {
    let after_scheme = text.iter().skip_while(|b| **b != b':').skip(3);
    let host_byte = |b: &u8| b.is_ascii_graphic() && !b"/\\?#@%,".contains(b);
    after_scheme.clone().all(host_byte).then_some(())?;
    WebAddress::parse(text)
}

fn refused(name: &str, found: &[u8], expected: &str) -> Problem {
    Problem {
        kind: ProblemKind::CrossSite,
        field: None,
        found: format!("`{name}: {}`", plain(&String::from_utf8_lossy(found))),
        expected: format!("{expected}: a choice is only taken from the site's own pages"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::Request;
    use proptest::prelude::*;

    const HTTPS_ONLY: &str = r#"{ "revision": 1, "hosts": ["shop.example"], "services": [] }"#;
    const ANY: &str = r#"{ "revision": 1, "services": [], "consent_cookie": { "secure": false } }"#;

    fn allowed(policy: &str, uri: &str, lines: &[(&str, &str)]) -> bool {
        let policy = Policy::from_json("placet.json", policy).unwrap();
        let mut request = Request::post(uri);
        for (name, value) in lines {
            request = request.header(*name, *value);
        }
        check(&request.body(()).unwrap().into_parts().0, &policy).is_ok()
    }

    #[test]
    fn sec_fetch_site_decides_where_it_is_sent() {
        let site = |value: &'static str| ("sec-fetch-site", value);
        let own = [("host", "own.example"), ("origin", "https://own.example")];
        let evil = [("host", "own.example"), ("origin", "https://evil.example")];
        for (line, expected) in [
            ("same-origin", true),
            ("none", true),
            ("same-site", false),
            ("cross-site", false),
            ("Same-Origin", false),
            ("same-origin, none", false),
            ("", false),
        ] {
            for rest in [own, evil] {
                let lines = [&[site(line)][..], &rest].concat();
                assert_eq!(allowed(HTTPS_ONLY, "/", &lines), expected, "{line}");
            }
        }
        for order in [["same-origin", "cross-site"], ["cross-site", "none"]] {
            assert!(!allowed(ANY, "/", &order.map(site)));
        }
        let twice = [site("same-origin"), site("same-origin")];
        assert!(allowed(ANY, "/", &twice));
    }

    #[test]
    fn the_origin_must_be_the_host_and_port_that_were_asked() {
        for (host, origin, expected) in [
            ("own.example", "https://own.example", true),
            ("Own.Example", "https://own.example", true),
            ("own.example:443", "https://own.example", true),
            ("own.example", "https://own.example:443", true),
            ("own.example:8443", "https://own.example:8443", true),
            ("own.example", "http://own.example", true),
            ("own.example:80", "http://own.example", true),
            ("[::1]:3000", "http://[::1]:3000", true),
            ("own.example:443", "http://own.example", false),
            ("own.example:8443", "https://own.example", false),
            ("own.example", "https://own.example:8443", false),
            ("own.example", "https://www.own.example", false),
            ("own.example", "https://own.example.evil.example", false),
            ("own.example", "https://own.example@evil.example", false),
            ("own.example", "https://evil.example/own.example", false),
            ("own.example", "https://own.example/", false),
            ("own.example", "https://own.example?", false),
            (
                "own.example",
                "https://own.example https://evil.example",
                false,
            ),
            ("own.example", "https://evil.example\\own.example", false),
            ("own.example", "ftp://own.example", false),
            ("own.example", "own.example", false),
            ("own.example", "https://own.example:99999", false),
            ("own.example", "https://", false),
            ("own.example", "", false),
            ("own.example", "null", false),
            ("null", "null", false),
            ("evil.example@own.example", "https://own.example", false),
            ("own.example/x", "https://own.example", false),
            ("own.example:x", "https://own.example", false),
            ("", "https://own.example", false),
        ] {
            let lines = [("host", host), ("origin", origin)];
            assert_eq!(allowed(ANY, "/", &lines), expected, "{host} {origin}");
        }
    }

    #[test]
    fn the_request_target_goes_before_the_host_line_and_two_lines_match_nothing() {
        let origin = ("origin", "https://own.example");
        let host = ("host", "own.example");
        assert!(allowed(ANY, "https://own.example/x", &[origin]));
        assert!(!allowed(ANY, "https://other.example/x", &[host, origin]));
        assert!(!allowed(ANY, "/", &[origin]));
        assert!(!allowed(ANY, "/", &[host, host, origin]));
        assert!(!allowed(ANY, "/", &[host, origin, origin]));
    }

    #[test]
    fn a_host_of_the_policy_is_an_origin_behind_a_proxy() {
        for (origin, expected) in [
            ("https://shop.example", true),
            ("https://shop.example:443", true),
            ("http://shop.example", false),
            ("https://shop.example:8443", false),
            ("https://www.shop.example", false),
            ("https://ashop.example", false),
        ] {
            let lines = [("host", "10.0.0.7:3000"), ("origin", origin)];
            assert_eq!(allowed(HTTPS_ONLY, "/", &lines), expected, "{origin}");
        }
    }

    #[test]
    fn an_origin_without_tls_cannot_choose_where_the_cookie_is_secure() {
        for (host, expected) in [
            ("shop.example", false),
            ("192.168.1.5:3000", false),
            ("localhost:3000", true),
            ("127.0.0.1:3000", true),
            ("[::1]:3000", true),
        ] {
            let origin = format!("http://{host}");
            let lines = [("host", host), ("origin", &origin)];
            assert_eq!(allowed(HTTPS_ONLY, "/", &lines), expected, "{host}");
            assert!(allowed(ANY, "/", &lines), "{host}");
        }
    }

    #[test]
    fn without_either_field_it_is_no_browser() {
        assert!(allowed(HTTPS_ONLY, "/", &[]));
        assert!(allowed(HTTPS_ONLY, "/", &[("host", "own.example")]));
    }

    proptest! {
        #[test]
        fn an_origin_of_another_host_is_never_let_through(
            origin in "(https?://)?[a-z.@:/\\\\?#% ,0-9\\[\\]-]{0,24}(own\\.example)?",
            host in "own\\.example(:[0-9]{1,6})?",
        ) {
            let lines = [("host", &*host), ("origin", &*origin)];
            if allowed(ANY, "/", &lines) {
                let origin = url::Url::parse(&origin).unwrap();
                prop_assert_eq!(origin.host_str(), Some("own.example"));
            }
        }
    }
}
