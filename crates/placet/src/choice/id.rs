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
        for (slot, pair) in bytes.iter_mut().zip(text.chunks_exact(2)) {
            for byte in pair {
                let digit = match byte {
                    b'0'..=b'9' => byte - b'0',
                    b'a'..=b'f' => byte - b'a' + 10,
                    _ => return Err(NotAChoiceId),
                };
                *slot = *slot << 4 | digit;
            }
        }
        Ok(Self(bytes))
    }

    /// The bits.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
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
        fn every_id_is_read_back(bytes: [u8; 16]) {
            let id = ChoiceId(bytes);
            prop_assert_eq!(id.to_string().parse(), Ok(id));
        }
    }
}
