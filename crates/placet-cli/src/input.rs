//! Files to read, and the present moment: what the core never asks for itself.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use std::time::SystemTime;

use placet::{Policy, PolicyFile, Timestamp};

use crate::outcome::Failure;

/// Whether a path stands for standard input.
pub(crate) fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// A file, or standard input for `-`, with its size where it is known.
pub(crate) fn open(path: &Path) -> Result<(Box<dyn Read + Send>, Option<u64>), Failure> {
    if is_stdin(path) {
        return Ok((Box::new(io::stdin()), None));
    }
    let opened = File::open(path).and_then(|file| {
        let metadata = file.metadata()?;
        if metadata.is_dir() {
            return Err(io::Error::other("is a directory; expected a file"));
        }
        Ok((file, metadata.is_file().then_some(metadata.len())))
    });
    let (file, size) = opened.map_err(|source| Failure::Read {
        file: path.display().to_string(),
        source,
    })?;
    Ok((Box::new(file), size))
}

/// The lines of a file or of standard input, buffered.
pub(crate) fn lines(path: &Path) -> Result<impl BufRead, Failure> {
    open(path).map(|(input, _)| BufReader::with_capacity(1 << 16, input))
}

/// The whole text of a file of ours: a policy or a catalogue.
pub(crate) fn text(path: &Path) -> Result<String, Failure> {
    let failed = |source| Failure::Read {
        file: path.display().to_string(),
        source,
    };
    let (input, _) = open(path)?;
    let mut text = String::new();
    // Nobody writes a policy of that size by hand or by program.
    const LONGEST: u64 = 16 << 20;
    let read = input.take(LONGEST + 1).read_to_string(&mut text);
    if read.map_err(failed)? as u64 > LONGEST {
        return Err(failed(io::Error::other("is longer than 16 MiB")));
    }
    Ok(text)
}

/// The policy in a file.
pub(crate) fn policy(path: &Path) -> Result<Policy, Failure> {
    let name = path.display().to_string();
    let text = text(path)?;
    let file = PolicyFile::read(&name, &text)
        .map_err(|error| Failure::Wrong(format!("the policy cannot be read\n{error}")))?;
    Ok(file.into_policy())
}

/// The moment given, or else the present one.
pub(crate) fn moment(given: Option<Timestamp>) -> Timestamp {
    given.unwrap_or_else(|| SystemTime::now().into())
}
