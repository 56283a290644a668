//! A day in UTC.

use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;

use placet::Timestamp;

use crate::moment::Moment;

/// A day in UTC of the years 1 to 9999, written like `2026-11-27`.
///
/// ```
/// use placet_ledger::Day;
///
/// let day: Day = "2026-11-27".parse()?;
/// assert_eq!(day.saturating_add(1).to_string(), "2026-11-28");
/// # Ok::<(), placet_ledger::NotADay>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(i64);

/// A text that is no day.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{found}` is no day; expected year, month and day, like 2026-11-27")]
pub struct NotADay {
    /// The text, cut where it is long.
    pub found: String,
}

/// Seconds of a day.
const SECONDS: i64 = 86_400;

impl Day {
    /// The first there is.
    pub const MIN: Self = Self(Timestamp::MIN.as_unix().div_euclid(SECONDS));
    /// The last there is.
    pub const MAX: Self = Self(Timestamp::MAX.as_unix().div_euclid(SECONDS));

    /// All days.
    pub const ALL: RangeInclusive<Self> = Self::MIN..=Self::MAX;

    /// The day in which this moment lies.
    pub const fn of(moment: Moment) -> Self {
        Self(moment.as_millis().div_euclid(SECONDS * 1000))
    }

    /// Days since 1970-01-01, negative before it.
    pub const fn number(self) -> i64 {
        self.0
    }

    /// Its first moment.
    pub fn begin(self) -> Moment {
        Timestamp::UNIX_EPOCH
            .saturating_add(self.0.saturating_mul(SECONDS))
            .into()
    }

    /// The day so many days after it, or before it where that is negative, held at the ends of the range.
    #[must_use]
    pub fn saturating_add(self, days: i64) -> Self {
        Self(self.0.saturating_add(days)).clamp(Self::MIN, Self::MAX)
    }

    /// How many days there are from the first to the last of these.
    pub fn count(days: &RangeInclusive<Self>) -> u64 {
        let (from, to) = (days.start().0, days.end().0);
        u64::try_from(to.saturating_sub(from).saturating_add(1)).unwrap_or_default()
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.begin().to_string();
        f.write_str(text.get(..10).unwrap_or(&text))
    }
}

impl FromStr for Day {
    type Err = NotADay;

    fn from_str(text: &str) -> Result<Self, NotADay> {
        let moment = (text.len() == 10).then(|| format!("{text}T00:00:00Z").parse::<Moment>());
        moment
            .and_then(Result::ok)
            .map(Self::of)
            .ok_or_else(|| NotADay {
                found: text.chars().take(40).collect(),
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_and_written() {
        for text in ["0001-01-01", "1969-12-31", "2024-02-29", "9999-12-31"] {
            assert_eq!(text.parse::<Day>().unwrap().to_string(), text);
        }
        for text in [
            "",
            "2026-02-30",
            "2026-2-3",
            "27.11.2026",
            "2026-11-27T",
            "0000-01-01",
        ] {
            assert!(text.parse::<Day>().is_err(), "{text}");
        }
        assert_eq!(Day::MAX.saturating_add(1), Day::MAX);
        assert_eq!(Day::MIN.saturating_add(i64::MIN), Day::MIN);
        assert_eq!(Day::count(&(Day::MIN..=Day::MIN)), 1);
    }
}
