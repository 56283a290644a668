//! Bytes as the parts of Placet hand them to one another, where a text form would take more code to
//! read than a page should download.
//!
//! Numbers are unsigned LEB128 of at most 32 bits, flags the bytes 0 and 1, texts their length in bytes
//! and the bytes, sections likewise, lists their length and members, an absent value the flag 0, a present one the flag 1
//! and the value.

/// Writes values one behind the other.
///
/// ```
/// use placet::compact::{Reader, Writer};
///
/// let mut writer = Writer::default();
/// writer.number(300);
/// writer.text(b"session");
/// let bytes = writer.into_bytes();
/// assert_eq!(bytes, b"\xac\x02\x07session");
///
/// let mut reader = Reader::new(&bytes);
/// assert_eq!(reader.number(), 300);
/// assert_eq!(reader.text(), b"session");
/// assert!(reader.is_at_end());
/// ```
#[derive(Clone, Debug, Default)]
pub struct Writer {
    bytes: Vec<u8>,
}

impl Writer {
    /// What was written.
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// A byte as it is.
    pub fn byte(&mut self, byte: u8) {
        self.bytes.push(byte);
    }

    /// Yes or no.
    pub fn flag(&mut self, flag: bool) {
        self.byte(flag.into());
    }

    /// A number.
    pub fn number(&mut self, mut number: u32) {
        while number > 0x7f {
            self.byte(number as u8 | 0x80);
            number >>= 7;
        }
        self.byte(number as u8);
    }

    /// A text.
    pub fn text(&mut self, text: &[u8]) {
        self.number(text.len() as u32);
        self.bytes.extend_from_slice(text);
    }

    /// Values behind one another, told by how many bytes they take: a reader can pass over all of them.
    pub fn section(&mut self, write: impl FnOnce(&mut Self)) {
        let mut section = Self::default();
        write(&mut section);
        self.text(&section.bytes);
    }

    /// A list, its members written by `write`.
    pub fn list<T>(&mut self, list: &[T], mut write: impl FnMut(&mut Self, &T)) {
        self.number(list.len() as u32);
        for member in list {
            write(self, member);
        }
    }

    /// A value that may be absent, written by `write`.
    pub fn option<T>(&mut self, option: Option<T>, write: impl FnOnce(&mut Self, T)) {
        self.flag(option.is_some());
        if let Some(value) = option {
            write(self, value);
        }
    }
}

/// Reads what a [`Writer`] wrote, and any other bytes without panic: behind what cannot be read follow
/// empty values, and [`Reader::is_at_end`] says so at the end. A way out of every place would be half of
/// the code.
#[derive(Clone, Debug)]
pub struct Reader<'a> {
    rest: &'a [u8],
    is_broken: bool,
}

impl<'a> Reader<'a> {
    /// A reader of these bytes.
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self {
            rest: bytes,
            is_broken: false,
        }
    }

    /// Whether everything was read, and nothing amiss.
    pub const fn is_at_end(&self) -> bool {
        self.rest.is_empty() && !self.is_broken
    }

    /// Whether something is left to be read.
    pub const fn has_more(&self) -> bool {
        !self.rest.is_empty()
    }

    /// What was read is not what was expected there.
    pub fn reject(&mut self) {
        self.is_broken = true;
        // Nothing behind it is read for what it is not.
        self.rest = &[];
    }

    /// A byte as it is.
    pub fn byte(&mut self) -> u8 {
        match self.rest.split_first() {
            Some((byte, rest)) => {
                self.rest = rest;
                *byte
            }
            None => {
                self.reject();
                0
            }
        }
    }

    /// Yes or no.
    pub fn flag(&mut self) -> bool {
        let byte = self.byte();
        if byte > 1 {
            self.reject();
        }
        byte == 1
    }

    /// A number.
    pub fn number(&mut self) -> u32 {
        let mut number = 0;
        let mut place = 0;
        loop {
            let byte = self.byte();
            let part = u32::from(byte & 0x7f);
            // Of the fifth byte four bits fit.
            if place > 28 || (place == 28 && byte > 0x0f) {
                self.reject();
                return 0;
            }
            number |= part << place;
            if byte < 0x80 {
                return number;
            }
            place += 7;
        }
    }

    /// A text.
    pub fn text(&mut self) -> &'a [u8] {
        let length = self.number() as usize;
        match self.rest.split_at_checked(length) {
            Some((text, rest)) => {
                self.rest = rest;
                text
            }
            None => {
                self.reject();
                b""
            }
        }
    }

    /// A text of ASCII, for what has no other characters: telling UTF-8 takes more code.
    pub fn ascii(&mut self) -> String {
        let text = self.text();
        let mut ascii = String::with_capacity(text.len());
        for byte in text {
            if *byte > 0x7f {
                self.reject();
            }
            ascii.push(char::from(*byte & 0x7f));
        }
        ascii
    }

    /// A list, its members read by `read`.
    ///
    /// Holds no more than was read: every member takes at least a byte, and room is made as they come.
    pub fn list<T>(&mut self, read: fn(&mut Self) -> T) -> Vec<T> {
        let mut list = Vec::new();
        let mut left = self.number();
        while left > 0 && !self.is_broken {
            list.push(read(self));
            left -= 1;
        }
        list
    }

    /// The values of a [section](Writer::section), read by `read` one after the other.
    pub fn section(&mut self, mut read: impl FnMut(&mut Self)) {
        let mut section = Self::new(self.text());
        while section.has_more() {
            read(&mut section);
        }
        if section.is_broken {
            self.reject();
        }
    }

    /// A value that may be absent, read by `read`.
    pub fn option<T>(&mut self, read: fn(&mut Self) -> T) -> Option<T> {
        self.flag().then(|| read(self))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_no_writer_writes_is_rejected() {
        // A number of 33 bits, one of six bytes, an unfinished one; a text longer than what is there.
        for bytes in [
            &[0xff, 0xff, 0xff, 0xff, 0x1f][..],
            &[0x80, 0x80, 0x80, 0x80, 0x80, 0x00],
            &[0x80],
            &[],
        ] {
            let mut reader = Reader::new(bytes);
            reader.number();
            assert!(!reader.is_at_end(), "{bytes:?}");
        }
        let mut reader = Reader::new(b"\x03ab");
        assert_eq!(reader.text(), b"");
        assert!(!reader.is_at_end());
        let mut reader = Reader::new(&[2]);
        reader.flag();
        assert!(!reader.is_at_end());
        let mut reader = Reader::new("\u{2}é".as_bytes());
        reader.ascii();
        assert!(!reader.is_at_end());
        // Four billion members, of which none is there.
        let mut reader = Reader::new(&[0xff, 0xff, 0xff, 0xff, 0x0f]);
        assert_eq!(reader.list(Reader::number).len(), 1);
        assert!(!reader.is_at_end());
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(number: u32, flag: bool, text: Vec<u8>, list: Vec<u32>, absent: Option<bool>) {
            let mut writer = Writer::default();
            writer.number(number);
            writer.flag(flag);
            writer.text(&text);
            writer.list(&list, |to, number| to.number(*number));
            writer.section(|to| list.iter().for_each(|number| to.number(*number)));
            writer.option(absent, Writer::flag);
            let bytes = writer.into_bytes();
            let mut reader = Reader::new(&bytes);
            prop_assert_eq!(reader.number(), number);
            prop_assert_eq!(reader.flag(), flag);
            prop_assert_eq!(reader.text(), &text);
            prop_assert_eq!(reader.list(Reader::number), &list[..]);
            let mut section = Vec::new();
            reader.section(|from| section.push(from.number()));
            prop_assert_eq!(section, list);
            prop_assert_eq!(reader.option(Reader::flag), absent);
            prop_assert!(reader.is_at_end());
        }
    }
}
