//! A moment, given by the caller: the core has no clock.

#[cfg(feature = "file")]
use std::fmt;
use std::ops::{Add, Sub};
use std::time::{Duration, SystemTime};

#[cfg(feature = "file")]
use time::OffsetDateTime;
#[cfg(feature = "file")]
use time::format_description::well_known::Rfc3339;

/// A moment in whole seconds since 1970-01-01T00:00:00Z, negative before it.
///
/// Restricted to the years 1 to 9999, so that it can always be written as RFC 3339.
///
/// ```
/// use placet::Timestamp;
///
/// let made = Timestamp::from_unix(1_790_000_000).expect("a year below 10000");
/// assert_eq!(made.to_string(), "2026-09-21T14:13:20Z");
/// assert_eq!("2026-09-21T16:13:20+02:00".parse(), Ok(made));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// 0001-01-01T00:00:00Z, the earliest moment.
    pub const MIN: Self = Self(-62_135_596_800);
    /// 9999-12-31T23:59:59Z, the last moment.
    pub const MAX: Self = Self(253_402_300_799);
    /// 1970-01-01T00:00:00Z.
    pub const UNIX_EPOCH: Self = Self(0);

    /// The moment so many seconds after 1970, or `None` outside the years 1 to 9999.
    pub const fn from_unix(seconds: i64) -> Option<Self> {
        if seconds < Self::MIN.0 || seconds > Self::MAX.0 {
            None
        } else {
            Some(Self(seconds))
        }
    }

    /// Seconds since 1970, negative before it.
    pub const fn as_unix(self) -> i64 {
        self.0
    }

    /// This moment moved by `seconds`, held at [`Timestamp::MIN`] and [`Timestamp::MAX`].
    pub const fn saturating_add(self, seconds: i64) -> Self {
        let moved = self.0.saturating_add(seconds);
        if moved < Self::MIN.0 {
            Self::MIN
        } else if moved > Self::MAX.0 {
            Self::MAX
        } else {
            Self(moved)
        }
    }

    /// Seconds from `earlier` to this moment, negative when it is later.
    pub const fn seconds_since(self, earlier: Self) -> i64 {
        self.0 - earlier.0
    }

    #[cfg(feature = "file")]
    pub(crate) fn to_civil(self) -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp(self.0).unwrap_or(OffsetDateTime::UNIX_EPOCH)
    }
}

impl Add<Duration> for Timestamp {
    type Output = Self;

    fn add(self, by: Duration) -> Self {
        self.saturating_add(i64::try_from(by.as_secs()).unwrap_or(i64::MAX))
    }
}

impl Sub<Duration> for Timestamp {
    type Output = Self;

    fn sub(self, by: Duration) -> Self {
        self.saturating_add(i64::try_from(by.as_secs()).map_or(i64::MIN, |s| -s))
    }
}

impl From<SystemTime> for Timestamp {
    /// Whole seconds, rounded towards 1970; a moment outside the range is held at its end.
    fn from(time: SystemTime) -> Self {
        match time.duration_since(SystemTime::UNIX_EPOCH) {
            Ok(after) => Self::UNIX_EPOCH + after,
            Err(before) => Self::UNIX_EPOCH - before.duration(),
        }
    }
}

#[cfg(feature = "file")]
impl fmt::Display for Timestamp {
    /// RFC 3339 in UTC: `2026-11-22T08:30:00Z`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let civil = self.to_civil();
        write!(
            f,
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z",
            civil.year(),
            u8::from(civil.month()),
            civil.day(),
            civil.hour(),
            civil.minute(),
            civil.second()
        )
    }
}

/// A text that is not an RFC 3339 date-time of the years 1 to 9999.
#[cfg(feature = "file")]
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{found}` is no date and time; expected RFC 3339, like 2026-11-22T08:30:00Z")]
pub struct NotATimestamp {
    /// The text as given.
    pub found: String,
}

#[cfg(feature = "file")]
impl std::str::FromStr for Timestamp {
    type Err = NotATimestamp;

    /// RFC 3339 section 5.6; fractions of a second are dropped.
    fn from_str(text: &str) -> Result<Self, NotATimestamp> {
        OffsetDateTime::parse(text, &Rfc3339)
            .ok()
            .and_then(|civil| Self::from_unix(civil.unix_timestamp()))
            .ok_or_else(|| NotATimestamp {
                found: text.to_owned(),
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ends_are_written_and_read_back() {
        for end in [Timestamp::MIN, Timestamp::UNIX_EPOCH, Timestamp::MAX] {
            assert_eq!(end.to_string().parse(), Ok(end));
        }
        assert_eq!(Timestamp::MAX.to_string(), "9999-12-31T23:59:59Z");
    }

    #[test]
    fn arithmetic_is_held_at_the_ends() {
        assert_eq!(Timestamp::MAX + Duration::MAX, Timestamp::MAX);
        assert_eq!(Timestamp::MIN - Duration::MAX, Timestamp::MIN);
        assert_eq!(Timestamp::from_unix(i64::MAX), None);
    }

    #[test]
    fn a_text_that_is_no_date_says_what_was_expected() {
        let error = "yesterday".parse::<Timestamp>().unwrap_err();
        assert!(error.to_string().contains("RFC 3339"));
    }
}
