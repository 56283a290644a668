//! How long a cookie is kept, as people write it: `13 Months`, `End of session (browser)`, `180 days after last activity`.

use placet::Lifetime;

/// The longest lifetime that `text` names, or `None` when it names none (`forever`, `varies`, `1 hour or longer`).
pub(super) fn lifetime(text: &str) -> Option<Lifetime> {
    let text = text.to_lowercase();
    if text.contains("or longer") {
        return None;
    }
    let mut longest = None;
    let mut rest = text.as_str();
    while let Some(at) = rest.find(|c: char| c.is_ascii_digit()) {
        let (number, after) = split_while(rest.get(at..)?, |c| c.is_ascii_digit());
        let (unit, after) = split_while(after.trim_start(), |c| c.is_ascii_alphabetic());
        rest = after;
        let unit = match unit {
            "s" | "sec" | "secs" | "second" | "seconds" => "s",
            "min" | "mins" | "minute" | "minutes" => "min",
            "h" | "hour" | "hours" => "h",
            "d" | "day" | "days" => "d",
            "w" | "week" | "weeks" => "w",
            "month" | "months" => "mo",
            "y" | "year" | "years" => "y",
            _ => continue,
        };
        let lifetime = format!("{number}{unit}").parse().ok();
        longest = longest.max(lifetime.filter(|lifetime| *lifetime != Lifetime::Seconds(0)));
    }
    // `Seesion` is how a much-copied row spells it.
    let is_session = ["session", "seesion"]
        .iter()
        .any(|word| text.contains(word));
    longest.or(is_session.then_some(Lifetime::Session))
}

fn split_while(text: &str, accepts: fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(|c| !accepts(c)).unwrap_or(text.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_write_retention_in_many_ways() {
        for (text, expected) in [
            ("1 year", "1y"),
            ("12 Months", "1y"),
            ("13 months by default, modifiable", "13mo"),
            ("2 Weeks", "2w"),
            ("30 mins", "30min"),
            ("90 sec", "90s"),
            ("1440 Minutes", "1d"),
            ("session", "session"),
            ("Seesion", "session"),
            ("End of session (browser)", "session"),
            ("Session to 30 days", "30d"),
            ("30 minutes, 3w or 1y depending on value", "1y"),
            (
                "180 days after last activity or 10 years when opting out",
                "10y",
            ),
        ] {
            let expected = expected.parse().expect("a lifetime");
            assert_eq!(lifetime(text), Some(expected), "{text}");
        }
        for text in [
            "",
            "Unknown",
            "forever",
            "Local Storage",
            "10 Nov 2030",
            "0 days",
            "1 hour or longer",
            "99999999999999999999 years",
        ] {
            assert_eq!(lifetime(text), None, "{text}");
        }
    }
}
