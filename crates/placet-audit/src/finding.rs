//! What a rule says of the evidence.

use std::fmt;

use crate::evidence::Cookie;
use crate::rule::Rule;
use crate::survey::{Tally, Where};

/// How serious a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Worth knowing.
    Note,
    /// Worth mending.
    Warning,
    /// Against the policy, a signal, or the law as the rule quotes it.
    Error,
}

impl Level {
    /// All levels, the least serious first.
    pub const ALL: [Self; 3] = [Self::Note, Self::Warning, Self::Error];

    /// `note`, `warning`, `error`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }

    /// The level of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.name() == name)
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What a finding is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Subject {
    /// The host that set the cookie or was sent it, for people.
    pub host: Option<String>,
    /// The cookie's name, for people.
    pub cookie: Option<String>,
    /// The service it belongs to, where one is known.
    pub service: Option<String>,
}

impl Subject {
    /// A cookie, its host and its service.
    pub(crate) fn of(cookie: &Cookie<'_>) -> Self {
        Self {
            host: Some(cookie.seen.host()),
            cookie: Some(cookie.seen.name()),
            service: cookie.service().map(str::to_owned),
        }
    }
}

/// A message without the numbers of lines, which every edit of a text changes.
fn without_lines(message: &str) -> String {
    let mut parts = message.split("(line ");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        out.push_str("(line ");
        out.push_str(part.trim_start_matches(|c: char| c.is_ascii_digit()));
    }
    out
}

/// One thing that a rule found.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The rule.
    pub rule: &'static Rule,
    /// How serious it is; the rule's own level unless the case is milder or graver.
    pub level: Level,
    /// What was found, in one sentence. Never a cookie's value.
    pub message: String,
    /// What it is about.
    pub subject: Subject,
    /// Where it was seen first.
    pub at: Option<Where>,
    /// How often it was seen.
    pub count: u64,
    /// How often and where first it was seen in each recording that shows it, in their order; empty
    /// where the rule does not judge recording by recording.
    pub recordings: Vec<Tally>,
}

impl Finding {
    /// A name for this finding that stays the same from one audit to the next: 16 hexadecimal
    /// digits of the rule, the host, the cookie and the recording, without places and counts. A
    /// finding about neither a host nor a cookie goes by its message.
    pub fn fingerprint(&self, file: &str) -> String {
        // FNV-1a, 64 bit: stable across versions of this crate and of Rust.
        let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
        let of_neither = self.subject.host.is_none() && self.subject.cookie.is_none();
        let message = of_neither.then(|| without_lines(&self.message));
        let parts = [
            Some(self.rule.id),
            self.subject.host.as_deref(),
            self.subject.cookie.as_deref(),
            Some(file),
            message.as_deref(),
        ];
        for part in parts {
            for byte in part.unwrap_or_default().bytes().chain([0]) {
                hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
            }
        }
        format!("{hash:016x}")
    }
}
