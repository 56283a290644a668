//! E-mail addresses, also those scrambled to hide them from robots.

use super::document::cut;
use super::words::Word;

/// The e-mail addresses of a sentence, unscrambled, in lower case, each once.
///
/// `privacy [at] site [dot] example`, `privacy(at)site.example`, `privacy AT site DOT example`,
/// `privacy@site.example`.
pub(super) fn emails(text: &str, words: &[Word]) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut add = |address: String| {
        if !found.contains(&address) && found.len() < 50 {
            found.push(address);
        }
    };
    for word in words.iter().filter(|word| word.text.contains('@')) {
        for part in word.text.split([
            ',', ';', '/', '(', ')', '<', '>', '|', '"', '“', '”', '[', ']',
        ]) {
            let part = part
                .trim_start_matches("mailto:")
                .trim_matches(['.', ':', '*', '`', '_', '\'', '!']);
            if is_email(part) {
                add(part.to_owned());
            }
        }
    }
    if let Some(address) = scrambled(text) {
        add(address);
    }
    found
}

/// A scrambled address: a name, a word for `@`, and labels with a word for the dot between them.
fn scrambled(text: &str) -> Option<String> {
    let lower = text.to_lowercase();
    let mut plain = String::with_capacity(lower.len());
    let mut scrambles = false;
    let mut rest = &*lower;
    while let Some(at) = rest.find(['[', '(', '{', '<']) {
        let (before, from) = rest.split_at(at);
        let inside = from.get(1..).unwrap_or_default();
        let word = cut(inside, 12).find([']', ')', '}', '>']);
        let word = word.and_then(|end| Some((inside.get(..end)?, inside.get(end + 1..)?)));
        let mark = match word.map(|(word, _)| word.trim_matches(['-', '_', ' ', '\'', '"'])) {
            Some("at" | "@" | "ät" | "arobase" | "a") => Some('@'),
            Some("dot" | "." | "punkt" | "point") => Some('.'),
            _ => None,
        };
        match (mark, word) {
            (Some(mark), Some((_, after))) => {
                scrambles |= mark == '@';
                plain.push_str(before.trim_end());
                plain.push(mark);
                rest = after.trim_start();
            }
            _ => {
                plain.push_str(before);
                plain.push(' ');
                rest = inside;
            }
        }
    }
    plain.push_str(rest);
    // ` AT `, ` DOT ` in capitals, or `name at site dot example`: only together, as `at` is a word.
    let loud = text.contains(" AT ") && (text.contains(" DOT ") || text.contains('.'));
    let spelled = plain.contains(" at ") && plain.contains(" dot ");
    if loud || spelled {
        plain = plain.replace(" at ", "@").replace(" dot ", ".");
        scrambles = true;
    }
    if !scrambles {
        return None;
    }
    plain
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | ':' | '"' | '(' | ')' | '|'))
        .map(|part| part.trim_matches(['.', '!', '?', '*', '`', '<', '>']))
        .find(|part| is_email(part))
        .map(str::to_owned)
}

/// What looks like an address (RFC 5321 section 4.1.2, without its quoted forms).
fn is_email(text: &str) -> bool {
    let Some((name, host)) = text.rsplit_once('@') else {
        return false;
    };
    let name_fits = !name.is_empty()
        && name.len() <= 64
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || ".!#$%&'*+-/=?^_`{|}~".contains(c));
    let labels = host.split('.');
    let is_label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
    };
    let last = host.rsplit('.').next().unwrap_or_default();
    name_fits
        && host.contains('.')
        && labels.clone().all(is_label)
        && last.len() >= 2
        && last.chars().all(char::is_alphabetic)
        && !matches!(last, "png" | "jpg" | "gif" | "svg" | "js" | "css")
}

/// A telephone number as written, where a word before it says that it is one.
pub(super) fn phone(text: &str) -> Option<String> {
    let lower = text.to_lowercase();
    let marks = [
        "phone",
        "tel.",
        "tel:",
        "telefon",
        "téléphone",
        "toll-free",
        "toll free",
        "call us",
        "calling",
        "call ",
    ];
    let from = marks
        .iter()
        .filter_map(|mark| Some(lower.find(mark)? + mark.len()))
        .min()?;
    let rest = text.get(from..)?;
    let digit = rest.find(|c: char| c.is_ascii_digit() || c == '+')?;
    let start = rest
        .get(..digit)
        .and_then(|before| before.strip_suffix('('))
        .map_or(digit, str::len);
    if start > 60 {
        return None;
    }
    let number: String = rest
        .get(start..)?
        .chars()
        .take_while(|c| c.is_ascii_digit() || " +-().–/".contains(*c))
        .collect();
    let number = number.trim_end_matches([' ', '.', '(', '-', '–', '/', '+']);
    let digits = number.chars().filter(char::is_ascii_digit).count();
    (7..=15).contains(&digits).then(|| number.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::privacy_policy::words::words;

    #[test]
    fn an_address_is_found_however_it_is_hidden() {
        for (text, expected) in [
            (
                "Write to Privacy@Site.example.",
                Some("privacy@site.example"),
            ),
            ("(mailto:me@site.example)", Some("me@site.example")),
            (
                "privacy [at] site [dot] example",
                Some("privacy@site.example"),
            ),
            (
                "privacy(at)site.example please",
                Some("privacy@site.example"),
            ),
            (
                "privacy {at} site {dot} example",
                Some("privacy@site.example"),
            ),
            ("privacy AT site DOT example", Some("privacy@site.example")),
            ("privacy at site dot example", Some("privacy@site.example")),
            (
                "datenschutz (ät) firma (punkt) example",
                Some("datenschutz@firma.example"),
            ),
            ("look at site.example for more", None),
            ("we are at home (at last)", None),
            ("logo@2x.png", None),
            ("@handle", None),
        ] {
            let found = emails(text, &words(text));
            assert_eq!(found.first().map(String::as_str), expected, "{text}");
        }
    }

    #[test]
    fn a_number_is_a_telephone_only_where_the_text_says_so() {
        for (text, expected) in [
            ("Call us at 1-800-555-0100.", Some("1-800-555-0100")),
            ("Tel.: +49 (0)30 1234567", Some("+49 (0)30 1234567")),
            ("call us at (888) 555-0133.", Some("(888) 555-0133")),
            ("Order 1234567890 is kept", None),
            ("phone us", None),
        ] {
            assert_eq!(phone(text).as_deref(), expected, "{text}");
        }
    }
}
