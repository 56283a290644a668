//! What holds for any text in the place of a date.

use placet::set_cookie::cookie_date;

/// A date that was found is written in the text: so are its year, its day and its time.
pub(crate) fn any_text_is_read_as_a_date_or_not(text: &[u8]) {
    let Some(moment) = cookie_date(text) else {
        return;
    };
    let written = moment.to_string();
    let number = |range| -> u32 {
        let digits: &str = &written[range];
        digits.parse().expect("digits of RFC 3339")
    };
    let (year, day) = (number(0..4), number(8..10));
    assert!((1601..=9999).contains(&year), "{written}");
    let numbers: Vec<u32> = text
        .split(|b| !b.is_ascii_digit())
        .filter(|digits| (1..=4).contains(&digits.len()))
        .map(|digits| digits.iter().fold(0, |n, b| n * 10 + u32::from(b - b'0')))
        .collect();
    let short = |year: u32| numbers.contains(&(year % 100)) && (1970..2070).contains(&year);
    assert!(numbers.contains(&year) || short(year), "{written}");
    for part in [day, number(11..13), number(14..16), number(17..19)] {
        assert!(numbers.contains(&part), "{written}");
    }

    let padded = [b"GMT (", text, b")"].concat();
    assert_eq!(
        cookie_date(&padded),
        Some(moment),
        "noise around a date changes nothing"
    );
    let again = format!("{day} {} {year} {}", month(number(5..7)), &written[11..19]);
    assert_eq!(cookie_date(again.as_bytes()), Some(moment));
}

fn month(number: u32) -> &'static str {
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    MONTHS[number as usize - 1]
}
