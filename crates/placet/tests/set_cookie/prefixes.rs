//! Name prefixes and the promises they make.

use placet::set_cookie::Api;

use super::{codes, outcome, received, received_through};

fn check(rows: &[(&str, &str)]) {
    for &(line, expected) in rows {
        received("https://shop.example/", line.as_bytes(), |cookie| {
            assert_eq!(outcome(&cookie), expected, "{line}");
        });
    }
}

/// Section 5.7, the steps about `__Secure-` and `__Host-`.
#[test]
fn secure_and_host_prefixes_hold_browsers_to_their_promise() {
    check(&[
        ("__Secure-a=1; Secure", "stored"),
        (
            "__Secure-a=1; Secure; Domain=shop.example; Path=/x",
            "stored",
        ),
        ("__Secure-a=1", "secure-prefix"),
        ("__Secure-a=1; HttpOnly", "secure-prefix"),
        ("__Secure-=1", "secure-prefix"),
        ("__Host-a=1; Secure; Path=/", "stored"),
        ("__Host-a=1; Path=/; Secure; HttpOnly; Max-Age=60", "stored"),
        ("__Host-a=1; Secure; Path=/; Domain=", "stored"),
        ("__Host-a=1; Secure; Path=/x; Path=/", "stored"),
        ("__Host-a=1; Path=/", "host-prefix"),
        ("__Host-a=1; Secure", "host-prefix"),
        ("__Host-a=1; Secure; Path", "host-prefix"),
        ("__Host-a=1; Secure; Path=", "host-prefix"),
        ("__Host-a=1; Secure; Path=x", "host-prefix"),
        ("__Host-a=1; Secure; Path=/x", "host-prefix"),
        ("__Host-a=1; Secure; Path=/; Path=/x", "host-prefix"),
        (
            "__Host-a=1; Secure; Path=/; Domain=shop.example",
            "host-prefix",
        ),
        ("__Host-a=1; Secure; Path=//", "host-prefix"),
        ("_Host-a=1", "stored"),
        ("__Hosta=1", "stored"),
        ("x__Host-a=1", "stored"),
        ("__%48ost-a=1", "stored"),
    ]);
}

/// The layered cookies draft, "Store a Cookie": `__Http-` and `__Host-Http-`.
#[test]
fn http_prefixes_hold_browsers_to_their_promise() {
    check(&[
        ("__Http-a=1; Secure; HttpOnly", "stored"),
        (
            "__Http-a=1; Secure; HttpOnly; Domain=shop.example; Path=/x",
            "stored",
        ),
        ("__Http-a=1; Secure", "http-prefix"),
        ("__Http-a=1; HttpOnly", "http-prefix"),
        ("__Host-Http-a=1; Secure; HttpOnly; Path=/", "stored"),
        ("__Host-Http-a=1; Secure; Path=/", "host-http-prefix"),
        ("__Host-Http-a=1; HttpOnly; Path=/", "host-http-prefix"),
        ("__Host-Http-a=1; Secure; HttpOnly", "host-http-prefix"),
        (
            "__Host-Http-a=1; Secure; HttpOnly; Path=/x",
            "host-http-prefix",
        ),
        (
            "__Host-Http-a=1; Secure; HttpOnly; Path=/; Domain=shop.example",
            "host-http-prefix",
        ),
        ("__Host-Httpa=1; Secure; Path=/", "stored"),
    ]);
}

/// Section 5.7: compared without regard to case, as servers that fold case would be fooled
/// otherwise.
#[test]
fn a_prefix_in_any_case_is_a_prefix() {
    check(&[
        ("__secure-a=1", "secure-prefix"),
        ("__SECURE-a=1; Secure", "stored"),
        ("__hOsT-a=1; Secure", "host-prefix"),
        ("__http-a=1; Secure", "http-prefix"),
        ("__HOST-HTTP-a=1; Secure; Path=/", "host-http-prefix"),
    ]);
    for (line, oddities) in [
        ("__secure-a=1; Secure", "prefix-wrong-case"),
        (
            "__Host-http-a=1; Secure; HttpOnly; Path=/",
            "prefix-wrong-case",
        ),
        ("__Host-a=1; Secure; Path=/", ""),
    ] {
        received("https://shop.example/", line.as_bytes(), |cookie| {
            assert_eq!(codes(&cookie), oddities, "{line}");
        });
    }
}

/// Section 5.7, last step before the jar: sent back as a bare value, it would pass for a prefixed
/// cookie.
#[test]
fn a_nameless_cookie_may_not_look_prefixed() {
    check(&[
        ("__Secure-a", "nameless-prefix"),
        ("=__Secure-a=1; Secure", "nameless-prefix"),
        ("=__Host-a=1; Secure; Path=/", "nameless-prefix"),
        ("=__http-a", "nameless-prefix"),
        ("__HOST-Http-a; Secure; HttpOnly; Path=/", "nameless-prefix"),
        ("=_Host-a", "stored"),
        ("a=__Host-b", "stored"),
    ]);
}

/// Section 5.7: what came first in the steps is the reason given.
#[test]
fn over_plain_http_and_from_scripts_no_promise_can_be_kept() {
    for (line, expected) in [
        ("__Secure-a=1; Secure", "secure-from-insecure-origin"),
        ("__Secure-a=1", "secure-prefix"),
        ("__Host-a=1; Secure; Path=/", "secure-from-insecure-origin"),
        ("__Host-a=1; Path=/", "host-prefix"),
    ] {
        received("http://shop.example/", line.as_bytes(), |cookie| {
            assert_eq!(outcome(&cookie), expected, "{line}");
        });
    }
    for (line, expected) in [
        ("__Http-a=1; Secure; HttpOnly", "http-only-from-script"),
        ("__Http-a=1; Secure", "http-prefix"),
        ("__Host-a=1; Secure; Path=/", "stored"),
    ] {
        received_through(
            Api::Dom,
            "https://shop.example/",
            line.as_bytes(),
            |cookie| {
                assert_eq!(outcome(&cookie), expected, "{line}");
            },
        );
    }
}
