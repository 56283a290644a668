//! What the browser says for its user: Global Privacy Control and Do Not Track.

use std::fmt;

/// Global Privacy Control, as a request or the page's `navigator` states it.
///
/// Source: W3C Global Privacy Control, sections on the `Sec-GPC` header field and on
/// `navigator.globalPrivacyControl`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Gpc {
    /// No preference was stated.
    #[default]
    Absent,
    /// "Do not sell or share my data."
    On,
}

impl Gpc {
    /// Reads every `Sec-GPC` field value of a request.
    ///
    /// The signal is on when any line is exactly the character `1`; every other value counts as
    /// if it were not there. There is no extension mechanism, so `1, 1` and `1;x` are off.
    ///
    /// ```
    /// use placet::Gpc;
    ///
    /// assert_eq!(Gpc::from_header_lines(["0".as_bytes(), b"1"]), Gpc::On);
    /// assert_eq!(Gpc::from_header_lines(["10".as_bytes()]), Gpc::Absent);
    /// ```
    pub fn from_header_lines<'a>(lines: impl IntoIterator<Item = &'a [u8]>) -> Self {
        if lines.into_iter().any(|line| field_content(line) == b"1") {
            Self::On
        } else {
            Self::Absent
        }
    }

    /// Reads `navigator.globalPrivacyControl`: `None` where the browser does not know it.
    pub const fn from_navigator(value: Option<bool>) -> Self {
        match value {
            Some(true) => Self::On,
            Some(false) | None => Self::Absent,
        }
    }

    /// Whether the signal is on.
    pub const fn is_on(self) -> bool {
        matches!(self, Self::On)
    }
}

/// Do Not Track: three states, because "no preference" and "tracking is fine" differ.
///
/// Source: W3C Tracking Preference Expression, sections 5.2 (header field) and 5.3 (`navigator`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Dnt {
    /// No preference was stated.
    #[default]
    Absent,
    /// `DNT: 0`: the user allows tracking on this site.
    Allow,
    /// `DNT: 1`: the user does not want to be tracked.
    DoNotTrack,
}

impl Dnt {
    /// Reads every `DNT` field value of a request.
    ///
    /// The first character decides, and what follows is an extension that is ignored. A valid
    /// request has one line at the most; of several, a `1` wins over a `0`.
    ///
    /// ```
    /// use placet::Dnt;
    ///
    /// assert_eq!(Dnt::from_header_lines(["1xyz".as_bytes()]), Dnt::DoNotTrack);
    /// assert_eq!(Dnt::from_header_lines(["0".as_bytes()]), Dnt::Allow);
    /// assert_eq!(Dnt::from_header_lines(["yes".as_bytes()]), Dnt::Absent);
    /// ```
    pub fn from_header_lines<'a>(lines: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let mut stated = Self::Absent;
        for line in lines {
            match field_content(line).first() {
                Some(b'1') => return Self::DoNotTrack,
                Some(b'0') => stated = Self::Allow,
                _ => {}
            }
        }
        stated
    }

    /// Reads `navigator.doNotTrack`, or the older `window.doNotTrack` and
    /// `navigator.msDoNotTrack`: `None` for `null`, and the texts browsers have used.
    ///
    /// Firefox before version 32 said `yes` and `no`, and says `unspecified` for `null`.
    ///
    /// ```
    /// use placet::Dnt;
    ///
    /// assert_eq!(Dnt::from_navigator(Some("yes")), Dnt::DoNotTrack);
    /// assert_eq!(Dnt::from_navigator(Some("unspecified")), Dnt::Absent);
    /// assert_eq!(Dnt::from_navigator(None), Dnt::Absent);
    /// ```
    pub fn from_navigator(value: Option<&str>) -> Self {
        match value {
            Some("yes") => Self::DoNotTrack,
            Some("no") => Self::Allow,
            Some(text) => Self::from_header_lines([text.as_bytes()]),
            None => Self::Absent,
        }
    }

    /// Whether the user asked not to be tracked.
    pub const fn is_do_not_track(self) -> bool {
        matches!(self, Self::DoNotTrack)
    }
}

/// Both signals of one request or page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Signals {
    /// Global Privacy Control.
    pub gpc: Gpc,
    /// Do Not Track.
    pub dnt: Dnt,
}

impl fmt::Display for Signals {
    /// For reports: `Sec-GPC: 1, DNT: 1`, or `no signal`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let dnt = match self.dnt {
            Dnt::Absent => None,
            Dnt::Allow => Some("DNT: 0"),
            Dnt::DoNotTrack => Some("DNT: 1"),
        };
        match (self.gpc, dnt) {
            (Gpc::Absent, None) => f.write_str("no signal"),
            (Gpc::Absent, Some(dnt)) => f.write_str(dnt),
            (Gpc::On, None) => f.write_str("Sec-GPC: 1"),
            (Gpc::On, Some(dnt)) => write!(f, "Sec-GPC: 1, {dnt}"),
        }
    }
}

/// Whitespace around a field value is no part of it (RFC 9110 section 5.5).
fn field_content(line: &[u8]) -> &[u8] {
    let blank = |byte: &u8| matches!(byte, b' ' | b'\t');
    let start = line.iter().take_while(|byte| blank(byte)).count();
    let rest = line.get(start..).unwrap_or_default();
    let end = rest.iter().rev().take_while(|byte| blank(byte)).count();
    rest.get(..rest.len() - end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gpc_is_on_only_for_a_line_that_is_exactly_one() {
        let cases: &[(&[&str], Gpc)] = &[
            (&[], Gpc::Absent),
            (&["1"], Gpc::On),
            (&[" 1\t"], Gpc::On),
            (&["0", "1"], Gpc::On),
            (&["1", "0"], Gpc::On),
            (&["", "true"], Gpc::Absent),
            (&["1, 1"], Gpc::Absent),
            (&["1;q=1"], Gpc::Absent),
            (&["10"], Gpc::Absent),
            (&["?1"], Gpc::Absent),
            (&["1 1"], Gpc::Absent),
        ];
        for (lines, expected) in cases {
            let read = Gpc::from_header_lines(lines.iter().map(|l| l.as_bytes()));
            assert_eq!(read, *expected, "{lines:?}");
        }
        assert_eq!(Gpc::from_header_lines([b"\xff1".as_slice()]), Gpc::Absent);
    }

    #[test]
    fn dnt_has_three_states_and_ignores_extensions() {
        let cases: &[(&[&str], Dnt)] = &[
            (&[], Dnt::Absent),
            (&[""], Dnt::Absent),
            (&["1"], Dnt::DoNotTrack),
            (&["0"], Dnt::Allow),
            (&["1!#~"], Dnt::DoNotTrack),
            (&["0 1"], Dnt::Allow),
            (&["0", "1"], Dnt::DoNotTrack),
            (&["1", "0"], Dnt::DoNotTrack),
            (&["2"], Dnt::Absent),
            (&["null"], Dnt::Absent),
            (&["x1"], Dnt::Absent),
        ];
        for (lines, expected) in cases {
            let read = Dnt::from_header_lines(lines.iter().map(|l| l.as_bytes()));
            assert_eq!(read, *expected, "{lines:?}");
        }
    }

    #[test]
    fn navigator_values_of_every_browser_age_are_read() {
        for (value, expected) in [
            (None, Dnt::Absent),
            (Some("1"), Dnt::DoNotTrack),
            (Some("0"), Dnt::Allow),
            (Some("yes"), Dnt::DoNotTrack),
            (Some("no"), Dnt::Allow),
            (Some("unspecified"), Dnt::Absent),
            (Some("null"), Dnt::Absent),
            (Some(""), Dnt::Absent),
        ] {
            assert_eq!(Dnt::from_navigator(value), expected, "{value:?}");
        }
        assert_eq!(Gpc::from_navigator(Some(true)), Gpc::On);
        assert_eq!(Gpc::from_navigator(Some(false)), Gpc::Absent);
        assert_eq!(Gpc::from_navigator(None), Gpc::Absent);
    }
}
