//! Where receipts wait on a disk here while the ledger is away: a file of records in the order they came.
//!
//! The file begins with `placet spool 1` and a line feed. A record is its length (4 bytes), the CRC-32 of
//! what follows (4 bytes; both least significant byte first), and that: a list of documents, then the
//! JSON of a receipt. What a crash cut off at the end was never acknowledged; what is damaged before
//! the end is kept in a file beside it.
//!
//! What is taken from the front is remembered by nobody who crashes: it comes again after a restart, and
//! the ledger keeps no receipt twice.

mod record;
#[cfg(test)]
mod tests;

use std::collections::HashSet;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::digest::Digest;
use crate::store::Submitted;

const MAGIC: &[u8] = b"placet spool 1\n";
const START: u64 = MAGIC.len() as u64;
/// Length and CRC-32.
const HEAD: usize = 8;
/// How many spools of one name there can be: one for every process that uses the name at once.
const MOST: u32 = 64;

/// A spool that this process has for itself.
#[derive(Debug)]
pub(crate) struct Spool {
    file: File,
    path: PathBuf,
    /// Where the first record begins that was not taken.
    front: u64,
    /// Where the next record goes.
    end: u64,
    /// How many were not taken.
    waiting: u64,
    limit: u64,
    /// Documents that lie in the file already.
    documents: HashSet<Digest>,
}

/// A spool that takes nothing.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SpoolError {
    #[error("the spool is full: it may have {limit} bytes")]
    Full { limit: u64 },
    #[error("the spool cannot be written: {0}")]
    Io(#[from] io::Error),
}

/// A spool that cannot be opened.
#[derive(Debug, thiserror::Error)]
#[error("the spool {path} cannot be used: {why}", path = path.display())]
pub struct CannotSpool {
    path: PathBuf,
    why: io::Error,
}

impl Spool {
    /// Opens the spool of this name, or one beside it where other processes have that; takes over what
    /// processes have left that are gone. What is damaged is set aside, and told by `damaged`.
    pub(crate) fn open(
        path: &Path,
        limit: u64,
        mut damaged: impl FnMut(&Path),
    ) -> Result<Self, CannotSpool> {
        let failed = |path: &Path| {
            let path = path.to_owned();
            move |why| CannotSpool { path, why }
        };
        let mut own: Option<Self> = None;
        for number in 0..MOST {
            let path = numbered(path, number);
            if own.is_some() && !path.exists() {
                continue;
            }
            let Some(found) = Self::lock(&path, limit).map_err(failed(&path))? else {
                continue;
            };
            let mut found = found;
            let is_whole = found.recover().map_err(failed(&path))?;
            if !is_whole {
                damaged(&found.set_aside().map_err(failed(&path))?);
            }
            match &mut own {
                None => own = Some(found),
                Some(own) => {
                    own.take_over(&mut found).map_err(failed(&path))?;
                    std::fs::remove_file(&path).map_err(failed(&path))?;
                }
            }
        }
        own.ok_or_else(|| {
            let why = io::Error::other(format!("{MOST} processes have one of its name"));
            failed(path)(why)
        })
    }

    /// The file at this path, unless another process has it.
    fn lock(path: &Path, limit: u64) -> io::Result<Option<Self>> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        let file = loop {
            let file = for_owner(&mut options).open(path)?;
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Ok(None),
                Err(TryLockError::Error(error)) => return Err(error),
            }
            // Who has taken it over meanwhile has removed it: nobody would find what waits there.
            if !is_removed(&file)? {
                break file;
            }
        };
        Ok(Some(Self {
            file,
            path: path.to_owned(),
            front: START,
            end: START,
            waiting: 0,
            limit,
            documents: HashSet::new(),
        }))
    }

    /// Finds the end of what can be read; `false` where something that is no cut-off record follows.
    fn recover(&mut self) -> io::Result<bool> {
        let length = self.file.metadata()?.len();
        if length == 0 {
            self.file.write_all(MAGIC)?;
            self.file.sync_all()?;
            sync_folder(&self.path)?;
            return Ok(true);
        }
        let mut magic = [0; MAGIC.len()];
        self.file.seek(SeekFrom::Start(0))?;
        let is_ours = match self.file.read_exact(&mut magic) {
            Ok(()) => magic == MAGIC,
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => false,
            Err(error) => return Err(error),
        };
        if !is_ours {
            let what = "it is no spool; expected one, or no file";
            return Err(io::Error::new(io::ErrorKind::InvalidData, what));
        }
        while self.end < length {
            match self.read(self.end)? {
                Found::Record { next, submitted } => {
                    let digests = submitted.documents.iter().map(|document| document.digest());
                    self.documents.extend(digests);
                    self.waiting += 1;
                    self.end = next;
                }
                // A length that was damaged looks like a record that was cut off.
                Found::CutOff if self.has_more()? => return Ok(false),
                Found::CutOff => {
                    self.file.set_len(self.end)?;
                    self.file.sync_all()?;
                    break;
                }
                Found::Damaged => return Ok(false),
            }
        }
        Ok(true)
    }

    /// Whether a whole record lies somewhere behind the one at the end, which cannot be read.
    fn has_more(&mut self) -> io::Result<bool> {
        let mut rest = Vec::new();
        self.file.seek(SeekFrom::Start(self.end + 1))?;
        (&mut self.file).take(self.limit).read_to_end(&mut rest)?;
        let mut rest = rest.as_slice();
        while let Some((_, after)) = rest.split_first() {
            if begins_with_record(rest) {
                return Ok(true);
            }
            rest = after;
        }
        Ok(false)
    }

    /// Puts what lies behind the end into a file of its own, and forgets it here.
    fn set_aside(&mut self) -> io::Result<PathBuf> {
        let mut number = 0;
        let (mut aside, path) = loop {
            let path = self.beside(&format!("damaged-{number}"));
            let mut options = OpenOptions::new();
            options.write(true).create_new(true);
            match for_owner(&mut options).open(&path) {
                Ok(file) => break (file, path),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => number += 1,
                Err(error) => return Err(error),
            }
        };
        self.file.seek(SeekFrom::Start(self.end))?;
        io::copy(&mut self.file, &mut aside)?;
        aside.sync_all()?;
        sync_folder(&path)?;
        self.file.set_len(self.end)?;
        self.file.sync_all()?;
        Ok(path)
    }

    /// Appends all that waits in another one, whatever the limit.
    fn take_over(&mut self, other: &mut Self) -> io::Result<()> {
        while other.waiting > 0 {
            let (taken, front) = other.peek(256)?;
            let mut bytes = Vec::new();
            for submitted in &taken {
                record::write(&mut bytes, submitted, |_| true);
            }
            self.push(&bytes, taken.len())?;
            other.front = front;
            other.waiting -= taken.len() as u64;
        }
        Ok(())
    }

    /// The file beside it with this ending.
    pub(crate) fn beside(&self, ending: &str) -> PathBuf {
        let mut name = self.path.clone().into_os_string();
        name.push(format!(".{ending}"));
        name.into()
    }

    /// How many receipts wait.
    pub(crate) const fn waiting(&self) -> u64 {
        self.waiting
    }

    /// Keeps receipts, all or none; they are on the disk when it returns.
    pub(crate) fn append<'b>(
        &mut self,
        batch: impl IntoIterator<Item = &'b Submitted>,
    ) -> Result<(), SpoolError> {
        let mut bytes = Vec::new();
        let mut new = HashSet::new();
        let mut count = 0;
        for submitted in batch {
            count += 1;
            record::write(&mut bytes, submitted, |digest| {
                !self.documents.contains(&digest) && new.insert(digest)
            });
        }
        if self.end + bytes.len() as u64 > self.limit {
            return Err(SpoolError::Full { limit: self.limit });
        }
        self.push(&bytes, count)?;
        self.documents.extend(new);
        Ok(())
    }

    fn push(&mut self, bytes: &[u8], count: usize) -> io::Result<()> {
        let written = self
            .file
            .seek(SeekFrom::Start(self.end))
            .and_then(|_| self.file.write_all(bytes))
            .and_then(|()| self.file.sync_data());
        if let Err(error) = written {
            // Nothing that was not acknowledged may come back; where this fails too, it does so as a
            // receipt that was made and not acknowledged, which is no loss.
            _ = self.file.set_len(self.end);
            return Err(error);
        }
        self.end += bytes.len() as u64;
        self.waiting += count as u64;
        Ok(())
    }

    /// The first receipts that wait, at most so many, and where those after them begin.
    pub(crate) fn peek(&mut self, most: usize) -> io::Result<(Vec<Submitted>, u64)> {
        let mut at = self.front;
        let mut found = Vec::new();
        while at < self.end && found.len() < most {
            match self.read(at)? {
                Found::Record { next, submitted } => {
                    found.push(*submitted);
                    at = next;
                }
                Found::CutOff | Found::Damaged => {
                    let what = format!("what lies at byte {at} is no record any more");
                    return Err(io::Error::new(io::ErrorKind::InvalidData, what));
                }
            }
        }
        Ok((found, at))
    }

    /// Takes what lies before `front`, which [`Spool::peek`] gave for so many receipts.
    pub(crate) fn take(&mut self, front: u64, count: usize) -> io::Result<()> {
        self.front = front;
        self.waiting -= count as u64;
        if self.front >= self.end {
            self.file.set_len(START)?;
            self.file.sync_all()?;
            self.front = START;
            self.end = START;
            self.waiting = 0;
            self.documents.clear();
        }
        Ok(())
    }

    fn read(&mut self, at: u64) -> io::Result<Found> {
        self.file.seek(SeekFrom::Start(at))?;
        let mut head = [0; HEAD];
        if !read_whole(&mut self.file, &mut head)? {
            return Ok(Found::CutOff);
        }
        let [a, b, c, d, rest @ ..] = head;
        let length = u32::from_le_bytes([a, b, c, d]);
        let checksum = u32::from_le_bytes(rest);
        let left = self.file.metadata()?.len() - at - HEAD as u64;
        if u64::from(length) > left {
            // A length that was written in part or not at all ends the file as well.
            return Ok(Found::CutOff);
        }
        let mut bytes = vec![0; length as usize];
        self.file.read_exact(&mut bytes)?;
        let next = at + HEAD as u64 + u64::from(length);
        let is_last = left == u64::from(length);
        let submitted = (crc32fast::hash(&bytes) == checksum)
            .then(|| record::read(&bytes))
            .flatten();
        Ok(match submitted {
            Some(submitted) => Found::Record {
                next,
                submitted: Box::new(submitted),
            },
            None if is_last => Found::CutOff,
            None => Found::Damaged,
        })
    }
}

/// What lies at a place of the file.
enum Found {
    Record {
        next: u64,
        submitted: Box<Submitted>,
    },
    CutOff,
    Damaged,
}

/// Lets nobody else read a new file: it says what people chose.
pub(crate) fn for_owner(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options
}

/// Whether no name leads to a file any more.
fn is_removed(file: &File) -> io::Result<bool> {
    #[cfg(unix)]
    return Ok(std::os::unix::fs::MetadataExt::nlink(&file.metadata()?) == 0);
    #[cfg(not(unix))]
    file.metadata().map(|_| false)
}

/// Whether these bytes begin with a record whose checksum fits.
fn begins_with_record(bytes: &[u8]) -> bool {
    let record = bytes.split_first_chunk().and_then(|(length, rest)| {
        let (checksum, rest) = rest.split_first_chunk()?;
        let body = rest.get(..u32::from_le_bytes(*length) as usize)?;
        (crc32fast::hash(body) == u32::from_le_bytes(*checksum)).then_some(body)
    });
    record.and_then(record::read).is_some()
}

fn read_whole(file: &mut File, bytes: &mut [u8]) -> io::Result<bool> {
    match file.read_exact(bytes) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
        Err(error) => Err(error),
    }
}

fn numbered(path: &Path, number: u32) -> PathBuf {
    if number == 0 {
        return path.to_owned();
    }
    let mut name = path.to_owned().into_os_string();
    name.push(format!(".{number}"));
    name.into()
}

/// Makes the name of a new file last.
fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or_else(|| Path::new("."));
    if cfg!(unix) {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}
