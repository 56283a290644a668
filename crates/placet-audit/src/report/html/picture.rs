//! The picture of cookies by category and lifetime: a table whose cells hold one square a cookie.
//! The numbers beside the squares say the same, so nothing depends on seeing or on colour.

use maud::{Markup, html};
use placet::{Lifetime, StandardCategory};

use super::super::digest::{self, Life, Row};
use super::super::words::{self, shown};

const DAY: u64 = 86_400;
/// The columns: from one heading to the next, by the longest lifetime they hold.
const COLUMNS: [&str; 6] = [
    "session",
    "1 day",
    "30 days",
    "13 months",
    "longer",
    "not seen",
];

/// Squares in one cell; with more cookies a square stands for several.
const MOST_SQUARES: u64 = 40;
/// Squares beside each other.
const IN_ROW: u64 = 5;
/// Side of a square, and from one to the next, in the picture's own units.
const SIDE: u64 = 9;
const STEP: u64 = 11;

pub(super) fn section(rows: &[Row<'_>]) -> Markup {
    if rows.is_empty() {
        return Markup::default();
    }
    let counts: Vec<_> = digest::categories(rows)
        .into_iter()
        .map(|(category, count)| (category, count, by_life(rows, category)))
        .collect();
    let most = counts.iter().flat_map(|(.., lives)| lives).copied().max();
    let each = most.unwrap_or_default().div_ceil(MOST_SQUARES).max(1);
    html! {
        section aria-labelledby="picture" {
            h2 id="picture" { "What they are for, and how long they live" }
            table.picture {
                caption {
                    "Each square is " (words::count(each, "cookie")) ". "
                    "\u{201c}13 months\u{201d} is over 30 days and at most 13 months; "
                    "\u{201c}not seen\u{201d} was only sent, so no lifetime was on record."
                }
                thead {
                    tr {
                        th scope="col" { "Category" }
                        @for name in COLUMNS { th scope="col" { (name) } }
                    }
                }
                tbody {
                    @for (category, count, lives) in &counts {
                        tr class=(class(category)) {
                            th scope="row" {
                                (shown(category, 40)) " " span.total { (words::grouped(*count)) }
                            }
                            @for life in lives {
                                td {
                                    @if *life > 0 { (squares(life.div_ceil(each))) }
                                    span.number { (words::grouped(*life)) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// How many cookies of a category are in each column.
fn by_life(rows: &[Row<'_>], category: &str) -> [u64; COLUMNS.len()] {
    let mut counts = [0; COLUMNS.len()];
    for row in rows.iter().filter(|row| row.category == category) {
        if let Some(count) = counts.get_mut(column(row.life)) {
            *count += 1;
        }
    }
    counts
}

const fn column(life: Life) -> usize {
    match life {
        Life::Asked(Lifetime::Session) => 0,
        Life::Asked(Lifetime::Seconds(seconds)) if seconds <= DAY => 1,
        Life::Asked(Lifetime::Seconds(seconds)) if seconds <= 30 * DAY => 2,
        // Thirteen calendar months have up to 397 days.
        Life::Asked(Lifetime::Seconds(seconds)) if seconds <= 397 * DAY => 3,
        Life::Asked(Lifetime::Seconds(_)) => 4,
        Life::NotSeen => 5,
    }
}

/// The class that colours a category; the site's own share one.
fn class(category: &str) -> &'static str {
    match StandardCategory::from_name(category) {
        Some(standard) => standard.name(),
        None if category == "unknown" => "unknown",
        None => "own",
    }
}

fn squares(count: u64) -> Markup {
    let wide = count.min(IN_ROW) * STEP - (STEP - SIDE);
    let high = count.div_ceil(IN_ROW) * STEP - (STEP - SIDE);
    html! {
        svg aria-hidden="true" viewBox={ "0 0 " (wide) " " (high) } width=(wide) height=(high) {
            @for number in 0..count {
                rect x=(number % IN_ROW * STEP) y=(number / IN_ROW * STEP) width=(SIDE) height=(SIDE) rx="2" {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lifetimes_fall_into_the_column_that_names_the_longest() {
        for (life, expected) in [
            (Life::Asked(Lifetime::Session), "session"),
            (Life::Asked(Lifetime::Seconds(0)), "1 day"),
            (Life::Asked(Lifetime::Seconds(DAY)), "1 day"),
            (Life::Asked(Lifetime::Seconds(DAY + 1)), "30 days"),
            (Life::Asked(Lifetime::Seconds(396 * DAY)), "13 months"),
            (Life::Asked(Lifetime::Seconds(400 * DAY)), "longer"),
            (Life::Asked(Lifetime::Seconds(u64::MAX)), "longer"),
            (Life::NotSeen, "not seen"),
        ] {
            assert_eq!(COLUMNS[column(life)], expected, "{life:?}");
        }
    }
}
