//! A summary as one page that needs nothing else: no request leaves it, and no script runs.
//!
//! Everything from a receipt passes through the escaping of the template, and the content security policy in the head
//! holds even where that failed: the style is named by its hash, everything else is forbidden.

mod chart;
mod table;

use std::io;

use maud::{DOCTYPE, Markup, PreEscaped, html};
use placet::{StandardCategory, Timestamp};

use super::Summary;
use super::words;

const STYLE: &str = include_str!("style.css");

/// The hash of the style (CSP 3 section 2.3.1), and nothing else allowed.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; \
    style-src 'sha256-uC18yyUnq8517N8Vr3dfoe42LCrOeVEHBRw1OFZEvg0='; \
    base-uri 'none'; form-action 'none'";

pub(super) fn write(summary: &Summary, now: Timestamp, out: &mut dyn io::Write) -> io::Result<()> {
    let page = page(summary, now).into_string();
    out.write_all(page.as_bytes())?;
    out.write_all(b"\n")
}

fn page(summary: &Summary, now: Timestamp) -> Markup {
    let made = now.to_string();
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(CONTENT_SECURITY_POLICY);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="referrer" content="no-referrer";
                meta name="robots" content="noindex";
                title { "What visitors chose, " (words::days(summary)) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                header {
                    p.mark { "Placet" }
                    h1 { "What visitors chose" }
                    p.when {
                        @if let Some(days) = &summary.days {
                            time datetime=(days.start()) { (words::date(*days.start())) }
                            @if days.start() != days.end() {
                                " to " time datetime=(days.end()) { (words::date(*days.end())) }
                            }
                        }
                    }
                }
                main {
                    @match summary.choices {
                        None => {
                            p.empty {
                                "There are fewer than " (words::grouped(summary.smallest_group))
                                " choices: too few to say anything of."
                            }
                        }
                        Some(0) => { p.empty { "Nobody chose in these days." } }
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
            }
        }
    }
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
