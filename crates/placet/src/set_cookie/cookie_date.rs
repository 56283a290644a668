//! The date in `Expires`, read by the lenient algorithm that browsers share (RFC 6265bis section
//! 5.1.1).

use crate::Timestamp;

/// Reads a cookie-date, or `None` where a browser would ignore the `Expires` it stands in.
///
/// Looks for a time, a day, a month and a year in any order and around any noise; weekday and time
/// zone are noise too, so every date is in UTC. Years 70 to 99 are of the twentieth century, 0 to
/// 69 of the twenty-first; years before 1601 and dates that do not exist are refused.
///
/// ```
/// use placet::set_cookie::cookie_date;
///
/// let seen = cookie_date(b"Wed, 21-Oct-26 07:28:00 GMT").expect("a date");
/// assert_eq!(seen.to_string(), "2026-10-21T07:28:00Z");
/// assert_eq!(cookie_date(b"31 Feb 2026 00:00:00"), None);
/// ```
pub fn cookie_date(text: &[u8]) -> Option<Timestamp> {
    // Nearly every date has the one form, which is read without looking for its parts.
    #[cfg(feature = "fast")]
    let fields = Fields::of_imf_fixdate(text).or_else(|| Fields::find(text))?;
    #[cfg(not(feature = "fast"))]
    let fields = Fields::find(text)?;
    let (hour, minute, second) = fields.time;
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let year = match fields.year {
        year @ 70..=99 => year + 1900,
        year @ 0..=69 => year + 2000,
        year => year,
    };
    if year < 1601 {
        return None;
    }
    let days = days_since_1970(i32::from(year), fields.month, fields.day)?;
    let seconds = i32::from(hour) * 3600 + i32::from(minute) * 60 + i32::from(second);
    Timestamp::from_unix(i64::from(days) * 86_400 + i64::from(seconds))
}

/// What a date says, before it is known whether there is such a date.
struct Fields {
    time: (u16, u16, u16),
    day: u16,
    /// From 1 for January.
    month: u16,
    year: u16,
}

impl Fields {
    /// The fields wherever they stand, whatever else does.
    fn find(text: &[u8]) -> Option<Self> {
        let mut time = None;
        let mut day = None;
        let mut month = None;
        let mut year = None;
        for token in text.split(|&b| is_delimiter(b)) {
            // The order is the rule: a token serves the first field that is still missing and that
            // it fits.
            let Some(first) = token.first() else { continue };
            if first.is_ascii_digit() {
                if time.is_none() {
                    time = read_time(token);
                    if time.is_some() {
                        continue;
                    }
                }
                if day.is_none() {
                    day = read_number(token, 1, 2);
                    if day.is_some() {
                        continue;
                    }
                }
                if year.is_none() {
                    year = read_number(token, 2, 4);
                }
            } else if month.is_none() {
                month = read_month(token);
            }
        }
        Some(Self {
            time: time?,
            day: day?,
            month: month?,
            year: year?,
        })
    }

    /// The fields of `Wed, 21 Oct 2026 07:28:00 GMT`, written in exactly that form.
    #[rustfmt::skip]
    fn of_imf_fixdate(text: &[u8]) -> Option<Self> {
        let [
            w1, w2, w3, b',', b' ', d1, d2, b' ', m1, m2, m3, b' ', y1, y2, y3, y4, b' ',
            h1, h2, b':', n1, n2, b':', s1, s2, b' ', b'G', b'M', b'T',
        ] = *text else {
            return None;
        };
        let digits = [d1, d2, y1, y2, y3, y4, h1, h2, n1, n2, s1, s2];
        let all_digits = digits.iter().fold(true, |all, b| all & b.is_ascii_digit());
        let is_month = m1.is_ascii_uppercase() & m2.is_ascii_lowercase() & m3.is_ascii_lowercase();
        let is_weekday = matches!(
            &[w1, w2, w3],
            b"Mon" | b"Tue" | b"Wed" | b"Thu" | b"Fri" | b"Sat" | b"Sun"
        );
        if !(all_digits & is_month & is_weekday) {
            return None;
        }
        let two = |high: u8, low: u8| u16::from(high & 15) * 10 + u16::from(low & 15);
        Some(Self {
            time: (two(h1, h2), two(n1, n2), two(s1, s2)),
            day: two(d1, d2),
            month: read_month(&[m1, m2, m3])?,
            year: two(y1, y2) * 100 + two(y3, y4),
        })
    }
}

/// The days from 1970 to a date of the Gregorian calendar, or `None` where there is no such date.
fn days_since_1970(year: i32, month: u16, day: u16) -> Option<i32> {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let last = match month {
        2 => 28 + u16::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    if !(1..=last).contains(&day) {
        return None;
    }
    // A year that begins in March has its odd day at its end, and its months 153 days in every five.
    let (year, month) = match i32::from(month) {
        month @ 3.. => (year, month - 3),
        month => (year - 1, month + 9),
    };
    let before_the_year = year * 365 + year / 4 - year / 100 + year / 400;
    let before_the_month = (153 * month + 2) / 5;
    // 1970-01-01 in days since 0000-03-01.
    const EPOCH: i32 = 719_468;
    Some(before_the_year + before_the_month + i32::from(day) - 1 - EPOCH)
}

fn is_delimiter(b: u8) -> bool {
    matches!(b, 0x09 | 0x20..=0x2F | 0x3B..=0x40 | 0x5B..=0x60 | 0x7B..=0x7E)
}

/// `1*2DIGIT ":" 1*2DIGIT ":" 1*2DIGIT`, alone or before a byte that is not a digit.
fn read_time(token: &[u8]) -> Option<(u16, u16, u16)> {
    let (hour, rest) = leading_number(token, 1, 2)?;
    let (minute, rest) = leading_number(rest.strip_prefix(b":")?, 1, 2)?;
    let (second, _) = leading_number(rest.strip_prefix(b":")?, 1, 2)?;
    Some((hour, minute, second))
}

/// A month by its first three letters in any case, whatever follows them.
fn read_month(token: &[u8]) -> Option<u16> {
    // The bit that tells the cases apart makes no letter of any other byte.
    let [a, b, c] = token.first_chunk::<3>()?.map(|b| b | 0x20);
    Some(match u32::from_be_bytes([0, a, b, c]) {
        JAN => 1,
        FEB => 2,
        MAR => 3,
        APR => 4,
        MAY => 5,
        JUN => 6,
        JUL => 7,
        AUG => 8,
        SEP => 9,
        OCT => 10,
        NOV => 11,
        DEC => 12,
        _ => return None,
    })
}

const fn letters([a, b, c]: [u8; 3]) -> u32 {
    u32::from_be_bytes([0, a, b, c])
}

const JAN: u32 = letters(*b"jan");
const FEB: u32 = letters(*b"feb");
const MAR: u32 = letters(*b"mar");
const APR: u32 = letters(*b"apr");
const MAY: u32 = letters(*b"may");
const JUN: u32 = letters(*b"jun");
const JUL: u32 = letters(*b"jul");
const AUG: u32 = letters(*b"aug");
const SEP: u32 = letters(*b"sep");
const OCT: u32 = letters(*b"oct");
const NOV: u32 = letters(*b"nov");
const DEC: u32 = letters(*b"dec");

fn read_number(token: &[u8], least: usize, most: usize) -> Option<u16> {
    leading_number(token, least, most).map(|(number, _)| number)
}

/// The digits a token begins with, when they are at least `least` and at most `most`, and what
/// follows them.
fn leading_number(token: &[u8], least: usize, most: usize) -> Option<(u16, &[u8])> {
    let mut number = 0;
    let mut digits = 0;
    for b in token.iter().take_while(|b| b.is_ascii_digit()) {
        if digits == most {
            return None;
        }
        number = number * 10 + u16::from(b - b'0');
        digits += 1;
    }
    if digits < least {
        return None;
    }
    Some((number, token.get(digits..)?))
}

/// Whether a date is written the one way servers are asked to: `Wed, 21 Oct 2026 07:28:00 GMT`
/// (RFC 6265bis section 4.1.1, RFC 9110 section 5.6.7).
///
/// ```
/// use placet::set_cookie::is_imf_fixdate;
///
/// assert!(is_imf_fixdate(b"Wed, 21 Oct 2026 07:28:00 GMT"));
/// assert!(!is_imf_fixdate(b"Wed, 21-Oct-26 07:28:00 GMT"));
/// ```
pub fn is_imf_fixdate(text: &[u8]) -> bool {
    Fields::of_imf_fixdate(text).is_some()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;

    #[test]
    fn only_the_one_written_form_is_an_imf_fixdate() {
        assert!(is_imf_fixdate(b"Wed, 21 Oct 2026 07:28:00 GMT"));
        for other in [
            &b"Wed, 21-Oct-2026 07:28:00 GMT"[..],
            b"Wednesday, 21 Oct 2026 07:28:00 GMT",
            b"Wed, 21 Oct 26 07:28:00 GMT",
            b"wed, 21 Oct 2026 07:28:00 GMT",
            b"Wen, 21 Oct 2026 07:28:00 GMT",
            b"Wed, 21 Oct 2026 07:28:00 UTC",
            b"Wed, 1 Oct 2026 07:28:00 GMT",
            b"",
        ] {
            assert!(!is_imf_fixdate(other), "{other:?}");
        }
    }

    #[test]
    fn every_day_from_1601_to_9999_is_the_day_after_the_one_before() {
        let mut expected = -134_774; // 1601-01-01
        for year in 1601..=9999 {
            for month in 1..=12 {
                for day in 0..=32 {
                    let days = days_since_1970(year, month, day);
                    let exists = time::Month::try_from(month as u8).is_ok_and(|month| {
                        time::Date::from_calendar_date(year, month, day as u8).is_ok()
                    });
                    assert_eq!(days, exists.then_some(expected), "{year}-{month}-{day}");
                    expected += i32::from(exists);
                }
            }
        }
    }

    proptest! {
        #[test]
        fn the_one_form_is_read_as_the_lenient_algorithm_reads_it(
            weekday in select(vec!["Mon", "Wed", "Sun", "Xyz"]),
            month in select(vec!["Jan", "Feb", "Dec", "Mai"]),
            (day, year) in (0..40_u8, 0..10_000_u16),
            (hour, minute, second) in (0..30_u8, 0..70_u8, 0..70_u8),
        ) {
            let text = format!(
                "{weekday}, {day:02} {month} {year:04} {hour:02}:{minute:02}:{second:02} GMT"
            );
            // One space more is another form that says the same.
            let other = format!("{text} ");
            prop_assert_eq!(cookie_date(text.as_bytes()), cookie_date(other.as_bytes()));
        }
    }
}
