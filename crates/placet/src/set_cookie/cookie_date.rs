//! The date in `Expires`, read by the lenient algorithm that browsers share (RFC 6265bis section
//! 5.1.1).

use time::{Date, Month};

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
    let mut time = None;
    let mut day = None;
    let mut month = None;
    let mut year = None;
    for token in text.split(|&b| is_delimiter(b)) {
        // The order is the rule: a token serves the first field that is still missing and that it
        // fits.
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
    let (hour, minute, second) = time?;
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let year = match year? {
        year @ 70..=99 => year + 1900,
        year @ 0..=69 => year + 2000,
        year => year,
    };
    if year < 1601 {
        return None;
    }
    let date = Date::from_calendar_date(i32::from(year), month?, u8::try_from(day?).ok()?).ok()?;
    let days = i64::from(date.to_julian_day()) - i64::from(UNIX_EPOCH_JULIAN_DAY);
    let seconds = i64::from(hour) * 3600 + i64::from(minute) * 60 + i64::from(second);
    Timestamp::from_unix(days * 86_400 + seconds)
}

const UNIX_EPOCH_JULIAN_DAY: i32 = 2_440_588;

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
fn read_month(token: &[u8]) -> Option<Month> {
    // The bit that tells the cases apart makes no letter of any other byte.
    let start = token.first_chunk::<3>()?.map(|b| b | 0x20);
    Some(match &start {
        b"jan" => Month::January,
        b"feb" => Month::February,
        b"mar" => Month::March,
        b"apr" => Month::April,
        b"may" => Month::May,
        b"jun" => Month::June,
        b"jul" => Month::July,
        b"aug" => Month::August,
        b"sep" => Month::September,
        b"oct" => Month::October,
        b"nov" => Month::November,
        b"dec" => Month::December,
        _ => return None,
    })
}

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
    const SHAPE: &[u8; 29] = b"Aaa, 00 Aaa 0000 00:00:00 GMT";
    const WEEKDAYS: &[u8; 21] = b"MonTueWedThuFriSatSun";
    let digits_and_marks = text.len() == SHAPE.len()
        && text.iter().zip(SHAPE).all(|(b, shape)| match shape {
            b'0' => b.is_ascii_digit(),
            b'A' => b.is_ascii_uppercase(),
            b'a' => b.is_ascii_lowercase(),
            mark => b == mark,
        });
    digits_and_marks
        && text
            .first_chunk::<3>()
            .is_some_and(|day| WEEKDAYS.chunks(3).any(|known| known == day))
}

#[cfg(test)]
mod tests {
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
}
