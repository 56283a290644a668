//! Tells the lines that start a header block from anything else.

use super::field::is_token;

/// What a line is, by its first bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum StartLine<'a> {
    /// `HTTP/1.1 200 OK`, `HTTP/2 200`.
    Status(u16),
    /// `GET /path HTTP/1.1`.
    Request {
        /// `GET`.
        method: &'a [u8],
        /// `/path`, or an absolute address.
        target: &'a [u8],
    },
}

impl<'a> StartLine<'a> {
    /// Reads a line without its end and without the prefix of `curl -v`.
    pub(in super::super) fn of(line: &'a [u8]) -> Option<Self> {
        match line.first()? {
            b'H' => status(line).map(Self::Status).or_else(|| request(line)),
            b'A'..=b'Z' => request(line),
            _ => None,
        }
    }
}

/// The code of a status line: `HTTP/`, a version, one to four spaces, three digits, and then a
/// space or the end.
pub(super) fn status(line: &[u8]) -> Option<u16> {
    let rest = line.strip_prefix(b"HTTP/")?;
    let rest = match rest {
        [b'0'..=b'9', b'.', b'0'..=b'9', rest @ ..] | [b'0'..=b'9', rest @ ..] => rest,
        _ => return None,
    };
    let spaces = rest.iter().take(5).take_while(|&&b| b == b' ').count();
    if !(1..=4).contains(&spaces) {
        return None;
    }
    match rest.get(spaces..)? {
        [a @ b'1'..=b'9', b @ b'0'..=b'9', c @ b'0'..=b'9', end @ ..]
            if matches!(end.first(), None | Some(b' ' | b'\r' | b'\n')) =>
        {
            Some(u16::from(a - b'0') * 100 + u16::from(b - b'0') * 10 + u16::from(c - b'0'))
        }
        _ => None,
    }
}

fn request(line: &[u8]) -> Option<StartLine<'_>> {
    let line = line.trim_ascii_end();
    let space = memchr::memchr(b' ', line)?;
    let (method, rest) = line.split_at_checked(space)?;
    let last = memchr::memrchr(b' ', rest)?;
    let (target, version) = rest.split_at_checked(last)?;
    let version = version.strip_prefix(b" HTTP/")?;
    let known = matches!(version, [b'0'..=b'9'] | [b'0'..=b'9', b'.', b'0'..=b'9']);
    let target = target.trim_ascii();
    (known && method.len() <= 32 && method.iter().all(is_token) && !target.is_empty())
        .then_some(StartLine::Request { method, target })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn status_lines_of_every_version_are_known() {
        for (line, code) in [
            ("HTTP/1.1 200 OK", Some(200)),
            ("HTTP/1.0 302", Some(302)),
            ("HTTP/2 404 ", Some(404)),
            ("HTTP/3  103 Early Hints", Some(103)),
            ("HTTP/2.0 200 OK", Some(200)),
            ("HTTP/1.1 20 OK", None),
            ("HTTP/1.1 2000", None),
            ("HTTP/x 200", None),
            ("HTTP 200", None),
            ("http/1.1 200 OK", None),
        ] {
            assert_eq!(status(line.as_bytes()), code, "{line}");
        }
    }

    #[test]
    fn request_lines_name_method_and_target() {
        for (line, wanted) in [
            ("GET / HTTP/1.1", Some(("GET", "/"))),
            (
                "POST https://a.example/b c HTTP/2",
                Some(("POST", "https://a.example/b c")),
            ),
            ("HEAD / HTTP/1.0\r", Some(("HEAD", "/"))),
            ("GET /", None),
            ("Get: / HTTP/1.1", None),
            ("GET  HTTP/1.1", None),
            ("GET / HTTP/1.1 x", None),
        ] {
            let wanted = wanted.map(|(method, target)| StartLine::Request {
                method: method.as_bytes(),
                target: target.as_bytes(),
            });
            assert_eq!(StartLine::of(line.as_bytes()), wanted, "{line}");
        }
    }
}
