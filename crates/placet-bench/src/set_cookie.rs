//! The answer of a busy site: ten `Set-Cookie` lines, about a kilobyte, every one with an end.

use std::hint::black_box;

use cookie::Cookie;
use memchr::memchr2;
use placet::set_cookie::{Context, SetCookie, set_cookie_name};
use placet::{Timestamp, WebAddress};

use crate::Case;

/// A session, settings, analytics and advertising, with the dates as servers write them.
pub const LINES: [&str; 10] = [
    "session_id=8f14e45fceea167a5a36dedd4bea2543; Expires=Sun, 06 Dec 2026 08:30:00 GMT; Path=/; Secure; HttpOnly; SameSite=Lax",
    "csrf_token=IjQ0YzE5ZDhmNmE2Yi; Expires=Sun, 22 Nov 2026 10:30:00 GMT; Max-Age=7200; Path=/; SameSite=Strict; Secure",
    "lang=de-AT; expires=Mon, 22-Nov-2027 08:30:00 GMT; path=/",
    "cart=01JD9X4T7N2Q8V5B; Expires=Tue, 22 Dec 2026 08:30:00 GMT; Path=/shop; Secure",
    "_ga=GA1.1.1846203957.1795336200; Expires=Tue, 21 Nov 2028 08:30:00 GMT; Path=/; Domain=shop.example",
    "_gid=GA1.1.905317264.1795336201; Expires=Mon, 23 Nov 2026 08:30:00 GMT; Path=/; Domain=.shop.example",
    "uid=1b7e5d40a2c6; expires=Fri, 21-May-27 08:30:00 GMT; domain=shop.example; path=/; secure; SameSite=None",
    "__Secure-ab=variant-b; Path=/; Expires=Sat, 20 Feb 2027 08:30:00 GMT; Secure; HttpOnly",
    "lb=node-17; Expires=Sun, 22 Nov 2026 09:30:00 GMT; Max-Age=3600; Path=/; HttpOnly",
    "old=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Path=/; Domain=shop.example",
];

const URL: &[u8] = b"https://www.shop.example/cart/pay";

/// 2026-11-22T08:30:00Z.
const NOW: i64 = 1_795_336_200;

/// What is measured, by group: reading the name alone, and reading all.
pub fn cases() -> Vec<Case> {
    let cases = [
        Case::new("set_cookie_name", "placet", || names() as u64),
        Case::new("set_cookie_name", "floor: memchr2", || searches() as u64),
        Case::new("set_cookie_evaluate", "placet", evaluations()),
        Case::new("set_cookie_evaluate", "cookie::Cookie::parse", || {
            parses() as u64
        }),
    ];
    let bytes = LINES.iter().map(|line| line.len()).sum();
    cases.map(|case| case.reading(bytes)).into()
}

/// Ours: the name, trimmed, and empty where there is none.
fn names() -> usize {
    LINES
        .iter()
        .map(|line| set_cookie_name(black_box(line.as_bytes())).len())
        .sum()
}

/// The floor: where the first `=` or `;` is.
fn searches() -> usize {
    LINES
        .iter()
        .filter_map(|line| memchr2(b'=', b';', black_box(line.as_bytes())))
        .sum()
}

/// Ours: what a browser makes of every line, with dates, oddities and all.
fn evaluations() -> impl Fn() -> u64 {
    let now = Timestamp::from_unix(NOW).unwrap_or(Timestamp::UNIX_EPOCH);
    let context =
        WebAddress::parse(URL).map_or_else(Context::without_address, |url| Context::new(&url));
    move || {
        let stored = LINES.iter().filter(|line| {
            let cookie = SetCookie::parse(black_box(line.as_bytes()));
            black_box(cookie.evaluate(now, black_box(&context))).is_stored()
        });
        stored.count() as u64
    }
}

/// The peer: the `cookie` crate reading the same lines.
fn parses() -> usize {
    LINES
        .iter()
        .filter(|line| black_box(Cookie::parse(black_box(**line))).is_ok())
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lines_are_what_the_tables_say() {
        let bytes: usize = LINES.iter().map(|line| line.len()).sum();
        assert!((900..1100).contains(&bytes), "{bytes}");
        assert!(
            LINES
                .iter()
                .all(|l| l.to_ascii_lowercase().contains("expires="))
        );
    }

    #[test]
    fn both_readers_take_every_line() {
        assert_eq!((evaluations()(), parses()), (10, 10));
        assert_eq!(names(), searches(), "no name has anything to trim");
    }
}
