//! Consent strings of the advertising trade, decoded: TC strings (IAB Europe's Transparency and
//! Consent Framework, version 2), strings of the Global Privacy Platform, US Privacy strings and
//! Google's additional consent.
//!
//! Bytes in, what they say or a precise error out. Nothing is written here: whoever writes such
//! strings has to be registered for it.
//!
//! ```
//! use placet_audit::consent_string::ConsentString;
//!
//! let Ok(ConsentString::Gpp(gpp)) = ConsentString::read(b"DBACNYA~CPXxRfAPXxRfAAfKABENB-CgAAAAAAAAAAYgAAAAAAAA~1YNN")
//! else {
//!     panic!("a GPP string");
//! };
//! assert_eq!(gpp.us_privacy().and_then(|us| us.opt_out_sale), Some(false));
//! assert_eq!(gpp.tcf_eu().map(|tc| tc.purposes_consent.len()), Some(0));
//! ```

mod additional_consent;
mod bits;
mod gpp;
mod ids;
mod json;
mod tcf;
mod us_privacy;
mod us_section;

pub use additional_consent::AdditionalConsent;
pub use gpp::{GppString, Section, SectionContent, TcfCanada};
pub use ids::{Ids, Purposes};
pub use tcf::{PublisherConsent, Restriction, RestrictionKind, TcString};
pub use us_privacy::UsPrivacy;
pub use us_section::{Answer, UsField, UsSection};

/// The longest string that is read, in bytes; a TC string that names every vendor there can be has
/// about 34,000.
pub const LONGEST: usize = 65_536;

/// A consent string of any kind, decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConsentString {
    /// A TC string of TCF version 2.
    Tc(TcString),
    /// A string of the Global Privacy Platform.
    Gpp(GppString),
    /// A US Privacy string.
    UsPrivacy(UsPrivacy),
    /// Google's additional consent.
    AdditionalConsent(AdditionalConsent),
}

impl ConsentString {
    /// Reads a string whose kind is told by its beginning: `C` a TC string, `D` GPP, `1~` or `2~`
    /// additional consent, four characters that begin with `1` US Privacy.
    ///
    /// # Errors
    ///
    /// [`NotAConsentString`], in the terms of the kind that the beginning promises.
    pub fn read(text: &[u8]) -> Result<Self, NotAConsentString> {
        match text {
            [] => Err(NotAConsentString::Empty),
            [b'1' | b'2', b'~', ..] => AdditionalConsent::read(text).map(Self::AdditionalConsent),
            [b'1', ..] => UsPrivacy::read(text).map(Self::UsPrivacy),
            [b'D', ..] => GppString::read(text).map(Self::Gpp),
            // `B` is the first version of TCF, of which a TC string's error speaks.
            [b'B' | b'C', ..] => TcString::read(text).map(Self::Tc),
            [first, ..] => Err(NotAConsentString::Kind { first: *first }),
        }
    }

    /// What kind it is, for people: `TC string`.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Tc(_) => "TC string",
            Self::Gpp(_) => "GPP string",
            Self::UsPrivacy(_) => "US Privacy string",
            Self::AdditionalConsent(_) => "additional consent",
        }
    }
}

/// Why a text is no consent string.
#[derive(Clone, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum NotAConsentString {
    /// There is nothing to read.
    #[error("found nothing; expected a consent string")]
    Empty,
    /// It is longer than any consent string.
    #[error("found {length} bytes; expected at most {LONGEST}")]
    TooLong {
        /// How long it is.
        length: usize,
    },
    /// It begins like no consent string.
    #[error(
        "begins with {}; expected `C` (TC string), `D` (GPP) or `1` (US Privacy)",
        shown(*.first)
    )]
    Kind {
        /// The first byte.
        first: u8,
    },
    /// A placeholder of an advertising server was never filled in.
    #[error(
        "is a placeholder that was never filled in; expected what the consent tool says in its place"
    )]
    Placeholder,
    /// A character that no base64url text has.
    #[error("{part}: found {} at character {at}; expected A-Z a-z 0-9 - _", shown(*.byte))]
    Alphabet {
        /// Which part of the string: `core segment`.
        part: &'static str,
        /// 1-based, within the part.
        at: usize,
        /// The byte found.
        byte: u8,
    },
    /// The text ends where a field should be.
    #[error("{part}: ends at bit {ends_at}, within `{field}`; the string is cut short")]
    CutShort {
        /// Which part.
        part: &'static str,
        /// Which field of it.
        field: &'static str,
        /// How many bits the part has.
        ends_at: usize,
    },
    /// A field holds what it may not.
    #[error("{part}: found {found} in `{field}`; expected {expected}")]
    Value {
        /// Which part.
        part: &'static str,
        /// Which field of it.
        field: &'static str,
        /// What stands there.
        found: u64,
        /// What may stand there.
        expected: &'static str,
    },
    /// The header of a GPP string announces other sections than follow.
    #[error(
        "header announces {announced} sections, and {found} follow; expected as many, parted by `~`"
    )]
    Sections {
        /// How many the header names.
        announced: usize,
        /// How many there are.
        found: usize,
    },
    /// A segment or sub-section of a type that has none there.
    #[error("found a segment of type {found}; expected {expected}")]
    Segment {
        /// The type.
        found: u64,
        /// Which types there are.
        expected: &'static str,
    },
    /// Not four characters of the US Privacy string.
    #[error(
        "found no US Privacy string; expected `1` and three times Y, N or -, like `1YNN`, or `1---`"
    )]
    UsPrivacy,
    /// Not Google's additional consent.
    #[error(
        "found no additional consent; expected `2~`, ids parted by dots, `~dv.` and ids, like `2~7.12~dv.35`"
    )]
    AdditionalConsent,
    /// A section that a string may hold and this program does not read.
    #[error("{0}")]
    NotRead(&'static str),
}

/// A byte as it may be shown anywhere.
fn shown(byte: u8) -> String {
    if byte.is_ascii_graphic() {
        format!("`{}`", char::from(byte))
    } else {
        format!("byte 0x{byte:02x}")
    }
}

/// Refuses what is empty, too long, or a placeholder that an advertising server should have
/// replaced: `${GDPR_CONSENT_755}`, `{{consent}}`, `%%GDPR%%`, `[CONSENT]`.
fn plausible(text: &[u8]) -> Result<(), NotAConsentString> {
    match text {
        [] => Err(NotAConsentString::Empty),
        [b'$' | b'%' | b'[' | b'{' | b'<', ..] => Err(NotAConsentString::Placeholder),
        _ if text.len() > LONGEST => Err(NotAConsentString::TooLong { length: text.len() }),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_beginning_tells_the_kind() {
        for (text, kind) in [
            ("1YNN", "US Privacy string"),
            ("1---", "US Privacy string"),
            ("2~7.12~dv.35", "additional consent"),
            ("1~7", "additional consent"),
            ("DBABBg~1YNN", "GPP string"),
            ("CPXxRfAPXxRfAAfKABENB-CgAAAAAAAAAAYgAAAAAAAA", "TC string"),
        ] {
            let read = ConsentString::read(text.as_bytes());
            assert_eq!(read.map(|string| string.kind()), Ok(kind), "{text}");
        }
    }

    #[test]
    fn what_is_no_consent_string_is_told_in_words() {
        for (text, expected) in [
            ("", "found nothing; expected a consent string"),
            (
                "x",
                "begins with `x`; expected `C` (TC string), `D` (GPP) or `1` (US Privacy)",
            ),
            (
                "\u{1}",
                "begins with byte 0x01; expected `C` (TC string), `D` (GPP) or `1` (US Privacy)",
            ),
            (
                "BOEFEAyOEFEAyAHABDENAI4AAAB9vABAASA",
                "core segment: found 1 in `Version`; expected 2, as version 1 ended in August 2020",
            ),
            (
                "C+",
                "core segment: found `+` at character 2; expected A-Z a-z 0-9 - _",
            ),
            (
                "CPX",
                "core segment: ends at bit 18, within `Created`; the string is cut short",
            ),
        ] {
            let error = ConsentString::read(text.as_bytes()).unwrap_err();
            assert_eq!(error.to_string(), expected, "{text:?}");
        }
    }
}
