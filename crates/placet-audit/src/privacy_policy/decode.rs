//! From bytes to text: byte order marks, UTF-16 without one, and Windows-1252 where it is not UTF-8.

use std::borrow::Cow;

/// What Windows-1252 has between 0x80 and 0x9F (WHATWG Encoding, index windows-1252).
const WINDOWS_1252: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
    '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// The text, whatever it was saved as. Never fails: what is no character becomes U+FFFD.
pub(super) fn text(bytes: &[u8]) -> Cow<'_, str> {
    if let Some(rest) = bytes.strip_prefix(b"\xef\xbb\xbf") {
        return String::from_utf8_lossy(rest);
    }
    if let Some(rest) = bytes.strip_prefix(b"\xff\xfe") {
        return Cow::Owned(utf_16(rest, u16::from_le_bytes));
    }
    if let Some(rest) = bytes.strip_prefix(b"\xfe\xff") {
        return Cow::Owned(utf_16(rest, u16::from_be_bytes));
    }
    // Text in Latin letters has a zero in every second byte of UTF-16.
    let start = bytes.get(..bytes.len().min(512)).unwrap_or(bytes);
    let zeros = |parity: usize| {
        let every_second = start.iter().skip(parity).step_by(2);
        every_second.filter(|byte| **byte == 0).count() * 8 > start.len() * 3
    };
    if zeros(1) && !zeros(0) {
        return Cow::Owned(utf_16(bytes, u16::from_le_bytes));
    }
    if zeros(0) && !zeros(1) {
        return Cow::Owned(utf_16(bytes, u16::from_be_bytes));
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        // A few broken bytes in what is otherwise UTF-8 are not another encoding.
        Err(_) if is_mostly_utf_8(bytes) => String::from_utf8_lossy(bytes),
        Err(_) => Cow::Owned(bytes.iter().map(|byte| windows_1252(*byte)).collect()),
    }
}

/// Whether a file is a text at all, by how it begins and by what was made of it: one in fifty characters
/// that nobody writes is no slip any more.
pub(super) fn is_text(bytes: &[u8], text: &str) -> bool {
    /// PDF, PostScript, RTF, ZIP (which `.docx` and `.odt` are), `.doc`, PNG, JPEG, GIF, gzip, ELF.
    const OTHERS: [&[u8]; 10] = [
        b"%PDF-",
        b"%!PS",
        b"{\\rtf",
        b"PK\x03\x04",
        b"\xd0\xcf\x11\xe0",
        b"\x89PNG",
        b"\xff\xd8\xff",
        b"GIF8",
        b"\x1f\x8b",
        b"\x7fELF",
    ];
    if OTHERS.iter().any(|start| bytes.starts_with(start)) {
        return false;
    }
    let nobody_writes =
        |c: &char| *c == char::REPLACEMENT_CHARACTER || (c.is_control() && !c.is_whitespace());
    let odd = text.chars().filter(nobody_writes).count();
    odd < 4 || odd.saturating_mul(50) <= text.chars().count()
}

fn utf_16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let units = bytes
        .chunks_exact(2)
        .filter_map(|pair| pair.try_into().ok());
    char::decode_utf16(units.map(unit))
        .map(|character| character.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect()
}

fn is_mostly_utf_8(bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0usize, 0usize);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().bytes().filter(|byte| *byte >= 0xc0).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    good > bad
}

fn windows_1252(byte: u8) -> char {
    let high = byte.checked_sub(0x80).map(usize::from);
    match high.and_then(|place| WINDOWS_1252.get(place)) {
        Some(character) => *character,
        None => char::from(byte),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_to_save_a_text_reads_the_same() {
        let expected = "Größe: we use “cookies”";
        let utf_16: Vec<u16> = expected.encode_utf16().collect();
        let little: Vec<u8> = utf_16.iter().flat_map(|unit| unit.to_le_bytes()).collect();
        let big: Vec<u8> = utf_16.iter().flat_map(|unit| unit.to_be_bytes()).collect();
        let cases: [(&str, Vec<u8>); 7] = [
            ("UTF-8", expected.as_bytes().to_vec()),
            (
                "UTF-8 with a mark",
                [b"\xef\xbb\xbf", expected.as_bytes()].concat(),
            ),
            ("UTF-16LE with a mark", [b"\xff\xfe", &*little].concat()),
            ("UTF-16BE with a mark", [b"\xfe\xff", &*big].concat()),
            ("UTF-16LE", little),
            ("UTF-16BE", big),
            (
                "Windows-1252",
                b"Gr\xf6\xdfe: we use \x93cookies\x94".to_vec(),
            ),
        ];
        for (name, bytes) in cases {
            assert_eq!(text(&bytes), expected, "{name}");
        }
    }

    #[test]
    fn one_broken_byte_does_not_change_the_encoding() {
        let bytes = [expected_utf_8().as_bytes(), b"\xff!"].concat();
        assert!(text(&bytes).starts_with("Größe und Maß"));
    }

    #[test]
    fn what_is_no_text_is_told_from_text_with_a_slip() {
        let every_byte: Vec<u8> = (0..=255).collect();
        let cases: [(&[u8], bool); 8] = [
            (b"", true),
            (b"We use cookies.", true),
            (b"We use\0 cookies.\xff", true),
            (b"%PDF-1.7\nWe use cookies.", false),
            (b"PK\x03\x04word/document.xml", false),
            (b"{\\rtf1 We use cookies.}", false),
            (&[0; 4096], false),
            (&every_byte, false),
        ];
        for (bytes, expected) in cases {
            let found = is_text(bytes, &text(bytes));
            assert_eq!(found, expected, "{}", bytes.escape_ascii());
        }
    }

    fn expected_utf_8() -> &'static str {
        "Größe und Maß"
    }
}
