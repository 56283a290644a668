//! The declaration as a fragment of HTML: a section with headings, tables and lists, and nothing that a
//! Content-Security-Policy could forbid.

use maud::{Markup, PreEscaped, html};
use placet_texts::Locale;

use crate::declaration::{Declaration, DeclaredService, Item, Signal};

/// What a fragment depends on besides what it declares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look<'a> {
    /// The level of its heading, 1 to 4; those in it are up to two below.
    pub heading_level: u8,
    /// The address of the preferences page, where there is one: the way to choose without JavaScript.
    pub preferences: Option<&'a str>,
}

impl Default for Look<'_> {
    fn default() -> Self {
        Self {
            heading_level: 2,
            preferences: None,
        }
    }
}

impl Declaration {
    /// The declaration as a fragment of HTML, with a line's end.
    pub fn html(&self, look: &Look<'_>) -> String {
        let view = View {
            declaration: self,
            locale: self.locale(),
            look,
        };
        let mut text = view.section().into_string();
        text.push('\n');
        text
    }
}

struct View<'a> {
    declaration: &'a Declaration,
    locale: &'static Locale,
    look: &'a Look<'a>,
}

/// What stands in the place of a text that there is not.
pub(crate) const NOTHING: &str = "–";

impl View<'_> {
    fn section(&self) -> Markup {
        let declaration = self.declaration;
        let id = format!("placet-declaration-{}", declaration.language);
        html! {
            section.placet-declaration data-placet-declaration=(declaration.placet_declaration)
                data-placet-policy=(declaration.policy) lang=(declaration.language) dir=(declaration.direction)
                aria-labelledby=(id) {
                (self.heading(0, Some(&id), html! { (declaration.title) }))
                p { (declaration.intro) }
                p.placet-declaration-quiet {
                    (declaration.version())
                    @if let Some(day) = &declaration.made { " · " time datetime=(day) dir="ltr" { (day) } }
                }
                (self.status())
                @for category in &declaration.categories {
                    (self.heading(1, None, html! { bdi { (category.title) } }))
                    @if let Some(text) = &category.text { p { (text) } }
                    @for service in &category.services { (self.service(service)) }
                }
                (self.signals())
                (self.basis())
                (self.vendors())
                (self.controller())
            }
        }
    }

    fn heading(&self, below: u8, id: Option<&str>, text: Markup) -> Markup {
        let level = (self.look.heading_level.clamp(1, 4) + below).to_string();
        let id = id.map(|id| format!(" id=\"{id}\"")).unwrap_or_default();
        html! {
            (PreEscaped(format!("<h{level}{id}>"))) (text) (PreEscaped(format!("</h{level}>")))
        }
    }

    /// What the script fills with what the visitor has chosen. All its words are here, so that it needs none.
    fn status(&self) -> Markup {
        let (locale, states) = (self.locale, &self.locale.state);
        let preferences = self.look.preferences;
        html! {
            div.placet-declaration-status data-placet-status hidden[preferences.is_none()]
                data-always=(states.always) data-granted=(states.granted) data-refused=(states.refused)
                data-signal=(states.signal) data-stale=(states.stale) data-undecided=(states.undecided)
                data-regime=(states.regime) data-open=(locale.banner.reopen) {
                (self.heading(1, None, html! { (locale.title) }))
                div role="status" {
                    p data-when="unasked" hidden { (locale.choice.none) }
                    p data-when="gpc" hidden { (locale.signal.gpc) }
                    p data-when="dnt" hidden {
                        (locale.signal.dnt)
                        @if self.declaration.signals.iter().any(|s| s.signal == "dnt" && !s.responds) {
                            " " (locale.signal.ignored)
                        }
                    }
                    ul {
                        @for category in &self.declaration.categories {
                            li data-category=(category.id) hidden { bdi { (category.title) } ": " span {} }
                        }
                    }
                }
                p.placet-declaration-change {
                    @if let Some(address) = preferences { a href=(address) { (locale.banner.reopen) } }
                }
            }
        }
    }

    fn service(&self, service: &DeclaredService) -> Markup {
        let texts = &self.locale.service;
        html! {
            (self.heading(2, None, html! { bdi { (service.name) } }))
            @if let Some(purpose) = &service.purpose { p { bdi { (purpose) } } }
            @if let Some(vendor) = &service.vendor {
                p.placet-declaration-quiet { (around(&texts.vendor, "vendor", html! { bdi { (vendor) } })) }
            }
            @if service.items.is_empty() {
                p { (texts.no_cookies) }
            } @else {
                (self.items(service))
            }
        }
    }

    fn items(&self, service: &DeclaredService) -> Markup {
        let (texts, declared) = (&self.locale.service, &self.locale.declaration);
        let columns = [
            &declared.name,
            &declared.kind,
            &texts.purpose,
            &texts.lifetime,
        ];
        let caption = html! { (self.declaration.title) " – " bdi { (service.name) } };
        let rows = service.items.iter().map(|item| self.item(item, columns));
        table(caption, &columns, rows)
    }

    fn item(&self, item: &Item, [_, kind, purpose, lifetime]: [&String; 4]) -> Markup {
        let what = item.purpose.as_deref().unwrap_or(NOTHING);
        html! {
            th scope="row" role="rowheader" { code dir="ltr" { (item.name) } }
            (cell(kind, html! { (item.kind_in(self.locale)) }))
            (cell(purpose, html! { bdi { (what) } }))
            (cell(lifetime, html! { (item.lifetime) }))
        }
    }

    fn signals(&self) -> Markup {
        html! {
            (self.heading(1, None, html! { (self.locale.declaration.signals) }))
            ul { @for signal in &self.declaration.signals { li { (self.signal(signal)) } } }
        }
    }

    fn signal(&self, signal: &Signal) -> Markup {
        let titles = html! {
            @for (number, title) in signal.refuses.iter().enumerate() {
                @if number > 0 { (self.locale.separator) }
                bdi { (title) }
            }
        };
        html! {
            strong { bdi lang="en" { (signal.name) } } ": "
            @if signal.responds && !signal.refuses.is_empty() {
                (self.locale.declaration.respected) " "
                (around(&self.locale.signal.refused, "categories", titles))
            } @else {
                (signal.statement)
            }
        }
    }

    fn basis(&self) -> Markup {
        let texts = &self.locale.declaration;
        let region = self.declaration.region_column();
        let columns = [&texts.category, &region, &texts.basis];
        let rows = self.declaration.basis.iter().map(|basis| {
            html! {
                th scope="row" role="rowheader" { bdi { (basis.title) } }
                (cell(&texts.region, html! {
                    @if basis.regions.is_empty() { (basis.region) }
                    @for (number, code) in basis.regions.iter().enumerate() {
                        @if number > 0 { (self.locale.separator) }
                        bdi.placet-declaration-region { (code) }
                    }
                }))
                (cell(&texts.basis, html! { (basis.statement) }))
            }
        });
        html! {
            (self.heading(1, None, html! { (texts.basis) }))
            (table(html! { (self.declaration.title) " – " (texts.basis) }, &columns, rows))
        }
    }

    fn vendors(&self) -> Markup {
        let texts = &self.locale.declaration;
        let (purpose, policy) = (&self.locale.service.purpose, &self.locale.banner.policy);
        let columns = [&texts.vendor, &texts.service, purpose, policy];
        let rows = self.declaration.vendors.iter().map(|vendor| {
            html! {
                th scope="row" role="rowheader" { bdi { (vendor.vendor) } }
                (cell(&texts.service, html! { bdi { (vendor.service) } }))
                (cell(purpose, html! { bdi { (vendor.purpose.as_deref().unwrap_or(NOTHING)) } }))
                (cell(policy, match &vendor.privacy_policy {
                    Some(address) => link(address),
                    None => html! { (NOTHING) },
                }))
            }
        });
        html! {
            @if !self.declaration.vendors.is_empty() {
                (self.heading(1, None, html! { (texts.vendors) }))
                (table(html! { (self.declaration.title) " – " (texts.vendors) }, &columns, rows))
            }
        }
    }

    fn controller(&self) -> Markup {
        let declaration = self.declaration;
        html! {
            @if !declaration.controller.is_empty() {
                (self.heading(1, None, html! { (self.locale.declaration.controller) }))
                ul {
                    @for line in &declaration.controller { li { bdi { (line) } } }
                    @if let Some(address) = &declaration.privacy_policy {
                        li { (self.locale.banner.policy) ": " (link(address)) }
                    }
                }
            }
        }
    }
}

/// An address, shown as it is.
fn link(address: &str) -> Markup {
    html! { a href=(address) dir="ltr" { (address) } }
}

/// A cell that knows its column, for windows in which there is no room for columns.
fn cell(column: &str, content: Markup) -> Markup {
    html! { td role="cell" data-column=(column) { (content) } }
}

/// A table. What its parts are is said twice, because a browser forgets it of what is laid out otherwise.
fn table(caption: Markup, columns: &[&String], rows: impl Iterator<Item = Markup>) -> Markup {
    html! {
        table role="table" {
            caption { (caption) }
            thead role="rowgroup" {
                tr role="row" { @for column in columns { th scope="col" role="columnheader" { (column) } } }
            }
            tbody role="rowgroup" { @for row in rows { tr role="row" { (row) } } }
        }
    }
}

/// A text with one word in braces replaced by markup.
fn around(text: &str, name: &str, value: Markup) -> Markup {
    let (before, behind) = text
        .split_once(&format!("{{{name}}}"))
        .unwrap_or((text, ""));
    html! { (before) (value) (behind) }
}
