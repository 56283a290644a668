//! `placet ledger erase` and `placet ledger prune`: what need not or must not be kept any more.

use placet::{Lifetime, Policy};
use placet_ledger::LedgerUrl;
use serde_json::json;

use crate::arguments::TextFormat;
use crate::arguments::ledger::{Erase, Prune, Reported};
use crate::outcome::{self, Failure, Status};
use crate::text::many;
use crate::{input, progress};

/// How many receipts are erased together: in between, servers get their turn.
const TOGETHER: usize = 5_000;

pub(super) fn run(url: &LedgerUrl, arguments: &Erase) -> Result<Status, Failure> {
    let erased = super::open(url)?.erase(arguments.id, super::now())?;
    report(arguments.reported, "erased", erased.receipts)?;
    if erased.receipts > 0 {
        return Ok(Status::Clean);
    }
    // Whoever mistyped the id believes that the person is forgotten.
    outcome::tell(format_args!("nothing is kept under {}", arguments.id));
    Ok(Status::Unverified)
}

pub(super) fn prune(url: &LedgerUrl, arguments: &Prune) -> Result<Status, Failure> {
    let seconds = match (arguments.keep, &arguments.policy) {
        (Some(Lifetime::Seconds(seconds)), _) => seconds,
        (Some(Lifetime::Session), _) => {
            let what = "--keep: found `session`, expected a time like `3y`";
            return Err(Failure::wrong(what));
        }
        (None, Some(path)) => input::policy(path)?.receipts_keep().as_secs(),
        (None, None) => Policy::RECEIPTS_KEEP.as_secs(),
    };
    // A day that has begun is a whole one: nothing is erased early.
    let days = u32::try_from(seconds.div_ceil(86_400)).unwrap_or(u32::MAX);
    if arguments.dry_run {
        let count = super::open_to_read(url)?.count_outlived(days, super::now())?;
        return report(arguments.reported, "would erase", count);
    }
    let mut store = super::open(url)?;
    let bar = progress::counted(store.status()?.receipts, "prune");
    let mut all = 0;
    loop {
        let erased = store.prune(days, super::now(), TOGETHER)?.receipts;
        if erased == 0 {
            break;
        }
        all += erased;
        bar.inc(erased);
    }
    bar.finish_and_clear();
    report(arguments.reported, "erased", all)
}

/// Says how many receipts were erased, or would be.
fn report(reported: Reported, what: &str, count: u64) -> Result<Status, Failure> {
    match reported.format {
        TextFormat::Json => super::print(&json!({ what.replace(' ', "_"): count }))?,
        TextFormat::Text => {
            super::print_text(&format!("{what} {}\n", many(count, "receipt")))?;
        }
    }
    Ok(Status::Clean)
}
