//! Writes a made-up recording to standard output: `recording headers|set-cookies|har BYTES`.

#![forbid(unsafe_code)]

use std::env;
use std::io::{self, BufWriter};
use std::process::ExitCode;

use placet_bench::recording::Kind;

fn main() -> io::Result<ExitCode> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [kind, bytes] = arguments.as_slice() else {
        return Ok(ExitCode::FAILURE);
    };
    let (Some(kind), Ok(bytes)) = (Kind::named(kind), bytes.parse()) else {
        return Ok(ExitCode::FAILURE);
    };
    kind.write(bytes, BufWriter::new(io::stdout().lock()))?;
    Ok(ExitCode::SUCCESS)
}
