//! What visits to a site showed, pass by pass: the side of a live audit that reports lay side by side.
//!
//! A pass is one visitor with an empty browser who does one thing: touches nothing, refuses,
//! accepts. Whoever drives the browser fills this in; judging cookies is the survey's work.

use std::collections::{BTreeMap, BTreeSet};

use placet::Reason;

/// What had been chosen when something was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// Nothing yet.
    Undecided,
    /// Everything was granted.
    Granted,
    /// Everything was refused, or taken back.
    Refused,
}

impl Stage {
    /// All stages.
    pub const ALL: [Self; 3] = [Self::Undecided, Self::Granted, Self::Refused];

    /// `undecided`, `granted`, `refused`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Undecided => "undecided",
            Self::Granted => "granted",
            Self::Refused => "refused",
        }
    }
}

/// One pass over a site.
#[derive(Clone, Debug, Default)]
pub struct Visit {
    /// Its name, which its [`Recording`](crate::Recording) bears too: `refused`.
    pub name: String,
    /// What the visitor did, in a sentence: `Refused everything, then went on.`
    pub did: String,
    /// The pages, in the order of the visit.
    pub pages: Vec<VisitedPage>,
    /// Cookies that were set, by host and name.
    pub cookies: BTreeMap<(String, String), Written>,
    /// Web storage, databases, caches and workers, by origin, kind and key.
    pub storage: BTreeMap<(String, String, String), Written>,
    /// Hosts that were asked for something.
    pub contacts: BTreeMap<String, Contact>,
    /// Reads that fingerprints are made of, by script and kind.
    pub reads: BTreeMap<(String, String), BTreeSet<String>>,
    /// What was pressed, in order.
    pub presses: Vec<Press>,
    /// A PNG of the first page as the visitor left it.
    pub picture: Option<Vec<u8>>,
}

/// One page of a [`Visit`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VisitedPage {
    /// Its address, after redirects.
    pub url: String,
    /// 200; 0 where nothing came.
    pub status: u16,
    /// Its title.
    pub title: String,
    /// What was odd about it, one clause each: `asked for things without end`.
    pub remarks: Vec<String>,
    /// Why it could not be seen.
    pub blocked: Option<String>,
}

/// How something came to be kept in the browser.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// The address of the script that wrote it first; `None` where a response did, or nobody saw it.
    pub script: Option<String>,
    /// The scripts that had called that one, the innermost first.
    pub stack: Vec<String>,
    /// What had been chosen when it was written.
    pub stages: BTreeSet<Stage>,
    /// The service it belongs to, where one is known. Cookies are judged by the survey instead.
    pub service: Option<String>,
    /// At which stages it should not have been written or kept, and why not.
    pub refused: BTreeMap<Stage, Reason>,
    /// Why the browser did not store it, in its words.
    pub blocked: BTreeSet<String>,
    /// The number of the page it was first written on, from 1.
    pub page: u64,
}

/// One host that a pass called.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contact {
    /// Whether it is not the site's own.
    pub third_party: bool,
    /// The service it belongs to, where one is known.
    pub service: Option<String>,
    /// What that service is for, where it is known.
    pub category: Option<String>,
    /// What was asked for, in the browser's words: `Script`, `Image`, `Ping`.
    pub kinds: BTreeSet<String>,
    /// What had been chosen when it was called, and how often.
    pub requests: BTreeMap<Stage, u64>,
    /// At which stages it should not have been called, and why not.
    pub refused: BTreeMap<Stage, Reason>,
    /// The script or document that called it first.
    pub initiator: String,
    /// The host it is another name for, where that belongs to somebody else.
    pub alias_of: Option<String>,
    /// The number of the page that called it first, from 1.
    pub page: u64,
}

/// One press of a control.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Press {
    /// Its accessible name.
    pub name: String,
    /// What it was pressed for: `refuse`.
    pub kind: String,
    /// How sure that was, from 0 to 1.
    pub sure: f64,
    /// A PNG of what was pressed and its surroundings.
    pub picture: Option<Vec<u8>>,
}
