//! A line walked through once as if it were plain: where its pairs stand, which names they have, and at
//! the end whether it was plain, as nearly every line is.

use wide::u8x16;

use crate::name_index::{Name, start_of_sixteen};
use crate::near::find_marked;

use super::pair::{CookiePair, HIGHEST};

/// So many bytes are looked at together.
const BLOCK: usize = 64;
/// So many `;` are looked for before the pairs that they end are told, so that each loop is a short one.
const STRETCH: usize = 32;

/// Who is told the pairs of a plain line, in order.
pub(crate) trait Walker {
    /// A pair with one to fifteen bytes before its first `=`: these, and zeros behind them. All readers agree
    /// that they are the name, unless a `%` is among them.
    fn short(&mut self, name: u128, place: PairPlace);

    /// Any other pair.
    fn other(&mut self, place: PairPlace);
}

/// Whether a name that was told as a short one is one that some readers decode.
pub(crate) fn has_percent(name: u128) -> bool {
    let bytes = u8x16::new(name.to_le_bytes());
    bytes.simd_eq(u8x16::splat(b'%')).any()
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

    /// Behind the `;` before it, or where the line begins.
    #[inline]
    pub(crate) const fn from(self) -> usize {
        self.from
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
#[inline(always)]
pub(crate) fn walk(line: &[u8], walker: &mut impl Walker) -> bool {
    let Some(first) = line.first() else {
        return true;
    };
    let mut search = Search::of(line);
    let mut ends = [0; STRETCH];
    let mut at = 0;
    loop {
        let found = search.find(&mut ends);
        for end in ends.iter().take(found) {
            tell(line, at, *end, walker);
            at = *end + 1;
        }
        if found < STRETCH {
            break;
        }
    }
    let end = line.strip_suffix(b";").unwrap_or(line).len();
    tell(line, at, end, walker);
    first.is_ascii_graphic() && are_plain(search.highest)
}

/// A search for the `;` of a line.
struct Search<'l> {
    line: &'l [u8],
    /// What was not looked at.
    rest: &'l [u8],
    /// Where the block begins that was looked at last, and its `;` that were not told.
    block: usize,
    marks: u64,
    /// How far the bytes are above the lowest that may stand in their places, of each sixteen the highest.
    highest: u8x16,
}

impl<'l> Search<'l> {
    const fn of(line: &'l [u8]) -> Self {
        Self {
            line,
            rest: line,
            block: 0,
            marks: 0,
            highest: u8x16::ZERO,
        }
    }

    /// Writes down where the next `;` stand, and says how many there is room for; fewer than that are the last
    /// ones.
    ///
    /// A function of its own, in which the processor holds all that the loop over blocks goes on with.
    #[inline(never)]
    fn find(&mut self, places: &mut [usize; STRETCH]) -> usize {
        let (mut rest, mut highest) = (self.rest, self.highest);
        let (mut block, mut marks) = (self.block, self.marks);
        let mut next = self.line.len() - rest.len();
        let mut found = 0;
        write_down(&mut marks, block, places, &mut found);
        while marks == 0
            && let Some(bytes) = rest.first_chunk()
        {
            let above_lowest;
            (marks, above_lowest) = compare(bytes);
            highest = highest.max(above_lowest);
            rest = rest.get(BLOCK..).unwrap_or_default();
            (block, next) = (next, next + BLOCK);
            write_down(&mut marks, block, places, &mut found);
        }
        // No byte stands beside the last one, so that it is not looked at alone.
        if marks == 0 && rest.len() > 1 {
            let above_lowest;
            (marks, above_lowest) = look_at_last(self.line, rest);
            highest = highest.max(above_lowest);
            (block, rest) = (next, &[]);
            write_down(&mut marks, block, places, &mut found);
        }
        (self.block, self.marks) = (block, marks);
        (self.rest, self.highest) = (rest, highest);
        found
    }
}

/// Writes down the places of a block's marks, as far as there is room.
#[inline(always)]
fn write_down(marks: &mut u64, block: usize, places: &mut [usize; STRETCH], found: &mut usize) {
    while *marks != 0 {
        let Some(place) = places.get_mut(*found) else {
            return;
        };
        *place = block + marks.trailing_zeros() as usize;
        *marks &= *marks - 1;
        *found += 1;
    }
}

/// The pair that a `Set-Cookie` line begins with, if it is plain and its name is a short one, as a [`Walker`] is
/// told it: the name, and where the pair ends.
#[inline]
pub(crate) fn plain_pair(line: &[u8]) -> Option<(u128, usize)> {
    let first = line.first_chunk()?;
    let equals = u8x16::new(*first).simd_eq(u8x16::splat(b'=')).to_bitmask();
    let len = (equals | 1 << 16).trailing_zeros() as usize;
    // No byte is looked at by itself, as the line is no shorter than a block.
    let end = find_marked(line, marks_of_pair, |_| false).unwrap_or(line.len());
    if line.get(end).is_some_and(|byte| *byte != b';') {
        return None;
    }
    let is_name = (1..16).contains(&len) && len < end;
    is_name.then(|| (start_of_sixteen(first, len), end))
}

/// A bit for every byte at which a plain pair ends: a `;`, and what is no visible ASCII.
#[inline(always)]
fn marks_of_pair(bytes: &[u8; 16]) -> u32 {
    let bytes = u8x16::new(*bytes);
    let most = u8x16::splat(HIGHEST);
    let visible = (bytes - u8x16::splat(b'!')).max(most).simd_eq(most);
    let marks = bytes.simd_eq(u8x16::splat(b';')) | !visible;
    marks.to_bitmask()
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

/// What [`compare`] says of the rest of a line, which is shorter than a block.
#[inline(always)]
fn look_at_last(line: &[u8], rest: &[u8]) -> (u64, u8x16) {
    // The last block of the line reaches back to what is before the rest. Looking at that again costs less than
    // waiting for a copy of the rest.
    line.last_chunk().map_or_else(
        || look_at_short(rest),
        |last| {
            let (marks, above_lowest) = compare(last);
            (marks >> (last.len() - rest.len()), above_lowest)
        },
    )
}

/// The same of a line that is shorter than a block.
#[inline(never)]
fn look_at_short(line: &[u8]) -> (u64, u8x16) {
    // Any plain byte stands for those that are missing.
    let mut bytes = [b'!'; BLOCK + 1];
    for (place, byte) in bytes.iter_mut().zip(line) {
        *place = *byte;
    }
    compare(&bytes)
}

/// A bit for every `;` of a block, and how far the bytes behind each are above the lowest that may stand in
/// their place, of each sixteen the highest; one below wraps around to a distance that no plain byte has.
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
    let (start, sixteen) = match line.get(from..).and_then(<[u8]>::first_chunk::<17>) {
        Some([b' ', sixteen @ ..]) => (from + 1, u8x16::new(*sixteen)),
        Some([sixteen @ .., _]) => (from, u8x16::new(*sixteen)),
        None => {
            let start = from + usize::from(line.get(from) == Some(&b' '));
            (start, u8x16::new(last_sixteen(line, start).to_le_bytes()))
        }
    };
    let place = PairPlace { from, start, end };
    let equals = sixteen.simd_eq(u8x16::splat(b'=')).to_bitmask();
    // Without any it is longer than the names that are told as short.
    let len = (equals | 1 << 16).trailing_zeros() as usize;
    if (1..16).contains(&len) && start + len < end {
        walker.short(start_of_sixteen(sixteen.as_array(), len), place);
    } else if start < end {
        walker.other(place);
    }
}

/// The bytes from a place on that is at most sixteen before the end of a line, with zeros behind them.
#[inline(never)]
fn last_sixteen(line: &[u8], start: usize) -> u128 {
    let rest = line.get(start..).unwrap_or_default();
    match line.last_chunk() {
        Some(last) => {
            let before = 8 * (last.len() - rest.len()) as u32;
            u128::from_le_bytes(*last).checked_shr(before).unwrap_or(0)
        }
        None => {
            let bytes = rest.iter().rev();
            bytes.fold(0, |word, byte| word << 8 | u128::from(*byte))
        }
    }
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
                    let name = pair.name();
                    prop_assert!((1..16).contains(&name.len()));
                    prop_assert_eq!(has_percent(short), pair.only_name().is_none());
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

    proptest! {
        #[test]
        fn the_pair_before_attributes_is_as_plain_as_its_bytes(
            pair in any_line(), rest in "(|;|; Path=/|;[ -~]{0,40})",
        ) {
            let pair = pair.split(|byte| *byte == b';').next().unwrap_or_default();
            let line = [pair, rest.as_bytes()].concat();
            let name = pair.split(|byte| *byte == b'=').next().unwrap_or_default();
            let is_short = (1..16).contains(&name.len()) && name.len() < pair.len();
            let is_plain = is_short && line.len() >= 16 && pair.iter().all(u8::is_ascii_graphic);
            let mut bytes = [0; 16];
            bytes.iter_mut().zip(name).for_each(|(place, byte)| *place = *byte);
            let expected = is_plain.then_some((u128::from_le_bytes(bytes), pair.len()));
            prop_assert_eq!(plain_pair(&line), expected, "{}", line.escape_ascii());
        }
    }

    #[test]
    fn a_name_of_up_to_fifteen_bytes_is_told_as_a_short_one() {
        let mut told = Told::default();
        assert!(walk(
            b"sid=1; a_name_of_sixteen=2; %61=3; =4; five; fifteen_bytes__=",
            &mut told
        ));
        let names: Vec<_> = told.0.iter().map(|(_, name)| *name).collect();
        let [sid, encoded] =
            [*b"sid\0", *b"%61\0"].map(|name| Some(u32::from_le_bytes(name).into()));
        let fifteen = Some(u128::from_le_bytes(*b"fifteen_bytes__\0"));
        assert_eq!(names, [sid, None, encoded, None, None, fifteen]);
    }
}
