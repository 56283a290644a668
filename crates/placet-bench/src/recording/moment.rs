//! Moments of a recording, written as servers and exporters write them.

use std::fmt::Write;

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];
const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];

/// Seconds since 1970, split; the calendar runs on without leap seconds.
struct Civil {
    year: i64,
    /// 1 to 12.
    month: i64,
    day: i64,
    hour: i64,
    minute: i64,
    second: i64,
    weekday: &'static str,
}

impl Civil {
    fn of(seconds: i64) -> Self {
        let (days, rest) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
        // Years are counted from March, so that the leap day ends one.
        let shifted = days + 719_468;
        let (era, day) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
        let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
        let day = day - (365 * year + year / 4 - year / 100);
        let from_march = (5 * day + 2) / 153;
        let month = if from_march < 10 {
            from_march + 3
        } else {
            from_march - 9
        };
        Self {
            year: year + era * 400 + i64::from(month <= 2),
            month,
            day: day - (153 * from_march + 2) / 5 + 1,
            hour: rest / 3_600,
            minute: rest / 60 % 60,
            second: rest % 60,
            weekday: DAYS[days.rem_euclid(7) as usize],
        }
    }

    fn month_name(&self) -> &'static str {
        MONTHS[self.month as usize - 1]
    }
}

/// `Sun, 22 Nov 2026 08:30:00 GMT`, or with `dash` as the separator the older form with dashes.
pub(super) fn http(seconds: i64, separator: char, text: &mut String) {
    let civil = Civil::of(seconds);
    // Writing to a string cannot fail.
    let _ = write!(
        text,
        "{}, {:02}{separator}{}{separator}{} {:02}:{:02}:{:02} GMT",
        civil.weekday,
        civil.day,
        civil.month_name(),
        civil.year,
        civil.hour,
        civil.minute,
        civil.second
    );
}

/// `2026-11-22T08:30:00.417Z`.
pub(super) fn iso(seconds: i64, milliseconds: usize, text: &mut String) {
    let civil = Civil::of(seconds);
    let _ = write!(
        text,
        "{}-{:02}-{:02}T{:02}:{:02}:{:02}.{milliseconds:03}Z",
        civil.year, civil.month, civil.day, civil.hour, civil.minute, civil.second
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_written_as_the_engine_reads_them() {
        for seconds in [0, 951_782_400, 1_709_164_800, 1_795_336_200, 4_102_444_799] {
            let mut text = String::new();
            http(seconds, ' ', &mut text);
            let read = placet::set_cookie::cookie_date(text.as_bytes());
            assert_eq!(
                read.map(placet::Timestamp::as_unix),
                Some(seconds),
                "{text}"
            );
            text.clear();
            iso(seconds, 0, &mut text);
            let read: placet::Timestamp = text.parse().unwrap();
            assert_eq!(read.as_unix(), seconds, "{text}");
        }
        let mut text = String::new();
        http(1_795_336_200, '-', &mut text);
        assert_eq!(text, "Sun, 22-Nov-2026 08:30:00 GMT");
    }
}
