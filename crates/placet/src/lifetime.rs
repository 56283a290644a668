//! How long a cookie lives, as a policy or a catalogue declares it.

use std::fmt;
use std::str::FromStr;

/// Until the browser closes, or for a number of seconds.
///
/// Written as `session` or as a number with a unit: `s`, `min`, `h`, `d`, `w`, `mo`, `y`. A month
/// counts 30.5 days and a year 366, the longest readings, so that a cookie of thirteen calendar
/// months is within `13mo`.
///
/// ```
/// use placet::Lifetime;
///
/// let declared: Lifetime = "13mo".parse()?;
/// assert_eq!(declared, Lifetime::Seconds(34_257_600));
/// assert!(Lifetime::Session < declared);
/// assert_eq!(declared.to_string(), "13mo");
/// # Ok::<(), placet::NotALifetime>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lifetime {
    /// Until the browser closes.
    Session,
    /// At most so many seconds.
    Seconds(u64),
}

/// The units from the longest to the shortest, in seconds.
const UNITS: [(&str, u64); 7] = [
    ("y", 366 * 86_400),
    ("mo", 305 * 8_640),
    ("w", 7 * 86_400),
    ("d", 86_400),
    ("h", 3_600),
    ("min", 60),
    ("s", 1),
];

impl Lifetime {
    /// 400 days, the longest that browsers store a cookie (RFC 6265bis section 5.5).
    pub const LONGEST_STORED: Self = Self::Seconds(400 * 86_400);
}

/// A text that is no lifetime.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{found}` is no lifetime; expected `session` or a number with a unit, like `30min`, `90d`, `13mo`, `2y`"
)]
pub struct NotALifetime {
    /// The text as given.
    pub found: String,
}

impl FromStr for Lifetime {
    type Err = NotALifetime;

    fn from_str(text: &str) -> Result<Self, NotALifetime> {
        let seconds = || {
            let unit_at = text.find(|c: char| !c.is_ascii_digit())?;
            let (count, unit) = text.split_at_checked(unit_at)?;
            let (_, seconds) = UNITS.into_iter().find(|(name, _)| *name == unit)?;
            count.parse::<u64>().ok()?.checked_mul(seconds)
        };
        if text == "session" {
            return Ok(Self::Session);
        }
        seconds().map(Self::Seconds).ok_or_else(|| NotALifetime {
            found: text.to_owned(),
        })
    }
}

impl fmt::Display for Lifetime {
    /// The largest unit that divides it, as it is written in a policy.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Session => f.write_str("session"),
            Self::Seconds(seconds) => {
                let (unit, size) = UNITS
                    .into_iter()
                    .find(|(_, size)| seconds > 0 && seconds % size == 0)
                    .unwrap_or(("s", 1));
                write!(f, "{}{unit}", seconds / size)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_unit_is_read() {
        for (text, seconds) in [
            ("0s", 0),
            ("45s", 45),
            ("30min", 1_800),
            ("24h", 86_400),
            ("400d", 34_560_000),
            ("2w", 1_209_600),
            ("1mo", 2_635_200),
            ("2y", 63_244_800),
        ] {
            assert_eq!(text.parse(), Ok(Lifetime::Seconds(seconds)), "{text}");
        }
        assert_eq!("session".parse(), Ok(Lifetime::Session));
    }

    #[test]
    fn what_is_no_lifetime_says_what_was_expected() {
        for text in [
            "",
            "d",
            "13",
            "13 mo",
            "-1d",
            "1.5d",
            "1m",
            "Session",
            "9999999999999999999y",
        ] {
            let error = text.parse::<Lifetime>().unwrap_err();
            assert_eq!(error.found, text);
        }
    }

    proptest! {
        #[test]
        fn every_lifetime_is_read_back(seconds in 0..u64::MAX) {
            let lifetime = Lifetime::Seconds(seconds);
            prop_assert_eq!(lifetime.to_string().parse(), Ok(lifetime));
        }
    }
}
