//! The page's texts: one JSON file per language in `locales/`, all of the same form.

use std::sync::LazyLock;

use maud::{Markup, PreEscaped, html};
use placet::{Lifetime, StandardCategory};
use serde::Deserialize;

use super::plural::Plural;

macro_rules! files {
    ($($tag:literal)*) => {
        [$(($tag, include_str!(concat!("../../locales/", $tag, ".json")))),*]
    };
}

/// The files by tag, in the order of the tags.
pub(super) const FILES: [(&str, &str); 20] = files!(
    "ar" "cs" "da" "de" "el" "en" "es" "fi" "fr" "he" "hu" "it" "ja" "nl" "pl" "pt" "ro" "sv" "tr" "uk"
);

/// The texts of every language, in the order of [`FILES`].
pub(super) static LOCALES: LazyLock<[Locale; 20]> = LazyLock::new(|| {
    FILES.map(|(tag, file)| {
        #[expect(
            clippy::expect_used,
            reason = "the files are ours, and a test reads each"
        )]
        let mut locale: Locale = serde_json::from_str(file).expect("a locale of ours");
        locale.tag = tag;
        locale
    })
});

/// The texts of one language. Words in braces are places that [`fill`] fills.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Locale {
    #[serde(skip)]
    tag: &'static str,
    /// What its speakers call the language.
    pub(super) name: String,
    pub(super) direction: Direction,
    /// Between the members of a list.
    pub(super) separator: String,
    pub(super) language: String,
    pub(super) title: String,
    pub(super) intro: String,
    pub(super) nothing_to_decide: String,
    pub(super) refuse_all: String,
    pub(super) accept_all: String,
    pub(super) save: String,
    pub(super) refuse: String,
    pub(super) allow: String,
    pub(super) saved: String,
    pub(super) not_saved: String,
    pub(super) back: String,
    pub(super) choice: ChoiceTexts,
    pub(super) signal: SignalTexts,
    pub(super) state: StateTexts,
    category: CategoriesTexts,
    pub(super) service: ServiceTexts,
    duration: DurationTexts,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Direction {
    Ltr,
    Rtl,
}

/// When and whether the visitor chose.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ChoiceTexts {
    pub(super) none: String,
    pub(super) made: String,
    pub(super) withdraw: String,
    pub(super) revision: String,
    pub(super) expired: String,
    pub(super) future: String,
}

/// What the browser's signals do here.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SignalTexts {
    pub(super) honoured: String,
    pub(super) gpc: String,
    pub(super) dnt: String,
    pub(super) refused: String,
    pub(super) allowed: String,
    pub(super) outweighed: String,
    pub(super) may_allow: String,
    #[serde(rename = "final")]
    pub(super) is_final: String,
    pub(super) nothing: String,
    pub(super) ignored: String,
}

/// How a category stands.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StateTexts {
    pub(super) always: String,
    pub(super) granted: String,
    pub(super) refused: String,
    pub(super) signal: String,
    pub(super) stale: String,
    pub(super) undecided: String,
    pub(super) regime: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CategoriesTexts {
    necessary: CategoryTexts,
    functional: CategoryTexts,
    analytics: CategoryTexts,
    marketing: CategoryTexts,
}

/// A standard category for visitors.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CategoryTexts {
    pub(super) title: String,
    pub(super) text: String,
}

/// The services of a category and their cookies.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ServiceTexts {
    pub(super) list: String,
    pub(super) vendor: String,
    pub(super) cookie: String,
    pub(super) lifetime: String,
    pub(super) purpose: String,
    pub(super) no_cookies: String,
    pub(super) storage: String,
    pub(super) choice: String,
    pub(super) choice_purpose: String,
}

/// How long a cookie lives, in the units that a policy writes.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct DurationTexts {
    unknown: String,
    session: String,
    s: Counted,
    min: Counted,
    h: Counted,
    d: Counted,
    w: Counted,
    mo: Counted,
    y: Counted,
}

/// A text with a number in it, in the forms that its language has for numbers.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Counted {
    zero: Option<String>,
    one: Option<String>,
    two: Option<String>,
    few: Option<String>,
    many: Option<String>,
    other: Option<String>,
}

impl Locale {
    pub(super) fn english() -> &'static Self {
        let [_, _, _, _, _, english, ..] = &*LOCALES;
        english
    }

    pub(super) fn tag(&self) -> &'static str {
        self.tag
    }

    pub(super) fn category(&self, category: StandardCategory) -> &CategoryTexts {
        match category {
            StandardCategory::Necessary => &self.category.necessary,
            StandardCategory::Functional => &self.category.functional,
            StandardCategory::Analytics => &self.category.analytics,
            StandardCategory::Marketing => &self.category.marketing,
        }
    }

    /// How long a cookie lives, in the unit a policy would write it in.
    pub(super) fn lifetime(&self, lifetime: Option<Lifetime>) -> Markup {
        let texts = &self.duration;
        let Some(lifetime) = lifetime else {
            return html! { (texts.unknown) };
        };
        let written = lifetime.to_string();
        let digits = written.bytes().take_while(u8::is_ascii_digit).count();
        let (count, unit) = written.split_at_checked(digits).unwrap_or_default();
        let counted = match unit {
            "s" => &texts.s,
            "min" => &texts.min,
            "h" => &texts.h,
            "d" => &texts.d,
            "w" => &texts.w,
            "mo" => &texts.mo,
            "y" => &texts.y,
            _ => return html! { (texts.session) },
        };
        let number = count.parse().unwrap_or(u64::MAX);
        fill(
            counted.form(Plural::of(self.tag, number)),
            &[("count", html! { (count) })],
        )
    }

    /// The members of a list, each of its own direction.
    pub(super) fn list<'a>(&self, members: impl IntoIterator<Item = &'a str>) -> Markup {
        html! {
            @for (number, member) in members.into_iter().enumerate() {
                @if number > 0 { (self.separator) }
                bdi { (member) }
            }
        }
    }
}

impl Counted {
    fn form(&self, plural: Plural) -> &str {
        let form = match plural {
            Plural::Zero => &self.zero,
            Plural::One => &self.one,
            Plural::Two => &self.two,
            Plural::Few => &self.few,
            Plural::Many => &self.many,
            Plural::Other => &self.other,
        };
        form.as_deref().unwrap_or_default()
    }
}

impl maud::Render for Direction {
    fn render(&self) -> Markup {
        PreEscaped(match self {
            Self::Ltr => "ltr".to_owned(),
            Self::Rtl => "rtl".to_owned(),
        })
    }
}

/// A text of a locale with the words in braces replaced.
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::Value;

    use super::*;

    /// The texts of a file by their path, and the words in braces of each.
    fn texts(file: &str) -> BTreeMap<String, (String, Vec<String>)> {
        fn walk(path: &str, value: &Value, into: &mut BTreeMap<String, (String, Vec<String>)>) {
            match value {
                Value::Object(members) => {
                    for (name, member) in members {
                        walk(&format!("{path}.{name}"), member, into);
                    }
                }
                Value::String(text) => {
                    let places = text.split('{').skip(1);
                    let mut places: Vec<_> = places
                        .map(|rest| rest.split_once('}').expect("a closed brace").0.to_owned())
                        .collect();
                    places.sort();
                    into.insert(path.to_owned(), (text.clone(), places));
                }
                other => panic!("found {other} at {path}, expected a text"),
            }
        }
        let mut into = BTreeMap::new();
        walk("", &serde_json::from_str(file).unwrap(), &mut into);
        into
    }

    fn counts(path: &str) -> bool {
        path.starts_with(".duration.") && path.matches('.').count() == 3
    }

    #[test]
    fn every_language_has_the_texts_of_english_with_the_same_places() {
        let english = texts(Locale::english_file());
        for (tag, file) in FILES {
            let of_locale = texts(file);
            let paths = |texts: &BTreeMap<String, _>| -> Vec<String> {
                texts.keys().filter(|path| !counts(path)).cloned().collect()
            };
            assert_eq!(paths(&of_locale), paths(&english), "{tag}");
            for (path, (text, places)) in of_locale {
                assert!(!text.trim().is_empty(), "{tag}{path} is empty");
                assert_eq!(text.trim(), text.trim_end_matches(' '), "{tag}{path}");
                if !counts(&path) {
                    assert_eq!(places, english[&path].1, "{tag}{path}: {text}");
                }
            }
        }
    }

    #[test]
    fn every_language_has_the_forms_it_counts_with_and_no_others() {
        for (tag, file) in FILES {
            let needed: BTreeMap<String, u64> = (0..=400_u64)
                .map(|n| (format!("{:?}", Plural::of(tag, n)).to_lowercase(), n))
                .collect();
            for unit in ["s", "min", "h", "d", "w", "mo", "y"] {
                let prefix = format!(".duration.{unit}.");
                let forms: Vec<_> = texts(file)
                    .into_iter()
                    .filter_map(|(path, text)| Some((path.strip_prefix(&prefix)?.to_owned(), text)))
                    .collect();
                let names: Vec<_> = forms.iter().map(|(name, _)| name).collect();
                assert_eq!(names, needed.keys().collect::<Vec<_>>(), "{tag} {unit}");
                for (name, (text, places)) in forms {
                    // A form for one number alone may be a word without a digit.
                    let exact = matches!(name.as_str(), "zero" | "one" | "two");
                    assert!(
                        places == ["count"] || exact && places.is_empty(),
                        "{tag} {unit}: {text}"
                    );
                }
            }
        }
    }

    #[test]
    fn the_files_are_in_the_order_of_their_tags() {
        assert!(FILES.is_sorted_by_key(|(tag, _)| tag));
        assert_eq!(Locale::english().tag, "en");
        for (locale, (tag, _)) in LOCALES.iter().zip(FILES) {
            assert_eq!(locale.tag, tag);
        }
    }

    #[test]
    fn lifetimes_are_words() {
        let text = |tag: &str, lifetime: &str| {
            let locale = LOCALES.iter().find(|l| l.tag == tag).unwrap();
            locale.lifetime(lifetime.parse().ok()).into_string()
        };
        let cases = [
            ("en", "session", "until you close the browser"),
            ("en", "", "not stated"),
            ("en", "13mo", "13 months"),
            ("en", "1y", "1 year"),
            ("en", "400d", "400 days"),
            ("en", "0s", "0 seconds"),
            ("de", "30min", "30 Minuten"),
            ("pl", "22d", "22 dni"),
            ("uk", "3mo", "3 місяці"),
            ("ar", "2y", "سنتان"),
            ("he", "2d", "יומיים"),
        ];
        for (tag, lifetime, expected) in cases {
            assert_eq!(text(tag, lifetime), expected, "{lifetime} in {tag}");
        }
    }

    #[test]
    fn places_are_filled_and_everything_is_escaped() {
        let name = html! { b { ("<i>") } };
        let filled = fill("{name} & {name} {other}", &[("name", name)]);
        let name = "<b>&lt;i&gt;</b>";
        assert_eq!(filled.into_string(), format!("{name} &amp; {name} other}}"));
    }

    impl Locale {
        fn english_file() -> &'static str {
            FILES.iter().find(|(tag, _)| *tag == "en").unwrap().1
        }
    }
}
