//! Where a recording lies in the repository: the path by which tools of continuous integration
//! know a file from one run to the next.

use std::path::Path;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::Options;
use super::words::shown;

/// Longest path that is written.
const LONGEST: usize = 1_000;

/// The path of a recording below the root of the options, with forward slashes; never absolute
/// and never above the root, so that a name from elsewhere loses what leads there.
pub(crate) fn repository_path(name: &str, options: &Options) -> String {
    let path = Path::new(name);
    let below = options
        .root
        .as_deref()
        .and_then(|root| path.strip_prefix(root).ok())
        .unwrap_or(path);
    let text = below.to_string_lossy().replace('\\', "/");
    let parts: Vec<_> = text
        .split('/')
        .filter(|part| !matches!(*part, "" | "." | ".."))
        .collect();
    match parts.as_slice() {
        // Nothing that a path could be made of; standard input is called `-`.
        [] | ["-"] => "recording".to_owned(),
        _ => shown(&parts.join("/"), LONGEST),
    }
}

/// The address of a page as a path below the root: `www.shop.example/pricing`, without scheme, query
/// and fragment.
pub(super) fn page_path(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let rest = rest.split(['?', '#']).next().unwrap_or_default();
    let decoded: Vec<u8> = percent_decode_str(rest).collect();
    let decoded = String::from_utf8_lossy(&decoded);
    let parts = decoded
        .split('/')
        .filter(|part| !matches!(*part, "" | "." | ".."));
    shown(&parts.collect::<Vec<_>>().join("/"), LONGEST)
}

/// What stands for itself in a path (RFC 3986 section 3.3), less the colon: before the first slash
/// it would end a scheme.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// A repository path as a relative URI reference (RFC 3986 section 4.2).
pub(super) fn uri(path: &str) -> String {
    utf8_percent_encode(path, ESCAPED).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use placet::Timestamp;

    #[test]
    fn a_path_is_relative_to_the_root_whatever_was_given() {
        let mut options = Options::new(Timestamp::UNIX_EPOCH);
        options.root = Some("/builds/shop".into());
        for (name, expected) in [
            ("traffic/shop.har", "traffic/shop.har"),
            ("./traffic//shop.har", "traffic/shop.har"),
            ("/builds/shop/traffic/shop.har", "traffic/shop.har"),
            ("/elsewhere/shop.har", "elsewhere/shop.har"),
            ("../shop.har", "shop.har"),
            (r"traffic\shop.har", "traffic/shop.har"),
            ("https://shop.example/", "https:/shop.example"),
            ("-", "recording"),
            ("", "recording"),
        ] {
            assert_eq!(repository_path(name, &options), expected, "{name}");
        }
    }

    #[test]
    fn a_page_is_a_path_of_host_and_path() {
        for (url, expected) in [
            (
                "https://www.shop.example/pricing?a=1#b",
                "www.shop.example/pricing",
            ),
            ("https://www.shop.example/", "www.shop.example"),
            ("http://127.0.0.1:8080/a%20b/", "127.0.0.1:8080/a b"),
            ("https://shop.example/../%2e%2e/x", "shop.example/x"),
            ("about:blank", "about:blank"),
            ("", ""),
        ] {
            assert_eq!(page_path(url), expected);
        }
    }

    #[test]
    fn a_uri_has_no_scheme_and_no_byte_that_needs_escaping() {
        for (path, expected) in [
            ("a b/ü.har", "a%20b/%C3%BC.har"),
            ("C:/x.har", "C%3A/x.har"),
            ("https:/a", "https%3A/a"),
            ("50%.har", "50%25.har"),
        ] {
            assert_eq!(uri(path), expected);
        }
    }
}
