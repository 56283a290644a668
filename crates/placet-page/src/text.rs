//! Texts that came from elsewhere, numbers and dates, as they are written anywhere.

use std::fmt::Write as _;

/// A text that came from elsewhere as it may be shown anywhere: no control characters, none that change the direction
/// or width of what follows, and at most `limit` characters.
#[must_use]
pub fn shown(text: &str, limit: usize) -> String {
    let mut out = String::new();
    for (number, character) in text.chars().enumerate() {
        if number == limit {
            out.push('…');
            break;
        }
        if is_invisible(character) {
            // Writing to a `String` cannot fail.
            let _ = write!(out, "\\u{{{:x}}}", u32::from(character));
        } else {
            out.push(character);
        }
    }
    out
}

/// Controls, and format characters that hide or reorder text (UTS 39, UAX 9); noncharacters, which
/// XML does not take.
fn is_invisible(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}')
        || u32::from(character) & 0xfffe == 0xfffe
}

/// `1 error`, `2 errors`.
#[must_use]
pub fn count(number: u64, one: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {one}{plural}", grouped(number))
}

/// `12 345 678`, with narrow spaces that do not break; `1234` stays whole.
#[must_use]
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    if digits.len() < 5 {
        return digits;
    }
    let mut out = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push('\u{202f}');
        }
        out.push(digit);
    }
    out
}

/// `27 November 2026`, of a moment or a day that begins with `2026-11-27`.
#[must_use]
pub fn date(moment: &str) -> String {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let part = |range| moment.get(range).unwrap_or_default();
    let month = part(5..7).parse::<usize>().unwrap_or_default();
    let name = MONTHS.get(month.wrapping_sub(1)).copied();
    let day = part(8..10).trim_start_matches('0');
    format!("{day} {} {}", name.unwrap_or_default(), part(0..4))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_shown_has_no_character_that_acts() {
        for (text, limit, expected) in [
            ("_ga", 9, "_ga"),
            ("a\u{1b}[2Jb", 20, "a\\u{1b}[2Jb"),
            ("\u{9b}31m", 20, "\\u{9b}31m"),
            ("x\u{202e}gnp", 20, "x\\u{202e}gnp"),
            ("\u{fffe}", 20, "\\u{fffe}"),
            ("größer", 20, "größer"),
            ("123456", 5, "12345…"),
        ] {
            assert_eq!(shown(text, limit), expected);
        }
    }

    #[test]
    fn numbers_and_dates_read_as_english() {
        assert_eq!(count(1, "error"), "1 error");
        assert_eq!(count(1234, "error"), "1234 errors");
        assert_eq!(count(12_345, "error"), "12\u{202f}345 errors");
        assert_eq!(grouped(1_000_000), "1\u{202f}000\u{202f}000");
        assert_eq!(date("2026-11-02"), "2 November 2026");
        assert_eq!(date("2026-01-31T08:30:00Z"), "31 January 2026");
    }

    proptest! {
        #[test]
        fn no_text_is_shown_longer_than_its_limit_allows(text in any::<String>(), limit in 0..40_usize) {
            // An invisible character takes up to ten: `\u{10ffff}`.
            prop_assert!(shown(&text, limit).chars().count() <= limit * 10 + 1);
        }

        #[test]
        fn no_text_is_a_fault_as_a_date(text in "\\PC{0,30}") {
            prop_assert!(date(&text).len() <= text.len() + 11);
        }
    }
}
