//! The names that one pair of a `Cookie` line has for different readers.

use std::iter;

use percent_encoding::percent_decode;

use crate::NamePattern;
use crate::search::{memchr, split};

/// A name to judge, and how a reader comes to see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CookieName<'n> {
    /// The name; empty for a nameless cookie.
    pub bytes: &'n [u8],
    /// How a reader gets it from the pair.
    pub reading: Reading,
}

impl<'n> CookieName<'n> {
    pub(super) const fn new(bytes: &'n [u8], reading: Reading) -> Self {
        Self { bytes, reading }
    }
}

/// A way in which some common reader comes to a cookie name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Reading {
    /// What stands before the first `=`, without the spaces and tabs around it: nearly every reader.
    Raw,
    /// A name with its `%XX` decoded: readers that decode the whole pair.
    PercentDecoded,
    /// A name without control characters or Unicode whitespace at its ends: readers built on the
    /// string trimming of their language, over UTF-8 or over Latin-1.
    Trimmed,
    /// A word without `=`, read as a name without value.
    Bare,
    /// A name that follows whitespace inside the pair, as in `a=1 b=2`, or a leading `=`: readers
    /// that end values at whitespace, such as Python's `http.cookies`.
    Embedded,
    /// No name, only a value: how browsers mean a word without `=`.
    Nameless,
}

type Keep<'k> = dyn FnMut(CookieName<'_>) -> bool + 'k;

/// Whether `keep` allows every name that a reader may see in `text`, a whole pair of which `name`
/// stands before the first `=`, or a word without `=`.
///
/// Kept out of the loop over pairs, where it is rarely needed.
#[cold]
#[inline(never)]
pub(super) fn every_reading(name: Option<&[u8]>, text: &[u8], keep: &mut Keep<'_>) -> bool {
    const NAMELESS: CookieName<'_> = CookieName::new(b"", Reading::Nameless);
    let outright = match name {
        None => keep(NAMELESS) && every_spelling(text, Reading::Bare, keep),
        Some(b"") => keep(NAMELESS),
        Some(name) => every_spelling(name, Reading::Raw, keep),
    };
    outright
        && embedded_names(text)
            .filter(|embedded| name != Some(embedded))
            .all(|embedded| every_spelling(embedded, Reading::Embedded, keep))
}

/// The name as it is, decoded, and trimmed before and after decoding.
fn every_spelling(name: &[u8], reading: Reading, keep: &mut Keep<'_>) -> bool {
    keep(CookieName::new(name, reading))
        && every_trimming(name, keep)
        && with_percent_decoded(name, |decoded| {
            keep(CookieName::new(decoded, Reading::PercentDecoded)) && every_trimming(decoded, keep)
        })
}

fn every_trimming(name: &[u8], keep: &mut Keep<'_>) -> bool {
    [trim_utf8(name), trim_latin1(name)]
        .into_iter()
        .filter(|trimmed| trimmed.len() < name.len())
        .all(|trimmed| keep(CookieName::new(trimmed, Reading::Trimmed)))
}

/// Hands the decoded name to `judge`, or says yes when nothing is encoded in it.
///
/// Decodes onto the stack; only a name that is too long for any pattern needs the heap.
fn with_percent_decoded(name: &[u8], judge: impl FnOnce(&[u8]) -> bool) -> bool {
    if memchr(b'%', name).is_none() {
        return true;
    }
    let mut stack = [0; NamePattern::MAX_LEN];
    let mut heap = Vec::new();
    let buffer = if name.len() <= stack.len() {
        &mut stack[..]
    } else {
        heap.resize(name.len(), 0);
        &mut heap[..]
    };
    let decoded = buffer.iter_mut().zip(percent_decode(name));
    let len = decoded.map(|(slot, byte)| *slot = byte).count();
    len == name.len() || judge(buffer.get(..len).unwrap_or_default())
}

/// The names that stand before a `=` and after whitespace, the start of the text, or a leading `=`.
///
/// Readers that look there take visible ASCII without quotes, brackets and backslashes as names.
fn embedded_names(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut words = text
        .split(|byte| is_blank(*byte))
        .filter(|word| !word.is_empty())
        .peekable();
    iter::from_fn(move || {
        let mut word = words.next()?;
        while let Some(after) = word.strip_prefix(b"=") {
            word = after;
        }
        let name = split(word, b'=').next()?;
        let before_equals =
            name.len() < word.len() || words.peek().is_some_and(|next| next.starts_with(b"="));
        Some(if before_equals { name } else { b"" })
    })
    .filter(|name| {
        let in_a_name = |byte: &u8| byte.is_ascii_graphic() && !b"\"[\\]".contains(byte);
        !name.is_empty() && name.iter().all(in_a_name)
    })
}

/// Trimmed as a reader does that takes the name for UTF-8, as far as it is.
fn trim_utf8(mut name: &[u8]) -> &[u8] {
    while let Some(rest) = blank_at_start(name).and_then(|length| name.get(length..)) {
        name = rest;
    }
    // No character of several bytes ends in another one, so that what looks like a blank is one.
    while let Some(rest) = (1..=3).find_map(|length| {
        let (rest, end) = name.split_at_checked(name.len().checked_sub(length)?)?;
        (blank_at_start(end) == Some(length)).then_some(rest)
    }) {
        name = rest;
    }
    name
}

/// How many bytes the white space or control character has that a text begins with, if it does. By bytes,
/// as decoding and the tables of all characters are code that a page would have to download.
fn blank_at_start(text: &[u8]) -> Option<usize> {
    match *text {
        [byte, ..] if is_blank(byte) => Some(1),
        // U+0080 to U+00A0.
        [0xc2, 0x80..=0xa0, ..] => Some(2),
        // U+1680; U+2000 to U+200A, U+2028, U+2029, U+202F; U+205F; U+3000.
        [0xe1, 0x9a, 0x80, ..]
        | [0xe2, 0x80, 0x80..=0x8a | 0xa8 | 0xa9 | 0xaf, ..]
        | [0xe2, 0x81, 0x9f, ..]
        | [0xe3, 0x80, 0x80, ..] => Some(3),
        // JavaScript trims U+FEFF too, and nobody's name begins with it.
        [0xef, 0xbb, 0xbf, ..] => Some(3),
        _ => None,
    }
}

/// Trimmed as a reader does that takes every byte for the Latin-1 character of its number.
fn trim_latin1(mut name: &[u8]) -> &[u8] {
    let blank = |byte: &u8| is_blank(*byte) || matches!(byte, 0x80..=0xa0);
    while let Some((_, after)) = name.split_first().filter(|(first, _)| blank(first)) {
        name = after;
    }
    while let Some((_, before)) = name.split_last().filter(|(last, _)| blank(last)) {
        name = before;
    }
    name
}

/// Space, or a control character.
const fn is_blank(byte: u8) -> bool {
    byte <= b' ' || byte == 0x7f
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    /// The same by decoding.
    fn decoded(name: &[u8]) -> &[u8] {
        let blank = |c: char| c.is_whitespace() || c.is_control() || c == '\u{feff}';
        let before = name.utf8_chunks().next().map_or(0, |chunk| {
            chunk.valid().len() - chunk.valid().trim_start_matches(blank).len()
        });
        let name = &name[before..];
        let behind = name
            .utf8_chunks()
            .last()
            .map_or(0, |chunk| match chunk.invalid() {
                b"" => chunk.valid().len() - chunk.valid().trim_end_matches(blank).len(),
                _ => 0,
            });
        &name[..name.len() - behind]
    }

    #[test]
    fn every_character_is_trimmed_that_decoding_trims() {
        for character in '\0'..=char::MAX {
            let name = format!("{character}a{character}").into_bytes();
            assert_eq!(trim_utf8(&name), decoded(&name), "{character:?}");
        }
    }

    /// Of characters of several bytes.
    const PIECES: &[&[u8]] = &[b"\xe2", b"\x80", b"\xe2\x80", b"\xc2", b"\xa0", b"\xef\xbb"];

    proptest! {
        #[test]
        fn names_are_trimmed_as_by_decoding(
            parts in vec(prop_oneof![
                vec(any::<u8>(), 1..3),
                prop::sample::select(&["\u{a0}", "\u{3000}", "\u{feff}", "\u{2028}", " ", "a"][..])
                    .prop_map(|text| text.as_bytes().to_vec()),
                prop::sample::select(PIECES).prop_map(<[u8]>::to_vec),
            ], 0..6),
        ) {
            let name = parts.concat();
            prop_assert_eq!(trim_utf8(&name), decoded(&name));
        }
    }
}
