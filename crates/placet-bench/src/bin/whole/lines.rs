//! The floor: a file read once, in order, on one thread, and nothing done but to look for line ends.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// The argument that asks for it.
pub(super) const TASK: &str = "--count-lines";

pub(super) fn count(path: &Path) -> Result<(), String> {
    let lines = lines(path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    println!("{lines}");
    Ok(())
}

fn lines(path: &Path) -> io::Result<usize> {
    let mut file = File::open(path)?;
    let mut buffer = vec![0; 1 << 18];
    let mut lines = 0;
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            return Ok(lines);
        }
        lines += memchr::memchr_iter(b'\n', &buffer[..read]).count();
    }
}
