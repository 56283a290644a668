//! Whether a `Set-Cookie` line removes its cookie, as a verdict in brief asks of its attributes: nearly every line is
//! told by how these begin not to do so.

use wide::u8x16;

use crate::Timestamp;

use super::{Outline, cookie_date, split_line};

/// So many bytes are looked at together.
const BLOCK: usize = 64;

/// Whether the attributes of a line whose pair ends there say that the cookie ends by `now`: what [`Outline`] says of
/// its end.
#[inline(never)]
pub(crate) fn removes(line: &[u8], pair_ends: usize, now: Timestamp) -> bool {
    let attributes = line.get(pair_ends..).unwrap_or_default();
    let mut may_remove = false;
    each_semicolon(line, attributes, |semicolon| {
        let attribute = attributes.get(semicolon + 1..).unwrap_or_default();
        may_remove |= may_end(attribute, now);
    });
    may_remove && ends(line, now)
}

/// Whether that is so, read attribute by attribute.
#[cold]
fn ends(line: &[u8], now: Timestamp) -> bool {
    let (_, attributes) = split_line(line);
    let end = Outline::of(attributes, now, cookie_date).end;
    end.is_some_and(|end| end <= now)
}

/// Whether the attribute at the beginning of this text may say that a cookie ends by now; that it does not is seen of
/// what sites write.
#[inline(always)]
fn may_end(text: &[u8], now: Timestamp) -> bool {
    const MAX_AGE: u64 = u64::from_le_bytes(*b"max-age=");
    const EXPIRES: u64 = u64::from_le_bytes(*b"expires=");
    let text = match text {
        [b' ', text @ ..] => text,
        text => text,
    };
    // Most are told by their first letter to be neither of the two that may.
    if !matches!(text, [b'M' | b'm' | b'E' | b'e' | b' ' | b'\t', ..]) {
        return false;
    }
    let Some((name, value)) = text.split_first_chunk() else {
        return true;
    };
    // Nothing but these two becomes one of them that says anything of an end.
    match u64::from_le_bytes(*name) | u64::from_le_bytes([b' '; 8]) {
        // A number above zero or none at all. No moment is behind the last one.
        MAX_AGE => !matches!(value, [b'1'..=b'9', ..]) || now == Timestamp::MAX,
        EXPIRES => !is_of_later_year(value, now),
        _ => true,
    }
}

/// Whether a text begins as `Wed, 21 Oct 2026 07:28:00 GMT` does, with a year that begins after `now`: then it is a date
/// of that year or none at all, whatever follows.
#[inline(always)]
fn is_of_later_year(text: &[u8], now: Timestamp) -> bool {
    /// What makes small letters of capital ones.
    const CASE: [u8; 16] = *b"   \0\0\0\0\0   \0\0\0\0\0";
    const LOWEST: [u8; 16] = *b"aaa, 00 aaa 0000";
    const HIGHEST: [u8; 16] = *b"zzz, 99 zzz 9999";
    /// No year is shorter, in seconds.
    const YEAR: i64 = 365 * 86_400;
    let Some((start, [b' ', ..])) = text.split_first_chunk() else {
        return false;
    };
    let (lowest, highest) = (u8x16::new(LOWEST), u8x16::new(HIGHEST));
    let above_lowest = (u8x16::new(*start) | u8x16::new(CASE)) - lowest;
    let most = highest - lowest;
    if !above_lowest.max(most).simd_eq(most).all() {
        return false;
    }
    let [.., thousands, hundreds, tens, ones] = *start;
    let two = |high: u8, low: u8| i64::from(high & 15) * 10 + i64::from(low & 15);
    let year = two(thousands, hundreds) * 100 + two(tens, ones);
    (year - 1970) * YEAR > now.as_unix()
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

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1000))]

        #[test]
        fn a_line_removes_its_cookie_where_its_outline_ends_by_now(
            pair in "(a|[a-z=]{0,80})",
            attributes in prop::collection::vec(prop_oneof![
                "[ \t]{0,2}(?i:max-age)[ \t]?=[ \t]?-?[0-9]{0,12}[ \t]?", "max-age=[a-z0-9]{1,3}", "(?i:max-age)",
                Just("Expires=Thu, 01 Jan 1970 00:00:00 GMT".to_owned()),
                Just(" expires = Wed, 21 Oct 2065 07:28:00 GMT ".to_owned()),
                "[ ]{0,2}[Ee]xpires=[A-Z][a-z]{2}, [0-3][0-9] (Jan|Dec) (19|20|21)[0-9]{2}( |[0-9])[ -~]{0,12}",
                "Expires=(Mon|Jan| 01|1:2), 1?[0-9] (Jan|jan|1an) [0-9 ]{4} 07:28:00 ([0-9]{4}|GMT)",
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
