//! The folder of an empty profile: made, held for as long as its audit lives, and removed; what an audit that was killed
//! has left is removed by the next one.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

const PREFIX: &str = "placet-audit-";
/// Locked while the audit that made the folder lives, however that ends; the name that it has before it is locked says
/// nothing to others.
const LOCK: &str = "placet.lock";
const LOCK_TO_BE: &str = "placet.lock.new";
/// How long the helpers of a browser that has ended may take to end.
const HELPERS_END: Duration = Duration::from_secs(5);

/// The folder. Dropping it removes it.
#[derive(Debug)]
pub(super) struct Profile {
    folder: TempDir,
    _lock: File,
}

impl Profile {
    /// Makes an empty one in the folder for temporary files.
    pub(super) fn new() -> io::Result<Self> {
        let temporary = std::env::temp_dir();
        remove_left(&temporary);
        Self::new_in(&temporary)
    }

    fn new_in(temporary: &Path) -> io::Result<Self> {
        let folder = tempfile::Builder::new()
            .prefix(PREFIX)
            .tempdir_in(temporary)?;
        let to_be = folder.path().join(LOCK_TO_BE);
        let lock = File::create(&to_be)?;
        lock.lock()?;
        fs::rename(to_be, folder.path().join(LOCK))?;
        Ok(Self {
            folder,
            _lock: lock,
        })
    }

    pub(super) fn path(&self) -> &Path {
        self.folder.path()
    }
}

impl Drop for Profile {
    /// A browser's helpers outlive it by a moment, and may write between one look into the folder and its removal.
    fn drop(&mut self) {
        let end = Instant::now() + HELPERS_END;
        while fs::remove_dir_all(self.path()).is_err() && self.path().exists() {
            if Instant::now() >= end {
                break;
            }
            thread::sleep(Duration::from_millis(20));
        }
    }
}

/// Removes the folders of audits that have ended without doing so. What cannot be told, or removed, is left alone.
fn remove_left(temporary: &Path) {
    let entries = fs::read_dir(temporary).into_iter().flatten().flatten();
    for entry in entries.filter(|entry| is_named(&entry.file_name())) {
        let ours = entry.metadata().is_ok_and(|about| {
            about.is_dir() && about.uid() == rustix::process::geteuid().as_raw()
        });
        // No other audit can hold this lock from now on: each makes a folder of its own.
        let lock = File::open(entry.path().join(LOCK)).ok().filter(|_| ours);
        if lock.is_some_and(|lock| lock.try_lock().is_ok()) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

fn is_named(name: &OsStr) -> bool {
    name.to_str().is_some_and(|name| name.starts_with(PREFIX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_dead_audit_has_left_is_removed_and_what_a_living_one_holds_is_not() {
        let temporary = tempfile::tempdir().unwrap();
        let living = Profile::new_in(temporary.path()).unwrap();
        let dead = temporary.path().join("placet-audit-dead");
        fs::create_dir(&dead).unwrap();
        fs::write(dead.join(LOCK), "").unwrap();
        let of_others = temporary.path().join("placet-audit-notes");
        fs::create_dir(&of_others).unwrap();
        remove_left(temporary.path());
        assert!(living.path().is_dir() && of_others.is_dir());
        assert!(!dead.exists());
        let path = living.path().to_owned();
        drop(living);
        assert!(!path.exists());
    }
}
