//! Whether a `Set-Cookie` line removes its cookie, read without anything else: what a verdict in brief needs
//! of the attributes.

use wide::u8x16;

use crate::Timestamp;
use crate::cookie_header::trim_start;

use super::view::value_of;
use super::{MAX_ATTRIBUTE_VALUE, cookie_date};

/// So many bytes are looked at together.
const BLOCK: usize = 64;

/// Whether the attributes of a line whose pair ends there say that the cookie ends by `now`: what
/// [`Outline`](super::Outline) says of its end.
#[inline(never)]
pub(crate) fn removes(line: &[u8], pair_ends: usize, now: Timestamp) -> bool {
    let Some(attributes) = line.get(pair_ends + 1..) else {
        return false;
    };
    let mut end = End::default();
    let mut start = 0;
    each_semicolon(line, attributes, |semicolon| {
        end.look_at(attributes, start, semicolon, now);
        start = semicolon + 1;
    });
    end.look_at(attributes, start, attributes.len(), now);
    end.max_age.or(end.expires).unwrap_or(false)
}

/// Whether a cookie ends by now, as far as its attributes were read.
#[derive(Default)]
struct End {
    max_age: Option<bool>,
    expires: Option<bool>,
}

impl End {
    /// Looks at an attribute between two `;`.
    #[inline(always)]
    fn look_at(&mut self, attributes: &[u8], start: usize, end: usize, now: Timestamp) {
        // Most are told by their first letter to be neither of the two.
        let first = match attributes.get(start..) {
            Some([b' ', first, ..] | [first, ..]) => *first,
            _ => return,
        };
        if matches!(first | 0x20, b'm' | b'e' | b' ' | b')') {
            self.read(attributes.get(start..end).unwrap_or_default(), now);
        }
    }

    #[inline(never)]
    fn read(&mut self, attribute: &[u8], now: Timestamp) {
        let text = trim_start(attribute);
        if let Some(text) = value(text, b"Max-Age") {
            self.max_age = is_over_by_max_age(text, now).or(self.max_age);
        } else if let Some(text) = value(text, b"Expires") {
            let end = cookie_date(text);
            self.expires = end.map(|end| end <= now).or(self.expires);
        }
    }
}

/// Whether a cookie with that `Max-Age` ends by now, if it is one. Any number above zero lets it live on, so that
/// it need not be known which.
fn is_over_by_max_age(text: &[u8], now: Timestamp) -> Option<bool> {
    let digits = text.strip_prefix(b"-").unwrap_or(text);
    let is_number = !digits.is_empty() && digits.iter().all(u8::is_ascii_digit);
    let is_above_zero = digits.len() == text.len() && digits.iter().any(|digit| *digit != b'0');
    // No moment is behind the last one.
    is_number.then_some(!is_above_zero || now == Timestamp::MAX)
}

/// The value of an attribute of that name, unless it is too long for browsers to read.
#[inline(always)]
fn value<'a>(text: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    value_of(text, name).filter(|text| text.len() <= MAX_ATTRIBUTE_VALUE)
}

/// Tells where each `;` stands in the text that a line ends with.
#[inline(always)]
fn each_semicolon(line: &[u8], text: &[u8], mut tell: impl FnMut(usize)) {
    let mut rest = text;
    while !rest.is_empty() {
        let (mut marks, after) = match (rest.split_first_chunk(), line.last_chunk()) {
            (Some((block, after)), _) => (semicolons(block), after),
            // The last block of the line reaches back to what is before the rest.
            (None, Some(last)) => (semicolons(last) >> (BLOCK - rest.len()), &[][..]),
            (None, None) => (short_semicolons(rest), &[][..]),
        };
        let before = text.len() - rest.len();
        while marks != 0 {
            tell(before + marks.trailing_zeros() as usize);
            marks &= marks - 1;
        }
        rest = after;
    }
}

/// A bit for every `;` of a block, the first byte's the lowest.
#[inline(always)]
fn semicolons(block: &[u8; BLOCK]) -> u64 {
    let mut marks = 0;
    for place in [0, 16, 32, 48] {
        if let Some(sixteen) = block.get(place..).and_then(<[u8]>::first_chunk) {
            let found = u8x16::new(*sixteen).simd_eq(u8x16::splat(b';'));
            marks |= u64::from(found.to_bitmask()) << place;
        }
    }
    marks
}

/// The same of a text that is shorter than a block.
fn short_semicolons(text: &[u8]) -> u64 {
    let mut block = [0; BLOCK];
    for (place, byte) in block.iter_mut().zip(text) {
        *place = *byte;
    }
    semicolons(&block)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::set_cookie::{Outline, split_line};

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1000))]

        #[test]
        fn a_line_removes_its_cookie_where_its_outline_ends_by_now(
            pair in "(a|[a-z=]{0,80})",
            attributes in prop::collection::vec(prop_oneof![
                "[ \t]{0,2}(?i:max-age)[ \t]?=[ \t]?-?[0-9]{0,12}[ \t]?", "max-age=[a-z0-9]{1,3}", "(?i:max-age)",
                Just("Expires=Thu, 01 Jan 1970 00:00:00 GMT".to_owned()),
                Just(" expires = Wed, 21 Oct 2065 07:28:00 GMT ".to_owned()),
                "[ \t]{0,2}expires=[ -~]{0,20}", "[ -:<-~]{0,70}", "(M|E| m|e)",
                (1000_usize..1100).prop_map(|len| format!("max-age={}", "0".repeat(len))),
            ], 0..6),
            separator in "(;|; )",
            now in prop_oneof![
                8 => Just(Timestamp::from_unix(1_790_000_000).unwrap()),
                1 => Just(Timestamp::MIN),
                1 => Just(Timestamp::MAX),
            ],
        ) {
            let line = [vec![pair], attributes].concat().join(&separator).into_bytes();
            let (pair, attributes) = split_line(&line);
            let end = Outline::of(attributes, now, cookie_date).end;
            let expected = end.is_some_and(|end| end <= now);
            prop_assert_eq!(removes(&line, pair.len(), now), expected, "{}", line.escape_ascii());
        }
    }
}
