//! The proof of what visitors chose: a ledger as any server has one, and what it adds up to.

use std::fmt;
use std::sync::Arc;

use placet_ledger::insight::{self, Summary};
use placet_ledger::store::{self, StoreError};
use placet_ledger::{Day, Ledger, LedgerUrl, Recorder, Settings};
use tempfile::TempDir;

use crate::outcome::Failure;

/// The demo's ledger; clones are the same one.
#[derive(Clone)]
pub(super) struct Proof {
    ledger: Ledger,
    url: LedgerUrl,
    /// Where it lies when it is for this run alone; removed with the last clone, after the ledger.
    _folder: Option<Arc<TempDir>>,
}

impl Proof {
    /// The ledger at this address, or one for this run alone.
    pub(super) fn open(url: Option<LedgerUrl>) -> Result<Self, Failure> {
        let (url, folder) = match url {
            Some(url) => (url, None),
            None => {
                let folder = tempfile::Builder::new().prefix("placet-demo-").tempdir()?;
                let url = LedgerUrl::Sqlite(folder.path().join("placet.db"));
                (url, Some(Arc::new(folder)))
            }
        };
        let ledger = Ledger::open(&url, Settings::default()).map_err(Failure::wrong)?;
        Ok(Self {
            ledger,
            url,
            _folder: folder,
        })
    }

    pub(super) fn recorder(&self) -> Arc<dyn Recorder> {
        Arc::new(self.ledger.clone())
    }

    /// The address, without a password.
    pub(super) fn url(&self) -> String {
        self.url.to_string()
    }

    /// What all visitors chose, as a page of its own.
    pub(super) async fn report(&self) -> Result<String, StoreError> {
        let url = self.url.clone();
        let made = tokio::task::spawn_blocking(move || report(&url)).await;
        made.unwrap_or_else(|error| Err(StoreError::Away(error.into())))
    }
}

/// A demo has few visitors, who may see themselves in it: nothing is withheld.
fn report(url: &LedgerUrl) -> Result<String, StoreError> {
    let tallies = store::open(url)?.tallies(Day::ALL)?;
    let summary = Summary::of(&tallies, Day::ALL, None, 1);
    let mut page = Vec::new();
    let now = std::time::SystemTime::now().into();
    insight::write(insight::Format::Html, &summary, now, &mut page)
        .map_err(|error| StoreError::Away(error.into()))?;
    Ok(String::from_utf8_lossy(&page).into_owned())
}

impl fmt::Debug for Proof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Proof").field(&self.url).finish()
    }
}
