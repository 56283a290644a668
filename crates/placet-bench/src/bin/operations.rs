//! Times every operation beside its peers: the rows of a table take turns in rounds of about a
//! millisecond, and of each row the fastest round counts. What else a machine does only adds to a time,
//! and changes from second to second; so close together all rows have the same share of the quiet ones.
//!
//! `operations [--quick] [FILTER]` prints a line for each row, as `cargo xtask bench` reads it.

#![forbid(unsafe_code)]

use std::env;
use std::hint::black_box;
use std::io::{self, Write};
use std::time::{Duration, Instant};

use placet_bench::{Case, catalog, cookie_header, layer, set_cookie, survey};

const ROUND: Duration = Duration::from_millis(1);

fn main() -> io::Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let quick = arguments.iter().any(|argument| argument == "--quick");
    let rounds = if quick { 200 } else { 2_000 };
    let filter = arguments.iter().find(|argument| !argument.starts_with('-'));
    let mut cases = catalog::cases();
    for more in [
        cookie_header::cases(),
        layer::cases(),
        set_cookie::cases(),
        survey::cases(),
    ] {
        cases.extend(more);
    }
    cases.retain(|case| filter.is_none_or(|filter| format!("{case:?}").contains(filter.as_str())));
    let mut out = io::stdout().lock();
    for table in cases.chunk_by(|one, other| one.group == other.group) {
        for (case, seconds) in table.iter().zip(race(table, rounds)) {
            let bytes = case
                .bytes
                .map_or_else(|| "-".to_owned(), |bytes| bytes.to_string());
            writeln!(
                out,
                "{}\t{}\t{seconds:e}\t-\t{bytes}\t-",
                case.group, case.function
            )?;
        }
    }
    Ok(())
}

/// The seconds that each case takes once.
fn race(cases: &[Case], rounds: u32) -> Vec<f64> {
    let mut runners: Vec<_> = cases
        .iter()
        .map(|case| (case, times(case), f64::MAX))
        .collect();
    for _ in 0..rounds {
        for (case, times, fastest) in &mut runners {
            let round = timed(case, *times).as_secs_f64() / f64::from(*times);
            *fastest = fastest.min(round);
        }
    }
    runners.into_iter().map(|(.., fastest)| fastest).collect()
}

/// How often a case is done in a round.
fn times(case: &Case) -> u32 {
    let mut times = 1;
    while timed(case, times) < ROUND && times < 1 << 20 {
        times *= 2;
    }
    times
}

fn timed(case: &Case, times: u32) -> Duration {
    let start = Instant::now();
    for _ in 0..times {
        black_box(case.run());
    }
    start.elapsed()
}
