//! Whole programs on large inputs: the program `whole` of `placet-bench` measures them beside their
//! peers, and says what it measured in lines that become tables here.

use std::process::Command;

use super::PACKAGE;
use super::table::{Row, Table};
use crate::command;
use crate::workshop::Workshop;

const PROGRAM: &str = "whole";
/// The package of the program that it measures.
const MEASURED: &str = "placet-cli";

pub(super) fn run(
    workshop: &Workshop,
    filter: Option<&str>,
    quick: bool,
) -> Result<Vec<Table>, String> {
    if !workshop
        .targets(PACKAGE)
        .any(|target| target.is_bin() && target.name == PROGRAM)
    {
        return Err(format!("{PACKAGE} has no program `{PROGRAM}`"));
    }
    // Built by their own: a program of another package is not built to run this one.
    command::run(Command::new("cargo").current_dir(workshop.root()).args([
        "build",
        "--locked",
        "--release",
        "--package",
        PACKAGE,
        "--package",
        MEASURED,
        "--bins",
    ]))?;
    let folder = workshop.metadata.target_directory.join("release");
    let mut whole = Command::new(folder.join(PROGRAM));
    whole.args(quick.then_some("--quick")).args(filter);
    tables(&command::output(&mut whole)?)
}

/// One table for each name in the first column, in the order of their first lines.
fn tables(lines: &str) -> Result<Vec<Table>, String> {
    let mut tables: Vec<Table> = Vec::new();
    for line in lines.lines() {
        let (title, row) = row(line).ok_or_else(|| {
            format!("`{PROGRAM}` printed `{line}`, expected table, name, seconds, seconds of the processor, bytes and peak bytes, with tabs between")
        })?;
        match tables.iter_mut().find(|table| table.title == title) {
            Some(table) => table.rows.push(row),
            None => tables.push(Table {
                title: title.to_owned(),
                rows: vec![row],
            }),
        }
    }
    Ok(tables)
}

fn row(line: &str) -> Option<(&str, Row)> {
    let mut fields = line.split('\t');
    let (title, name, seconds) = (fields.next()?, fields.next()?, fields.next()?);
    let (processor, bytes, peak) = (fields.next()?, fields.next()?, fields.next()?);
    let nanoseconds = |text: &str| text.parse::<f64>().ok().map(|seconds| seconds * 1e9);
    let number = |text: &str| {
        if text == "-" {
            Some(None)
        } else {
            text.parse().ok().map(Some)
        }
    };
    let row = Row {
        name: name.to_owned(),
        nanoseconds: nanoseconds(seconds)?,
        processor_nanoseconds: Some(nanoseconds(processor)?),
        bytes: number(bytes)?,
        peak_bytes: number(peak)?,
        ..Row::default()
    };
    Some((title, row))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_become_one_table_for_each_name() {
        let lines = "1 GB of headers\tplacet\t2.5\t4.5\t1000000000\t50000000\n\
                     1 GB of headers\tpython\t25\t24.9\t1000000000\t-\n\
                     1 GB of HAR\tplacet\t4\t7\t-\t-\n";
        let tables = tables(lines).unwrap();
        let titles: Vec<&str> = tables.iter().map(|table| table.title.as_str()).collect();
        assert_eq!(titles, ["1 GB of headers", "1 GB of HAR"]);
        let first = tables[0].to_string();
        assert!(first.contains("| python | 25.0 s |    10.00 |"), "{first}");
        assert!(first.contains("|    4.50 s |   1.8 |"), "{first}");
    }

    #[test]
    fn a_line_of_another_shape_is_an_error_that_shows_it() {
        for line in ["building…", "a\tb\tfast\t1\t-\t-", "a\tb\t1.0\t1\tmany\t-"] {
            assert!(tables(line).unwrap_err().contains(line), "{line}");
        }
    }
}
