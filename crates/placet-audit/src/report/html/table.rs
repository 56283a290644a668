//! The table of all cookies, which sorts by any of its columns.

use std::cmp::Reverse;

use maud::{Markup, html};
use placet::Lifetime;

use super::super::digest::{Life, Row};
use super::super::words::{self, shown};
use crate::survey::Party;

/// Rows of the table; a page with more is slow to open and nobody reads them.
const MOST_ROWS: usize = 2_000;

pub(super) fn section(rows: &[Row<'_>]) -> Markup {
    if rows.is_empty() {
        return Markup::default();
    }
    let mut sorted: Vec<_> = rows.iter().collect();
    sorted.sort_by_key(|row| Reverse(gravity(row)));
    let left = sorted.len().saturating_sub(MOST_ROWS) as u64;
    html! {
        section aria-labelledby="cookies" {
            h2 id="cookies" { "All cookies" }
            div.scroll role="region" aria-label="Table of cookies" tabindex="0" {
                table.cookies {
                    caption {
                        "One row for each cookie of a host. Choose a heading to sort by it."
                        @if left > 0 {
                            " " (words::count(left, "cookie"))
                            " with nothing grave about them are left out; the JSON report lists them."
                        }
                    }
                    thead {
                        tr {
                            @for name in ["Cookie", "Host", "Service", "Category", "Lives", "From", "Seen"] {
                                th scope="col" { (name) }
                            }
                            th scope="col" aria-sort="descending" { "Findings" }
                        }
                    }
                    tbody {
                        @for row in sorted.into_iter().take(MOST_ROWS) { (cookie(row)) }
                    }
                }
            }
            p #sorted .unseen role="status" {}
        }
    }
}

fn cookie(row: &Row<'_>) -> Markup {
    let from = match row.party {
        Party::First => "the site",
        Party::Third => "another site",
        Party::Unknown => "not known",
    };
    html! {
        tr {
            th scope="row" { code dir="ltr" { (shown(&row.name, 120)) } }
            td { span dir="ltr" { (shown(&row.host, 120)) } }
            td { (row.service.map_or_else(|| "known to nobody".to_owned(), |name| shown(name, 80))) }
            td { (shown(row.category, 40)) }
            td data-key=(life_key(row.life)) { (life(row.life)) }
            td { (from) }
            td data-key=(row.count) { (words::grouped(row.count)) }
            td data-key=(gravity(row)) {
                @match row.gravest {
                    Some(level) => {
                        span class={ "badge " (level.name()) } { (level.name()) }
                        @if row.findings > 1 { " and " (words::grouped(row.findings - 1)) " more" }
                    }
                    None => "none",
                }
            }
        }
    }
}

/// By level first, then by how many findings there are.
fn gravity(row: &Row<'_>) -> u64 {
    const STEP: u64 = 1_000_000;
    match row.gravest {
        Some(level) => (level as u64 + 1) * STEP + row.findings.min(STEP - 1),
        None => 0,
    }
}

fn life(life: Life) -> String {
    match life {
        Life::NotSeen => "not seen".to_owned(),
        Life::Asked(lifetime) => words::lifetime(lifetime),
    }
}

/// Seconds; a session before them, and what was not seen before that.
fn life_key(life: Life) -> String {
    match life {
        Life::NotSeen => "-2".to_owned(),
        Life::Asked(Lifetime::Session) => "-1".to_owned(),
        Life::Asked(Lifetime::Seconds(seconds)) => seconds.to_string(),
    }
}
