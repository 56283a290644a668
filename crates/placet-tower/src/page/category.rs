//! One category: what it is for, how it stands, the two answers, and every service with its cookies.

use maud::{Markup, html};
use placet::{Category, Decision, Lifetime, Reason, Service, StandardCategory};

use super::markup::{fill, lifetime};
use super::{Headings, View};

/// Purposes of services that are shown above the list of services.
const MOST_PURPOSES: usize = 6;

/// One row of the list of cookies.
struct Row<'a> {
    name: &'a str,
    lifetime: Option<Lifetime>,
    purpose: Option<&'a str>,
}

impl<'a> View<'a> {
    pub(super) fn categories(&self) -> Markup {
        html! {
            @for category in self.policy().categories() {
                @if category.is_required() {
                    (self.required(category))
                } @else if self.is_used(category) {
                    (self.optional(category))
                }
            }
        }
    }

    /// Nobody is asked about nothing: a category without services is answered the way that allows
    /// nothing.
    pub(super) fn unasked(&self) -> Markup {
        html! {
            @for category in self.policy().optional_categories() {
                @if !self.is_used(category) {
                    input type="hidden" name={ "category." (category.name()) } value="refused";
                }
            }
        }
    }

    /// Its name for visitors: the policy's, or that of a standard category, or else its id.
    pub(super) fn title(&self, category: &'a Category) -> &'a str {
        let standard = self.locale.category.named(category.name());
        category
            .title()
            .or_else(|| Some(standard?.title.as_str()))
            .unwrap_or(category.name())
    }

    fn required(&self, category: &'a Category) -> Markup {
        // The cookie of this page is one of those that every site needs.
        let ours = category.id() == StandardCategory::Necessary.id();
        if !ours && !self.is_used(category) {
            return html! {};
        }
        let id = format!("placet-{}", category.name());
        html! {
            section.placet-category aria-labelledby=(id) {
                div.placet-head {
                    (self.heading(category, Some(&id)))
                    p.placet-state { (self.locale.state.always) }
                }
                (self.about(category))
                (self.services_of(category, ours))
            }
        }
    }

    fn optional(&self, category: &'a Category) -> Markup {
        let state = format!("placet-{}", category.name());
        let texts = self.locale;
        html! {
            fieldset.placet-category aria-describedby=(state) {
                legend.placet-head { (self.heading(category, None)) }
                p.placet-state id=(state) { (self.state(category)) }
                (self.about(category))
                div.placet-answers {
                    (self.answer(category, Decision::Refused, &texts.refuse))
                    (self.answer(category, Decision::Granted, &texts.allow))
                }
                (self.services_of(category, false))
            }
        }
    }

    fn heading(&self, category: &'a Category, id: Option<&str>) -> Markup {
        let title = self.title(category);
        match self.headings {
            Headings::Document => html! { h2.placet-name id=[id] { bdi { (title) } } },
            Headings::Fragment => html! { h3.placet-name id=[id] { bdi { (title) } } },
        }
    }

    /// How it stands and why, as far as it matters to the visitor.
    fn state(&self, category: &Category) -> &'static str {
        let texts = &self.locale.state;
        let stands = self.standing.of(category.id());
        let clicked = self.choice.is_some();
        match (stands.decision, stands.reason) {
            (Decision::Undecided, _) => &texts.undecided,
            (Decision::Granted, Reason::Chosen) if clicked => &texts.granted,
            (Decision::Granted, _) => &texts.regime,
            (Decision::Refused, Reason::Chosen) if clicked => &texts.refused,
            (Decision::Refused, Reason::Stale) if clicked => &texts.stale,
            (Decision::Refused, _) => &texts.signal,
        }
    }

    /// One of the two answers. "Refuse" is ticked where that is what holds; "allow" only where the
    /// visitor said so, never because a regime permits it.
    fn answer(&self, category: &Category, answer: Decision, text: &str) -> Markup {
        let holds = self.standing.of(category.id()).decision == answer;
        let ticked = match answer {
            Decision::Granted => holds && self.said(category) == Decision::Granted,
            _ => holds,
        };
        html! {
            label.placet-answer {
                input type="radio" name={ "category." (category.name()) } value=(answer.name())
                    required checked[ticked];
                " " span { (text) }
            }
        }
    }

    /// What the category is for, and what its services say they do.
    fn about(&self, category: &Category) -> Markup {
        let standard = self.locale.category.named(category.name());
        let mut purposes: Vec<&str> = Vec::new();
        for purpose in self.services(category).filter_map(|s| s.purpose.as_deref()) {
            if purposes.len() < MOST_PURPOSES && !purposes.contains(&purpose) {
                purposes.push(purpose);
            }
        }
        html! {
            @if let Some(standard) = standard { p { (standard.text) } }
            @if !purposes.is_empty() {
                ul.placet-purposes { @for purpose in purposes { li { bdi { (purpose) } } } }
            }
        }
    }

    fn services_of(&self, category: &Category, ours: bool) -> Markup {
        let texts = &self.locale.service;
        let count = self.services(category).count() + usize::from(ours);
        html! {
            details.placet-services {
                summary { (fill(&texts.list, &[("count", html! { (count) })])) }
                @if ours { (self.own_service()) }
                @for service in self.services(category) { (self.service(service)) }
            }
        }
    }

    /// The cookie that remembers what is chosen here.
    fn own_service(&self) -> Markup {
        let texts = &self.locale.service;
        let days = u64::from(self.rules.choice_lifetime_days);
        let row = Row {
            name: &self.policy().consent_cookie().name,
            lifetime: Some(Lifetime::Seconds(days * 86_400)),
            purpose: Some(&texts.choice_purpose),
        };
        html! {
            div.placet-service {
                p.placet-provider { strong { (texts.choice) } }
                (self.cookies(&[row]))
            }
        }
    }

    fn service(&self, service: &Service) -> Markup {
        let texts = &self.locale.service;
        let rows: Vec<_> = service
            .cookies
            .iter()
            .map(|cookie| Row {
                name: cookie.name.as_str(),
                lifetime: cookie.lifetime,
                purpose: cookie.purpose.as_deref(),
            })
            .collect();
        html! {
            div.placet-service {
                p.placet-provider {
                    strong { bdi { (service.title()) } }
                    @if let Some(vendor) = &service.vendor {
                        " " span { (fill(&texts.vendor, &[("vendor", html! { bdi { (vendor) } })])) }
                    }
                }
                @if let Some(purpose) = &service.purpose { p { bdi { (purpose) } } }
                @if rows.is_empty() { p { (texts.no_cookies) } } @else { (self.cookies(&rows)) }
                @if !service.storage.is_empty() {
                    @let keys = html! {
                        @for (number, key) in service.storage.iter().enumerate() {
                            @if number > 0 { (self.locale.separator) }
                            code dir="ltr" { (key) }
                        }
                    };
                    p { (fill(&texts.storage, &[("keys", keys)])) }
                }
            }
        }
    }

    fn cookies(&self, rows: &[Row<'_>]) -> Markup {
        let texts = &self.locale.service;
        html! {
            table.placet-cookies {
                thead {
                    tr {
                        th scope="col" { (texts.cookie) }
                        th scope="col" { (texts.lifetime) }
                        th scope="col" { (texts.purpose) }
                    }
                }
                tbody {
                    @for row in rows {
                        tr {
                            th scope="row" { code dir="ltr" { (row.name) } }
                            td { (lifetime(self.locale, row.lifetime)) }
                            td { bdi { (row.purpose.unwrap_or("–")) } }
                        }
                    }
                }
            }
        }
    }
}
