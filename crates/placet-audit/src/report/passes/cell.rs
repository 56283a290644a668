//! One thing in one pass: how it came to be there, whether it still is, and whether it may be.

use placet::Reason;

use crate::visit::{Contact, Stage, Visit, Written};

/// What became of something in one pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::report) enum State {
    /// It was not seen.
    Absent,
    /// The browser did not store it.
    Blocked,
    /// It was written, and there at the end.
    Kept,
    /// It was written, and gone at the end.
    Gone,
    /// It was there before everything was granted.
    Early,
    /// It was written after everything was refused or taken back.
    Again,
    /// It was written before everything was refused or taken back, and there at the end.
    Left,
    /// It was written before everything was refused or taken back, and gone at the end.
    Removed,
    /// A host was called so often.
    Called(u64),
}

impl State {
    /// Those that a table explains, with what they mean.
    pub(in crate::report) const EXPLAINED: [(Self, &str); 7] = [
        (Self::Kept, "set, and there at the end"),
        (Self::Gone, "set, and gone at the end"),
        (Self::Early, "there before the yes"),
        (Self::Again, "set after the no"),
        (Self::Left, "set before the no, and there at the end"),
        (Self::Removed, "set before the no, and gone at the end"),
        (Self::Blocked, "the browser did not store it"),
    ];

    /// In a word or two.
    pub(in crate::report) fn words(self) -> String {
        match self {
            Self::Absent => "\u{2013}".to_owned(),
            Self::Blocked => "blocked".to_owned(),
            Self::Kept => "kept".to_owned(),
            Self::Gone => "gone".to_owned(),
            Self::Early => "set early".to_owned(),
            Self::Again => "set after".to_owned(),
            Self::Left => "still there".to_owned(),
            Self::Removed => "removed".to_owned(),
            Self::Called(count) => super::super::words::grouped(count),
        }
    }
}

/// One thing in one pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::report) struct Cell {
    /// What became of it.
    pub(in crate::report) state: State,
    /// Why it should not have been there, where it was.
    pub(in crate::report) against: Option<Reason>,
}

impl Cell {
    const ABSENT: Self = Self {
        state: State::Absent,
        against: None,
    };
}

/// A cookie or key of storage in a pass. What is held against it is where the visit ended; in a pass
/// that ended with a yes, also what was there before.
pub(in crate::report) fn written(visit: &Visit, written: Option<&Written>) -> Cell {
    let Some(written) = written else {
        return Cell::ABSENT;
    };
    let last = visit.last_stage();
    let is_kept = written.kept.contains(&last);
    let before = written.stages.contains(&Stage::Undecided);
    let state = match last {
        _ if !written.blocked.is_empty() && written.kept.is_empty() => State::Blocked,
        Stage::Refused if written.stages.contains(&last) => State::Again,
        Stage::Refused if is_kept => State::Left,
        Stage::Refused => State::Removed,
        Stage::Granted if before => State::Early,
        Stage::Undecided | Stage::Granted if is_kept => State::Kept,
        Stage::Undecided | Stage::Granted => State::Gone,
    };
    let at = match state {
        State::Blocked | State::Removed => None,
        State::Early => Some(Stage::Undecided),
        _ => Some(last),
    };
    Cell {
        state,
        against: at.and_then(|stage| written.refused.get(&stage).copied()),
    }
}

/// A host in a pass: how often it was called, in a pass with a choice after it.
pub(in crate::report) fn called(visit: &Visit, contact: Option<&Contact>) -> Cell {
    let last = visit.last_stage();
    let requests = |c: &Contact| c.requests.get(&last).copied().filter(|n| *n > 0);
    let Some((contact, count)) = contact.and_then(|c| Some((c, requests(c)?))) else {
        return Cell::ABSENT;
    };
    Cell {
        state: State::Called(count),
        against: contact.refused.get(&last).copied(),
    }
}

/// The circumstance in which something should not have been there, as a clause.
pub(in crate::report) const fn clause(reason: Reason) -> &'static str {
    match reason {
        Reason::Gpc => "under Global Privacy Control",
        Reason::Dnt => "under Do Not Track",
        Reason::Chosen | Reason::Stale => "although refused",
        _ => "before any choice",
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;
    use Stage::{Granted, Refused, Undecided};

    #[test]
    fn what_became_of_a_cookie_is_told_by_when_it_was_set_and_whether_it_stayed() {
        for (stages, set, kept, expected) in [
            (
                &[Undecided][..],
                &[Undecided][..],
                &[Undecided][..],
                State::Kept,
            ),
            (&[Undecided], &[Undecided], &[], State::Gone),
            (
                &[Undecided, Refused],
                &[Undecided],
                &[Undecided, Refused],
                State::Left,
            ),
            (
                &[Undecided, Refused],
                &[Undecided],
                &[Undecided],
                State::Removed,
            ),
            (
                &[Undecided, Refused],
                &[Undecided, Refused],
                &[Refused],
                State::Again,
            ),
            (&[Undecided, Granted], &[Granted], &[Granted], State::Kept),
            (
                &[Undecided, Granted],
                &[Undecided],
                &[Undecided, Granted],
                State::Early,
            ),
            (
                &[Undecided, Granted, Refused],
                &[Granted],
                &[Granted, Refused],
                State::Left,
            ),
        ] {
            let visit = Visit {
                stages: stages.to_vec(),
                ..Visit::default()
            };
            let cookie = Written {
                stages: set.iter().copied().collect(),
                kept: kept.iter().copied().collect(),
                ..Written::default()
            };
            let told = written(&visit, Some(&cookie)).state;
            assert_eq!(told, expected, "{stages:?}: set {set:?}, kept {kept:?}");
        }
    }

    #[test]
    fn only_what_was_there_at_the_end_is_held_against_a_refusal() {
        let visit = Visit {
            stages: vec![Undecided, Refused],
            ..Visit::default()
        };
        let refused = BTreeMap::from([(Undecided, Reason::Regime), (Refused, Reason::Chosen)]);
        let mut cookie = Written {
            stages: BTreeSet::from([Undecided]),
            kept: BTreeSet::from([Undecided, Refused]),
            refused,
            ..Written::default()
        };
        assert_eq!(written(&visit, Some(&cookie)).against, Some(Reason::Chosen));
        cookie.kept.remove(&Refused);
        assert_eq!(written(&visit, Some(&cookie)).against, None);
        cookie.blocked.insert("SecureOnly".to_owned());
        cookie.kept.clear();
        assert_eq!(written(&visit, Some(&cookie)).state, State::Blocked);
        assert_eq!(written(&visit, None).state, State::Absent);
    }
}
