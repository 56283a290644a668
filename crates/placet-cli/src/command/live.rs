//! Visiting a site with a real browser: the live part of `audit` and `init`.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use placet_audit::without_values;
use placet_catalog::Catalog;
use placet_live::document::{self, Document, Page};
use placet_live::{Assets, Live, Pass, Site, Stages, Stop, visit as visit_site};

use crate::arguments::{Recordings, Visit};
use crate::interrupt::Interrupt;
use crate::outcome::{Failure, tell};
use crate::progress;

use super::recordings::{address as read_address, is_address, survey};

/// Loads one page and reads it.
pub(crate) fn document(address: &str, given: &Visit) -> Result<Document, Failure> {
    let (time, watch) = times(given);
    let page = Page {
        url: address.to_owned(),
        browser: given.browser.clone(),
        language: given.accept_language.clone(),
        time,
        watch,
        stop: Stop::default(),
    };
    until_a_signal(&page.stop, || document::read(&page))?.map_err(Failure::wrong)
}

/// How long a page may take, and how long it is watched once it has loaded.
fn times(given: &Visit) -> (Duration, Duration) {
    let page = Duration::from_secs(given.page_time.max(1).into());
    (page, Duration::from_secs(given.watch.into()))
}

/// What is driven until it ends, or until a signal comes, by which the command ends then.
fn until_a_signal<T>(stop: &Stop, drive: impl FnOnce() -> T) -> Result<T, Failure> {
    let interrupt = Interrupt::by_signals(stop).map_err(Failure::wrong)?;
    let driven = drive();
    // The browser has ended by now, and its folder is gone.
    interrupt.obey();
    Ok(driven)
}

/// Makes the passes that were asked for, and shows how far they have come; then reads the recordings
/// given beside the address, which are passes that somebody else has made.
pub(crate) fn visit<'p>(
    address: &str,
    given: &Visit,
    (recordings, files): (&Recordings, &[PathBuf]),
    privacy_policy: Option<&Path>,
    stages: &'p Stages<'p>,
    catalog: &'p Catalog,
) -> Result<Live<'p>, Failure> {
    let mut site = Site::new(address);
    site.pages = given.pages;
    site.browser.clone_from(&given.browser);
    site.language.clone_from(&given.accept_language);
    let assets = Assets::find(given.packages.as_deref(), given.script.as_deref());
    let assets = assets.map_err(Failure::wrong)?;
    for missing in assets.missing() {
        tell(format_args!("placet: {missing}"));
    }
    let linked = privacy_policy.filter(|given| is_address(given));
    site.privacy_policy = linked.map(read_address).transpose()?;
    site.assets = Arc::new(assets);
    (site.page_time, site.watch) = times(given);
    if !given.passes.is_empty() {
        site.passes = Pass::ALL
            .into_iter()
            .filter(|p| given.passes.contains(p))
            .collect();
    }
    let visited = until_a_signal(&site.stop, || {
        let bar = progress::counted(site.passes.len() as u64, &without_values(address));
        let visited = visit_site(&site, stages, catalog, &|at| {
            bar.set_position(at.done as u64)
        });
        bar.finish_and_clear();
        visited
    })?;
    let mut live = visited.map_err(Failure::wrong)?;
    let first = u16::try_from(live.recordings.len()).unwrap_or(u16::MAX);
    let (read, mut more) = survey(recordings, files, first, stages.base())?;
    live.recordings.extend(read);
    live.survey.merge(&mut more);
    // A file that was named is read instead of what the site links to.
    if privacy_policy.is_some_and(|given| !is_address(given)) {
        live.privacy_policy = None;
    }
    Ok(live)
}
