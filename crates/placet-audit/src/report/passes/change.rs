//! What each choice and signal changed, in a sentence each.

use std::collections::BTreeSet;

use super::super::words::{self, shown};
use super::{needs_consent, trackers, unverified, was_there};
use crate::audit::Audit;
use crate::visit::{Stage, Visit};

/// Names listed in one sentence.
const MOST_NAMES: usize = 8;

/// What a choice or signal changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::report) struct Change {
    /// The name of the pass that shows it.
    pub(in crate::report) pass: String,
    /// In one to three sentences.
    pub(in crate::report) says: String,
}

/// What each pass shows against those beside it, as far as they were made.
pub(in crate::report) fn changes(audit: &Audit<'_>) -> Vec<Change> {
    let mut changes = Vec::new();
    for visit in &audit.visits {
        let says = match &*visit.name {
            "fresh" => Some(fresh(audit, visit)),
            "accepted" => chosen(audit, visit, Stage::Granted, "accepting"),
            "refused" => chosen(audit, visit, Stage::Refused, "refusing"),
            "withdrawn" => chosen(audit, visit, Stage::Refused, "taking the yes back"),
            "gpc" => Some(signal(audit, visit, "Global Privacy Control")),
            "dnt" => Some(signal(audit, visit, "Do Not Track")),
            _ => None,
        };
        let says = says.or_else(|| {
            let why = unverified(audit, visit)?;
            Some(format!("Could not be told: {}.", shown(why, 300)))
        });
        if let Some(says) = says {
            changes.push(Change {
                pass: visit.name.clone(),
                says,
            });
        }
    }
    changes
}

/// What passes without a signal show: trackers called and optional cookies there, before any choice
/// or after a yes.
struct Usual<'v> {
    before: Seen<'v>,
    ever: Seen<'v>,
}

/// Trackers that were called, and optional cookies that were there.
#[derive(Clone, Default)]
struct Seen<'v> {
    trackers: BTreeSet<&'v str>,
    cookies: BTreeSet<(&'v str, &'v str)>,
}

impl<'v> Seen<'v> {
    fn at(audit: &Audit<'_>, visit: &'v Visit, stage: Stage) -> Self {
        let cookies = visit.cookies.iter();
        Self {
            trackers: trackers(audit, visit, stage),
            cookies: cookies
                .filter(|(_, w)| needs_consent(audit, w.category.as_deref()))
                .filter(|(_, w)| was_there(w, stage))
                .map(|((host, name), _)| (host.as_str(), name.as_str()))
                .collect(),
        }
    }

    fn with(mut self, more: Self) -> Self {
        self.trackers.extend(more.trackers);
        self.cookies.extend(more.cookies);
        self
    }
}

fn usual<'v>(audit: &'v Audit<'_>) -> Usual<'v> {
    let mut before = Seen::default();
    let mut ever = Seen::default();
    for visit in &audit.visits {
        match &*visit.name {
            "fresh" => before = before.with(Seen::at(audit, visit, Stage::Undecided)),
            "accepted" => ever = ever.with(Seen::at(audit, visit, Stage::Granted)),
            _ => {}
        }
    }
    Usual {
        ever: ever.with(before.clone()),
        before,
    }
}

fn fresh(audit: &Audit<'_>, visit: &Visit) -> String {
    let seen = Seen::at(audit, visit, Stage::Undecided);
    let all = usual(audit).ever.with(seen.clone());
    format!(
        "Before any choice {}, and {}.",
        share(&seen.trackers, &all.trackers, "were called"),
        cookies(&seen, &all)
    )
}

/// What was there after a choice; `None` when it could not be made.
fn chosen(audit: &Audit<'_>, visit: &Visit, stage: Stage, doing: &str) -> Option<String> {
    if visit.last_stage() != stage {
        return None;
    }
    let seen = Seen::at(audit, visit, stage);
    let granted = Seen::at(audit, visit, Stage::Granted);
    let all = usual(audit).ever.with(seen.clone()).with(granted);
    let verb = if stage == Stage::Refused {
        "were still called"
    } else {
        "were called"
    };
    Some(format!(
        "After {doing} {}, and {}.",
        share(&seen.trackers, &all.trackers, verb),
        cookies(&seen, &all)
    ))
}

/// What a signal changed against the passes without it.
fn signal(audit: &Audit<'_>, visit: &Visit, name: &str) -> String {
    if let Some(why) = unverified(audit, visit) {
        return format!(
            "What {name} changes could not be told: {}.",
            shown(why, 300)
        );
    }
    let seen = Seen::at(audit, visit, Stage::Undecided);
    let usual = usual(audit);
    let all = usual.ever.clone().with(seen.clone());
    let mut says = format!(
        "Under {name} {}, and {}.",
        share(&seen.trackers, &all.trackers, "were still called"),
        cookies(&seen, &all)
    );
    if !audit.visits.iter().any(|visit| visit.name == "fresh") {
        return says;
    }
    let stopped: Vec<_> = usual.before.trackers.difference(&seen.trackers).collect();
    says.push_str(&if !stopped.is_empty() {
        format!(
            " Of those that call without it, it stopped {}.",
            names(stopped.into_iter().copied())
        )
    } else if usual.before.trackers.is_empty() && seen.trackers.is_empty() {
        " Without it none called before a choice either.".to_owned()
    } else {
        " Without it the same called before a choice: the signal stopped none.".to_owned()
    });
    says
}

/// `3 of 5 trackers were still called: A, B and C`.
fn share(some: &BTreeSet<&str>, all: &BTreeSet<&str>, verb: &str) -> String {
    let of = words::count(all.len() as u64, "tracker");
    match (some.len(), all.len()) {
        (0, 0) => "no tracker was called".to_owned(),
        (0, 1) => "the one tracker was not called".to_owned(),
        (0, _) => format!("none of {of} {verb}"),
        (count, _) if count == all.len() && count > 1 => {
            format!("all of {of} {verb}: {}", names(some.iter().copied()))
        }
        (_, 1) => format!(
            "the one tracker {}: {}",
            verb.replacen("were", "was", 1),
            names(some.iter().copied())
        ),
        (count, _) => format!(
            "{} of {of} {verb}: {}",
            words::grouped(count as u64),
            names(some.iter().copied())
        ),
    }
}

/// `2 of 9 cookies that are not necessary were there`.
fn cookies(some: &Seen<'_>, all: &Seen<'_>) -> String {
    let (some, all) = (some.cookies.len() as u64, all.cookies.len() as u64);
    let of = words::count(all, "cookie");
    let (are, were) = if all == 1 {
        ("is", "was")
    } else {
        ("are", "were")
    };
    match (some, all) {
        (_, 0) => "no cookie that is not necessary was there".to_owned(),
        (0, _) => format!("none of {of} that {are} not necessary {were} there"),
        _ => format!(
            "{} of {of} that {are} not necessary {were} there",
            words::grouped(some)
        ),
    }
}

fn names<'a>(all: impl Iterator<Item = &'a str>) -> String {
    let mut names: Vec<_> = all.map(|name| shown(name, 60)).collect();
    let left = names.len().saturating_sub(MOST_NAMES) as u64;
    if left > 0 {
        names.truncate(MOST_NAMES);
        names.push(format!("{} more", words::grouped(left)));
    }
    words::listed(&names)
}
