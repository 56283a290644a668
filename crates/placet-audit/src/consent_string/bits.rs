//! Bits of a base64url text, read field by field without decoding it first.

use super::NotAConsentString;

/// A segment of a consent string: each character is six bits, the first the most significant.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bits<'a> {
    text: &'a [u8],
    at: usize,
    part: &'static str,
}

impl<'a> Bits<'a> {
    /// Every character must be one of base64url; padding is not (RFC 4648 section 5, as TCF and GPP
    /// take it).
    pub(super) fn new(part: &'static str, text: &'a [u8]) -> Result<Self, NotAConsentString> {
        match text.iter().position(|byte| six(*byte).is_none()) {
            Some(at) => Err(NotAConsentString::Alphabet {
                part,
                at: at + 1,
                byte: text.get(at).copied().unwrap_or_default(),
            }),
            None => Ok(Self { text, at: 0, part }),
        }
    }

    /// How many bits there are.
    pub(super) const fn len(&self) -> usize {
        self.text.len() * 6
    }

    fn cut_short(&self, field: &'static str) -> NotAConsentString {
        NotAConsentString::CutShort {
            part: self.part,
            field,
            ends_at: self.len(),
        }
    }

    /// A field holds what it may not.
    pub(super) const fn wrong(
        &self,
        field: &'static str,
        found: u64,
        expected: &'static str,
    ) -> NotAConsentString {
        NotAConsentString::Value {
            part: self.part,
            field,
            found,
            expected,
        }
    }

    pub(super) fn flag(&mut self, field: &'static str) -> Result<bool, NotAConsentString> {
        let byte = self.text.get(self.at / 6).copied().and_then(six);
        let byte = byte.ok_or_else(|| self.cut_short(field))?;
        let bit = byte >> (5 - self.at % 6) & 1;
        self.at += 1;
        Ok(bit == 1)
    }

    /// An integer of at most 64 bits.
    pub(super) fn integer(
        &mut self,
        field: &'static str,
        bits: u32,
    ) -> Result<u64, NotAConsentString> {
        let mut value = 0;
        for _ in 0..bits {
            value = value << 1 | u64::from(self.flag(field)?);
        }
        Ok(value)
    }

    pub(super) fn byte(&mut self, field: &'static str, bits: u32) -> Result<u8, NotAConsentString> {
        let value = self.integer(field, bits)?;
        u8::try_from(value).map_err(|_| self.wrong(field, value, "at most 255"))
    }

    pub(super) fn short(
        &mut self,
        field: &'static str,
        bits: u32,
    ) -> Result<u16, NotAConsentString> {
        let value = self.integer(field, bits)?;
        u16::try_from(value).map_err(|_| self.wrong(field, value, "at most 65535"))
    }

    /// A number in Fibonacci coding (GPP, section on data types): the places of its Fibonacci
    /// numbers from the smallest on, ended by a second 1. Zero has no code.
    pub(super) fn fibonacci(&mut self, field: &'static str) -> Result<u64, NotAConsentString> {
        let (mut this, mut next) = (1u64, 2u64);
        let (mut value, mut last) = (0u64, false);
        loop {
            let bit = self.flag(field)?;
            if bit && last {
                return Ok(value);
            }
            if bit {
                value = value.saturating_add(this);
            }
            last = bit;
            (this, next) = (next, this.saturating_add(next));
        }
    }

    /// Two letters of six bits each, A being 0.
    pub(super) fn letters(&mut self, field: &'static str) -> Result<[u8; 2], NotAConsentString> {
        let mut letters = [b'A'; 2];
        for letter in &mut letters {
            let value = self.byte(field, 6)?;
            if value > 25 {
                return Err(self.wrong(field, value.into(), "0 to 25, for A to Z"));
            }
            *letter += value;
        }
        Ok(letters)
    }
}

/// The six bits of a character.
const fn six(byte: u8) -> Option<u8> {
    match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'-' => Some(62),
        b'_' => Some(63),
        _ => None,
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Bits as base64url, filled up with zeros.
    pub(in super::super) fn text(bits: &str) -> String {
        const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        let bits: Vec<char> = bits.chars().filter(|c| !c.is_whitespace()).collect();
        bits.chunks(6)
            .map(|six| {
                let six: String = six.iter().collect();
                let value = usize::from_str_radix(&format!("{six:0<6}"), 2).unwrap();
                char::from(ALPHABET[value])
            })
            .collect()
    }

    /// A number in Fibonacci coding, as the specification builds it: from the largest on.
    pub(in super::super) fn fibonacci(mut number: u64) -> String {
        let mut numbers = vec![1, 2];
        while numbers[numbers.len() - 1] <= number {
            numbers.push(numbers[numbers.len() - 1] + numbers[numbers.len() - 2]);
        }
        let mut bits = Vec::new();
        for fibonacci in numbers.iter().rev() {
            let fits = *fibonacci <= number;
            if fits {
                number -= fibonacci;
            }
            if fits || !bits.is_empty() {
                bits.push(if fits { '1' } else { '0' });
            }
        }
        bits.iter().rev().chain(['1'].iter()).collect()
    }

    #[test]
    fn the_codes_of_the_specification_are_read() {
        for (code, expected) in [
            ("11", 1),
            ("011", 2),
            ("0011", 3),
            ("1011", 4),
            ("00011", 5),
            ("10011", 6),
            ("01011", 7),
        ] {
            let text = text(code);
            let mut bits = Bits::new("test", text.as_bytes()).unwrap();
            assert_eq!(bits.fibonacci("number"), Ok(expected), "{code}");
        }
    }

    #[test]
    fn a_code_without_end_is_cut_short() {
        let zeros = "A".repeat(64);
        let mut bits = Bits::new("test", zeros.as_bytes()).unwrap();
        assert!(bits.fibonacci("number").is_err());
    }

    proptest! {
        #[test]
        fn what_is_coded_is_read(number in 1u64..1 << 40, before in 0usize..7) {
            let text = text(&format!("{}{}", "0".repeat(before), fibonacci(number)));
            let mut bits = Bits::new("test", text.as_bytes()).unwrap();
            bits.integer("before", u32::try_from(before).unwrap()).unwrap();
            prop_assert_eq!(bits.fibonacci("number"), Ok(number));
        }

        #[test]
        fn integers_are_read_at_any_place(value: u64, before in 0u32..13, length in 1u32..=64) {
            let value = value & u64::MAX >> (64 - length);
            let width = usize::try_from(length).unwrap();
            let zeros = "0".repeat(usize::try_from(before).unwrap());
            let text = text(&format!("{zeros}{value:0width$b}"));
            let mut bits = Bits::new("test", text.as_bytes()).unwrap();
            bits.integer("before", before).unwrap();
            prop_assert_eq!(bits.integer("value", length), Ok(value));
        }
    }
}
