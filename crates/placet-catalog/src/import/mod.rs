//! Catalogues in other people's formats, read into services a user can add to a catalogue of their own.
//!
//! What a foreign row cannot say safely is left out and told in [`Import::skipped`]; a text that is not of the format
//! at all is a [`FileError`](crate::FileError).

mod open_cookie_database;
mod retention;
mod tcf;

pub use open_cookie_database::{open_cookie_database_csv, open_cookie_database_json};
pub use tcf::tcf_device_storage;

use crate::{Problem, Service};

/// What was read of a foreign file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Import {
    /// The services, in the order of their ids.
    pub services: Vec<Service>,
    /// The rows that were left out, and why.
    pub skipped: Vec<Problem>,
}

/// An id made of a name: its ASCII letters and digits in lower case, hyphens between the words; at most 64 bytes.
pub fn id_of(name: &str) -> String {
    let mut id = String::new();
    for c in name.chars() {
        if id.len() == 64 {
            break;
        }
        if c.is_ascii_alphanumeric() {
            id.push(c.to_ascii_lowercase());
        } else if !id.is_empty() && !id.ends_with('-') {
            id.push('-');
        }
    }
    id.trim_end_matches('-').to_owned()
}

/// The domains that a free text names: `.bing.com (3rd party) or .microsoft.com (3rd party)`.
fn domains_of(text: &str) -> Vec<Box<str>> {
    let mut domains: Vec<Box<str>> = Vec::new();
    let separates = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | '(' | ')' | '\u{200b}');
    for word in text.split(separates) {
        let word = word.rsplit_once("//").map_or(word, |(_, host)| host);
        // `ads-[account].example.com` says no more than `example.com`.
        let word = word
            .rsplit_once(['*', ']', '>'])
            .map_or(word, |(_, rest)| rest);
        let word = word.split('/').next().unwrap_or_default();
        let domain = word.trim_matches('.').to_ascii_lowercase();
        if domain.contains('.') && crate::service::is_domain(&domain) {
            let domain = domain.into();
            if !domains.contains(&domain) {
                domains.push(domain);
            }
        }
    }
    domains
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn domains_are_found_in_free_text() {
        for (text, expected) in [
            ("", &[][..]),
            (".nexx.example", &["nexx.example"]),
            (
                ".bing.com (3rd party) or .microsoft.com (3rd party)",
                &["bing.com", "microsoft.com"],
            ),
            ("ads-[account].adhese.com", &["adhese.com"]),
            ("*.Example.com", &["example.com"]),
            (".commander1.com\u{200b}", &["commander1.com"]),
            (
                "google-analytics.com (3rd party) or ",
                &["google-analytics.com"],
            ),
            ("https://example.com/path", &["example.com"]),
            ("ut", &[]),
            ("the visited site", &[]),
        ] {
            let found = domains_of(text);
            assert_eq!(
                found.iter().map(|d| &**d).collect::<Vec<_>>(),
                expected,
                "{text}"
            );
        }
    }

    #[test]
    fn ids_are_lower_case_words() {
        assert_eq!(id_of("Google Tag Manager"), "google-tag-manager");
        assert_eq!(id_of("  Café & Co. "), "caf-co");
        assert_eq!(id_of("日本"), "");
    }
}
