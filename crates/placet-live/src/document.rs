//! One page as a visitor has it, without an audit of its site: to read the text that stands there.

use std::path::PathBuf;
use std::time::Duration;

use placet_audit::privacy_policy::MediaType;

use crate::browser::{Browser, BrowserError};
use crate::cdp::CdpError;
use crate::pass::{self, Pass, Way};
use crate::stop::Stop;
use crate::visit::{Arrival, Tab};

/// Characters of a document that are read; a long privacy policy has a hundred thousand.
const MOST: usize = 4_000_000;

/// Which page to load, and how.
#[derive(Clone, Debug)]
pub struct Page {
    /// Its address.
    pub url: String,
    /// The browser; the first that is found without it.
    pub browser: Option<PathBuf>,
    /// `Accept-Language`, such as `de-DE,de;q=0.9`.
    pub language: String,
    /// How long it may take.
    pub time: Duration,
    /// How long to go on watching once it has loaded.
    pub watch: Duration,
    /// Ends it before its time.
    pub stop: Stop,
}

/// The text of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Its address after redirects.
    pub url: String,
    /// Its markup as scripts have made it, or its text where it is plain text.
    pub text: String,
    /// Which of both.
    pub media_type: MediaType,
}

/// Why a page could not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DocumentError {
    /// There is no browser to load it.
    #[error(transparent)]
    Browser(#[from] BrowserError),
    /// The browser ended or hung.
    #[error("the browser failed while it loaded {url}: {source}")]
    Cdp {
        /// The address.
        url: String,
        /// How.
        source: CdpError,
    },
    /// Nothing was loaded.
    #[error("{url} could not be loaded: {why}")]
    NotLoaded {
        /// The address.
        url: String,
        /// What the browser says.
        why: String,
    },
    /// The server answered that there is no such page.
    #[error("{url} was answered with status {status}, expected a page")]
    Status {
        /// The address after redirects.
        url: String,
        /// 404.
        status: u16,
    },
    /// It is no text.
    #[error(
        "found `{found}` at {url}, expected a page or plain text; a file can be read by its path"
    )]
    NoText {
        /// The address after redirects.
        url: String,
        /// What it is: `application/pdf`.
        found: String,
    },
}

/// Loads one page in a browser of its own, on an empty profile, and reads it.
///
/// # Errors
///
/// When there is no browser, the page cannot be loaded, or it is no text.
pub fn read(page: &Page) -> Result<Document, DocumentError> {
    let browser = Browser::open(page.browser.as_deref(), &page.stop)?;
    let way = Way::new(page.time, page.watch, &page.language);
    let failed = |source| DocumentError::Cdp {
        url: page.url.clone(),
        source,
    };
    let mut tab = Tab::open(&browser, pass::conditions(Pass::Fresh, &way)).map_err(failed)?;
    let (url, status) = match tab.go(&page.url, &way.waits).map_err(failed)? {
        Arrival::There { url, status, .. } => (url, status),
        Arrival::Blocked(why) => {
            return Err(DocumentError::NotLoaded {
                url: page.url.clone(),
                why,
            });
        }
    };
    if status >= 400 {
        return Err(DocumentError::Status { url, status });
    }
    let mut text_of = |what: &str| {
        let found = tab.evaluate_top(&format!("String({what}).slice(0, {MOST})"));
        found.map(|value| value.as_str().unwrap_or_default().to_owned())
    };
    let kind = text_of("document.contentType").map_err(failed)?;
    match MediaType::of_content_type(&kind) {
        Some(MediaType::Html) => Ok(Document {
            text: text_of("document.documentElement.outerHTML").map_err(failed)?,
            media_type: MediaType::Html,
            url,
        }),
        Some(MediaType::Markdown) => Ok(Document {
            text: text_of("document.body.textContent").map_err(failed)?,
            media_type: MediaType::Markdown,
            url,
        }),
        None => Err(DocumentError::NoText { url, found: kind }),
    }
}
