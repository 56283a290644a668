//! The preferences page: a visitor sees what the site keeps in the browser and for what, and allows
//! or refuses it, without JavaScript.
//!
//! Everything here is text in, text out: who serves the page, reads the form and sets the cookie is
//! elsewhere. The form is posted to [`CHOICE`] as `application/x-www-form-urlencoded`:
//!
//! | field | value |
//! | --- | --- |
//! | `category.<name>` | `granted` or `refused`, for every optional category when a selection is saved |
//! | `all` | `granted` or `refused`, instead of them when one of the two other buttons is pressed |
//! | `return` | the path to return to, where the page was given one |
//! | `how` | `page` |
//!
//! The address it is posted to carries `lang`, so that the answer speaks the page's language. Where there
//! are [`Receipts`], a second form posts `erase=all` to [`RECEIPTS`].

mod category;
mod markup;
mod receipts;
mod status;

#[cfg(test)]
mod tests;

use maud::{DOCTYPE, Markup, html};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use placet::{Category, Choice, Circumstances, Policy, RegionRules, Service, Standing};

pub use placet_texts::Language;
use placet_texts::Locale;

pub use receipts::{PastChoice, Receipts};

/// Where the page lies below the prefix.
pub const PREFERENCES: &str = "preferences";
/// Where the form is posted to, below the prefix.
pub const CHOICE: &str = "choice";
/// Where the visitor's receipts lie, below the prefix.
pub const RECEIPTS: &str = "receipts";
/// Where the page looks for [`STYLESHEET`], below the prefix.
pub const STYLE: &str = "placet.css";
/// The style sheet of page and fragment. A site sets the variables `--placet-*` on `:root` or on
/// `.placet`: `paper`, `raised`, `ink`, `quiet`, `rule`, `accent`, `on-accent`, `good`, `bad`, `font`,
/// `radius`, `width`.
pub const STYLESHEET: &str = include_str!("style.css");
/// The Content-Security-Policy that [`PreferencesPage::document`] works under: nothing but style
/// sheets and forms of its own origin, and no other site frames it.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'";

/// What is left as it is in a query: RFC 3986 section 2.3, and `/`.
const QUERY: AsciiSet = NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'/');

/// How it went with what was just posted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Notice<'a> {
    /// The choice is saved.
    Saved,
    /// The choice is saved, and its receipt is in no ledger.
    Unrecorded,
    /// The receipts are erased.
    Erased,
    /// The receipts are not erased: the ledger cannot be reached.
    Unavailable,
    /// The choice is not saved: why, in English.
    Problem(&'a str),
}

/// All that the preferences page depends on.
///
/// ```
/// use placet::{Circumstances, Policy, Signals, Timestamp};
/// use placet_tower::page::{Language, PreferencesPage};
///
/// let policy = Policy::from_json("placet.json", r#"{ "revision": 1, "services": [
///     { "id": "matomo", "category": "analytics", "cookies": [{ "name": "_pk_*" }] }
/// ] }"#)?;
/// let page = PreferencesPage {
///     policy: &policy,
///     circumstances: Circumstances {
///         choice: None,
///         signals: Signals::default(),
///         region: "DE".parse().ok(),
///         now: Timestamp::UNIX_EPOCH,
///     },
///     enforces: true,
///     prefix: "/.placet/",
///     return_to: Some("/basket"),
///     shared: false,
///     receipts: None,
///     notice: None,
///     language: Language::negotiate([b"de-AT, en;q=0.5".as_slice()]),
///     site_stylesheet: None,
/// };
/// let document = page.document();
/// assert!(document.starts_with(r#"<!DOCTYPE html><html lang="de" dir="ltr">"#));
/// assert!(document.contains(r#"<input type="radio" name="category.analytics" value="refused""#));
/// assert!(!document.contains(" checked"), "nothing was chosen yet");
/// # Ok::<(), placet::PolicyError>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct PreferencesPage<'a> {
    /// What there is to choose.
    pub policy: &'a Policy,
    /// The visitor's choice, signals and region as the server knows them, and the present moment.
    pub circumstances: Circumstances,
    /// Whether what holds is acted on: a site that only reports does not say that it honours a signal.
    pub enforces: bool,
    /// The path below which the layer answers, with a slash at its end: `/.placet/`.
    pub prefix: &'a str,
    /// The path on the same origin to return to; the caller has checked that it is one.
    pub return_to: Option<&'a str>,
    /// Whether the choice is shared: the page was asked for at an origin of the policy's `shared_with`.
    pub shared: bool,
    /// What the ledger has of the visitor, where one was asked.
    pub receipts: Option<Receipts<'a>>,
    /// How it went with what was just posted.
    pub notice: Option<Notice<'a>>,
    /// The language of the texts that are not the policy's.
    pub language: Language,
    /// Address of a style sheet of the site, loaded after ours.
    pub site_stylesheet: Option<&'a str>,
}

impl PreferencesPage<'_> {
    /// The page as a whole HTML document.
    pub fn document(&self) -> String {
        let locale = self.language.locale();
        let title = &locale.title;
        let site = match self.policy.hosts() {
            [host] => Some(host),
            _ => None,
        };
        html! {
            (DOCTYPE)
            html lang=(locale.tag()) dir=(locale.direction.name()) {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    meta name="robots" content="noindex";
                    title { (title) @if let Some(host) = site { " · " (host) } }
                    link rel="stylesheet" href={ (self.prefix) (STYLE) };
                    @if let Some(address) = self.site_stylesheet { link rel="stylesheet" href=(address); }
                }
                body.placet-page {
                    main.placet {
                        @if let Some(host) = site { p.placet-site { bdi { (host) } } }
                        h1.placet-title id="placet-title" { (title) }
                        (View::new(self, Headings::Document).content())
                    }
                    footer.placet { (self.languages()) }
                }
            }
        }
        .into_string()
    }

    /// The page as one section to embed in a page of the site, which links [`STYLESHEET`] if it
    /// wants the looks. All ids and classes begin with `placet`.
    pub fn fragment(&self) -> String {
        let locale = self.language.locale();
        html! {
            section.placet aria-labelledby="placet-title" lang=(locale.tag()) dir=(locale.direction.name()) {
                h2.placet-title id="placet-title" { (locale.title) }
                (View::new(self, Headings::Fragment).content())
            }
        }
        .into_string()
    }

    /// Links to the page in every language.
    fn languages(&self) -> Markup {
        let locale = self.language.locale();
        html! {
            nav aria-labelledby="placet-languages" {
                details.placet-languages {
                    summary id="placet-languages" { (locale.language) }
                    ul {
                        @for language in Language::all() {
                            @let other = language.locale();
                            li {
                                a href=(self.address(PREFERENCES, language, self.return_to))
                                    lang=(other.tag()) hreflang=(other.tag()) dir=(other.direction.name())
                                    aria-current=[(language == self.language).then_some("true")]
                                    { (other.name) }
                            }
                        }
                    }
                }
            }
        }
    }

    /// An address below the prefix.
    fn address(&self, path: &str, language: Language, return_to: Option<&str>) -> String {
        let mut address = format!("{}{path}?lang={}", self.prefix, language.tag());
        if let Some(to) = return_to {
            address.push_str("&return=");
            address.extend(utf8_percent_encode(to, &QUERY));
        }
        address
    }
}

/// Which level of heading the page's title has.
#[derive(Clone, Copy)]
enum Headings {
    Document,
    Fragment,
}

/// One page with what follows from its circumstances.
struct View<'a> {
    page: &'a PreferencesPage<'a>,
    locale: &'static Locale,
    headings: Headings,
    standing: Standing,
    rules: RegionRules,
    /// The choice, if the visitor made it by a click.
    choice: Option<Choice>,
}

impl<'a> View<'a> {
    fn new(page: &'a PreferencesPage<'a>, headings: Headings) -> Self {
        let circumstances = &page.circumstances;
        Self {
            page,
            locale: page.language.locale(),
            headings,
            standing: page.policy.standing(circumstances),
            rules: page.policy.region_rules(circumstances.region),
            choice: circumstances.choice.filter(|c| c.how.is_explicit()),
        }
    }

    fn content(&self) -> Markup {
        let all = "placet-all";
        let selection = "placet-selection";
        let decides = self.policy().optional_categories().any(|c| self.is_used(c));
        html! {
            p.placet-intro { (self.locale.intro) }
            (self.notice())
            (self.status())
            @if decides {
                (self.sharing())
                // A form of its own: Enter in a field saves the selection, as its only button does,
                // and never presses one of the two others.
                (self.form(all, html! {}))
                (self.form(selection, html! {
                    (self.unasked())
                    (self.categories())
                    div.placet-buttons {
                        button.placet-button type="submit" form=(all) name="all" value="refused"
                            { (self.locale.refuse_all) }
                        button.placet-button type="submit" form=(all) name="all" value="granted"
                            { (self.locale.accept_all) }
                        button.placet-button type="submit" { (self.locale.save) }
                    }
                }))
            } @else {
                p { (self.locale.nothing_to_decide) }
                (self.categories())
            }
            (self.receipts())
        }
    }

    fn form(&self, id: &str, content: Markup) -> Markup {
        html! {
            form id=(id) method="post" action=(self.page.address(CHOICE, self.page.language, None)) {
                input type="hidden" name="how" value="page";
                @if let Some(path) = self.page.return_to {
                    input type="hidden" name="return" value=(path);
                }
                (content)
            }
        }
    }

    fn policy(&self) -> &'a Policy {
        self.page.policy
    }

    fn services(&self, category: &Category) -> impl Iterator<Item = &'a Service> + use<'a> {
        let id = category.id();
        let services = self.page.policy.services().iter();
        services.filter(move |service| service.category == id)
    }

    /// Whether the site has anything in a category: nobody is asked to consent to nothing.
    fn is_used(&self, category: &Category) -> bool {
        self.services(category).next().is_some()
    }
}
