//! `cargo xtask setup`: what the tests need beyond Rust itself, from Debian's packages.

use std::path::Path;
use std::process::{Command, ExitCode};

use crate::command;
use crate::wasm;

/// A program that a task starts, the package that brings it, and what it is for.
type Need = (&'static str, &'static str, &'static str);

const FOR_TESTS: [Need; 13] = [
    ("cc", "gcc", "linking"),
    ("c++", "g++", "the fuzz targets"),
    ("chromium", "chromium", "the tests in a browser"),
    ("chromedriver", "chromium-driver", "the tests in Chromium"),
    ("firefox-esr", "firefox-esr", "the tests in Firefox"),
    (
        "WebKitWebDriver",
        "webkit2gtk-driver",
        "the tests in WebKitGTK",
    ),
    ("Xvfb", "xvfb", "a screen for WebKitGTK"),
    (
        "node",
        "nodejs",
        "the tests in a browser, version 20 or later",
    ),
    ("npm", "npm", "what the tests in a browser need"),
    ("curl", "curl", "the tests over sockets"),
    (
        "openssl",
        "openssl",
        "a server with a certificate that nobody signed",
    ),
    ("nginx", "nginx", "the example behind nginx"),
    // Debian keeps the server's own programs out of the path, and these are in it.
    (
        "pg_createcluster",
        POSTGRESQL,
        "the tests of the ledger in PostgreSQL",
    ),
];
const POSTGRESQL: &str = "postgresql";
const FOR_BENCHMARKS: [Need; 2] = [
    ("valgrind", "valgrind", "instruction counts"),
    ("wrk", "wrk", "requests over loopback"),
];

/// Installs what is missing; the error says what to do where this program cannot.
pub(crate) fn run(arguments: &[String]) -> Result<ExitCode, String> {
    let benchmarks = match arguments {
        [] => false,
        [only] if only == "bench" => true,
        _ => return Err("`setup` takes no argument, or `bench`".to_owned()),
    };
    let missing = missing(benchmarks)?;
    if missing.is_empty() {
        println!("setup: everything is here");
        return Ok(ExitCode::SUCCESS);
    }
    for (package, why) in &missing {
        println!("setup: {package} is missing ({why})");
    }
    let packages: Vec<&str> = missing.iter().map(|(package, _)| *package).collect();
    let line = format!(
        "apt-get install --no-install-recommends {}",
        packages.join(" ")
    );
    if !command::exists("apt-get") {
        return Err(format!(
            "no apt-get here: install the equivalents of `{line}` \
             (for wasm32, `rustup target add wasm32-unknown-unknown` is enough)"
        ));
    }
    if command::output(Command::new("id").arg("-u"))?.trim() != "0" {
        return Err(format!("not root: run `sudo {line}`"));
    }
    if packages.contains(&POSTGRESQL) {
        start_no_cluster()?;
    }
    command::run(apt_get().arg("update"))?;
    command::run(
        apt_get()
            .args(["install", "--yes", "--no-install-recommends"])
            .args(packages),
    )?;
    Ok(ExitCode::SUCCESS)
}

/// Keeps Debian's package from making a database of its own, which would start with the machine: the tests
/// make theirs. A machine where somebody has said how that goes is left as it is.
fn start_no_cluster() -> Result<(), String> {
    let folder = Path::new("/etc/postgresql-common");
    let file = folder.join("createcluster.conf");
    if file.exists() {
        return Ok(());
    }
    std::fs::create_dir_all(folder)
        .and_then(|()| std::fs::write(&file, "create_main_cluster = false\n"))
        .map_err(|error| format!("{}: {error}", file.display()))
}

/// Packages to install, each with what it is for.
fn missing(benchmarks: bool) -> Result<Vec<(&'static str, &'static str)>, String> {
    let mut missing = Vec::new();
    if !wasm::target_is_installed()? {
        for (file, package) in wasm::DEBIAN_FILES {
            if !Path::new(file).exists() {
                missing.push((package, "the core for wasm32"));
            }
        }
    }
    let more = if benchmarks {
        FOR_BENCHMARKS.as_slice()
    } else {
        &[]
    };
    for (program, package, why) in FOR_TESTS.iter().chain(more) {
        if !command::exists(program) {
            missing.push((package, why));
        }
    }
    Ok(missing)
}

fn apt_get() -> Command {
    let mut apt = Command::new("apt-get");
    apt.arg("--quiet").env("DEBIAN_FRONTEND", "noninteractive");
    apt
}
