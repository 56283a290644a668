//! `placet ledger status`: how much there is.

use std::fmt::Write as _;
use std::fs;

use placet_ledger::LedgerUrl;
use serde_json::json;

use crate::arguments::TextFormat;
use crate::arguments::ledger::Reported;
use crate::outcome::{Failure, Status};

pub(super) fn run(url: &LedgerUrl, arguments: Reported) -> Result<Status, Failure> {
    let mut store = super::open(url)?;
    let found = store.status()?;
    let checkpoints = store.checkpoints()?;
    let last_checkpoint = checkpoints
        .last()
        .map(|checkpoint| checkpoint.at.to_string());
    let last = found.last.map(|moment| moment.to_string());
    // What waits for a server to bring it is beside the file.
    let spooled = match url {
        LedgerUrl::Sqlite(path) => {
            let mut name = path.clone().into_os_string();
            name.push(".spool");
            fs::metadata(name).ok().map(|file| file.len())
        }
        _ => None,
    };
    match arguments.format {
        TextFormat::Json => super::print(&json!({
            "ledger": found.ledger.to_string(),
            "layout": found.layout,
            "receipts": found.receipts,
            "erased": found.erased,
            "bytes": found.bytes,
            "last": last,
            "spool_bytes": spooled,
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
            if let Some(bytes) = spooled {
                _ = writeln!(text, "spool        {bytes} bytes");
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
