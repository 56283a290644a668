//! Audits of a live site: what placet finds in which time, beside what others publish on npm and PyPI, and what it holds over
//! many pages. `crates/placet-bench/live/measure.mjs` measures; this installs what it needs and makes tables of what it says.

use std::process::Command;

use super::machine;
use super::table::lines_as_tables;
use crate::command;
use crate::workshop::Workshop;

const BROWSERS: [&str; 2] = ["chromium", "google-chrome"];

/// The tables as text, under a line with the machine and the versions.
pub(super) fn run(
    workshop: &Workshop,
    filter: Option<&str>,
    quick: bool,
) -> Result<String, String> {
    let mut build = Command::new("cargo");
    build.current_dir(workshop.root());
    command::run(build.args(["build", "--locked", "--release", "--package", "placet-cli"]))?;
    let folder = workshop.root().join("crates/placet-bench/live");
    let target = &workshop.metadata.target_directory;
    command::install(&folder.join("peers"))?;
    let python = target.join("live-bench");
    command::run(Command::new("python3").args(["-m", "venv", python.as_str()]))?;
    let mut pip = Command::new(python.join("bin/pip"));
    pip.args(["install", "--quiet", "--requirement"]);
    command::run(pip.arg(folder.join("peers/requirements.txt")))?;
    let browser = BROWSERS.into_iter().find(|name| command::exists(name));
    let browser = browser.ok_or("found no browser, expected `chromium` or `google-chrome`")?;
    let mut node = Command::new("node");
    node.current_dir(&folder).arg("measure.mjs");
    node.args(quick.then_some("--quick"));
    node.args(filter.map(|filter| format!("--only={filter}")));
    node.arg(target.join("release/placet"));
    node.args([browser, python.join("bin/python").as_str()]);
    let text = lines_as_tables(&command::output(&mut node)?)?;
    Ok(format!("{}, {text}", machine()))
}
