//! Two charts over time: how many choices there were, and which share granted each category. The table below them has the
//! same numbers. Drawings are as wide as the page lets them be, so their labels are text beside them.

use maud::{Markup, html};

use super::super::words::{self, grouped, percent};
use super::super::{OfCategory, Per, Period, Rate, Summary};
use super::{class, table};
use crate::day::Day;

/// From one period to the next, and the height, in a drawing's own units.
const STEP: usize = 10;
const HEIGHT: u64 = 100;

/// A period, and what is known of it where there was a choice.
type Known<'a> = (Day, Option<&'a Period>);

pub(super) fn section(summary: &Summary) -> Markup {
    let periods = words::periods(summary);
    let (Some((first, _)), Some((last, _))) = (periods.first(), periods.last()) else {
        return html! {
            section aria-labelledby="time" {
                h2 id="time" { "Over time" }
                p { "So few choices were made in each " (summary.per) " that all numbers are withheld." }
            }
        };
    };
    let ends = [*first, *last].map(|begin| summary.per.label(begin));
    html! {
        section aria-labelledby="time" {
            h2 id="time" { "Over time" }
            (choices(summary, &periods, &ends))
            h3 { "Share granted per " (summary.per) }
            // Three beside each other, unless two fill their rows better.
            div class=(if matches!(summary.categories.len(), 1 | 2 | 4) { "multiples two" } else { "multiples" }) {
                @for (place, category) in summary.categories.iter().enumerate() {
                    (rates(summary, &periods, &ends, place, category))
                }
            }
            (table::periods(summary, &periods))
        }
    }
}

/// `in the week from 2026-11-23`, `on 2026-11-27`, `in 2026-11`.
fn at(per: Per, begin: Day) -> String {
    let label = per.label(begin);
    match per {
        Per::Day => format!("on {label}"),
        Per::Week => format!("in the week from {label}"),
        Per::Month | Per::Year => format!("in {label}"),
    }
}

/// A drawing with what its ends are.
fn plot(top: &str, bottom: &str, ends: &[String; 2], drawing: &Markup) -> Markup {
    let [first, last] = ends;
    html! {
        div.plot {
            div.scale aria-hidden="true" { span { (top) } span { (bottom) } }
            (drawing)
            div.ends aria-hidden="true" {
                span { (first) }
                @if first != last { span { (last) } }
            }
        }
    }
}

/// Bars of choices.
fn choices(summary: &Summary, periods: &[Known<'_>], ends: &[String; 2]) -> Markup {
    let known = periods
        .iter()
        .filter_map(|(begin, period)| Some((*begin, (*period)?.choices?)));
    let most = known.clone().max_by_key(|(_, choices)| *choices);
    let least = known.min_by_key(|(_, choices)| *choices);
    let top = most.map_or(1, |(_, choices)| choices.max(1));
    let is_withheld = |period: &Option<&Period>| period.is_some_and(|p| p.choices.is_none());
    let withheld = periods
        .iter()
        .filter(|(_, period)| is_withheld(period))
        .count();
    let drawing = html! {
        svg.bars role="img" aria-labelledby="bars-title bars-desc" preserveAspectRatio="none"
            viewBox={ "0 0 " (periods.len() * STEP) " " (HEIGHT) }
        {
            title id="bars-title" { "Choices per " (summary.per) }
            desc id="bars-desc" {
                @if let (Some((most_at, most)), Some((least_at, least))) = (most, least) {
                    "Most " (at(summary.per, most_at)) ": " (grouped(most))
                    ". Fewest of those shown " (at(summary.per, least_at)) ": " (grouped(least)) ". "
                }
                "All numbers are in the table."
            }
            @for (number, (_, period)) in periods.iter().enumerate() {
                @if let Some(choices) = period.and_then(|period| period.choices) {
                    @let height = height(choices, top);
                    rect x=(number * STEP + 1) y=(format!("{:.2}", 100.0 - height)) width=(STEP - 2)
                        height=(format!("{height:.2}")) {}
                } @else if is_withheld(period) {
                    rect.withheld x=(number * STEP + 2) y=(HEIGHT - 10) width=(STEP - 4) height=(9) {}
                }
            }
        }
    };
    html! {
        figure {
            figcaption {
                strong { "Choices per " (summary.per) }
                @if withheld > 0 {
                    span.key {
                        svg.bars.sample aria-hidden="true" viewBox="0 0 12 12" {
                            rect.withheld x="2" y="1" width="8" height="10" {}
                        }
                        "withheld (" (grouped(withheld as u64)) ")"
                    }
                }
            }
            (plot(&grouped(top), "0", ends, &drawing))
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "a drawing is not exact")]
fn height(choices: u64, top: u64) -> f64 {
    choices as f64 / top as f64 * 100.0
}

/// The share that granted a category, as a line with gaps where it is withheld or nobody was asked.
fn rates(
    summary: &Summary,
    periods: &[Known<'_>],
    ends: &[String; 2],
    place: usize,
    category: &OfCategory,
) -> Markup {
    let share = |period: &Option<&Period>| {
        let rate = period.and_then(|period| period.rates.get(place).copied().flatten());
        rate.and_then(Rate::share)
    };
    let shares: Vec<_> = periods.iter().map(|(_, period)| share(period)).collect();
    let known = periods.iter().zip(&shares);
    let known = known.filter_map(|((begin, _), share)| Some((*begin, (*share)?)));
    let by_share = |one: &(Day, f64), other: &(Day, f64)| one.1.total_cmp(&other.1);
    let (least, most) = (known.clone().min_by(by_share), known.max_by(by_share));
    let is_withheld = |period: &&Period| !matches!(period.rates.get(place), Some(Some(_)));
    let withheld = periods.iter().filter_map(|(_, period)| *period);
    let withheld = withheld.filter(is_withheld).count();
    let whole = category.rate.and_then(Rate::share);
    let name = words::shown(&category.name);
    let width = periods.len() * STEP;
    let drawing = html! {
        svg.lines role="img" aria-labelledby={ "line-" (place) " line-desc-" (place) }
            preserveAspectRatio="none" viewBox={ "0 0 " (width) " " (HEIGHT) }
        {
            title id={ "line-" (place) } { "Share that granted " (name) ", per " (summary.per) }
            desc id={ "line-desc-" (place) } {
                @if let Some(whole) = whole { (percent(whole)) " in all. " }
                @if let (Some((least_at, least)), Some((most_at, most))) = (least, most) {
                    "Lowest " (at(summary.per, least_at)) ": " (percent(least))
                    ". Highest " (at(summary.per, most_at)) ": " (percent(most)) ". "
                } @else {
                    "Every single " (summary.per) " is withheld. "
                }
                "All numbers are in the table."
            }
            path.grid d={ "M0 0H" (width) "M0 50H" (width) "M0 100H" (width) } {}
            @for run in runs(&shares) {
                path.area d={ (line(&run)) "V100H" (run.first().map_or(0, |(x, _)| *x)) "Z" } {}
                path.line d=(line(&run)) {}
            }
            @if let Some(whole) = whole {
                path.whole d={ "M0 " (y(whole)) "H" (width) } {}
            }
        }
    };
    html! {
        figure class=(class(&category.name)) {
            figcaption {
                strong { (name) }
                @if withheld > 0 { span.key { "withheld (" (grouped(withheld as u64)) ")" } }
                span.key {
                    svg.lines.sample aria-hidden="true" viewBox="0 0 24 12" { path.whole d="M0 6H24" {} }
                    "in all " (words::granted(category.rate))
                }
            }
            (plot("100%", "0%", ends, &drawing))
        }
    }
}

/// Points that follow each other without a gap: the middle of each period, and its share. One that stands alone
/// becomes a line as long as its period.
fn runs(shares: &[Option<f64>]) -> Vec<Vec<(usize, f64)>> {
    let mut runs: Vec<Vec<(usize, f64)>> = Vec::new();
    let mut is_open = false;
    for (number, share) in shares.iter().enumerate() {
        let point = share.map(|share| (number * STEP + STEP / 2, share));
        match (point, runs.last_mut()) {
            (Some(point), Some(run)) if is_open => run.push(point),
            (Some(point), _) => runs.push(vec![point]),
            (None, _) => {}
        }
        is_open = point.is_some();
    }
    for run in &mut runs {
        if let [(x, share)] = run.as_slice() {
            let half = STEP / 2 - 1;
            *run = vec![(x.saturating_sub(half), *share), (x + half, *share)];
        }
    }
    runs
}

fn line(run: &[(usize, f64)]) -> String {
    let mut path = String::new();
    for (number, (x, share)) in run.iter().enumerate() {
        let command = if number == 0 { 'M' } else { 'L' };
        path.push_str(&format!("{command}{x} {}", y(*share)));
    }
    path
}

fn y(share: f64) -> String {
    format!("{:.2}", (1.0 - share) * 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_ends_a_line() {
        let shares = [Some(0.5), Some(1.0), None, Some(0.25), None];
        let lines: Vec<_> = runs(&shares).iter().map(|run| line(run)).collect();
        assert_eq!(lines, ["M5 50.00L15 0.00", "M31 75.00L39 75.00"]);
        assert!(runs(&[None, None]).is_empty());
    }
}
