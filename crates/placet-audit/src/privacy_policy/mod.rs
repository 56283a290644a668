//! What a written privacy policy claims: read from Markdown, plain text or HTML, by plain rules and
//! the catalogue of services.
//!
//! A claim is only what a sentence states. What is conditional, quoted, past, asked or said of
//! others is none, nor is what is denied without a consent alone, or of an app beside the site; and of
//! what a text does not say the answer is "not found", never a guess. English is read in full, German
//! and French for the main claims: cookies, analytics, signals, opt-out, retention, contact, last update.
//!
//! ```
//! use placet_audit::privacy_policy::{MediaType, Practice, PrivacyPolicy, Stance};
//! use placet_catalog::Catalog;
//!
//! let text = "# Privacy\n\nWe use Matomo and a session cookie.\nWe do not respond to Do Not Track.\n";
//! let policy = PrivacyPolicy::read("privacy.md", text.as_bytes(), MediaType::Markdown, Catalog::builtin());
//! assert_eq!(policy.stance(Practice::DoNotTrack), Stance::No);
//! assert_eq!(policy.stance(Practice::GlobalPrivacyControl), Stance::NotFound);
//! let claim = policy.claims().iter().find(|claim| claim.says.topic() == "service").expect("Matomo");
//! assert_eq!(claim.line, 3);
//! ```

mod address;
mod calendar;
mod claim;
mod clause;
mod contact;
mod continental;
mod decode;
mod document;
mod english;
mod english_words;
mod exception;
mod extract;
mod front_matter;
mod html;
mod kinds;
mod language;
mod limit;
mod link;
mod markdown;
mod naming;
mod object;
mod question;
mod retention;
mod scope;
mod sentence;
mod services;
mod signal_words;
mod signals;
mod subject;
mod template;
mod trade;
mod words;

use std::borrow::Cow;

use placet_catalog::{Catalog, Service};
use rustc_hash::FxHashSet;

pub use claim::{Claim, Contact, Date, Kept, LegalBasis, OptOut, Polarity, Practice, Says, Stance};
pub use document::Placeholder;
pub use language::Language;
pub use link::{Link, pick_link};

pub(crate) use trade::is_for_another_purpose;

use document::Kind;

/// How a text is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MediaType {
    /// Markdown, with or without front matter, or plain text: `text/markdown`, `text/plain`.
    Markdown,
    /// `text/html`.
    Html,
}

impl MediaType {
    /// By the ending of a file's name; `None` where that tells nothing.
    pub fn of_name(name: &str) -> Option<Self> {
        let ending = name.rsplit_once('.')?.1.to_ascii_lowercase();
        match &*ending {
            "html" | "htm" | "xhtml" | "shtml" => Some(Self::Html),
            "md" | "markdown" | "mdown" | "mdx" | "txt" | "text" | "rst" | "qmd" => {
                Some(Self::Markdown)
            }
            _ => None,
        }
    }

    /// By a `Content-Type`; `None` where it is neither.
    pub fn of_content_type(value: &str) -> Option<Self> {
        let essence = value
            .split(';')
            .next()
            .unwrap_or_default()
            .trim()
            .to_ascii_lowercase();
        match &*essence {
            "text/html" | "application/xhtml+xml" => Some(Self::Html),
            "text/plain" | "text/markdown" | "text/x-markdown" => Some(Self::Markdown),
            _ => None,
        }
    }

    /// By what the text looks like.
    pub fn of_content(bytes: &[u8]) -> Self {
        let start = bytes.get(..bytes.len().min(8_192)).unwrap_or(bytes);
        let start = decode::text(start).to_lowercase();
        let is_page = ["<!doctype html", "<html", "<body", "<head>"]
            .iter()
            .any(|mark| start.contains(mark));
        let tags = ["<p>", "<p ", "<div", "<h1", "<h2", "<li>", "<br"];
        let count: usize = tags.iter().map(|tag| start.matches(tag).count()).sum();
        if is_page
            || (count >= 3
                && !start.starts_with("---")
                && !start.contains("\n# ")
                && !start.contains("\n## "))
        {
            Self::Html
        } else {
            Self::Markdown
        }
    }
}

/// Why nothing can be held to a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unreadable {
    /// It is no text, but a PDF, a picture or the like.
    NotText,
    /// There is no text in it.
    Empty,
    /// It is in a language that is not read.
    Language,
    /// It says nothing that can be checked.
    NoClaims,
}

impl Unreadable {
    /// `it holds no text`.
    pub const fn reason(self) -> &'static str {
        match self {
            Self::NotText => {
                "it is no text, but the bytes of something else, such as a PDF or a picture; \
                 expected text, Markdown or HTML"
            }
            Self::Empty => "it holds no text",
            Self::Language => {
                "it is in a language that claims are not read in (those are English, German and French)"
            }
            Self::NoClaims => "it says nothing that can be checked",
        }
    }
}

/// Distinct words from which on a text is in some language.
const FEWEST_WORDS: usize = 8;

/// A privacy policy that was read.
#[derive(Clone, Debug)]
pub struct PrivacyPolicy {
    name: String,
    claims: Vec<Claim>,
    placeholders: Vec<Placeholder>,
    language: Option<Language>,
    is_text: bool,
    sentences: u64,
    /// Every distinct word, in lower case.
    mentioned: FxHashSet<String>,
    /// The ids of all services that it names, whatever it says of them.
    named: FxHashSet<String>,
}

impl PrivacyPolicy {
    /// Reads a text. Never fails: what cannot be read is told by [`unreadable`](Self::unreadable).
    ///
    /// `name` is how reports call the file; the bytes may be UTF-8, UTF-16 or Windows-1252. Takes
    /// time in proportion to their number.
    pub fn read(name: &str, bytes: &[u8], media_type: MediaType, catalog: &Catalog) -> Self {
        let mut text = decode::text(bytes);
        let is_text = decode::is_text(bytes, &text);
        if !is_text {
            text = Cow::Borrowed("");
        }
        let mut document = match media_type {
            MediaType::Markdown => markdown::read(&text),
            MediaType::Html => html::read(&text),
        };
        for block in &mut document.blocks {
            if block.kind != Kind::FrontMatter {
                let gaps = template::gaps(
                    &block.text,
                    |byte| block.line(byte),
                    &mut document.placeholders,
                );
                // What an author may put there is not said yet.
                block.replace(&gaps, template::MARK);
            }
        }
        document
            .placeholders
            .sort_by_key(|placeholder| placeholder.line);
        let extracted = extract::extract(&document, catalog);
        Self {
            name: name.to_owned(),
            claims: extracted.claims,
            placeholders: document.placeholders,
            language: extracted.language,
            is_text,
            sentences: extracted.sentences,
            mentioned: extracted.mentioned,
            named: extracted.named,
        }
    }

    /// Its name, as the user gave it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Everything it claims, in the order of the text.
    pub fn claims(&self) -> &[Claim] {
        &self.claims
    }

    /// Template code and gaps left for the author, in the order of the text.
    pub fn placeholders(&self) -> &[Placeholder] {
        &self.placeholders
    }

    /// The language of most of it; `None` when it is none of those that are read.
    pub const fn language(&self) -> Option<Language> {
        self.language
    }

    /// How many sentences, rows and headings it has.
    pub const fn sentences(&self) -> u64 {
        self.sentences
    }

    /// Why nothing can be held to it; `None` when something can.
    pub fn unreadable(&self) -> Option<Unreadable> {
        let checkable =
            |claim: &Claim| !matches!(claim.says, Says::Contact(_) | Says::LastUpdate(_));
        if !self.is_text {
            Some(Unreadable::NotText)
        } else if self.sentences == 0 {
            Some(Unreadable::Empty)
        } else if self.claims.iter().any(checkable) {
            None
        } else if self.language.is_none() && self.mentioned.len() >= FEWEST_WORDS {
            Some(Unreadable::Language)
        } else {
            Some(Unreadable::NoClaims)
        }
    }

    /// What it says of a practice.
    pub fn stance(&self, practice: Practice) -> Stance {
        let yes = self.says(practice, Polarity::Yes).next().is_some();
        let no = self.says(practice, Polarity::No).next().is_some();
        match (yes, no) {
            (true, true) => Stance::Both,
            (true, false) => Stance::Yes,
            (false, true) => Stance::No,
            (false, false) => Stance::NotFound,
        }
    }

    /// The claims that affirm or deny a practice.
    pub fn says(&self, practice: Practice, polarity: Polarity) -> impl Iterator<Item = &Claim> {
        let wanted = Says::Practice(practice, polarity);
        self.claims.iter().filter(move |claim| claim.says == wanted)
    }

    /// The services it says are used, or are not, each once with the first claim of it.
    pub fn services(&self, polarity: Polarity) -> Vec<(&str, &Claim)> {
        let mut found: Vec<(&str, &Claim)> = Vec::new();
        for claim in &self.claims {
            if let Says::Service {
                id, polarity: said, ..
            } = &claim.says
                && *said == polarity
                && !found.iter().any(|(known, _)| known == id)
            {
                found.push((id, claim));
            }
        }
        found
    }

    /// Whether it names a service, whatever it says of it.
    pub fn names(&self, service: &Service) -> bool {
        self.named.contains(&*service.id)
            || self.claims.iter().any(|claim| {
                matches!(&claim.says, Says::Service { name, .. } if **name == *service.name)
            })
    }

    /// Whether it names who runs a service: the first word of the vendor's name stands in it.
    pub fn names_vendor(&self, service: &Service) -> bool {
        let words = words::words(&service.vendor);
        let first = words
            .first()
            .map(|word| word.text.clone())
            .unwrap_or_default();
        first.len() > 2 && self.mentioned.contains(&first)
    }

    /// The newest date of a last update.
    pub fn last_update(&self) -> Option<Date> {
        let dates = self.claims.iter().filter_map(|claim| match claim.says {
            Says::LastUpdate(date) => Some(date),
            _ => None,
        });
        dates.max()
    }
}
