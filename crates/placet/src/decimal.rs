//! Numbers in decimal digits, written and read without the formatting machinery, which a page would
//! have to download.

/// Writes a number behind a text.
pub(crate) fn push_decimal(text: &mut String, number: u64) {
    if number >= 10 {
        push_decimal(text, number / 10);
    }
    text.push(char::from(b'0' + (number % 10) as u8));
}

/// A number of decimal digits, also with zeros before it; `None` without digits and with anything else.
/// One of 10^13 and more is not exact, but none below 10^12 either, which is beyond everything that is
/// read so.
pub(crate) fn number(digits: &[u8]) -> Option<i64> {
    const MANY: i64 = 1_000_000_000_000;
    let mut number = 0;
    for byte in digits {
        if !byte.is_ascii_digit() {
            return None;
        }
        number = MANY.min(number) * 10 + i64::from(byte - b'0');
    }
    (!digits.is_empty()).then_some(number)
}

/// A port of decimal digits; `None` above 65535.
pub(crate) fn port(digits: &[u8]) -> Option<u16> {
    u16::try_from(number(digits)?).ok()
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
        fn numbers_are_read_as_they_are_parsed_and_huge_ones_stay_huge(text in "0{0,3}[0-9]{0,30}[x-]?") {
            const EXACT: i64 = 1_000_000_000_000;
            let parsed = text.parse::<i128>().ok().map(|number| number.min(EXACT.into()) as i64);
            let is_digits = text.bytes().all(|byte| byte.is_ascii_digit());
            let expected = parsed.filter(|_| is_digits);
            prop_assert_eq!(number(text.as_bytes()).map(|number| number.min(EXACT)), expected);
        }

        #[test]
        fn ports_are_read_as_they_are_parsed(text in "0{0,3}[0-9]{0,6}") {
            prop_assert_eq!(port(text.as_bytes()), text.parse().ok());
        }
    }
}
