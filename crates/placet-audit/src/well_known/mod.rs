//! What a site says of signals under `/.well-known/`: the files that Global Privacy Control and Do
//! Not Track define, checked as a careful reader of them would.
//!
//! ```
//! use placet_audit::well_known::{Fetched, WellKnown};
//!
//! let found = WellKnown::GpcJson.check("shop.example", &Fetched {
//!     status: 200,
//!     media_type: Some("application/json"),
//!     sets_cookies: false,
//!     body: br#"{ "gpc": "yes", "lastUpdate": "2026-11-22" }"#,
//! });
//! assert_eq!(found.len(), 1);
//! assert_eq!(found[0].message, "`gpc` of shop.example is \"yes\", so that support is unknown; expected true or false");
//! ```

mod dnt_policy;
mod gpc_json;
mod tracking_status;

use crate::finding::{Finding, Level, Subject};
use crate::rule::{DNT_POLICY, GPC_JSON, Rule, TRACKING_STATUS};

/// The files that are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WellKnown {
    /// `/.well-known/gpc.json`: whether the site abides by Global Privacy Control.
    GpcJson,
    /// `/.well-known/dnt/`: how the site tracks.
    TrackingStatus,
    /// `/.well-known/dnt-policy.txt`: EFF's Do Not Track policy, a promise by its very text.
    DntPolicy,
}

/// What came back for one of them, or the file it is served from.
#[derive(Clone, Copy, Debug)]
pub struct Fetched<'a> {
    /// The status of the last response, after redirects; 200 for a file.
    pub status: u16,
    /// Its `Content-Type`; `None` for a file, which has none: then nothing is said of it.
    pub media_type: Option<&'a str>,
    /// Whether the response sets a cookie.
    pub sets_cookies: bool,
    /// Its body.
    pub body: &'a [u8],
}

impl WellKnown {
    /// Every file.
    pub const ALL: [Self; 3] = [Self::GpcJson, Self::TrackingStatus, Self::DntPolicy];

    /// Its path on the site.
    pub const fn path(self) -> &'static str {
        match self {
            Self::GpcJson => "/.well-known/gpc.json",
            Self::TrackingStatus => "/.well-known/dnt/",
            Self::DntPolicy => "/.well-known/dnt-policy.txt",
        }
    }

    /// What the path of a file on the disk says that it is: by its name, or by lying in a folder
    /// `dnt`, as the tracking status does.
    pub fn of_file(path: &str) -> Option<Self> {
        let mut parts = path.rsplit(['/', '\\']);
        let name = parts.next()?;
        let folder = parts.next();
        match (name, folder) {
            ("gpc.json", _) => Some(Self::GpcJson),
            ("dnt-policy.txt", _) => Some(Self::DntPolicy),
            ("dnt" | "dnt.json", _) | (_, Some("dnt")) => Some(Self::TrackingStatus),
            _ => None,
        }
    }

    /// The rule whose findings [`check`](Self::check) makes.
    pub fn rule(self) -> &'static Rule {
        match self {
            Self::GpcJson => &GPC_JSON,
            Self::TrackingStatus => &TRACKING_STATUS,
            Self::DntPolicy => &DNT_POLICY,
        }
    }

    /// What is wrong with what came back, in findings about `host`, the gravest first. Nothing
    /// served under a path that nobody has to serve is no finding, but for `gpc.json` a note.
    pub fn check(self, host: &str, fetched: &Fetched<'_>) -> Vec<Finding> {
        let mut remarks = Remarks {
            of: host,
            found: Vec::new(),
        };
        match fetched.status {
            200..=299 => match self {
                Self::GpcJson => gpc_json::check(fetched, &mut remarks),
                Self::TrackingStatus => tracking_status::check(fetched, &mut remarks),
                Self::DntPolicy => dnt_policy::check(fetched, &mut remarks),
            },
            404 | 410 if self == Self::GpcJson => {
                remarks.note(format!(
                    "{host} has no gpc.json, so that nobody can read whether it abides by Global Privacy Control"
                ));
            }
            404 | 410 => {}
            status => remarks.warn(format!(
                "{} of {host} is answered with status {status}; expected 200, or 404 where there is none",
                self.path()
            )),
        }
        let mut found = remarks.found;
        found.sort_by_key(|(level, _)| std::cmp::Reverse(*level));
        let finding = |(level, message)| Finding {
            rule: self.rule(),
            level,
            message,
            subject: Subject {
                host: Some(host.to_owned()),
                ..Subject::default()
            },
            at: None,
            count: 1,
            recordings: Vec::new(),
        };
        found.into_iter().map(finding).collect()
    }
}

/// Takes what is found.
struct Remarks<'a> {
    of: &'a str,
    found: Vec<(Level, String)>,
}

impl Remarks<'_> {
    /// A body of JSON without the byte order mark that it should not begin with. What is sent must not
    /// have one, and readers may pass over it (RFC 8259, section 8.1): browsers do, others fail.
    fn without_mark<'b>(&mut self, what: &str, body: &'b [u8]) -> &'b [u8] {
        let Some(rest) = body.strip_prefix(b"\xef\xbb\xbf") else {
            return body;
        };
        self.warn(format!(
            "{what} of {} begins with a byte order mark, which JSON that is sent must not have (RFC 8259, section 8.1): \
             not every reader passes over it; save it as UTF-8 without",
            self.of
        ));
        rest
    }

    fn note(&mut self, message: String) {
        self.found.push((Level::Note, message));
    }

    fn warn(&mut self, message: String) {
        self.found.push((Level::Warning, message));
    }

    fn error(&mut self, message: String) {
        self.found.push((Level::Error, message));
    }

    /// Whether the media type is another than the one asked for, which is then told.
    fn is_another_type(&mut self, what: &str, fetched: &Fetched<'_>, expected: &str) -> bool {
        let Some(given) = fetched.media_type else {
            return false;
        };
        let essence = given.split(';').next().unwrap_or_default().trim();
        let differs = !essence.eq_ignore_ascii_case(expected);
        if differs {
            let found = if essence.is_empty() {
                "no type"
            } else {
                essence
            };
            self.warn(format!(
                "{what} of {} is served as {}, so that readers pass over it; expected {expected}",
                self.of,
                printable(found)
            ));
        }
        differs
    }
}

/// A piece of what was fetched as it may be shown: short, without control characters.
fn printable(text: &str) -> String {
    const LONGEST: usize = 60;
    let shown = text.chars().take(LONGEST).flat_map(char::escape_debug);
    let mut shown: String = shown.collect();
    if text.chars().nth(LONGEST).is_some() {
        shown.push('…');
    }
    shown
}

/// Whether bytes look like a page, which many servers send for whatever they do not have.
fn is_page(body: &[u8]) -> bool {
    let start = body.trim_ascii_start().get(..9).unwrap_or_default();
    start.eq_ignore_ascii_case(b"<!doctype")
        || start
            .get(..5)
            .is_some_and(|s| s.eq_ignore_ascii_case(b"<html"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Levels and messages of a body served as it should be.
    pub(super) fn found(
        file: WellKnown,
        media_type: Option<&str>,
        body: &[u8],
    ) -> Vec<(Level, String)> {
        let fetched = Fetched {
            status: 200,
            media_type,
            sets_cookies: false,
            body,
        };
        let found = file.check("shop.example", &fetched);
        found.into_iter().map(|f| (f.level, f.message)).collect()
    }

    #[test]
    fn a_file_is_known_by_its_name_or_folder() {
        for (path, expected) in [
            ("public/.well-known/gpc.json", Some(WellKnown::GpcJson)),
            ("gpc.json", Some(WellKnown::GpcJson)),
            (
                r"public\.well-known\dnt-policy.txt",
                Some(WellKnown::DntPolicy),
            ),
            (
                ".well-known/dnt/index.json",
                Some(WellKnown::TrackingStatus),
            ),
            ("dnt.json", Some(WellKnown::TrackingStatus)),
            ("security.txt", None),
            ("", None),
        ] {
            assert_eq!(WellKnown::of_file(path), expected, "{path}");
        }
    }

    #[test]
    fn what_is_not_there_is_not_wrong() {
        let answer = |status| Fetched {
            status,
            media_type: Some("text/html"),
            sets_cookies: true,
            body: b"<!DOCTYPE html>",
        };
        for file in WellKnown::ALL {
            let levels = |status| {
                let found = file.check("shop.example", &answer(status));
                found.into_iter().map(|f| f.level).collect::<Vec<_>>()
            };
            let absent = if file == WellKnown::GpcJson {
                vec![Level::Note]
            } else {
                vec![]
            };
            assert_eq!(levels(404), absent);
            assert_eq!(levels(410), absent);
            assert_eq!(levels(500), [Level::Warning]);
            assert_eq!(levels(403), [Level::Warning]);
        }
    }

    proptest! {
        #[test]
        fn no_bytes_panic(body: Vec<u8>, media_type: Option<String>, status: u16) {
            for file in WellKnown::ALL {
                let media_type = media_type.as_deref();
                let fetched = Fetched { status, media_type, sets_cookies: true, body: &body };
                for finding in file.check("shop.example", &fetched) {
                    prop_assert!(finding.message.len() < 1_000);
                }
            }
        }
    }
}
