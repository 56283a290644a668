//! Attributes that are wrong, refused by browsers, odd, or at odds with each other.

use super::*;

const SHOP: &str = "https://www.shop.example/cart/pay";

fn set(line: &str) -> Vec<Finding> {
    audit(&[visit(SHOP).sets(line)])
}

#[test]
fn a_session_is_out_of_reach_of_scripts() {
    assert_says(
        "session-cookie-without-http-only",
        &set("PHPSESSID=x; Secure"),
        &[(
            Level::Warning,
            "`PHPSESSID` (PHP, necessary) is set by www.shop.example without `HttpOnly`, so any script on the page can read what looks like a session or login",
        )],
    );
    for broken in ["my_session=x", "AuthToken=x", "connect.sid=x", "jwt=x"] {
        let found = said_by("session-cookie-without-http-only", &set(broken));
        assert_eq!(found.len(), 1, "{broken}");
    }
    for sound in [
        "PHPSESSID=x; HttpOnly",
        "csrftoken=x",
        "XSRF-TOKEN=x",
        "my_csrf_token=x",
        "CookieConsent=x",
        "author=x",
        "lang=de",
        "_hjSessionUser_1=x",
        "PHPSESSID=; Max-Age=0",
    ] {
        assert_silent("session-cookie-without-http-only", &set(sound));
    }
    let sent = audit(&[visit(SHOP).sends("PHPSESSID=x")]);
    assert_silent("session-cookie-without-http-only", &sent);
}

#[test]
fn a_session_is_sent_encrypted_only() {
    assert_says(
        "session-cookie-without-secure",
        &set("PHPSESSID=x; HttpOnly"),
        &[(
            Level::Warning,
            "`PHPSESSID` (PHP, necessary) is set by www.shop.example without `Secure`, so a browser sends what looks like a session or login over plain HTTP too",
        )],
    );
    assert_eq!(
        said_by("session-cookie-without-secure", &set("csrftoken=x")).len(),
        1
    );
    for sound in ["PHPSESSID=x; Secure", "lang=de"] {
        assert_silent("session-cookie-without-secure", &set(sound));
    }
    for url in ["http://localhost:8000/", "http://www.shop.example/"] {
        let findings = audit(&[visit(url).sets("PHPSESSID=x; HttpOnly")]);
        assert_silent("session-cookie-without-secure", &findings);
    }
}

#[test]
fn cookies_are_set_over_encrypted_connections() {
    let plain = visit("http://www.shop.example/").sets("xq_7f=1");
    assert_says(
        "set-over-plain-http",
        &audit(&[plain]),
        &[(
            Level::Warning,
            "`xq_7f` (unknown) is set by www.shop.example over plain HTTP, where everyone on the way can read and change it",
        )],
    );
    let removed = visit("http://www.shop.example/").sets("xq_7f=; Max-Age=0");
    let on_this_machine = visit("http://localhost:8000/").sets("xq_7f=1");
    for near in [visit(SHOP).sets("xq_7f=1"), removed, on_this_machine] {
        assert_silent("set-over-plain-http", &audit(&[near]));
    }
}

#[test]
fn a_prefix_is_a_promise() {
    assert_says(
        "prefix-violation",
        &set("__Host-id=x; Secure; Path=/; Domain=shop.example"),
        &[(
            Level::Warning,
            "`__Host-id` (unknown) is set by www.shop.example, but browsers refuse it: the prefix __Host- asks for Secure, Path=/ and no Domain",
        )],
    );
    let findings = set("__Secure-id=x");
    assert_eq!(said_by("prefix-violation", &findings).len(), 1);
    assert_silent("rejected-by-browsers", &findings);
    assert_silent("prefix-violation", &set("__Host-id=x; Secure; Path=/"));
}

#[test]
fn same_site_none_needs_secure() {
    let findings = set("widget=1; SameSite=None");
    assert_says(
        "same-site-none-without-secure",
        &findings,
        &[(
            Level::Warning,
            "`widget` (unknown) is set by www.shop.example with `SameSite=None` but without `Secure`; browsers refuse such a cookie",
        )],
    );
    assert_silent("rejected-by-browsers", &findings);
    for sound in ["widget=1; SameSite=None; Secure", "widget=1; SameSite=Lax"] {
        assert_silent("same-site-none-without-secure", &set(sound));
    }
}

#[test]
fn what_browsers_do_not_store_is_told_with_the_reason() {
    for (line, why) in [
        (
            "widget=1; Domain=other.example",
            "Domain is neither the host nor a parent domain of it",
        ),
        ("widget=1\u{7}", "the line holds a control character"),
    ] {
        let expected = format!(
            "`widget` (unknown) is set by www.shop.example, but browsers do not store it: {why}"
        );
        assert_says(
            "rejected-by-browsers",
            &set(line),
            &[(Level::Warning, &expected)],
        );
    }
    assert_silent(
        "rejected-by-browsers",
        &set("widget=1; Domain=shop.example"),
    );
}

#[test]
fn what_is_too_long_is_dropped() {
    let long = |length: usize| format!("big={}", "x".repeat(length - 3));
    let findings = set(&long(4_097));
    assert_says(
        "oversized",
        &findings,
        &[(
            Level::Warning,
            "`big` (unknown) is set by www.shop.example with 4097 bytes of name and value; browsers drop it beyond 4096",
        )],
    );
    assert_silent("rejected-by-browsers", &findings);
    assert_silent("oversized", &set(&long(4_096)));
    let path = format!("big=1; Path=/{}", "x".repeat(1_024));
    assert_says(
        "oversized",
        &set(&path),
        &[(
            Level::Warning,
            "`big` (unknown) is set by www.shop.example with an attribute value that browsers ignore, because it exceeds 1024 bytes",
        )],
    );
}

#[test]
fn a_cookie_has_a_name() {
    let findings = set("just-a-value; Secure");
    assert_says(
        "nameless",
        &findings,
        &[(
            Level::Warning,
            "a cookie without a name (unknown) is set by www.shop.example; browsers send back its bare value, and no policy can declare it",
        )],
    );
    assert_silent("unknown", &findings);
    assert_silent("nameless", &set("n=just-a-value"));
}

#[test]
fn one_name_has_one_set_of_attributes() {
    let twice = |a: &str, b: &str| audit(&[visit(SHOP).sets(a), visit(SHOP).sets(b)]);
    assert_says(
        "conflicting-attributes",
        &twice("x_1=1; Path=/; Secure", "x_1=2; Path=/cart"),
        &[(
            Level::Warning,
            "`x_1` (unknown) is set by www.shop.example with different attributes: `Path` `/` or `/cart` and with and without `Secure`; browsers may keep several cookies of that name",
        )],
    );
    for (a, b) in [
        ("x_1=1; Path=/", "x_1=2; Path=/; Max-Age=60"),
        ("x_1=1; Path=/", "x_1=; Path=/cart; Max-Age=0"),
        (
            "x_1=1; Path=/; Domain=.shop.example",
            "x_1=1; path=/; domain=shop.example",
        ),
    ] {
        assert_silent("conflicting-attributes", &twice(a, b));
    }
}

#[test]
fn odd_lines_are_told_once_a_cookie() {
    assert_says(
        "odd-set-cookie",
        &set("widget=1; Domain=https://shop.example; Secure=false; Secure; Max-Age=soon"),
        &[(
            Level::Note,
            "`widget` (unknown) is set by www.shop.example, but oddly: an attribute is given more than once; the last one counts; Secure, HttpOnly or Partitioned has a value, which does not matter: it is on; Max-Age is no whole number and is ignored; Domain is a URL; a bare domain was expected",
        )],
    );
    let joined = said_by("odd-set-cookie", &set("a_1=1; Path=/, b_1=2; Path=/"));
    assert_eq!(joined[0].0, Level::Warning, "a cookie is lost: {joined:?}");
    for sound in [
        "widget=1; Domain=.shop.example; Expires=Wed, 21-Oct-2027 07:28:00 GMT;",
        "widget=\"quoted\"; Path=/",
    ] {
        assert_silent("odd-set-cookie", &set(sound));
    }
}

#[test]
fn attributes_that_a_recording_lost_are_not_held_against_a_cookie() {
    let mut rebuilt = visit(SHOP).sets("PHPSESSID=x; SameSite=None");
    rebuilt.rebuilt = true;
    assert_eq!(audit(&[rebuilt]).len(), 0);
}
