//! What holds for any bytes as what waits on the disk for the ledger.

use std::collections::HashSet;
use std::ops::ControlFlow;

use placet_ledger::chain::Content;
use placet_ledger::store::{self, Sqlite, Store};
use placet_ledger::{Ledger, Settings};

/// A file of one record, with the checksum that these bytes have.
pub(crate) fn of_record(bytes: &[u8]) -> Vec<u8> {
    let mut file = b"placet spool 1\n".to_vec();
    let length = u32::try_from(bytes.len()).unwrap();
    file.extend_from_slice(&length.to_le_bytes());
    file.extend_from_slice(&crc32fast::hash(bytes).to_le_bytes());
    file.extend_from_slice(bytes);
    file
}

/// A ledger with such a file is opened or says why not, and holds once what it took from it; gives how many receipts.
pub(crate) fn any_file_is_brought_or_set_aside(file: &[u8]) -> usize {
    let folder = tempfile::tempdir().unwrap();
    let (path, spool) = (folder.path().join("placet.db"), folder.path().join("spool"));
    std::fs::write(&spool, file).unwrap();
    let url = format!("sqlite:{}", path.display()).parse().unwrap();
    // What waits is brought before it is dropped.
    drop(Ledger::open(&url, Settings::default().spool(spool)));
    let mut store = Sqlite::open(&path).unwrap();
    let mut ids = HashSet::new();
    let read = store.entries(&mut |entry| {
        if let Content::Receipt(receipt) = entry.content {
            assert!(ids.insert(receipt.id), "it is there twice");
        }
        ControlFlow::Continue(())
    });
    read.unwrap();
    // A policy or texts that the file does not bring are missing; nothing else is.
    if let Err(defect) = store::verify(&mut store, Vec::new(), Vec::new(), &mut || ()).unwrap() {
        let missing = matches!(defect, placet_ledger::chain::Defect::NoDocument { .. });
        assert!(missing, "{defect}");
    }
    ids.len()
}
