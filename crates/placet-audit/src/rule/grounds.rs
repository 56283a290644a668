//! On which grounds a cookie should not have been there, shared by the four rules about it.

use placet::{Action, Reason};

use super::{Findings, wording};
use crate::evidence::{Cookie, Evidence};
use crate::finding::Level;
use crate::survey::{AssumedSignal, Assumptions, Origin, Tally};

/// Why a cookie should not have been there; what comes first wins over what follows.
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

    fn found(self, cookie: &Cookie<'_>) -> Option<Tally> {
        // A script set it before, and the site removes what is refused: that is as it should be.
        let being_removed = cookie.seen.key.origin == Origin::Sent && cookie.is_removed;
        if being_removed && self != Self::NoChoice {
            return None;
        }
        cookie.tally_of(|j| Self::of(j.action, j.reason) == Some(self))
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

/// Finds every cookie whose first ground is this one.
pub(super) fn check(ground: Ground, evidence: &Evidence<'_>, findings: &mut Findings) {
    for variants in evidence.by_name() {
        let stopped = |ground: Ground| {
            let found = variants.iter().filter_map(|c| Some((*c, ground.found(c)?)));
            found.reduce(|(a, tally), (b, more)| {
                let graver = if b.is_sure() && !a.is_sure() { b } else { a };
                (graver, tally.with(more))
            })
        };
        if Ground::ALL.into_iter().find(|g| stopped(*g).is_some()) != Some(ground) {
            continue;
        }
        let Some((cookie, tally)) = stopped(ground) else {
            continue;
        };
        let assumed = evidence.assumptions;
        let mut message = format!(
            "{} {}; {}",
            wording::seen(cookie),
            ground.clause(assumed),
            ground.what_would_be_right(cookie),
        );
        let others: Vec<_> = Ground::ALL
            .into_iter()
            .filter(|other| *other > ground && stopped(*other).is_some())
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
        findings.cookie_at(level, cookie, tally, message);
    }
}
