//! What holds for any bytes, tried here on generated lines and in `tests/fuzz` on a fuzzer's.

mod compiled_policy;
mod cookie_date;
mod cookie_header;
mod name_pattern;
mod set_cookie;

use proptest::collection::vec;
use proptest::prelude::*;

/// Pieces that `Set-Cookie` lines are made of, so that generated lines reach every step of their
/// reading.
const PIECES: &[&str] = &[
    "a",
    "_ga",
    "=",
    ";",
    "; ",
    ",",
    ", b=",
    " ",
    "\t",
    "\"",
    "%41",
    "\\",
    "\n",
    "\0",
    "é",
    "0",
    "-1",
    "60",
    "99999999999999999999",
    "Path",
    "Path=/",
    "/x",
    "Domain=",
    "Domain=shop.example",
    ".",
    "shop.example",
    "com",
    "127.0.0.1",
    "http://",
    "Secure",
    "HttpOnly",
    "Partitioned",
    "SameSite=",
    "None",
    "Lax",
    "Max-Age=",
    "Expires=",
    "Wed, 21 Oct 2026 07:28:00 GMT",
    "Wed, 21-Oct-26 07:28:00 GMT",
    "__Secure-",
    "__Host-",
    "__host-http-",
    "__Http-",
    "Priority=High",
];

/// Pieces that dates are made of.
const DATE_PIECES: &[&str] = &[
    " ", ",", "-", ":", "\"", "0", "9", "07", "21", "31", "99", "026", "1600", "1601", "2026",
    "9999", "07:28:00", "23:59:59", "24:00:00", "Jan", "feb", "OCT", "March", "Wed", "GMT",
    "+0200", "é", "\0", "T", "Z",
];

/// Pieces that `Cookie` lines are made of where readers disagree about them.
const COOKIE_PIECES: &[&str] = &[
    "a",
    "b",
    "sid",
    "_ga",
    "_g%61",
    "%61",
    "%20",
    "%c2%a0",
    "%",
    "=",
    "=",
    "=1",
    "a=1",
    "_ga=1",
    ";",
    "; ",
    "; ",
    " ",
    "\t",
    "\n",
    "\x0b",
    "\x1c",
    "\"",
    "\\\"",
    ",",
    "$",
    "$Version=1",
    "[",
    "]",
    "{",
    "é",
    "\u{a0}",
    "\u{2003}",
    "\u{feff}",
    "Secure",
    "path",
    "expires=Wed, 09-Jun-2027 10:18:14 GMT",
];

/// Pieces that name patterns and names are made of.
const NAME_PIECES: &[&str] = &[
    "*", "*", "a", "a", "b", "ab", "_ga", "_ga_", "session", "é", "%", "\n", "\n", "\n",
];

fn made_of(pieces: &'static [&'static str]) -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        9 => proptest::sample::select(pieces).prop_map(|piece| piece.as_bytes().to_vec()),
        1 => vec(any::<u8>(), 0..4),
    ];
    vec(piece, 0..20).prop_map(|pieces| pieces.concat())
}

/// Day, month, year and time of a date that exists, in any order.
fn parts_of_a_date() -> impl Strategy<Value = Vec<String>> {
    let months = vec![
        "Jan", "feb", "MARCH", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "dec",
    ];
    let time = (0..24_u8, 0..60_u8, 0..60_u8).prop_map(|(h, m, s)| format!("{h}:{m:02}:{s}"));
    (
        1..=28_u8,
        proptest::sample::select(months),
        1601..=9999_u16,
        time,
    )
        .prop_map(|(day, month, year, time)| {
            vec![day.to_string(), month.to_owned(), year.to_string(), time]
        })
        .prop_shuffle()
}

proptest! {
    #[test]
    fn any_bytes_are_a_compiled_policy_or_refused(mut bytes in vec(any::<u8>(), 0..200), version: bool) {
        if let Some(first) = bytes.first_mut().filter(|_| version) {
            *first = 1;
        }
        compiled_policy::any_bytes_are_a_compiled_policy_or_refused(&bytes);
    }

    #[test]
    fn a_denied_name_survives_for_no_reader(header in made_of(COOKIE_PIECES)) {
        cookie_header::a_denied_name_survives_for_no_reader(&header);
    }

    #[test]
    fn what_stays_is_what_is_kept_verbatim(line in made_of(COOKIE_PIECES)) {
        cookie_header::what_stays_is_what_is_kept_verbatim(&line);
    }

    #[test]
    fn a_pair_is_read_by_itself(line in made_of(COOKIE_PIECES)) {
        cookie_header::a_pair_is_read_by_itself(&line);
    }

    #[test]
    fn patterns_answer_as_their_definition(text in made_of(NAME_PIECES)) {
        name_pattern::patterns_answer_as_their_definition(&text);
    }

    #[test]
    fn any_line_is_viewed_and_evaluated_consistently(line in made_of(PIECES)) {
        set_cookie::any_line_is_viewed_and_evaluated_consistently(&line);
    }

    #[test]
    fn any_expiry_header_is_taken_as_a_deletion_at_its_place(bytes in made_of(PIECES)) {
        set_cookie::any_expiry_header_is_taken_as_a_deletion_at_its_place(&bytes);
    }

    #[test]
    fn any_cookie_of_our_own_is_read_back_as_given(bytes in made_of(PIECES)) {
        set_cookie::any_cookie_of_our_own_is_read_back_as_given(&bytes);
    }

    #[test]
    fn any_text_is_read_as_a_date_or_not(
        text in prop_oneof![
            made_of(DATE_PIECES),
            parts_of_a_date().prop_map(|parts| parts.join(" ").into_bytes()),
        ],
    ) {
        cookie_date::any_text_is_read_as_a_date_or_not(&text);
    }

    #[test]
    fn a_date_is_read_in_any_order_of_its_parts(parts in parts_of_a_date()) {
        let date = placet::set_cookie::cookie_date(parts.join(" - ").as_bytes());
        prop_assert!(date.is_some(), "{parts:?}");
    }
}
