//! How the messages of all rules speak: who a cookie is, what happens to it, and lists of things.

use placet::Lifetime;

use crate::evidence::Cookie;
use crate::survey::Origin;

/// The cookie with what is known of it: `` `_ga` (Google Analytics, analytics) ``.
pub(super) fn who(cookie: &Cookie<'_>) -> String {
    let name = named(cookie);
    match (cookie.service(), cookie.category) {
        (Some(service), Some(category)) => format!("{name} ({service}, {category})"),
        (None, Some(category)) => format!("{name} ({category})"),
        (_, None) => format!("{name} (unknown)"),
    }
}

/// The cookie's name in backticks, or that it has none.
pub(super) fn named(cookie: &Cookie<'_>) -> String {
    if cookie.seen.key.name.is_empty() {
        "a cookie without a name".to_owned()
    } else {
        format!("`{}`", cookie.seen.name())
    }
}

/// Who it is and how it was seen: `` `_ga` (Google Analytics, analytics) is set by shop.example ``.
pub(super) fn seen(cookie: &Cookie<'_>) -> String {
    format!("{} {}", who(cookie), is_seen(cookie))
}

/// How it was seen: `is set by shop.example`.
fn is_seen(cookie: &Cookie<'_>) -> String {
    let verb = match cookie.seen.key.origin {
        Origin::Set => "is set",
        Origin::Removed => "is removed",
        Origin::Sent => "is sent",
    };
    let host = &cookie.seen.key.host;
    match (cookie.seen.key.origin, host.is_empty()) {
        (_, true) => verb.to_owned(),
        (Origin::Sent, false) => format!("{verb} to {}", cookie.seen.host()),
        (_, false) => format!("{verb} by {}", cookie.seen.host()),
    }
}

/// `marketing cookies`, for what a signal or a visitor refuses.
pub(super) fn its_kind(cookie: &Cookie<'_>) -> String {
    format!("{} cookies", cookie.category.unwrap_or("unknown"))
}

/// `a`, `a and b`, `a, b and c`.
pub(super) fn list(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
    }
}

/// A lifetime in words: `the session`, `730 days`, `30 minutes`. Days and what is longer are
/// rounded down.
pub(super) fn lifetime(lifetime: Lifetime) -> String {
    let Lifetime::Seconds(seconds) = lifetime else {
        return "the session".to_owned();
    };
    let (count, unit) = match seconds {
        172_800.. => (seconds / 86_400, "day"),
        7_200.. => (seconds / 3_600, "hour"),
        120.. => (seconds / 60, "minute"),
        _ => (seconds, "second"),
    };
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {unit}{plural}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lifetimes_are_told_in_the_unit_people_would_use() {
        for (seconds, expected) in [
            (0, "0 seconds"),
            (1, "1 second"),
            (90, "90 seconds"),
            (1_800, "30 minutes"),
            (86_400, "24 hours"),
            (172_800, "2 days"),
            (63_072_000, "730 days"),
        ] {
            assert_eq!(lifetime(Lifetime::Seconds(seconds)), expected);
        }
        assert_eq!(lifetime(Lifetime::Session), "the session");
    }

    #[test]
    fn lists_end_with_and() {
        let items = |text: &str| {
            text.split_whitespace()
                .map(str::to_owned)
                .collect::<Vec<_>>()
        };
        assert_eq!(list(&items("a")), "a");
        assert_eq!(list(&items("a b")), "a and b");
        assert_eq!(list(&items("a b c")), "a, b and c");
    }
}
