//! What text and page say in the same words.

pub(super) use placet_page::grouped;

use super::{Breakdown, Group, Period, Rate, Summary};
use crate::day::Day;

/// What stands in the place of a number that is withheld.
pub(super) const WITHHELD: &str = "withheld";
/// What stands where there is nothing to say.
pub(super) const NOTHING: &str = "\u{2013}";

/// A text of a receipt, no longer than a table takes.
pub(super) fn shown(text: &str) -> String {
    placet_page::shown(text, 60)
}

/// A number, or that it is withheld.
pub(super) fn number(number: Option<u64>) -> String {
    number.map_or_else(|| WITHHELD.to_owned(), grouped)
}

/// `62.5%`; only none is 0 and only all is 100.
pub(super) fn percent(share: f64) -> String {
    let held = if share > 0.0 && share < 1.0 {
        share.clamp(0.001, 0.999)
    } else {
        share
    };
    format!("{:.1}%", held * 100.0)
}

/// A share of all choices.
pub(super) fn share(summary: &Summary, choices: Option<u64>) -> String {
    match (choices, summary.share(choices)) {
        (None, _) => WITHHELD.to_owned(),
        (_, None) => NOTHING.to_owned(),
        (_, Some(share)) => percent(share),
    }
}

/// The share that granted.
pub(super) fn granted(rate: Option<Rate>) -> String {
    match rate.map(Rate::share) {
        None => WITHHELD.to_owned(),
        Some(None) => NOTHING.to_owned(),
        Some(Some(share)) => percent(share),
    }
}

/// The days, as a sentence without an end.
pub(super) fn days(summary: &Summary) -> String {
    match &summary.days {
        None => "no day".to_owned(),
        Some(days) if days.start() == days.end() => format!("{} (UTC)", days.start()),
        Some(days) => format!("{} to {} (UTC)", days.start(), days.end()),
    }
}

/// Each period from the first to the last: its first day, and what is known of it where there was a choice.
pub(super) fn periods(summary: &Summary) -> Vec<(Day, Option<&Period>)> {
    let mut known = summary.periods.iter().peekable();
    let mut next = known.peek().map(|first| first.begin);
    let last = summary.periods.last().map(|last| last.begin);
    let mut all = Vec::new();
    while let Some(begin) = next.filter(|begin| Some(*begin) <= last) {
        all.push((begin, known.next_if(|known| known.begin == begin)));
        next = summary.per.next(begin);
    }
    all
}

/// The lists of groups: heading, what a group is, and the list.
pub(super) fn breakdowns(summary: &Summary) -> [(&'static str, &'static str, &Breakdown); 5] {
    [
        ("Languages", "Language of the texts", &summary.languages),
        ("Regions", "Region", &summary.regions),
        ("Revisions", "Revision of the policy", &summary.revisions),
        ("Ways", "How it was chosen", &summary.ways),
        ("Sites", "Site", &summary.sites),
    ]
}

/// How a group is called.
pub(super) fn name(group: &Group) -> String {
    group
        .name
        .as_deref()
        .map_or_else(|| "not known".to_owned(), shown)
}

/// The signals: which, its value, and how many choices it came with.
pub(super) fn signals(summary: &Summary) -> [(&'static str, &'static str, Option<u64>); 5] {
    let [on, off] = summary.gpc;
    let [one, zero, none] = summary.dnt;
    [
        ("Global Privacy Control", "on", on),
        ("Global Privacy Control", "absent", off),
        ("Do Not Track", "1", one),
        ("Do Not Track", "0", zero),
        ("Do Not Track", "absent", none),
    ]
}

/// What is withheld, and why.
pub(super) fn rule(summary: &Summary) -> String {
    if summary.smallest_group < 2 {
        return "Nothing is withheld.".to_owned();
    }
    format!(
        "Withheld are numbers of fewer than {0} choices, those from which one of them could be worked out, and \
         within a period, a group or a regime the share of a category that fewer than {0} granted or fewer than {0} \
         did not. Groups of fewer than {0} are put together as others.",
        grouped(summary.smallest_group)
    )
}

/// What the numbers are of.
pub(super) const MEANING: [&str; 3] = [
    "A share is one of choices, not of visitors or visits: who never chose is not counted, who chose again is counted again.",
    "Granted is given or renewed. The share granted is of the choices made where the policy had the category.",
    "Days are in UTC. Receipts that were erased stay counted.",
];
