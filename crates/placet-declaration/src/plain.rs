//! Texts of a policy as texts of a page: one line, without what no page may hold; and the places in our own
//! texts filled with them.

/// A text in one line. What is no character of a page in any format (control characters and those that Unicode
/// keeps for no character at all) becomes the character for that.
pub(crate) fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !plain.is_empty() {
            plain.push(' ');
        }
        plain.extend(word.chars().map(|c| {
            if is_text(c) {
                c
            } else {
                char::REPLACEMENT_CHARACTER
            }
        }));
    }
    plain
}

fn is_text(c: char) -> bool {
    let number = u32::from(c);
    let is_nobody = number & 0xFFFE == 0xFFFE || (0xFDD0..=0xFDEF).contains(&number);
    !c.is_control() && !is_nobody
}

/// A text with one word in braces replaced.
pub(crate) fn fill(text: &str, name: &str, value: &str) -> String {
    match text.split_once(&format!("{{{name}}}")) {
        Some((before, behind)) => format!("{before}{value}{behind}"),
        None => text.to_owned(),
    }
}

/// A text as it is compared: white space does not count, nor do the signs that programs for typography write
/// instead of the ones on a keyboard.
pub(crate) fn comparable(text: &str) -> String {
    let mut same = String::with_capacity(text.len());
    for word in text.split(|c: char| c.is_whitespace() || c == '\u{200b}') {
        if word.is_empty() {
            continue;
        }
        if !same.is_empty() {
            same.push(' ');
        }
        for c in word.chars() {
            match c {
                '‘' | '’' => same.push('\''),
                '“' | '”' => same.push('"'),
                '…' => same.push_str("..."),
                '\u{ad}' => {}
                c => same.push(c),
            }
        }
    }
    same
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_one_line_of_characters() {
        for (text, expected) in [
            (" a\r\n\tb ", "a b"),
            ("a\0b\u{7f}", "a\u{fffd}b\u{fffd}"),
            ("\u{fdd0}\u{1fffe}\u{ffff}", "\u{fffd}\u{fffd}\u{fffd}"),
            ("\u{202e}abc", "\u{202e}abc"),
        ] {
            assert_eq!(plain(text), expected, "{text:?}");
        }
    }

    #[test]
    fn a_place_is_filled_once_and_with_nothing_but_the_value() {
        assert_eq!(
            fill("By {vendor}.", "vendor", "{vendor} {x}"),
            "By {vendor} {x}."
        );
        assert_eq!(fill("None", "vendor", "x"), "None");
    }

    #[test]
    fn what_typography_does_makes_no_difference_and_what_a_person_writes_does() {
        assert_eq!(
            comparable("“It’s” …\u{a0}so"),
            comparable("\"It's\"\n  ... so")
        );
        assert_eq!(comparable("soft\u{ad}ware"), "software");
        assert_ne!(comparable("13 months"), comparable("12 months"));
        assert_ne!(comparable("_ga"), comparable("_gA"));
    }
}
