//! The lines of one header, put anew or added to with a single search for it.

use http::HeaderValue;
use http::header::{Entry, HeaderMap, HeaderName};

/// Puts lines in the place of those that a header has; one of which nothing is left is removed.
pub(crate) fn replace(
    header: Entry<'_, HeaderValue>,
    lines: impl IntoIterator<Item = HeaderValue>,
) {
    let mut lines = lines.into_iter();
    let mut header = match (header, lines.next()) {
        (Entry::Occupied(mut header), Some(first)) => {
            header.insert(first);
            header
        }
        (Entry::Vacant(place), Some(first)) => place.insert_entry(first),
        (Entry::Occupied(header), None) => return drop(header.remove()),
        (Entry::Vacant(_), None) => return,
    };
    lines.for_each(|line| header.append(line));
}

/// Adds lines behind those that a header has.
pub(crate) fn append(
    headers: &mut HeaderMap,
    name: HeaderName,
    lines: impl IntoIterator<Item = HeaderValue>,
) {
    let mut lines = lines.into_iter();
    // An entry makes room for a header more, also where there is nothing to add.
    let Some(first) = lines.next() else { return };
    let mut header = match headers.entry(name) {
        Entry::Occupied(mut header) => {
            header.append(first);
            header
        }
        Entry::Vacant(place) => place.insert_entry(first),
    };
    lines.for_each(|line| header.append(line));
}

#[cfg(test)]
mod tests {
    use http::header::SET_COOKIE;

    use super::*;

    fn line(text: &'static str) -> HeaderValue {
        HeaderValue::from_static(text)
    }

    fn replaced(headers: &mut HeaderMap, lines: &[&'static str]) {
        replace(headers.entry(SET_COOKIE), lines.iter().copied().map(line));
    }

    #[test]
    fn lines_are_added_behind_and_put_in_the_place_of_all_others() {
        let mut headers = HeaderMap::new();
        append(&mut headers, SET_COOKIE, []);
        assert_eq!(headers.capacity(), 0, "no room is made for nothing");
        append(&mut headers, SET_COOKIE, [line("a=1"), line("b=2")]);
        append(&mut headers, SET_COOKIE, [line("c=3")]);
        let lines: Vec<_> = headers.get_all(SET_COOKIE).iter().collect();
        assert_eq!(lines, ["a=1", "b=2", "c=3"]);
        replaced(&mut headers, &["b=2", "a=1"]);
        let lines: Vec<_> = headers.get_all(SET_COOKIE).iter().collect();
        assert_eq!(lines, ["b=2", "a=1"]);
        for _ in 0..2 {
            replaced(&mut headers, &[]);
            assert!(!headers.contains_key(SET_COOKIE));
        }
        replaced(&mut headers, &["c=3"]);
        assert_eq!(headers[SET_COOKIE], "c=3");
    }
}
