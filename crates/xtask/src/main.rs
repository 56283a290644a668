//! The workshop: what a developer or a build machine asks of this repository, as `cargo xtask <task>`.

#![forbid(unsafe_code)]
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "this program exists to talk to the person who runs it"
)]

mod bench;
#[cfg(feature = "catalog")]
mod catalog;
mod command;
mod setup;
mod test;
mod wasm;
mod workshop;
mod www;

use std::process::ExitCode;

#[cfg(feature = "catalog")]
use catalog::run as catalog;

use workshop::Workshop;

const USAGE: &str = "\
usage: cargo xtask <task>

  setup [bench]    install what the tests (and benchmarks) need: apt, as root on Debian
  catalog          make the catalogue's public lists anew from the packages that publish them;
                   --evaluate [FILE…] measures the catalogue on cookies that others have labelled
  test [STEP…]     run every check of this repository, or only the steps named
  www              build what a site serves to its pages, in www/dist
  bench [FILTER]   measure, and print tables with ratios; --quick takes fewer samples,
                   --whole measures whole programs, --load a server under load, `www` banners
                   in Chromium; --markdown writes BENCHMARKS.md
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (task, rest) = match arguments.split_first() {
        Some((task, rest)) => (task.as_str(), rest),
        None => ("help", [].as_slice()),
    };
    let ran = match task {
        "bench" => Workshop::open().and_then(|workshop| bench::run(&workshop, rest)),
        "setup" => setup::run(rest),
        "catalog" => Workshop::open().and_then(|workshop| catalog(&workshop, rest)),
        "www" => Workshop::open().and_then(|workshop| www::run(&workshop, rest)),
        "test" => Workshop::open().and_then(|workshop| test::run(&workshop, rest)),
        "help" | "--help" | "-h" => {
            print!("{USAGE}");
            Ok(ExitCode::SUCCESS)
        }
        unknown => Err(format!(
            "found task `{unknown}`, expected one of:\n\n{USAGE}"
        )),
    };
    ran.unwrap_or_else(|problem| {
        eprintln!("cargo xtask: {problem}");
        ExitCode::from(2)
    })
}

/// Runs this program again, built with the catalogue.
#[cfg(not(feature = "catalog"))]
fn catalog(workshop: &Workshop, arguments: &[String]) -> Result<ExitCode, String> {
    let mut again = std::process::Command::new("cargo");
    again
        .args(["run", "--quiet", "--package", "xtask"])
        .args(["--features", "catalog", "--manifest-path"])
        .arg(workshop.root().join("Cargo.toml"))
        .args(["--", "catalog"])
        .args(arguments);
    command::run(&mut again).map(|()| ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tests_start_without_a_crate_of_ours() {
        let workshop = Workshop::open().unwrap();
        let members = workshop.members();
        let own = members
            .iter()
            .find(|member| member.name == "xtask")
            .unwrap();
        let needed: Vec<_> = own
            .dependencies
            .iter()
            .filter(|dependency| dependency.path.is_some() && !dependency.optional)
            .map(|dependency| &dependency.name)
            .collect();
        assert!(needed.is_empty(), "{needed:?}");
        assert!(!own.features.contains_key("default"));
    }
}
