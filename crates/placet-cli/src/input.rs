//! Files to read, and the present moment: what the core never asks for itself.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use placet::{Policy, PolicyFile, Timestamp};

use crate::outcome::Failure;

/// Whether a path stands for standard input.
pub(crate) fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// Makes sure that standard input is asked for once at the most.
pub(crate) fn stdin_once<'p>(paths: impl IntoIterator<Item = &'p PathBuf>) -> Result<(), Failure> {
    if paths.into_iter().filter(|path| is_stdin(path)).count() > 1 {
        return Err(Failure::Wrong(
            "found `-` more than once; expected it once, as standard input can be read only once"
                .to_owned(),
        ));
    }
    Ok(())
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

/// The next line without its end, in the place of what `line` holds; `false` at the end of the
/// input. No header line is as long as the longest that is read.
pub(crate) fn next_line(lines: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<bool> {
    const LONGEST: u64 = 1 << 20;
    line.clear();
    if lines.take(LONGEST + 1).read_until(b'\n', line)? == 0 {
        return Ok(false);
    }
    if line.last() == Some(&b'\n') {
        line.pop();
        if line.last() == Some(&b'\r') {
            line.pop();
        }
    } else if line.len() as u64 > LONGEST {
        return Err(io::Error::other("has a line longer than 1 MiB"));
    }
    Ok(true)
}

/// The whole of a file that is read at once: a policy, a catalogue, the headers of a message.
pub(crate) fn bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    let failed = |source| Failure::Read {
        file: path.display().to_string(),
        source,
    };
    let (input, _) = open(path)?;
    let mut bytes = Vec::new();
    // Nobody writes a policy of that size by hand or by program.
    const LONGEST: u64 = 16 << 20;
    let read = input.take(LONGEST + 1).read_to_end(&mut bytes);
    if read.map_err(failed)? as u64 > LONGEST {
        return Err(failed(io::Error::other("is longer than 16 MiB")));
    }
    Ok(bytes)
}

/// The whole text of a file of ours: a policy or a catalogue.
pub(crate) fn text(path: &Path) -> Result<String, Failure> {
    String::from_utf8(bytes(path)?).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let before = error.as_bytes().iter().take(valid);
        let line = 1 + before.filter(|byte| **byte == b'\n').count();
        Failure::Read {
            file: path.display().to_string(),
            source: io::Error::other(format!(
                "line {line} holds bytes that are not UTF-8; save it as UTF-8"
            )),
        }
    })
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
