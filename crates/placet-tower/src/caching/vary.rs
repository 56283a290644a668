//! `Vary` gains what a response depended on, and nothing that it has.

use bytes::Bytes;
use http::header::{COOKIE, Entry, GetAll, VARY};
use http::{HeaderMap, HeaderName, HeaderValue};

/// Names of request headers on which a response depends, and the line that says so.
#[derive(Debug)]
pub(crate) struct Varying {
    names: Box<[HeaderName]>,
    line: Option<HeaderValue>,
}

/// The lines of most responses. Nobody counts who holds one of these, where every processor that answers requests
/// would write to the same count.
const USUAL: [&str; 4] = [
    "cookie",
    "cookie, sec-gpc",
    "cookie, dnt",
    "cookie, sec-gpc, dnt",
];

impl Varying {
    /// These names, of which each counts once.
    pub(crate) fn on(all: impl IntoIterator<Item = HeaderName>) -> Self {
        let mut names = Vec::new();
        for name in all {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        let texts: Vec<&str> = names.iter().map(HeaderName::as_str).collect();
        let line = texts.join(", ");
        let usual = USUAL.into_iter().find(|usual| *usual == line);
        let line = usual.map_or_else(
            || HeaderValue::try_from(line).ok(),
            |usual| Some(HeaderValue::from_static(usual)),
        );
        Self {
            line: line.filter(|line| !line.is_empty()),
            names: names.into(),
        }
    }

    /// Says so in a response that has no `Vary`.
    pub(crate) fn begin(&self, headers: &mut HeaderMap) {
        if let Some(all) = &self.line {
            headers.insert(VARY, all.clone());
        }
    }

    /// Whether the visitor's cookies are among them.
    pub(crate) fn is_by_visitor(&self) -> bool {
        self.names.contains(&COOKIE)
    }
}

/// Adds to `Vary` the names that it lacks.
///
/// Names are compared without regard to case, over all lines of the header; `*` covers every name
/// (RFC 9110 section 12.5.5). What is missing is appended to the last line, because caches exist
/// that read one line alone (nginx 1.22 the last); a last line that is no list of
/// names is kept, and a line of its own follows it. Without anything missing nothing is touched
/// and nothing allocated.
pub(crate) fn vary_on(headers: &mut HeaderMap, varying: &Varying) {
    let Some(all) = &varying.line else { return };
    let lines = headers.get_all(VARY);
    if lines.iter().next().is_none() {
        return varying.begin(headers);
    }
    let mut addition = Vec::new();
    for name in varying.names.iter().filter(|name| !have(&lines, name)) {
        if addition.is_empty() {
            addition.reserve(all.len());
        } else {
            addition.extend_from_slice(b", ");
        }
        addition.extend_from_slice(name.as_str().as_bytes());
    }
    if addition.is_empty() {
        return;
    }
    let line = |bytes: Vec<u8>| HeaderValue::from_maybe_shared(Bytes::from(bytes));
    match headers.entry(VARY) {
        Entry::Vacant(place) => {
            if let Ok(line) = line(addition) {
                place.insert(line);
            }
        }
        Entry::Occupied(mut lines) => {
            let last = lines.iter_mut().next_back();
            match last.filter(|last| members(last.as_bytes()).next().is_some()) {
                Some(last) => {
                    let longer = [last.as_bytes(), addition.as_slice()].join(b", ".as_slice());
                    if let Ok(mut longer) = line(longer) {
                        longer.set_sensitive(last.is_sensitive());
                        *last = longer;
                    }
                }
                None => {
                    if let Ok(line) = line(addition) {
                        lines.append(line);
                    }
                }
            }
        }
    }
}

/// Whether a line of `Vary` has this name, or says `*`.
pub(crate) fn varies_on(headers: &HeaderMap, name: &HeaderName) -> bool {
    have(&headers.get_all(VARY), name)
}

fn have(lines: &GetAll<'_, HeaderValue>, name: &HeaderName) -> bool {
    let name = name.as_str().as_bytes();
    lines.iter().any(|line| {
        members(line.as_bytes()).any(|member| member == b"*" || member.eq_ignore_ascii_case(name))
    })
}

/// The names in a line; none in one that holds anything else, since caches may drop it whole.
fn members(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    let split = |byte: &u8| *byte == b',';
    let is_list = line.split(split).all(|member| {
        let name = member.trim_ascii();
        name.iter().all(|byte| is_token_byte(*byte))
    });
    let line = if is_list { line } else { &[] };
    line.split(split)
        .map(<[u8]>::trim_ascii)
        .filter(|member| !member.is_empty())
}

/// RFC 9110 section 5.6.2.
fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::header::ACCEPT_ENCODING;
    use proptest::prelude::*;

    const GPC: HeaderName = HeaderName::from_static("sec-gpc");

    fn vary(lines: &[&[u8]]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(VARY, HeaderValue::from_bytes(line).unwrap());
        }
        headers
    }

    fn lines(headers: &HeaderMap) -> Vec<&[u8]> {
        let all = headers.get_all(VARY);
        all.iter().map(HeaderValue::as_bytes).collect()
    }

    #[test]
    fn only_what_is_missing_is_appended_to_the_last_line() {
        for (before, names, after) in [
            (&[][..], &[COOKIE, GPC][..], &["cookie, sec-gpc"][..]),
            (&["Accept"], &[COOKIE], &["Accept, cookie"]),
            (
                &["Accept", "Origin"],
                &[COOKIE],
                &["Accept", "Origin, cookie"],
            ),
            (&["COOKIE", "Origin"], &[COOKIE], &["COOKIE", "Origin"]),
            (
                &["a ,\tCookie,, b"],
                &[COOKIE, GPC],
                &["a ,\tCookie,, b, sec-gpc"],
            ),
            (&["*"], &[COOKIE], &["*"]),
            (
                &["Accept, *", "Origin"],
                &[COOKIE],
                &["Accept, *", "Origin"],
            ),
            (&["x-cookie"], &[COOKIE], &["x-cookie, cookie"]),
            (&["Accept"], &[], &["Accept"]),
            (&["Accept"], &[COOKIE, COOKIE], &["Accept, cookie"]),
            (&[""], &[COOKIE], &["", "cookie"]),
            (&[" , "], &[COOKIE], &[" , ", "cookie"]),
            (&["a b", "Origin"], &[COOKIE], &["a b", "Origin, cookie"]),
            (
                &["Origin", "cookie; x"],
                &[COOKIE],
                &["Origin", "cookie; x", "cookie"],
            ),
            (
                &["cookie, \u{e9}"],
                &[COOKIE],
                &["cookie, \u{e9}", "cookie"],
            ),
        ] {
            let before: Vec<&[u8]> = before.iter().map(|line| line.as_bytes()).collect();
            let after: Vec<&[u8]> = after.iter().map(|line: &&str| line.as_bytes()).collect();
            let mut headers = vary(&before);
            vary_on(&mut headers, &Varying::on(names.iter().cloned()));
            assert_eq!(lines(&headers), after, "{before:?} and {names:?}");
        }
    }

    #[test]
    fn a_vary_that_has_everything_costs_no_allocation() {
        let mut headers = vary(&[b"Accept-Encoding, Cookie", b"Sec-GPC"]);
        let varying = Varying::on([COOKIE, GPC, ACCEPT_ENCODING]);
        let counted = allocation_counter::measure(|| vary_on(&mut headers, &varying));
        assert_eq!(counted.count_total, 0);
    }

    #[test]
    fn a_sensitive_line_stays_sensitive() {
        let mut headers = vary(&[b"Accept"]);
        headers.get_mut(VARY).unwrap().set_sensitive(true);
        vary_on(&mut headers, &Varying::on([COOKIE]));
        assert!(headers[VARY].is_sensitive());
    }

    fn any_line() -> impl Strategy<Value = Vec<u8>> {
        let text = "(\\*|[Cc]ookie|sec-gpc|accept|x y|;|, ?| ){0,6}";
        prop_oneof![
            text.prop_map(String::into_bytes),
            proptest::collection::vec(prop_oneof![32u8..=126, 128u8..=255], 0..12),
        ]
    }

    proptest! {
        #[test]
        fn every_name_is_covered_once_and_what_was_there_stays(
            before in proptest::collection::vec(any_line(), 0..4),
        ) {
            let before: Vec<&[u8]> = before.iter().map(Vec::as_slice).collect();
            let mut headers = vary(&before);
            vary_on(&mut headers, &Varying::on([COOKIE, GPC]));
            let after = lines(&headers);
            for (line, was) in after.iter().zip(&before) {
                prop_assert!(line.starts_with(was));
            }
            prop_assert!(after.len() <= before.len() + 1);
            // A reader that drops every line which is no list of names, and joins the rest.
            let read: Vec<String> = after
                .iter()
                .filter_map(|line| std::str::from_utf8(line).ok())
                .filter(|line| !line.split(',').any(|name| name.trim().contains([' ', ';', '"'])))
                .flat_map(|line| line.split(','))
                .map(|name| name.trim().to_ascii_lowercase())
                .collect();
            for name in ["cookie", "sec-gpc"] {
                prop_assert!(read.iter().any(|found| found == name || found == "*"), "{read:?}");
            }
            let once = headers.clone();
            vary_on(&mut headers, &Varying::on([COOKIE, GPC]));
            prop_assert_eq!(headers, once);
        }
    }
}
