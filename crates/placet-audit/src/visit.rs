//! What visits to a site showed, pass by pass: the side of a live audit that reports lay side by side.
//!
//! A pass is one visitor with an empty browser who does one thing: touches nothing, refuses,
//! accepts. Whoever drives the browser fills this in; judging cookies is the survey's work.

use std::collections::{BTreeMap, BTreeSet};

use placet::Reason;

use crate::address::{Pages, script_without_values, without_values};

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
    /// What had been chosen, in the order in which it was; the last is how the visit ended.
    pub stages: Vec<Stage>,
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
    /// The consent banner of the first page, before anything was pressed.
    pub banner: Option<Banner>,
    /// What findings about the banner that were made at this pass are about, cut out, by the rule: WebP, PNG or JPEG.
    pub cut_outs: BTreeMap<String, Vec<u8>>,
    /// What was pressed, in order.
    pub presses: Vec<Press>,
    /// The first page as the visitor left it: WebP, PNG or JPEG.
    pub picture: Option<Vec<u8>>,
}

impl Visit {
    /// How the visit ended.
    pub fn last_stage(&self) -> Stage {
        self.stages.last().copied().unwrap_or(Stage::Undecided)
    }
}

/// Leaves out of all addresses what they say beyond a place: see [`without_values`]. Pages of any pass
/// that differ by that alone are told apart by `~2`, `~3` at their ends. Reports are made of visits
/// that have gone through this, all passes of an audit together.
pub fn leave_values_out<'v>(visits: impl IntoIterator<Item = &'v mut Visit>) {
    let mut pages = Pages::default();
    for visit in visits {
        for page in &mut visit.pages {
            page.url = pages.shown(&page.url);
        }
        for written in visit.cookies.values_mut().chain(visit.storage.values_mut()) {
            for script in written.script.iter_mut().chain(&mut written.stack) {
                *script = script_without_values(script);
            }
        }
        for contact in visit.contacts.values_mut() {
            contact.initiator = without_values(&contact.initiator);
        }
        let mut reads: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
        for ((script, kind), functions) in std::mem::take(&mut visit.reads) {
            let key = (without_values(&script), kind);
            reads.entry(key).or_default().extend(functions);
        }
        visit.reads = reads;
    }
}

/// One page of a [`Visit`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VisitedPage {
    /// Its address, after redirects; see [`leave_values_out`].
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
    /// Whether a response wrote it.
    pub response: bool,
    /// What had been chosen when it was written or, where nobody saw it written, first there.
    pub stages: BTreeSet<Stage>,
    /// What had been chosen when it was last looked for and there.
    pub kept: BTreeSet<Stage>,
    /// The service it belongs to, where one is known.
    pub service: Option<String>,
    /// What that service is for, where it is known.
    pub category: Option<String>,
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

/// A consent banner as a visitor was shown it. Lengths are in CSS pixels of the window, colours in
/// sRGB bytes, shares and certainties from 0 to 1.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Banner {
    /// What can be read in it.
    pub text: String,
    /// The language its text is in, where that could be told: `de`.
    pub language: Option<String>,
    /// The language that the page declares; empty where it declares none.
    pub page_language: String,
    /// How sure it is that this is a consent banner.
    pub sure: f64,
    /// Where in the window it is.
    pub at: Rectangle,
    /// Width and height of the window.
    pub window: (f64, f64),
    /// The share of the window that it covers.
    pub covers: f64,
    /// The share of the window that it, or what lies under it, keeps the visitor from using.
    pub blocks: f64,
    /// The colour of its background.
    pub background: [u8; 3],
    /// What can be pressed in it, layer by layer.
    pub controls: Vec<BannerControl>,
    /// What can be switched in it.
    pub toggles: Vec<BannerToggle>,
    /// The banner cut out: WebP, PNG or JPEG.
    pub picture: Option<Vec<u8>>,
}

/// A rectangle in CSS pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rectangle {
    /// From the left.
    pub x: f64,
    /// From the top.
    pub y: f64,
    /// How wide.
    pub width: f64,
    /// How high.
    pub height: f64,
}

/// Something to press in a [`Banner`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BannerControl {
    /// Its accessible name.
    pub name: String,
    /// What it does: `accept`, `refuse`, `settings`, `close`.
    pub kind: String,
    /// How sure that is.
    pub sure: f64,
    /// Its ARIA role: `button`, `link`.
    pub role: String,
    /// The layer of the banner it is on: 1 is what shows first.
    pub layer: u32,
    /// Where in the window it is.
    pub at: Rectangle,
    /// The size of its largest letters.
    pub font_size: f64,
    /// The weight of its heaviest letters, from 1 to 1000.
    pub font_weight: f64,
    /// The contrast of its letters by WCAG 2.2, from 1 to 21; `None` where a picture lies behind.
    pub contrast: Option<f64>,
    /// The colour of its letters.
    pub colour: [u8; 3],
    /// The colour behind its letters.
    pub background: [u8; 3],
    /// The colour around it.
    pub around: [u8; 3],
    /// Whether it has a border that can be seen.
    pub border: bool,
}

/// Something to switch in a [`Banner`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BannerToggle {
    /// What can be read beside it.
    pub name: String,
    /// What it is about: `necessary`, `consent`, `legitimate interest`.
    pub about: String,
    /// Whether it is on before anybody touched it.
    pub on: bool,
    /// Whether it cannot be switched.
    pub disabled: bool,
    /// The layer of the banner it is on: 1 is what shows first.
    pub layer: u32,
}

/// One press of a control.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Press {
    /// Its accessible name.
    pub name: String,
    /// What it was pressed for: `refuse`.
    pub kind: String,
    /// How sure that was, from 0 to 1, if it was one press on what a visitor sees: a script or a package may have pressed
    /// several times.
    pub sure: Option<f64>,
    /// What was pressed and its surroundings: WebP, PNG or JPEG.
    pub picture: Option<Vec<u8>>,
}
