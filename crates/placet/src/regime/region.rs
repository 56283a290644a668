//! A country, or a part of one, by its ISO 3166 code.

use std::fmt;
use std::str::FromStr;

/// A country (ISO 3166-1 alpha-2) or a subdivision of one (ISO 3166-2).
///
/// ```
/// use placet::Region;
///
/// let california: Region = "us-ca".parse()?;
/// assert_eq!(california.to_string(), "US-CA");
/// assert_eq!(california.country(), "US");
/// assert_eq!(Region::from_codes("US", Some("CA")), Ok(california));
/// # Ok::<(), placet::NotARegion>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Region {
    /// `US-CA` in capitals, zero bytes behind it.
    code: [u8; 6],
    length: u8,
}

impl Region {
    /// A region from the two codes that a content network's headers give.
    ///
    /// # Errors
    ///
    /// [`NotARegion`] unless the country is two letters and the subdivision one to three letters
    /// or digits. An empty subdivision counts as none.
    pub fn from_codes(country: &str, subdivision: Option<&str>) -> Result<Self, NotARegion> {
        let part = subdivision.unwrap_or_default();
        Self::of_bytes(country.as_bytes(), part.as_bytes()).ok_or_else(|| {
            let dash = if subdivision.is_some() { "-" } else { "" };
            NotARegion {
                found: [country, dash, part].concat(),
            }
        })
    }

    /// An empty part is none.
    fn of_bytes(country: &[u8], part: &[u8]) -> Option<Self> {
        let is_country = country.len() == 2 && country.iter().all(u8::is_ascii_alphabetic);
        let is_part = part.len() <= 3 && part.iter().all(u8::is_ascii_alphanumeric);
        if !is_country || !is_part {
            return None;
        }
        let dash: &[u8] = if part.is_empty() { b"" } else { b"-" };
        let mut code = [0; 6];
        let mut length = 0;
        for (slot, byte) in code.iter_mut().zip(country.iter().chain(dash).chain(part)) {
            *slot = byte.to_ascii_uppercase();
            length += 1;
        }
        Some(Self { code, length })
    }

    /// The whole code: `DE`, `US-CA`.
    pub fn code(&self) -> &str {
        self.code
            .get(..usize::from(self.length))
            .and_then(|bytes| std::str::from_utf8(bytes).ok())
            .unwrap_or_default()
    }

    /// Whether this is a country, and `code` that of a part of it.
    pub(crate) fn has_part(&self, code: &str) -> bool {
        let part = code.as_bytes().strip_prefix(self.code().as_bytes());
        part.is_some_and(|part| part.starts_with(b"-"))
    }

    /// The country's code: `US`.
    pub fn country(&self) -> &str {
        self.code().get(..2).unwrap_or_default()
    }
}

impl FromStr for Region {
    type Err = NotARegion;

    /// `DE`, `US-CA`, in any case.
    fn from_str(text: &str) -> Result<Self, NotARegion> {
        let bytes = text.as_bytes();
        let mut parts = bytes.splitn(2, |byte| *byte == b'-');
        let country = parts.next().unwrap_or_default();
        let read = match parts.next() {
            Some(b"") => None,
            part => Self::of_bytes(country, part.unwrap_or_default()),
        };
        read.ok_or_else(|| NotARegion {
            found: text.to_owned(),
        })
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Region({})", self.code())
    }
}

/// A text that is no region code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{found}` is no region; expected a country like `DE` or a subdivision like `US-CA`")]
pub struct NotARegion {
    /// The text as given.
    pub found: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_in_any_case() {
        for (text, code) in [
            ("de", "DE"),
            ("US-ca", "US-CA"),
            ("GB-ENG", "GB-ENG"),
            ("FR-75", "FR-75"),
        ] {
            assert_eq!(text.parse::<Region>().unwrap().code(), code);
        }
        assert_eq!(Region::from_codes("us", Some("")).unwrap().code(), "US");
    }

    #[test]
    fn what_is_no_code_is_refused_with_what_was_found() {
        for text in [
            "", "D", "DEU", "U1", "US-", "US-CALI", "US-C A", "-CA", "ÜS", "US-C-A",
        ] {
            let error = text.parse::<Region>().unwrap_err();
            assert_eq!(error.found, text);
        }
    }
}
