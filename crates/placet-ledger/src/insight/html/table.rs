//! The tables. Where a bar stands beside a number it says the same, so nothing depends on seeing or on colour.

use maud::{Markup, html};

use super::super::words::{self, NOTHING, grouped};
use super::super::{Breakdown, Group, OfCategory, Period, Rate, Summary};
use super::class;
use crate::day::Day;
use crate::receipt::State;

/// A share as a bar.
fn bar(share: Option<f64>) -> Markup {
    let Some(share) = share else {
        return Markup::default();
    };
    html! {
        svg.bar aria-hidden="true" viewBox="0 0 100 8" preserveAspectRatio="none" {
            rect.track x="0" y="0" width="100" height="8" {}
            rect.fill x="0" y="0" width=(format!("{:.1}", share * 100.0)) height="8" {}
        }
    }
}

/// A number, or that it is withheld or that there is nothing.
fn cell(text: &str) -> Markup {
    html! {
        @if text == words::WITHHELD { span.withheld { (text) } } @else { (text) }
    }
}

fn share_cell(rate: Option<Rate>) -> Markup {
    html! {
        (cell(&words::granted(rate)))
        (bar(rate.and_then(Rate::share)))
    }
}

/// A table that is scrolled where it is wider than the page.
fn scrolled(label: &str, table: &Markup) -> Markup {
    html! {
        div.scroll role="region" aria-label=(label) tabindex="0" { (table) }
    }
}

pub(super) fn categories(summary: &Summary) -> Markup {
    html! {
        section aria-labelledby="granted" {
            h2 id="granted" { "What was granted" }
            table.granted {
                caption { "The filled part of a bar is the share that granted the category, of those asked." }
                thead {
                    tr {
                        th scope="col" { "Category" }
                        th scope="col" { "Share granted" }
                        th.number scope="col" { "Granted" }
                        th.number scope="col" { "Asked" }
                    }
                }
                tbody {
                    @for category in &summary.categories {
                        tr class=(class(&category.name)) {
                            th scope="row" { (words::shown(&category.name)) }
                            td { (share_cell(category.rate)) }
                            td.number { (cell(&words::number(category.rate.map(|rate| rate.granted)))) }
                            td.number { (cell(&words::number(category.rate.map(|rate| rate.asked)))) }
                        }
                    }
                }
            }
        }
    }
}

pub(super) fn states(summary: &Summary) -> Markup {
    let table = html! {
        table {
            thead {
                tr {
                    th scope="col" { "Category" }
                    @for state in State::ALL.into_iter().skip(1) { th.number scope="col" { (state) } }
                    th.number scope="col" { (State::Unknown) }
                }
            }
            tbody {
                @for category in &summary.categories {
                    tr {
                        th scope="row" { (words::shown(&category.name)) }
                        @for state in category.states.iter().skip(1).chain(category.states.first()) {
                            td.number { (cell(&words::number(*state))) }
                        }
                    }
                }
            }
        }
    };
    html! {
        section aria-labelledby="states" {
            h2 id="states" { "What choices did" }
            (scrolled("Table of what choices did", &table))
            p.note {
                "Given: granted, and not before. Renewed: granted again. Withdrawn: refused, and granted before. "
                "Expired and invalidated: granted once, too old or under a policy that has changed, and nothing new said. "
                "Unknown: nothing was said."
            }
        }
    }
}

pub(super) fn regimes(summary: &Summary) -> Markup {
    let rows = |category: &OfCategory| {
        html! {
            @for (regime, rate) in &category.regimes {
                tr class=(class(&category.name)) {
                    th scope="row" { (words::shown(&category.name)) ", " (regime) }
                    td { (share_cell(*rate)) }
                    td.number { (cell(&words::number(rate.map(|rate| rate.granted)))) }
                    td.number { (cell(&words::number(rate.map(|rate| rate.asked)))) }
                }
            }
        }
    };
    html! {
        section aria-labelledby="regimes" {
            h2 id="regimes" { "Regimes" }
            table.granted {
                caption {
                    "What the law of the visitor's region expects, as the policy has it: to be asked before (opt-in), "
                    "to be able to object (opt-out), to be told (notice)."
                }
                thead {
                    tr {
                        th scope="col" { "Category and regime" }
                        th scope="col" { "Share granted" }
                        th.number scope="col" { "Granted" }
                        th.number scope="col" { "Asked" }
                    }
                }
                tbody { @for category in &summary.categories { (rows(category)) } }
            }
        }
    }
}

pub(super) fn groups(
    summary: &Summary,
    number: usize,
    heading: &str,
    what: &str,
    breakdown: &Breakdown,
) -> Markup {
    let row = |name: &str, group: &Group| {
        html! {
            tr {
                th scope="row" { span dir="auto" { (name) } }
                td.number { (grouped(group.choices)) }
                td.all {
                    (words::share(summary, Some(group.choices)))
                    (bar(summary.share(Some(group.choices))))
                }
                @for (category, rate) in summary.categories.iter().zip(&group.rates) {
                    td class=(class(&category.name)) { (share_cell(*rate)) }
                }
            }
        }
    };
    let table = html! {
        table.groups {
            thead {
                tr {
                    th scope="col" { (what) }
                    th.number scope="col" { "Choices" }
                    th scope="col" { "Share of all" }
                    @for category in &summary.categories {
                        th scope="col" { "Granted " (words::shown(&category.name)) }
                    }
                }
            }
            tbody {
                @for group in &breakdown.groups { (row(&words::name(group), group)) }
                @if let Some(group) = &breakdown.others { (row("others", group)) }
            }
        }
    };
    html! {
        section aria-labelledby={ "groups-" (number) } {
            h2 id={ "groups-" (number) } { (heading) }
            (scrolled(&format!("Table: {heading}"), &table))
        }
    }
}

pub(super) fn signals(summary: &Summary) -> Markup {
    html! {
        section aria-labelledby="signals" {
            h2 id="signals" { "Signals of the browser" }
            table.granted {
                caption { "The signals that came with the choices." }
                thead {
                    tr {
                        th scope="col" { "Signal" }
                        th scope="col" { "Share of all" }
                        th.number scope="col" { "Choices" }
                    }
                }
                tbody {
                    @for (signal, value, choices) in words::signals(summary) {
                        tr {
                            th scope="row" { (signal) ": " (value) }
                            td.all {
                                (cell(&words::share(summary, choices)))
                                (bar(summary.share(choices)))
                            }
                            td.number { (cell(&words::number(choices))) }
                        }
                    }
                }
            }
        }
    }
}

/// The numbers of both charts.
pub(super) fn periods(summary: &Summary, periods: &[(Day, Option<&Period>)]) -> Markup {
    let rate =
        |period: &Period, place: usize| words::granted(period.rates.get(place).copied().flatten());
    let head = match summary.per {
        super::super::Per::Day => "Day",
        super::super::Per::Week => "Week from",
        super::super::Per::Month => "Month",
        super::super::Per::Year => "Year",
    };
    let table = html! {
        table.periods {
            thead {
                tr {
                    th scope="col" { (head) }
                    th.number scope="col" { "Choices" }
                    @for category in &summary.categories {
                        th.number scope="col" { "Granted " (words::shown(&category.name)) }
                    }
                }
            }
            tbody {
                @for (begin, period) in periods {
                    @let label = summary.per.label(*begin);
                    tr {
                        th scope="row" { time datetime=(label) { (label) } }
                        td.number {
                            (cell(&words::number(period.map_or(Some(0), |period| period.choices))))
                        }
                        @for place in 0..summary.categories.len() {
                            td.number {
                                @match period {
                                    Some(period) => (cell(&rate(period, place))),
                                    None => (NOTHING),
                                }
                            }
                        }
                    }
                }
            }
        }
    };
    html! {
        h3 id="periods" { "The numbers of these charts" }
        div.scroll.long role="region" aria-labelledby="periods" tabindex="0" { (table) }
    }
}
