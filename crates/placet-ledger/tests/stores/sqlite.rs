//! The store in a file.

use placet_ledger::LedgerUrl;
use placet_ledger::store::{self, Store, StoreError};
use rusqlite::Connection;

use super::home::Home;
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
