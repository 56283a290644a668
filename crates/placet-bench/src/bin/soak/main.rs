//! The layer at the highest rate that one core gives, for as long as is asked: does its memory stay
//! as it is?
//!
//! `soak [SECONDS]` serves on loopback from one thread, asks from another as fast as that thread
//! answers, and prints after every tenth of the time how many requests were answered and how much
//! memory the process holds. It fails when memory has grown by more than 8 MiB since the first tenth.
//! Visitors differ in what they send and granted, some of them choose, and the policy is replaced
//! a hundred times a second.

#![forbid(unsafe_code)]
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "this program exists to print what it measured"
)]

mod client;
mod memory;
mod server;

use std::env;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

const TENTHS: u32 = 10;
/// More than buffers and the allocator take and give back, and less than one byte for each request
/// of two minutes.
const MOST_GROWTH: u64 = 8 * 1024;

fn main() -> ExitCode {
    let seconds = env::args().nth(1).map_or(Ok(150), |text| text.parse());
    let ran = match seconds {
        Ok(seconds) => soak(Duration::from_secs(seconds)),
        Err(error) => Err(format!("expected a number of seconds: {error}")),
    };
    match ran {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("soak: {problem}");
            ExitCode::FAILURE
        }
    }
}

fn soak(time: Duration) -> Result<(), String> {
    let address = server::start()?;
    let answered = Arc::new(AtomicU64::new(0));
    let done = Arc::new(AtomicBool::new(false));
    let clients = thread::spawn({
        let (answered, done) = (Arc::clone(&answered), Arc::clone(&done));
        move || client::ask(address, &answered, &done)
    });
    let begun = Instant::now();
    println!("{:>8} {:>12} {:>12}", "seconds", "requests", "KiB held");
    let mut warm = None;
    let mut held = memory::held()?;
    println!("{:>8} {:>12} {held:>12}", 0, 0);
    for tenth in 1..=TENTHS {
        let until = time * tenth / TENTHS;
        thread::sleep(until.saturating_sub(begun.elapsed()));
        if clients.is_finished() {
            break;
        }
        held = memory::held()?;
        let requests = answered.load(Ordering::Relaxed);
        println!("{:>8.0} {requests:>12} {held:>12}", until.as_secs_f64());
        warm.get_or_insert(held);
    }
    let seconds = begun.elapsed().as_secs_f64();
    let requests = answered.load(Ordering::Relaxed);
    done.store(true, Ordering::Relaxed);
    let asked = clients.join().map_err(|_| "the client ended early")?;
    asked.map_err(|error| format!("the client ended early: {error}"))?;
    let processor = memory::processor_seconds("soak-server")? / seconds;
    println!(
        "{:.0} requests a second; the serving thread had {:.0} % of a core",
        requests as f64 / seconds,
        processor * 100.0
    );
    let grown = held.saturating_sub(warm.unwrap_or(held));
    if grown > MOST_GROWTH {
        return Err(format!(
            "memory grew by {grown} KiB since the first tenth, expected at most {MOST_GROWTH}"
        ));
    }
    Ok(())
}
