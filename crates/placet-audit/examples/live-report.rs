//! Writes the page of a live audit that was made by hand, for a browser to be opened with.
//!
//!     cargo run -p placet-audit --example live-report -- FOLDER

#[path = "../tests/report/live.rs"]
mod live;

use std::error::Error;
use std::fs::{self, File};
use std::path::Path;

use placet::{Policy, Timestamp};
use placet_audit::report::{Format, Options, write};
use placet_audit::{AssumedSignal, Assumptions};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args().nth(1).ok_or("expected: a folder")?;
    let folder = Path::new(&folder);
    fs::create_dir_all(folder)?;
    let policy = Policy::from_json("placet.json", r#"{ "revision": 1, "services": [] }"#)?;
    let now = "2026-11-22T08:30:00Z".parse::<Timestamp>()?;
    let assumed = Assumptions {
        policy: &policy,
        gpc: AssumedSignal::AsRecorded,
        dnt: AssumedSignal::AsRecorded,
        region: None,
        choice: None,
        now,
    };
    let mut page = File::create(folder.join("live.html"))?;
    write(
        Format::Html,
        &live::live(&assumed),
        &Options::new(now),
        &mut page,
    )?;
    Ok(())
}
