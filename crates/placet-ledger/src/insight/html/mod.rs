//! A summary as one page that needs nothing else: no request leaves it, and no script runs.
//!
//! Everything from a receipt passes through the escaping of the template.

mod chart;
mod table;

use std::io;

use maud::{Markup, html};
use placet::{StandardCategory, Timestamp};
use placet_page::Page;

use super::Summary;
use super::words;
use crate::day::Day;

const STYLE: &str = include_str!("style.css");

pub(super) fn write(summary: &Summary, now: Timestamp, out: &mut dyn io::Write) -> io::Result<()> {
    let page = page(summary, now).into_string();
    out.write_all(page.as_bytes())?;
    out.write_all(b"\n")
}

fn page(summary: &Summary, now: Timestamp) -> Markup {
    let made = now.to_string();
    let body = html! {
        header {
            p.mark { "Placet" }
            h1 { "What visitors chose" }
            p.when {
                @if let Some(days) = &summary.days {
                    (time(*days.start()))
                    @if days.start() != days.end() { " to " (time(*days.end())) }
                }
            }
        }
        main {
            @match summary.choices {
                None => {
                    p.lead {
                        "There are fewer than " (words::grouped(summary.smallest_group))
                        " choices: too few to say anything of."
                    }
                }
                Some(0) => { p.lead { "Nobody chose in these days." } }
                Some(choices) => {
                    (numbers(summary, choices))
                    (table::categories(summary))
                    (chart::section(summary))
                    (table::states(summary))
                    (table::regimes(summary))
                    @for (number, (heading, what, breakdown)) in words::breakdowns(summary).into_iter().enumerate() {
                        (table::groups(summary, number, heading, what, breakdown))
                    }
                    (table::signals(summary))
                }
            }
            (meaning(summary))
        }
        footer {
            p {
                "Made with Placet " (env!("CARGO_PKG_VERSION")) " on "
                time datetime=(made) { (made) }
                ". This page names nobody and asks no one for anything."
            }
        }
    };
    let page = Page {
        title: &format!("What visitors chose, {}", words::days(summary)),
        style: STYLE,
        script: None,
        has_pictures: false,
    };
    page.around(&body)
}

/// A day as people write it.
fn time(day: Day) -> Markup {
    html! { time datetime=(day) { (placet_page::date(&day.to_string())) } }
}

/// The numbers one looks for.
fn numbers(summary: &Summary, choices: u64) -> Markup {
    let [gpc, _] = summary.gpc;
    let [dnt, ..] = summary.dnt;
    let granted = summary.categories.iter().map(|category| {
        let label = format!("granted {}", words::shown(&category.name));
        (label, words::granted(category.rate))
    });
    html! {
        dl.numbers {
            div { dt { "choices" } dd { (words::grouped(choices)) } }
            @for (label, share) in granted.take(5) {
                div { dt { (label) } dd { (share) } }
            }
            div { dt { "with Global Privacy Control" } dd { (words::share(summary, gpc)) } }
            div { dt { "with DNT: 1" } dd { (words::share(summary, dnt)) } }
        }
    }
}

fn meaning(summary: &Summary) -> Markup {
    html! {
        section aria-labelledby="meaning" {
            h2 id="meaning" { "What the numbers mean" }
            ul {
                @for sentence in words::MEANING { li { (sentence) } }
                li { (words::rule(summary)) }
            }
        }
    }
}

/// The class that colours a category; the site's own share one.
fn class(name: &str) -> &'static str {
    StandardCategory::from_name(name).map_or("own", StandardCategory::name)
}
