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
        let dash = if part.is_empty() { "" } else { "-" };
        let written = [country, dash, part].concat();
        match Self::of_text(written.as_bytes()) {
            Some(region) if country.len() == 2 => Ok(region),
            _ => Err(NotARegion {
                found: match subdivision {
                    Some("") => format!("{country}-"),
                    _ => written,
                },
            }),
        }
    }

    /// As it is parsed, of bytes and without words for what is wrong.
    pub const fn of_text(text: &[u8]) -> Option<Self> {
        let mut code = [0; 6];
        let mut rest = text;
        let mut at = 0;
        while let [byte, after @ ..] = rest {
            let fits = match at {
                0 | 1 => byte.is_ascii_alphabetic(),
                2 => *byte == b'-',
                3..6 => byte.is_ascii_alphanumeric(),
                _ => false,
            };
            if !fits {
                return None;
            }
            if let Some((_, [slot, ..])) = code.split_at_mut_checked(at) {
                *slot = byte.to_ascii_uppercase();
            }
            at += 1;
            rest = after;
        }
        if at == 2 || at > 3 {
            Some(Self {
                code,
                length: at as u8,
            })
        } else {
            None
        }
    }

    /// Stands where no region could be read, and is none that a visitor can be in.
    pub(crate) const NONE: Self = Self {
        code: [0; 6],
        length: 0,
    };

    /// A region of our own table, of which a test sees that it has none but regions.
    pub(super) const fn known(code: &str) -> Self {
        match Self::of_text(code.as_bytes()) {
            Some(region) => region,
            None => Self::NONE,
        }
    }

    /// The country that this is, or is a part of.
    pub(crate) const fn whole(self) -> Self {
        let [one, other, ..] = self.code;
        Self {
            code: [one, other, 0, 0, 0, 0],
            length: 2,
        }
    }

    /// Whether this is a part of a country.
    pub(crate) const fn is_part(self) -> bool {
        self.length > 2
    }

    /// Whether this is a country, and the other one a part of it.
    pub(crate) fn has_part(self, other: Self) -> bool {
        !self.is_part() && other.is_part() && other.whole() == self
    }

    /// The whole code: `DE`, `US-CA`.
    pub fn code(&self) -> &str {
        self.code
            .get(..usize::from(self.length))
            .and_then(|bytes| std::str::from_utf8(bytes).ok())
            .unwrap_or_default()
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
        Self::of_text(text.as_bytes()).ok_or_else(|| NotARegion {
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
