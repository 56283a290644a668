//! What programs of `placet-bench` measure: `operations` one after the other in one process, `whole` other
//! programs on large inputs, `load` a server under load. They say what they measured in lines that become
//! tables here.

use std::process::Command;

use super::PACKAGE;
use super::table::{Row, Table};
use crate::command;
use crate::workshop::Workshop;

/// A program of `placet-bench` that measures.
#[derive(Debug)]
pub(super) struct Program {
    name: &'static str,
    /// The package of the program that it measures, where that is another one.
    measured: Option<&'static str>,
    /// Whether its times are those of one request.
    counts_requests: bool,
}

/// Single operations.
pub(super) const OPERATIONS: Program = Program {
    name: "operations",
    measured: None,
    counts_requests: false,
};

/// Whole programs on large recordings.
pub(super) const WHOLE: Program = Program {
    name: "whole",
    measured: Some("placet-cli"),
    counts_requests: false,
};

/// A server under load.
pub(super) const LOAD: Program = Program {
    name: "load",
    measured: None,
    counts_requests: true,
};

pub(super) fn run(
    workshop: &Workshop,
    program: &Program,
    filter: Option<&str>,
    quick: bool,
) -> Result<Vec<Table>, String> {
    // Built by their own: a program of another package is not built to run this one.
    let mut build = Command::new("cargo");
    build.current_dir(workshop.root());
    build.args([
        "build",
        "--locked",
        "--release",
        "--bins",
        "--package",
        PACKAGE,
    ]);
    if let Some(measured) = program.measured {
        build.args(["--package", measured]);
    }
    command::run(&mut build)?;
    let folder = workshop.metadata.target_directory.join("release");
    let mut measuring = Command::new(folder.join(program.name));
    measuring.args(quick.then_some("--quick")).args(filter);
    let mut tables = tables(&command::output(&mut measuring)?)?;
    for row in tables.iter_mut().flat_map(|table| &mut table.rows) {
        row.is_request = program.counts_requests;
    }
    Ok(tables)
}

/// One table for each name in the first column, in the order of their first lines.
fn tables(lines: &str) -> Result<Vec<Table>, String> {
    let mut tables: Vec<Table> = Vec::new();
    for line in lines.lines() {
        let (title, row) = row(line).ok_or_else(|| {
            format!("found the line `{line}`, expected table, name, seconds, seconds of the processor, bytes and peak bytes, with tabs between")
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
        processor_nanoseconds: match processor {
            "-" => None,
            processor => Some(nanoseconds(processor)?),
        },
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
                     1 GB of HAR\tplacet\t4\t-\t-\t-\n";
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
