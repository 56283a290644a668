//! What happened to the cookies of one request and its response: names, verdicts and reasons, never
//! values.

use http::header::{HeaderMap, SET_COOKIE};
use placet::set_cookie::{AttributeName, SetCookie};
use placet::{Action, Decision, Policy, Reason, Region, Signals};
use placet_tower::{Direction, Seen, Standing};

use crate::text::printable;

/// The most cookies of one exchange that are told one by one.
pub(super) const MOST_LINES: usize = 64;
/// The longest name or path that is shown, in bytes.
const LONGEST: usize = 80;

/// One request and its response.
#[derive(Debug)]
pub(super) struct Exchange {
    /// Counts up; the journal gives it.
    pub(super) number: u64,
    pub(super) visitor: u64,
    pub(super) method: String,
    pub(super) path: String,
    pub(super) status: u16,
    pub(super) lines: Lines,
    /// What held, as far as the museum was asked.
    pub(super) holds: Option<Holds>,
}

/// One cookie that was going somewhere.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) direction: Direction,
    pub(super) name: String,
    /// Who it belongs to, where the policy knows.
    pub(super) service: Option<String>,
    pub(super) fate: Fate,
    pub(super) reason: Reason,
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    Passed,
    Stripped,
    /// The layer told the browser to remove it.
    Removed,
}

/// The cookies of one exchange, up to [`MOST_LINES`] of them.
#[derive(Debug, Default)]
pub(super) struct Lines {
    pub(super) told: Vec<Line>,
    pub(super) untold: usize,
}

/// What held for a visitor, category by category.
#[derive(Debug)]
pub(super) struct Holds {
    pub(super) categories: Vec<(String, Decision, Reason)>,
    pub(super) signals: Signals,
    pub(super) region: Option<Region>,
}

impl Lines {
    pub(super) fn push(&mut self, line: Line) {
        if self.told.len() < MOST_LINES {
            self.told.push(line);
        } else {
            self.untold += 1;
        }
    }

    /// Adds what the layer itself said to the browser: that a choice is remembered, and what is to be
    /// removed.
    pub(super) fn add_own(&mut self, headers: &HeaderMap, policy: &Policy) {
        for line in headers.get_all(SET_COOKIE) {
            let cookie = SetCookie::parse(line.as_bytes());
            let name = shown(cookie.name());
            // One that the museum asked for and did not get may have to be removed all the same.
            let is_told = |line: &Line| {
                line.direction == Direction::Response
                    && line.name == name
                    && line.fate != Fate::Stripped
            };
            if self.told.iter().any(is_told) {
                continue;
            }
            let is_consent = cookie.name() == policy.consent_cookie().name.as_bytes();
            let (fate, reason) = if is_consent {
                (Fate::Passed, Reason::ConsentCookie)
            } else if is_removal(&cookie) {
                (Fate::Removed, Reason::Deletion)
            } else {
                continue;
            };
            self.push(Line {
                direction: Direction::Response,
                service: owner(policy, cookie.name()),
                name,
                fate,
                reason,
            });
        }
    }
}

impl Line {
    pub(super) fn of(seen: &Seen<'_>) -> Self {
        Self {
            direction: seen.direction,
            name: shown(seen.name),
            service: owner(seen.policy, seen.name),
            fate: match seen.verdict.action {
                Action::Keep => Fate::Passed,
                Action::Drop | Action::Expire => Fate::Stripped,
            },
            reason: seen.verdict.reason,
        }
    }
}

impl Holds {
    pub(super) fn of(standing: &Standing) -> Self {
        let all = standing.all();
        let categories = standing.policy().categories().iter();
        Self {
            categories: categories
                .map(|category| {
                    let holds = all.of(category.id());
                    (category.name().to_owned(), holds.decision, holds.reason)
                })
                .collect(),
            signals: standing.signals(),
            region: standing.region(),
        }
    }
}

fn owner(policy: &Policy, name: &[u8]) -> Option<String> {
    let (service, _) = policy.declarations(name).into_iter().next()?;
    Some(service.title().to_owned())
}

/// Whether the layer wrote it to remove a cookie.
fn is_removal(cookie: &SetCookie<'_>) -> bool {
    cookie.attributes().any(|attribute| {
        attribute.known == AttributeName::Expires
            && attribute.value == Some(b"Thu, 01 Jan 1970 00:00:00 GMT".as_slice())
    })
}

/// A name or a path as text of one line, cut where it is long.
pub(super) fn shown(bytes: &[u8]) -> String {
    match bytes.get(..LONGEST) {
        Some(beginning) if bytes.len() > LONGEST => format!("{}…", printable(beginning)),
        _ => printable(bytes),
    }
}
