//! The passes: the same pages, each time by a visitor with an empty browser who does one thing.

mod alias;
mod anatomy;
mod make;
mod pages;
mod press;
mod record;
mod rights;
mod steps;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use placet::{Choice, ChoiceId, How, Region, Signals};
use placet_audit::{Assumptions, Recording, Stage, Survey, Visit};
use placet_catalog::Catalog;
use serde_json::Value;

use crate::assets::Assets;
use crate::banner::{self, Aim, Attempt, Outcome, Probe, Sight, Unverified};
use crate::visit::Waits;

pub(crate) use alias::Aliases;
pub(crate) use make::{conditions, make};
pub(crate) use pages::{Pages, choose_pages, links};

/// What one visitor does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Pass {
    /// Touches nothing.
    Fresh,
    /// Refuses everything, then goes on.
    Refused,
    /// Accepts everything, then goes on.
    Accepted,
    /// Accepts everything, goes on, takes it back and goes on.
    Withdrawn,
    /// Sends Global Privacy Control and touches nothing.
    Gpc,
    /// Sends Do Not Track and touches nothing.
    Dnt,
    /// Runs no scripts.
    NoScript,
}

impl Pass {
    /// All passes, in the order of the reports.
    pub const ALL: [Self; 7] = [
        Self::Fresh,
        Self::Refused,
        Self::Accepted,
        Self::Withdrawn,
        Self::Gpc,
        Self::Dnt,
        Self::NoScript,
    ];

    /// `fresh`, `refused`, `accepted`, `withdrawn`, `gpc`, `dnt`, `no-script`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Fresh => "fresh",
            Self::Refused => "refused",
            Self::Accepted => "accepted",
            Self::Withdrawn => "withdrawn",
            Self::Gpc => "gpc",
            Self::Dnt => "dnt",
            Self::NoScript => "no-script",
        }
    }

    /// The pass of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|pass| pass.name() == name)
    }

    /// What the visitor did, in a sentence.
    pub const fn did(self) -> &'static str {
        match self {
            Self::Fresh => "Touched nothing.",
            Self::Refused => "Refused everything, then went on.",
            Self::Accepted => "Accepted everything, then went on.",
            Self::Withdrawn => "Accepted everything, took it back, then went on.",
            Self::Gpc => "Sent Global Privacy Control and touched nothing.",
            Self::Dnt => "Sent Do Not Track and touched nothing.",
            Self::NoScript => "Ran no scripts.",
        }
    }
}

/// The assumptions of the three stages: what had been chosen when something was seen.
#[derive(Debug)]
pub struct Stages<'p> {
    stages: [Assumptions<'p>; 3],
}

impl<'p> Stages<'p> {
    /// From what holds in all of them. A choice in it counts for the undecided stage alone.
    pub fn new(base: Assumptions<'p>) -> Self {
        let policy = base.policy;
        let chosen = |granted: bool| {
            let undecided = Choice::new(
                ChoiceId::from_bytes([0; 16]),
                base.now,
                policy.revision(),
                How::Banner,
                Signals::default(),
            );
            let all = policy.optional_categories();
            all.fold(undecided, |choice, category| {
                if granted {
                    choice.grant(category.id())
                } else {
                    choice.refuse(category.id())
                }
            })
        };
        let with = |granted| Assumptions {
            choice: Some(chosen(granted)),
            ..base.clone()
        };
        Self {
            stages: [base.clone(), with(true), with(false)],
        }
    }

    pub(crate) const fn of(&self, stage: Stage) -> &Assumptions<'p> {
        let [undecided, granted, refused] = &self.stages;
        match stage {
            Stage::Undecided => undecided,
            Stage::Granted => granted,
            Stage::Refused => refused,
        }
    }

    /// What holds in all of them.
    pub const fn base(&self) -> &Assumptions<'p> {
        self.of(Stage::Undecided)
    }
}

/// What is remarked of a page on which something was to be pressed, and nothing was there.
pub(crate) const NO_BANNER: &str = "no banner appeared";

/// How the passes are made.
#[derive(Clone, Debug)]
pub(crate) struct Way {
    pub(crate) waits: Waits,
    pub(crate) language: String,
    pub(crate) window: (u32, u32),
    /// Without any request before the next page of one pass, at the least.
    pub(crate) pause: Duration,
    pub(crate) aliases: Arc<Aliases>,
    pub(crate) assets: Arc<Assets>,
}

impl Way {
    /// Without a pause and without packages, with so long for a page and so long to watch it.
    pub(crate) fn new(page: Duration, watch: Duration, language: &str) -> Self {
        Self {
            waits: Waits {
                page,
                floor: watch,
                quiet: Duration::from_millis(500),
            },
            language: language.to_owned(),
            window: (1280, 900),
            pause: Duration::ZERO,
            aliases: Arc::default(),
            assets: Arc::default(),
        }
    }
}

/// What one pass showed.
#[derive(Debug)]
pub(crate) struct Passed<'p> {
    pub(crate) pass: Pass,
    /// The number of its recording.
    pub(crate) number: u16,
    /// Where the visitor is taken to be.
    pub(crate) region: Option<Region>,
    pub(crate) recording: Recording,
    pub(crate) survey: Survey<'p>,
    pub(crate) visit: Visit,
    /// What the first page showed of banners before anything was pressed.
    pub(crate) sight: Option<Sight>,
    /// What was pressed for what, and what came of it.
    pub(crate) attempts: Vec<Attempt>,
    /// What the second page showed of banners after the choice.
    pub(crate) after: Option<Sight>,
    /// What the banner does that nobody presses, as tried by a visitor beside this one.
    pub(crate) probes: Probes,
    /// The text of the first page as the visitor left it.
    pub(crate) text: String,
}

impl Passed<'_> {
    /// Whether something that is a banner for sure was on its first page.
    pub(crate) fn has_banner(&self) -> bool {
        let seen = self
            .sight
            .as_ref()
            .is_some_and(|sight| sight.banner().is_some());
        seen || self
            .attempts
            .iter()
            .any(|attempt| !attempt.layers.is_empty())
    }

    /// Whether a banner was to be pressed, and none was there.
    pub(crate) fn missed_banner(&self) -> bool {
        let none = Outcome::Unverified(Unverified::NoBanner);
        self.attempts.iter().any(|attempt| attempt.outcome == none)
    }

    /// What choices of that kind left in cookies that are no tracker's.
    pub(crate) fn left_by(&self, aim: Aim, catalog: &Catalog) -> Vec<Left> {
        let choices = self.attempts.iter().filter(|a| a.aim == aim && a.is_done());
        let left = choices.flat_map(|attempt| {
            attempt.changed.iter().filter_map(|key| {
                let mark = *attempt.after.get(key)?;
                let (domain, name) = key.strip_prefix("cookie ")?.split_once(' ')?;
                let cookie = (domain.to_owned(), name.to_owned());
                Some(Left { cookie, mark })
            })
        });
        let is_tracker = |(domain, name): &(String, String)| {
            let answer = catalog.lookup(name.as_bytes(), Some(domain));
            answer.is_some_and(|answer| answer.is_tracker())
        };
        left.filter(|left| !is_tracker(&left.cookie)).collect()
    }

    /// Whether every page of it was there.
    pub(crate) fn is_seen(&self) -> bool {
        self.visit.pages.iter().all(|page| page.blocked.is_none())
    }
}

/// A cookie that a choice left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Left {
    /// Its domain and name.
    pub(crate) cookie: (String, String),
    /// Of its value: the same for the same value.
    pub(crate) mark: u64,
}

impl Left {
    /// The cookies that remember choices, of those that refusals and acceptances left: those named after a choice, and of
    /// what refusals left those with one value for all visitors who refused, two at the least. What differs from visitor
    /// to visitor tells them apart, and that is no choice. An acceptance leaves much else, so that of what it leaves only
    /// the name counts, and only where nobody could refuse.
    pub(crate) fn memories(refused: &[Self], accepted: &[Self]) -> Vec<(String, String)> {
        let is_shared = |left: &Self| {
            let mut same = refused.iter().filter(|other| other.cookie == left.cookie);
            same.clone().count() > 1 && same.all(|other| other.mark == left.mark)
        };
        let is_named = |left: &Self| banner::speaks_of_choice(&left.cookie.1);
        let left = if refused.is_empty() {
            accepted
        } else {
            refused
        };
        // What acceptances left alone is shared by nobody who refused.
        let memories = left.iter().filter(|left| is_named(left) || is_shared(left));
        let memories: BTreeSet<_> = memories.map(|left| left.cookie.clone()).collect();
        memories.into_iter().collect()
    }
}

/// What is tried on a banner beside its choices.
#[derive(Debug, Default)]
pub(crate) struct Probes {
    /// What came of scrolling.
    pub(crate) scrolled: Option<Probe>,
    /// What came of closing it.
    pub(crate) closed: Option<Probe>,
    /// What came of doing nothing for longer than that.
    pub(crate) rested: Option<Probe>,
    /// What axe finds in it.
    pub(crate) axe: Option<Value>,
}
