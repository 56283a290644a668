//! The random name of a choice: 128 bits as 32 hexadecimal digits.

use std::fmt;
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

    /// The bits.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl fmt::Display for ChoiceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", u128::from_be_bytes(self.0))
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
        if text.len() != Self::TEXT_LENGTH {
            return Err(NotAChoiceId);
        }
        let bits = text.bytes().try_fold(0_u128, |bits, byte| {
            let digit = match byte {
                b'0'..=b'9' => byte - b'0',
                b'a'..=b'f' => byte - b'a' + 10,
                _ => return Err(NotAChoiceId),
            };
            Ok(bits << 4 | u128::from(digit))
        })?;
        Ok(Self::from_bytes(bits.to_be_bytes()))
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
