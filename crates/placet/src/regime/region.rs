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
        let refused = || {
            let dash = if subdivision.is_some() { "-" } else { "" };
            NotARegion {
                found: [country, dash, subdivision.unwrap_or_default()].concat(),
            }
        };
        let mut code = [0; 6];
        let mut length = 0;
        let mut push = |byte: u8| {
            if let Some(slot) = code.get_mut(usize::from(length)) {
                *slot = byte.to_ascii_uppercase();
                length += 1;
            }
        };
        if country.len() != 2 || !country.bytes().all(|b| b.is_ascii_alphabetic()) {
            return Err(refused());
        }
        country.bytes().for_each(&mut push);
        if let Some(part) = subdivision.filter(|part| !part.is_empty()) {
            if part.len() > 3 || !part.bytes().all(|b| b.is_ascii_alphanumeric()) {
                return Err(refused());
            }
            push(b'-');
            part.bytes().for_each(&mut push);
        }
        Ok(Self { code, length })
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
        let dash = text.bytes().position(|byte| byte == b'-');
        let parts = dash.and_then(|at| Some((text.get(..at)?, text.get(at + 1..)?)));
        match parts {
            Some((country, part)) if !part.is_empty() => Self::from_codes(country, Some(part)),
            Some(_) => Err(NotARegion {
                found: text.to_owned(),
            }),
            None => Self::from_codes(text, None),
        }
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
