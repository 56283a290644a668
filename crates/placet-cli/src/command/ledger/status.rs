//! `placet ledger status`: how much there is.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use placet_ledger::LedgerUrl;
use serde_json::json;

use crate::arguments::TextFormat;
use crate::arguments::ledger::Reported;
use crate::outcome::{Failure, Status};

pub(super) fn run(url: &LedgerUrl, arguments: Reported) -> Result<Status, Failure> {
    let mut store = super::open_to_read(url)?;
    let found = store.status()?;
    let checkpoints = store.checkpoints()?;
    let last_checkpoint = checkpoints
        .last()
        .map(|checkpoint| checkpoint.at.to_string());
    let last = found.last.map(|moment| moment.to_string());
    let waiting = match url {
        LedgerUrl::Sqlite(path) => waiting(path)?,
        _ => Vec::new(),
    };
    match arguments.format {
        TextFormat::Json => super::print(&json!({
            "ledger": found.ledger.to_string(),
            "layout": found.layout,
            "receipts": found.receipts,
            "erased": found.erased,
            "bytes": found.bytes,
            "last": last,
            "waiting": waiting.iter().map(|(name, bytes)| json!({
                "file": name,
                "bytes": bytes,
            })).collect::<Vec<_>>(),
            "checkpoints": checkpoints.len(),
            "last_checkpoint": last_checkpoint,
            "heads": found.heads.iter().map(|head| json!({
                "writer": head.place.writer,
                "number": head.place.number,
                "link": head.link.to_string(),
            })).collect::<Vec<_>>(),
        }))?,
        TextFormat::Text => {
            let mut text = String::new();
            let never = || "none yet".to_owned();
            _ = writeln!(
                text,
                "ledger       {} (layout {})",
                found.ledger, found.layout
            );
            _ = writeln!(
                text,
                "receipts     {}, and {} erased",
                found.receipts, found.erased
            );
            _ = writeln!(text, "size         {} bytes", found.bytes);
            _ = writeln!(text, "last receipt {}", last.unwrap_or_else(never));
            for (name, bytes) in &waiting {
                _ = writeln!(text, "waiting      {name}, {bytes} bytes");
            }
            let signed = last_checkpoint.map(|at| format!(", the last of {at}"));
            _ = writeln!(
                text,
                "checkpoints  {}{}",
                checkpoints.len(),
                signed.unwrap_or_default()
            );
            for head in &found.heads {
                _ = writeln!(
                    text,
                    "chain {:<6} entry {}, {}",
                    head.place.writer, head.place.number, head.link
                );
            }
            super::print_text(&text)?;
        }
    }
    Ok(Status::Clean)
}

/// What lies beside the file, and how large it is: spools with something in them, which a server brings, and what was set
/// aside from them (`….refused`, `….damaged-0`), which somebody should look at.
fn waiting(path: &Path) -> Result<Vec<(String, u64)>, Failure> {
    /// A spool in which nothing waits.
    const EMPTY: u64 = 15;
    let Some(file) = path.file_name().and_then(|name| name.to_str()) else {
        return Ok(Vec::new());
    };
    let spools = format!("{file}.spool");
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let mut found = Vec::new();
    for entry in fs::read_dir(folder.unwrap_or_else(|| Path::new(".")))? {
        let entry = entry?;
        let bytes = entry.metadata()?.len();
        let name = entry.file_name();
        let Some(name) = name.to_str().filter(|name| name.starts_with(&spools)) else {
            continue;
        };
        let is_aside = name.contains(".refused") || name.contains(".damaged-");
        if is_aside || bytes > EMPTY {
            found.push((name.to_owned(), bytes));
        }
    }
    found.sort();
    Ok(found)
}
