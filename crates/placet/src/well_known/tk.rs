//! The `Tk` response field (Tracking Preference Expression, sections 6.2 and 6.3).

use std::fmt;
use std::str::FromStr;

/// A tracking status value: one character that says how a resource tracks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TrackingStatusValue {
    /// `!`: under construction, no claim is made.
    UnderConstruction,
    /// `?`: it depends on the request; ask the status resource that the id names.
    Dynamic,
    /// `G`: a gateway to several parties. Only in the site-wide status, never in `Tk`.
    Gateway,
    /// `N`: no tracking.
    NotTracking,
    /// `T`: tracking.
    Tracking,
    /// `C`: tracking with consent.
    Consent,
    /// `P`: tracking only once consent is established.
    PotentialConsent,
    /// `D`: Do Not Track is disregarded.
    Disregarding,
    /// `U`: this request changed the status. Only in `Tk`.
    Updated,
}

impl TrackingStatusValue {
    /// Every value.
    pub const ALL: [Self; 9] = [
        Self::UnderConstruction,
        Self::Dynamic,
        Self::Gateway,
        Self::NotTracking,
        Self::Tracking,
        Self::Consent,
        Self::PotentialConsent,
        Self::Disregarding,
        Self::Updated,
    ];

    /// Its character.
    pub const fn as_char(self) -> char {
        match self {
            Self::UnderConstruction => '!',
            Self::Dynamic => '?',
            Self::Gateway => 'G',
            Self::NotTracking => 'N',
            Self::Tracking => 'T',
            Self::Consent => 'C',
            Self::PotentialConsent => 'P',
            Self::Disregarding => 'D',
            Self::Updated => 'U',
        }
    }

    /// The value of a character; one that the specification does not define reads as
    /// [`TrackingStatusValue::PotentialConsent`], as it asks. `None` where no value may stand:
    /// `TSV-extension` is a letter or one of `!?`.
    pub fn from_char(c: char) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|value| value.as_char() == c)
            .or_else(|| c.is_ascii_alphabetic().then_some(Self::PotentialConsent))
    }
}

impl fmt::Display for TrackingStatusValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.as_char())
    }
}

/// Which status resource speaks for a response: `1*(ALPHA / DIGIT / "_" / "-" / "+" / "=" / "/")`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct StatusId(String);

impl StatusId {
    /// The longest that is read, in bytes.
    pub const MAX_LEN: usize = 256;

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A text that is no status id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("found no status id; expected 1 to 256 characters of A-Z a-z 0-9 _ - + = /")]
pub struct NotAStatusId;

impl FromStr for StatusId {
    type Err = NotAStatusId;

    fn from_str(text: &str) -> Result<Self, NotAStatusId> {
        let allowed = |b: u8| b.is_ascii_alphanumeric() || b"_-+=/".contains(&b);
        if (1..=Self::MAX_LEN).contains(&text.len()) && text.bytes().all(allowed) {
            Ok(Self(text.to_owned()))
        } else {
            Err(NotAStatusId)
        }
    }
}

/// The value of a `Tk` response field: `TSV [ ";" status-id ]`, case-sensitive.
///
/// ```
/// use placet::well_known::{Tk, TrackingStatusValue};
///
/// let tk = Tk::parse(b"C;shop")?;
/// assert_eq!(tk.status, TrackingStatusValue::Consent);
/// assert_eq!(tk.to_string(), "C;shop");
/// assert!(Tk::parse(b"G").is_err());
/// # Ok::<(), placet::well_known::NotATk>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Tk {
    /// How the resource tracks.
    pub status: TrackingStatusValue,
    /// Which status resource says more.
    pub status_id: Option<StatusId>,
}

/// A `Tk` field that is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotATk {
    /// It does not begin with a tracking status value.
    #[error(
        "found no tracking status value; expected one of ! ? N T C P D U, perhaps `;` and a status id"
    )]
    Value,
    /// `G` stands for a whole site, not for one response.
    #[error("found `G`, which only the site-wide status may say")]
    Gateway,
    /// `?` without the id it needs.
    #[error("found `?` without a status id; expected `?;ID`")]
    MissingStatusId,
    /// What follows the value is no status id.
    #[error("found no status id after `;`; expected 1 to 256 characters of A-Z a-z 0-9 _ - + = /")]
    StatusId,
}

impl Tk {
    /// `Tk: U`: the answer to a request that changed the visitor's choice.
    pub const UPDATED: Self = Self {
        status: TrackingStatusValue::Updated,
        status_id: None,
    };

    /// Reads a field value.
    ///
    /// # Errors
    ///
    /// [`NotATk`] for what the grammar does not allow.
    pub fn parse(value: &[u8]) -> Result<Self, NotATk> {
        let text = std::str::from_utf8(value).map_err(|_| NotATk::Value)?;
        let text = text.trim_matches([' ', '\t']);
        let mut characters = text.chars();
        let status = characters
            .next()
            .and_then(TrackingStatusValue::from_char)
            .ok_or(NotATk::Value)?;
        let status_id = match characters.as_str() {
            "" => None,
            rest => {
                let id = rest.strip_prefix(';').ok_or(NotATk::Value)?;
                Some(id.parse().map_err(|_| NotATk::StatusId)?)
            }
        };
        match status {
            TrackingStatusValue::Gateway => Err(NotATk::Gateway),
            TrackingStatusValue::Dynamic if status_id.is_none() => Err(NotATk::MissingStatusId),
            _ => Ok(Self { status, status_id }),
        }
    }
}

impl fmt::Display for Tk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.status_id {
            Some(id) => write!(f, "{};{}", self.status, id.as_str()),
            None => self.status.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_value_is_read_by_its_own_character() {
        for value in TrackingStatusValue::ALL {
            assert_eq!(TrackingStatusValue::from_char(value.as_char()), Some(value));
        }
    }

    #[test]
    fn an_extension_reads_as_potential_consent() {
        let tk = Tk::parse(b"X").unwrap();
        assert_eq!(tk.status, TrackingStatusValue::PotentialConsent);
        // The values are case-sensitive: `n` is an extension, not `N`.
        let lower = Tk::parse(b"n").unwrap();
        assert_eq!(lower.status, TrackingStatusValue::PotentialConsent);
    }

    #[test]
    fn what_the_grammar_does_not_allow_is_refused_with_the_reason() {
        for (value, expected) in [
            ("", NotATk::Value),
            ("1", NotATk::Value),
            ("NT", NotATk::Value),
            ("N ;x", NotATk::Value),
            ("G", NotATk::Gateway),
            ("G;x", NotATk::Gateway),
            ("?", NotATk::MissingStatusId),
            ("?;", NotATk::StatusId),
            ("N;a b", NotATk::StatusId),
            ("N;a;b", NotATk::StatusId),
        ] {
            assert_eq!(Tk::parse(value.as_bytes()), Err(expected), "{value}");
        }
        assert_eq!(Tk::parse(b"\xff"), Err(NotATk::Value));
    }

    #[test]
    fn the_answer_to_a_changed_choice_is_u() {
        assert_eq!(Tk::UPDATED.to_string(), "U");
        assert_eq!(Tk::parse(b"U"), Ok(Tk::UPDATED));
    }

    proptest! {
        #[test]
        fn what_is_read_is_written_the_same(value in "[!?A-Z](;[A-Za-z0-9_+=/-]{1,20})?") {
            if let Ok(tk) = Tk::parse(value.as_bytes()) {
                let again = Tk::parse(tk.to_string().as_bytes());
                prop_assert_eq!(again, Ok(tk));
            }
        }

        #[test]
        fn no_bytes_panic(value: Vec<u8>) {
            let _ = Tk::parse(&value);
        }
    }
}
