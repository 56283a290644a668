//! The store in a file.

use placet_ledger::LedgerUrl;
use placet_ledger::store::{self, Sqlite, Store, StoreError};
use rusqlite::Connection;

use super::home::{Home, batch, fill, id, moment, receipt, situation, submitted, verify};
use super::suite::suite;

pub(crate) struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn file(&self) -> std::path::PathBuf {
        self.0.path().join("placet.db")
    }
}

impl Home for Folder {
    fn open(&self) -> Box<dyn Store> {
        store::open(&LedgerUrl::Sqlite(self.file())).unwrap()
    }

    fn sql(&self, statements: &str) {
        let connection = Connection::open(self.file()).unwrap();
        connection.execute_batch(statements).expect(statements);
    }

    fn table(&self, name: &str) -> String {
        name.to_owned()
    }

    fn blob(&self, bytes: &[u8]) -> String {
        let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        format!("x'{digits}'")
    }

    fn heads(&self) -> String {
        "head".to_owned()
    }

    fn more_columns(&self) -> &'static str {
        ""
    }

    fn erased_column(&self) -> &'static str {
        "content"
    }

    fn text(&self, text: &str) -> String {
        format!("'{text}'")
    }
}

suite!(Folder::new);

#[test]
fn a_file_of_something_else_is_refused_and_left_as_it_is() {
    let folder = Folder::new();
    folder.sql("CREATE TABLE guests (name TEXT)");
    let opened = store::open(&LedgerUrl::Sqlite(folder.file()));
    assert!(matches!(opened, Err(StoreError::NotALedger { .. })));
    folder.sql("SELECT name FROM guests");
}

#[test]
fn a_later_layout_is_refused() {
    let folder = Folder::new();
    drop(folder.open());
    folder.sql("PRAGMA user_version = 9");
    let opened = store::open(&LedgerUrl::Sqlite(folder.file()));
    assert!(matches!(
        opened,
        Err(StoreError::LaterLayout { found: 9, .. })
    ));
}

#[test]
fn what_was_erased_leaves_the_log_when_nobody_reads_it_any_more() {
    let folder = Folder::new();
    let mut store = fill(&folder, 1..3);
    let log = folder.0.path().join("placet.db-wal");
    let reading = Connection::open(folder.file()).unwrap();
    reading
        .execute_batch("BEGIN; SELECT * FROM entries")
        .unwrap();
    assert_eq!(store.erase(id(1), moment(1)).unwrap().receipts, 1);
    assert!(log.metadata().unwrap().len() > 0, "it is being read");
    reading.execute_batch("COMMIT").unwrap();
    store.append(&batch([3])).unwrap();
    assert_eq!(log.metadata().unwrap().len(), 0);
}

#[cfg(unix)]
#[test]
fn nobody_else_can_read_a_new_ledger_or_its_copy() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new();
    drop(fill(&folder, 1..3));
    let copy = folder.0.path().join("copy.db");
    let mut store = Sqlite::open(&folder.file()).unwrap();
    store.back_up(&copy).unwrap();
    store.append(&batch([3])).unwrap();
    for file in [
        folder.file(),
        folder.0.path().join("placet.db-wal"),
        copy.clone(),
    ] {
        let mode = file.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{}", file.display());
    }
    let mut copy = Sqlite::open(&copy).unwrap();
    assert_eq!(verify(&mut copy).unwrap().receipts, 2);
}

#[test]
fn more_situations_than_are_at_hand_are_kept() {
    let folder = Folder::new();
    let mut store = folder.open();
    let all: Vec<_> = (0..5000)
        .map(|number| {
            let mut receipt = receipt(number, None);
            receipt.situation = situation(&format!("https://{number}.example"), 180);
            submitted(receipt)
        })
        .collect();
    store.append(&all).unwrap();
    assert_eq!(verify(&mut *store).unwrap().receipts, 5000);
}

#[cfg(unix)]
#[test]
fn nothing_is_written_to_a_file_that_was_replaced_or_removed() {
    let folder = Folder::new();
    let mut store = Sqlite::open(&folder.file()).unwrap();
    store.append(&batch([1])).unwrap();
    let copy = folder.0.path().join("copy.db");
    store.back_up(&copy).unwrap();
    std::fs::rename(&copy, folder.file()).unwrap();
    for _ in 0..2 {
        let found = store.append(&batch([2]));
        assert!(matches!(&found, Err(StoreError::Away(_))), "{found:?}");
        let found = store.erase(id(1), moment(1));
        assert!(matches!(&found, Err(StoreError::Away(_))), "{found:?}");
        _ = std::fs::remove_file(folder.file());
    }
}
