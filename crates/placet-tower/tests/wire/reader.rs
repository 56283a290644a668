//! A model, written apart from the engine, of what readers of cookies see and of what the shop's
//! policy lets pass: the oracle of these tests.

use std::collections::BTreeSet;

/// Whether the shop's policy lets a cookie of this name pass where these categories are granted.
pub(crate) fn may_pass(name: &[u8], granted: &[&str]) -> bool {
    let category = match name {
        b"session" | b"placet" => return true,
        b"lang" => "functional",
        b"_fbp" => "marketing",
        [b'_', b'p', b'k', b'_', ..] => "analytics",
        _ => return false,
    };
    granted.contains(&category)
}

/// The pairs of a `Cookie` line as browsers, Go and most JavaScript read them.
pub(crate) fn pairs(line: &[u8]) -> Vec<&[u8]> {
    let pieces = line.split(|byte| *byte == b';').map(<[u8]>::trim_ascii);
    pieces.filter(|piece| !piece.is_empty()).collect()
}

/// Every name that one of several readers sees in a `Cookie` line.
pub(crate) fn names(line: &[u8]) -> BTreeSet<Vec<u8>> {
    let mut names = BTreeSet::new();
    for pair in pairs(line) {
        let name = before_equals(pair).unwrap_or_default();
        names.insert(name.to_vec());
        names.insert(percent_decoded(name));
        names.insert(trimmed_as_latin1(name));
        // A word without `=`, for readers to which it is a cookie without a value.
        if name.is_empty() && before_equals(pair).is_none() {
            names.insert(pair.to_vec());
        }
        // Readers that begin anew after whitespace.
        let words = pair.split(u8::is_ascii_whitespace).skip(1);
        let named = words.filter_map(before_equals).map(<[u8]>::to_vec);
        names.extend(
            named.filter(|name| name.iter().all(|byte| is_token(*byte)) && !name.is_empty()),
        );
    }
    names.extend(quoted_names(line));
    names
}

/// The names that the oracle denies in a `Cookie` line.
pub(crate) fn denied(line: &[u8], granted: &[&str]) -> Vec<String> {
    let names = names(line).into_iter();
    let denied = names.filter(|name| !may_pass(name, granted));
    denied.map(|name| name.escape_ascii().to_string()).collect()
}

/// As a reader sees it for which quotes hold a value together.
fn quoted_names(line: &[u8]) -> Vec<Vec<u8>> {
    let mut names = Vec::new();
    let mut rest = line;
    while !rest.is_empty() {
        let end_of_name = rest.iter().position(|byte| matches!(byte, b'=' | b';'));
        let Some(at) = end_of_name else { break };
        let (name, after) = rest.split_at(at);
        let value = &after[1..];
        if after[0] == b';' {
            rest = value;
            continue;
        }
        names.push(name.trim_ascii().to_vec());
        let quoted = value.trim_ascii_start().strip_prefix(b"\"");
        let behind = quoted.and_then(|text| {
            let close = text.iter().position(|byte| *byte == b'"')?;
            text.get(close..)
        });
        let behind = behind.unwrap_or(value);
        let next = behind.iter().position(|byte| *byte == b';');
        rest = next.map_or(b"", |at| &behind[at + 1..]);
    }
    names
}

fn before_equals(text: &[u8]) -> Option<&[u8]> {
    let at = text.iter().position(|byte| *byte == b'=')?;
    Some(text[..at].trim_ascii())
}

fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

fn percent_decoded(name: &[u8]) -> Vec<u8> {
    let mut decoded = Vec::new();
    let mut rest = name;
    while let Some((first, after)) = rest.split_first() {
        let digits = (*first == b'%').then(|| after.get(..2)).flatten();
        let byte = digits
            .filter(|digits| digits.iter().all(u8::is_ascii_hexdigit))
            .and_then(|digits| u8::from_str_radix(str::from_utf8(digits).ok()?, 16).ok());
        decoded.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { &after[2..] } else { after };
    }
    decoded
}

fn trimmed_as_latin1(name: &[u8]) -> Vec<u8> {
    let text: String = name.iter().map(|byte| char::from(*byte)).collect();
    let bytes = text.trim().chars().map(|c| u8::try_from(c).unwrap_or(b'?'));
    bytes.collect()
}

#[test]
fn the_model_sees_what_each_reader_sees() {
    for (line, expected) in [
        (&b"a=1; b=2"[..], &["a", "b"][..]),
        (b"_f%62p=1", &["_f%62p", "_fbp"]),
        (b"a=1 _fbp=2", &["_fbp", "a"]),
        (b"x=\"q;_fbp=1\"; b=2", &["_fbp", "b", "x"]),
        (b"word", &["", "word"]),
        (b"\xa0a=1", &["a", "\\xa0a"]),
    ] {
        let names = names(line).into_iter();
        let names: Vec<_> = names.map(|name| name.escape_ascii().to_string()).collect();
        assert_eq!(names, expected, "{}", line.escape_ascii());
    }
    assert!(may_pass(b"_pk_id.1", &["analytics"]) && !may_pass(b"_pk_id.1", &["marketing"]));
    assert!(!may_pass(b"", &["analytics"]) && !may_pass(b"Session", &[]));
}
