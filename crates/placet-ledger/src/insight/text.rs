//! A summary for a terminal: tables in columns, without colour.

use std::io;

use placet::Timestamp;
use placet_page::count;

use super::words::{self, NOTHING, grouped};
use super::{Breakdown, OfCategory, Rate, Summary};
use crate::receipt::State;

/// Widest bar of a period.
const WIDEST: u64 = 24;

pub(super) fn write(summary: &Summary, now: Timestamp, out: &mut dyn io::Write) -> io::Result<()> {
    writeln!(out, "Choices, {}", words::days(summary))?;
    writeln!(out, "Made {now}\n")?;
    let Some(choices) = summary.choices else {
        let least = grouped(summary.smallest_group);
        return writeln!(
            out,
            "There are fewer than {least} choices: too few to say anything of."
        );
    };
    writeln!(out, "{}", count(choices, "choice"))?;
    if choices == 0 {
        return Ok(());
    }
    categories(summary, out)?;
    regimes(summary, out)?;
    signals(summary, out)?;
    periods(summary, out)?;
    for (heading, what, breakdown) in words::breakdowns(summary) {
        groups(summary, heading, what, breakdown, out)?;
    }
    writeln!(out)?;
    for sentence in words::MEANING {
        sentence_in_lines(sentence, out)?;
    }
    sentence_in_lines(&words::rule(summary), out)
}

/// A sentence in lines that any terminal has room for.
fn sentence_in_lines(sentence: &str, out: &mut dyn io::Write) -> io::Result<()> {
    let mut line = String::new();
    for word in sentence.split(' ') {
        if !line.is_empty() && line.chars().count() + word.chars().count() >= 80 {
            writeln!(out, "{line}")?;
            line.clear();
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    writeln!(out, "{line}")
}

fn rate(rate: Option<Rate>) -> [String; 3] {
    [
        words::number(rate.map(|rate| rate.asked)),
        words::number(rate.map(|rate| rate.granted)),
        words::granted(rate),
    ]
}

fn categories(summary: &Summary, out: &mut dyn io::Write) -> io::Result<()> {
    let row = |category: &OfCategory| {
        let name = words::shown(&category.name);
        [vec![name], rate(category.rate).to_vec()].concat()
    };
    let rows: Vec<_> = summary.categories.iter().map(row).collect();
    table(
        "Categories",
        &["category", "asked", "granted", "share"],
        &rows,
        out,
    )?;
    let row = |category: &OfCategory| {
        let states = category
            .states
            .iter()
            .skip(1)
            .chain(category.states.first());
        let states: Vec<_> = states.map(|state| words::number(*state)).collect();
        [vec![words::shown(&category.name)], states].concat()
    };
    let rows: Vec<_> = summary.categories.iter().map(row).collect();
    let states = State::ALL.into_iter().skip(1).chain([State::Unknown]);
    let heads: Vec<_> = std::iter::once("category")
        .chain(states.map(State::name))
        .collect();
    table("What choices did", &heads, &rows, out)
}

fn regimes(summary: &Summary, out: &mut dyn io::Write) -> io::Result<()> {
    let mut rows = Vec::new();
    for category in &summary.categories {
        for (regime, of) in &category.regimes {
            let names = vec![words::shown(&category.name), regime.name().to_owned()];
            rows.push([names, rate(*of).to_vec()].concat());
        }
    }
    let heads = ["category", "regime", "asked", "granted", "share"];
    table("Regimes", &heads, &rows, out)
}

fn signals(summary: &Summary, out: &mut dyn io::Write) -> io::Result<()> {
    let rows = words::signals(summary).map(|(signal, value, choices)| {
        vec![
            signal.to_owned(),
            value.to_owned(),
            words::number(choices),
            words::share(summary, choices),
        ]
    });
    let heads = ["signal", "value", "choices", "share"];
    table("Signals", &heads, &rows, out)
}

fn periods(summary: &Summary, out: &mut dyn io::Write) -> io::Result<()> {
    let most = summary
        .periods
        .iter()
        .filter_map(|period| period.choices)
        .max();
    let most = most.unwrap_or_default().max(1);
    let rows = words::periods(summary).into_iter().map(|(begin, period)| {
        let choices = period.map_or(Some(0), |period| period.choices);
        let mut row = vec![summary.per.label(begin), words::number(choices)];
        for place in 0..summary.categories.len() {
            row.push(match period {
                Some(period) => words::granted(period.rates.get(place).copied().flatten()),
                None => NOTHING.to_owned(),
            });
        }
        // The widest bar is that of the most choices; a bar of any has one place.
        let choices = u128::from(choices.unwrap_or_default());
        let places = (choices * u128::from(WIDEST)).div_ceil(u128::from(most));
        row.push("▇".repeat(usize::try_from(places).unwrap_or_default()));
        row
    });
    let rows: Vec<_> = rows.collect();
    let names = shares(summary);
    let mut heads = vec![summary.per.name(), "choices"];
    heads.extend(names.iter().map(String::as_str));
    heads.push("");
    table(&format!("By {}", summary.per), &heads, &rows, out)
}

fn groups(
    summary: &Summary,
    heading: &str,
    what: &str,
    breakdown: &Breakdown,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let named = breakdown
        .groups
        .iter()
        .map(|group| (words::name(group), group));
    let others = breakdown
        .others
        .iter()
        .map(|group| ("others".to_owned(), group));
    let rows = named.chain(others).map(|(name, group)| {
        let mut row = vec![
            name,
            grouped(group.choices),
            words::share(summary, Some(group.choices)),
        ];
        row.extend(group.rates.iter().map(|rate| words::granted(*rate)));
        row
    });
    let rows: Vec<_> = rows.collect();
    let names = shares(summary);
    let what = what.to_lowercase();
    let mut heads = vec![what.as_str(), "choices", "share"];
    heads.extend(names.iter().map(String::as_str));
    table(heading, &heads, &rows, out)
}

/// The heads of columns that say which share granted each category.
fn shares(summary: &Summary) -> Vec<String> {
    let names = summary.categories.iter();
    names.map(|category| words::shown(&category.name)).collect()
}

/// Columns as wide as their widest cell: texts to the left, numbers to the right, bars (in a column without a head)
/// as they are.
fn table(
    heading: &str,
    heads: &[&str],
    rows: &[Vec<String>],
    out: &mut dyn io::Write,
) -> io::Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{heading}")?;
    let is_text = |column: usize| match heads.get(column) {
        Some(&"regime" | &"value" | &"") => true,
        _ => column == 0,
    };
    let widths: Vec<_> = heads
        .iter()
        .enumerate()
        .map(|(column, head)| {
            let cells = rows.iter().filter_map(|row| row.get(column));
            let widest = cells.map(|cell| cell.chars().count()).max();
            head.chars().count().max(widest.unwrap_or_default())
        })
        .collect();
    let heads: Vec<_> = heads.iter().map(|head| (*head).to_owned()).collect();
    for row in std::iter::once(&heads).chain(rows) {
        let mut line = String::from("  ");
        for (column, (cell, width)) in row.iter().zip(&widths).enumerate() {
            let width = *width;
            line.push_str(&if is_text(column) {
                format!("{cell:<width$}  ")
            } else {
                format!("{cell:>width$}  ")
            });
        }
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}
