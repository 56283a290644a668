//! Does one operation a given number of times, so that the difference of two runs under
//! `valgrind --tool=callgrind` is the instructions of the operations between.
//!
//! `instructions` prints the ids it knows; `instructions ID TIMES` does that one.

#![forbid(unsafe_code)]

use std::env;
use std::hint::black_box;
use std::io::{self, Write};
use std::process::ExitCode;

use placet_bench::{cookie_header, layer, set_cookie};

fn main() -> io::Result<ExitCode> {
    let mut cases = cookie_header::cases();
    cases.extend(set_cookie::cases());
    cases.extend(layer::cases());
    let mut arguments = env::args().skip(1);
    let Some(id) = arguments.next() else {
        let mut out = io::stdout().lock();
        for case in &cases {
            writeln!(out, "{case:?}")?;
        }
        return Ok(ExitCode::SUCCESS);
    };
    let case = cases.iter().find(|case| format!("{case:?}") == id);
    let times = arguments.next().and_then(|times| times.parse::<u64>().ok());
    let (Some(case), Some(times)) = (case, times) else {
        return Ok(ExitCode::FAILURE);
    };
    for _ in 0..times {
        black_box(case.run());
    }
    Ok(ExitCode::SUCCESS)
}
