//! What a visitor wants of a banner, and the record of what was pressed for it and what came of that.

use std::fmt;
use std::time::Duration;

use super::anatomy::{Anatomy, Control};
use super::facts::Rect;
use super::name::Kind;
use super::page::{Kept, PageError};

/// What a visitor wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Aim {
    /// To grant everything.
    Accept,
    /// To refuse everything that is not necessary.
    Refuse,
    /// To take back what was granted.
    Withdraw,
}

impl Aim {
    /// In a word: `refuse`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Refuse => "refuse",
            Self::Withdraw => "withdraw",
        }
    }
}

/// How long to wait for what.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// For a banner to appear.
    pub appear: Duration,
    /// For the page to react to a press.
    pub react: Duration,
    /// Between two looks.
    pub between: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            appear: Duration::from_secs(5),
            react: Duration::from_secs(3),
            between: Duration::from_millis(250),
        }
    }
}

/// One press, in the order of a [path](Attempt::presses).
#[derive(Clone, Debug)]
pub struct Press {
    /// The accessible name of what was pressed.
    pub name: String,
    /// What it was pressed for.
    pub kind: Kind,
    /// Whether it is a toggle that was switched.
    pub toggle: bool,
    /// How sure that was, from 0 to 1.
    pub sure: f64,
    /// What spoke for it.
    pub reasons: Vec<String>,
    /// Where it was.
    pub rect: Rect,
    /// A picture of the banner as it was before the press.
    pub clip: Option<Vec<u8>>,
}

impl Press {
    /// What `by` did instead of the mouse, be it one press or several.
    pub(crate) fn by_other(name: String, aim: Aim, by: &str) -> Self {
        Self {
            name,
            kind: match aim {
                Aim::Accept => Kind::Accept,
                Aim::Refuse | Aim::Withdraw => Kind::Refuse,
            },
            toggle: false,
            sure: 1.0,
            reasons: vec![format!("{by} did it")],
            rect: Rect::default(),
            clip: None,
        }
    }
}

/// How it ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// Done and verified.
    Done,
    /// Not done, or not for sure.
    Unverified(Unverified),
}

/// Why it is not known whether a visitor gets what they want.
#[derive(Clone, Debug, PartialEq)]
pub enum Unverified {
    /// Nothing that is a banner appeared.
    NoBanner,
    /// Something appeared that may be a banner, too unsure to press anything.
    Unsure {
        /// How sure it is that it is one, from 0 to 1.
        sure: f64,
        /// What speaks for and against it.
        reasons: Vec<String>,
    },
    /// The banner has no control for it, nor for a way to one.
    NoControl(Aim),
    /// The banner says something and asks for nothing: "OK" alone grants nothing that could be taken back.
    OnlyInforms,
    /// The banner has nothing that closes it without saying more.
    NothingToClose,
    /// Nothing leads back to the choice.
    NoWayBack,
    /// Something lies over the control, or it is gone.
    OutOfReach(String),
    /// A toggle stays on when it is pressed.
    StaysOn(String),
    /// The press led to another page.
    LedAway(String),
    /// The banner is still there after the last press.
    StillThere,
    /// The banner went away, and nothing that was kept changed.
    NothingChanged,
    /// The browser did not do as asked.
    Page(PageError),
}

impl fmt::Display for Unverified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoBanner => f.write_str("no banner appeared"),
            Self::Unsure { sure, reasons } => {
                write!(
                    f,
                    "what may be a banner is too unsure to press ({sure:.2}): {}",
                    reasons.join("; ")
                )
            }
            Self::NoControl(aim) => write!(
                f,
                "the banner has no control to {}, nor one that leads there",
                aim.name()
            ),
            Self::OnlyInforms => f.write_str(
                "the banner only informs and offers no choice, so there is nothing to accept",
            ),
            Self::NothingToClose => f.write_str("the banner has nothing that only closes it"),
            Self::NoWayBack => f.write_str("nothing on the page leads back to the choice"),
            Self::OutOfReach(name) => write!(f, "“{name}” could not be reached with the mouse"),
            Self::StaysOn(name) => write!(f, "“{name}” stays on when it is pressed"),
            Self::LedAway(address) => write!(f, "the press led away, to {address}"),
            Self::StillThere => f.write_str("the banner is still there after the last press"),
            Self::NothingChanged => {
                f.write_str("the banner went away, and nothing that the page keeps changed")
            }
            Self::Page(error) => write!(f, "the browser did not do as asked: {error}"),
        }
    }
}

/// What was done for an aim, and what came of it.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// What was wanted.
    pub aim: Aim,
    /// How it ended.
    pub outcome: Outcome,
    /// What was pressed, in order: the path. Its length is the number of clicks where layers were seen.
    pub presses: Vec<Press>,
    /// The layers of the banner that were seen, the first one first, each as it was when it appeared. A script of the
    /// site and the package autoconsent see none, and may press more than they tell.
    pub layers: Vec<Anatomy>,
    /// A picture of what can be pressed on the first layer, cut out of it.
    pub controls: Option<Vec<u8>>,
    /// What leads back to the choice, as seen where the attempt began.
    pub way_back: Option<Control>,
    /// Whether the banner went away after the last press.
    pub gone: bool,
    /// The names of what is kept otherwise than before the first press: `cookie example.com consent`.
    pub changed: Vec<String>,
    /// What was kept at the end.
    pub after: Kept,
}

/// What became of a banner that was scrolled past or closed, and of what the page keeps.
#[derive(Clone, Debug)]
pub struct Probe {
    /// Whether the banner went away.
    pub gone: bool,
    /// The names of what is kept otherwise than before.
    pub changed: Vec<String>,
    /// What was kept at the end.
    pub after: Kept,
    /// What was pressed, if anything was.
    pub press: Option<Press>,
}

impl Attempt {
    /// Whether each press was weighed before it was made: a script of the site and the package autoconsent weigh none, and
    /// see no layers.
    pub(crate) fn is_weighed(&self) -> bool {
        !self.layers.is_empty()
    }

    pub(crate) const fn new(aim: Aim) -> Self {
        Self {
            aim,
            outcome: Outcome::Done,
            presses: Vec::new(),
            layers: Vec::new(),
            controls: None,
            way_back: None,
            gone: false,
            changed: Vec::new(),
            after: Kept::new(),
        }
    }

    /// Whether it is done and verified.
    pub fn is_done(&self) -> bool {
        self.outcome == Outcome::Done
    }
}

impl From<PageError> for Unverified {
    fn from(error: PageError) -> Self {
        Self::Page(error)
    }
}
