//! The passes of a live audit in a few lines: each in numbers, and what choices and signals changed.

use std::io::{self, Write};

use super::super::passes::{Sums, changes, heading, unverified};
use super::super::words::{self, shown};
use super::{BOLD, DIM, Paint, widest};
use crate::audit::Audit;

/// Widest line, as far as words allow.
const WIDEST: usize = 100;
/// Longest name of a pass.
const LONGEST_NAME: usize = 16;
/// Between columns.
const GAP: usize = 2;

pub(super) fn write(audit: &Audit<'_>, paint: &Paint, out: &mut dyn Write) -> io::Result<()> {
    if audit.visits.is_empty() {
        return Ok(());
    }
    let names = Sums::NAMES.map(str::to_owned);
    let first = widest(&names);
    let mut columns = Vec::new();
    for visit in &audit.visits {
        let mark = if unverified(audit, visit).is_some() {
            "*"
        } else {
            ""
        };
        let name = format!("{}{mark}", shown(&visit.name, LONGEST_NAME));
        let numbers = Sums::of(audit, visit).numbers().map(words::grouped);
        let width = widest(&numbers).max(name.chars().count());
        columns.push((name, numbers, width));
    }
    writeln!(out, "\n{}", paint.of(BOLD, "Passes"))?;
    let mut left = columns.as_slice();
    while !left.is_empty() {
        let (here, rest) = left.split_at(fitting(left, WIDEST.saturating_sub(2 + first)));
        left = rest;
        let heads = here
            .iter()
            .map(|(name, _, width)| format!("{:GAP$}{name:>width$}", ""));
        writeln!(
            out,
            "  {:first$}{}",
            "",
            paint.of(DIM, &heads.collect::<String>())
        )?;
        for (at, name) in names.iter().enumerate() {
            write!(out, "  {name:first$}")?;
            for (_, numbers, width) in here {
                let number = numbers.get(at).map_or("", String::as_str);
                write!(out, "{:GAP$}{number:>width$}", "")?;
            }
            writeln!(out)?;
        }
    }
    if audit
        .visits
        .iter()
        .any(|visit| unverified(audit, visit).is_some())
    {
        writeln!(
            out,
            "  {}",
            paint.of(DIM, "* could not be verified; see the last line")
        )?;
    }
    for change in changes(audit) {
        let name = shown(&heading(&change.pass), LONGEST_NAME);
        for line in wrapped(&format!("{name}: {}", change.says), WIDEST - 2) {
            writeln!(out, "  {line}")?;
        }
    }
    Ok(())
}

/// How many of the columns fit beside each other; one at the least.
fn fitting(columns: &[(String, [String; 7], usize)], width: usize) -> usize {
    let mut taken = 0;
    let fits = columns.iter().take_while(|(.., column)| {
        taken += GAP + column;
        taken <= width
    });
    fits.count().max(1)
}

/// The words of a text in lines; what goes on is set in.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            Some(_) => lines.push(format!("  {word}")),
            None => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_broken_between_words_and_set_in() {
        assert_eq!(wrapped("one two three", 9), ["one two", "  three"]);
        assert_eq!(wrapped("unbreakable", 4), ["unbreakable"]);
    }

    #[test]
    fn columns_that_do_not_fit_go_below() {
        let column = |width| (String::new(), <[String; 7]>::default(), width);
        assert_eq!(fitting(&[column(4), column(4), column(4)], 12), 2);
        assert_eq!(fitting(&[column(400)], 12), 1);
    }
}
