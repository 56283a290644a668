//! `placet ledger verify`: whether a ledger is as it was written.

use std::fmt::Write as _;
use std::io::BufRead;
use std::path::Path;

use placet_ledger::chain::{Defect, Line, Verified, Verifier};
use placet_ledger::store;
use placet_ledger::{Checkpoint, LedgerUrl, PublicKey};
use serde_json::json;

use crate::arguments::TextFormat;
use crate::arguments::ledger::Verify;
use crate::outcome::{Failure, Status};
use crate::text::many;
use crate::{input, progress};

pub(super) fn run(url: &LedgerUrl, arguments: &Verify) -> Result<Status, Failure> {
    let mut keys = Vec::new();
    for path in &arguments.public_key {
        let key = PublicKey::from_pem(&input::text(path)?);
        keys.push(
            key.map_err(|error| Failure::wrong(format_args!("{}: {error}", path.display())))?,
        );
    }
    let mut checkpoints = Vec::new();
    for path in &arguments.checkpoints {
        checkpoints.extend(read_checkpoints(path)?);
    }
    let verified = match &arguments.export {
        Some(path) => of_export(path, keys, checkpoints)?,
        None => of_store(url, keys, checkpoints)?,
    };
    report(arguments, &verified)?;
    Ok(match &verified {
        Ok(verified) if is_unsigned(arguments, verified) => Status::Findings,
        Ok(_) => Status::Clean,
        Err(_) => Status::Findings,
    })
}

/// Whether a signature was asked for and none is there: who wrote the ledger anew would have left none.
fn is_unsigned(arguments: &Verify, verified: &Verified) -> bool {
    !arguments.public_key.is_empty() && verified.signed.is_empty() && !verified.heads.is_empty()
}

fn read_checkpoints(path: &Path) -> Result<Vec<Checkpoint>, Failure> {
    let text = input::text(path)?;
    let lines = text
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty());
    let checkpoints = lines.map(|(number, line)| {
        line.parse().map_err(|error| {
            Failure::wrong(format_args!("{}:{}: {error}", path.display(), number + 1))
        })
    });
    checkpoints.collect()
}

fn of_store(
    url: &LedgerUrl,
    keys: Vec<PublicKey>,
    checkpoints: Vec<Checkpoint>,
) -> Result<Result<Verified, Defect>, Failure> {
    let mut store = super::open_to_read(url)?;
    let count = store.heads()?.iter().map(|head| head.place.number).sum();
    let bar = progress::counted(count, "verify");
    let verified = store::verify(store.as_mut(), keys, checkpoints, &mut || bar.inc(1));
    bar.finish_and_clear();
    Ok(verified?)
}

fn of_export(
    path: &Path,
    keys: Vec<PublicKey>,
    checkpoints: Vec<Checkpoint>,
) -> Result<Result<Verified, Defect>, Failure> {
    let name = path.display().to_string();
    let wrong = |number: usize, error: &dyn std::fmt::Display| {
        Failure::wrong(format_args!("{name}:{number}: {error}"))
    };
    let mut lines = input::lines(path)?.lines();
    let mut next = |number: usize| -> Result<Option<Line>, Failure> {
        let Some(text) = lines
            .next()
            .transpose()
            .map_err(|error| wrong(number, &error))?
        else {
            return Ok(None);
        };
        let line = text.parse().map_err(|error| wrong(number, &error))?;
        Ok(Some(line))
    };
    let Some(Line::Ledger(ledger)) = next(1)? else {
        return Err(wrong(1, &"expected the line that names the ledger"));
    };
    let mut verifier = match Verifier::new(ledger, keys, checkpoints) {
        Ok(verifier) => verifier,
        Err(defect) => return Ok(Err(defect)),
    };
    let mut number = 2;
    while let Some(line) = next(number)? {
        let Line::Entry(entry) = line else {
            return Err(wrong(number, &"a second line that names a ledger"));
        };
        if let Err(defect) = verifier.entry(&entry) {
            return Ok(Err(defect));
        }
        number += 1;
    }
    Ok(verifier.finish(&[]))
}

fn report(arguments: &Verify, verified: &Result<Verified, Defect>) -> Result<(), Failure> {
    if arguments.reported.format == TextFormat::Json {
        return super::print(&match verified {
            Ok(verified) => json!({
                "intact": true,
                "is_signed": !verified.signed.is_empty(),
                "receipts": verified.receipts,
                "erased": verified.erased,
                "erasures": verified.erasures,
                "checkpoints": verified.checkpoints,
                "signed_until": verified.signed.iter().map(ToString::to_string).collect::<Vec<_>>(),
            }),
            Err(defect) => json!({ "intact": false, "first_defect": defect.to_string() }),
        });
    }
    let mut text = String::new();
    match verified {
        Ok(verified) => {
            let receipts = many(verified.receipts, "receipt");
            let intact = if is_unsigned(arguments, verified) {
                "NOT SIGNED"
            } else {
                "intact"
            };
            _ = writeln!(text, "{intact}: {receipts}, {} erased", verified.erased);
            if arguments.public_key.is_empty() {
                _ = writeln!(
                    text,
                    "no signature was checked: name a key with --public-key"
                );
            } else if verified.signed.is_empty() {
                let why = "no checkpoint is signed by these keys, so that all of it may have been written anew";
                _ = writeln!(text, "{why}");
            }
            for place in &verified.signed {
                _ = writeln!(text, "signed up to entry {place}");
            }
        }
        Err(defect) => _ = writeln!(text, "NOT INTACT: {defect}"),
    }
    super::print_text(&text)
}
