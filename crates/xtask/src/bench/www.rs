//! Banners in a browser: what a first visitor downloads and waits for, placet beside what others publish on npm.
//!
//! `www/bench/measure.mjs` measures. Its first line says what ran; each other one is a row: the table and its
//! cells as they are printed, separated by tabs, the head of a table first.

use std::process::Command;

use super::machine;
use super::table::lines_as_tables;
use crate::command;
use crate::test::browser::{COMMAND, program};
use crate::workshop::Workshop;
use crate::www;

/// The tables as text, under a line with the machine and the versions.
pub(super) fn run(
    workshop: &Workshop,
    filter: Option<&str>,
    quick: bool,
) -> Result<String, String> {
    let folder = workshop.root().join("www/bench");
    command::install(&folder)?;
    let mut node = Command::new("node");
    node.current_dir(&folder).arg("measure.mjs");
    node.args(quick.then_some("--quick"));
    node.args(filter.map(|filter| format!("--only={filter}")));
    node.arg(www::dist(workshop));
    node.args(program(workshop, &COMMAND)?);
    let text = lines_as_tables(&command::output(&mut node)?)?;
    Ok(format!("{}, {text}", machine()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_become_one_table_for_each_name_under_the_versions() {
        let lines =
            "Chromium 1\nbytes\t\traw\nbytes\tplacet\t12 000\ntime\t\tseen\ntime\tplacet\t1 ms\n";
        assert_eq!(
            lines_as_tables(lines).unwrap(),
            "\
Chromium 1

### bytes

|        |    raw |
| ------ | -----: |
| placet | 12 000 |

### time

|        | seen |
| ------ | ---: |
| placet | 1 ms |
"
        );
    }

    #[test]
    fn a_run_without_a_table_and_a_line_of_another_shape_are_errors() {
        assert!(lines_as_tables("").is_err());
        assert!(lines_as_tables("Chromium 1\n").is_err());
        let problem = lines_as_tables("Chromium 1\nmeasuring…\n").unwrap_err();
        assert!(problem.contains("measuring…"), "{problem}");
    }
}
