//! `placet ledger show`: what is kept of one person.

use std::fmt::Write as _;

use placet::Policy;
use placet_ledger::store::Store;
use placet_ledger::{LedgerUrl, Receipt};
use serde_json::json;

use crate::arguments::TextFormat;
use crate::arguments::ledger::Show;
use crate::outcome::{self, Failure, Status};

pub(super) fn run(url: &LedgerUrl, arguments: &Show) -> Result<Status, Failure> {
    let mut store = super::open_to_read(url)?;
    let receipts = store.history(arguments.id, usize::MAX)?;
    if receipts.is_empty() {
        outcome::tell(format_args!("nothing is kept under {}", arguments.id));
    }
    match arguments.reported.format {
        TextFormat::Json => super::print(&json!({ "receipts": receipts }))?,
        TextFormat::Text => {
            let mut text = String::new();
            for receipt in &receipts {
                write(
                    &mut text,
                    receipt,
                    policy(store.as_mut(), receipt)?.as_ref(),
                );
            }
            super::print_text(&text)?;
        }
    }
    Ok(if receipts.is_empty() {
        Status::Unverified
    } else {
        Status::Clean
    })
}

/// The policy that decided then, if it can still be read.
fn policy(store: &mut dyn Store, receipt: &Receipt) -> Result<Option<Policy>, Failure> {
    let document = store.document(receipt.situation.policy)?;
    Ok(document.and_then(|document| document.policy()))
}

fn write(text: &mut String, receipt: &Receipt, policy: Option<&Policy>) {
    let situation = &receipt.situation;
    let unknown = || "not known".to_owned();
    _ = writeln!(text, "{}  receipt {}", receipt.at, receipt.id);
    for (category, state) in situation.categories.iter().zip(&receipt.states) {
        let known = policy.and_then(|policy| policy.category(&category.name));
        let title = known
            .and_then(|category| category.title())
            .unwrap_or(&category.name);
        _ = writeln!(
            text,
            "  {:<12} {title} ({}, {})",
            state.name(),
            category.name,
            category.regime
        );
        for service in policy.iter().flat_map(|policy| policy.services()) {
            if known.is_some_and(|category| category.id() == service.category) {
                let purpose = service.purpose.as_deref().unwrap_or("no purpose was told");
                _ = writeln!(text, "               {}: {purpose}", service.title());
            }
        }
    }
    let dnt = match receipt.signals.dnt {
        placet::Dnt::Absent => "no DNT",
        placet::Dnt::Allow => "DNT: 0",
        placet::Dnt::DoNotTrack => "DNT: 1",
    };
    let gpc = if receipt.signals.gpc.is_on() {
        "Sec-GPC: 1"
    } else {
        "no Sec-GPC"
    };
    _ = writeln!(text, "  made by      {}, with {gpc} and {dnt}", receipt.how);
    let region = situation
        .region
        .map_or_else(unknown, |region| region.code().to_owned());
    _ = writeln!(text, "  on           {}, region {region}", situation.origin);
    _ = writeln!(
        text,
        "  policy       revision {}, {}",
        situation.revision, situation.policy
    );
    let texts = situation
        .texts
        .map_or_else(unknown, |digest| digest.to_string());
    let language = situation.language.clone().unwrap_or_else(unknown);
    _ = writeln!(text, "  texts        {language}, {texts}");
    if let Some(follows) = receipt.follows {
        _ = writeln!(text, "  follows      {follows}");
    }
    _ = writeln!(
        text,
        "  stands until {} at the latest",
        receipt.stands_until()
    );
}
