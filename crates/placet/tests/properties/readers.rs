//! How four common readers find the names of the cookies in a `Cookie` line.
//!
//! cookie-rs is here itself; npm `cookie` 2 and Python's `http.cookies` are models of their parsers,
//! over bytes: both get the header as Latin-1.

use cookie::Cookie;

/// A reader: the names it finds, with repetitions.
pub(crate) type Reader = fn(&[u8]) -> Vec<Vec<u8>>;

/// The four, and cookie-rs in its second way.
pub(crate) const READERS: [(&str, Reader); 5] = [
    ("HeaderValue::to_str, then cookie-rs", header_text),
    ("cookie-rs", cookie_rs),
    ("cookie-rs, decoding", cookie_rs_decoding),
    ("npm cookie", npm_cookie),
    ("Python SimpleCookie", simple_cookie),
];

/// `HeaderValue::to_str` gives no text when a byte is not visible ASCII, space or tab, and a server
/// built on it sees no cookie at all then.
fn header_text(line: &[u8]) -> Vec<Vec<u8>> {
    let visible = |byte: &u8| matches!(byte, b'\t' | b' '..=b'~');
    if line.iter().all(visible) {
        cookie_rs(line)
    } else {
        Vec::new()
    }
}

fn cookie_rs(line: &[u8]) -> Vec<Vec<u8>> {
    let text = std::str::from_utf8(line).unwrap_or_default();
    let cookies = Cookie::split_parse(text).flatten();
    cookies.map(|cookie| cookie.name().into()).collect()
}

fn cookie_rs_decoding(line: &[u8]) -> Vec<Vec<u8>> {
    let text = std::str::from_utf8(line).unwrap_or_default();
    let cookies = Cookie::split_parse_encoded(text).flatten();
    cookies.map(|cookie| cookie.name().into()).collect()
}

/// Looks for the next `=`; one that stands behind the next `;` makes it go on after the last `;`
/// before it.
fn npm_cookie(line: &[u8]) -> Vec<Vec<u8>> {
    let find = |byte: u8, from: usize| {
        let at = line[from..].iter().position(|b| *b == byte);
        at.map_or(line.len(), |at| from + at)
    };
    let mut names = Vec::new();
    let mut at = 0;
    while line.len() >= 2 && at < line.len() {
        let equals = find(b'=', at);
        if equals == line.len() {
            break;
        }
        let end = find(b';', at);
        if equals > end {
            let before = line[..equals].iter().rposition(|b| *b == b';');
            at = before.map_or(0, |before| before + 1);
            continue;
        }
        names.push(without_blanks(&line[at..equals]).to_vec());
        at = end + 1;
    }
    names
}

fn without_blanks(mut text: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] | [rest @ .., b' ' | b'\t'] = text {
        text = rest;
    }
    text
}

/// Matches one pattern after the other from the front: whitespace, a name, maybe `=` and a value,
/// then whitespace, `;` or the end. Gives up on the whole line at a word that is no known attribute,
/// and on the rest where the pattern does not match or a name is not allowed.
fn simple_cookie(line: &[u8]) -> Vec<Vec<u8>> {
    let mut items = Vec::new();
    let mut at = 0;
    while at < line.len() {
        let Some(found) = Morsel::at(line, at) else {
            break;
        };
        at = found.end;
        if found.name[0] == b'$' {
            if !items.is_empty() {
                items.push(Item::Attribute(found.name[1..].to_ascii_lowercase()));
            }
        } else if is_reserved(found.name) {
            let name = found.name.to_ascii_lowercase();
            let is_flag = name == b"secure" || name == b"httponly";
            if items.is_empty() || !(found.has_value || is_flag) {
                return Vec::new();
            }
            items.push(Item::Attribute(name));
        } else if found.has_value {
            items.push(Item::Cookie(found.name.to_vec()));
        } else {
            return Vec::new();
        }
    }
    let mut names = Vec::new();
    for item in items {
        match item {
            Item::Attribute(name) if is_reserved(&name) => {}
            Item::Cookie(name) if name.iter().all(is_allowed_in_name) => names.push(name),
            Item::Attribute(_) | Item::Cookie(_) => break,
        }
    }
    names
}

enum Item {
    Cookie(Vec<u8>),
    Attribute(Vec<u8>),
}

fn is_reserved(name: &[u8]) -> bool {
    [
        "expires", "path", "comment", "domain", "max-age", "secure", "httponly", "version",
        "samesite",
    ]
    .iter()
    .any(|reserved| name.eq_ignore_ascii_case(reserved.as_bytes()))
}

fn is_allowed_in_name(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~:".contains(byte)
}

/// One match of Python's cookie pattern.
struct Morsel<'a> {
    name: &'a [u8],
    has_value: bool,
    end: usize,
}

impl<'a> Morsel<'a> {
    fn at(line: &'a [u8], at: usize) -> Option<Self> {
        let start = skip(line, at, is_space);
        let end_of_names = skip(line, start, is_name_byte);
        // The shortest name with which the rest of the pattern matches.
        (start + 1..=end_of_names).find_map(|name_end| {
            let with_value = value_end(line, name_end).map(|end| (true, end));
            let (has_value, end) =
                with_value.or_else(|| morsel_end(line, name_end).map(|end| (false, end)))?;
            Some(Self {
                name: &line[start..name_end],
                has_value,
                end,
            })
        })
    }
}

/// The end of the match after `=` and a value.
fn value_end(line: &[u8], name_end: usize) -> Option<usize> {
    let equals = skip(line, name_end, is_space);
    if line.get(equals) != Some(&b'=') {
        return None;
    }
    let first = skip(line, equals + 1, is_space);
    // Where no value begins behind the spaces, an empty one stands before the last of them.
    (equals + 1..=first).rev().find_map(|value| {
        let quoted = quoted_end(line, value).and_then(|end| morsel_end(line, end));
        quoted
            .or_else(|| date_ends(line, value).find_map(|end| morsel_end(line, end)))
            .or_else(|| morsel_end(line, skip(line, value, is_value_byte)))
    })
}

fn quoted_end(line: &[u8], at: usize) -> Option<usize> {
    let mut rest = line[at..].strip_prefix(b"\"")?;
    loop {
        rest = match rest {
            [b'"', rest @ ..] => return Some(line.len() - rest.len()),
            [b'\\', b'\n', ..] => return None,
            [b'\\', _, rest @ ..] => rest,
            [b'\\'] | [] => return None,
            [_, rest @ ..] => rest,
        };
    }
}

/// Where a value like `Wed, 09-Jun-2021 10:18:14 GMT` may end, the longest first.
fn date_ends(line: &[u8], at: usize) -> impl Iterator<Item = usize> {
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    let day = move |byte: &u8| is_word(byte) || is_space(*byte) || *byte == b'-';
    let time = |byte: &u8| byte.is_ascii_digit() || *byte == b':';
    [11, 10, 9].into_iter().filter_map(move |length| {
        let text = &line[at..];
        let (weekday, rest) = text.split_at_checked(3)?;
        let rest = rest.strip_prefix(b",")?;
        let (before, rest) = rest.split_first()?;
        let (date, rest) = rest.split_at_checked(length)?;
        let (between, rest) = rest.split_first()?;
        let (clock, rest) = rest.split_at_checked(8)?;
        let (behind, rest) = rest.split_first()?;
        let rest = rest.strip_prefix(b"GMT")?;
        let matches = weekday.iter().all(is_word)
            && [before, between, behind]
                .iter()
                .all(|byte| is_space(**byte))
            && date.iter().all(day)
            && clock.iter().all(time);
        matches.then_some(line.len() - rest.len())
    })
}

/// The end of the match: behind whitespace and `;`, at the end of the line, or behind whitespace.
fn morsel_end(line: &[u8], at: usize) -> Option<usize> {
    let end = skip(line, at, is_space);
    match line.get(end) {
        Some(b';') => Some(end + 1),
        None => Some(end),
        Some(_) => (end > at).then_some(end),
    }
}

fn skip(line: &[u8], from: usize, skipped: fn(u8) -> bool) -> usize {
    let rest = line[from..].iter();
    from + rest.take_while(|byte| skipped(**byte)).count()
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b'\t'..=b'\r' | b' ')
}

fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_graphic() && !b"\"\\[];".contains(&byte)
}

fn is_value_byte(byte: u8) -> bool {
    is_name_byte(byte) || matches!(byte, b'[' | b']')
}
