//! One site audited live: which pages, all passes side by side, and what is said of them.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use placet_audit::privacy_policy::{MediaType, PrivacyPolicy};
use placet_audit::well_known::WellKnown;
use placet_audit::{
    Audit, Evidence, Finding, Recording, Rule, Stage, Survey, Visit, leave_values_out,
    without_values,
};
use placet_catalog::Catalog;

use crate::assets::Assets;
use crate::banner::Aim;
use crate::browser::{Browser, BrowserError};
use crate::cdp::CdpError;
use crate::pass::{self, Left, Pages, Pass, Passed, Stages, Way};
use crate::rule;
use crate::scout::{Scouted, scout};
use crate::stop::Stop;

/// What to visit, and how.
#[derive(Clone, Debug)]
pub struct Site {
    /// The start page.
    pub url: String,
    /// How many pages each pass visits, the start page included.
    pub pages: NonZeroUsize,
    /// Which passes.
    pub passes: Vec<Pass>,
    /// The browser; the first that is found without it.
    pub browser: Option<PathBuf>,
    /// The address of the privacy policy; the one that the start page links to without it.
    pub privacy_policy: Option<String>,
    /// `Accept-Language`, such as `de-DE,de;q=0.9`.
    pub language: String,
    /// How long one page may take.
    pub page_time: Duration,
    /// How long to go on watching a page that has loaded: consent tools come late.
    pub watch: Duration,
    /// Without any request before the next page of one pass, at the least.
    pub pause: Duration,
    /// What is used where it is installed.
    pub assets: Arc<Assets>,
    /// What ends it before its time.
    pub stop: Stop,
    /// Passes that are made at the same time.
    pub at_once: NonZeroUsize,
}

impl Site {
    /// All passes over up to five pages of a site.
    pub fn new(url: impl Into<String>) -> Self {
        const FIVE: NonZeroUsize = NonZeroUsize::new(5).unwrap();
        Self {
            url: url.into(),
            pages: FIVE,
            passes: Pass::ALL.to_vec(),
            browser: None,
            privacy_policy: None,
            language: "en-US,en;q=0.9".to_owned(),
            page_time: Duration::from_secs(30),
            watch: Duration::from_secs(2),
            pause: Duration::from_millis(250),
            assets: Arc::default(),
            stop: Stop::default(),
            at_once: NonZeroUsize::MIN.saturating_add(Pass::ALL.len() - 1),
        }
    }
}

/// Why a site could not be visited at all.
#[derive(Debug, thiserror::Error)]
pub enum LiveError {
    /// There is no browser to do it.
    #[error(transparent)]
    Browser(#[from] BrowserError),
    /// The browser ended or hung.
    #[error("the browser failed while it visited the site: {0}")]
    Cdp(#[from] CdpError),
}

/// How far the visits have come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Passes that are done.
    pub done: usize,
    /// Of how many.
    pub of: usize,
}

/// What the visits showed.
#[derive(Debug)]
pub struct Live<'p> {
    /// The passes as recordings, in order.
    pub recordings: Vec<Recording>,
    /// What they show of cookies.
    pub survey: Survey<'p>,
    /// What they show beside.
    pub visits: Vec<Visit>,
    /// Cookies that remember the choice, by domain and name: of what refusals leave, those named after a
    /// choice or alike for all who refused; where nobody could refuse, those named so that an acceptance leaves.
    pub consent_cookies: Vec<(String, String)>,
    /// The address and markup of the privacy policy, where one was found.
    pub privacy_policy: Option<(String, String)>,
    /// The rules that looked at more than cookies.
    pub rules: Vec<&'static Rule>,
    /// What those found.
    pub findings: Vec<Finding>,
}

impl<'p> Live<'p> {
    /// The audit of it.
    pub fn into_audit(
        self,
        policy_given: bool,
        stages: &'p Stages<'p>,
        catalog: &'p Catalog,
    ) -> Audit<'p> {
        let evidence = Evidence::new(stages.base(), policy_given, catalog, self.survey)
            .with_consent_cookies(&self.consent_cookies);
        let mut audit = Audit::new(self.recordings, evidence);
        audit.visits = self.visits;
        audit.add(&self.rules, self.findings);
        if let Some((address, markup)) = self.privacy_policy {
            let bytes = markup.as_bytes();
            let address = without_values(&address);
            let text = PrivacyPolicy::read(&address, bytes, MediaType::Html, catalog);
            // One that nobody named, and that cannot be read, is as if it was not found.
            if text.unreadable().is_none() {
                audit.hold_against(text, catalog);
            }
        }
        audit
    }
}

/// Visits a site. What cannot be seen, such as a page that blocks robots, is told by the recordings
/// as what could not be verified.
///
/// # Errors
///
/// When there is no browser, or it fails.
pub fn visit<'p>(
    site: &Site,
    stages: &'p Stages<'p>,
    catalog: &'p Catalog,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<Live<'p>, LiveError> {
    let browser = Browser::open(site.browser.as_deref(), &site.stop)?;
    let way = Way {
        pause: site.pause,
        assets: Arc::clone(&site.assets),
        ..Way::new(site.page_time, site.watch, &site.language)
    };
    let pages = Pages::new(site.url.clone());
    // Every pass begins with the first page while the others are looked for.
    let mut scouted = Ok(Scouted::default());
    let passes = thread::scope(|scope| {
        scope.spawn(|| scouted = scout(site, &pages, &browser, &way));
        make_all(site, &pages, &browser, &way, stages, catalog, progress)
    })?;
    let scouted = scouted?;
    let mut live = gathered(passes, stages, catalog);
    live.rules.extend(WellKnown::ALL.map(WellKnown::rule));
    live.findings.extend(scouted.findings);
    live.privacy_policy = scouted.privacy_policy;
    Ok(live)
}

fn make_all<'p>(
    site: &Site,
    pages: &Pages,
    browser: &Browser,
    way: &Way,
    stages: &'p Stages<'p>,
    catalog: &'p Catalog,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<Vec<Passed<'p>>, CdpError> {
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::new());
    let of = site.passes.len();
    thread::scope(|scope| {
        for _ in 0..site.at_once.get().min(of) {
            scope.spawn(|| {
                while let Some((number, pass)) = {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    site.passes.get(number).map(|pass| (number, *pass))
                } {
                    let number = u16::try_from(number).unwrap_or(u16::MAX);
                    let passed = pass::make(pass, number, pages, browser, way, stages, catalog);
                    let mut done = done.lock().unwrap_or_else(PoisonError::into_inner);
                    done.push(passed);
                    progress(Progress {
                        done: done.len(),
                        of,
                    });
                }
            });
        }
    });
    let done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    let mut passes = done.into_iter().collect::<Result<Vec<_>, _>>()?;
    passes.sort_by_key(|pass| pass.number);
    // Beside many others a banner can come too late for one: who missed what others met looks again, alone.
    if passes.iter().any(Passed::has_banner) {
        for passed in passes.iter_mut().filter(|passed| passed.missed_banner()) {
            let (pass, number) = (passed.pass, passed.number);
            *passed = pass::make(pass, number, pages, browser, way, stages, catalog)?;
        }
    }
    Ok(passes)
}

/// What the visitor of a pass did instead of what the pass is for, where that could not be done.
fn could_not(pass: &Passed<'_>) -> Option<&'static str> {
    Some(match (pass.pass, pass.visit.last_stage()) {
        (Pass::Withdrawn, Stage::Granted) => {
            "Accepted everything, could not take it back, then went on."
        }
        (Pass::Refused | Pass::Accepted | Pass::Withdrawn, Stage::Undecided) => {
            if pass.missed_banner() {
                "Looked for a banner to answer, and none appeared."
            } else {
                "Wanted to answer the banner, and could not."
            }
        }
        _ => return None,
    })
}

fn gathered<'p>(
    mut passes: Vec<Passed<'p>>,
    stages: &'p Stages<'p>,
    catalog: &Catalog,
) -> Live<'p> {
    for pass in &mut passes {
        if let Some(did) = could_not(pass) {
            did.clone_into(&mut pass.visit.did);
        }
    }
    leave_values_out(passes.iter_mut().map(|pass| &mut pass.visit));
    // A banner that some visitors are shown and others not is one that was missed.
    let with_banner = passes.iter().find(|pass| pass.has_banner());
    if let Some(seen_in) = with_banner.map(|pass| pass.pass.name()) {
        for pass in passes.iter_mut().filter(|pass| pass.missed_banner()) {
            let why = format!(
                "{}, although one did in the pass {seen_in}",
                pass::NO_BANNER
            );
            pass.recording.coverage.unverified.get_or_insert(why);
        }
    }
    let (findings, cut_outs) = rule::check(&passes);
    let left_by = |aim| -> Vec<_> {
        let left = passes.iter().flat_map(|p| p.left_by(aim, catalog));
        left.collect()
    };
    let refused = [left_by(Aim::Refuse), left_by(Aim::Withdraw)].concat();
    let consent_cookies = Left::memories(&refused, &left_by(Aim::Accept));
    let mut survey = Survey::new(stages.base(), 0);
    let mut recordings = Vec::new();
    let mut visits: Vec<Visit> = Vec::new();
    for mut pass in passes {
        survey.merge(&mut pass.survey);
        recordings.push(pass.recording);
        visits.push(pass.visit);
    }
    if let Some(first) = visits.first_mut() {
        first.cut_outs = cut_outs;
    }
    Live {
        recordings,
        survey,
        visits,
        consent_cookies,
        privacy_policy: None,
        rules: rule::all(),
        findings,
    }
}
