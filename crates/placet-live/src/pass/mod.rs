//! The passes: the same pages, each time by a visitor with an empty browser who does one thing.

mod alias;
mod anatomy;
mod pages;
mod press;
mod record;
mod rights;

use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use placet::{Choice, ChoiceId, How, Region, Signals};
use placet_audit::{Assumptions, Coverage, Format, Recording, Stage, Survey, Visit, VisitedPage};
use placet_catalog::Catalog;
use serde_json::Value;

use crate::assets::Assets;
use crate::banner::{self, Aim, Attempt, Outcome, Patience, Probe, Sight, Unverified};
use crate::browser::Browser;
use crate::cdp::CdpError;
use crate::visit::{Arrival, Conditions, Tab, Waits};

pub(crate) use alias::Aliases;
pub(crate) use pages::{Pages, choose_pages, links};
use record::Recorder;

/// What one visitor does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Pass {
    /// Touches nothing.
    Fresh,
    /// Refuses everything, then goes on.
    Refused,
    /// Accepts everything, then goes on.
    Accepted,
    /// Accepts everything, goes on, takes it back and goes on.
    Withdrawn,
    /// Sends Global Privacy Control and touches nothing.
    Gpc,
    /// Sends Do Not Track and touches nothing.
    Dnt,
    /// Runs no scripts.
    NoScript,
}

impl Pass {
    /// All passes, in the order of the reports.
    pub const ALL: [Self; 7] = [
        Self::Fresh,
        Self::Refused,
        Self::Accepted,
        Self::Withdrawn,
        Self::Gpc,
        Self::Dnt,
        Self::NoScript,
    ];

    /// `fresh`, `refused`, `accepted`, `withdrawn`, `gpc`, `dnt`, `no-script`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Fresh => "fresh",
            Self::Refused => "refused",
            Self::Accepted => "accepted",
            Self::Withdrawn => "withdrawn",
            Self::Gpc => "gpc",
            Self::Dnt => "dnt",
            Self::NoScript => "no-script",
        }
    }

    /// The pass of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|pass| pass.name() == name)
    }

    /// What the visitor did, in a sentence.
    pub const fn did(self) -> &'static str {
        match self {
            Self::Fresh => "Touched nothing.",
            Self::Refused => "Refused everything, then went on.",
            Self::Accepted => "Accepted everything, then went on.",
            Self::Withdrawn => "Accepted everything, took it back, then went on.",
            Self::Gpc => "Sent Global Privacy Control and touched nothing.",
            Self::Dnt => "Sent Do Not Track and touched nothing.",
            Self::NoScript => "Ran no scripts.",
        }
    }
}

/// The assumptions of the three stages: what had been chosen when something was seen.
#[derive(Debug)]
pub struct Stages<'p> {
    stages: [Assumptions<'p>; 3],
}

impl<'p> Stages<'p> {
    /// From what holds in all of them. A choice in it counts for the undecided stage alone.
    pub fn new(base: Assumptions<'p>) -> Self {
        let policy = base.policy;
        let chosen = |granted: bool| {
            let undecided = Choice::new(
                ChoiceId::from_bytes([0; 16]),
                base.now,
                policy.revision(),
                How::Banner,
                Signals::default(),
            );
            let all = policy.optional_categories();
            all.fold(undecided, |choice, category| {
                if granted {
                    choice.grant(category.id())
                } else {
                    choice.refuse(category.id())
                }
            })
        };
        let with = |granted| Assumptions {
            choice: Some(chosen(granted)),
            ..base.clone()
        };
        Self {
            stages: [base.clone(), with(true), with(false)],
        }
    }

    pub(crate) const fn of(&self, stage: Stage) -> &Assumptions<'p> {
        let [undecided, granted, refused] = &self.stages;
        match stage {
            Stage::Undecided => undecided,
            Stage::Granted => granted,
            Stage::Refused => refused,
        }
    }

    /// What holds in all of them.
    pub const fn base(&self) -> &Assumptions<'p> {
        self.of(Stage::Undecided)
    }
}

/// The text of a page, that in open shadow trees included.
const TEXT: &str = "(() => {
  const texts = [];
  const read = (root) => {
    texts.push(root.innerText ?? [...root.children].map((e) => e.innerText ?? '').join('\n'));
    for (const e of root.querySelectorAll('*')) if (e.shadowRoot && texts.length < 100) read(e.shadowRoot);
  };
  if (document.body) read(document.body);
  return texts.join('\n').slice(0, 1000000);
})()";

/// What is remarked of a page on which something was to be pressed, and nothing was there.
pub(crate) const NO_BANNER: &str = "no banner appeared";

/// How the passes are made.
#[derive(Clone, Debug)]
pub(crate) struct Way {
    pub(crate) waits: Waits,
    pub(crate) language: String,
    pub(crate) window: (u32, u32),
    /// Without any request before the next page of one pass, at the least.
    pub(crate) pause: Duration,
    pub(crate) aliases: Arc<Aliases>,
    pub(crate) assets: Arc<Assets>,
}

/// What one pass showed.
#[derive(Debug)]
pub(crate) struct Passed<'p> {
    pub(crate) pass: Pass,
    /// The number of its recording.
    pub(crate) number: u16,
    /// Where the visitor is taken to be.
    pub(crate) region: Option<Region>,
    pub(crate) recording: Recording,
    pub(crate) survey: Survey<'p>,
    pub(crate) visit: Visit,
    /// What the first page showed of banners before anything was pressed.
    pub(crate) sight: Option<Sight>,
    /// What was pressed for what, and what came of it.
    pub(crate) attempts: Vec<Attempt>,
    /// What the second page showed of banners after the choice.
    pub(crate) after: Option<Sight>,
    /// What the banner does that nobody presses, as tried by a visitor beside this one.
    pub(crate) probes: Probes,
    /// The text of the first page as the visitor left it.
    pub(crate) text: String,
}

impl Passed<'_> {
    /// Whether something that is a banner for sure was on its first page.
    pub(crate) fn has_banner(&self) -> bool {
        self.sight
            .as_ref()
            .is_some_and(|sight| sight.banner().is_some())
    }

    /// Whether a banner was to be pressed, and none was there.
    pub(crate) fn missed_banner(&self) -> bool {
        let none = Outcome::Unverified(Unverified::NoBanner);
        self.attempts.iter().any(|attempt| attempt.outcome == none)
    }

    /// The cookies that remember a refusal made in it, by domain and name.
    pub(crate) fn consent_cookies(&self, catalog: &Catalog) -> Vec<(String, String)> {
        let refusals = self
            .attempts
            .iter()
            .filter(|a| a.aim == Aim::Refuse && a.is_done());
        let changed = refusals.flat_map(|attempt| {
            let kept = attempt
                .changed
                .iter()
                .filter(|name| attempt.after.contains_key(*name));
            kept.filter_map(|name| name.strip_prefix("cookie ")?.split_once(' '))
        });
        let is_tracker = |domain: &str, name: &str| {
            let answer = catalog.lookup(name.as_bytes(), Some(domain));
            answer.is_some_and(|answer| answer.is_tracker())
        };
        changed
            .filter(|(domain, name)| !is_tracker(domain, name))
            .map(|(domain, name)| (domain.to_owned(), name.to_owned()))
            .collect()
    }

    /// Whether every page of it was there.
    pub(crate) fn is_seen(&self) -> bool {
        self.visit.pages.iter().all(|page| page.blocked.is_none())
    }
}

/// What is tried on a banner beside its choices.
#[derive(Debug, Default)]
pub(crate) struct Probes {
    /// What came of scrolling.
    pub(crate) scrolled: Option<Probe>,
    /// What came of closing it.
    pub(crate) closed: Option<Probe>,
    /// What axe finds in it.
    pub(crate) axe: Option<Value>,
}

/// Makes one pass over the pages.
pub(crate) fn make<'p>(
    pass: Pass,
    number: u16,
    pages: &Pages,
    browser: &Browser,
    way: &Way,
    stages: &'p Stages<'p>,
    catalog: &'p Catalog,
) -> Result<Passed<'p>, CdpError> {
    let mut tab = Tab::open(browser, conditions(pass, way))?;
    let first = pages.first();
    let mut recorder = Recorder::new(
        number,
        first,
        pass,
        stages,
        catalog,
        Arc::clone(&way.aliases),
    );
    let mut steps = Steps {
        tab: &mut tab,
        recorder: &mut recorder,
        way,
        stage: Stage::Undecided,
        stages: vec![Stage::Undecided],
        page: 0,
        pages_seen: Vec::new(),
        unverified: None,
        attempts: Vec::new(),
        lost: false,
    };
    let mut sight = None;
    let mut after = None;
    steps.go(first)?;
    if pass != Pass::NoScript {
        sight = steps.look();
    }
    let cut_out = sight.as_ref().and_then(|sight| steps.cut_out(sight));
    match pass {
        Pass::Refused => steps.press(Aim::Refuse, Stage::Refused)?,
        Pass::Accepted => steps.press(Aim::Accept, Stage::Granted)?,
        Pass::Withdrawn => {
            steps.press(Aim::Accept, Stage::Granted)?;
            if steps.stage == Stage::Granted {
                steps.go(first)?;
                steps.press(Aim::Withdraw, Stage::Refused)?;
            }
        }
        Pass::Fresh | Pass::Gpc | Pass::Dnt | Pass::NoScript => {}
    }
    let text = steps.text();
    let picture = steps.tab.picture(None).ok();
    let has_banner = sight.as_ref().is_some_and(|s| s.banner().is_some());
    let mut probes = Ok(Probes::default());
    thread::scope(|scope| {
        if pass == Pass::Fresh && has_banner {
            scope.spawn(|| probes = probe(first, browser, way));
        }
        let chose = steps.stage != Stage::Undecided;
        // Whether a choice holds shows where the page is asked for again.
        let again = chose.then_some(first);
        let rest = pages.rest().iter().map(String::as_str);
        let lost = steps.lost;
        let pages = again.into_iter().chain(rest).filter(|_| !lost);
        for (number, page) in pages.enumerate() {
            thread::sleep(way.pause.saturating_sub(steps.tab.silent_for()));
            steps.go(page)?;
            if number == 0 && chose {
                after = steps.look();
            }
        }
        Ok::<_, CdpError>(())
    })?;
    let probes = probes?;
    let Steps {
        pages_seen,
        stages: stages_seen,
        unverified,
        attempts,
        ..
    } = steps;
    let lost = tab.lost() + u64::from(tab.overflowed());
    let unverified =
        unverified.or_else(|| (lost > 0).then(|| "more happened than could be kept".to_owned()));
    let (survey, mut visit, counted) = recorder.finish();
    pass.name().clone_into(&mut visit.name);
    pass.did().clone_into(&mut visit.did);
    visit.pages = pages_seen;
    visit.stages = stages_seen;
    visit.picture = picture;
    visit.banner = anatomy::of_pass(sight.as_ref(), &attempts, way.window);
    if let Some(banner) = &mut visit.banner {
        banner.picture = cut_out.or_else(|| attempts.first()?.presses.first()?.clip.clone());
    }
    for attempt in &attempts {
        visit
            .presses
            .extend(attempt.presses.iter().map(|press| placet_audit::Press {
                name: press.name.clone(),
                kind: attempt.aim.name().to_owned(),
                sure: press.sure,
                picture: press.clip.clone(),
            }));
    }
    let coverage = Coverage {
        format: Format::Live,
        exporter: Some(browser.product().to_owned()),
        exchanges: counted.exchanges,
        set_cookies: counted.set_cookies,
        saw_cookies: counted.saw_cookies,
        unverified,
        ..Coverage::default()
    };
    Ok(Passed {
        pass,
        number,
        region: stages.base().region,
        recording: Recording {
            name: pass.name().to_owned(),
            coverage,
        },
        survey,
        visit,
        sight,
        attempts,
        after,
        probes,
        text,
    })
}

fn conditions(pass: Pass, way: &Way) -> Conditions {
    Conditions {
        gpc: pass == Pass::Gpc,
        dnt: pass == Pass::Dnt,
        scripts: pass != Pass::NoScript,
        language: way.language.clone(),
        window: way.window,
    }
}

/// A pass on its way.
struct Steps<'s, 'p> {
    tab: &'s mut Tab,
    recorder: &'s mut Recorder<'p>,
    way: &'s Way,
    stage: Stage,
    /// The stages reached, in order.
    stages: Vec<Stage>,
    page: u64,
    pages_seen: Vec<VisitedPage>,
    unverified: Option<String>,
    attempts: Vec<Attempt>,
    /// Whether it is not known any more what was chosen.
    lost: bool,
}

impl Steps<'_, '_> {
    fn go(&mut self, url: &str) -> Result<(), CdpError> {
        self.page += 1;
        let arrival = self.tab.go(url, &self.way.waits)?;
        let mut page = VisitedPage::default();
        match arrival {
            Arrival::There {
                url,
                status,
                title,
                restless,
                ..
            } => {
                page = VisitedPage {
                    url,
                    status,
                    title,
                    ..page
                };
                if restless {
                    page.remarks
                        .push("asked for things until its time was over".to_owned());
                }
                if let Some(why) = blocked_by(&page) {
                    page.blocked = Some(why);
                }
            }
            // The address led to a file, or to an answer without a page.
            Arrival::Blocked(why) if why == "net::ERR_ABORTED" => {
                url.clone_into(&mut page.url);
                page.remarks.push("is no page".to_owned());
            }
            Arrival::Blocked(why) => {
                url.clone_into(&mut page.url);
                page.blocked = Some(why);
            }
        }
        if let Some(why) = &page.blocked {
            let page = self.page;
            self.unverified
                .get_or_insert_with(|| format!("page {page} could not be seen: {why}"));
        }
        self.record(&mut page);
        self.pages_seen.push(page);
        Ok(())
    }

    fn record(&mut self, page: &mut VisitedPage) {
        let kept = self.tab.kept_keys();
        let jar = self.jar();
        let seen = self.tab.drain();
        self.recorder
            .take(seen, kept, &jar, self.stage, self.page, page);
    }

    /// The cookies that the browser keeps: domain and name.
    fn jar(&mut self) -> Vec<(String, String)> {
        let text = |cookie: &Value, member: &str| {
            let text = cookie.get(member).and_then(Value::as_str);
            text.unwrap_or_default().to_owned()
        };
        let cookies = self.tab.cookies().unwrap_or_default();
        let named = cookies.iter().map(|c| (text(c, "domain"), text(c, "name")));
        named.collect()
    }

    /// A picture of the banner that is in front.
    fn cut_out(&mut self, sight: &Sight) -> Option<Vec<u8>> {
        let rect = sight.banner()?.rect();
        self.tab.picture(Some(rect)).ok()
    }

    fn look(&mut self) -> Option<Sight> {
        banner::look(self.tab).ok()
    }

    /// Presses what it takes; the stage changes only where that is verified.
    fn press(&mut self, aim: Aim, stage: Stage) -> Result<(), CdpError> {
        let attempt = press::press(self.tab, aim, &self.way.assets);
        let end = Instant::now() + self.way.waits.page;
        match &attempt.outcome {
            Outcome::Done => {
                // What the press itself sets off belongs to what was chosen by it.
                self.stage = stage;
                self.stages.push(stage);
                self.tab.settle(&self.way.waits, end)?;
            }
            // Where there is nothing to press, there may be nothing to ask: the other passes tell.
            Outcome::Unverified(Unverified::NoBanner) => {
                if let Some(page) = self.pages_seen.last_mut() {
                    page.remarks.push(NO_BANNER.to_owned());
                }
            }
            Outcome::Unverified(why) => {
                // Nobody knows what the visitor has said, so nothing more is held against the site.
                self.lost = !attempt.presses.is_empty();
                let why = format!("could not {}: {why}", aim.name());
                self.unverified.get_or_insert(why);
            }
        }
        self.attempts.push(attempt);
        if self.lost {
            self.tab.drain();
            return Ok(());
        }
        let mut page = self.pages_seen.pop().unwrap_or_default();
        self.record(&mut page);
        self.pages_seen.push(page);
        Ok(())
    }

    fn text(&mut self) -> String {
        let text = self.tab.evaluate_top(TEXT);
        let text = text.ok().and_then(|t| t.as_str().map(str::to_owned));
        text.unwrap_or_default()
    }
}

/// Tries what a visitor may do without choosing, as one of its own: whoever is recorded has touched nothing.
fn probe(first: &str, browser: &Browser, way: &Way) -> Result<Probes, CdpError> {
    let mut probes = Probes::default();
    let mut tab = Tab::open(browser, conditions(Pass::Fresh, way))?;
    tab.go(first, &way.waits)?;
    let sight = banner::look(&mut tab).ok();
    if let (Some(axe), Some(banner)) = (&way.assets.axe, sight.as_ref().and_then(Sight::banner)) {
        probes.axe = press::axe(&mut tab, &banner.frame, banner.place.id, axe);
    }
    probes.scrolled = banner::scroll(&mut tab, Patience::default()).ok();
    let consented = probes
        .scrolled
        .as_ref()
        .is_some_and(|p| !p.changed.is_empty());
    if !consented {
        tab.go(first, &way.waits)?;
        probes.closed = banner::close(&mut tab, Patience::default()).ok();
    }
    Ok(probes)
}

/// Whether a page is a wall against robots or an error, and not what visitors see.
fn blocked_by(page: &VisitedPage) -> Option<String> {
    let title = page.title.to_lowercase();
    let challenge = [
        "just a moment",
        "attention required",
        "access denied",
        "are you a robot",
        "captcha",
    ];
    if matches!(page.status, 401 | 403 | 429 | 503)
        || challenge.iter().any(|words| title.contains(words))
    {
        return Some(format!(
            "the site answered {} “{}”",
            page.status, page.title
        ));
    }
    (page.status >= 400).then(|| format!("the site answered {}", page.status))
}
