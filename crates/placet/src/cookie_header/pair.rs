//! Where the pairs of a `Cookie` line begin and end.

use std::ops::Range;

use crate::search::{Positions, find_near, memchr, memchr2, positions};

use super::reading::{CookieName, Reading, every_reading};

/// One pair of a `Cookie` line, or one word without `=`.
#[derive(Clone, Copy, Debug)]
pub struct CookiePair<'a> {
    /// From the first byte that is no space or tab up to the next `;`.
    text: &'a [u8],
    /// Where the text begins in the line.
    start: usize,
    /// Where the `;` before it stands, or the line begins.
    separator: usize,
    line_is_plain: bool,
}

impl<'a> CookiePair<'a> {
    /// The pair of a plain line with this text, which begins there behind that separator.
    #[cfg(feature = "fast")]
    pub(super) const fn of_plain_line(text: &'a [u8], start: usize, separator: usize) -> Self {
        Self {
            text,
            start,
            separator,
            line_is_plain: true,
        }
    }

    /// The pair as it stands in the line, without the spaces and tabs around it; never empty.
    pub fn bytes(&self) -> &'a [u8] {
        trim(self.text)
    }

    /// Where [`bytes`](Self::bytes) stands in the line.
    pub fn span(&self) -> Range<usize> {
        self.start..self.start + self.bytes().len()
    }

    /// The name up to the first `=`, without the spaces and tabs around it; empty for a nameless
    /// cookie (`=value` or `value`), as browsers send them (draft-ietf-httpbis-rfc6265bis
    /// section 5.8.3).
    pub fn name(&self) -> &'a [u8] {
        let name = self.only_name();
        name.unwrap_or_else(|| self.before_equals().map_or(b"", trim))
    }

    /// The value after the first `=`, without the spaces and tabs around it.
    pub fn value(&self) -> &'a [u8] {
        let after = memchr(b'=', self.text).and_then(|at| self.text.get(at + 1..));
        trim(after.unwrap_or(self.text))
    }

    /// Whether `keep` allows every name that a common reader would give this pair.
    ///
    /// Asks for one reading after the other, the raw name first, and stops at the first refusal. A
    /// caller that reports the reason sees in its last question which reading it was.
    #[inline]
    pub fn is_kept(&self, mut keep: impl FnMut(CookieName<'_>) -> bool) -> bool {
        match self.only_name() {
            Some(name) => keep(CookieName::new(name, Reading::Raw)),
            None => every_reading(self.before_equals().map(trim), self.bytes(), &mut keep),
        }
    }

    /// The name, if all readers agree on it, as they nearly always do.
    #[inline]
    pub(crate) fn only_name(&self) -> Option<&'a [u8]> {
        self.line_is_plain.then(|| plain_name(self.text))?
    }

    /// Where the pair begins in the line, with the `;` before it.
    pub(super) const fn start_with_separator(&self) -> usize {
        self.separator
    }

    /// Where the pair ends in the line, with the spaces behind it.
    pub(super) const fn end(&self) -> usize {
        self.start + self.text.len()
    }

    fn before_equals(&self) -> Option<&'a [u8]> {
        self.text.get(..memchr(b'=', self.text)?)
    }
}

/// The pairs of one `Cookie` line, in order.
#[derive(Clone, Debug)]
pub struct Pairs<'a> {
    line: &'a [u8],
    /// Where the next piece begins, behind a `;`; past the end of the line when there is none.
    at: usize,
    separators: Positions<'a>,
    line_is_plain: bool,
}

impl<'a> Pairs<'a> {
    pub(super) fn of(line: &'a [u8]) -> Self {
        Self {
            line,
            at: 0,
            separators: positions(b';', line),
            line_is_plain: is_plain(line),
        }
    }
}

impl<'a> Iterator for Pairs<'a> {
    type Item = CookiePair<'a>;

    #[inline(always)]
    fn next(&mut self) -> Option<CookiePair<'a>> {
        loop {
            let separator = self.at.saturating_sub(1);
            let rest = self.line.get(self.at..)?;
            let rest = match rest {
                [b' ', after @ ..] => after,
                _ => rest,
            };
            let rest = if self.line_is_plain {
                rest
            } else {
                trim_start(rest)
            };
            let start = self.line.len() - rest.len();
            let end = self.separators.next().unwrap_or(self.line.len());
            self.at = end + 1;
            let text = self.line.get(start..end)?;
            if text.is_empty() {
                continue;
            }
            return Some(CookiePair {
                text,
                start,
                separator,
                line_is_plain: self.line_is_plain,
            });
        }
    }
}

/// The name of a pair that is plain, if there is one to which nothing is encoded.
#[inline]
pub(super) fn plain_name(text: &[u8]) -> Option<&[u8]> {
    let end = find_near(text, [b'=', b'%'])?;
    let name = text.get(..end)?;
    (!name.is_empty() && text.get(end) == Some(&b'=')).then_some(name)
}

/// The name of one pair without a `;`, if all readers agree on it, as they nearly always do.
pub(crate) fn only_name(pair: &[u8]) -> Option<&[u8]> {
    is_plain(pair).then(|| plain_name(pair))?
}

/// Whether all bytes are visible ASCII, but for one space after a `;`.
///
/// On such a line no reader finds names inside a value or trims more than another, which leaves
/// percent-encoding as the only way to read a name twice. Nearly every line is one.
#[cfg(feature = "fast")]
fn is_plain(line: &[u8]) -> bool {
    let Some((first, others)) = line.split_first() else {
        return true;
    };
    first.is_ascii_graphic() && are_others_plain(line, others)
}

/// How far the highest plain byte is above the lowest.
#[cfg(feature = "fast")]
pub(super) const HIGHEST: u8 = b'~' - b'!';

/// Whether all bytes are plain that stand behind the first of a line.
#[cfg(feature = "fast")]
fn are_others_plain(line: &[u8], others: &[u8]) -> bool {
    if let Some(are_plain) = super::plain::are_others_plain(line) {
        return are_plain;
    }
    // How far each byte is above the lowest that may stand in its place; one below wraps around to
    // a distance no allowed byte has. No byte ends the search early: that is what lets the compiler
    // look at many bytes at once.
    let highest = line.iter().zip(others).fold(0, |highest, (before, byte)| {
        let lowest = if *before == b';' { b' ' } else { b'!' };
        byte.wrapping_sub(lowest).max(highest)
    });
    highest <= HIGHEST
}

/// The same in less code.
#[cfg(not(feature = "fast"))]
fn is_plain(line: &[u8]) -> bool {
    let mut before = b' ';
    line.iter().all(|byte| {
        let is_plain = byte.is_ascii_graphic() || (before == b';' && *byte == b' ');
        before = *byte;
        is_plain
    })
}

/// Whether all readers agree on the name of `name=value`, as they nearly always do.
pub(crate) fn has_one_reading(name: &[u8], value: &[u8]) -> bool {
    let percent_or_end = memchr2(b'%', b';', name).or_else(|| memchr(b';', value));
    !name.is_empty() && percent_or_end.is_none() && is_plain(name) && is_plain(value)
}

/// Without the spaces and tabs around it, which every reader trims.
#[inline]
pub(crate) fn trim(text: &[u8]) -> &[u8] {
    let mut text = trim_start(text);
    while let [before @ .., b' ' | b'\t'] = text {
        text = before;
    }
    text
}

pub(crate) fn trim_start(mut text: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', after @ ..] = text {
        text = after;
    }
    text
}
