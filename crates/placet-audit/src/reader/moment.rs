//! The dates that recordings carry: HTTP, access log, the many ISO 8601 spellings of exporters,
//! and counts of seconds or milliseconds.

use placet::Timestamp;

/// Any form; `None` when it is none of them.
pub(super) fn read_any(text: &[u8]) -> Option<Timestamp> {
    let text = text.trim_ascii();
    iso(text)
        .or_else(|| epoch(text))
        .or_else(|| http(text))
        .or_else(|| log(text))
}

/// The `Date` of RFC 9110 section 5.6.7, `Sun, 22 Nov 2026 08:30:00 GMT`; also with dashes, and
/// with a numeric zone as JavaScript writes it.
pub(super) fn http(text: &[u8]) -> Option<Timestamp> {
    // Nearly every date has the one layout that the RFC wants written.
    if let [_, _, _, b',', b' ', rest @ ..] = text
        && let [d1, d2, b' ', m1, m2, m3, b' ', year @ ..] = rest
        && let [y1, y2, y3, y4, b' ', clock @ ..] = year
        && let [h1, h2, b':', n1, n2, b':', s1, s2, b' ', b'G', b'M', b'T'] = clock
    {
        return civil(
            number(&[*y1, *y2, *y3, *y4])?,
            month(&[*m1, *m2, *m3])?,
            number(&[*d1, *d2])?,
            number(&[*h1, *h2])?,
            number(&[*n1, *n2])?,
            number(&[*s1, *s2])?,
        );
    }
    http_of_any_layout(text)
}

fn http_of_any_layout(text: &[u8]) -> Option<Timestamp> {
    let mut words = text
        .split(|b| matches!(b, b' ' | b',' | b'-'))
        .filter(|word| !word.is_empty());
    words
        .next()
        .filter(|day| day.iter().all(u8::is_ascii_alphabetic))?;
    let (first, second) = (words.next()?, words.next()?);
    // JavaScript puts the month first.
    let (day, month) = match month(second) {
        Some(month) => (number(first)?, month),
        None => (number(second)?, month(first)?),
    };
    let year = number(words.next()?)?;
    let mut clock = words.next()?.split(|&b| b == b':');
    let (hour, minute) = (number(clock.next()?)?, number(clock.next()?)?);
    let second = clock.next().map_or(Some(0), number)?;
    civil(year, month, day, hour, minute, second)
}

/// The date of a common log line, `22/Nov/2026:08:30:00 +0100`, with or without brackets.
pub(super) fn log(text: &[u8]) -> Option<Timestamp> {
    let text = text.strip_prefix(b"[").unwrap_or(text);
    let text = text.strip_suffix(b"]").unwrap_or(text);
    let mut parts = text.splitn(3, |&b| b == b'/');
    let (day, month) = (number(parts.next()?)?, month(parts.next()?)?);
    let mut parts = parts.next()?.splitn(4, |&b| b == b':');
    let (year, hour) = (number(parts.next()?)?, number(parts.next()?)?);
    let minute = number(parts.next()?)?;
    let (second, zone) = split_digits(parts.next()?);
    let local = civil(year, month, day, hour, minute, number(second)?)?;
    Some(local.saturating_add(-zone_offset(zone.trim_ascii())?))
}

/// ISO 8601: `T` or a space between date and time, any fraction, `Z`, `+01:00`, `+0100`, `+01`
/// or no zone, which is read as UTC.
pub(super) fn iso(text: &[u8]) -> Option<Timestamp> {
    let (year, rest) = text.split_at_checked(4)?;
    let (month, rest) = rest.strip_prefix(b"-")?.split_at_checked(2)?;
    let (day, rest) = rest.strip_prefix(b"-")?.split_at_checked(2)?;
    let (year, month, day) = (number(year)?, number(month)?, number(day)?);
    if rest.is_empty() {
        return civil(year, month, day, 0, 0, 0);
    }
    let (hour, rest) = rest
        .strip_prefix(b"T")
        .or_else(|| rest.strip_prefix(b"t"))
        .or_else(|| rest.strip_prefix(b" "))?
        .split_at_checked(2)?;
    let (minute, rest) = rest.strip_prefix(b":")?.split_at_checked(2)?;
    let (second, rest) = match rest.strip_prefix(b":") {
        Some(rest) => rest.split_at_checked(2)?,
        None => (&b"0"[..], rest),
    };
    let zone = match rest.strip_prefix(b".").or_else(|| rest.strip_prefix(b",")) {
        Some(fraction) => split_digits(fraction).1,
        None => rest,
    };
    let local = civil(
        year,
        month,
        day,
        number(hour)?,
        number(minute)?,
        number(second)?,
    )?;
    Some(local.saturating_add(-zone_offset(zone.trim_ascii())?))
}

/// Seconds since 1970 with or without a fraction, or milliseconds when the count is too high
/// to be seconds of this century.
fn epoch(text: &[u8]) -> Option<Timestamp> {
    let (whole, rest) = split_digits(text);
    if !(rest.is_empty() || rest.starts_with(b".")) {
        return None;
    }
    let count = number(whole)?;
    Timestamp::from_unix(if count < 100_000_000_000 {
        count
    } else {
        count / 1000
    })
}

fn zone_offset(zone: &[u8]) -> Option<i64> {
    let (sign, digits) = match zone {
        b"" | b"Z" | b"z" | b"UTC" | b"GMT" => return Some(0),
        [b'+', digits @ ..] => (1, digits),
        [b'-', digits @ ..] => (-1, digits),
        _ => return None,
    };
    let (hours, minutes) = match digits {
        [a, b] => ([*a, *b], *b"00"),
        [a, b, c, d] | [a, b, b':', c, d] => ([*a, *b], [*c, *d]),
        _ => return None,
    };
    Some(sign * (number(&hours)? * 3600 + number(&minutes)? * 60))
}

fn month(text: &[u8]) -> Option<i64> {
    const MONTHS: [&[u8; 3]; 12] = [
        b"jan", b"feb", b"mar", b"apr", b"may", b"jun", b"jul", b"aug", b"sep", b"oct", b"nov",
        b"dec",
    ];
    let short = text.get(..3)?;
    let index = MONTHS
        .iter()
        .position(|name| short.eq_ignore_ascii_case(*name))?;
    i64::try_from(index + 1).ok()
}

/// Up to 15 digits, nothing else.
fn number(text: &[u8]) -> Option<i64> {
    if text.is_empty() || text.len() > 15 {
        return None;
    }
    text.iter().try_fold(0, |sum, b| {
        b.is_ascii_digit().then(|| sum * 10 + i64::from(b - b'0'))
    })
}

fn split_digits(text: &[u8]) -> (&[u8], &[u8]) {
    let digits = text.iter().take_while(|b| b.is_ascii_digit()).count();
    text.split_at_checked(digits).unwrap_or((text, b""))
}

/// A date of the proleptic Gregorian calendar in UTC; 60 seconds are held at 59.
fn civil(
    year: i64,
    month: i64,
    day: i64,
    hour: i64,
    minute: i64,
    second: i64,
) -> Option<Timestamp> {
    let fits = (1..=9999).contains(&year)
        && (1..=12).contains(&month)
        && (1..=31).contains(&day)
        && (0..24).contains(&hour)
        && (0..60).contains(&minute)
        && (0..=60).contains(&second);
    if !fits {
        return None;
    }
    // Days by counting years from March, so that the leap day is the last of its year.
    let shifted = if month <= 2 { year - 1 } else { year };
    let (era, of_era) = (shifted.div_euclid(400), shifted.rem_euclid(400));
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let days = era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468;
    Timestamp::from_unix(days * 86_400 + hour * 3600 + minute * 60 + second.min(59))
}

/// The `Date` form of RFC 9110, as a cookie's `Expires` is written.
pub(super) fn write_http(at: Timestamp) -> String {
    const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let weekday = usize::try_from(at.as_unix().div_euclid(86_400).rem_euclid(7)).unwrap_or(0);
    // RFC 3339 always has this shape: 2026-11-22T08:30:00Z.
    let text = at.to_string();
    let part = |range| text.get(range).unwrap_or_default();
    let month = part(5..7).parse::<usize>().unwrap_or(1);
    format!(
        "{}, {} {} {} {} GMT",
        DAYS.get(weekday).unwrap_or(&DAYS[0]),
        part(8..10),
        MONTHS.get(month.wrapping_sub(1)).unwrap_or(&MONTHS[0]),
        part(0..4),
        part(11..19)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_spelling_of_one_moment_is_read() {
        let moment = Timestamp::from_unix(1_795_336_200);
        for text in [
            "2026-11-22T08:30:00Z",
            "2026-11-22T08:30:00.123Z",
            "2026-11-22T09:30:00.1234567+01:00",
            "2026-11-22T09:30:00.5+0100",
            "2026-11-22 03:30:00,5 -05",
            "2026-11-22T08:30:00",
            "2026-11-22T08:30",
            "1795336200",
            "1795336200.25",
            "1795336200123",
            "Sun, 22 Nov 2026 08:30:00 GMT",
            "Sun, 22-Nov-2026 08:30:00 GMT",
            "Sun Nov 22 2026 08:30:00 GMT",
            "22/Nov/2026:09:30:00 +0100",
            "[22/Nov/2026:08:30:00 +0000]",
        ] {
            assert_eq!(read_any(text.as_bytes()), moment, "{text}");
        }
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in [
            "",
            "-",
            "null",
            "2026-13-01",
            "yesterday",
            "2026-11-22T08",
            "12:30",
            "-1",
        ] {
            assert_eq!(read_any(text.as_bytes()), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn dates_agree_with_the_core(unix in -62_135_596_800_i64..=253_402_300_799) {
            let moment = Timestamp::from_unix(unix).unwrap();
            prop_assert_eq!(iso(moment.to_string().as_bytes()), Some(moment));
            prop_assert_eq!(http(write_http(moment).as_bytes()), Some(moment));
        }

        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
            let _ = read_any(&bytes);
        }
    }
}
