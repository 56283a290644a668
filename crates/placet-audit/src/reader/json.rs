//! A pull parser for JSON that borrows and skips: strings are unescaped in place, and what
//! nobody asks for is stepped over without looking inside.
//!
//! It is lenient where exporters are: raw control characters in strings and unknown escapes are
//! kept.

use memchr::{memchr, memchr2, memchr3};

/// What broke, for a [`Malformed`](crate::Malformed).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct JsonError {
    pub(super) line: u64,
    pub(super) problem: String,
}

/// A value that is one piece of text at the most.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Scalar<'b> {
    Text(&'b [u8]),
    /// A number as written.
    Number(&'b [u8]),
    Bool(bool),
    /// An object, which was skipped.
    Object,
    /// An array, which was skipped.
    Array,
    /// `null`.
    #[default]
    Null,
}

impl<'b> Scalar<'b> {
    /// The text of a string or number, else empty.
    pub(super) fn text(self) -> &'b [u8] {
        match self {
            Self::Text(text) | Self::Number(text) => text,
            Self::Bool(_) | Self::Object | Self::Array | Self::Null => b"",
        }
    }

    /// A whole number that is not negative, also when it is written as a string or with a fraction.
    pub(super) fn count(self) -> Option<u64> {
        let text = self.text().trim_ascii();
        let digits = text.iter().take_while(|b| b.is_ascii_digit()).count();
        std::str::from_utf8(text.get(..digits)?).ok()?.parse().ok()
    }

    /// `true`, also as a string or 1.
    pub(super) fn is_true(self) -> bool {
        self == Self::Bool(true) || self.text() == b"1" || self.text().eq_ignore_ascii_case(b"true")
    }
}

/// The unread part of a JSON text.
#[derive(Debug)]
pub(super) struct Json<'b> {
    rest: &'b mut [u8],
    line: u64,
}

impl<'b> Json<'b> {
    pub(super) fn new(text: &'b mut [u8], line: u64) -> Self {
        Self { rest: text, line }
    }

    /// The line of the next token.
    pub(super) fn line(&mut self) -> u64 {
        self.peek();
        self.line
    }

    /// What is not read yet.
    pub(super) fn rest(&self) -> &[u8] {
        self.rest
    }

    /// Leaves out the next bytes, whatever they are.
    pub(super) fn step_over(&mut self, count: usize) {
        let skipped = self.advance(count);
        self.line += super::blocks::count_lines(skipped);
    }

    fn advance(&mut self, count: usize) -> &'b mut [u8] {
        let rest = std::mem::take(&mut self.rest);
        let count = count.min(rest.len());
        let (taken, rest) = rest.split_at_mut(count);
        self.rest = rest;
        taken
    }

    /// The first byte of the next token; `None` at the end.
    pub(super) fn peek(&mut self) -> Option<u8> {
        let mut lines = 0;
        let space = self
            .rest
            .iter()
            .position(|b| match b {
                b'\n' => {
                    lines += 1;
                    false
                }
                b' ' | b'\t' | b'\r' => false,
                _ => true,
            })
            .unwrap_or(self.rest.len());
        self.line += lines;
        if space > 0 {
            self.advance(space);
        }
        self.rest.first().copied()
    }

    fn broken(&self, expected: &str) -> JsonError {
        let found = match self.rest.first() {
            None => "the end".to_owned(),
            Some(b) if b.is_ascii_graphic() => format!("`{}`", char::from(*b)),
            Some(b) => format!("byte 0x{b:02x}"),
        };
        JsonError {
            line: self.line,
            problem: format!("found {found}, expected {expected}"),
        }
    }

    /// Steps over `byte` when it is next.
    fn eat(&mut self, byte: u8) -> bool {
        let next = self.peek() == Some(byte);
        if next {
            self.advance(1);
        }
        next
    }

    /// A string, unescaped.
    pub(super) fn string(&mut self) -> Result<&'b [u8], JsonError> {
        if !self.eat(b'"') {
            return Err(self.broken("a string"));
        }
        let first = memchr2(b'"', b'\\', self.rest);
        if let Some(end) = first
            && self.rest.get(end) == Some(&b'"')
        {
            let plain = self.advance(end);
            self.advance(1);
            return Ok(plain);
        }
        let Some(end) = end_of_string(self.rest) else {
            return Err(JsonError {
                line: self.line,
                problem: "found a string without end, expected `\"`".to_owned(),
            });
        };
        let raw = self.advance(end);
        self.advance(1);
        let length = unescape(raw);
        Ok(raw.get(..length).unwrap_or_default())
    }

    /// A value that is not wanted, whatever it is.
    pub(super) fn skip(&mut self) -> Result<(), JsonError> {
        let first = self.peek();
        let end = match first {
            Some(b'"') => self
                .rest
                .get(1..)
                .and_then(end_of_string)
                .map(|end| end + 2),
            Some(b'{') => end_of_container(self.rest, b'{', b'}'),
            Some(b'[') => end_of_container(self.rest, b'[', b']'),
            _ => return self.literal().map(|_| ()),
        };
        match end {
            Some(end) => {
                let skipped = self.advance(end);
                self.line += super::blocks::count_lines(skipped);
                Ok(())
            }
            None => Err(JsonError {
                line: self.line,
                problem: "found a value without end, expected its closing mark".to_owned(),
            }),
        }
    }

    fn literal(&mut self) -> Result<&'b [u8], JsonError> {
        self.peek();
        let length = self
            .rest
            .iter()
            .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'))
            .count();
        if length == 0 {
            return Err(self.broken("a value"));
        }
        Ok(self.advance(length))
    }

    /// A string, number, boolean or null; an object or array is skipped.
    pub(super) fn scalar(&mut self) -> Result<Scalar<'b>, JsonError> {
        match self.peek() {
            Some(b'"') => self.string().map(Scalar::Text),
            Some(b'{') => self.skip().map(|()| Scalar::Object),
            Some(b'[') => self.skip().map(|()| Scalar::Array),
            _ => Ok(match self.literal()? {
                b"true" => Scalar::Bool(true),
                b"false" => Scalar::Bool(false),
                b"null" => Scalar::Null,
                number => Scalar::Number(number),
            }),
        }
    }

    /// Calls `member` with each name of an object; it must read the value. Anything but an
    /// object is skipped.
    pub(super) fn members(
        &mut self,
        mut member: impl FnMut(&mut Self, &'b [u8]) -> Result<(), JsonError>,
    ) -> Result<(), JsonError> {
        if !self.eat(b'{') {
            return self.skip();
        }
        if self.eat(b'}') {
            return Ok(());
        }
        loop {
            let name = self.string()?;
            if !self.eat(b':') {
                return Err(self.broken("`:` after a name"));
            }
            member(self, name)?;
            if self.eat(b'}') {
                return Ok(());
            }
            if !self.eat(b',') {
                return Err(self.broken("`,` or `}`"));
            }
            // Some writers leave a comma behind the last member.
            if self.eat(b'}') {
                return Ok(());
            }
        }
    }

    /// Calls `element` for each element of an array; it must read it. Anything but an array
    /// is skipped.
    pub(super) fn elements(
        &mut self,
        mut element: impl FnMut(&mut Self) -> Result<(), JsonError>,
    ) -> Result<(), JsonError> {
        if !self.eat(b'[') {
            return self.skip();
        }
        loop {
            if self.eat(b']') {
                return Ok(());
            }
            element(self)?;
            if !self.eat(b',') && self.peek() != Some(b']') {
                return Err(self.broken("`,` or `]`"));
            }
        }
    }
}

/// Where the closing quote of a string stands, given what follows its opening quote.
pub(super) fn end_of_string(text: &[u8]) -> Option<usize> {
    memchr::memchr_iter(b'"', text).find(|&quote| {
        let before = text.get(..quote).unwrap_or_default();
        before.iter().rev().take_while(|&&b| b == b'\\').count() % 2 == 0
    })
}

/// Where an object or array ends that starts the text.
fn end_of_container(text: &[u8], open: u8, close: u8) -> Option<usize> {
    let mut depth = 0_usize;
    let mut at = 0;
    loop {
        let rest = text.get(at..)?;
        let next = at + memchr3(b'"', open, close, rest)?;
        let byte = *text.get(next)?;
        at = next + 1;
        if byte == b'"' {
            at += end_of_string(text.get(at..)?)? + 1;
        } else if byte == open {
            depth += 1;
        } else {
            depth = depth.saturating_sub(1);
            if depth == 0 {
                return Some(at);
            }
        }
    }
}

/// Undoes the escapes of RFC 8259 section 7 in place and returns the new length. Half a
/// surrogate pair becomes U+FFFD; an unknown escape stays as it is.
pub(super) fn unescape(text: &mut [u8]) -> usize {
    let Some(first) = memchr(b'\\', text) else {
        return text.len();
    };
    let (mut read, mut write) = (first, first);
    while let Some(&byte) = text.get(read) {
        if byte != b'\\' {
            put(text, &mut write, &[byte]);
            read += 1;
            continue;
        }
        let simple = match text.get(read + 1) {
            Some(b'n') => b'\n',
            Some(b'r') => b'\r',
            Some(b't') => b'\t',
            Some(b'b') => 8,
            Some(b'f') => 12,
            Some(&quoted @ (b'"' | b'\\' | b'/')) => quoted,
            Some(b'u') => {
                if let Some((letter, length)) = escaped_letter(text.get(read..).unwrap_or_default())
                {
                    let mut utf8 = [0; 4];
                    let utf8 = letter.encode_utf8(&mut utf8);
                    put(text, &mut write, utf8.as_bytes());
                    read += length;
                } else {
                    put(text, &mut write, b"\\");
                    read += 1;
                }
                continue;
            }
            _ => {
                put(text, &mut write, b"\\");
                read += 1;
                continue;
            }
        };
        put(text, &mut write, &[simple]);
        read += 2;
    }
    write
}

/// Writes behind what is already read: an escape is never shorter than what it stands for.
fn put(text: &mut [u8], write: &mut usize, bytes: &[u8]) {
    for byte in bytes {
        if let Some(place) = text.get_mut(*write) {
            *place = *byte;
        }
        *write += 1;
    }
}

/// The letter of `\uXXXX` or of a surrogate pair, and how many bytes it takes.
fn escaped_letter(text: &[u8]) -> Option<(char, usize)> {
    let unit = |at: usize| -> Option<u32> {
        let digits = text.get(at..at + 6)?.strip_prefix(b"\\u")?;
        digits
            .iter()
            .try_fold(0, |sum, b| Some(sum * 16 + char::from(*b).to_digit(16)?))
    };
    let first = unit(0)?;
    if (0xD800..0xDC00).contains(&first)
        && let Some(second) = unit(6).filter(|low| (0xDC00..0xE000).contains(low))
    {
        let letter = 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
        return char::from_u32(letter).map(|letter| (letter, 12));
    }
    Some((char::from_u32(first).unwrap_or('\u{FFFD}'), 6))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn unescaped(text: &str) -> Vec<u8> {
        let mut bytes = text.as_bytes().to_vec();
        let length = unescape(&mut bytes);
        bytes.truncate(length);
        bytes
    }

    #[test]
    fn escapes_are_undone_in_place() {
        for (raw, plain) in [
            ("plain", "plain"),
            (r#"a\"b\\c\/d"#, r#"a"b\c/d"#),
            (r"\n\r\t\b\f", "\n\r\t\u{8}\u{c}"),
            (r"\u00e9\u20AC", "é€"),
            (r"\ud83c\udf6a", "\u{1f36a}"),
            (r"\ud83c|", "\u{fffd}|"),
            (r"\x\u12", r"\x\u12"),
            (r"end\", r"end\"),
        ] {
            assert_eq!(unescaped(raw), plain.as_bytes(), "{raw}");
        }
    }

    #[test]
    fn what_is_skipped_does_not_shift_the_lines() {
        let mut text = b"{\n\"a\": {\"x\": [\"}\\\"\",\n{}]},\n\"b\":\n\"here\"}".to_vec();
        let mut json = Json::new(&mut text, 1);
        let mut seen = Vec::new();
        json.members(|json, name| {
            if name == b"b" {
                seen.push(json.line());
            }
            json.skip()
        })
        .unwrap();
        assert_eq!(seen, [5]);
    }

    #[test]
    fn an_error_says_where_and_what_was_expected() {
        let mut text = b"{\n\"a\" 1}".to_vec();
        let error = Json::new(&mut text, 7)
            .members(|json, _| json.skip())
            .unwrap_err();
        assert_eq!(error.line, 8);
        assert_eq!(error.problem, "found `1`, expected `:` after a name");
    }

    proptest! {
        #[test]
        fn strings_come_out_as_serde_reads_them(text in ".*") {
            let written = serde_json::to_string(&text).unwrap();
            let mut bytes = written.clone().into_bytes();
            prop_assert_eq!(Json::new(&mut bytes, 1).string(), Ok(text.as_bytes()));
            let mut bytes = format!("[{written},{written}]").into_bytes();
            let mut json = Json::new(&mut bytes, 1);
            prop_assert_eq!(json.skip(), Ok(()));
            prop_assert_eq!(json.peek(), None);
        }

        #[test]
        fn no_bytes_panic(mut bytes in proptest::collection::vec(
            prop_oneof![Just(b'"'), Just(b'\\'), Just(b'{'), Just(b'}'), Just(b'['), any::<u8>()],
            0..60,
        )) {
            let mut json = Json::new(&mut bytes, 1);
            let _ = json.members(|json, _| json.elements(|json| json.scalar().map(|_| ())));
        }
    }
}
