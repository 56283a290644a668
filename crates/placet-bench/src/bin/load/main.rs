//! Requests over loopback, as many as one core serves: a hyper server of one thread with and without
//! the tower layer, and `wrk` on another core that keeps it busy.
//!
//! `load [--quick] [FILTER]` prints a line for each server in each situation, as
//! `cargo xtask bench --load` reads it. It needs `wrk`, `taskset` and two cores.

#![forbid(unsafe_code)]
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "this program exists to print what it measured"
)]

mod server;
mod wrk;

use std::env;
use std::process::ExitCode;

use placet_bench::layer::Situation;
use server::Server;

/// The rows of every table, and whether they have the layer.
const ROWS: [(&str, bool); 2] = [("floor: bare service", false), ("placet", true)];

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let ran = match arguments.as_slice() {
        [task, group, layer] if task == server::TASK => server::serve(group, layer),
        arguments => measure(arguments),
    };
    match ran {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("load: {problem}");
            ExitCode::FAILURE
        }
    }
}

fn measure(arguments: &[String]) -> Result<(), String> {
    let quick = arguments.iter().any(|argument| argument == "--quick");
    let filter = arguments.iter().find(|argument| !argument.starts_with('-'));
    // An odd number of rounds has a median that was measured.
    let (rounds, seconds) = if quick { (1, 1) } else { (5, 3) };
    for situation in Situation::ALL {
        if filter.is_some_and(|filter| !situation.group().contains(filter.as_str())) {
            continue;
        }
        let mut servers = Vec::new();
        for (name, layer) in ROWS {
            servers.push((name, Server::start(situation, layer)?, Vec::new()));
        }
        for round in 1..=rounds {
            for (name, server, runs) in &mut servers {
                eprintln!("{}: {name}, {round} of {rounds}", situation.group());
                runs.push(wrk::run(server.port(), situation, seconds)?);
            }
        }
        for (name, server, mut runs) in servers {
            let processor = server.stop()?;
            let requests: u64 = runs.iter().map(|run| run.requests).sum();
            runs.sort_by(|a, b| a.per_second.total_cmp(&b.per_second));
            let middle = runs.get(runs.len() / 2).map_or(0.0, |run| run.per_second);
            println!(
                "{}\t{name}\t{:.10}\t{:.10}\t-\t-",
                situation.group(),
                1.0 / middle,
                processor / requests as f64
            );
        }
    }
    Ok(())
}
