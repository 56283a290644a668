//! A moment to the millisecond.

use std::fmt;
use std::str::FromStr;
use std::time::{SystemTime, UNIX_EPOCH};

use placet::Timestamp;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// A moment in UTC in whole milliseconds since 1970-01-01T00:00:00Z, of the years 1 to 9999.
///
/// ```
/// use placet_ledger::Moment;
///
/// let moment = Moment::from_millis(1_790_000_000_007).expect("a year below 10000");
/// assert_eq!(moment.to_string(), "2026-09-21T14:13:20.007Z");
/// assert_eq!("2026-09-21T14:13:20.007Z".parse(), Ok(moment));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(i64);

/// A text that is no moment.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{found}` is no moment; expected RFC 3339, like 2026-11-22T08:30:00.000Z")]
pub struct NotAMoment {
    /// The text, cut where it is long.
    pub found: String,
}

impl Moment {
    const MIN: i64 = Timestamp::MIN.as_unix() * 1000;
    const MAX: i64 = Timestamp::MAX.as_unix() * 1000 + 999;

    /// The moment so many milliseconds after 1970, or `None` outside the years 1 to 9999.
    pub const fn from_millis(millis: i64) -> Option<Self> {
        if millis < Self::MIN || millis > Self::MAX {
            None
        } else {
            Some(Self(millis))
        }
    }

    /// Milliseconds since 1970, negative before it.
    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// The whole second it lies in.
    pub fn second(self) -> Timestamp {
        Timestamp::UNIX_EPOCH.saturating_add(self.0.div_euclid(1000))
    }

    /// This moment moved by `millis`, held at the ends of the range.
    #[must_use]
    pub fn saturating_add(self, millis: i64) -> Self {
        Self(self.0.saturating_add(millis).clamp(Self::MIN, Self::MAX))
    }
}

impl From<Timestamp> for Moment {
    fn from(second: Timestamp) -> Self {
        Self(second.as_unix() * 1000)
    }
}

impl From<SystemTime> for Moment {
    /// A moment outside the range is held at its end.
    fn from(time: SystemTime) -> Self {
        let of = |millis: u128| i64::try_from(millis).unwrap_or(i64::MAX);
        let millis = match time.duration_since(UNIX_EPOCH) {
            Ok(after) => of(after.as_millis()),
            Err(before) => -of(before.duration().as_millis()),
        };
        Self(millis.clamp(Self::MIN, Self::MAX))
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let second = self.second().to_string();
        let second = second.trim_end_matches('Z');
        write!(f, "{second}.{:03}Z", self.0.rem_euclid(1000))
    }
}

impl FromStr for Moment {
    type Err = NotAMoment;

    fn from_str(text: &str) -> Result<Self, NotAMoment> {
        let parsed = OffsetDateTime::parse(text, &Rfc3339).ok();
        let millis = parsed.and_then(|parsed| {
            i64::try_from(parsed.unix_timestamp_nanos().div_euclid(1_000_000)).ok()
        });
        millis
            .and_then(Self::from_millis)
            .ok_or_else(|| NotAMoment {
                found: text.chars().take(40).collect(),
            })
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'_, str>>::deserialize(deserializer)?;
        text.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_moment_is_read_back(millis in Moment::MIN..=Moment::MAX) {
            let moment = Moment::from_millis(millis).unwrap();
            prop_assert_eq!(moment.to_string().parse(), Ok(moment));
        }
    }
}
