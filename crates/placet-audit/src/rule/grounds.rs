//! On which grounds a cookie should not have been there, shared by the four rules about it.
//!
//! Each recording is judged by itself: what one shows under a signal takes nothing away from what
//! another shows before a choice. Within one the gravest ground is said, and the others beside it.

use std::collections::BTreeMap;

use placet::{Action, Reason};

use super::{Findings, wording};
use crate::evidence::{Cookie, Evidence};
use crate::finding::Level;
use crate::survey::{AssumedSignal, Assumptions, Origin, Tally};

/// Why a cookie should not have been there; in one recording, what comes first wins over what follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Ground {
    /// Global Privacy Control refuses it.
    Gpc,
    /// The visitor refused it.
    Refusal,
    /// Do Not Track refuses it.
    Dnt,
    /// The visitor has not chosen yet.
    NoChoice,
}

impl Ground {
    const ALL: [Self; 4] = [Self::Gpc, Self::Refusal, Self::Dnt, Self::NoChoice];

    fn of(action: Action, reason: Reason) -> Option<Self> {
        match (action, reason) {
            (Action::Keep, _) => None,
            (_, Reason::Gpc) => Some(Self::Gpc),
            (_, Reason::Dnt) => Some(Self::Dnt),
            (Action::Expire, Reason::Chosen | Reason::Stale) => Some(Self::Refusal),
            (_, Reason::Chosen | Reason::Stale | Reason::Regime) => Some(Self::NoChoice),
            _ => None,
        }
    }

    /// The circumstance as a clause.
    fn clause(self, assumed: &Assumptions<'_>) -> &'static str {
        let on = |signal: AssumedSignal| signal == AssumedSignal::On;
        match self {
            Self::Gpc if on(assumed.gpc) => "under `Sec-GPC: 1`",
            Self::Gpc => "although the request says `Sec-GPC: 1`",
            Self::Refusal => "although the visitor refused it",
            Self::Dnt if on(assumed.dnt) => "under `DNT: 1`",
            Self::Dnt => "although the request says `DNT: 1`",
            Self::NoChoice => "before the visitor chose",
        }
    }

    fn what_would_be_right(self, cookie: &Cookie<'_>) -> String {
        let kind = wording::its_kind(cookie);
        match self {
            Self::Gpc => format!("that signal refuses {kind}"),
            Self::Refusal => format!("after a refusal {kind} are neither set nor kept"),
            Self::Dnt => format!("that signal refuses {kind} here"),
            Self::NoChoice => format!("{kind} have to wait for a yes"),
        }
    }
}

/// One cookie that should not have been there: on which ground, and how often in one recording.
#[derive(Clone, Copy)]
struct Stopped<'a> {
    cookie: &'a Cookie<'a>,
    ground: Ground,
    seen: Tally,
}

impl<'a> Stopped<'a> {
    /// Every ground against a cookie, each recording apart.
    fn all(cookie: &'a Cookie<'a>) -> impl Iterator<Item = Self> {
        // A script set it before, and the site removes what is refused: that is as it should be.
        let being_removed = cookie.seen.key.origin == Origin::Sent && cookie.is_removed;
        let judgements = cookie.judgements.iter();
        judgements.filter_map(move |judgement| {
            let ground = Ground::of(judgement.action, judgement.reason)?;
            (!being_removed || ground == Ground::NoChoice).then_some(Self {
                cookie,
                ground,
                seen: judgement.tally,
            })
        })
    }

    const fn recording(&self) -> u16 {
        self.seen.first.file
    }
}

/// Finds every cookie with a recording in which this is the gravest ground against it.
pub(super) fn check(ground: Ground, evidence: &Evidence<'_>, findings: &mut Findings) {
    for variants in evidence.by_name() {
        let stopped: Vec<_> = variants.iter().copied().flat_map(Stopped::all).collect();
        let mut gravest: BTreeMap<u16, Ground> = BTreeMap::new();
        for one in &stopped {
            let known = gravest.entry(one.recording()).or_insert(one.ground);
            *known = (*known).min(one.ground);
        }
        let is_here = |one: &&Stopped<'_>| gravest.get(&one.recording()) == Some(&ground);
        let here: Vec<_> = stopped.iter().filter(is_here).collect();
        let on_it = here.iter().filter(|one| one.ground == ground);
        // Of equally sure ones the first speaks.
        let surest = on_it.clone().rev().max_by_key(|one| one.cookie.is_sure());
        let Some(Stopped { cookie, .. }) = surest else {
            continue;
        };
        let mut recordings: BTreeMap<u16, Option<Tally>> = BTreeMap::new();
        for one in on_it {
            Tally::add(recordings.entry(one.recording()).or_default(), one.seen);
        }
        let recordings = recordings.into_values().flatten().collect();
        let assumed = evidence.assumptions;
        let mut message = format!(
            "{} {}; {}",
            wording::seen(cookie),
            ground.clause(assumed),
            ground.what_would_be_right(cookie),
        );
        // What is the gravest in another recording has a finding of its own.
        let said_there = |other: Ground| gravest.values().any(|ground| *ground == other);
        let others: Vec<_> = Ground::ALL
            .into_iter()
            .filter(|other| *other > ground && !said_there(*other))
            .filter(|other| here.iter().any(|one| one.ground == *other))
            .map(|other| other.clause(assumed).to_owned())
            .collect();
        if !others.is_empty() {
            message.push_str(&format!(" (it is there {} too)", wording::list(&others)));
        }
        let level = if cookie.is_sure() {
            Level::Error
        } else {
            Level::Warning
        };
        findings.cookie_in(level, cookie, recordings, message);
    }
}
