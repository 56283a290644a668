//! Dates and spans of time as people write them, in English, German and French.

use placet::Lifetime;

use super::claim::Date;
use super::language::Language;
use super::words::Word;

const DAY: u64 = 86_400;
/// The longest readings, as [`Lifetime`] has them.
const MONTH: u64 = 305 * 8_640;
const YEAR: u64 = 366 * DAY;

/// The number of a month by its name or abbreviation in lower case.
pub(super) fn month(word: &str) -> Option<u8> {
    const MONTHS: [&[&str]; 12] = [
        &["january", "jan", "januar", "jänner", "janvier"],
        &["february", "feb", "februar", "février", "fevrier"],
        &["march", "mar", "märz", "maerz", "mars"],
        &["april", "apr", "avril"],
        &["may", "mai"],
        &["june", "jun", "juni", "juin"],
        &["july", "jul", "juli", "juillet"],
        &["august", "aug", "août", "aout"],
        &["september", "sep", "sept", "septembre"],
        &["october", "oct", "oktober", "okt", "octobre"],
        &["november", "nov", "novembre"],
        &["december", "dec", "dezember", "dez", "décembre", "decembre"],
    ];
    let place = MONTHS.iter().position(|names| names.contains(&word))?;
    u8::try_from(place + 1).ok()
}

/// The first date among the words. Of numbers alone, `03/04/2026` is a date only where the
/// language says which is the month.
pub(super) fn date(words: &[Word], language: Language) -> Option<Date> {
    (0..words.len()).find_map(|at| date_at(words.get(at..)?, language))
}

fn date_at(words: &[Word], language: Language) -> Option<Date> {
    let text = |place: usize| words.get(place).map_or("", |word| &*word.text);
    // Punctuation between the parts does not matter.
    let parts: Vec<&str> = words
        .iter()
        .take(8)
        .map(|word| &*word.text)
        .filter(|text| !matches!(*text, "," | "." | "of" | "the" | "\""))
        .take(3)
        .collect();
    if let [first, second, third] = parts.as_slice() {
        if let (Some(month), Some(day), Some(year)) = (month(first), day(second), year(third)) {
            return valid(year, month, Some(day));
        }
        if let (Some(day), Some(month), Some(year)) = (day(first), month(second), year(third)) {
            return valid(year, month, Some(day));
        }
    }
    if let [first, second, ..] = parts.as_slice()
        && let (Some(month), Some(year)) = (month(first), year(second))
    {
        return valid(year, month, None);
    }
    numeric(text(0), words, language)
}

/// `2026-11-27`, `27.11.2026`, `11/27/2026`: hyphens separate words, slashes are words.
fn numeric(first: &str, words: &[Word], language: Language) -> Option<Date> {
    let joined: Vec<&str> = words
        .iter()
        .take(5)
        .map(|word| &*word.text)
        .filter(|text| *text != "/")
        .take(3)
        .collect();
    let parts: Vec<&str> = match first.matches('.').count() {
        2 => first.split('.').collect(),
        _ => joined,
    };
    let [a, b, c] = parts.as_slice() else {
        return None;
    };
    let number = |text: &str| text.parse::<u8>().ok().filter(|n| (1..=31).contains(n));
    if let (Some(year), Some(month), Some(day)) =
        (year(a), number(b), number(c.get(..2).unwrap_or(c)))
    {
        return valid(year, month, Some(day));
    }
    let (a, b, year) = (number(a)?, number(b)?, year(c)?);
    if a > 12 || language != Language::English || first.contains('.') {
        valid(year, b, Some(a))
    } else if b > 12 || a == b {
        valid(year, a, Some(b))
    } else {
        // British and American readers disagree.
        None
    }
}

fn day(text: &str) -> Option<u8> {
    let digits = text.trim_end_matches(['s', 't', 'n', 'd', 'r', 'h', 'e']);
    digits.parse().ok().filter(|day| (1..=31).contains(day))
}

fn year(text: &str) -> Option<u16> {
    text.parse()
        .ok()
        .filter(|year| (1990..=2099).contains(year))
}

fn valid(year: u16, month: u8, day: Option<u8>) -> Option<Date> {
    let longest = match month {
        2 => 29,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    day.is_none_or(|day| day <= longest)
        .then_some(Date { year, month, day })
}

/// A span of time and the place after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) lifetime: Lifetime,
    /// The place of its first word.
    pub(super) at: usize,
}

/// Every span of time among the words: `13 months`, `two (2) years`, `24h`.
pub(super) fn spans(words: &[Word]) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    for (at, word) in words.iter().enumerate() {
        // `24h`, `30d`, `13mo` as in tables of cookies.
        let digits = word.text.chars().take_while(char::is_ascii_digit).count();
        if digits > 0
            && let Some((number, rest)) = word.text.split_at_checked(digits)
            && let (Ok(number), Some(one)) = (number.parse::<u64>(), unit(rest))
        {
            spans.push(span(number, one, at));
            continue;
        }
        let Some(number) = number(&word.text) else {
            continue;
        };
        // `a year`, but not `a 14-day window`.
        let is_article = matches!(&*word.text, "a" | "an");
        if is_article
            && words
                .get(at + 1)
                .is_none_or(|next| unit(&next.text).is_none())
        {
            continue;
        }
        // `two (2) years`, `30 (thirty) consecutive days`, `14-day`.
        let after = words.get(at + 1..).unwrap_or_default().iter().take(5);
        let mut after = after.filter(|word| {
            !matches!(
                &*word.text,
                "(" | ")" | "full" | "calendar" | "consecutive" | "business" | "working" | "volle"
            ) && self::number(&word.text).is_none()
        });
        // `between 30 and 90 days`.
        let range =
            after.clone().next().is_some_and(|word| {
                matches!(&*word.text, "and" | "to" | "or" | "bis" | "et" | "à")
            }) && words
                .get(at + 2)
                .is_some_and(|word| self::number(&word.text).is_some());
        let named = if range { after.nth(1) } else { after.next() };
        if let Some(one) = named.and_then(|word| unit(&word.text))
            && spans
                .last()
                .is_none_or(|last| last.at + 3 < at || !is_same(words, last.at, at))
        {
            spans.push(span(number, one, at));
        }
    }
    spans
}

/// Whether two numbers say the same one: `two (2)`.
fn is_same(words: &[Word], first: usize, second: usize) -> bool {
    words
        .get(first + 1..second)
        .is_some_and(|between| between.iter().all(|word| word.text == "("))
}

fn span(number: u64, one: u64, at: usize) -> Span {
    Span {
        lifetime: Lifetime::Seconds(number.saturating_mul(one)),
        at,
    }
}

fn number(text: &str) -> Option<u64> {
    const NAMES: &[(&str, u64)] = &[
        ("one", 1),
        ("two", 2),
        ("three", 3),
        ("four", 4),
        ("five", 5),
        ("six", 6),
        ("seven", 7),
        ("eight", 8),
        ("nine", 9),
        ("ten", 10),
        ("twelve", 12),
        ("thirteen", 13),
        ("fourteen", 14),
        ("eighteen", 18),
        ("twenty", 20),
        ("thirty", 30),
        ("sixty", 60),
        ("ninety", 90),
        ("ein", 1),
        ("einem", 1),
        ("einen", 1),
        ("zwei", 2),
        ("drei", 3),
        ("vier", 4),
        ("fünf", 5),
        ("sechs", 6),
        ("sieben", 7),
        ("acht", 8),
        ("zehn", 10),
        ("zwölf", 12),
        ("dreizehn", 13),
        ("vierzehn", 14),
        ("dreißig", 30),
        ("un", 1),
        ("deux", 2),
        ("trois", 3),
        ("quatre", 4),
        ("cinq", 5),
        ("douze", 12),
        ("treize", 13),
        ("trente", 30),
        ("a", 1),
        ("an", 1),
    ];
    match NAMES.iter().find(|(name, _)| *name == text) {
        Some((_, number)) => Some(*number),
        None => text.parse().ok().filter(|number| *number < 10_000),
    }
}

fn unit(text: &str) -> Option<u64> {
    Some(match text {
        "second" | "seconds" | "sekunden" | "secondes" => 1,
        "minute" | "minutes" | "min" | "mins" | "minuten" => 60,
        "hour" | "hours" | "h" | "hrs" | "stunde" | "stunden" | "heure" | "heures" => 3_600,
        "day" | "days" | "d" | "tag" | "tage" | "tagen" | "jour" | "jours" => DAY,
        "week" | "weeks" | "w" | "woche" | "wochen" | "semaine" | "semaines" => 7 * DAY,
        "month" | "months" | "mo" | "monat" | "monate" | "monaten" | "mois" => MONTH,
        "year" | "years" | "yr" | "yrs" | "y" | "jahr" | "jahre" | "jahren" | "an" | "ans"
        | "année" | "années" => YEAR,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::privacy_policy::words::words;

    #[test]
    fn dates_are_read_in_every_form() {
        use Language::{English, French, German};
        for (text, language, expected) in [
            (
                "Last updated: November 27, 2026",
                English,
                Some("2026-11-27"),
            ),
            ("Effective 27 November 2026.", English, Some("2026-11-27")),
            ("the 1st of May, 2025", English, Some("2025-05-01")),
            ("Updated on Sept. 3, 2024", English, Some("2024-09-03")),
            ("Last revised May 2023", English, Some("2023-05")),
            ("updated: 2026-11-27", English, Some("2026-11-27")),
            ("updated: 2026-11-27T10:00:00Z", English, Some("2026-11-27")),
            ("2026/11/27", English, Some("2026-11-27")),
            ("11/27/2026", English, Some("2026-11-27")),
            ("27/11/2026", English, Some("2026-11-27")),
            ("03/04/2026", English, None),
            ("03/04/2026", French, Some("2026-04-03")),
            ("Stand: 27.11.2026", German, Some("2026-11-27")),
            ("Stand: 3. März 2026", German, Some("2026-03-03")),
            ("Stand: März 2026", German, Some("2026-03")),
            ("le 1er août 2025", French, Some("2025-08-01")),
            ("version 31.02.2026", German, None),
            ("in 2026 we may", English, None),
        ] {
            let found = date(&words(text), language).map(|date| date.to_string());
            assert_eq!(found.as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn spans_of_time_are_read_in_every_form() {
        for (text, expected) in [
            ("for 13 months", vec![13 * MONTH]),
            ("two (2) years", vec![2 * YEAR]),
            ("30 (thirty) days", vec![30 * DAY]),
            ("a 14-day window", vec![14 * DAY]),
            ("24h or 90 d", vec![24 * 3_600, 90 * DAY]),
            ("between 30 and 90 days", vec![30 * DAY, 90 * DAY]),
            ("after a year", vec![YEAR]),
            ("nach sieben Tagen", vec![7 * DAY]),
            ("pendant treize mois", vec![13 * MONTH]),
            ("3 cookies", vec![]),
        ] {
            let found: Vec<_> = spans(&words(text))
                .iter()
                .map(|span| span.lifetime)
                .collect();
            let expected: Vec<_> = expected.into_iter().map(Lifetime::Seconds).collect();
            assert_eq!(found, expected, "{text}");
        }
    }
}
