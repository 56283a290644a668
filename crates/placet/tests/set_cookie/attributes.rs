//! The flags, `SameSite` and `Partitioned`, and attributes that mean nothing.

use placet::set_cookie::{Api, Evaluation};

use super::{codes, outcome, received, received_through};

fn flags(cookie: &Evaluation<'_>) -> String {
    let mut flags = vec![cookie.same_site.as_str()];
    flags.extend(cookie.secure.then_some("secure"));
    flags.extend(cookie.http_only.then_some("http-only"));
    flags.extend(cookie.partitioned.then_some("partitioned"));
    flags.join(" ")
}

/// The attributes, the flags that result, the outcome, the oddities.
type Row<'a> = (&'a str, &'a str, &'a str, &'a str);

fn check(url: &str, rows: &[Row<'_>]) {
    for &(attributes, expected_flags, expected, oddities) in rows {
        let line = format!("a=1{attributes}");
        received(url, line.as_bytes(), |cookie| {
            assert_eq!(flags(&cookie), expected_flags, "{line} from {url}");
            assert_eq!(outcome(&cookie), expected, "{line} from {url}");
            assert_eq!(codes(&cookie), oddities, "{line} from {url}");
        });
    }
}

/// Sections 5.6.5 and 5.6.6: the name alone decides, in any case, whatever the value.
#[test]
fn a_flag_is_on_when_it_is_named() {
    check(
        "https://shop.example/",
        &[
            ("; Secure", "Default secure", "stored", ""),
            ("; sEcUrE", "Default secure", "stored", ""),
            (";Secure;", "Default secure", "stored", "empty-attribute"),
            (
                ";   Secure   ;x",
                "Default secure",
                "stored",
                "unknown-attribute",
            ),
            ("; Secure=", "Default secure", "stored", "flag-with-value"),
            (
                "; Secure=false",
                "Default secure",
                "stored",
                "flag-with-value",
            ),
            ("; Secure =x", "Default secure", "stored", "flag-with-value"),
            (
                "; HttpOnly=0",
                "Default http-only",
                "stored",
                "flag-with-value",
            ),
            ("; HTTPONLY", "Default http-only", "stored", ""),
            (
                "; Secure; Secure",
                "Default secure",
                "stored",
                "duplicate-attribute",
            ),
            ("; Secure x", "Default", "stored", "unknown-attribute"),
            ("; \"Secure\"", "Default", "stored", "unknown-attribute"),
            ("; Secur", "Default", "stored", "unknown-attribute"),
            ("; Http-Only", "Default", "stored", "unknown-attribute"),
            ("; x=\"y;Secure\"", "Default", "stored", "unknown-attribute"),
            (
                "; x=y;Secure;z",
                "Default secure",
                "stored",
                "unknown-attribute",
            ),
        ],
    );
}

/// Section 5.6.7; section 5.7: `None` asks for `Secure`, and the last one counts.
#[test]
fn same_site_is_one_of_three_words_or_the_default() {
    check(
        "https://shop.example/",
        &[
            ("; SameSite=Strict", "Strict", "stored", ""),
            ("; SameSite=lax", "Lax", "stored", ""),
            ("; samesite=LAX", "Lax", "stored", ""),
            ("; SameSite=None; Secure", "None secure", "stored", ""),
            ("; SameSite=nOnE", "None", "same-site-none-not-secure", ""),
            ("; SameSite", "Default", "stored", "same-site-unknown"),
            ("; SameSite=", "Default", "stored", "same-site-unknown"),
            (
                "; SameSite=\"Lax\"",
                "Default",
                "stored",
                "same-site-unknown",
            ),
            ("; SameSite=Bogus", "Default", "stored", "same-site-unknown"),
            (
                "; SameSite=None; SameSite=Lax",
                "Lax",
                "stored",
                "duplicate-attribute",
            ),
            (
                "; SameSite=Lax; SameSite=None",
                "None",
                "same-site-none-not-secure",
                "duplicate-attribute",
            ),
            (
                "; SameSite=None; SameSite=x",
                "Default",
                "stored",
                "duplicate-attribute same-site-unknown",
            ),
        ],
    );
}

/// CHIPS: one jar per top-level site, `Secure` asked for, `SameSite=None` its only use.
#[test]
fn partitioned_asks_for_secure() {
    check(
        "https://shop.example/",
        &[
            (
                "; Partitioned; Secure; SameSite=None",
                "None secure partitioned",
                "stored",
                "",
            ),
            (
                "; partitioned=x; Secure; SameSite=None",
                "None secure partitioned",
                "stored",
                "flag-with-value",
            ),
            (
                "; Partitioned; Secure",
                "Default secure partitioned",
                "stored",
                "partitioned-not-same-site-none",
            ),
            (
                "; Partitioned",
                "Default partitioned",
                "partitioned-not-secure",
                "partitioned-not-same-site-none",
            ),
        ],
    );
}

/// Section 5.7: what a secure connection is, is left to the browser; loopback hosts are as in
/// Chromium and Firefox.
#[test]
fn secure_needs_a_secure_connection() {
    let refused = "secure-from-insecure-origin";
    let loopback = "secure-on-loopback";
    for (url, expected, oddities) in [
        ("https://shop.example/", "stored", ""),
        ("HTTPS://shop.example/", "stored", ""),
        ("wss://shop.example/", "stored", ""),
        ("http://shop.example/", refused, ""),
        ("ws://shop.example/", refused, ""),
        ("http://shop.example:443/", refused, ""),
        ("http://localhost/", "stored", loopback),
        ("http://app.localhost:3000/", "stored", loopback),
        ("http://127.0.0.1/", "stored", loopback),
        ("http://[::1]/", "stored", loopback),
        ("http://192.0.2.7/", refused, ""),
    ] {
        check(url, &[("; Secure", "Default secure", expected, oddities)]);
    }
    check("http://localhost/", &[("", "Default", "stored", "")]);
}

/// Section 5.7: a script sets no cookie that it could not read.
#[test]
fn a_script_cannot_set_http_only() {
    for (line, expected) in [
        ("a=1; HttpOnly", "http-only-from-script"),
        ("a=1; HttpOnly=false", "http-only-from-script"),
        ("a=1; Secure", "stored"),
        ("a=1", "stored"),
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

/// Section 5.6: attributes nobody knows change nothing, nor do values over 1024 bytes.
#[test]
fn unknown_and_oversized_attributes_are_ignored() {
    let long = format!("; SameSite=Lax; SameSite={}", "x".repeat(1025));
    let long_flag = format!("; Secure={}", "x".repeat(1025));
    let unknown = "unknown-attribute";
    check(
        "https://shop.example/",
        &[
            ("; version=1", "Default", "stored", unknown),
            ("; =x", "Default", "stored", unknown),
            ("; =", "Default", "stored", unknown),
            ("; x; y; z", "Default", "stored", unknown),
            ("; ===,x,=; ,,,", "Default", "stored", unknown),
            ("; Priority=High", "Default", "stored", ""),
            ("; pr\u{ef}ority=High", "Default", "stored", unknown),
            (
                &long,
                "Lax",
                "stored",
                "duplicate-attribute attribute-too-long",
            ),
            (&long_flag, "Default", "stored", "attribute-too-long"),
        ],
    );
}
