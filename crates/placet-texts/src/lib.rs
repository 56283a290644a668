//! What visitors read of Placet, in every language it speaks, and which language a visitor gets:
//! one source for the preferences page of a server and the banner of a page.
//!
//! ```
//! use placet_texts::Language;
//!
//! let language = Language::negotiate([b"de-AT, en;q=0.5".as_slice()]);
//! assert_eq!(language.tag(), "de");
//! let texts = language.locale();
//! assert_eq!(texts.refuse_all, "Alle ablehnen");
//! assert_eq!(texts.lifetime("13mo"), "13 Monate");
//! ```
//!
//! The texts lie in `locales/`, one JSON file per language, each with the same keys: see [`Locale`].
//! A word in braces, as in `{count}`, is a place that whoever shows the text fills. Texts are plain:
//! they are escaped where they are shown.

#![forbid(unsafe_code)]

mod language;
mod locale;
mod plural;

pub use language::Language;
pub use locale::{
    BannerTexts, CategoriesTexts, CategoryTexts, ChoiceTexts, Counted, DeclarationTexts, Direction,
    DurationTexts, Locale, ReceiptsTexts, ServiceTexts, SignalTexts, StateTexts,
};
