//! What the pages of Placet that are one file have in common: the head, the style, and how texts, numbers and dates
//! are written.
//!
//! Such a page asks nobody for anything. The content security policy in its head names its own style and script by
//! their hashes and forbids everything else, so that this holds even where the escaping of the template failed.

#![forbid(unsafe_code)]

mod text;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest as _, Sha256};

pub use text::{count, date, grouped, shown};

/// Colours, type and tables; the style of a page comes after it.
const BASE: &str = include_str!("base.css");

/// A page in one file, in English.
#[derive(Clone, Copy, Debug)]
pub struct Page<'p> {
    /// What the browser's tab says, as text.
    pub title: &'p str,
    /// Its own style, as CSS.
    pub style: &'static str,
    /// Its script, if it has one.
    pub script: Option<&'static str>,
    /// Whether it holds pictures, as `data:` addresses.
    pub has_pictures: bool,
}

impl Page<'_> {
    /// The whole document around `body`.
    #[must_use]
    pub fn around(&self, body: &Markup) -> Markup {
        let style = [BASE, self.style].concat();
        let policy = self.content_security_policy(&style);
        html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta http-equiv="Content-Security-Policy" content=(policy);
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="referrer" content="no-referrer";
                    meta name="robots" content="noindex";
                    title { (self.title) }
                    style { (PreEscaped(style)) }
                }
                body {
                    (body)
                    @if let Some(script) = self.script { script { (PreEscaped(script)) } }
                }
            }
        }
    }

    /// Hashes of style and script (CSP 3 section 2.3.1), pictures that the page holds itself, and nothing else allowed.
    fn content_security_policy(&self, style: &str) -> String {
        let hash = |text: &str| STANDARD.encode(Sha256::digest(text));
        let mut policy = format!("default-src 'none'; style-src 'sha256-{}'; ", hash(style));
        if let Some(script) = self.script {
            policy += &format!("script-src 'sha256-{}'; ", hash(script));
        }
        if self.has_pictures {
            policy += "img-src data:; ";
        }
        policy + "base-uri 'none'; form-action 'none'"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The hashes are those of nothing and of `1`, by `openssl dgst -sha256 -binary | base64`.
    #[test]
    fn the_policy_names_what_the_page_has_and_forbids_the_rest() {
        let mut page = Page {
            title: "<i>",
            style: "",
            script: None,
            has_pictures: false,
        };
        let script = "'sha256-a4ayc/80/OGda4BO/1o/V0etpOqiLx1JwB5S3beHW0s='";
        for (with_script, has_pictures, extra) in [
            (None, false, String::new()),
            (Some("1"), false, format!("script-src {script}; ")),
            (
                Some("1"),
                true,
                format!("script-src {script}; img-src data:; "),
            ),
        ] {
            page.script = with_script;
            page.has_pictures = has_pictures;
            let policy = page.content_security_policy("");
            let style = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='";
            assert_eq!(
                policy,
                format!(
                    "default-src 'none'; style-src {style}; {extra}base-uri 'none'; form-action 'none'"
                )
            );
        }
    }

    #[test]
    fn the_title_is_text_and_the_style_of_the_page_comes_last() {
        let page = Page {
            title: "</title><script>",
            style: "p{color:red}",
            script: None,
            has_pictures: false,
        };
        let written = page.around(&html! { p { "<&" } }).into_string();
        assert!(written.contains("<title>&lt;/title&gt;&lt;script&gt;</title>"));
        assert!(written.contains("p{color:red}</style>"));
        assert!(written.ends_with("<body><p>&lt;&amp;</p></body></html>"));
    }
}
