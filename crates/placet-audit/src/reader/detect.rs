//! Decides by its first bytes how a recording is written.

use super::header_dump::{StartLine, is_field_line};
use super::options::{Format, ReadError};

/// Bytes that are looked at to decide, and to see whether there is anything.
pub(super) const HEAD: usize = 64 << 10;

/// The format of a recording that starts with `head`; `Err` names what was found instead. Nothing
/// but blanks is an empty recording in any format.
pub(super) fn format_of(head: &[u8]) -> Result<Format, ReadError> {
    let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
    if let Some(found) = foreign(head) {
        return Err(ReadError::UnknownFormat {
            found: found.to_owned(),
        });
    }
    let text = head.trim_ascii_start();
    if text.is_empty() {
        return Ok(Format::default());
    }
    if let Some(object) = json_start(text) {
        return Ok(if is_har(object) {
            Format::Har
        } else {
            Format::JsonLines
        });
    }
    // A first line may be a comment or cut off: the first few that say something decide.
    for line in text.split(|&b| b == b'\n').take(50) {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let plain = match line {
            [b'<' | b'>', b' ', plain @ ..] => plain,
            line => line,
        };
        if is_log_line(line) {
            return Ok(Format::AccessLog);
        }
        if StartLine::of(plain).is_some() || is_field_line(plain) {
            return Ok(Format::HeaderDump);
        }
        if json_start(line).is_some() {
            return Ok(Format::JsonLines);
        }
    }
    let line = text.split(|&b| b == b'\n').next().unwrap_or_default();
    let shown = line.get(..60).unwrap_or(line).trim_ascii();
    Err(ReadError::UnknownFormat {
        found: format!("`{}`", String::from_utf8_lossy(shown)),
    })
}

/// What is known to be something else, or in another encoding.
pub(super) fn foreign(head: &[u8]) -> Option<&'static str> {
    Some(match head {
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => "a UTF-16 mark; save it as UTF-8 first",
        [a, 0, b, 0, ..] | [0, a, 0, b, ..] if is_text(*a) && is_text(*b) => {
            "what looks like UTF-16; save it as UTF-8 first"
        }
        [0, ..] => "a NUL byte",
        [b'P', b'K', 3, 4, ..] => "a ZIP archive; unpack it first",
        [b'B', b'Z', b'h', ..] => "bzip2 data; unpack it first",
        [0xFD, b'7', b'z', b'X', b'Z', ..] => "xz data; unpack it first",
        [b'W', b'A', b'R', b'C', b'/', ..] => "a WARC record",
        _ => return None,
    })
}

/// Whether a byte is part of any text: visible ASCII or a blank.
const fn is_text(byte: u8) -> bool {
    byte.is_ascii_graphic() || byte.is_ascii_whitespace()
}

/// The text from its first `{`, when that is all there is but a JSONP call around it.
fn json_start(text: &[u8]) -> Option<&[u8]> {
    let name = text
        .iter()
        .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'$' | b'.'))
        .count();
    let rest = text.get(name..)?.trim_ascii_start();
    let rest = match rest.strip_prefix(b"(") {
        Some(rest) if name > 0 => rest.trim_ascii_start(),
        _ if name == 0 => rest,
        _ => return None,
    };
    let inside = rest.strip_prefix(b"{")?.trim_ascii_start();
    matches!(inside.first(), None | Some(b'"' | b'}')).then_some(rest)
}

/// Whether an object is a HAR: one of its first names is `log` with an object, or `entries`
/// with an array.
fn is_har(object: &[u8]) -> bool {
    let follows = |name: &[u8], open: u8| {
        memchr::memmem::find_iter(object, name).any(|at| {
            let rest = object.get(at + name.len()..).unwrap_or_default();
            rest.trim_ascii_start()
                .strip_prefix(b":")
                .is_some_and(|rest| rest.trim_ascii_start().first() == Some(&open))
        })
    };
    let first_line = object.split(|&b| b == b'\n').next().unwrap_or_default();
    let many_lines = object
        .get(first_line.len()..)
        .is_some_and(|rest| rest.trim_ascii_start().starts_with(b"{"));
    if many_lines && first_line.trim_ascii_end().ends_with(b"}") {
        return false;
    }
    follows(b"\"log\"", b'{') || follows(b"\"entries\"", b'[')
}

/// Whether a line has the date of a common log line, or a quoted request with a status.
fn is_log_line(line: &[u8]) -> bool {
    let dated = memchr::memchr_iter(b'[', line).any(|at| {
        let date = line.get(at + 1..).unwrap_or_default();
        matches!(
            date,
            [
                b'0'..=b'9',
                b'0'..=b'9',
                b'/',
                _,
                _,
                _,
                b'/',
                b'0'..=b'9',
                b'0'..=b'9',
                b'0'..=b'9',
                b'0'..=b'9',
                b':',
                ..
            ]
        )
    });
    let mut quoted = line.split(|&b| b == b'"').skip(1).step_by(2);
    dated || quoted.any(|text| matches!(StartLine::of(text), Some(StartLine::Request { .. })))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_content_decides() {
        for (head, wanted) in [
            ("HTTP/1.1 200 OK\r\n", Format::HeaderDump),
            ("\u{feff}HTTP/2 200 \r\n", Format::HeaderDump),
            (
                "* Trying 192.0.2.1:443...\n> GET / HTTP/2\n",
                Format::HeaderDump,
            ),
            ("Set-Cookie: a=b; Path=/\n", Format::HeaderDump),
            ("# saved in May\n\nset-cookie: a=b\n", Format::HeaderDump),
            ("GET / HTTP/1.1\nHost: a.example\n", Format::HeaderDump),
            ("{\"log\":{\"version\":\"1.2\"", Format::Har),
            ("{\n  \"log\" : {", Format::Har),
            ("onInputData({\"log\": {", Format::Har),
            ("{\"entries\": [", Format::Har),
            (
                "{\"log\":\"access\",\"status\":200}\n{\"log\":\"access\"}\n",
                Format::JsonLines,
            ),
            (
                "{\"msg\":\"x\",\"log\":{\"level\":\"info\"}}\n{\"msg\":\"y\"}\n",
                Format::JsonLines,
            ),
            ("{\"host\":\"a.example\"}", Format::JsonLines),
            (
                "192.0.2.1 - - [22/Nov/2026:08:30:00 +0000] \"GET / HTTP/1.1\" 200 5",
                Format::AccessLog,
            ),
            (
                "a.example \"GET / HTTP/1.1\" 200 \"a=b\"",
                Format::AccessLog,
            ),
        ] {
            assert_eq!(format_of(head.as_bytes()).unwrap(), wanted, "{head}");
        }
    }

    #[test]
    fn nothing_but_blanks_is_an_empty_recording() {
        for head in ["", "\u{feff}", " \r\n\n\t"] {
            assert_eq!(format_of(head.as_bytes()).unwrap(), Format::default());
        }
    }

    #[test]
    fn what_is_none_of_them_is_named() {
        for (head, found) in [
            (&b"\xFF\xFEH\0T\0"[..], "UTF-16"),
            (b"H\0T\0T\0", "UTF-16"),
            (b"\0{\0\"\0l", "UTF-16"),
            (b"\0\0\0\0\0\0", "a NUL byte"),
            (b"\0\x01\0\x02\0\x03", "a NUL byte"),
            (b"\x01\0\x02\0\x03\0", "`\u{1}"),
            (b"PK\x03\x04", "ZIP"),
            (b"<!doctype html>", "<!doctype"),
        ] {
            let error = format_of(head).unwrap_err().to_string();
            assert!(error.contains(found), "{error}");
            assert_eq!(error.contains("UTF-16"), found == "UTF-16", "{error}");
        }
    }
}
