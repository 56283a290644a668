//! In which of the two formats a submission is written, from the fields that describe its body.

use http::HeaderMap;
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE};

use super::problem::{Problem, ProblemKind, plain};

/// The format of a submission. Made by reading the media type only, so whoever has one has checked
/// the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// `application/json`.
    Json,
    /// `application/x-www-form-urlencoded`.
    Form,
}

/// What is accepted, as the value of `Accept` in an answer (RFC 9110 section 12.5.1).
pub(super) const ACCEPTED: &str = "application/json, application/x-www-form-urlencoded";

impl Format {
    const fn media_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Form => "application/x-www-form-urlencoded",
        }
    }
}

/// Reads `Content-Type` (RFC 9110 section 8.3.1): names in any case, parameters of any kind, but
/// a `charset` only when it is UTF-8. A coded body is refused, because it would have to be
/// unpacked first.
pub(super) fn read(headers: &HeaderMap) -> Result<Format, Problem> {
    let refused = |found: String| Problem {
        kind: ProblemKind::MediaType,
        field: None,
        found,
        expected: "`Content-Type: application/json` or `application/x-www-form-urlencoded`, in \
                   UTF-8, without `Content-Encoding`"
            .to_owned(),
    };
    let mut lines = headers.get_all(CONTENT_TYPE).iter();
    let line = match (lines.next(), lines.next()) {
        (Some(line), None) => line,
        (None, _) => return Err(refused("no `Content-Type`".to_owned())),
        (Some(_), Some(_)) => return Err(refused("several `Content-Type` lines".to_owned())),
    };
    let name =
        |name: &str, bytes: &[u8]| format!("`{name}: {}`", plain(&String::from_utf8_lossy(bytes)));
    for coding in headers.get_all(CONTENT_ENCODING) {
        if !coding.as_bytes().eq_ignore_ascii_case(b"identity") {
            return Err(refused(name("Content-Encoding", coding.as_bytes())));
        }
    }
    line.to_str()
        .ok()
        .and_then(parse)
        .ok_or_else(|| refused(name("Content-Type", line.as_bytes())))
}

/// What `Content-Length` announces, where it is a number.
pub(super) fn announced_length(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

fn parse(value: &str) -> Option<Format> {
    let value = trimmed(value);
    let end = value.find(';').unwrap_or(value.len());
    let (essence, mut parameters) = value.split_at_checked(end)?;
    let format = [Format::Json, Format::Form]
        .into_iter()
        .find(|format| trimmed(essence).eq_ignore_ascii_case(format.media_type()))?;
    while let Some(rest) = parameters.strip_prefix(';') {
        let rest = trimmed(rest);
        // Empty parameters are allowed (RFC 9110 section 5.6.6).
        if rest.is_empty() || rest.starts_with(';') {
            parameters = rest;
            continue;
        }
        let (name, rest) = rest.split_once('=')?;
        let (value, rest) = parameter_value(rest)?;
        if !is_token(name) || (name.eq_ignore_ascii_case("charset") && !is_utf8(&value)) {
            return None;
        }
        parameters = trimmed(rest);
    }
    parameters.is_empty().then_some(format)
}

/// A token or a quoted string, and what follows it.
fn parameter_value(text: &str) -> Option<(String, &str)> {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find([';', ' ', '\t']).unwrap_or(text.len());
        let (token, rest) = text.split_at_checked(end)?;
        return is_token(token).then(|| (token.to_owned(), rest));
    };
    let mut value = String::new();
    let mut characters = quoted.chars();
    loop {
        match characters.next()? {
            '"' => return Some((value, characters.as_str())),
            '\\' => value.push(characters.next()?),
            other => value.push(other),
        }
    }
}

fn is_utf8(charset: &str) -> bool {
    charset.eq_ignore_ascii_case("utf-8") || charset.eq_ignore_ascii_case("utf8")
}

fn is_token(text: &str) -> bool {
    let token = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b);
    !text.is_empty() && text.bytes().all(token)
}

fn trimmed(text: &str) -> &str {
    text.trim_matches([' ', '\t'])
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;
    use proptest::prelude::*;

    fn typed(value: &[u8]) -> HeaderMap {
        HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_bytes(value).unwrap())])
    }

    #[test]
    fn both_formats_are_known_in_any_case_and_with_parameters() {
        for (value, format) in [
            ("application/json", Format::Json),
            ("Application/JSON", Format::Json),
            ("application/json; charset=utf-8", Format::Json),
            ("application/json;charset=\"UTF-8\"", Format::Json),
            (
                "application/json; charset=\"u\\tf-8\"; q=\"a;b\"",
                Format::Json,
            ),
            ("application/json;", Format::Json),
            ("application/json ; ; profile=x ", Format::Json),
            ("application/x-www-form-urlencoded", Format::Form),
            (
                "application/x-www-form-urlencoded; Charset=UTF8",
                Format::Form,
            ),
        ] {
            assert_eq!(read(&typed(value.as_bytes())), Ok(format), "{value}");
        }
    }

    #[test]
    fn other_media_types_and_charsets_are_refused() {
        for value in [
            "",
            ";",
            "json",
            "text/plain",
            "text/json",
            "application/problem+json",
            "application/json, text/plain",
            "application/jsonx",
            "multipart/form-data; boundary=x",
            "application/json; charset=latin1",
            "application/json; charset=utf-16",
            "application/json; charset=utf-8; charset=utf-7",
            "application/json; charset",
            "application/json; charset=",
            "application/json; charset=\"utf-8",
            "application/json; charset=\"utf-8\"x",
            "application/json; charset =utf-8",
            "application/json charset=utf-8",
        ] {
            let problem = read(&typed(value.as_bytes())).unwrap_err();
            assert_eq!(problem.kind, ProblemKind::MediaType, "{value}");
        }
        assert!(read(&typed(b"application/json\xff")).is_err());
    }

    #[test]
    fn a_body_without_or_with_two_types_or_coded_is_refused() {
        assert!(read(&HeaderMap::new()).is_err());
        let mut twice = typed(b"application/json");
        twice.append(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        assert!(read(&twice).is_err());
        let mut coded = typed(b"application/json");
        coded.append(CONTENT_ENCODING, HeaderValue::from_static("Identity"));
        assert!(read(&coded).is_ok());
        coded.append(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        let problem = read(&coded).unwrap_err();
        assert_eq!(problem.found, "`Content-Encoding: gzip`");
    }

    proptest! {
        #[test]
        fn no_header_panics(value in "(application/json)?[;=\" \\\\a-z/]{0,30}") {
            let _ = read(&typed(value.as_bytes()));
        }
    }
}
