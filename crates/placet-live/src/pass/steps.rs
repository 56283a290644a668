//! The steps of a pass: going, looking, pressing, and taking down what was seen.

use std::time::{Instant, SystemTime, UNIX_EPOCH};

use placet_audit::{Stage, VisitedPage};

use super::record::{Jarred, Recorder};
use super::{NO_BANNER, Way, press};
use crate::banner::{self, Aim, Attempt, Outcome, Sight, Unverified};
use crate::cdp::CdpError;
use crate::visit::{Arrival, Tab};

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

/// Pages after which a visitor goes on in a new tab, as a browser keeps something of each.
const PAGES_OF_A_TAB: u64 = 50;

/// A pass on its way.
pub(super) struct Steps<'s, 'p> {
    pub(super) tab: &'s mut Tab,
    pub(super) recorder: &'s mut Recorder<'p>,
    pub(super) way: &'s Way,
    pub(super) stage: Stage,
    /// The stages reached, in order.
    pub(super) stages: Vec<Stage>,
    pub(super) page: u64,
    pub(super) pages_seen: Vec<VisitedPage>,
    pub(super) unverified: Option<String>,
    pub(super) attempts: Vec<Attempt>,
    /// Whether it is not known any more what was chosen.
    pub(super) lost: bool,
}

impl Steps<'_, '_> {
    pub(super) fn go(&mut self, url: &str) -> Result<(), CdpError> {
        self.page += 1;
        if self.page.is_multiple_of(PAGES_OF_A_TAB) {
            self.tab.renew()?;
        }
        let arrival = self.tab.go(url, &self.way.waits)?;
        let mut page = VisitedPage::default();
        match arrival {
            Arrival::There {
                url,
                status,
                title,
                restless,
                loaded,
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
                if !loaded {
                    page.blocked = Some("it did not load in its time".to_owned());
                } else if self.page > 1 && matches!(page.status, 404 | 410) {
                    page.remarks.push(format!("answered {}", page.status));
                } else if let Some(why) = blocked_by(&page) {
                    page.blocked = Some(why);
                }
            }
            // The address led to a file, or to an answer without a page.
            Arrival::Blocked(why) if why == "net::ERR_ABORTED" && self.page > 1 => {
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
        if self.page == 1 && page.blocked.is_none() {
            self.recorder.arrived_at(&page.url);
        }
        self.record(self.stage, &mut page);
        self.pages_seen.push(page);
        Ok(())
    }

    /// Takes down what was seen. What came before a press belongs to what was chosen before it.
    fn record(&mut self, before: Stage, page: &mut VisitedPage) {
        let kept = self.tab.kept_keys();
        let jar = self.jar();
        let at = self.tab.seen_before_press();
        let mut seen = self.tab.drain();
        let after = seen.split_off(at.min(seen.len()));
        self.recorder.take(seen, before, self.page, page);
        self.recorder.take(after, self.stage, self.page, page);
        self.recorder.look(kept, &jar, self.stage, self.page, page);
    }

    /// The cookies that the browser keeps.
    fn jar(&mut self) -> Vec<Jarred> {
        let cookies = self.tab.cookies().unwrap_or_default();
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        let now = now.unwrap_or_default().as_secs_f64();
        cookies.iter().map(|c| Jarred::read(c, now)).collect()
    }

    /// A picture of the banner that is in front.
    pub(super) fn cut_out(&mut self, sight: &Sight) -> Option<Vec<u8>> {
        let rect = sight.banner()?.rect();
        self.tab.picture(Some(rect)).ok()
    }

    /// Whether anything came of the page that was gone to last, be it a page or not.
    pub(super) fn is_there(&self) -> bool {
        self.pages_seen.last().is_some_and(|page| page.status != 0)
    }

    pub(super) fn look(&mut self) -> Option<Sight> {
        banner::look(self.tab).ok()
    }

    /// Presses what it takes; the stage changes only where that is verified.
    pub(super) fn press(&mut self, aim: Aim, stage: Stage) -> Result<(), CdpError> {
        let before = self.stage;
        let attempt = press::press(self.tab, aim, &self.way.assets);
        let end = Instant::now() + self.way.waits.page;
        match &attempt.outcome {
            Outcome::Done => {
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
        self.record(before, &mut page);
        self.pages_seen.push(page);
        Ok(())
    }

    pub(super) fn text(&mut self) -> String {
        let text = self.tab.evaluate_top(TEXT);
        let text = text.ok().and_then(|t| t.as_str().map(str::to_owned));
        text.unwrap_or_default()
    }
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
    let is_challenge = challenge.iter().any(|words| title.contains(words));
    if matches!(page.status, 401 | 403 | 429 | 503) || (page.status >= 400 && is_challenge) {
        return Some(format!(
            "the site answered {} “{}”",
            page.status, page.title
        ));
    }
    (page.status >= 400).then(|| format!("the site answered {}", page.status))
}
