//! Texts of a locale as markup: what the visitor or the policy puts into them is escaped, and each of
//! its own direction.

use std::borrow::Cow;

use maud::{Markup, html};
use placet::Lifetime;
use placet_texts::Locale;

/// A text with the words in braces replaced.
pub(super) fn fill(text: &str, values: &[(&str, Markup)]) -> Markup {
    html! {
        @for part in text.split_inclusive(['{', '}']) {
            @match part.strip_suffix('}').and_then(|name| values.iter().find(|(n, _)| *n == name)) {
                Some((_, value)) => (value),
                None => (part.strip_suffix('{').unwrap_or(part)),
            }
        }
    }
}

/// The members of a list.
pub(super) fn list<'a>(locale: &Locale, members: impl IntoIterator<Item = &'a str>) -> Markup {
    html! {
        @for (number, member) in members.into_iter().enumerate() {
            @if number > 0 { (locale.separator) }
            bdi { (member) }
        }
    }
}

/// How long a cookie lives, in the unit a policy would write it in.
pub(super) fn lifetime(locale: &Locale, lifetime: Option<Lifetime>) -> Cow<'_, str> {
    match lifetime {
        Some(lifetime) => locale.lifetime(&lifetime.to_string()),
        None => Cow::Borrowed(&locale.duration.unknown),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_filled_and_everything_is_escaped() {
        let name = html! { b { ("<i>") } };
        let filled = fill("{name} & {name} {other}", &[("name", name)]);
        let name = "<b>&lt;i&gt;</b>";
        assert_eq!(filled.into_string(), format!("{name} &amp; {name} other}}"));
    }
}
