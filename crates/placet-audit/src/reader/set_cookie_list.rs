//! Several `Set-Cookie` values in one text, as logs and some exporters write them, and the marks
//! that stand for removed ones.

/// The cookies of a text in which they are joined by commas.
///
/// A comma starts a new cookie when a name and `=` follow it and it does not stand in a date or
/// in a value that was quoted. A value that itself holds `, name=` cannot be told apart.
pub(super) fn split(joined: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = Some(joined);
    std::iter::from_fn(move || {
        let text = rest?;
        let comma = memchr::memchr_iter(b',', text)
            .find(|&comma| starts_cookie(text.get(comma + 1..).unwrap_or_default()));
        match comma {
            Some(comma) => {
                rest = text.get(comma + 1..);
                text.get(..comma)
            }
            None => rest.take(),
        }
    })
    .map(<[u8]>::trim_ascii)
    .filter(|value| !value.is_empty())
}

/// Whether a name and `=` stand here: no blank, no separator before the `=`.
fn starts_cookie(text: &[u8]) -> bool {
    let text = text.trim_ascii_start();
    let name = text
        .iter()
        .take_while(|b| !matches!(b, b'=' | b';' | b',' | b' ' | b'\t' | b'"'))
        .count();
    name > 0 && text.get(name) == Some(&b'=')
}

/// Whether a value is a mark that a recorder put in place of the cookies.
pub(super) fn is_redacted(value: &[u8]) -> bool {
    if value.len() > 16 {
        return false;
    }
    let bare = value
        .strip_prefix(b"[")
        .or_else(|| value.strip_prefix(b"<"))
        .unwrap_or(value);
    let bare = bare
        .strip_suffix(b"]")
        .or_else(|| bare.strip_suffix(b">"))
        .unwrap_or(bare);
    [&b"redacted"[..], b"removed", b"filtered", b"masked"]
        .iter()
        .any(|mark| bare.eq_ignore_ascii_case(mark))
        || (value.len() >= 3 && value.iter().all(|&b| b == b'*'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_comma_before_a_name_splits() {
        for (joined, cookies) in [
            ("a=1", vec!["a=1"]),
            ("a=1, b=2", vec!["a=1", "b=2"]),
            ("a=1,b=2", vec!["a=1", "b=2"]),
            (
                "a=1; Expires=Sun, 22 Nov 2026 08:30:00 GMT; Path=/, b=2; expires=Sun, 22-Nov-26 1:0:0 GMT",
                vec![
                    "a=1; Expires=Sun, 22 Nov 2026 08:30:00 GMT; Path=/",
                    "b=2; expires=Sun, 22-Nov-26 1:0:0 GMT",
                ],
            ),
            ("a=x,y,z; Path=/", vec!["a=x,y,z; Path=/"]),
            ("", vec![]),
            (" , a=1, ;", vec!["a=1, ;"]),
        ] {
            let found: Vec<_> = split(joined.as_bytes())
                .map(|value| std::str::from_utf8(value).unwrap())
                .collect();
            assert_eq!(found, cookies, "{joined}");
        }
    }

    #[test]
    fn marks_are_known_and_cookies_are_not_marks() {
        for mark in ["REDACTED", "[redacted]", "<removed>", "***"] {
            assert!(is_redacted(mark.as_bytes()), "{mark}");
        }
        for cookie in ["redacted=1", "a=***", "", "x", "**"] {
            assert!(!is_redacted(cookie.as_bytes()), "{cookie}");
        }
    }
}
