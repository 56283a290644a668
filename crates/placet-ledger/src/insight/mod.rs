//! What visitors chose, counted: by time, category, language, region, regime, revision and way, so that nobody
//! is told from it.
//!
//! A [`Summary`] is made of what the ledger [counts](crate::store::Tally) when receipts are added, and is written as
//! text, as JSON or as a page ([`write()`]).
//!
//! # What is counted
//! One receipt is one **choice**: a visitor who chooses again makes another, and visitors who never chose
//! made none, so a share is one of choices, neither of visitors nor of visits. Receipts that were erased stay counted:
//! the count is about no one.
//!
//! | number | of what |
//! | --- | --- |
//! | choices | all receipts of the days asked for |
//! | share of a group (a language, region, revision, way, site; Global Privacy Control, Do Not Track) | of all choices |
//! | asked | choices made where the policy had the category |
//! | granted | choices by which the category was granted: given or renewed |
//! | share granted | granted of asked, within the same day or group |
//! | given, renewed, refused, withdrawn, expired, invalidated, unknown | what the choice did to the category ([`State`]); together they are asked |
//! | under a regime | the same for choices made where the law expects that for the category |
//!
//! A day is one in UTC, by the moment at which the server heard the choice. A week begins on Monday. The first period
//! and the last are cut at the days asked for.
//!
//! # What is withheld
//! Every number of choices from 1 to below the smallest group, which is [`SMALLEST_GROUP`] unless the caller says
//! otherwise, is withheld, and with it any other from which it could be worked out: in each list whose sum is
//! shown, at least two numbers are withheld or none, together they are no small group, and they can add up to
//! the rest in more than one way. Languages, regions, revisions, ways and sites with few choices are
//! put together as others. None is no group and is shown. But within a period, a group or a regime, how many granted a
//! category is shown only where neither those who granted it nor those who did not are so few, or none: else small
//! groups would be shown just where all of them agree.
//!
//! Statistics are for the operator's own use: they need no more than numbers of many (data minimisation, Article
//! 5(1)(c) of Regulation (EU) 2016/679), and only what relates to nobody who can be identified is outside the
//! Regulation (recital 26). The threshold guards one summary; who makes two, of days that differ by one, can
//! subtract them. Give away one summary, and no ledger.

mod count;
mod html;
mod json;
mod per;
mod text;
mod withhold;
mod words;

#[cfg(test)]
mod tests;

use std::io;
use std::ops::RangeInclusive;

use placet::{Regime, Timestamp};

pub use per::Per;

use crate::day::Day;
use crate::receipt::State;
use crate::store::Tally;

/// A group of choices has at least so many, unless the caller says otherwise. Statistical offices ask for 3 to 10;
/// this is the careful end.
pub const SMALLEST_GROUP: u64 = 10;

/// What visitors chose. Wherever a number is `None`, it is withheld.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    /// The days asked for, cut to those from the first choice to the last; `None` where there is none.
    pub days: Option<RangeInclusive<Day>>,
    /// Numbers below this are withheld.
    pub smallest_group: u64,
    /// Choices.
    pub choices: Option<u64>,
    /// The optional categories: the standard ones first, then the site's own by name.
    pub categories: Vec<OfCategory>,
    /// How long a period is.
    pub per: Per,
    /// The periods with a choice, in order; none where all would have to be withheld.
    pub periods: Vec<Period>,
    /// By the language of the texts, as a BCP 47 tag.
    pub languages: Breakdown,
    /// By region, as an ISO 3166 code.
    pub regions: Breakdown,
    /// By the policy's revision.
    pub revisions: Breakdown,
    /// By how the choice was made.
    pub ways: Breakdown,
    /// By origin.
    pub sites: Breakdown,
    /// With the signal Global Privacy Control, and without it.
    pub gpc: [Option<u64>; 2],
    /// With `DNT: 1`, with `DNT: 0`, and without either.
    pub dnt: [Option<u64>; 3],
}

/// One category.
#[derive(Clone, Debug, PartialEq)]
pub struct OfCategory {
    /// Its name.
    pub name: String,
    /// How many granted it.
    pub rate: Option<Rate>,
    /// What choices did to it, in the order of [`State::ALL`].
    pub states: [Option<u64>; State::ALL.len()],
    /// The regimes it was under, the strictest first, and how many granted it there.
    pub regimes: Vec<(Regime, Option<Rate>)>,
}

/// How many granted a category of those who were asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rate {
    /// Choices made where the policy had the category.
    pub asked: u64,
    /// Those by which it was granted.
    pub granted: u64,
}

/// The choices of a day, a week, a month or a year.
#[derive(Clone, Debug, PartialEq)]
pub struct Period {
    /// Its first day.
    pub begin: Day,
    /// Choices.
    pub choices: Option<u64>,
    /// How many granted each of the categories.
    pub rates: Vec<Option<Rate>>,
}

/// Choices by what they have in common.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Breakdown {
    /// The groups, the largest first; revisions by number.
    pub groups: Vec<Group>,
    /// Those that are too small, together.
    pub others: Option<Group>,
}

/// Choices that have something in common.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// What; `None` where it is not known, and for others.
    pub name: Option<String>,
    /// How many.
    pub choices: u64,
    /// How many granted each of the categories.
    pub rates: Vec<Option<Rate>>,
}

impl Summary {
    /// The summary of the tallies of these days; others are left out. The length of a period is that of the days
    /// unless it is given ([`Per::of`]). Numbers of choices from 1 to below `smallest_group` are withheld.
    ///
    /// ```
    /// use placet_ledger::Day;
    /// use placet_ledger::insight::{SMALLEST_GROUP, Summary};
    ///
    /// let summary = Summary::of(&[], Day::ALL, None, SMALLEST_GROUP);
    /// assert_eq!(summary.choices, Some(0));
    /// ```
    pub fn of(
        tallies: &[Tally],
        days: RangeInclusive<Day>,
        per: Option<Per>,
        smallest_group: u64,
    ) -> Self {
        count::Counts::of(tallies, &days).summary(per, smallest_group)
    }

    /// The share of a number of choices, from 0 to 1; `None` where it is withheld or there are none.
    pub fn share(&self, choices: Option<u64>) -> Option<f64> {
        share(choices?, self.choices?)
    }
}

impl Rate {
    /// The share granted, from 0 to 1; `None` where nobody was asked.
    pub fn share(self) -> Option<f64> {
        share(self.granted, self.asked)
    }
}

#[expect(clippy::cast_precision_loss, reason = "a share is not exact")]
fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// How a summary is written.
///
/// JSON is one object. A number that is withheld, and a share of it, is `null`; fields are added, never changed or
/// removed, as long as `version` is 1.
///
/// | field | what it is |
/// | --- | --- |
/// | `version` | 1 |
/// | `made` | when it was written, RFC 3339 |
/// | `from`, `to` | the first day and the last, `null` where there is no choice |
/// | `smallest_group` | numbers from 1 to below it are withheld |
/// | `choices` | how many |
/// | `gpc` | `on`, `absent`: each `choices`, `share` |
/// | `dnt` | `1`, `0`, `absent`: the same |
/// | `categories` | a list: `name`, `asked`, `granted`, `share`, `states` (an object of numbers by state), `regimes` (a list: `regime`, `asked`, `granted`, `share`) |
/// | `per` | `day`, `week`, `month` or `year` |
/// | `periods` | a list of those with choices: `begin` (its first day), `choices`, `rates` |
/// | `languages`, `regions`, `revisions`, `ways`, `sites` | `groups`, a list, and `others`, one or `null`: `name` (`null` where not known, and for others), `choices`, `share`, `rates` |
/// | `rates` | a list in the order of `categories`: `asked`, `granted`, `share` |
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// Tables for a terminal.
    Text,
    /// JSON, for a program.
    Json,
    /// One page that asks for nothing else.
    Html,
}

impl Format {
    /// All formats.
    pub const ALL: [Self; 3] = [Self::Text, Self::Json, Self::Html];

    /// `text`, `json`, `html`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Json => "json",
            Self::Html => "html",
        }
    }

    /// The format of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }
}

/// Writes a summary, as made at this moment.
///
/// # Errors
///
/// Those of `out`, and no others.
pub fn write(
    format: Format,
    summary: &Summary,
    now: Timestamp,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    match format {
        Format::Text => text::write(summary, now, out),
        Format::Json => json::write(summary, now, out),
        Format::Html => html::write(summary, now, out),
    }
}
