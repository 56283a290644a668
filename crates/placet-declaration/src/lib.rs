//! The cookie declaration of a site: the page that says which cookies there are, whose, what for and how long,
//! what the signals of a browser do, and who answers for it. Written from the policy that is enforced, in every
//! language, as HTML, Markdown or JSON; and read back from a published page, to see whether it still says what
//! the policy says.
//!
//! ```
//! use placet::Policy;
//! use placet_declaration::{Declaration, Format, Look, compare, published};
//! use placet_texts::Language;
//!
//! let text = r#"{ "revision": 1, "signals": { "dnt": "ignored" }, "services": [
//!     { "id": "matomo", "name": "Matomo", "category": "analytics", "purpose": "Counts visits.",
//!       "cookies": [{ "name": "_pk_id.*", "lifetime": "13mo" }] }
//! ] }"#;
//! let policy = Policy::from_json("placet.json", text)?;
//! let declaration = Declaration::new(&policy, Language::default());
//! let page = declaration.html(&Look::default());
//! assert!(page.contains("13 months") && page.contains("This site does not respond to it."));
//!
//! // What somebody published is held against the policy of today.
//! let shown = published::read(&page.replace("13 months", "1 month"), Format::Html);
//! let found = compare(&declaration, &shown[0]);
//! assert_eq!(found.len(), 1);
//! assert_eq!(
//!     found[0].to_string(),
//!     "lifetime of the cookie _pk_id.* of Matomo: the policy says “13 months”, the page shows “1 month”"
//! );
//! # Ok::<(), placet::PolicyError>(())
//! ```
//!
//! 1. Nothing is said that the policy does not say; what it leaves open is "not stated".
//! 2. The same policy gives the same bytes: no clock, no randomness. The day of a declaration comes as an argument.
//! 3. The fragment of HTML needs neither script nor style, and brings none: [`STYLESHEET`] dresses it, [`SCRIPT`]
//!    adds what the visitor has chosen, both as files of the site.
//! 4. Whatever a policy holds is text in each format.

#![forbid(unsafe_code)]

mod basis;
mod compare;
mod declaration;
mod difference;
mod html;
mod markdown;
mod plain;
pub mod published;

pub use compare::compare;
pub use declaration::{
    Basis, Declaration, DeclaredCategory, DeclaredService, Item, ItemKind, LAYOUT, Signal, Vendor,
};
pub use difference::{Difference, Kind, Subject};
pub use html::Look;

/// The style sheet of the fragment. It takes the variables that the banner and the preferences page take:
/// `--placet-paper`, `--placet-ink`, `--placet-quiet`, `--placet-rule`, `--placet-accent`, `--placet-on-accent`,
/// `--placet-font`, `--placet-radius`.
pub const STYLESHEET: &str = include_str!("style.css");
/// The script that shows visitors what they have chosen, and the button to change it: for pages with the script
/// tag, of which it takes `window.placet` alone.
pub const SCRIPT: &str = include_str!("../../../www/dist/placet-declaration.js");
/// The JSON Schema of what [`Declaration::json`] writes.
pub const SCHEMA: &str = include_str!("../schema/declaration-1.schema.json");
/// The file name of [`STYLESHEET`].
pub const STYLESHEET_NAME: &str = "placet-declaration.css";
/// The file name of [`SCRIPT`].
pub const SCRIPT_NAME: &str = "placet-declaration.js";

/// How a declaration is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A fragment of HTML, or a page around it.
    Html,
    /// CommonMark with the tables of GitHub.
    Markdown,
    /// One JSON object.
    Json,
}

impl Format {
    /// The format of a file by its name, or else by what is in it.
    ///
    /// ```
    /// use placet_declaration::Format;
    ///
    /// assert_eq!(Format::guess("cookies.md", "## Cookies"), Format::Markdown);
    /// assert_eq!(Format::guess("-", "<!doctype html><h1>Cookies</h1>"), Format::Html);
    /// ```
    pub fn guess(name: &str, text: &str) -> Self {
        let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
        let is_markup = || {
            let opens = |tag: &str| {
                let found = text.as_bytes().windows(tag.len());
                found
                    .into_iter()
                    .any(|bytes| bytes.eq_ignore_ascii_case(tag.as_bytes()))
            };
            text.contains(published::ATTRIBUTE)
                || ["<!doctype", "<html", "<body", "<table"]
                    .into_iter()
                    .any(opens)
        };
        match extension.to_ascii_lowercase().as_str() {
            "json" => Self::Json,
            "html" | "htm" | "xhtml" => Self::Html,
            // A page in Markdown may hold the fragment as it is.
            "md" | "markdown" if !text.contains(published::ATTRIBUTE) => Self::Markdown,
            _ if text.trim_start().starts_with('{') => Self::Json,
            _ if is_markup() => Self::Html,
            _ => Self::Markdown,
        }
    }
}
