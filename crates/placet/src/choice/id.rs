//! The random name of a choice: 128 bits as 32 hexadecimal digits.

use std::fmt::{self, Write};
use std::str::FromStr;

/// 128 random bits, given by the caller: the core has no randomness.
///
/// ```
/// use placet::ChoiceId;
///
/// let id = ChoiceId::from_bytes([0xab; 16]);
/// assert_eq!(id.to_string(), "abababababababababababababababab");
/// assert_eq!(id.to_string().parse(), Ok(id));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ChoiceId([u8; 16]);

impl ChoiceId {
    /// Characters of an id as text.
    pub const TEXT_LENGTH: usize = 32;

    /// The id of these bits; they must be unguessable.
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// Its digits in lower case.
    pub(crate) fn digits(self) -> impl Iterator<Item = char> {
        let nibbles = self.0.into_iter().flat_map(|byte| [byte >> 4, byte & 15]);
        nibbles.map(|nibble| match nibble {
            0..10 => char::from(b'0' + nibble),
            _ => char::from(b'a' + nibble - 10),
        })
    }

    /// The id of this text.
    pub(super) fn from_text(text: &[u8]) -> Result<Self, NotAChoiceId> {
        if text.len() != Self::TEXT_LENGTH {
            return Err(NotAChoiceId);
        }
        let mut bytes = [0; 16];
        let (eights, _) = text.as_chunks();
        let (fours, _) = bytes.as_chunks_mut();
        for (four, eight) in fours.iter_mut().zip(eights) {
            *four = four_bytes(*eight).ok_or(NotAChoiceId)?;
        }
        Ok(Self(bytes))
    }

    /// The bits.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

/// The bytes of eight hexadecimal digits in lower case, all of which are read at once.
fn four_bytes(digits: [u8; 8]) -> Option<[u8; 4]> {
    const EACH: u64 = 0x0101_0101_0101_0101;
    const TOPS: u64 = EACH << 7;
    let digits = u64::from_le_bytes(digits);
    if digits & TOPS != 0 {
        return None;
    }
    // The top bit of each byte that is at least this one; none is carried into the next byte.
    let from = |least: u8| digits + EACH * u64::from(0x80 - least);
    let are_decimal = from(b'0') & !from(b'9' + 1);
    let are_letters = from(b'a') & !from(b'f' + 1);
    if (are_decimal | are_letters) & TOPS != TOPS {
        return None;
    }
    let nibbles = (digits & (EACH * 0x0f)) + ((digits >> 6) & EACH) * 9;
    // Every second byte holds two nibbles now.
    let pairs = (nibbles << 4) | (nibbles >> 8);
    let [one, _, two, _, three, _, four, _] = pairs.to_le_bytes();
    Some([one, two, three, four])
}

impl fmt::Display for ChoiceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.digits().try_for_each(|digit| f.write_char(digit))
    }
}

impl fmt::Debug for ChoiceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ChoiceId({self})")
    }
}

/// A text that is no choice id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a choice id is 32 hexadecimal digits in lower case")]
pub struct NotAChoiceId;

impl FromStr for ChoiceId {
    type Err = NotAChoiceId;

    fn from_str(text: &str) -> Result<Self, NotAChoiceId> {
        Self::from_text(text.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_32_lower_case_digits_are_an_id() {
        for text in [
            "",
            "abababababababababababababababa",
            "ababababababababababababababababa",
            "ABABABABABABABABABABABABABABABAB",
            "+1ababababababababababababababab",
            "abababababababab abababababababa",
        ] {
            assert_eq!(text.parse::<ChoiceId>(), Err(NotAChoiceId), "{text}");
        }
    }

    proptest! {
        #[test]
        fn eight_digits_are_read_as_each_of_them_is(text in prop_oneof![
            "[0-9a-f]{8}".prop_map(String::into_bytes),
            "[0-9a-f]{7}[/:`g@A-F]".prop_map(String::into_bytes),
            prop::collection::vec(any::<u8>(), 8..=8),
        ], turn in 0..8_usize) {
            let mut digits: [u8; 8] = text.try_into().unwrap();
            digits.rotate_left(turn);
            let are_digits = digits.iter().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'));
            let number = str::from_utf8(&digits).ok();
            let number = number.and_then(|text| u32::from_str_radix(text, 16).ok());
            let expected = number.filter(|_| are_digits).map(u32::to_be_bytes);
            prop_assert_eq!(four_bytes(digits), expected);
        }

        #[test]
        fn every_id_is_read_back(bytes: [u8; 16]) {
            let id = ChoiceId(bytes);
            prop_assert_eq!(id.to_string().parse(), Ok(id));
        }
    }
}
