//! What each choice and signal changed, in a sentence each.

use std::collections::BTreeSet;

use super::super::words::{self, shown};
use super::{called, needs_consent, trackers, unverified, was_there, written};
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
    /// Whether anything that was there at the end is held against the site.
    pub(in crate::report) against: bool,
}

/// What each pass shows against those beside it, as far as they were made.
pub(in crate::report) fn changes(audit: &Audit<'_>) -> Vec<Change> {
    let mut changes = Vec::new();
    for visit in &audit.visits {
        let is_seen = visit.pages.iter().any(|page| page.blocked.is_none());
        let says = match &*visit.name {
            _ if !is_seen => None,
            "fresh" => Some(fresh(audit, visit)),
            "accepted" => chosen(audit, visit, Stage::Granted, "accepting"),
            "refused" => chosen(audit, visit, Stage::Refused, "refusing"),
            "withdrawn" => chosen(audit, visit, Stage::Refused, "taking the yes back"),
            "gpc" => Some(signal(audit, visit, "Global Privacy Control")),
            "dnt" => Some(signal(audit, visit, "Do Not Track")),
            _ => None,
        };
        let says = says.or_else(|| untried_in_words(audit, visit)).or_else(|| {
            let why = unverified(audit, visit)?;
            Some(format!("Could not be told: {}.", shown(why, 300)))
        });
        if let Some(says) = says {
            changes.push(Change {
                pass: visit.name.clone(),
                says,
                against: is_against(audit, visit),
            });
        }
    }
    changes
}

/// What a pass was made for and could not try, as nothing was there to press; `None` where it was
/// tried, or where it is told why not.
fn untried(audit: &Audit<'_>, visit: &Visit) -> Option<&'static str> {
    if unverified(audit, visit).is_some() {
        return None;
    }
    match (&*visit.name, visit.last_stage()) {
        ("refused", Stage::Undecided) => Some("refusing"),
        ("accepted", Stage::Undecided) => Some("accepting"),
        ("withdrawn", Stage::Undecided | Stage::Granted) => Some("taking a yes back"),
        _ => None,
    }
}

fn untried_in_words(audit: &Audit<'_>, visit: &Visit) -> Option<String> {
    let untried = untried(audit, visit)?;
    let nothing = match visit.last_stage() {
        Stage::Granted => "After the yes nothing appeared that takes it back",
        _ => "No banner appeared",
    };
    Some(format!("{nothing}, so {untried} was not tried."))
}

/// Which choices no visitor could make, as no banner appeared to any; `None` where one did, or where
/// no choice was to be made.
pub(in crate::report) fn choices_untried(audit: &Audit<'_>) -> Option<String> {
    let visits = audit.visits.iter();
    let untried: Vec<_> = visits.clone().filter_map(|v| untried(audit, v)).collect();
    let is_undecided = |visit: &Visit| visit.last_stage() == Stage::Undecided;
    let verb = if untried.len() == 1 { "was" } else { "were" };
    (!untried.is_empty() && visits.clone().all(is_undecided)).then(|| {
        let untried = words::listed(&untried);
        format!("no banner appeared, so {untried} {verb} not tried")
    })
}

fn is_against(audit: &Audit<'_>, visit: &Visit) -> bool {
    let kept = visit.cookies.values().chain(visit.storage.values());
    let kept = kept.map(|w| written(audit, visit, Some(w)));
    let hosts = visit.contacts.values().map(|c| called(visit, Some(c)));
    kept.chain(hosts).any(|cell| cell.against.is_some())
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
        "Before any choice, {}, and {}.",
        share(&seen.trackers, &all.trackers, "called"),
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
        "still called"
    } else {
        "called"
    };
    Some(format!(
        "After {doing}, {}, and {}.",
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
        "Under {name}, {}, and {}.",
        share(&seen.trackers, &all.trackers, "still called"),
        cookies(&seen, &all)
    );
    if !audit.visits.iter().any(|visit| visit.name == "fresh") {
        return says;
    }
    let stopped: Vec<_> = usual
        .before
        .trackers
        .difference(&seen.trackers)
        .copied()
        .collect();
    says.push_str(&if !stopped.is_empty() {
        format!(
            " It stopped {}, which the fresh pass called.",
            names(stopped.into_iter())
        )
    } else if usual.before.trackers.is_empty() && seen.trackers.is_empty() {
        " The fresh pass called none either.".to_owned()
    } else {
        " The fresh pass called the same: the signal stopped none.".to_owned()
    });
    says
}

/// `3 of 5 trackers were still called (A, B and C)`.
fn share(some: &BTreeSet<&str>, all: &BTreeSet<&str>, called: &str) -> String {
    let (count, of) = (some.len() as u64, all.len() as u64);
    let was = if count == 1 { "was" } else { "were" };
    let named = names(some.iter().copied());
    match (count, of) {
        (_, 0) => "no tracker was called".to_owned(),
        (0, 1) => "the one tracker was not called".to_owned(),
        (0, _) => format!("none of {} trackers was called", words::grouped(of)),
        (1, 1) => format!("the one tracker was {called} ({named})"),
        (2, 2) => format!("both trackers were {called} ({named})"),
        _ if count == of => format!(
            "all {} trackers were {called} ({named})",
            words::grouped(of)
        ),
        _ => {
            let (count, of) = (words::grouped(count), words::grouped(of));
            format!("{count} of {of} trackers {was} {called} ({named})")
        }
    }
}

/// `2 of 9 cookies that are not necessary were there`.
fn cookies(some: &Seen<'_>, all: &Seen<'_>) -> String {
    let (count, of) = (some.cookies.len() as u64, all.cookies.len() as u64);
    let was = if count == 1 { "was" } else { "were" };
    match (count, of) {
        (_, 0) => "no cookie that is not necessary was there".to_owned(),
        (0, 1) => "the one cookie that is not necessary was not there".to_owned(),
        (0, _) => format!(
            "none of {} cookies that are not necessary was there",
            words::grouped(of)
        ),
        (1, 1) => "the one cookie that is not necessary was there".to_owned(),
        (2, 2) => "both cookies that are not necessary were there".to_owned(),
        _ if count == of => format!(
            "all {} cookies that are not necessary were there",
            words::grouped(of)
        ),
        _ => {
            let (count, of) = (words::grouped(count), words::grouped(of));
            format!("{count} of {of} cookies that are not necessary {was} there")
        }
    }
}

fn names<'a>(all: impl ExactSizeIterator<Item = &'a str>) -> String {
    let left = all.len().saturating_sub(MOST_NAMES) as u64;
    let mut names: Vec<_> = all.take(MOST_NAMES).map(|name| shown(name, 60)).collect();
    if left > 0 {
        names.push(format!("{} more", words::grouped(left)));
    }
    words::listed(&names)
}
