//! The passes of a live audit side by side, in the words that all reports share.

mod cell;
mod change;

use std::collections::BTreeSet;

use placet::StandardCategory;

pub(super) use cell::{Cell, State, called, clause, written};
pub(super) use change::{Change, changes, choices_untried};

use crate::audit::{Audit, Recording};
use crate::exchange::Coverage;
use crate::reader::Format;
use crate::survey::Where;
use crate::visit::{Contact, Stage, Visit, VisitedPage, Written};

/// The name of a pass as a heading: `Refused`, `GPC`.
pub(super) fn heading(name: &str) -> String {
    match name {
        "gpc" => return "GPC".to_owned(),
        "dnt" => return "DNT".to_owned(),
        "no-script" => return "No scripts".to_owned(),
        _ => {}
    }
    let mut characters = name.chars();
    let first = characters.next().map(|c| c.to_uppercase().to_string());
    first.unwrap_or_default() + characters.as_str()
}

/// The recording of a pass.
pub(super) fn recording<'a>(audit: &'a Audit<'_>, visit: &Visit) -> Option<&'a Recording> {
    let mut recordings = audit.recordings.iter();
    recordings.find(|r| is_live(&r.coverage) && r.name == visit.name)
}

/// Why a pass could not show what it was made for.
pub(super) fn unverified<'a>(audit: &'a Audit<'_>, visit: &Visit) -> Option<&'a str> {
    recording(audit, visit)?.coverage.unverified.as_deref()
}

fn is_live(coverage: &Coverage) -> bool {
    coverage.format == Format::Live
}

/// The page on which something of a live audit was seen: that of its record, or the first.
pub(super) fn page<'a>(audit: &'a Audit<'_>, at: Where) -> Option<(&'a Visit, &'a VisitedPage)> {
    let recording = audit.recordings.get(usize::from(at.file))?;
    let is_its = |visit: &&Visit| is_live(&recording.coverage) && visit.name == recording.name;
    let visit = audit.visits.iter().find(is_its)?;
    let number = usize::try_from(at.place.record).ok()?.saturating_sub(1);
    Some((visit, visit.pages.get(number).or(visit.pages.first())?))
}

/// What a category stands for: its own standard category, or the one that it is like.
fn like(audit: &Audit<'_>, category: &str) -> Option<StandardCategory> {
    let policy = audit.evidence.assumptions.policy;
    let known = policy.category(category).map(placet::Category::like);
    known.or_else(|| StandardCategory::from_name(category))
}

/// Whether a category is for analytics or marketing.
pub(super) fn is_tracking(audit: &Audit<'_>, category: Option<&str>) -> bool {
    let like = category.and_then(|category| like(audit, category));
    matches!(
        like,
        Some(StandardCategory::Analytics | StandardCategory::Marketing)
    )
}

/// Whether a category is known, and not necessary.
pub(super) fn needs_consent(audit: &Audit<'_>, category: Option<&str>) -> bool {
    category.is_some_and(|name| like(audit, name) != Some(StandardCategory::Necessary))
}

/// The trackers that a pass called at a stage: services by name, and hosts where none is known.
pub(super) fn trackers<'v>(audit: &Audit<'_>, visit: &'v Visit, stage: Stage) -> BTreeSet<&'v str> {
    let called = |contact: &&Contact| contact.requests.get(&stage).is_some_and(|n| *n > 0);
    let contacts = visit.contacts.iter();
    contacts
        .filter(|(_, contact)| is_tracking(audit, contact.category.as_deref()))
        .filter(|(_, contact)| called(contact))
        .map(|(host, contact)| contact.service.as_deref().unwrap_or(host))
        .collect()
}

/// Whether something was there at a stage: written then, or kept until then.
pub(super) fn was_there(written: &Written, stage: Stage) -> bool {
    written.stages.contains(&stage) && written.blocked.is_empty() || written.kept.contains(&stage)
}

/// What one pass comes to, in numbers. Of a pass with a choice they are those after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sums {
    /// Pages seen.
    pub(super) pages: u64,
    /// Controls pressed.
    pub(super) presses: u64,
    /// Cookies that the browser kept.
    pub(super) cookies: u64,
    /// Those of them with a category that is not necessary.
    pub(super) optional: u64,
    /// Keys of storage, databases, caches and workers that it kept.
    pub(super) storage: u64,
    /// Hosts of others that were called.
    pub(super) others: u64,
    /// Trackers that were called.
    pub(super) trackers: u64,
}

impl Sums {
    /// What each number counts, in the order of [`Sums::numbers`].
    pub(super) const NAMES: [&str; 7] = [
        "pages seen",
        "controls pressed",
        "cookies kept",
        "that are not necessary",
        "storage keys kept",
        "hosts of others called",
        "trackers called",
    ];

    pub(super) fn of(audit: &Audit<'_>, visit: &Visit) -> Self {
        let last = visit.last_stage();
        let kept = |written: &&Written| written.kept.contains(&last);
        let optional = |w: &&Written| needs_consent(audit, w.category.as_deref());
        let others = visit.contacts.values();
        let others = others.filter(|c| c.third_party && c.requests.contains_key(&last));
        let pages = visit.pages.iter().filter(|page| page.blocked.is_none());
        Self {
            pages: pages.count() as u64,
            presses: visit.presses.len() as u64,
            cookies: visit.cookies.values().filter(kept).count() as u64,
            optional: visit.cookies.values().filter(kept).filter(optional).count() as u64,
            storage: visit.storage.values().filter(kept).count() as u64,
            others: others.count() as u64,
            trackers: trackers(audit, visit, last).len() as u64,
        }
    }

    pub(super) const fn numbers(self) -> [u64; 7] {
        [
            self.pages,
            self.presses,
            self.cookies,
            self.optional,
            self.storage,
            self.others,
            self.trackers,
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passes_are_headed_as_people_write_them() {
        for (name, expected) in [
            ("fresh", "Fresh"),
            ("gpc", "GPC"),
            ("no-script", "No scripts"),
            ("élan", "Élan"),
            ("", ""),
        ] {
            assert_eq!(heading(name), expected);
        }
    }
}
