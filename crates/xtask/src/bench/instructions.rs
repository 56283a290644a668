//! Instructions an operation takes, counted by valgrind: the same on every run and on a busy machine.

use std::process::{Command, Stdio};

use super::PACKAGE;
use super::table::Table;
use crate::command;
use crate::workshop::Workshop;

/// The program of `placet-bench` that repeats one operation.
const PROGRAM: &str = "instructions";
/// The operation is done this often in one run and [`MORE`] times more in another; what both runs
/// have in common (start, set-up, first-time costs) falls out of the difference.
const FEW: u64 = 10;
const MORE: u64 = 100;

/// Adds counts to the rows that the program knows; a line says so where valgrind is missing.
pub(super) fn add(
    workshop: &Workshop,
    filter: Option<&str>,
    tables: &mut [Table],
) -> Result<(), String> {
    if !workshop
        .targets(PACKAGE)
        .any(|target| target.is_bin() && target.name == PROGRAM)
    {
        return Ok(());
    }
    if !command::exists("valgrind") {
        println!("no valgrind: no instruction counts (`cargo xtask setup bench` installs it)");
        return Ok(());
    }
    command::run(Command::new("cargo").current_dir(workshop.root()).args([
        "build",
        "--locked",
        "--release",
        "--package",
        PACKAGE,
        "--bin",
        PROGRAM,
    ]))?;
    let program = workshop
        .metadata
        .target_directory
        .join("release")
        .join(PROGRAM);
    let known = command::output(&mut Command::new(&program))?;
    for id in known
        .lines()
        .filter(|id| filter.is_none_or(|filter| id.contains(filter)))
    {
        let few = count(program.as_str(), id, FEW)?;
        let many = count(program.as_str(), id, FEW + MORE)?;
        let each = many.saturating_sub(few) / MORE;
        println!("{id}: {each} instructions");
        for table in tables.iter_mut() {
            let Some(function) = id
                .strip_prefix(&table.title)
                .and_then(|rest| rest.strip_prefix('/'))
            else {
                continue;
            };
            for row in table.rows.iter_mut().filter(|row| row.name == function) {
                row.instructions = Some(each);
            }
        }
    }
    Ok(())
}

fn count(program: &str, id: &str, repeats: u64) -> Result<u64, String> {
    let output = Command::new("valgrind")
        .args([
            "--tool=callgrind",
            "--callgrind-out-file=/dev/null",
            program,
            id,
        ])
        .arg(repeats.to_string())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .output()
        .map_err(|error| format!("cannot run valgrind: {error}"))?;
    let said = String::from_utf8_lossy(&output.stderr);
    collected(&said)
        .filter(|_| output.status.success())
        .ok_or_else(|| format!("valgrind counted nothing for `{id}`:\n{said}"))
}

/// Reads `==123== Collected : 456`.
fn collected(said: &str) -> Option<u64> {
    let line = said
        .lines()
        .find_map(|line| line.split_once("Collected :"))?
        .1;
    line.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_count_is_read_from_what_valgrind_says() {
        let said =
            "==7== Callgrind\n==7== \n==7== Events    : Ir\n==7== Collected : 104612\n==7== \n";
        assert_eq!(collected(said), Some(104_612));
        assert_eq!(collected("==7== Events    : Ir\n"), None);
    }
}
