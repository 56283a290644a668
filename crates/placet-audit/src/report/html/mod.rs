//! The report as one page that needs nothing else: no request leaves it, and no script runs but
//! the one that sorts its table.
//!
//! Everything from a recording passes through the escaping of the template.

mod claims;
mod findings;
mod picture;
mod table;
mod visits;

use std::io::{self, Write};

use maud::{Markup, html};
use placet_page::Page;

use super::Options;
use super::digest::{self, Of, Row};
use super::passes::{choices_untried, heading};
use super::words::{self, shown};
use crate::audit::{Audit, Outcome};
use crate::finding::Level;

const STYLE: &str = concat!(include_str!("style.css"), include_str!("visits/style.css"));
const SCRIPT: &str = include_str!("sort.js");

pub(super) fn write(audit: &Audit<'_>, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let page = page(audit, options).into_string();
    out.write_all(page.as_bytes())?;
    out.write_all(b"\n")
}

fn page(audit: &Audit<'_>, options: &Options) -> Markup {
    let rows = digest::rows(audit);
    let title = shown(&options.title, 100);
    let mut gallery = visits::Gallery::default();
    let body = html! {
        header {
            p.mark { "Placet" }
            h1 { (title) }
            @if let Some(page) = audit.visits.iter().find_map(|visit| visit.pages.first()) {
                p.site { code dir="ltr" { (shown(&page.url, 200)) } }
            }
            p.when { time datetime=(options.now.to_string()) { (date(options)) } }
        }
        main {
            (verdict(audit, options))
            @if !audit.is_of_a_text_alone() { (numbers(audit, &rows)) }
            (visits::opening(audit, &mut gallery))
            (read(audit, &rows))
            @if !audit.is_of_a_text_alone() {
                (assumed(audit))
                (picture::section(&rows))
            }
            (claims::section(audit))
            (findings::section(audit, &mut gallery))
            (visits::section(audit, &rows, &mut gallery))
            @if !audit.is_of_a_text_alone() { (table::section(&rows)) }
        }
        footer {
            p {
                "Made with Placet " (env!("CARGO_PKG_VERSION"))
                ". This page holds no cookie's value and asks no one for anything. "
                "It says what a recording shows, and is no legal advice."
            }
        }
    };
    let page = Page {
        title: &title,
        style: STYLE,
        script: Some(SCRIPT),
        has_pictures: true,
    };
    page.around(&body)
}

/// `22 November 2026, 08:30 UTC`.
fn date(options: &Options) -> String {
    let moment = options.now.to_string();
    let time = moment.get(11..16).unwrap_or_default();
    format!("{}, {time} UTC", placet_page::date(&moment))
}

/// How the audit ended, as the first thing one reads.
fn verdict(audit: &Audit<'_>, options: &Options) -> Markup {
    let (class, word) = match audit.outcome(options.fail_on) {
        Outcome::Clean => ("lead verdict clean", "Clean"),
        Outcome::Findings => ("lead verdict found", "Something has to be done"),
        Outcome::Unverified => ("lead verdict unverified", "Could not verify"),
    };
    let found = words::found(audit);
    html! {
        section class=(class) aria-labelledby="verdict" {
            h2 id="verdict" { (word) }
            @if !found.is_empty() { p { (found) "." } }
            @if let Some(untried) = choices_untried(audit) { p { (heading(&untried)) "." } }
            @for problem in words::all_unverified(audit) {
                p { "Could not verify: " (problem) "." }
            }
        }
    }
}

/// The numbers one looks for.
fn numbers(audit: &Audit<'_>, rows: &[Row<'_>]) -> Markup {
    let third = rows.iter().filter(|row| row.is_third_party()).count() as u64;
    let consent = rows
        .iter()
        .filter(|row| !matches!(row.category, "necessary" | "unknown"))
        .count() as u64;
    let numbers = [
        ("Exchanges read", audit.evidence.survey.exchanges()),
        ("Cookies", rows.len() as u64),
        ("that are not necessary", consent),
        ("from other sites", third),
        ("Known services", services(audit, rows)),
        ("Errors", words::at_level(audit, Level::Error)),
        ("Warnings", words::at_level(audit, Level::Warning)),
        ("Notes", words::at_level(audit, Level::Note)),
    ];
    html! {
        dl.numbers {
            @for (label, number) in numbers {
                div {
                    dt { (label) }
                    dd { (words::grouped(number)) }
                }
            }
        }
    }
}

fn services(audit: &Audit<'_>, rows: &[Row<'_>]) -> u64 {
    digest::groups(audit, rows)
        .iter()
        .filter(|group| matches!(group.of, Of::Service(_)) && !group.rows.is_empty())
        .count() as u64
}

/// What was read, recording by recording, and what it comes to.
fn read(audit: &Audit<'_>, rows: &[Row<'_>]) -> Markup {
    let categories: Vec<_> = digest::categories(rows)
        .into_iter()
        .map(|(name, count)| match name {
            "unknown" => format!("{} known to nobody", words::grouped(count)),
            _ => format!("{} {}", words::grouped(count), shown(name, 40)),
        })
        .collect();
    let survey = &audit.evidence.survey;
    html! {
        section aria-labelledby="read" {
            h2 id="read" { "What was read" }
            ul {
                @for recording in &audit.recordings {
                    li {
                        code dir="ltr" { (shown(&recording.name, 200)) }
                        ": " (words::coverage(&recording.coverage)) "."
                    }
                }
                @if let Some(held) = &audit.privacy_policy {
                    li {
                        code dir="ltr" { (shown(held.privacy_policy.name(), 200)) }
                        ": " (super::claims::coverage(held)) "."
                    }
                }
            }
            @if audit.is_of_a_text_alone() {
            } @else if rows.is_empty() {
                p { "No cookie was set or sent." }
            } @else {
                p {
                    "Set or sent: " (words::count(rows.len() as u64, "cookie")) "; "
                    (words::count(services(audit, rows), "known service")) ". By what they are for: "
                    (words::listed(&categories)) "."
                }
            }
            @if survey.malformed_count() > 0 {
                p { (words::count(survey.malformed_count(), "record")) " could not be read." }
            }
            @if survey.overflowed() > 0 {
                p {
                    "Beyond those, " (words::count(survey.overflowed(), "cookie"))
                    " were too many to tell apart."
                }
            }
        }
    }
}

/// What was assumed where the recordings do not say.
fn assumed(audit: &Audit<'_>) -> Markup {
    html! {
        section aria-labelledby="assumed" {
            h2 id="assumed" { "What was assumed" }
            ul {
                @for sentence in words::assumptions(audit) {
                    li { (inline(&sentence)) }
                }
            }
        }
    }
}

/// A sentence with its `names` set as code. A name may itself hold a backtick, which then ends
/// the code early and does no other harm.
fn inline(text: &str) -> Markup {
    html! {
        @for (number, part) in text.split('`').enumerate() {
            @if number % 2 == 0 { (part) } @else { code dir="ltr" { (part) } }
        }
    }
}
