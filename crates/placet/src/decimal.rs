//! Numbers in decimal digits, written and read without the formatting machinery, which a page would
//! have to download.

/// Writes a number behind a text.
pub(crate) fn push_decimal(text: &mut String, number: u64) {
    if number >= 10 {
        push_decimal(text, number / 10);
    }
    text.push(char::from(b'0' + (number % 10) as u8));
}

/// A port of decimal digits, also with zeros before it; `None` above 65535 and without digits.
pub(crate) fn port(digits: &[u8]) -> Option<u16> {
    if digits.is_empty() {
        return None;
    }
    digits.iter().try_fold(0_u16, |port, byte| {
        let digit = byte.is_ascii_digit().then(|| byte - b'0')?;
        port.checked_mul(10)?.checked_add(u16::from(digit))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn numbers_are_written_as_they_are_formatted(number: u64, small in 0..200_u64) {
            for number in [number, small] {
                let mut text = String::new();
                push_decimal(&mut text, number);
                prop_assert_eq!(text, number.to_string());
            }
        }

        #[test]
        fn ports_are_read_as_they_are_parsed(text in "0{0,3}[0-9]{0,6}") {
            prop_assert_eq!(port(text.as_bytes()), text.parse().ok());
        }
    }
}
