//! The step that opens in real browsers what the programs write and serve, and asks what only a
//! browser can tell.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Outcome, Tally};
use crate::command;
use crate::workshop::Workshop;
use crate::www;

/// Reports to open: file name, recording and further arguments. The first has a bit of everything.
const REPORTS: [(&str, &str, &[&str]); 3] = [
    ("shop.html", "examples/shop/shop.har", &[]),
    (
        "policy.html",
        "examples/shop/shop.har",
        &["--policy", "examples/shop/placet.json", "--gpc"],
    ),
    (
        "unverified.html",
        "crates/placet-audit/tests/recordings/chrome-sanitized.har",
        &[],
    ),
];

/// Programs that serve the other tests or write what they open, as cargo names them.
pub(crate) const COMMAND: [&str; 2] = ["--package", "placet-cli"];
const SEVERAL_SITES: [&str; 4] = ["--package", "placet-examples", "--bin", "several-sites"];

/// What drives Firefox; Debian has no package of it.
const GECKODRIVER: &str = "0.37.1";

/// Installs what the lock files of the browser tests and of the live audit's pages name, without running anything of it, and the
/// driver of Firefox.
pub(super) fn fetch(workshop: &Workshop) -> Result<(), String> {
    command::install(&tests(workshop))?;
    command::install(&workshop.root().join("tests/live"))?;
    let driver = geckodriver(workshop);
    if driver.join("bin/geckodriver").exists() {
        return Ok(());
    }
    // It drives a few pages: what takes long is to compile it.
    command::run(
        Command::new("cargo")
            .current_dir(workshop.root())
            .env("CARGO_PROFILE_DEV_DEBUG", "0")
            .args(["install", "--quiet", "--locked", "--debug", "--no-track"])
            .args(["geckodriver", "--version", GECKODRIVER, "--root"])
            .arg(driver),
    )
}

/// The folder in which the driver of Firefox is installed.
fn geckodriver(workshop: &Workshop) -> PathBuf {
    let folder = format!("target/browser/geckodriver-{GECKODRIVER}");
    workshop.root().join(folder)
}

/// Writes the pages or says what serves them, and runs over them the tests of each kind.
pub(super) fn run(workshop: &Workshop) -> Outcome {
    let mut outcome = Outcome::default();
    for (script, pages) in [
        ("report.mjs", reports(workshop)),
        (
            "preferences.mjs",
            pages(workshop, "placet-tower", "preferences-page").map(|folder| vec![folder]),
        ),
        (
            "insight.mjs",
            pages(workshop, "placet-ledger", "summary-pages").map(|folder| vec![folder]),
        ),
        ("demo.mjs", program(workshop, &COMMAND)),
        ("signals.mjs", program(workshop, &COMMAND)),
        ("sharing.mjs", program(workshop, &SEVERAL_SITES)),
    ] {
        outcome.extend(visit(workshop, script, pages));
    }
    let dist = www::dist(workshop);
    let bundle = program(workshop, &COMMAND).map(|words| [vec![dist.clone()], words].concat());
    outcome.extend(visit(workshop, "bundle.mjs", bundle));
    let declaration =
        pages(workshop, "placet-declaration", "declaration-pages").and_then(|folder| {
            let words = program(workshop, &COMMAND)?;
            Ok([vec![folder, dist.clone()], words].concat())
        });
    outcome.extend(visit(workshop, "declaration.mjs", declaration));
    outcome.extend(script_tag(workshop, &dist));
    outcome.extend(banners(workshop));
    outcome
}

/// Presses the banners of consent tools that people meet, and of pages by hand.
fn banners(workshop: &Workshop) -> Outcome {
    let run = |each_line: &mut dyn FnMut(&str)| {
        command::run_reading(
            Command::new("cargo")
                .current_dir(workshop.root())
                .env("CARGO_NET_OFFLINE", "true")
                .args(["test", "--quiet", "--package", "placet-live"])
                .args(["--test", "banner"]),
            each_line,
        )
    };
    Outcome::of_tests(run, Tally::of_line)
}

/// Makes `www/dist` anew and compares: by bytes, or by what it does where other tools made it.
pub(super) fn www(workshop: &Workshop) -> Outcome {
    let mut outcome = Outcome::from(www::check_size(workshop));
    outcome.extend(match www::compare(workshop) {
        Ok(None) => Outcome::default(),
        Ok(Some(anew)) => script_tag(workshop, &anew),
        Err(problem) => vec![problem].into(),
    });
    outcome
}

/// Runs the tests of the script tag and of the npm package over what a site serves.
fn script_tag(workshop: &Workshop, dist: &Path) -> Outcome {
    let with = |more: Vec<PathBuf>| [vec![dist.to_path_buf()], more].concat();
    let mut outcome = Outcome::default();
    for script in [
        "script.mjs",
        "engines.mjs",
        "bridges.mjs",
        "gpc.mjs",
        "lifecycle.mjs",
        "places.mjs",
        "looks.mjs",
    ] {
        outcome.extend(visit(workshop, script, Ok(with(Vec::new()))));
    }
    for (script, more) in [
        ("layer.mjs", program(workshop, &SEVERAL_SITES)),
        ("same.mjs", questions(workshop).map(|file| vec![file])),
        ("package.mjs", Ok(vec![workshop.root().join("www")])),
    ] {
        outcome.extend(visit(workshop, script, more.map(with)));
    }
    outcome
}

/// Runs the tests of one kind; pages that could not be written or opened count as a failure too.
fn visit(workshop: &Workshop, script: &str, pages: Result<Vec<PathBuf>, String>) -> Outcome {
    let run = |each_line: &mut dyn FnMut(&str)| {
        command::run_reading(
            Command::new("node")
                .current_dir(self::tests(workshop))
                .env("GECKODRIVER", geckodriver(workshop).join("bin/geckodriver"))
                .args(["--test-reporter=tap", script])
                .args(pages?),
            each_line,
        )
    };
    Outcome::of_tests(run, Tally::of_tap_line)
}

fn tests(workshop: &Workshop) -> PathBuf {
    workshop.root().join("tests/browser")
}

/// Writes what the engine of the page is asked, with the answers of the native one.
fn questions(workshop: &Workshop) -> Result<PathBuf, String> {
    let file = workshop.root().join("target/browser/questions.json");
    let said = command::output(
        Command::new("cargo")
            .current_dir(workshop.root())
            .env("CARGO_NET_OFFLINE", "true")
            .args(["run", "--quiet", "--package", "placet-web"])
            .args(["--example", "verdicts"]),
    )?;
    fs::write(&file, said).map_err(|error| format!("cannot write {}: {error}", file.display()))?;
    Ok(file)
}

/// Audits each recording into a page, and says where the pages are; the last is of a live audit made
/// by hand.
fn reports(workshop: &Workshop) -> Result<Vec<PathBuf>, String> {
    let folder = workshop.root().join("target/browser");
    fs::create_dir_all(&folder)
        .map_err(|error| format!("cannot make {}: {error}", folder.display()))?;
    let mut files = Vec::new();
    for (name, recording, arguments) in REPORTS {
        let file = folder.join(name);
        write(workshop.root(), &file, recording, arguments)?;
        files.push(file);
    }
    files.push(pages(workshop, "placet-audit", "live-report")?.join("live.html"));
    Ok(files)
}

/// Lets an example of a package write its pages, and says in which folder.
fn pages(workshop: &Workshop, package: &str, example: &str) -> Result<PathBuf, String> {
    let folder = workshop.root().join("target/browser").join(example);
    // Only what this run writes is opened.
    let _ = fs::remove_dir_all(&folder);
    command::run(
        Command::new("cargo")
            .current_dir(workshop.root())
            .env("CARGO_NET_OFFLINE", "true")
            .args(["run", "--quiet", "--package", package])
            .args(["--example", example, "--"])
            .arg(&folder),
    )?;
    Ok(folder)
}

/// Builds a program, and says by which words it is started.
pub(crate) fn program(workshop: &Workshop, target: &[&str]) -> Result<Vec<PathBuf>, String> {
    command::run(
        Command::new("cargo")
            .current_dir(workshop.root())
            .env("CARGO_NET_OFFLINE", "true")
            .args(["build", "--quiet"])
            .args(target),
    )?;
    let words = ["cargo", "run", "--quiet"].iter().chain(target);
    Ok(words.chain(&["--"]).map(PathBuf::from).collect())
}

fn write(root: &Path, file: &Path, recording: &str, arguments: &[&str]) -> Result<(), String> {
    // Whatever the audit finds here, its exit status does not count; only that the page is new.
    let _ = fs::remove_file(file);
    let audit = Command::new("cargo")
        .current_dir(root)
        .env("CARGO_NET_OFFLINE", "true")
        .args(["run", "--quiet", "--package", "placet-cli", "--"])
        .args(["audit", recording, "--format", "html", "--output"])
        .arg(file)
        .args(arguments)
        .status();
    match audit {
        Ok(_) if file.exists() => Ok(()),
        Ok(status) => Err(format!("auditing {recording} wrote no page ({status})")),
        Err(error) => Err(format!("cannot start cargo: {error}")),
    }
}
