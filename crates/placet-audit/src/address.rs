//! Addresses of pages and scripts as reports may show them: where they are, and not what was said
//! there.
//!
//! The values of a query hold e-mail addresses, tokens and searches as often as page numbers, and a
//! report is sent on. So of a query only the names are kept, of a fragment only that there was one,
//! and of a user name and password nothing.

use std::collections::BTreeMap;

/// What stands for whatever was left out.
const LEFT_OUT: &str = "…";
/// Longest name of a query that is kept, in bytes; what is longer is rather a value.
const LONGEST_NAME: usize = 40;
/// Names of one query that are kept.
const MOST_NAMES: usize = 20;

/// An address without the values of its query, without what its fragment says, and without a user
/// name or password. Of addresses that hold their content, such as `data:`, the scheme alone.
///
/// ```
/// use placet_audit::without_values;
///
/// let shown = without_values("https://shop.example/p?id=7&email=ann@example.org#ann");
/// assert_eq!(shown, "https://shop.example/p?id=…&email=…#…");
/// ```
pub fn without_values(url: &str) -> String {
    let absolute = url.split_once("://");
    let Some((scheme, rest)) = absolute.filter(|(scheme, _)| is_scheme(scheme)) else {
        return match url.split_once(':') {
            // `about:blank` says nothing of anybody.
            Some((scheme, _)) if is_scheme(scheme) && !scheme.eq_ignore_ascii_case("about") => {
                format!("{scheme}:{LEFT_OUT}")
            }
            _ => without_values_below(url),
        };
    };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, below) = rest.split_at(end);
    // The last `@` ends a user name and password (RFC 3986 section 3.2.1).
    let host = authority.rsplit('@').next().unwrap_or_default();
    format!("{scheme}://{host}{}", without_values_below(below))
}

/// The same for a script in a stack, after whose address stand its line and column: `…/a.js:1:20`.
pub(crate) fn script_without_values(script: &str) -> String {
    let (address, position) = split_position(script);
    format!("{}{position}", without_values(address))
}

/// A script of a stack as its address and the line and column after it: `https://a.example/a.js` and `:1:20`.
pub fn split_position(script: &str) -> (&str, &str) {
    let mut address = script;
    for _ in 0..2 {
        match address.rsplit_once(':') {
            Some((before, digits))
                if !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) =>
            {
                address = before;
            }
            _ => break,
        }
    }
    (address, script.get(address.len()..).unwrap_or_default())
}

/// A scheme of RFC 3986 section 3.1.
fn is_scheme(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'))
}

/// Path, query and fragment.
fn without_values_below(below: &str) -> String {
    let (below, fragment) = match below.split_once('#') {
        Some((below, fragment)) => (below, Some(fragment)),
        None => (below, None),
    };
    let (path, query) = match below.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (below, None),
    };
    let mut shown = path.to_owned();
    if let Some(query) = query.filter(|query| !query.is_empty()) {
        let mut parts: Vec<_> = query.split('&').map(name_of).take(MOST_NAMES).collect();
        if query.split('&').nth(MOST_NAMES).is_some() {
            parts.push(LEFT_OUT.to_owned());
        }
        shown.push('?');
        shown.push_str(&parts.join("&"));
    }
    if fragment.is_some_and(|fragment| !fragment.is_empty()) {
        shown.push('#');
        shown.push_str(LEFT_OUT);
    }
    shown
}

/// `email=…` of a part of a query. What has no name, or one that looks like a value, is left out.
fn name_of(part: &str) -> String {
    let name = part.split_once('=').map(|(name, _)| name);
    let looks_like_one = |name: &&str| {
        !name.is_empty()
            && name.len() <= LONGEST_NAME
            && !name.contains('@')
            && !name.to_ascii_lowercase().contains("%40")
    };
    match name.filter(looks_like_one) {
        Some(name) => format!("{name}={LEFT_OUT}"),
        None => LEFT_OUT.to_owned(),
    }
}

/// Tells pages apart that differ by what is left out alone: the second of them ends in `~2`, in every
/// pass.
#[derive(Debug, Default)]
pub(crate) struct Pages {
    /// The whole addresses, by what is shown of them.
    by_shown: BTreeMap<String, Vec<String>>,
}

impl Pages {
    pub(crate) fn shown(&mut self, url: &str) -> String {
        let shown = without_values(url);
        let same = self.by_shown.entry(shown.clone()).or_default();
        let known = same.iter().position(|known| known == url);
        let number = known.unwrap_or_else(|| {
            same.push(url.to_owned());
            same.len() - 1
        });
        match number {
            0 => shown,
            _ => format!("{shown}~{}", number + 1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn of_an_address_only_the_place_and_the_names_are_shown() {
        for (url, expected) in [
            ("https://shop.example/", "https://shop.example/"),
            (
                "https://shop.example/p?id=7&email=ann@example.org",
                "https://shop.example/p?id=…&email=…",
            ),
            ("https://shop.example?id=7", "https://shop.example?id=…"),
            ("https://shop.example/p?", "https://shop.example/p"),
            ("https://shop.example/p#", "https://shop.example/p"),
            (
                "https://shop.example/p#access_token=1",
                "https://shop.example/p#…",
            ),
            ("https://shop.example/p#a?b=c", "https://shop.example/p#…"),
            (
                "https://shop.example/p?ann@example.org",
                "https://shop.example/p?…",
            ),
            (
                "https://shop.example/p?ann%40example.org=1&=2&a==3",
                "https://shop.example/p?…&…&a=…",
            ),
            ("https://ann:secret@shop.example/", "https://shop.example/"),
            (
                "https://ann@x:secret@shop.example:8443/@me",
                "https://shop.example:8443/@me",
            ),
            ("/p?id=7", "/p?id=…"),
            ("about:blank", "about:blank"),
            ("data:text/html,ann", "data:…"),
            ("mailto:ann@example.org", "mailto:…"),
            ("javascript:alert(1)", "javascript:…"),
            ("blob:https://shop.example/7", "blob:…"),
            ("/p?next=https://ann@shop.example/", "/p?next=…"),
            ("", ""),
        ] {
            assert_eq!(without_values(url), expected, "{url}");
        }
        let many = format!("/p?{}", "a=1&".repeat(50));
        assert_eq!(without_values(&many).matches("a=…").count(), MOST_NAMES);
        let long = format!("/p?{}=1", "a".repeat(60));
        assert_eq!(without_values(&long), "/p?…");
    }

    #[test]
    fn a_script_keeps_its_line_and_column() {
        for (script, expected) in [
            (
                "https://a.example/a.js?id=3:1:20",
                "https://a.example/a.js?id=…:1:20",
            ),
            ("https://a.example/a.js:7", "https://a.example/a.js:7"),
            ("https://a.example/a.js?t=1", "https://a.example/a.js?t=…"),
            ("", ""),
        ] {
            assert_eq!(script_without_values(script), expected, "{script}");
        }
    }

    #[test]
    fn pages_that_differ_by_their_values_alone_stay_two() {
        let mut pages = Pages::default();
        let mut shown = |url| pages.shown(url);
        assert_eq!(shown("/p?id=1"), "/p?id=…");
        assert_eq!(shown("/p?id=2"), "/p?id=…~2");
        assert_eq!(shown("/p?id=1"), "/p?id=…");
        assert_eq!(shown("/p"), "/p");
    }

    proptest! {
        #[test]
        fn no_value_is_ever_shown(name in "[a-z]{1,9}", value in "[A-Z0-9]{1,40}", path in "[a-z/]{0,9}") {
            for url in [
                format!("https://shop.example/{path}?{name}={value}"),
                format!("https://shop.example/{path}?a=1&{name}={value}#{value}"),
                format!("https://{value}:{value}@shop.example/{path}?{value}"),
                format!("//shop.example/{path}?{name}={value}"),
            ] {
                prop_assert!(!without_values(&url).contains(&value), "{url}");
            }
        }

        #[test]
        fn anything_can_be_shown_and_is_then_as_it_is(url in ".{0,60}") {
            let shown = without_values(&url);
            prop_assert_eq!(without_values(&shown), shown);
        }
    }
}
