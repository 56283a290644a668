//! The texts: one JSON file per language in `locales/`, all of the same form.

use std::borrow::Cow;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::plural::Plural;

macro_rules! files {
    ($($tag:literal)*) => {
        [$(($tag, include_str!(concat!("../locales/", $tag, ".json")))),*]
    };
}

/// How many languages there are.
pub(crate) const COUNT: usize = 37;

/// The files by tag, in the order of the tags.
pub(crate) const FILES: [(&str, &str); COUNT] = files!(
    "ar" "bg" "cs" "da" "de" "el" "en" "es" "et" "fi" "fr" "ga" "he" "hi" "hr" "hu" "is" "it" "ja" "ko"
    "lt" "lv" "mt" "nb" "nl" "pl" "pt" "pt-BR" "ro" "ru" "sk" "sl" "sv" "tr" "uk" "zh-Hans" "zh-Hant"
);

/// The place of English among [`FILES`].
const ENGLISH: usize = 6;

/// The texts of every language, in the order of [`FILES`].
pub(crate) static LOCALES: LazyLock<[Locale; COUNT]> = LazyLock::new(|| {
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

/// The texts of one language. What the English file says is the meaning of each; the places a text
/// has are named with it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Locale {
    #[serde(skip)]
    tag: &'static str,
    /// What its speakers call the language.
    pub name: String,
    /// Which way it is read.
    pub direction: Direction,
    /// Between the members of a list.
    pub separator: String,
    /// The word "language".
    pub language: String,
    /// Heading of everything there is to choose.
    pub title: String,
    /// What is kept, and that the visitor decides.
    pub intro: String,
    /// Instead of a choice, where only necessary things are kept.
    pub nothing_to_decide: String,
    /// Button: refuses every optional category.
    pub refuse_all: String,
    /// Button: allows every optional category.
    pub accept_all: String,
    /// Button: saves what is selected.
    pub save: String,
    /// Answer for one category: no.
    pub refuse: String,
    /// Answer for one category: yes.
    pub allow: String,
    /// The choice was saved.
    pub saved: String,
    /// The choice was not saved.
    pub not_saved: String,
    /// Link to where the visitor came from.
    pub back: String,
    /// That one choice holds for several sites: `{sites}`.
    pub sharing: String,
    /// When and whether the visitor chose.
    pub choice: ChoiceTexts,
    /// What the browser's signals do here.
    pub signal: SignalTexts,
    /// How a category stands.
    pub state: StateTexts,
    /// The standard categories.
    pub category: CategoriesTexts,
    /// The services of a category and their cookies.
    pub service: ServiceTexts,
    /// The record of what the visitor chose.
    pub receipts: ReceiptsTexts,
    /// What a banner says besides.
    pub banner: BannerTexts,
    /// What the page says that declares everything.
    pub declaration: DeclarationTexts,
    /// How long something is kept: [`Locale::lifetime`].
    pub duration: DurationTexts,
}

/// Which way a language is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// From left to right.
    Ltr,
    /// From right to left.
    Rtl,
}

/// When and whether the visitor chose.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChoiceTexts {
    /// No choice was made.
    pub none: String,
    /// A choice stands: `{made}`, `{until}`.
    pub made: String,
    /// How to take it back: `{refuse_all}`.
    pub withdraw: String,
    /// It does not count because the policy changed: `{made}`.
    pub revision: String,
    /// It does not count because it is old: `{made}`.
    pub expired: String,
    /// It does not count because it is of the future: `{made}`.
    pub future: String,
}

/// What the browser's signals do here.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignalTexts {
    /// That a signal is acted on (11 CCR 7025(c)(6)).
    pub honoured: String,
    /// What Global Privacy Control says.
    pub gpc: String,
    /// What Do Not Track says.
    pub dnt: String,
    /// What the signal refuses: `{categories}`.
    pub refused: String,
    /// What the visitor allowed over it: `{categories}`.
    pub allowed: String,
    /// What the visitor allowed, and the signal refuses: `{categories}`.
    pub outweighed: String,
    /// That a choice would count for more: `{allow}`.
    pub may_allow: String,
    /// That a choice changes nothing: `{allow}`.
    #[serde(rename = "final")]
    pub is_final: String,
    /// That it concerns nothing here.
    pub nothing: String,
    /// That the site does not respond to it.
    pub ignored: String,
}

/// How a category stands.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StateTexts {
    /// The category is required.
    pub always: String,
    /// The visitor allowed it.
    pub granted: String,
    /// The visitor refused it.
    pub refused: String,
    /// A signal refuses it.
    pub signal: String,
    /// The visitor refused it in a choice that no longer counts.
    pub stale: String,
    /// Nobody said anything, and the regime waits for a yes.
    pub undecided: String,
    /// Nobody said anything, and the regime allows it.
    pub regime: String,
}

/// The standard categories for visitors.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CategoriesTexts {
    /// `necessary`.
    pub necessary: CategoryTexts,
    /// `functional`.
    pub functional: CategoryTexts,
    /// `analytics`.
    pub analytics: CategoryTexts,
    /// `marketing`.
    pub marketing: CategoryTexts,
}

/// A standard category for visitors.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CategoryTexts {
    /// Its name.
    pub title: String,
    /// What it is for.
    pub text: String,
}

/// The services of a category and their cookies.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServiceTexts {
    /// Heading of the list: `{count}`.
    pub list: String,
    /// Who offers the service: `{vendor}`.
    pub vendor: String,
    /// Column: the cookie's name.
    pub cookie: String,
    /// Column: how long it is kept.
    pub lifetime: String,
    /// Column: what it is for.
    pub purpose: String,
    /// That the service has no cookies.
    pub no_cookies: String,
    /// What it keeps elsewhere in the browser: `{keys}`.
    pub storage: String,
    /// The name of the service that asks, where the visitor chooses.
    pub choice: String,
    /// What its cookie is for.
    pub choice_purpose: String,
}

/// The record of what the visitor chose.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReceiptsTexts {
    /// Heading: the choices, and when they were made.
    pub title: String,
    /// Column: the moment.
    pub when: String,
    /// Column: what was chosen.
    pub chosen: String,
    /// Column: where it was chosen.
    pub how: String,
    /// Chosen with the banner.
    pub banner: String,
    /// Chosen in the preferences of a page.
    pub preferences: String,
    /// Chosen elsewhere on the site.
    pub api: String,
    /// Taken from a signal.
    pub signal: String,
    /// Link: the record as a file.
    pub download: String,
    /// Button: erases the record.
    pub erase: String,
    /// That the choice stays when its record is erased.
    pub erase_note: String,
    /// The record was erased.
    pub erased: String,
    /// The choice counts, and is not in the record.
    pub unrecorded: String,
    /// The record cannot be read or erased now.
    pub unavailable: String,
}

/// What a banner says besides what it has in common with the preferences page.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BannerTexts {
    /// What is kept, and that the visitor is asked.
    pub text: String,
    /// Button: leads to the categories and services.
    pub choose: String,
    /// Link to the site's privacy policy.
    pub policy: String,
    /// Button: closes the banner without a choice.
    pub close: String,
    /// Button: opens it again.
    pub reopen: String,
    /// That a signal of the browser is acted on.
    pub honoured: String,
    /// Why the page should be loaded again.
    pub reload: String,
    /// Button: loads it again.
    pub reload_now: String,
    /// In the place of what waits for consent: `{service}`.
    pub placeholder: String,
    /// Button there: allows the service and shows it: `{service}`.
    pub show: String,
    /// Heading of what a category holds.
    pub details: String,
}

/// What the page that declares everything says besides: for all visitors alike, whatever they chose.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeclarationTexts {
    /// Heading of the page.
    pub title: String,
    /// Column: the name of a cookie or of a key.
    pub name: String,
    /// Column: whether it is a cookie.
    pub kind: String,
    /// That it is none, but something kept elsewhere in the browser.
    pub storage: String,
    /// Heading: what the browser's signals do here.
    pub signals: String,
    /// That the site responds to a signal.
    pub respected: String,
    /// Heading: who offers the services.
    pub vendors: String,
    /// Column: who offers a service.
    pub vendor: String,
    /// Column: the service.
    pub service: String,
    /// Heading and column: why something may be kept.
    pub basis: String,
    /// Column: the category.
    pub category: String,
    /// Column: where the visitor is.
    pub region: String,
    /// In every region.
    pub everywhere: String,
    /// In every region that was not named before.
    pub elsewhere: String,
    /// Why: it is exempt from consent.
    pub necessary: String,
    /// Why: the visitor agrees.
    pub consent: String,
    /// Why: the visitor does not object.
    pub opt_out: String,
    /// Why: the visitor is told.
    pub notice: String,
    /// Heading: the controller.
    pub controller: String,
    /// Which text of the policy this is: `{revision}`.
    pub revision: String,
}

/// How long something is kept, in the units that a policy writes.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DurationTexts {
    /// Nobody says.
    pub unknown: String,
    /// Until the browser is closed.
    pub session: String,
    /// Seconds.
    pub s: Counted,
    /// Minutes.
    pub min: Counted,
    /// Hours.
    pub h: Counted,
    /// Days.
    pub d: Counted,
    /// Weeks.
    pub w: Counted,
    /// Months.
    pub mo: Counted,
    /// Years.
    pub y: Counted,
}

/// A text with `{count}` in it, in the forms that its language has for numbers, by their names in
/// Unicode CLDR.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counted {
    zero: Option<String>,
    one: Option<String>,
    two: Option<String>,
    few: Option<String>,
    many: Option<String>,
    other: Option<String>,
}

impl Locale {
    pub(crate) fn english() -> &'static Self {
        let locales: &[Self; COUNT] = &LOCALES;
        &locales[ENGLISH]
    }

    /// The file it was read from.
    pub(crate) fn file(&self) -> &'static str {
        let file = FILES.iter().find(|(tag, _)| *tag == self.tag);
        file.map_or("", |(_, file)| file)
    }

    /// The language's tag, as for the attribute `lang`: `de`.
    pub fn tag(&self) -> &'static str {
        self.tag
    }

    /// How long something is kept, from the words of a policy: `session`, or a number with one of the
    /// units `s`, `min`, `h`, `d`, `w`, `mo`, `y`. Anything else is said to be unknown.
    ///
    /// ```
    /// let english = placet_texts::Language::default().locale();
    /// assert_eq!(english.lifetime("1y"), "1 year");
    /// assert_eq!(english.lifetime("session"), "until you close the browser");
    /// assert_eq!(english.lifetime("a while"), "not stated");
    /// ```
    pub fn lifetime(&self, written: &str) -> Cow<'_, str> {
        let texts = &self.duration;
        if written == "session" {
            return Cow::Borrowed(&texts.session);
        }
        let digits = written.bytes().take_while(u8::is_ascii_digit).count();
        let (count, unit) = written.split_at_checked(digits).unwrap_or_default();
        let counted = match unit {
            "s" => Some(&texts.s),
            "min" => Some(&texts.min),
            "h" => Some(&texts.h),
            "d" => Some(&texts.d),
            "w" => Some(&texts.w),
            "mo" => Some(&texts.mo),
            "y" => Some(&texts.y),
            _ => None,
        };
        match (counted, count.parse()) {
            (Some(counted), Ok(number)) => {
                let form = counted.form(Plural::of(self.tag, number));
                Cow::Owned(form.replace("{count}", count))
            }
            _ => Cow::Borrowed(&texts.unknown),
        }
    }
}

impl CategoriesTexts {
    /// The texts of a standard category by its name, such as `analytics`.
    pub fn named(&self, name: &str) -> Option<&CategoryTexts> {
        match name {
            "necessary" => Some(&self.necessary),
            "functional" => Some(&self.functional),
            "analytics" => Some(&self.analytics),
            "marketing" => Some(&self.marketing),
            _ => None,
        }
    }
}

impl Direction {
    /// As for the attribute `dir`: `ltr` or `rtl`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ltr => "ltr",
            Self::Rtl => "rtl",
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

#[cfg(test)]
mod tests;
