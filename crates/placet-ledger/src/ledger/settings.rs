//! How a ledger is used.

use std::path::PathBuf;
use std::time::Duration;

use crate::checkpoint::SecretKey;

/// How a ledger is used: [`Settings::default`], and what is changed of it.
#[derive(Clone, Debug)]
pub struct Settings {
    pub(super) spool: Option<PathBuf>,
    pub(super) spool_limit: u64,
    pub(super) patience: Duration,
    pub(super) key: Option<SecretKey>,
    pub(super) checkpoint_every: Duration,
}

impl Default for Settings {
    /// A spool of at most 64 MiB beside the file of SQLite, else `placet.spool` in the working directory; a
    /// second of patience; no checkpoints.
    fn default() -> Self {
        Self {
            spool: None,
            spool_limit: 64 << 20,
            patience: Duration::from_secs(1),
            key: None,
            checkpoint_every: Duration::from_secs(3600),
        }
    }
}

impl Settings {
    /// Where receipts wait while the store is away: a file. It belongs on a disk that lasts.
    #[must_use]
    pub fn spool(mut self, path: impl Into<PathBuf>) -> Self {
        self.spool = Some(path.into());
        self
    }

    /// How many bytes may wait there. A receipt takes about 600.
    #[must_use]
    pub fn spool_limit(mut self, bytes: u64) -> Self {
        self.spool_limit = bytes;
        self
    }

    /// How long a visitor waits for the store before the receipt goes into the spool.
    #[must_use]
    pub fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// Signs a checkpoint with this key every so often while receipts come, and at the end.
    #[must_use]
    pub fn sign(mut self, key: SecretKey, every: Duration) -> Self {
        self.key = Some(key);
        self.checkpoint_every = every;
        self
    }
}
