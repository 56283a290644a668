//! One visitor's tab: an empty profile of its own in which pages are opened, looked at and clicked.

mod courier;
mod frames;
mod hand;
mod keep;
mod listen;
mod page;
mod seen;
mod traffic;
mod world;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::browser::Browser;
use crate::cdp::{CdpError, Heard, Line, Session};

pub use seen::Arrival;

pub(crate) use frames::FrameId;
pub(crate) use seen::{Hop, Kept, ScriptCall, Seen};

use frames::Frames;
use traffic::Traffic;

/// The name of our world in each document.
const WORLD: &str = "placet";
/// How long the browser may take to answer a question that is no page's work.
const PATIENCE: Duration = Duration::from_secs(20);
/// How long a page may take to answer a question.
const PAGE_PATIENCE: Duration = Duration::from_secs(5);
/// How long one that did not answer the question before may take.
const LAST_PATIENCE: Duration = Duration::from_millis(500);
/// Things that are kept of one page; more are counted.
const MOST_SEEN: usize = 20_000;
/// Documents' worlds that are known at the same time.
const MOST_WORLDS: usize = 4_096;
/// Messages of a script in our worlds that wait to be read.
const MOST_SAID: usize = 4_096;
/// Dialogs that are dismissed before a page is left to itself.
const MOST_DIALOGS: usize = 200;

/// What a visitor's browser is told to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conditions {
    /// Sends `Sec-GPC: 1`, and scripts see it.
    pub gpc: bool,
    /// Sends `DNT: 1`, and scripts see it.
    pub dnt: bool,
    /// Whether scripts run.
    pub scripts: bool,
    /// `Accept-Language`, such as `de-DE,de;q=0.9`.
    pub language: String,
    /// The window's width and height in CSS pixels.
    pub window: (u32, u32),
}

/// How long one waits for pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waits {
    /// For a page to be there and quiet, at the most.
    pub page: Duration,
    /// After it has loaded, at the least: consent tools come late.
    pub floor: Duration,
    /// Without any request before it counts as quiet.
    pub quiet: Duration,
}

/// A tab in a browser context of its own. Dropping it ends the context and forgets all it kept.
#[derive(Debug)]
pub struct Tab {
    line: Line,
    context: String,
    target: String,
    session: Session,
    sessions: BTreeMap<Arc<str>, String>,
    conditions: Conditions,
    user_agent: Value,
    frames: Frames,
    /// The worlds of the documents, by session and number: which frame, and whether it is the page's.
    worlds: BTreeMap<(Session, i64), (FrameId, bool)>,
    traffic: Traffic,
    seen: Vec<Seen>,
    /// How much was seen before the last press.
    before_press: usize,
    /// What a script that was put into our worlds said, each with its frame.
    said: VecDeque<(String, String)>,
    /// What was put into our worlds, by session, to be taken away again.
    installed: Vec<(Session, String)>,
    /// Sessions that did not answer the last question.
    silent: BTreeSet<Session>,
    lost: u64,
    dialogs: usize,
    loaded: bool,
    crashed: bool,
    document: Option<(u16, String)>,
    last_activity: Instant,
}

impl Tab {
    /// Opens an empty tab in a new context.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub fn open(browser: &Browser, conditions: Conditions) -> Result<Self, CdpError> {
        let mut line = Line::new(browser.wire());
        let created = line.call(
            &None,
            "Target.createBrowserContext",
            json!({ "disposeOnDetach": true }),
            PATIENCE,
        )?;
        let context = text(&created, "browserContextId").to_owned();
        browser.wire().set_context(&context, line.mailbox());
        let mut tab = Self {
            user_agent: listen::user_agent(browser, &conditions),
            line,
            context,
            target: String::new(),
            session: None,
            sessions: BTreeMap::new(),
            conditions,
            frames: Frames::default(),
            worlds: BTreeMap::new(),
            traffic: Traffic::default(),
            seen: Vec::new(),
            before_press: 0,
            said: VecDeque::new(),
            installed: Vec::new(),
            silent: BTreeSet::new(),
            lost: 0,
            dialogs: 0,
            loaded: false,
            crashed: false,
            document: None,
            last_activity: Instant::now(),
        };
        let deny = json!({ "behavior": "deny", "browserContextId": tab.context });
        tab.line.tell(&None, "Browser.setDownloadBehavior", deny);
        tab.new_target()?;
        Ok(tab)
    }

    /// Goes on in a new tab of the same context: cookies and storage stay, and what the browser has
    /// gathered of the pages before goes.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub(crate) fn renew(&mut self) -> Result<(), CdpError> {
        let old = std::mem::take(&mut self.target);
        self.session = None;
        self.new_target()?;
        self.line
            .tell(&None, "Target.closeTarget", json!({ "targetId": old }));
        Ok(())
    }

    /// Opens a tab in the context and waits until it is ours.
    fn new_target(&mut self) -> Result<(), CdpError> {
        let (width, height) = self.conditions.window;
        let created = self.line.call(
            &None,
            "Target.createTarget",
            json!({ "url": "about:blank", "browserContextId": self.context,
                    "width": width, "height": height, "newWindow": true }),
            PATIENCE,
        )?;
        text(&created, "targetId").clone_into(&mut self.target);
        let end = Instant::now() + PATIENCE;
        while self.session.is_none() {
            match self.line.event(end)? {
                Some(event) => self.take(event),
                None => {
                    return Err(CdpError::Late {
                        method: "Target.createTarget",
                        after: PATIENCE,
                    });
                }
            }
        }
        // The browser answers in order: once it has answered this, it has been told everything.
        let session = self.session.clone();
        let asked = json!({ "expression": "0" });
        self.line
            .call(&session, "Runtime.evaluate", asked, PATIENCE)?;
        Ok(())
    }

    /// Goes to an address, and waits until the page is quiet or the time is over.
    ///
    /// # Errors
    /// When the browser does not answer; a page that does not is [`Arrival::Blocked`].
    pub fn go(&mut self, url: &str, waits: &Waits) -> Result<Arrival, CdpError> {
        let begun = Instant::now();
        let end = begun + waits.page;
        self.loaded = false;
        self.crashed = false;
        self.document = None;
        self.dialogs = 0;
        self.silent.clear();
        // The page before may ask whether to stay, and is answered while the next one is waited for.
        let session = self.session.clone();
        let navigate = json!({ "url": url, "transitionType": "typed" });
        let answer = match self.ask_within(&session, "Page.navigate", navigate, waits.page) {
            Ok(answer) => answer,
            Err(CdpError::Gone) => return Err(CdpError::Gone),
            Err(error @ (CdpError::Late { .. } | CdpError::Refused { .. })) => {
                self.stop()?;
                return Ok(Arrival::Blocked(match error {
                    CdpError::Late { after, .. } => {
                        format!("nothing came in {} s", after.as_secs())
                    }
                    other => other.to_string(),
                }));
            }
        };
        let problem = text(&answer, "errorText");
        if !problem.is_empty() {
            self.catch_up()?;
            return Ok(Arrival::Blocked(problem.to_owned()));
        }
        let restless = self.settle(waits, end)?;
        if self.crashed {
            return Ok(Arrival::Blocked("the page crashed".to_owned()));
        }
        if restless {
            self.stop()?;
        }
        let about = self.evaluate_top("({ url: location.href, title: document.title })");
        let loaded = self.loaded && about.is_ok();
        let about = about.unwrap_or_default();
        let (status, document) = self.document.clone().unwrap_or_default();
        let url = text(&about, "url");
        let arrived = Arrival::There {
            url: if url.is_empty() {
                document
            } else {
                url.to_owned()
            },
            status,
            title: text(&about, "title").to_owned(),
            took: begun.elapsed(),
            restless,
            loaded,
        };
        Ok(arrived)
    }

    /// Waits until nothing is asked for any more, or until `end`; whether it was `end`.
    pub(crate) fn settle(&mut self, waits: &Waits, end: Instant) -> Result<bool, CdpError> {
        let mut loaded_at = self.loaded.then(Instant::now);
        loop {
            let now = Instant::now();
            if now >= end || self.crashed {
                return Ok(!self.crashed);
            }
            if loaded_at.is_none() && self.loaded {
                loaded_at = Some(now);
            }
            let quiet_from = self.last_activity + waits.quiet;
            let wake = match loaded_at {
                Some(at) if self.traffic.pending() == 0 => {
                    let ready = (at + waits.floor).max(quiet_from);
                    if now >= ready {
                        return Ok(false);
                    }
                    ready
                }
                // What still loads after three floors is a stream, not a page.
                Some(at) if now >= at + waits.floor * 3 && now >= quiet_from => return Ok(false),
                Some(_) | None => now + Duration::from_millis(100),
            };
            if let Some(event) = self.line.event(wake.min(end))? {
                self.take(event);
            }
        }
    }

    /// What a page answers to a command. Events are taken in while it is waited for, so that a dialog that the page opens
    /// meanwhile does not hold it up; a page that did not answer in time is waited for no more than briefly until it does.
    pub(crate) fn ask(
        &mut self,
        session: &Session,
        method: &'static str,
        params: Value,
    ) -> Result<Value, CdpError> {
        self.ask_within(session, method, params, PAGE_PATIENCE)
    }

    /// The same, for what takes the browser longer than a page's own work.
    pub(crate) fn ask_within(
        &mut self,
        session: &Session,
        method: &'static str,
        params: Value,
        patience: Duration,
    ) -> Result<Value, CdpError> {
        self.catch_up()?;
        let patience = if self.silent.contains(session) {
            LAST_PATIENCE
        } else {
            patience
        };
        let asked = self.line.ask(session, method, params, patience)?;
        loop {
            match self.line.answer(&asked) {
                Ok(Heard::Event(event)) => self.take(event),
                Ok(Heard::Answer(answer)) => {
                    self.silent.remove(session);
                    return Ok(answer);
                }
                Err(error) => {
                    if matches!(error, CdpError::Late { .. }) {
                        self.silent.insert(session.clone());
                    }
                    return Err(error);
                }
            }
        }
    }

    /// How long nothing has been asked for.
    pub(crate) fn silent_for(&self) -> Duration {
        self.last_activity.elapsed()
    }

    /// Takes in what has come already.
    pub(crate) fn catch_up(&mut self) -> Result<(), CdpError> {
        while let Some(event) = self.line.ready()? {
            self.take(event);
        }
        Ok(())
    }

    /// Everything seen since the last time, requests under way included.
    pub(crate) fn drain(&mut self) -> Vec<Seen> {
        let hops = self.traffic.flush();
        for hop in hops {
            self.see(Seen::Exchange(Box::new(hop)));
        }
        self.before_press = 0;
        std::mem::take(&mut self.seen)
    }

    /// How much of what [`drain`](Self::drain) gives next came before the last press; 0 where nothing
    /// was pressed.
    pub(crate) const fn seen_before_press(&self) -> usize {
        self.before_press
    }

    /// How many things were seen and not kept.
    pub(crate) const fn lost(&self) -> u64 {
        self.lost
    }

    /// Whether the browser told more than could be kept waiting.
    pub(crate) fn overflowed(&self) -> bool {
        self.line.mailbox().overflowed()
    }

    /// The documents of the page, the top one first.
    pub(crate) fn frames(&mut self) -> Vec<FrameId> {
        let _ = self.catch_up();
        self.frames.all()
    }

    /// The address of a document.
    pub(crate) fn address_of(&self, frame: &FrameId) -> String {
        self.frames
            .get(frame)
            .map(|f| f.url.clone())
            .unwrap_or_default()
    }

    fn stop(&mut self) -> Result<(), CdpError> {
        let session = self.session.clone();
        self.line.tell(&session, "Page.stopLoading", json!({}));
        self.line
            .tell(&session, "Runtime.terminateExecution", json!({}));
        self.catch_up()
    }

    fn see(&mut self, seen: Seen) {
        if self.seen.len() < MOST_SEEN {
            self.seen.push(seen);
        } else {
            self.lost += 1;
        }
    }
}

impl Drop for Tab {
    fn drop(&mut self) {
        let context = json!({ "browserContextId": self.context });
        self.line
            .tell(&None, "Target.disposeBrowserContext", context);
        self.line.wire().forget_context(&self.context);
    }
}

/// A member that is a text; empty where it is none.
pub(crate) fn text<'a>(value: &'a Value, member: &str) -> &'a str {
    value
        .get(member)
        .and_then(Value::as_str)
        .unwrap_or_default()
}

#[cfg(test)]
mod tests;
