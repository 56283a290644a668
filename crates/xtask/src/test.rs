//! `cargo xtask test`: the table of steps, and the runner that goes through all of them even
//! after one failed, so that one run shows everything there is to mend.

pub(crate) mod browser;
mod house;
mod licences;
mod rust_version;
mod steps;
mod tally;

use std::process::ExitCode;
use std::time::Instant;

use crate::wasm;
use crate::workshop::Workshop;
use tally::Tally;

/// One line of the table.
struct Step {
    /// What to type after `cargo xtask test` to run it alone.
    name: &'static str,
    /// The heading.
    says: &'static str,
    /// Does it.
    run: fn(&Workshop) -> Outcome,
}

/// What a step found.
#[derive(Default)]
struct Outcome {
    /// Tests it ran, if it runs tests.
    tests: Tally,
    /// One sentence for each thing to mend.
    problems: Vec<String>,
}

impl Outcome {
    /// Runs tests, and counts them in the lines that `tally` knows. A run that ended badly without a failed
    /// test (it did not begin, it was killed) counts as one failure.
    fn of_tests(
        run: impl FnOnce(&mut dyn FnMut(&str)) -> Result<(), String>,
        tally: fn(&str) -> Option<Tally>,
    ) -> Self {
        let mut tests = Tally::default();
        let ran = run(&mut |line| {
            if let Some(tally) = tally(line) {
                tests += tally;
            }
        });
        if ran.is_err() && tests.failed == 0 {
            tests.failed = 1;
        }
        Self {
            tests,
            problems: ran.err().into_iter().collect(),
        }
    }

    /// Takes along what another part of the step found.
    fn extend(&mut self, other: Self) {
        self.tests += other.tests;
        self.problems.extend(other.problems);
    }
}

impl From<Result<(), String>> for Outcome {
    fn from(result: Result<(), String>) -> Self {
        Self::from(result.err().into_iter().collect::<Vec<_>>())
    }
}

impl From<Vec<String>> for Outcome {
    fn from(problems: Vec<String>) -> Self {
        Self {
            tests: Tally::default(),
            problems,
        }
    }
}

/// Cheap steps first; a step that needs the network does not exist, except `fetch`.
const STEPS: &[Step] = &[
    Step {
        name: "fetch",
        says: "dependencies as locked",
        run: steps::fetch,
    },
    Step {
        name: "format",
        says: "formatting",
        run: steps::format,
    },
    Step {
        name: "house",
        says: "house rules: sizes, markers, paths, lints",
        run: house::check,
    },
    Step {
        name: "licences",
        says: "licences of every dependency",
        run: licences::check,
    },
    Step {
        name: "msrv",
        says: "Rust version of every dependency",
        run: rust_version::check,
    },
    Step {
        name: "clippy",
        says: "clippy, warnings denied",
        run: steps::clippy,
    },
    Step {
        name: "panics",
        says: "nothing shipped can panic on input",
        run: steps::panics,
    },
    Step {
        name: "features",
        says: "each feature alone",
        run: steps::features,
    },
    Step {
        name: "tests",
        says: "tests and doc tests of every crate",
        run: steps::tests,
    },
    Step {
        name: "browser",
        says: "pages in real browsers: accessible, used by keyboard, and what they keep",
        run: browser::run,
    },
    Step {
        name: "docs",
        says: "documentation, no broken links",
        run: steps::docs,
    },
    Step {
        name: "fuzz",
        says: "fuzz targets compile",
        run: steps::fuzz,
    },
    Step {
        name: "wasm",
        says: "the core for wasm32",
        run: |workshop| wasm::build(workshop).into(),
    },
    Step {
        name: "www",
        says: "what the pages are served, made anew",
        run: browser::www,
    },
];

/// Runs the steps named, or all, and prints the count of tests as its last line.
pub(crate) fn run(workshop: &Workshop, names: &[String]) -> Result<ExitCode, String> {
    if let Some(unknown) = names
        .iter()
        .find(|name| STEPS.iter().all(|step| step.name != **name))
    {
        let known: Vec<_> = STEPS.iter().map(|step| step.name).collect();
        return Err(format!(
            "found step `{unknown}`, expected one of: {}",
            known.join(", ")
        ));
    }

    let mut tests = Tally::default();
    let mut failed = Vec::new();
    for step in STEPS {
        if !names.is_empty() && names.iter().all(|name| name != step.name) {
            continue;
        }
        println!("\n== {}: {}", step.name, step.says);
        let started = Instant::now();
        let outcome = (step.run)(workshop);
        for problem in &outcome.problems {
            println!("{}: {problem}", step.name);
        }
        let passed = outcome.problems.is_empty() && outcome.tests.failed == 0;
        let verdict = if passed { "ok" } else { "FAILED" };
        println!(
            "-- {} {verdict} in {:.1} s",
            step.name,
            started.elapsed().as_secs_f64()
        );
        tests += outcome.tests;
        if !passed {
            failed.push(step.name);
        }
    }

    println!();
    if !failed.is_empty() {
        println!("failed steps: {}", failed.join(", "));
    }
    println!("{tests}");
    Ok(if failed.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
