//! Where the pairs of a `Cookie` line begin and end.

use std::ops::Range;

use memchr::memchr;

use super::reading::{CookieName, Reading, every_reading};

/// One pair of a `Cookie` line, or one word without `=`.
#[derive(Clone, Copy, Debug)]
pub struct CookiePair<'a> {
    /// All that stands between two `;`.
    piece: &'a [u8],
    /// Where the piece begins in the line.
    start: usize,
    /// Where its first `=` stands in the piece.
    equals: Option<usize>,
    line_is_plain: bool,
}

impl<'a> CookiePair<'a> {
    /// The pair as it stands in the line, without the spaces and tabs around it; never empty.
    pub fn bytes(&self) -> &'a [u8] {
        trim(self.piece)
    }

    /// Where [`bytes`](Self::bytes) stands in the line.
    pub fn span(&self) -> Range<usize> {
        let before = self.piece.len() - trim_start(self.piece).len();
        let start = self.start + before;
        start..start + self.bytes().len()
    }

    /// The name up to the first `=`, without the spaces and tabs around it; empty for a nameless
    /// cookie (`=value` or `value`), as browsers send them (draft-ietf-httpbis-rfc6265bis
    /// section 5.8.3).
    pub fn name(&self) -> &'a [u8] {
        self.halves().map_or(b"", |(name, _)| name)
    }

    /// The value after the first `=`, without the spaces and tabs around it.
    pub fn value(&self) -> &'a [u8] {
        self.halves().map_or(self.bytes(), |(_, value)| value)
    }

    /// Whether `keep` allows every name that a common reader would give this pair.
    ///
    /// Asks for one reading after the other, the raw name first, and stops at the first refusal. A
    /// caller that reports the reason sees in its last question which reading it was.
    pub fn is_kept(&self, mut keep: impl FnMut(CookieName<'_>) -> bool) -> bool {
        let name = self.halves().map(|(name, _)| name);
        match name {
            Some(name) if self.line_is_plain && is_plain_name(name) => {
                keep(CookieName::new(name, Reading::Raw))
            }
            _ => every_reading(name, self.bytes(), &mut keep),
        }
    }

    /// Where the piece begins in the line, with the `;` before it.
    pub(super) const fn start_with_separator(&self) -> usize {
        self.start.saturating_sub(1)
    }

    /// Where the piece ends in the line.
    pub(super) const fn end(&self) -> usize {
        self.start + self.piece.len()
    }

    /// Name and value of a pair, `None` for a word.
    fn halves(&self) -> Option<(&'a [u8], &'a [u8])> {
        let (name, value) = self.piece.split_at_checked(self.equals?)?;
        Some((trim(name), trim(value.strip_prefix(b"=")?)))
    }
}

/// The pairs of one `Cookie` line, in order.
#[derive(Clone, Debug)]
pub struct Pairs<'a> {
    line: &'a [u8],
    /// Where the next piece begins; past the end of the line when there is none.
    at: usize,
    line_is_plain: bool,
}

impl<'a> Pairs<'a> {
    pub(super) fn of(line: &'a [u8]) -> Self {
        Self {
            line,
            at: 0,
            line_is_plain: is_plain_line(line),
        }
    }
}

impl<'a> Iterator for Pairs<'a> {
    type Item = CookiePair<'a>;

    fn next(&mut self) -> Option<CookiePair<'a>> {
        loop {
            let start = self.at;
            let rest = self.line.get(start..)?;
            let len = memchr(b';', rest).unwrap_or(rest.len());
            self.at = start + len + 1;
            let piece = rest.get(..len)?;
            let equals = memchr(b'=', piece);
            if equals.is_some() || !trim_start(piece).is_empty() {
                return Some(CookiePair {
                    piece,
                    start,
                    equals,
                    line_is_plain: self.line_is_plain,
                });
            }
        }
    }
}

/// Whether all bytes are visible ASCII, but for one space after a `;`.
///
/// On such a line no reader finds names inside a value or trims more than another, which leaves
/// percent-encoding as the only way to read a name twice. Nearly every line is one.
fn is_plain_line(line: &[u8]) -> bool {
    let after_first = line.get(1..).unwrap_or_default();
    // Every byte is looked at, also after an odd one: that is what makes it one vector operation
    // for many bytes.
    let all = line
        .iter()
        .zip(after_first)
        .fold(true, |plain, (&before, &byte)| {
            plain & (byte.is_ascii_graphic() | ((byte == b' ') & (before == b';')))
        });
    all && line.first().is_none_or(u8::is_ascii_graphic)
}

fn is_plain_name(name: &[u8]) -> bool {
    !name.is_empty() && !name.contains(&b'%')
}

/// Without the spaces and tabs around it, which every reader trims.
pub(crate) fn trim(text: &[u8]) -> &[u8] {
    let mut text = trim_start(text);
    while let [before @ .., b' ' | b'\t'] = text {
        text = before;
    }
    text
}

fn trim_start(mut text: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', after @ ..] = text {
        text = after;
    }
    text
}
