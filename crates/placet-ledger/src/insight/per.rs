//! How long a period is.

use std::fmt;
use std::ops::RangeInclusive;

use crate::day::Day;

/// How long a period is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Per {
    /// A day in UTC.
    Day,
    /// From Monday to Sunday.
    Week,
    /// A month.
    Month,
    /// A year.
    Year,
}

impl Per {
    /// All lengths, the shortest first.
    pub const ALL: [Self; 4] = [Self::Day, Self::Week, Self::Month, Self::Year];
    /// More periods than that nobody reads.
    const MOST: u64 = 62;

    /// The shortest by which these days are not more than 62 periods, or else a year.
    pub fn of(days: &RangeInclusive<Day>) -> Self {
        let count = Day::count(days);
        let fits = |per: &Self| count <= per.days().saturating_mul(Self::MOST);
        Self::ALL.into_iter().find(fits).unwrap_or(Self::Year)
    }

    /// `day`, `week`, `month`, `year`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Year => "year",
        }
    }

    /// The length of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|per| per.name() == name)
    }

    /// About so many days.
    const fn days(self) -> u64 {
        match self {
            Self::Day => 1,
            Self::Week => 7,
            Self::Month => 30,
            Self::Year => 365,
        }
    }

    /// The first day of the period in which this day lies.
    pub(super) fn begin(self, day: Day) -> Day {
        let cut = |length: usize, rest: &str| {
            let text = day.to_string();
            let first = text.get(..length).unwrap_or(&text);
            format!("{first}{rest}").parse().unwrap_or(day)
        };
        match self {
            Self::Day => day,
            // 1970-01-01 was a Thursday.
            Self::Week => day.saturating_add(-(day.number() + 3).rem_euclid(7)),
            Self::Month => cut(7, "-01"),
            Self::Year => cut(4, "-01-01"),
        }
    }

    /// The first day of the next period; `None` where there is none.
    pub(super) fn next(self, begin: Day) -> Option<Day> {
        let days = match self {
            Self::Day => 1,
            Self::Week => 7,
            Self::Month => 31,
            Self::Year => 366,
        };
        let next = self.begin(begin.saturating_add(days));
        (next > begin).then_some(next)
    }

    /// How a period is called: `2026-11-27`, `2026-11`, `2026`; a week by its Monday.
    pub(super) fn label(self, begin: Day) -> String {
        let text = begin.to_string();
        let length = match self {
            Self::Day | Self::Week => 10,
            Self::Month => 7,
            Self::Year => 4,
        };
        text.get(..length).unwrap_or(&text).to_owned()
    }
}

impl fmt::Display for Per {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn periods_follow_each_other() {
        let cases = [
            (Per::Day, "2024-02-28", "2024-02-28", "2024-02-29"),
            (Per::Week, "2026-11-29", "2026-11-23", "2026-11-30"),
            (Per::Week, "1969-12-31", "1969-12-29", "1970-01-05"),
            (Per::Month, "2024-02-29", "2024-02-01", "2024-03-01"),
            (Per::Month, "2026-12-31", "2026-12-01", "2027-01-01"),
            (Per::Year, "2024-12-31", "2024-01-01", "2025-01-01"),
            (Per::Year, "2025-07-01", "2025-01-01", "2026-01-01"),
        ];
        for (per, within, begin, next) in cases {
            assert_eq!(per.begin(day(within)), day(begin), "{per} {within}");
            assert_eq!(per.next(day(begin)), Some(day(next)), "{per} {begin}");
        }
        for per in Per::ALL {
            assert_eq!(per.next(per.begin(Day::MAX)), None, "{per}");
            assert_eq!(per.begin(Day::MIN), Day::MIN, "{per}");
        }
    }

    #[test]
    fn many_days_make_long_periods() {
        let cases = [
            ("2026-01-01", "2026-03-03", Per::Day),
            ("2026-01-01", "2026-03-04", Per::Week),
            ("2023-11-28", "2026-11-27", Per::Month),
            ("0001-01-01", "9999-12-31", Per::Year),
        ];
        for (from, to, per) in cases {
            assert_eq!(Per::of(&(day(from)..=day(to))), per, "{from} to {to}");
        }
    }
}
