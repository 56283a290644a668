//! `Set-Cookie` and `Cookie` lines out of the cookie lists of a HAR, for exporters that keep the
//! lists but not the headers.

use super::super::json::{Json, JsonError, Scalar};
use super::super::moment;

/// A cookie of a `cookies` list.
#[derive(Clone, Copy, Debug)]
pub(super) struct ListedCookie<'b> {
    pub(super) name: &'b [u8],
    value: &'b [u8],
    domain: &'b [u8],
    path: &'b [u8],
    expires: Scalar<'b>,
    max_age: Scalar<'b>,
    same_site: &'b [u8],
    http_only: bool,
    secure: bool,
    pub(super) line: u64,
}

impl<'b> ListedCookie<'b> {
    /// Reads one element of the list.
    pub(super) fn read(json: &mut Json<'b>) -> Result<Self, JsonError> {
        let mut cookie = Self {
            name: b"",
            value: b"",
            domain: b"",
            path: b"",
            expires: Scalar::Null,
            max_age: Scalar::Null,
            same_site: b"",
            http_only: false,
            secure: false,
            line: json.line(),
        };
        json.members(|json, name| {
            let is = |known: &[u8]| name.eq_ignore_ascii_case(known);
            let value = json.scalar()?;
            match name.len() {
                4 if is(b"name") => cookie.name = value.text(),
                5 if is(b"value") => cookie.value = value.text(),
                6 if is(b"domain") => cookie.domain = value.text(),
                4 if is(b"path") => cookie.path = value.text(),
                7 if is(b"expires") => cookie.expires = value,
                6 if is(b"maxAge") => cookie.max_age = value,
                8 if is(b"httpOnly") => cookie.http_only = value.is_true(),
                6 if is(b"secure") => cookie.secure = value.is_true(),
                8 if is(b"sameSite") => cookie.same_site = value.text(),
                _ => {}
            }
            Ok(())
        })?;
        Ok(cookie)
    }

    /// Whether a header line sets or sends this cookie: the same name, raw or percent-decoded.
    pub(super) fn is_named(&self, name: &[u8]) -> bool {
        self.name == name || percent_decoded(name).eq(percent_decoded(self.name))
    }

    /// Whether another element says the same.
    pub(super) fn repeats(&self, other: &Self) -> bool {
        self.name == other.name
            && self.value == other.value
            && self.domain == other.domain
            && self.path == other.path
    }

    /// `name=value`.
    pub(super) fn write_pair(&self, out: &mut Vec<u8>) {
        write_safely(self.name, out);
        out.push(b'=');
        write_safely(self.value, out);
    }

    /// The `Set-Cookie` value with every attribute the list keeps.
    pub(super) fn set_cookie(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(64 + self.name.len() + self.value.len());
        self.write_pair(&mut out);
        let mut attribute = |name: &[u8], value: &[u8]| {
            out.extend_from_slice(b"; ");
            out.extend_from_slice(name);
            if !value.is_empty() {
                out.push(b'=');
                write_safely(value, &mut out);
            }
        };
        if !self.domain.is_empty() {
            attribute(b"Domain", self.domain);
        }
        if !self.path.is_empty() {
            attribute(b"Path", self.path);
        }
        if let Some(expires) = self.expires() {
            attribute(b"Expires", expires.as_bytes());
        }
        if !self.max_age.text().is_empty() {
            attribute(b"Max-Age", self.max_age.text());
        }
        if self.secure {
            attribute(b"Secure", b"");
        }
        if self.http_only {
            attribute(b"HttpOnly", b"");
        }
        if !self.same_site.is_empty() {
            attribute(b"SameSite", self.same_site);
        }
        out
    }

    /// The date as a cookie writes it; `None` for a session cookie, which exporters mark by
    /// nothing, by -1, or by the second before 1970.
    fn expires(&self) -> Option<String> {
        let text = self.expires.text().trim_ascii();
        let session = text.is_empty()
            || text.starts_with(b"-")
            || text.starts_with(b"1969-12-31")
            || text == b"0"
            || text.eq_ignore_ascii_case(b"session");
        if session {
            return None;
        }
        Some(match moment::read_any(text) {
            Some(at) => moment::write_http(at),
            None => String::from_utf8_lossy(text).into_owned(),
        })
    }
}

/// A list may hold decoded text: what would end a value is percent-encoded.
fn write_safely(text: &[u8], out: &mut Vec<u8>) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    for &byte in text {
        if byte == b';' || byte < 0x20 || byte == 0x7F {
            let digit = |half: u8| HEX.get(usize::from(half)).copied().unwrap_or(b'0');
            out.extend_from_slice(&[b'%', digit(byte >> 4), digit(byte & 15)]);
        } else {
            out.push(byte);
        }
    }
}

fn percent_decoded(text: &[u8]) -> impl Iterator<Item = u8> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let digit = |b: &u8| {
            char::from(*b)
                .to_digit(16)
                .and_then(|d| u8::try_from(d).ok())
        };
        if let [b'%', a, b, after @ ..] = rest
            && let (Some(high), Some(low)) = (digit(a), digit(b))
        {
            rest = after;
            return Some(high * 16 + low);
        }
        let (first, after) = rest.split_first()?;
        rest = after;
        Some(*first)
    })
}

/// The name in a `Set-Cookie` value or a pair of a `Cookie` value; empty without `=`.
pub(super) fn name_of(pair: &[u8]) -> &[u8] {
    let pair = pair.split(|&b| b == b';').next().unwrap_or_default();
    match memchr::memchr(b'=', pair) {
        Some(equals) => pair.get(..equals).unwrap_or_default().trim_ascii(),
        None => b"",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rebuilt(text: &str) -> String {
        let mut text = text.as_bytes().to_vec();
        let cookie = ListedCookie::read(&mut Json::new(&mut text, 1)).unwrap();
        String::from_utf8(cookie.set_cookie()).unwrap()
    }

    #[test]
    fn every_field_of_a_list_becomes_its_attribute() {
        assert_eq!(
            rebuilt(
                r#"{"name":"a","value":"1","domain":".shop.example","path":"/","httpOnly":true,
                    "secure":"true","sameSite":"Lax","expires":"2027-01-02T03:04:05.678Z"}"#
            ),
            "a=1; Domain=.shop.example; Path=/; Expires=Sat, 02 Jan 2027 03:04:05 GMT; Secure; \
             HttpOnly; SameSite=Lax"
        );
    }

    #[test]
    fn session_cookies_get_no_date() {
        for expires in [
            "null",
            "\"\"",
            "-1",
            "\"1969-12-31T23:59:59.000Z\"",
            "\"Session\"",
        ] {
            assert_eq!(
                rebuilt(&format!(
                    r#"{{"name":"a","value":"1","expires":{expires}}}"#
                )),
                "a=1"
            );
        }
    }

    #[test]
    fn a_value_cannot_pose_as_an_attribute() {
        assert_eq!(
            rebuilt(r#"{"name":"a","value":"1; Secure\n"}"#),
            "a=1%3B Secure%0A"
        );
    }
}
