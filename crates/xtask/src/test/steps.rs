//! The steps that are a call of cargo each.

use std::path::Path;
use std::process::Command;

use super::{Outcome, Tally, browser};
use crate::command;
use crate::workshop::Workshop;
use crate::www;

/// Features that only name a set of others; alone they add nothing to look at.
const FEATURE_SETS: [&str; 2] = ["default", "full"];

/// Downloads what the lock files name, so that the later steps need no network.
pub(super) fn fetch(workshop: &Workshop) -> Outcome {
    let mut problems = Vec::new();
    problems.extend(command::run(cargo(workshop.root()).args(["fetch", "--locked"])).err());
    if let Some(fuzz) = fuzz_workspace(workshop) {
        problems.extend(command::run(cargo(&fuzz).args(["fetch", "--locked"])).err());
    }
    problems.extend(www::fetch(workshop).err());
    problems.extend(browser::fetch(workshop).err());
    problems.into()
}

pub(super) fn format(workshop: &Workshop) -> Outcome {
    let mut problems = Vec::new();
    problems.extend(command::run(cargo(workshop.root()).args(["fmt", "--all", "--check"])).err());
    if let Some(fuzz) = fuzz_workspace(workshop) {
        problems.extend(command::run(cargo(&fuzz).args(["fmt", "--all", "--check"])).err());
    }
    problems.into()
}

pub(super) fn clippy(workshop: &Workshop) -> Outcome {
    command::run(offline(workshop.root()).args([
        "clippy",
        "--workspace",
        "--all-targets",
        "--all-features",
        "--",
        "-D",
        "warnings",
    ]))
    .into()
}

/// What programs and libraries do without, and tests may use.
const PANICS: [&str; 5] = [
    "clippy::expect_used",
    "clippy::indexing_slicing",
    "clippy::panic",
    "clippy::string_slice",
    "clippy::unwrap_used",
];

/// Clippy again, on the libraries and programs that are published alone, and with the lints that find a
/// possible panic.
pub(super) fn panics(workshop: &Workshop) -> Outcome {
    let mut clippy = offline(workshop.root());
    clippy.args(["clippy", "--lib", "--bins", "--all-features"]);
    for package in workshop.members() {
        // An empty list of registries is `publish = false`.
        if package
            .publish
            .as_ref()
            .is_none_or(|registries| !registries.is_empty())
        {
            clippy.args(["--package", &package.name]);
        }
    }
    clippy.args(["--", "-D", "warnings"]);
    for lint in PANICS {
        clippy.args(["-D", lint]);
    }
    command::run(&mut clippy).into()
}

/// A feature must stand on its own, and so must the crate without any.
pub(super) fn features(workshop: &Workshop) -> Outcome {
    let mut problems = Vec::new();
    let mut checked = 0;
    for package in workshop.members() {
        let alone = package
            .features
            .keys()
            .filter(|name| !FEATURE_SETS.contains(&name.as_str()));
        let mut sets: Vec<&str> = alone.map(String::as_str).collect();
        if !package.features.is_empty() {
            sets.push("");
        }
        for set in sets {
            checked += 1;
            let ran = command::run(
                offline(workshop.root())
                    .args([
                        "clippy",
                        "--package",
                        package.name.as_str(),
                        "--no-default-features",
                    ])
                    .args(["--features", set, "--", "-D", "warnings"]),
            );
            problems.extend(ran.err());
        }
    }
    println!("{checked} feature sets");
    problems.into()
}

pub(super) fn tests(workshop: &Workshop) -> Outcome {
    let run = |each_line: &mut dyn FnMut(&str)| {
        let all = ["test", "--workspace", "--all-features", "--no-fail-fast"];
        command::run_reading(offline(workshop.root()).args(all), each_line)
    };
    Outcome::of_tests(run, Tally::of_line)
}

/// Programs before libraries: `placet` is the name of one of each, and cargo would write both to one page.
pub(super) fn docs(workshop: &Workshop) -> Outcome {
    let document = |targets| {
        command::run(
            offline(workshop.root())
                .args(["doc", "--workspace", "--all-features", "--no-deps", targets])
                .env(
                    "RUSTDOCFLAGS",
                    "-D warnings -D rustdoc::broken_intra_doc_links",
                ),
        )
    };
    let problems: Vec<String> = [document("--bins"), document("--lib")]
        .into_iter()
        .filter_map(Result::err)
        .collect();
    problems.into()
}

/// Compiles the fuzz targets on the stable compiler; running them takes `cargo fuzz`.
pub(super) fn fuzz(workshop: &Workshop) -> Outcome {
    match fuzz_workspace(workshop) {
        Some(fuzz) => {
            let target = workshop.root().join("target/fuzz");
            command::run(
                offline(&fuzz)
                    .args(["check", "--all-targets"])
                    .env("CARGO_TARGET_DIR", target),
            )
            .into()
        }
        None => {
            println!("no tests/fuzz");
            Outcome::default()
        }
    }
}

fn fuzz_workspace(workshop: &Workshop) -> Option<std::path::PathBuf> {
    let fuzz = workshop.root().join("tests/fuzz");
    fuzz.join("Cargo.toml").exists().then_some(fuzz)
}

fn cargo(directory: &Path) -> Command {
    let mut cargo = Command::new("cargo");
    cargo.current_dir(directory);
    cargo
}

/// Cargo with the lock file as it is and no network, so that a step proves what was fetched.
fn offline(directory: &Path) -> Command {
    let mut cargo = cargo(directory);
    cargo.env("CARGO_NET_OFFLINE", "true");
    cargo
}
