//! `Max-Age` and `Expires`: when a cookie ends.

use placet::{Lifetime, Timestamp};

use super::{NOW, codes, now, outcome, received};

const DAY: i64 = 86_400;

/// The attributes, the end in seconds from now (`None` for a session), the oddities.
type Row<'a> = (&'a str, Option<i64>, &'a str);

fn check(rows: &[Row<'_>]) {
    for &(attributes, from_now, oddities) in rows {
        let line = format!("a=1{attributes}");
        received("https://shop.example/", line.as_bytes(), |cookie| {
            let found = cookie.expires.map(|end| end.as_unix() - NOW);
            assert_eq!(outcome(&cookie), "stored", "{line}");
            assert_eq!(found, from_now, "{line}");
            assert_eq!(codes(&cookie), oddities, "{line}");
            assert_eq!(
                cookie.is_deletion(now()),
                from_now.is_some_and(|s| s <= 0),
                "{line}"
            );
        });
    }
}

/// Section 5.6.2: an optional minus and digits, anything else is ignored.
#[test]
fn max_age_is_a_whole_number_of_seconds() {
    let gone = Some(Timestamp::MIN.as_unix() - NOW);
    let bad = "max-age-not-a-number";
    check(&[
        ("", None, ""),
        ("; Max-Age=60", Some(60), ""),
        ("; max-age = 60 ", Some(60), ""),
        ("; Max-Age=007", Some(7), ""),
        ("; Max-Age=1", Some(1), ""),
        ("; Max-Age=0", gone, ""),
        ("; Max-Age=-0", gone, ""),
        ("; Max-Age=-1", gone, ""),
        ("; Max-Age=-99999999999999999999", gone, ""),
        ("; Max-Age=", None, bad),
        ("; Max-Age", None, bad),
        ("; Max-Age=-", None, bad),
        ("; Max-Age=--1", None, bad),
        ("; Max-Age=+60", None, bad),
        ("; Max-Age=60.5", None, bad),
        ("; Max-Age=60s", None, bad),
        ("; Max-Age=1e3", None, bad),
        ("; Max-Age=6 0", None, bad),
        ("; Max-Age=\"60\"", None, bad),
        ("; Max-Age=50,399", None, bad),
        (
            "; Max-Age=60; Max-Age=120",
            Some(120),
            "duplicate-attribute",
        ),
        (
            "; Max-Age=60; Max-Age=x",
            Some(60),
            "duplicate-attribute max-age-not-a-number",
        ),
        ("; Max-Age=0; Max-Age=60", Some(60), "duplicate-attribute"),
    ]);
}

/// Section 5.6.1: a date that cannot be read is ignored, and an earlier one stands.
#[test]
fn expires_is_a_cookie_date() {
    check(&[
        ("; Expires=Sun, 22 Nov 2026 08:31:00 GMT", Some(60), ""),
        ("; Expires=Sun, 22 Nov 2026 08:30:00 GMT", Some(0), ""),
        ("; Expires=Sun, 22 Nov 2026 08:29:59 GMT", Some(-1), ""),
        ("; Expires=Thu, 01 Jan 1970 00:00:00 GMT", Some(-NOW), ""),
        (
            "; Expires=Sun, 22-Nov-26 08:31:00 GMT",
            Some(60),
            "expires-nonstandard-format",
        ),
        ("; Expires=", None, "expires-unreadable"),
        ("; Expires=0", None, "expires-unreadable"),
        ("; Expires=never", None, "expires-unreadable"),
        ("; Expires=Session", None, "expires-unreadable"),
        ("; Expires=1795336260", None, "expires-unreadable"),
        ("; Expires=2026-11-22T08:31:00Z", None, "expires-unreadable"),
        (
            "; Expires=Sun, 22 Nov 2026 08:31:00 GMT; Expires=x",
            Some(60),
            "duplicate-attribute expires-unreadable",
        ),
        (
            "; Expires=Sun, 22 Nov 2026 08:31:00 GMT; Expires=Sun, 22 Nov 2026 08:32:00 GMT",
            Some(120),
            "duplicate-attribute",
        ),
    ]);
}

/// Section 5.7: `Max-Age` beats `Expires`, in whichever order they come.
#[test]
fn max_age_beats_expires() {
    let ignored = "expires-ignored-for-max-age";
    check(&[
        (
            "; Max-Age=60; Expires=Sun, 22 Nov 2026 09:30:00 GMT",
            Some(60),
            ignored,
        ),
        (
            "; Expires=Sun, 22 Nov 2026 09:30:00 GMT; Max-Age=60",
            Some(60),
            ignored,
        ),
        (
            "; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=60",
            Some(60),
            ignored,
        ),
        (
            "; Max-Age=x; Expires=Sun, 22 Nov 2026 09:30:00 GMT",
            Some(3600),
            "max-age-not-a-number",
        ),
        ("; Max-Age=60; Expires=x", Some(60), "expires-unreadable"),
    ]);
}

/// Section 5.5: 400 days and not a second more.
#[test]
fn no_cookie_lives_longer_than_400_days() {
    let most = Some(400 * DAY);
    check(&[
        ("; Max-Age=34560000", most, ""),
        ("; Max-Age=34560001", most, "lifetime-capped"),
        ("; Max-Age=99999999999999999999", most, "lifetime-capped"),
        ("; Expires=Mon, 27 Dec 2027 08:30:00 GMT", most, ""),
        (
            "; Expires=Mon, 27 Dec 2027 08:30:01 GMT",
            most,
            "lifetime-capped",
        ),
        (
            "; Expires=Fri, 31 Dec 9999 23:59:59 GMT",
            most,
            "lifetime-capped",
        ),
    ]);
}

#[test]
fn what_was_asked_for_is_kept_beside_what_was_given() {
    for (line, asked, given) in [
        ("a=1", Lifetime::Session, Lifetime::Session),
        ("a=1; Max-Age=0", Lifetime::Seconds(0), Lifetime::Seconds(0)),
        (
            "a=1; Max-Age=60",
            Lifetime::Seconds(60),
            Lifetime::Seconds(60),
        ),
        (
            "a=1; Max-Age=63072000",
            Lifetime::Seconds(63_072_000),
            Lifetime::LONGEST_STORED,
        ),
        (
            "a=1; Expires=Mon, 22 Nov 2027 08:30:00 GMT",
            Lifetime::Seconds(31_536_000),
            Lifetime::Seconds(31_536_000),
        ),
    ] {
        received("https://shop.example/", line.as_bytes(), |cookie| {
            assert_eq!(cookie.lifetime_asked, asked, "{line}");
            assert_eq!(cookie.lifetime, given, "{line}");
        });
    }
}

#[test]
fn a_refused_line_deletes_nothing() {
    received(
        "http://shop.example/",
        b"__Host-a=; Max-Age=0; Path=/",
        |cookie| {
            assert_eq!(outcome(&cookie), "host-prefix");
            assert!(!cookie.is_deletion(now()));
        },
    );
}
