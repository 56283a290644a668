//! What one visit shows, in the browser's own words and before anything is said of it.

use std::time::Duration;

/// One thing that a visit showed.
#[derive(Clone, Debug)]
pub(crate) enum Seen {
    /// A request and its response.
    Exchange(Box<Hop>),
    /// What a script did.
    Script(ScriptCall),
    /// The page opened a window, which was closed before it loaded anything.
    Popup(String),
    /// The page offered a file, which was not taken.
    Download(String),
    /// The page asked something in a dialog, which was dismissed.
    Dialog,
    /// A worker was started.
    Worker {
        /// `service_worker`, `shared_worker`, `worker`.
        kind: String,
        /// Its script.
        url: String,
    },
}

/// One request with its response; a redirect is one of its own.
#[derive(Clone, Debug, Default)]
pub(crate) struct Hop {
    /// Absolute.
    pub(crate) url: String,
    /// `GET`.
    pub(crate) method: String,
    /// The browser's word for what it was for: `Document`, `Script`, `Image`, `Ping`, `WebSocket`.
    pub(crate) kind: String,
    /// What made the browser ask.
    pub(crate) initiator: Initiator,
    /// Seconds since 1970.
    pub(crate) time: f64,
    /// The request's header fields as sent, names in lower case; several lines stay several.
    pub(crate) request: Vec<(String, String)>,
    /// The response's header fields as received, names in lower case.
    pub(crate) response: Vec<(String, String)>,
    /// 200; 0 where no response came.
    pub(crate) status: u16,
    /// The media type.
    pub(crate) mime: String,
    /// Bytes received.
    pub(crate) size: u64,
    /// `Set-Cookie` lines that the browser did not store, each with its reasons.
    pub(crate) blocked: Vec<(String, Vec<String>)>,
    /// Why it failed; empty where it did not.
    pub(crate) failure: String,
    /// The address that answered, without port; empty when unknown.
    pub(crate) remote: String,
}

impl Hop {
    /// Every line of a request header field.
    pub(crate) fn sent<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        lines(&self.request, name)
    }

    /// Every line of a response header field.
    pub(crate) fn received<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        lines(&self.response, name)
    }
}

fn lines<'a>(fields: &'a [(String, String)], name: &'a str) -> impl Iterator<Item = &'a str> {
    let of_that_name = fields.iter().filter(move |(n, _)| n == name);
    of_that_name.map(|(_, value)| value.as_str())
}

/// What made the browser send a request.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Initiator {
    /// `parser`, `script`, `preload`, `other`.
    pub(crate) kind: String,
    /// The document or script.
    pub(crate) url: String,
    /// The line in it, from 1; 0 when unknown.
    pub(crate) line: u64,
}

/// What a script did that an audit wants to know.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ScriptCall {
    /// `cookie`, `cookieStore`, `localStorage`, `sessionStorage`, `indexedDB`, `caches`, `canvas`,
    /// `audio`, `fonts`, `webgl`.
    pub(crate) api: String,
    /// The cookie line without its value, the key, the database, or the function.
    pub(crate) what: String,
    /// The document in which it ran.
    pub(crate) document: String,
    /// The scripts on the stack, the innermost first, each as `URL:LINE:COLUMN`; at most five.
    pub(crate) stack: Vec<String>,
}

/// Something that a document keeps, by the browser's answer at the end of a visit.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Kept {
    /// `https://shop.example`.
    pub(crate) origin: String,
    /// `local storage`, `session storage`, `database`, `cache`.
    pub(crate) kind: String,
    /// The key, or the name of the database or cache.
    pub(crate) key: String,
}

/// How arriving at a page ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Arrival {
    /// The page is there.
    There {
        /// Its address after redirects.
        url: String,
        /// 200.
        status: u16,
        /// Its title.
        title: String,
        /// How long until it was quiet.
        took: Duration,
        /// Whether it still asked for things when the time was over.
        restless: bool,
        /// Whether it loaded, and answers what it is asked.
        loaded: bool,
    },
    /// It is not, for this reason.
    Blocked(String),
}
