//! `cargo xtask bench`: runs the benchmarks of `crates/placet-bench` and prints a table for each group.
//!
//! What that crate keeps to, so that a table comes out:
//! - Its programs `operations`, `whole` (for `--whole`) and `load` (for `--load`) print one line for each
//!   row: table, name, seconds, seconds of the processor, bytes read and peak bytes of memory (these three
//!   or `-`), separated by tabs. The seconds of `load` are those of one request.
//! - `placet` is ours, `floor` the least anyone could do (names that begin so count too); the table gives
//!   every row as a multiple of both.
//! - A program `instructions` prints, called without arguments, the ids it knows (`table/name`), one a line;
//!   called with an id and a count it does that operation so many times.
//! - A floor of the name `floor: bare service` is part of all that the other rows do; the table gives
//!   what they take over it too.
//!
//! `cargo xtask bench www` measures in a browser instead: placet's banner beside those of others.
//! `cargo xtask bench --ledger` measures receipts in databases.
//! `cargo xtask bench --live` measures audits of a live site beside those of others.

mod instructions;
mod ledger;
mod live;
mod postgres;
mod program;
mod table;
mod www;

use std::fs;
use std::process::{Command, ExitCode};

use crate::command;
use crate::workshop::Workshop;
use table::Table;

const PACKAGE: &str = "placet-bench";

/// What was asked for on the command line.
#[derive(Debug, Default, PartialEq, Eq)]
struct Wanted {
    /// Only benchmarks whose id contains this.
    filter: Option<String>,
    /// Fewer rounds: for a look, not for the record.
    quick: bool,
    /// Whole programs instead of single operations.
    whole: bool,
    /// A server under load instead of single operations.
    load: bool,
    /// Banners in a browser instead of single operations.
    www: bool,
    /// Receipts in databases instead of single operations.
    ledger: bool,
    /// Audits of a live site instead of single operations.
    live: bool,
    /// Write the tables to `BENCHMARKS.md` too.
    markdown: bool,
}

impl Wanted {
    fn parse(arguments: &[String]) -> Result<Self, String> {
        let mut wanted = Self::default();
        for argument in arguments {
            match argument.as_str() {
                "--quick" => wanted.quick = true,
                "--whole" => wanted.whole = true,
                "--load" => wanted.load = true,
                "--ledger" => wanted.ledger = true,
                "--live" => wanted.live = true,
                "--markdown" => wanted.markdown = true,
                "www" if !wanted.www && wanted.filter.is_none() => wanted.www = true,
                filter if !filter.starts_with('-') && wanted.filter.is_none() => {
                    wanted.filter = Some(filter.to_owned());
                }
                unexpected => {
                    return Err(format!(
                        "found `{unexpected}`, expected `www`, one FILTER, --quick, --whole, --load, --ledger, --live or --markdown"
                    ));
                }
            }
        }
        if [
            wanted.whole,
            wanted.load,
            wanted.www,
            wanted.ledger,
            wanted.live,
        ]
        .iter()
        .filter(|is_wanted| **is_wanted)
        .count()
            > 1
        {
            return Err(
                "`www`, --whole, --load, --ledger and --live are runs of their own: leave all out but one"
                    .to_owned(),
            );
        }
        if wanted.markdown && (wanted.quick || wanted.filter.is_some()) {
            return Err("--markdown records full runs: leave out FILTER and --quick".to_owned());
        }
        Ok(wanted)
    }
}

pub(crate) fn run(workshop: &Workshop, arguments: &[String]) -> Result<ExitCode, String> {
    let wanted = Wanted::parse(arguments)?;
    let measure =
        |program| program::run(workshop, &program, wanted.filter.as_deref(), wanted.quick);
    let (section, text) = if wanted.www {
        (
            "www",
            www::run(workshop, wanted.filter.as_deref(), wanted.quick)?,
        )
    } else if wanted.ledger {
        (
            "ledger",
            ledger::run(workshop, wanted.filter.as_deref(), wanted.quick)?,
        )
    } else if wanted.live {
        (
            "live",
            live::run(workshop, wanted.filter.as_deref(), wanted.quick)?,
        )
    } else if wanted.whole {
        ("whole", rendered(&measure(program::WHOLE)?)?)
    } else if wanted.load {
        ("load", rendered(&measure(program::LOAD)?)?)
    } else {
        let mut tables = measure(program::OPERATIONS)?;
        instructions::add(workshop, wanted.filter.as_deref(), &mut tables)?;
        ("operations", rendered(&tables)?)
    };
    println!("\n{text}");
    if wanted.markdown {
        let file = workshop.root().join("BENCHMARKS.md");
        let old = fs::read_to_string(&file)
            .map_err(|error| format!("cannot read {}: {error}", file.display()))?;
        let new = table::replace_section(&old, section, &text)?;
        fs::write(&file, new)
            .map_err(|error| format!("cannot write {}: {error}", file.display()))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The machine and the compiler, then the tables.
fn rendered(tables: &[Table]) -> Result<String, String> {
    if tables.is_empty() {
        return Err("nothing was measured: no benchmark has this name".to_owned());
    }
    let compiler = command::output(Command::new("rustc").arg("--version"))?;
    let mut text = format!("{}, {}\n", machine(), compiler.trim());
    for table in tables {
        text.push('\n');
        text.push_str(&table.to_string());
    }
    Ok(text)
}

fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    format!("{}, {cores} cores", std::env::consts::ARCH)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Wanted, String> {
        let arguments: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        Wanted::parse(&arguments)
    }

    #[test]
    fn only_a_full_run_may_be_recorded() {
        assert!(parse("--markdown").is_ok());
        assert!(parse("--markdown --whole").is_ok());
        assert!(parse("--markdown --quick").is_err());
        assert!(parse("filter --markdown").is_err());
    }

    #[test]
    fn one_filter_and_known_flags_are_taken() {
        let wanted = parse("--quick cookie").unwrap();
        assert!(wanted.quick && !wanted.whole);
        assert_eq!(wanted.filter.as_deref(), Some("cookie"));
        assert!(parse("two filters").is_err());
        assert!(parse("--fast").is_err());
        assert!(parse("--load --markdown").is_ok());
        assert!(parse("--load --whole").is_err());
        assert!(parse("--live --ledger").is_err());
        let wanted = parse("www time --quick").unwrap();
        assert!(wanted.www && wanted.quick);
        assert_eq!(wanted.filter.as_deref(), Some("time"));
        assert!(parse("www --load").is_err());
    }
}
