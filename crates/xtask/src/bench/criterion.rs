//! Runs the criterion benchmarks and reads the results it leaves under `target/criterion`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use serde_json::Value;

use super::PACKAGE;
use super::table::{Row, Table};
use crate::command;
use crate::workshop::Workshop;

/// Measures, and returns one table a group with the results of this run alone.
pub(super) fn run(
    workshop: &Workshop,
    filter: Option<&str>,
    quick: bool,
) -> Result<Vec<Table>, String> {
    let home = workshop
        .metadata
        .target_directory
        .as_std_path()
        .join("criterion");
    let mut cargo = Command::new("cargo");
    cargo
        .current_dir(workshop.root())
        .env("CRITERION_HOME", &home);
    cargo.args(["bench", "--locked", "--package", PACKAGE]);
    // Each by its name: `--benches` would start the unit tests too, which know no criterion flags.
    for bench in workshop.targets(PACKAGE).filter(|target| target.is_bench()) {
        cargo.args(["--bench", &bench.name]);
    }
    cargo
        .arg("--")
        .args(quick.then_some("--quick"))
        .args(filter);
    let started = SystemTime::now();
    command::run(&mut cargo)?;

    let mut groups: BTreeMap<String, Vec<Row>> = BTreeMap::new();
    let mut files = Vec::new();
    find(&home, &mut files);
    for file in files {
        let is_new = file
            .metadata()
            .and_then(|metadata| metadata.modified())
            .is_ok_and(|written| written >= started);
        if is_new {
            let (group, row) = read(&file)?;
            groups.entry(group).or_default().push(row);
        }
    }
    Ok(groups
        .into_iter()
        .map(|(title, rows)| Table { title, rows })
        .collect())
}

/// Every `new/estimates.json` below a folder.
fn find(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.ends_with("new/estimates.json") {
            files.push(path);
        } else if path.is_dir() {
            find(&path, files);
        }
    }
}

/// The group and the row of one `estimates.json` and the `benchmark.json` beside it.
fn read(estimates: &Path) -> Result<(String, Row), String> {
    let json = |path: &Path| -> Result<Value, String> {
        let text = fs::read_to_string(path)
            .map_err(|error| format!("cannot read {}: {error}", path.display()))?;
        serde_json::from_str(&text)
            .map_err(|error| format!("{} is not criterion's JSON: {error}", path.display()))
    };
    let benchmark = json(&estimates.with_file_name("benchmark.json"))?;
    row(&benchmark, &json(estimates)?)
        .ok_or_else(|| format!("{} has no estimate of the time", estimates.display()))
}

/// The slope where criterion could fit one, as its own report does, else the mean.
fn row(benchmark: &Value, estimates: &Value) -> Option<(String, Row)> {
    let text = |key: &str| benchmark.get(key)?.as_str().map(str::to_owned);
    let point = |key: &str| estimates.get(key)?.get("point_estimate")?.as_f64();
    let group = text("group_id")?;
    let row = Row {
        name: text("function_id").unwrap_or_else(|| group.clone()),
        parameter: text("value_str"),
        nanoseconds: point("slope").or_else(|| point("mean"))?,
        bytes: benchmark
            .pointer("/throughput/Bytes")
            .and_then(Value::as_u64),
        ..Row::default()
    };
    Some((group, row))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_slope_goes_before_the_mean_and_the_mean_stands_in_for_it() {
        let benchmark = json!({
            "group_id": "Cookie header", "function_id": "placet", "value_str": "25",
            "throughput": {"Bytes": 1600},
        });
        let mean = json!({"point_estimate": 510.5});
        let slope = json!({"point_estimate": 500.25});
        for (estimates, expected) in [
            (json!({"mean": mean, "slope": slope}), 500.25),
            (json!({"mean": mean, "slope": null}), 510.5),
        ] {
            let (group, row) = row(&benchmark, &estimates).unwrap();
            assert_eq!(group, "Cookie header");
            assert_eq!((row.id().as_str(), row.bytes), ("placet/25", Some(1600)));
            assert_eq!(row.nanoseconds, expected);
        }
    }

    #[test]
    fn an_estimate_without_a_time_is_no_row() {
        assert!(row(&json!({"group_id": "a"}), &json!({"median": {}})).is_none());
    }
}
