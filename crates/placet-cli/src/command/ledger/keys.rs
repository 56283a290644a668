//! `placet ledger key` and `placet ledger checkpoint`: signatures.

use std::fs::OpenOptions;
use std::io::Write;

use placet_ledger::{LedgerUrl, SecretKey};

use crate::arguments::ledger::{Checkpoint, Key};
use crate::input;
use crate::outcome::{Failure, Status};

pub(super) fn make(arguments: &Key) -> Result<Status, Failure> {
    let key = SecretKey::generate().map_err(Failure::wrong)?;
    let path = &arguments.output;
    let mut options = OpenOptions::new();
    // Never over a key that is there: what it has signed could not be continued.
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let text = key.to_pem().map_err(Failure::wrong)?;
    let written = options.open(path).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.sync_all()
    });
    written.map_err(|error| {
        Failure::wrong(format_args!(
            "{} cannot be written: {error}",
            path.display()
        ))
    })?;
    super::print_text(&key.public().to_pem().map_err(Failure::wrong)?)?;
    Ok(Status::Clean)
}

pub(super) fn sign(url: &LedgerUrl, arguments: &Checkpoint) -> Result<Status, Failure> {
    let path = &arguments.key;
    let key = SecretKey::from_pem(&input::text(path)?);
    let key = key.map_err(|error| Failure::wrong(format_args!("{}: {error}", path.display())))?;
    let mut store = super::open(url)?;
    let ledger = store.ledger();
    for head in store.heads()? {
        let checkpoint = key.sign(ledger, head, super::now());
        store.add_checkpoint(&checkpoint)?;
        super::print_text(&format!("{checkpoint}\n"))?;
    }
    Ok(Status::Clean)
}
