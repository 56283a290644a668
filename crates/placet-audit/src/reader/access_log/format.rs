//! The layout of a log line, read from `log_format` of nginx or `LogFormat` of Apache.

use std::ops::Range;
use std::str::FromStr;

/// What a part of a line says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Var {
    Unused,
    Host,
    Time,
    RequestLine,
    Method,
    Url,
    Status,
    BodySize,
    Referer,
    Cookie,
    SetCookie,
    SecGpc,
    Dnt,
    ContentType,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Part {
    var: Var,
    /// What stands between this part and the next; empty at the end of the line.
    until: Vec<u8>,
}

/// The layout of an access log.
///
/// Written as the server's configuration has it: `$host "$request"` for nginx,
/// `%h %t \"%r\" \"%{Set-Cookie}o\"` for Apache, or one of the names `common`, `combined` and
/// `vhost_combined`.
///
/// ```
/// use placet_audit::LogFormat;
///
/// let nginx: LogFormat = r#"$host [$time_local] "$request" "$http_cookie" "$sent_http_set_cookie""#
///     .parse()?;
/// let apache: LogFormat = r#"%v %t \"%r\" %>s \"%{Cookie}i\" \"%{Set-Cookie}o\""#.parse()?;
/// assert!("no variable".parse::<LogFormat>().is_err());
/// # let _ = (nginx, apache);
/// # Ok::<(), placet_audit::LogFormatError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogFormat {
    start: Vec<u8>,
    parts: Vec<Part>,
}

/// A text that is no layout of a log line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LogFormatError {
    /// Neither nginx variables nor Apache directives.
    #[error(
        "`{found}` has no variable; expected `$name` as in nginx's log_format, `%x` as in \
         Apache's LogFormat, or common, combined, vhost_combined"
    )]
    NoVariable {
        /// The text as given.
        found: String,
    },
}

impl FromStr for LogFormat {
    type Err = LogFormatError;

    fn from_str(text: &str) -> Result<Self, LogFormatError> {
        let text = match text.trim() {
            "common" => r#"%h %l %u %t "%r" %>s %b"#,
            "combined" => r#"%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-agent}i""#,
            "vhost_combined" => r#"%v:%p %h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-agent}i""#,
            other => other,
        };
        let mut format = Self {
            start: Vec::new(),
            parts: Vec::new(),
        };
        let mut rest = text.as_bytes();
        while let Some((&first, after)) = rest.split_first() {
            let variable = match first {
                b'$' => nginx(after),
                b'%' => apache(after),
                _ => None,
            };
            if let Some((var, after)) = variable {
                format.parts.push(Part {
                    var,
                    until: Vec::new(),
                });
                rest = after;
                continue;
            }
            let (literal, after) = match rest {
                [b'\\', b'"', after @ ..] => (b'"', after),
                [b'\\', b't', after @ ..] => (b'\t', after),
                [b'%', b'%', after @ ..] => (b'%', after),
                _ => (first, after),
            };
            match format.parts.last_mut() {
                Some(part) => part.until.push(literal),
                None => format.start.push(literal),
            }
            rest = after;
        }
        if format.parts.is_empty() {
            return Err(LogFormatError::NoVariable {
                found: text.to_owned(),
            });
        }
        Ok(format)
    }
}

fn nginx(text: &[u8]) -> Option<(Var, &[u8])> {
    let braced = text.strip_prefix(b"{");
    let text = braced.unwrap_or(text);
    let length = text
        .iter()
        .take_while(|b| b.is_ascii_alphanumeric() || **b == b'_')
        .count();
    let (name, after) = text.split_at_checked(length)?;
    let after = match braced {
        Some(_) => after.strip_prefix(b"}")?,
        None => after,
    };
    let var = match name {
        b"" => return None,
        b"host" | b"http_host" | b"server_name" => Var::Host,
        b"time_local" | b"time_iso8601" | b"msec" => Var::Time,
        b"request" => Var::RequestLine,
        b"request_method" => Var::Method,
        b"request_uri" | b"uri" => Var::Url,
        b"status" => Var::Status,
        b"body_bytes_sent" => Var::BodySize,
        b"http_referer" => Var::Referer,
        b"http_cookie" => Var::Cookie,
        b"sent_http_set_cookie" | b"upstream_http_set_cookie" => Var::SetCookie,
        b"http_sec_gpc" => Var::SecGpc,
        b"http_dnt" => Var::Dnt,
        b"sent_http_content_type" => Var::ContentType,
        _ => Var::Unused,
    };
    Some((var, after))
}

fn apache(text: &[u8]) -> Option<(Var, &[u8])> {
    let skip = text
        .iter()
        .take_while(|b| b.is_ascii_digit() || matches!(b, b'<' | b'>' | b'!' | b','))
        .count();
    let text = text.get(skip..)?;
    let (name, text) = match text.strip_prefix(b"{") {
        Some(text) => {
            let end = memchr::memchr(b'}', text)?;
            (text.get(..end)?, text.get(end + 1..)?)
        }
        None => (&b""[..], text),
    };
    let (&directive, after) = text.split_first()?;
    let is = |known: &[u8]| name.eq_ignore_ascii_case(known);
    let var = match directive {
        b'i' if is(b"cookie") => Var::Cookie,
        b'i' if is(b"sec-gpc") => Var::SecGpc,
        b'i' if is(b"dnt") => Var::Dnt,
        b'i' if is(b"referer") => Var::Referer,
        b'i' if is(b"host") => Var::Host,
        b'o' if is(b"set-cookie") => Var::SetCookie,
        b'o' if is(b"content-type") => Var::ContentType,
        b'v' | b'V' => Var::Host,
        b't' => Var::Time,
        b'r' => Var::RequestLine,
        b'm' => Var::Method,
        b'U' => Var::Url,
        b's' => Var::Status,
        b'b' | b'B' => Var::BodySize,
        b'^' => return Some((Var::Unused, after.get(2..)?)),
        b if b.is_ascii_alphabetic() => Var::Unused,
        _ => return None,
    };
    Some((var, after))
}

impl LogFormat {
    /// Where each used part stands in a line; `false` when the line has another layout.
    pub(super) fn find(&self, line: &[u8], found: &mut Vec<(Var, Range<usize>)>) -> bool {
        if !line.starts_with(&self.start) {
            return false;
        }
        let mut at = self.start.len();
        for part in &self.parts {
            let Some(rest) = line.get(at..) else {
                return false;
            };
            let Some(length) = part.length(rest) else {
                return false;
            };
            if part.var != Var::Unused {
                found.push((part.var, at..at + length));
            }
            at += length + part.until.len();
        }
        true
    }
}

impl Part {
    /// How long this part is that starts the text.
    fn length(&self, text: &[u8]) -> Option<usize> {
        // Apache's date has a blank within its brackets.
        let from = match text.first() {
            Some(b'[') if self.var == Var::Time => memchr::memchr(b']', text)?,
            _ => 0,
        };
        let Some(first) = self.until.first() else {
            return Some(text.len());
        };
        memchr::memchr_iter(*first, text.get(from..)?)
            .map(|at| from + at)
            .find(|&at| {
                let escapes = text.get(..at).unwrap_or_default().iter().rev();
                text.get(at..)
                    .is_some_and(|rest| rest.starts_with(&self.until))
                    && (*first != b'"' || escapes.take_while(|&&b| b == b'\\').count() % 2 == 0)
            })
    }
}
