//! `placet ledger export`: the ledger itself, or its receipts in the formats of others.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, BufWriter, IsTerminal, Write};
use std::ops::ControlFlow;
use std::path::Path;

use placet::{ChoiceId, Policy};
use placet_ledger::chain::{Content, Entry, LedgerId, Line};
use placet_ledger::export::{self, Format, Missing, Policies};
use placet_ledger::store::Store;
use placet_ledger::{LedgerUrl, Receipt};

use crate::arguments::ledger::{Export, ExportFormat};
use crate::outcome::{self, Failure, Status};
use crate::progress;
use crate::text::{many, terminal};

pub(super) fn run(url: &LedgerUrl, arguments: &Export) -> Result<Status, Failure> {
    let to_terminal = arguments.output.is_none() && io::stdout().is_terminal();
    if to_terminal && arguments.format == ExportFormat::Parquet {
        return Err(Failure::wrong(
            "Parquet is nothing to read on a terminal; expected -o FILE",
        ));
    }
    if arguments.id.is_some() && arguments.format == ExportFormat::Jsonl {
        return Err(Failure::wrong(
            "found --id with the format `jsonl`, which is the ledger as a whole; expected another format",
        ));
    }
    let mut stores = Stores {
        entries: super::open_to_read(url)?,
        documents: super::open_to_read(url)?,
        of: arguments.id,
    };
    match &arguments.output {
        Some(path) => into_file(path, |file| write(&mut stores, arguments.format, file))?,
        None if to_terminal => {
            let shown = Shown(io::stdout());
            outcome::written(write(&mut stores, arguments.format, shown))?;
        }
        None => {
            let to = BufWriter::new(io::stdout());
            outcome::written(write(&mut stores, arguments.format, to))?;
        }
    }
    Ok(Status::Clean)
}

/// One to read entries from, and one to look up policies in meanwhile.
struct Stores {
    entries: Box<dyn Store>,
    documents: Box<dyn Store>,
    /// Whose receipts alone are wanted.
    of: Option<ChoiceId>,
}

/// Writes a file that is there once it is whole.
fn into_file(
    path: &Path,
    write: impl FnOnce(BufWriter<File>) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let mut part = OsString::from(path);
    part.push(".part");
    let part = Path::new(&part);
    let cannot = |error: io::Error| {
        Failure::wrong(format_args!(
            "{} cannot be written: {error}",
            path.display()
        ))
    };
    let file = File::create(part).map_err(cannot)?;
    let done = write(BufWriter::new(file));
    let done = done.and_then(|()| fs::rename(part, path).map_err(cannot));
    if done.is_err() {
        // What failed says so; what is left of it may stay.
        _ = fs::remove_file(part);
    }
    done
}

/// A terminal, on which nothing that comes from a receipt is a command.
struct Shown<W>(W);

impl<W: Write> Write for Shown<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(bytes);
        self.0.write_all(terminal(&text).as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

fn write(stores: &mut Stores, format: ExportFormat, to: impl Write) -> Result<(), Failure> {
    match format {
        ExportFormat::Jsonl => lines(stores, to),
        ExportFormat::Csv => receipts(stores, Format::Csv, to, |_, _| Vec::new()),
        ExportFormat::Parquet => receipts(stores, Format::Parquet, to, |_, _| Vec::new()),
        ExportFormat::JsonLd => receipts(stores, Format::JsonLd, to, export::json_ld::missing),
        ExportFormat::Kantara => receipts(stores, Format::Kantara, to, export::kantara::missing),
    }
}

fn lines(stores: &mut Stores, mut to: impl Write) -> Result<(), Failure> {
    let ledger: LedgerId = stores.entries.ledger();
    writeln!(to, "{}", Line::Ledger(ledger))?;
    each_entry(stores.entries.as_mut(), |entry| {
        writeln!(to, "{}", Line::Entry(entry)).map_err(Failure::from)
    })?;
    Ok(to.flush()?)
}

fn receipts(
    stores: &mut Stores,
    format: Format,
    to: impl Write,
    missing: fn(&Receipt, Option<&Policy>) -> Vec<Missing>,
) -> Result<(), Failure> {
    let Stores {
        entries,
        documents,
        of,
    } = stores;
    let mut policies = Policies::default();
    let mut gaps = BTreeMap::<String, u64>::new();
    let mut export = export::Export::new(format, to)?;
    let mut write = |receipt: &Receipt| {
        let policy = policies.of(receipt, |digest| documents.document(digest))?;
        for gap in missing(receipt, policy) {
            *gaps.entry(gap.to_string()).or_default() += 1;
        }
        Ok(export.write(receipt, policy)?)
    };
    match of {
        Some(id) => {
            let found = entries.history(*id, usize::MAX)?;
            found.iter().try_for_each(&mut write)?;
        }
        None => each_entry(entries.as_mut(), |entry| match entry.content {
            Content::Receipt(receipt) => write(&receipt),
            Content::Erased(_) | Content::Erasure(_) => Ok(()),
        })?,
    }
    export.finish()?;
    for (gap, count) in gaps {
        let receipts = many(count, "receipt");
        outcome::tell(format_args!("left out of {receipts}: {gap}"));
    }
    Ok(())
}

/// Tells every entry of one moment, so that what was erased comes with the entry that says so: what is added meanwhile
/// is for the next export.
fn each_entry(
    store: &mut dyn Store,
    mut tell: impl FnMut(Entry) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let count = store.heads()?.iter().map(|head| head.place.number).sum();
    let bar = progress::counted(count, "export");
    let mut told = Ok(());
    let read = store.entries(&mut |entry| {
        bar.inc(1);
        told = tell(entry);
        match told {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        }
    });
    bar.finish_and_clear();
    told?;
    read?;
    Ok(())
}
