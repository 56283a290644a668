//! Tells field lines from anything else, and the fields that an audit asks for from all others.

/// A field line, by its name; values without the blanks around them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field<'a> {
    ContentLength(&'a [u8]),
    ContentType(&'a [u8]),
    Cookie(&'a [u8]),
    Date(&'a [u8]),
    Dnt(&'a [u8]),
    Host(&'a [u8]),
    Referer(&'a [u8]),
    SecGpc(&'a [u8]),
    SetCookie(&'a [u8]),
    /// A pseudo-header of HTTP/2: its name without the colon before it, and its value.
    Pseudo(&'a [u8], &'a [u8]),
    /// Any other field.
    Other,
}

impl<'a> Field<'a> {
    /// Reads a line without its end; `None` when it is not `Name: value`.
    pub(super) fn of(line: &'a [u8]) -> Option<Self> {
        // Names are told by their first letter, so that most lines are compared with one name.
        let known = match line.first()?.to_ascii_lowercase() {
            b'c' => value_of(line, b"cookie")
                .map(Self::Cookie)
                .or_else(|| value_of(line, b"content-type").map(Self::ContentType))
                .or_else(|| value_of(line, b"content-length").map(Self::ContentLength)),
            b'd' => value_of(line, b"date")
                .map(Self::Date)
                .or_else(|| value_of(line, b"dnt").map(Self::Dnt)),
            b'h' => value_of(line, b"host").map(Self::Host),
            b'r' => value_of(line, b"referer").map(Self::Referer),
            b's' => value_of(line, b"set-cookie")
                .map(Self::SetCookie)
                .or_else(|| value_of(line, b"sec-gpc").map(Self::SecGpc)),
            b':' => {
                let (name, value) = name_and_value(line.get(1..)?)?;
                Some(Self::Pseudo(name, value.trim_ascii()))
            }
            _ => None,
        };
        known.or_else(|| is_field_line(line).then_some(Self::Other))
    }
}

/// The value of a line that begins with this name, given in lower case.
#[inline(always)]
fn value_of<'a, const N: usize>(line: &'a [u8], name: &[u8; N]) -> Option<&'a [u8]> {
    let (start, rest) = line.split_first_chunk::<N>()?;
    // Where the name is known to the compiler, this is an operation or two for all its bytes.
    let difference = start.iter().zip(name).fold(0, |difference, (b, known)| {
        let case = if known.is_ascii_lowercase() { 0x20 } else { 0 };
        difference | ((b | case) ^ known)
    });
    if difference != 0 {
        return None;
    }
    behind_colon(rest).map(<[u8]>::trim_ascii)
}

/// What stands behind the colon that follows a name, perhaps after blanks.
fn behind_colon(rest: &[u8]) -> Option<&[u8]> {
    match rest {
        [b':', value @ ..] => Some(value),
        _ => rest.trim_ascii_start().strip_prefix(b":"),
    }
}

fn name_and_value(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let length = line.iter().position(|b| !is_token(b))?;
    let (name, rest) = line.split_at_checked(length)?;
    let value = behind_colon(rest)?;
    (length > 0).then_some((name, value))
}

/// Whether a line is `Name: value`, or a pseudo-header of HTTP/2.
pub(in super::super) fn is_field_line(line: &[u8]) -> bool {
    name_and_value(line.strip_prefix(b":").unwrap_or(line)).is_some()
}

/// The bytes of a field name (RFC 9110 section 5.6.2).
#[expect(clippy::indexing_slicing, reason = "evaluated by the compiler")]
static TOKEN: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 128 {
        table[byte] = (byte as u8).is_ascii_alphanumeric();
        byte += 1;
    }
    let marks = b"!#$%&'*+-.^_`|~";
    let mut mark = 0;
    while mark < marks.len() {
        table[marks[mark] as usize] = true;
        mark += 1;
    }
    table
};

#[expect(
    clippy::indexing_slicing,
    reason = "the table has an entry for every byte"
)]
pub(super) fn is_token(byte: &u8) -> bool {
    TOKEN[usize::from(*byte)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_known_by_their_whole_names_in_any_case() {
        for (line, field) in [
            ("Set-Cookie: a=1 ", Some(Field::SetCookie(b"a=1"))),
            ("SET-COOKIE:a=1", Some(Field::SetCookie(b"a=1"))),
            ("set-cookie : a=1", Some(Field::SetCookie(b"a=1"))),
            ("Set-Cookie2: a=1", Some(Field::Other)),
            ("set\rcookie: a=1", None),
            ("Cookie:", Some(Field::Cookie(b""))),
            (
                "Content-Type: text/html",
                Some(Field::ContentType(b"text/html")),
            ),
            ("content-length: 5", Some(Field::ContentLength(b"5"))),
            ("Content-Language: de", Some(Field::Other)),
            ("DNT: 1", Some(Field::Dnt(b"1"))),
            ("Date: now", Some(Field::Date(b"now"))),
            ("Host: a.example", Some(Field::Host(b"a.example"))),
            ("Referer: x", Some(Field::Referer(b"x"))),
            ("Sec-GPC: 1", Some(Field::SecGpc(b"1"))),
            (":path: /a", Some(Field::Pseudo(b"path", b"/a"))),
            ("::path: /a", None),
            ("Server", None),
            (": x", None),
            ("", None),
        ] {
            assert_eq!(Field::of(line.as_bytes()), field, "{line}");
        }
    }
}
