//! A line walked through once as if it were plain: where its pairs stand, which names they have, and at
//! the end whether it was plain, as nearly every line is.

use wide::u8x16;

use crate::name_index::{Name, start_of_sixteen};

use super::pair::{CookiePair, HIGHEST};

/// So many bytes are looked at together.
const BLOCK: usize = 64;
/// So many blocks are looked at before their pairs are told, so that each loop is a short one.
const STRETCH: usize = 16;

/// Who is told the pairs of a plain line, in order.
pub(crate) trait Walker {
    /// A pair of which all readers agree on the name, which has one to fifteen bytes: these, and zeros
    /// behind them.
    fn short(&mut self, name: u128, place: PairPlace);

    /// Any other pair.
    fn other(&mut self, place: PairPlace);
}

/// Where a pair stands in a line.
#[derive(Clone, Copy)]
pub(crate) struct PairPlace {
    /// Behind the `;` before it, or where the line begins.
    from: usize,
    start: usize,
    end: usize,
}

impl PairPlace {
    /// The pair, if the line is plain.
    pub(crate) fn of(self, line: &[u8]) -> CookiePair<'_> {
        let text = line.get(self.start..self.end).unwrap_or_default();
        CookiePair::of_plain_line(text, self.start, self.separator())
    }

    /// The name of the pair, told as one of at most fifteen bytes with zeros behind them.
    pub(crate) fn short_name(self, line: &[u8], start: u128) -> Name<'_> {
        let len = (u128::BITS - start.leading_zeros()).div_ceil(8) as usize;
        let bytes = line.get(self.start..self.start + len).unwrap_or_default();
        Name::with_start(bytes, start)
    }

    /// Where the `;` before it stands, or the line begins.
    #[inline]
    pub(crate) const fn separator(self) -> usize {
        self.from.saturating_sub(1)
    }

    /// Where it ends, with the spaces behind it.
    #[inline]
    pub(crate) const fn end(self) -> usize {
        self.end
    }
}

/// Tells the pairs of a line, and says whether the line is plain: what was told of another is not true.
#[inline]
pub(crate) fn walk(line: &[u8], walker: &mut impl Walker) -> bool {
    let Some(first) = line.first() else {
        return true;
    };
    let mut highest = u8x16::ZERO;
    let (mut seen, mut at) = (0, 0);
    while seen < line.len() - 1 {
        let mut separators = [0; STRETCH];
        let behind = seen;
        for separators in &mut separators {
            let (marks, above_lowest) = look_at(line, seen);
            *separators = marks;
            highest = highest.max(above_lowest);
            seen += BLOCK;
            if seen >= line.len() - 1 {
                break;
            }
        }
        let mut block = behind;
        for separators in &separators {
            let mut marks = *separators;
            while marks != 0 {
                let end = block + marks.trailing_zeros() as usize;
                marks &= marks - 1;
                tell(line, at, end, walker);
                at = end + 1;
            }
            block += BLOCK;
        }
    }
    // No byte stands beside the last one, so that it was not looked at.
    let end = line.strip_suffix(b";").unwrap_or(line).len();
    tell(line, at, end, walker);
    first.is_ascii_graphic() && are_plain(highest)
}

/// Whether all bytes behind the first are plain of a line of seventeen bytes and more.
pub(super) fn are_others_plain(line: &[u8]) -> Option<bool> {
    let last = line.last_chunk()?;
    let (_, mut highest) = compare_sixteen(last);
    let mut rest = line;
    while let Some(bytes) = rest.first_chunk() {
        highest = highest.max(compare_sixteen(bytes).1);
        rest = rest.get(16..).unwrap_or_default();
    }
    Some(are_plain(highest))
}

/// Whether bytes are plain that are so far above the lowest that may stand in their place.
#[inline(always)]
fn are_plain(above_lowest: u8x16) -> bool {
    let most = u8x16::splat(HIGHEST);
    above_lowest.max(most).simd_eq(most).all()
}

/// A bit for every `;` of the block that begins there, and how far the bytes behind each are above the
/// lowest that may stand in their place, of each sixteen the highest; one below wraps around to a distance
/// that no plain byte has.
#[inline(always)]
fn look_at(line: &[u8], start: usize) -> (u64, u8x16) {
    let rest = line.get(start..).unwrap_or_default();
    match rest.first_chunk() {
        Some(bytes) => compare(bytes),
        None => look_at_last(rest),
    }
}

/// The same of the last block, which is shorter.
#[inline(never)]
fn look_at_last(rest: &[u8]) -> (u64, u8x16) {
    // Any plain byte stands for those that are missing.
    let mut bytes = [b'!'; BLOCK + 1];
    for (place, byte) in bytes.iter_mut().zip(rest) {
        *place = *byte;
    }
    compare(&bytes)
}

#[inline(always)]
fn compare(bytes: &[u8; BLOCK + 1]) -> (u64, u8x16) {
    let mut highest = u8x16::ZERO;
    let mut separators = 0;
    for place in [0, 16, 32, 48] {
        if let Some(bytes) = bytes.get(place..).and_then(<[u8]>::first_chunk) {
            let (marks, above_lowest) = compare_sixteen(bytes);
            highest = highest.max(above_lowest);
            separators |= u64::from(marks.to_bitmask()) << place;
        }
    }
    (separators, highest)
}

/// All ones where one of the first sixteen bytes is a `;`, and how far each behind it is above the lowest
/// that may stand in its place.
#[inline(always)]
fn compare_sixteen(bytes: &[u8; 17]) -> (u8x16, u8x16) {
    let (Some(before), Some(after)) = (bytes.first_chunk(), bytes.last_chunk()) else {
        return (u8x16::ZERO, u8x16::ZERO);
    };
    let marks = u8x16::new(*before).simd_eq(u8x16::splat(b';'));
    // All ones is minus one.
    (marks, u8x16::new(*after) - u8x16::splat(b'!') - marks)
}

/// Tells the pair between two places, if there is one.
#[inline(always)]
fn tell(line: &[u8], from: usize, end: usize, walker: &mut impl Walker) {
    let is_spaced = line.get(from) == Some(&b' ');
    let start = from + usize::from(is_spaced);
    if end <= start {
        return;
    }
    let place = PairPlace { from, start, end };
    if let Some(sixteen) = line.get(start..).and_then(<[u8]>::first_chunk) {
        let bytes = u8x16::new(*sixteen);
        let equals = bytes.simd_eq(u8x16::splat(b'='));
        let others = bytes.simd_eq(u8x16::splat(b'%')) | bytes.simd_eq(u8x16::splat(b';'));
        let (equals, ends) = (equals.to_bitmask(), (equals | others).to_bitmask());
        // The first of them is a `=`, and not the first byte.
        if equals & ends & ends.wrapping_neg() & !1 != 0 {
            let name = start_of_sixteen(sixteen, ends.trailing_zeros() as usize);
            return walker.short(name, place);
        }
    }
    walker.other(place);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::cookie_header::CookieLine;

    #[derive(Default)]
    struct Told(Vec<(PairPlace, Option<u128>)>);

    impl Walker for Told {
        fn short(&mut self, name: u128, place: PairPlace) {
            self.0.push((place, Some(name)));
        }

        fn other(&mut self, place: PairPlace) {
            self.0.push((place, None));
        }
    }

    /// Byte by byte.
    fn is_plain(line: &[u8]) -> bool {
        let fits = |pair: &[u8]| match pair {
            [b';', byte] => (b' '..b'~').contains(byte),
            [_, byte] => byte.is_ascii_graphic(),
            _ => false,
        };
        line.first().is_none_or(u8::is_ascii_graphic) && line.windows(2).all(fits)
    }

    fn any_line() -> impl Strategy<Value = Vec<u8>> {
        let piece = prop_oneof![
            6 => "(; ?|=|%|[a-z_]{1,18}=?|[a-z]{1,6}=[a-zA-Z0-9%=./-]{0,80})",
            1 => "( |;;|; ;|=|~|\t|  )",
        ];
        let piece = prop_oneof![
            30 => piece.prop_map(String::into_bytes),
            1 => prop::collection::vec(any::<u8>(), 1..3),
        ];
        prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
    }

    fn check(line: &[u8]) -> Result<(), TestCaseError> {
        let mut told = Told::default();
        prop_assert_eq!(walk(line, &mut told), is_plain(line));
        if is_plain(line) {
            let pairs: Vec<_> = CookieLine::new(line).pairs().collect();
            prop_assert_eq!(told.0.len(), pairs.len());
            for ((place, short), pair) in told.0.into_iter().zip(pairs) {
                prop_assert_eq!(place.separator(), pair.start_with_separator());
                prop_assert_eq!(place.end(), pair.end());
                prop_assert_eq!(place.of(line).bytes(), pair.bytes());
                if let Some(short) = short {
                    let name = pair.only_name().unwrap_or_default();
                    prop_assert!((1..16).contains(&name.len()));
                    let (bytes, zeros) = (short.to_le_bytes(), [0; 16]);
                    prop_assert_eq!(&bytes[..name.len()], name);
                    prop_assert_eq!(&bytes[name.len()..], &zeros[name.len()..]);
                }
            }
        }
        Ok(())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(500))]

        #[test]
        fn a_walk_tells_the_pairs_and_whether_the_line_is_plain(line in any_line()) {
            check(&line)?;
            // The next byte looked at together with others is in another block then.
            for cut in [1, 15, 16, 17, 63, 64, 65] {
                check(line.get(cut..).unwrap_or_default())?;
            }
        }

        #[test]
        fn a_long_text_is_as_plain_as_its_bytes(line in any_line(), at: prop::sample::Index, byte: u8) {
            let mut line = line;
            if !line.is_empty() {
                let at = at.index(line.len());
                line[at] = byte;
            }
            if let (Some(others), Some(first)) = (are_others_plain(&line), line.first()) {
                prop_assert_eq!(first.is_ascii_graphic() && others, is_plain(&line));
            }
        }
    }

    #[test]
    fn a_short_name_is_told_where_sixteen_bytes_follow() {
        let mut told = Told::default();
        assert!(walk(
            b"sid=1; a_name_of_sixteen=2; %61=3; last=4",
            &mut told
        ));
        let names: Vec<_> = told.0.iter().map(|(_, name)| *name).collect();
        let sid = u128::from(u32::from_le_bytes(*b"sid\0"));
        assert_eq!(names, [Some(sid), None, None, None]);
    }
}
