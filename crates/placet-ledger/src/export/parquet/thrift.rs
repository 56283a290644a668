//! Structures in the compact protocol of Apache Thrift, as far as Parquet's footer and pages need it.

/// What a field holds, by its number in the protocol.
const TRUE: u8 = 1;
const FALSE: u8 = 2;
const BYTE: u8 = 3;
const I32: u8 = 5;
const I64: u8 = 6;
const BINARY: u8 = 8;
const LIST: u8 = 9;
const STRUCT: u8 = 12;

/// One structure while it is written; fields come in ascending order.
#[derive(Default)]
pub(super) struct Thrift {
    bytes: Vec<u8>,
    last: u8,
}

impl Thrift {
    /// The structure, ended.
    pub(super) fn end(mut self) -> Vec<u8> {
        self.bytes.push(0);
        self.bytes
    }

    fn field(&mut self, id: u8, kind: u8) {
        // No structure here skips fifteen fields.
        self.bytes.push(id.saturating_sub(self.last) << 4 | kind);
        self.last = id;
    }

    pub(super) fn flag(&mut self, id: u8, flag: bool) {
        self.field(id, if flag { TRUE } else { FALSE });
    }

    pub(super) fn byte(&mut self, id: u8, byte: u8) {
        self.field(id, BYTE);
        self.bytes.push(byte);
    }

    pub(super) fn int(&mut self, id: u8, value: i32) {
        self.field(id, I32);
        self.zigzag(value.into());
    }

    pub(super) fn long(&mut self, id: u8, value: i64) {
        self.field(id, I64);
        self.zigzag(value);
    }

    pub(super) fn text(&mut self, id: u8, text: &str) {
        self.field(id, BINARY);
        self.binary(text);
    }

    pub(super) fn structure(&mut self, id: u8, write: impl FnOnce(&mut Self)) {
        self.field(id, STRUCT);
        self.nested(write);
    }

    pub(super) fn ints(&mut self, id: u8, values: &[i32]) {
        self.list(id, I32, values.len());
        for value in values {
            self.zigzag((*value).into());
        }
    }

    pub(super) fn texts(&mut self, id: u8, texts: &[&str]) {
        self.list(id, BINARY, texts.len());
        for text in texts {
            self.binary(text);
        }
    }

    pub(super) fn structures<T>(
        &mut self,
        id: u8,
        items: &[T],
        mut write: impl FnMut(&mut Self, &T),
    ) {
        self.list(id, STRUCT, items.len());
        for item in items {
            self.nested(|inner| write(inner, item));
        }
    }

    fn nested(&mut self, write: impl FnOnce(&mut Self)) {
        let outer = std::mem::take(&mut self.last);
        write(self);
        self.bytes.push(0);
        self.last = outer;
    }

    fn list(&mut self, id: u8, kind: u8, len: usize) {
        self.field(id, LIST);
        match u8::try_from(len) {
            Ok(short @ 0..15) => self.bytes.push(short << 4 | kind),
            _ => {
                self.bytes.push(0xf0 | kind);
                varint(&mut self.bytes, len as u64);
            }
        }
    }

    fn binary(&mut self, text: &str) {
        varint(&mut self.bytes, text.len() as u64);
        self.bytes.extend_from_slice(text.as_bytes());
    }

    fn zigzag(&mut self, value: i64) {
        let zigzag = (value << 1) ^ (value >> 63);
        varint(&mut self.bytes, zigzag.cast_unsigned());
    }
}

/// Seven bits a byte, the lowest first (LEB128).
pub(super) fn varint(to: &mut Vec<u8>, mut value: u64) {
    while value > 0x7f {
        to.push(value as u8 | 0x80);
        value >>= 7;
    }
    to.push(value as u8);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_structure_is_written_by_the_compact_protocol() {
        let mut thrift = Thrift::default();
        thrift.int(1, -1);
        thrift.long(3, 300);
        thrift.structure(4, |inner| inner.flag(1, true));
        thrift.text(5, "ab");
        thrift.ints(6, &[1, 2]);
        thrift.byte(7, 32);
        thrift.structures(8, &[(); 15], |_, ()| ());
        let mut expected = vec![
            0x15, 0x01, 0x26, 0xd8, 0x04, 0x1c, 0x11, 0x00, 0x18, 0x02, b'a', b'b', 0x19, 0x25,
            0x02, 0x04, 0x13, 0x20, 0x19, 0xfc, 0x0f,
        ];
        expected.extend([0; 16]);
        assert_eq!(thrift.end(), expected);
    }
}
