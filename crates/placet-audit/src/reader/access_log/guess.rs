//! Lines in common or combined format, recognised without a layout.
//!
//! Before the date may stand three words, or a host and three words. Behind the request come
//! status and size, then in quotes referrer and browser, and then what a site added: the last
//! two are taken as `Cookie` and `Set-Cookie`; a single one is told by its attributes.

use std::ops::Range;

use super::super::header_dump::StartLine;
use super::format::Var;

/// One word, quoted text or bracketed date.
struct Field {
    kind: u8,
    range: Range<usize>,
}

/// Where each used part stands in a line; `false` when there is no date or no request.
pub(super) fn find(line: &[u8], found: &mut Vec<(Var, Range<usize>)>) -> bool {
    let mut words_before = 0;
    let mut first_word = 0..0;
    let mut dated = false;
    let mut requested = false;
    let mut words_behind = 0;
    let mut quotes_behind = 0;
    let (mut last, mut last_but_one) = (None, None);
    let mut at = 0;
    while let Some(field) = next_field(line, at) {
        at = field.range.end + usize::from(field.kind != b' ');
        let text = line.get(field.range.clone()).unwrap_or_default();
        match field.kind {
            b'[' if !dated => {
                dated = true;
                found.push((Var::Time, field.range));
            }
            b'"' if !requested => {
                // A request that is no HTTP is logged as well.
                requested = true;
                found.push((Var::RequestLine, field.range));
            }
            b' ' if !dated => {
                if words_before == 0 {
                    first_word = field.range;
                }
                words_before += 1;
            }
            b' ' if requested => {
                words_behind += 1;
                match words_behind {
                    1 if text.len() == 3 => found.push((Var::Status, field.range)),
                    2 => found.push((Var::BodySize, field.range)),
                    _ => {}
                }
            }
            b'"' => {
                quotes_behind += 1;
                match quotes_behind {
                    1 => found.push((Var::Referer, field.range)),
                    2 => {}
                    _ => {
                        last_but_one = last.replace(field.range);
                    }
                }
            }
            _ => {}
        }
    }
    if words_before == 4 {
        found.push((Var::Host, first_word));
    }
    match (last_but_one, last) {
        (Some(cookie), Some(set_cookie)) => {
            found.push((Var::Cookie, cookie));
            found.push((Var::SetCookie, set_cookie));
        }
        (None, Some(only)) => {
            let text = line.get(only.clone()).unwrap_or_default();
            if has_attribute(text) {
                found.push((Var::SetCookie, only));
            } else if memchr::memchr(b'=', text).is_some() {
                found.push((Var::Cookie, only));
            }
        }
        _ => {}
    }
    requested && (dated || has_request(line, found))
}

fn has_request(line: &[u8], found: &[(Var, Range<usize>)]) -> bool {
    found.iter().any(|(var, range)| {
        *var == Var::RequestLine
            && line
                .get(range.clone())
                .is_some_and(|text| StartLine::of(text).is_some())
    })
}

fn next_field(line: &[u8], from: usize) -> Option<Field> {
    let rest = line.get(from..)?;
    let start = from + rest.iter().position(|b| !matches!(b, b' ' | b'\t'))?;
    let rest = line.get(start..)?;
    Some(match rest.first()? {
        b'"' => {
            let inner = rest.get(1..)?;
            let end = super::super::json::end_of_string(inner).unwrap_or(inner.len());
            Field {
                kind: b'"',
                range: start + 1..start + 1 + end,
            }
        }
        b'[' => {
            let end = memchr::memchr(b']', rest).unwrap_or(rest.len());
            Field {
                kind: b'[',
                range: start + 1..start + end.max(1),
            }
        }
        _ => {
            let end = memchr::memchr2(b' ', b'\t', rest).unwrap_or(rest.len());
            Field {
                kind: b' ',
                range: start..start + end,
            }
        }
    })
}

/// Whether a text has what only a `Set-Cookie` has.
fn has_attribute(text: &[u8]) -> bool {
    text.split(|&b| b == b';').skip(1).any(|part| {
        let name = part
            .split(|&b| b == b'=')
            .next()
            .unwrap_or_default()
            .trim_ascii();
        [
            &b"path"[..],
            b"expires",
            b"max-age",
            b"domain",
            b"samesite",
            b"httponly",
            b"secure",
        ]
        .iter()
        .any(|known| name.eq_ignore_ascii_case(known))
    })
}
