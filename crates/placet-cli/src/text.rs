//! Bytes of the wire as text for people and for JSON.

/// UTF-8 as it is, other bytes as `\xNN`.
pub(crate) fn lossless(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            text.push_str(&format!("\\x{byte:02x}"));
        }
    }
    text
}

/// As [`lossless`], and control characters escaped too: safe on a terminal.
pub(crate) fn printable(bytes: &[u8]) -> String {
    let text = lossless(bytes);
    if !text.chars().any(char::is_control) {
        return text;
    }
    text.chars()
        .map(|c| {
            if c.is_control() {
                c.escape_default().to_string()
            } else {
                c.to_string()
            }
        })
        .collect()
}

/// Text of several lines, with its other control characters escaped: safe on a terminal.
pub(crate) fn terminal(text: &str) -> String {
    let lines: Vec<_> = text.split('\n').map(|l| printable(l.as_bytes())).collect();
    lines.join("\n")
}

/// How many of something there are, in words: `1 receipt`, `2 receipts`.
pub(crate) fn many(count: impl std::fmt::Display, what: &str) -> String {
    let count = count.to_string();
    let plural = if count == "1" { "" } else { "s" };
    format!("{count} {what}{plural}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_are_no_text_are_escaped() {
        assert_eq!(lossless(b"a\xffb\xc3"), "a\\xffb\\xc3");
        assert_eq!(lossless("é".as_bytes()), "é");
        assert_eq!(printable(b"\x1b[31m\xff"), "\\u{1b}[31m\\xff");
        assert_eq!(terminal("a\n\u{9b}b\r\n"), "a\n\\u{9b}b\\r\n");
    }
}
