//! One visitor's tab: an empty profile of its own in which pages are opened, looked at and clicked.

mod frames;
mod page;
mod seen;
mod traffic;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::browser::Browser;
use crate::cdp::{CdpError, Event, Line, Session};

pub(crate) use frames::FrameId;
pub(crate) use seen::{Arrival, Hop, Kept, ScriptCall, Seen};

use frames::Frames;
use traffic::Traffic;

/// What scripts call, once, before they are ours: see `instrument.js`.
const TELL: &str = "__placet_tell";
const INSTRUMENT: &str = include_str!("instrument.js");
/// What a document keeps: see `kept.js`.
const KEPT: &str = include_str!("kept.js");
/// How long the browser may take to answer a question that is no page's work.
const PATIENCE: Duration = Duration::from_secs(20);
/// How long a page may take to answer a question.
const PAGE_PATIENCE: Duration = Duration::from_secs(5);
/// Things that are kept of one page; more are counted.
const MOST_SEEN: usize = 20_000;
/// Dialogs that are dismissed before a page is left to itself.
const MOST_DIALOGS: usize = 200;

/// What a visitor's browser is told to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Conditions {
    /// Sends `Sec-GPC: 1`, and scripts see it.
    pub(crate) gpc: bool,
    /// Sends `DNT: 1`, and scripts see it.
    pub(crate) dnt: bool,
    /// Whether scripts run.
    pub(crate) scripts: bool,
    /// `Accept-Language`, such as `de-DE,de;q=0.9`.
    pub(crate) language: String,
    /// The window's width and height in CSS pixels.
    pub(crate) window: (u32, u32),
}

/// How long one waits for pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Waits {
    /// For a page to be there and quiet, at the most.
    pub(crate) page: Duration,
    /// After it has loaded, at the least: consent tools come late.
    pub(crate) floor: Duration,
    /// Without any request before it counts as quiet.
    pub(crate) quiet: Duration,
}

/// An area of a page in CSS pixels of its window.
#[derive(Clone, Copy, Debug, Default, PartialEq, serde::Deserialize, serde::Serialize)]
pub struct Area {
    /// From the left.
    pub x: f64,
    /// From the top.
    pub y: f64,
    /// How wide.
    pub width: f64,
    /// How high.
    pub height: f64,
}

/// A tab in a browser context of its own. Dropping it ends the context and forgets all it kept.
#[derive(Debug)]
pub(crate) struct Tab {
    line: Line,
    context: String,
    target: String,
    session: Session,
    sessions: BTreeMap<Arc<str>, String>,
    conditions: Conditions,
    user_agent: Value,
    frames: Frames,
    traffic: Traffic,
    seen: Vec<Seen>,
    lost: u64,
    dialogs: usize,
    loaded: bool,
    crashed: bool,
    document: Option<(u16, String)>,
    last_activity: Instant,
}

impl Tab {
    /// Opens an empty tab in a new context.
    pub(crate) fn open(browser: &Browser, conditions: Conditions) -> Result<Self, CdpError> {
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
            user_agent: user_agent(browser, &conditions),
            line,
            context,
            target: String::new(),
            session: None,
            sessions: BTreeMap::new(),
            conditions,
            frames: Frames::default(),
            traffic: Traffic::default(),
            seen: Vec::new(),
            lost: 0,
            dialogs: 0,
            loaded: false,
            crashed: false,
            document: None,
            last_activity: Instant::now(),
        };
        let deny = json!({ "behavior": "deny", "browserContextId": tab.context,
                           "eventsEnabled": true });
        tab.line.tell(&None, "Browser.setDownloadBehavior", deny);
        let (width, height) = tab.conditions.window;
        let created = tab.line.call(
            &None,
            "Target.createTarget",
            json!({ "url": "about:blank", "browserContextId": tab.context,
                    "width": width, "height": height }),
            PATIENCE,
        )?;
        text(&created, "targetId").clone_into(&mut tab.target);
        let end = Instant::now() + PATIENCE;
        while tab.session.is_none() {
            match tab.line.event(end)? {
                Some(event) => tab.take(event),
                None => {
                    return Err(CdpError::Late {
                        method: "Target.createTarget",
                        after: PATIENCE,
                    });
                }
            }
        }
        // The browser answers in order: once it has answered this, it has been told everything.
        let session = tab.session.clone();
        let asked = json!({ "expression": "0" });
        tab.line
            .call(&session, "Runtime.evaluate", asked, PATIENCE)?;
        Ok(tab)
    }

    /// Goes to an address, and waits until the page is quiet or the time is over.
    pub(crate) fn go(&mut self, url: &str, waits: &Waits) -> Result<Arrival, CdpError> {
        let begun = Instant::now();
        let end = begun + waits.page;
        self.loaded = false;
        self.crashed = false;
        self.document = None;
        self.dialogs = 0;
        let session = self.session.clone();
        let navigate = json!({ "url": url, "transitionType": "typed" });
        let answer = match self
            .line
            .call(&session, "Page.navigate", navigate, waits.page)
        {
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
        std::mem::take(&mut self.seen)
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

    /// The value of an expression in the top document, in a world of our own; a promise is waited
    /// for.
    pub(crate) fn evaluate_top(&mut self, expression: &str) -> Result<Value, CdpError> {
        let top = FrameId(self.target.clone());
        self.evaluate(&top, expression)
    }

    /// The value of an expression in a document, in a world of our own: it sees the document, and
    /// nothing that the page's scripts have defined or changed.
    pub(crate) fn evaluate(
        &mut self,
        frame: &FrameId,
        expression: &str,
    ) -> Result<Value, CdpError> {
        for may_retry in [true, false] {
            let (session, world) = self.world(frame)?;
            let asked = json!({ "expression": expression, "contextId": world,
                                "returnByValue": true, "awaitPromise": true });
            match self
                .line
                .call(&session, "Runtime.evaluate", asked, PAGE_PATIENCE)
            {
                // The document has gone and another has come.
                Err(CdpError::Refused { .. }) if may_retry => {
                    self.catch_up()?;
                    if let Some(frame) = self.frames.get_mut(frame) {
                        frame.world = None;
                    }
                }
                Err(error) => return Err(error),
                Ok(answer) => return value_of(&answer),
            }
        }
        Ok(Value::Null)
    }

    /// The value of an expression among the scripts of the top document.
    pub(crate) fn evaluate_among_scripts(&mut self, expression: &str) -> Result<Value, CdpError> {
        let asked =
            json!({ "expression": expression, "returnByValue": true, "awaitPromise": true });
        let session = self.session.clone();
        let answer = self
            .line
            .call(&session, "Runtime.evaluate", asked, PAGE_PATIENCE)?;
        value_of(&answer)
    }

    /// Moves the mouse to a point of the window and clicks.
    pub(crate) fn click(&mut self, x: f64, y: f64) -> Result<(), CdpError> {
        let session = self.session.clone();
        for (kind, buttons) in [("mouseMoved", 0), ("mousePressed", 1), ("mouseReleased", 0)] {
            let button = if kind == "mouseMoved" { "none" } else { "left" };
            let event = json!({ "type": kind, "x": x, "y": y, "button": button,
                                "buttons": buttons, "clickCount": 1 });
            self.line
                .call(&session, "Input.dispatchMouseEvent", event, PAGE_PATIENCE)?;
        }
        self.last_activity = Instant::now();
        Ok(())
    }

    /// A picture of an area of the window, or of all of it at half its size, as WebP: a report
    /// holds a dozen of them in its one file.
    pub(crate) fn picture(&mut self, area: Option<Area>) -> Result<Vec<u8>, CdpError> {
        let scale = if area.is_some() { 1.0 } else { 0.5 };
        let (width, height) = self.conditions.window;
        let area = area.unwrap_or(Area {
            width: width.into(),
            height: height.into(),
            ..Area::default()
        });
        let asked = json!({ "format": "webp", "quality": 75, "captureBeyondViewport": false,
            "clip": { "x": area.x.max(0.0), "y": area.y.max(0.0), "scale": scale,
                "width": area.width.max(1.0), "height": area.height.max(1.0) } });
        let session = self.session.clone();
        let answer = self
            .line
            .call(&session, "Page.captureScreenshot", asked, PATIENCE)?;
        Ok(STANDARD.decode(text(&answer, "data")).unwrap_or_default())
    }

    /// Where a document begins in the window, in CSS pixels.
    pub(crate) fn origin_of(&mut self, frame: &FrameId) -> Result<(f64, f64), CdpError> {
        let mut at = (0.0, 0.0);
        let mut frame = frame.clone();
        for _ in 0..16 {
            let Some(parent) = self.frames.get(&frame).and_then(|f| f.parent.clone()) else {
                break;
            };
            let outer = self.frames.get(&parent).and_then(|f| f.session.clone());
            let owner = self.line.call(
                &outer,
                "DOM.getFrameOwner",
                json!({ "frameId": frame.0 }),
                PATIENCE,
            )?;
            let node = json!({ "backendNodeId": owner.get("backendNodeId") });
            let model = self.line.call(&outer, "DOM.getBoxModel", node, PATIENCE)?;
            let corner = |n: usize| {
                let corner = model.pointer("/model/content").and_then(|c| c.get(n));
                corner.and_then(Value::as_f64).unwrap_or_default()
            };
            at = (at.0 + corner(0), at.1 + corner(1));
            // The box is told in the coordinates of the outermost document of its session.
            frame = self.outermost_of_session(&parent);
        }
        Ok(at)
    }

    fn outermost_of_session(&self, frame: &FrameId) -> FrameId {
        let mut outermost = frame.clone();
        while let Some(inner) = self.frames.get(&outermost)
            && let Some(parent) = &inner.parent
            && self
                .frames
                .get(parent)
                .is_some_and(|p| p.session == inner.session)
        {
            outermost = parent.clone();
        }
        outermost
    }

    /// What the documents of the page keep in the browser beside cookies.
    pub(crate) fn kept_keys(&mut self) -> Vec<Kept> {
        let mut all = Vec::new();
        for frame in self.frames() {
            let found = self.evaluate(&frame, KEPT).unwrap_or_default();
            for entry in found.as_array().into_iter().flatten() {
                let part = |at: usize| {
                    let text = entry.get(at).and_then(Value::as_str);
                    text.unwrap_or_default().to_owned()
                };
                all.push(Kept {
                    origin: part(0),
                    kind: part(1),
                    key: part(2),
                });
            }
        }
        all.sort();
        all.dedup();
        all
    }

    /// Every cookie that the profile keeps, as the browser tells of it.
    pub(crate) fn cookies(&mut self) -> Result<Vec<Value>, CdpError> {
        let asked = json!({ "browserContextId": self.context });
        let answer = self
            .line
            .call(&None, "Storage.getCookies", asked, PATIENCE)?;
        let cookies = answer.get("cookies").and_then(Value::as_array);
        Ok(cookies.cloned().unwrap_or_default())
    }

    /// What an address answers, asked by the browser as the page would, with its cookies: status,
    /// media type and up to `most` bytes.
    pub(crate) fn fetch(
        &mut self,
        url: &str,
        most: usize,
    ) -> Result<(u16, String, Vec<u8>), CdpError> {
        let asked = json!({ "frameId": self.target, "url": url,
                            "options": { "disableCache": true, "includeCredentials": false } });
        let session = self.session.clone();
        let answer = self
            .line
            .call(&session, "Network.loadNetworkResource", asked, PATIENCE)?;
        let resource = answer.get("resource").cloned().unwrap_or_default();
        let status = resource
            .get("httpStatusCode")
            .and_then(Value::as_f64)
            .unwrap_or(0.0);
        let headers = resource.get("headers").and_then(Value::as_object);
        let media_type = headers
            .into_iter()
            .flatten()
            .find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
        let media_type = media_type
            .and_then(|(_, v)| v.as_str())
            .unwrap_or_default()
            .to_owned();
        let mut body = Vec::new();
        if let Some(stream) = resource.get("stream").and_then(Value::as_str) {
            while body.len() < most {
                let read = json!({ "handle": stream, "size": 1 << 20 });
                let part = self.line.call(&session, "IO.read", read, PATIENCE)?;
                let data = text(&part, "data");
                if part.get("base64Encoded") == Some(&Value::Bool(true)) {
                    body.extend(STANDARD.decode(data).unwrap_or_default());
                } else {
                    body.extend_from_slice(data.as_bytes());
                }
                if part.get("eof") != Some(&Value::Bool(false)) {
                    break;
                }
            }
            self.line
                .tell(&session, "IO.close", json!({ "handle": stream }));
        }
        body.truncate(most);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a status has three digits"
        )]
        let status = status.clamp(0.0, 999.0) as u16;
        Ok((status, media_type, body))
    }

    fn stop(&mut self) -> Result<(), CdpError> {
        let session = self.session.clone();
        self.line.tell(&session, "Page.stopLoading", json!({}));
        self.line
            .tell(&session, "Runtime.terminateExecution", json!({}));
        self.catch_up()
    }

    /// The world of ours in a document, made if there is none.
    fn world(&mut self, frame: &FrameId) -> Result<(Session, i64), CdpError> {
        self.catch_up()?;
        let session = match self.frames.get(frame) {
            Some(known) => {
                if let Some(world) = known.world {
                    return Ok((known.session.clone(), world));
                }
                known.session.clone()
            }
            None => self.session.clone(),
        };
        let asked = json!({ "frameId": frame.0, "worldName": "placet" });
        let made = self
            .line
            .call(&session, "Page.createIsolatedWorld", asked, PAGE_PATIENCE)?;
        let world = made
            .get("executionContextId")
            .and_then(Value::as_i64)
            .unwrap_or_default();
        if let Some(frame) = self.frames.get_mut(frame) {
            frame.world = Some(world);
        }
        Ok((session, world))
    }

    fn see(&mut self, seen: Seen) {
        if self.seen.len() < MOST_SEEN {
            self.seen.push(seen);
        } else {
            self.lost += 1;
        }
    }

    fn take(&mut self, event: Event) {
        let Event {
            session,
            method,
            params,
        } = event;
        let Some((domain, name)) = method.split_once('.') else {
            return;
        };
        match (domain, name) {
            ("Network", _) => self.network(name, &params),
            ("Target", "attachedToTarget") => self.attached(&session, &params),
            ("Target", "detachedFromTarget") => {
                self.sessions.remove(text(&params, "sessionId"));
            }
            ("Page", _) => self.page(&session, name, &params),
            ("Runtime", "bindingCalled") if text(&params, "name") == TELL => {
                if let Some(call) = script_call(text(&params, "payload")) {
                    self.see(Seen::Script(call));
                }
            }
            ("Browser", "downloadWillBegin") => {
                self.see(Seen::Download(text(&params, "url").to_owned()));
            }
            ("Inspector", "targetCrashed") if session == self.session => self.crashed = true,
            _ => {}
        }
    }

    fn network(&mut self, name: &str, params: &Value) {
        if matches!(
            name,
            "requestWillBeSent" | "loadingFinished" | "loadingFailed"
        ) {
            self.last_activity = Instant::now();
        }
        if name == "responseReceived"
            && text(params, "type") == "Document"
            && text(params, "frameId") == self.target
        {
            let response = params.get("response").unwrap_or(&Value::Null);
            let status = response.get("status").and_then(Value::as_u64);
            let status = status.and_then(|s| s.try_into().ok()).unwrap_or(0);
            self.document = Some((status, text(response, "url").to_owned()));
        }
        self.traffic.event(name, params);
        for hop in self.traffic.drain() {
            self.see(Seen::Exchange(Box::new(hop)));
        }
    }

    fn page(&mut self, session: &Session, name: &str, params: &Value) {
        match name {
            "loadEventFired" if *session == self.session => self.loaded = true,
            "frameAttached" => {
                let parent = params.get("parentFrameId").and_then(Value::as_str);
                self.frames
                    .attached(text(params, "frameId"), parent, session);
            }
            "frameNavigated" => {
                let frame = params.get("frame").unwrap_or(&Value::Null);
                let parent = frame.get("parentId").and_then(Value::as_str);
                let (id, url) = (text(frame, "id"), text(frame, "url"));
                self.frames.navigated(id, parent, url, session);
            }
            // A frame that moves to another process is told of again there.
            "frameDetached" if text(params, "reason") != "swap" => {
                self.frames.detached(text(params, "frameId"));
            }
            "javascriptDialogOpening" => {
                self.dialogs += 1;
                if self.dialogs == 1 {
                    self.see(Seen::Dialog);
                }
                let leaving = text(params, "type") == "beforeunload";
                let answer = json!({ "accept": leaving });
                self.line
                    .tell(session, "Page.handleJavaScriptDialog", answer);
                if self.dialogs == MOST_DIALOGS {
                    self.line
                        .tell(session, "Runtime.terminateExecution", json!({}));
                }
            }
            _ => {}
        }
    }

    fn attached(&mut self, parent: &Session, params: &Value) {
        let target = params.get("targetInfo").unwrap_or(&Value::Null);
        let kind = text(target, "type");
        let session: Session = Some(text(params, "sessionId").into());
        let is_ours = text(target, "targetId") == self.target;
        match kind {
            "page" if parent.is_none() && !is_ours && self.session.is_some() => {
                self.see(Seen::Popup(text(target, "url").to_owned()));
                let close = json!({ "targetId": text(target, "targetId") });
                self.line.tell(&None, "Target.closeTarget", close);
                return;
            }
            "page" => {
                self.session.clone_from(&session);
                self.frames.clear();
                self.frames
                    .attached(text(target, "targetId"), None, &session);
            }
            "iframe" => {
                let parent = target.get("parentFrameId").and_then(Value::as_str);
                self.frames
                    .attached(text(target, "targetId"), parent, &session);
            }
            "worker" | "service_worker" | "shared_worker" => self.see(Seen::Worker {
                kind: kind.to_owned(),
                url: text(target, "url").to_owned(),
            }),
            _ => {}
        }
        if let Some(session) = &session {
            self.sessions.insert(Arc::clone(session), kind.to_owned());
        }
        self.prepare(&session, kind);
    }

    /// Tells a new target who visits, and lets it go.
    fn prepare(&self, session: &Session, kind: &str) {
        let tell = |method, params| self.line.tell(session, method, params);
        let is_page = matches!(kind, "page" | "iframe");
        if is_page || kind.ends_with("worker") {
            tell("Network.enable", json!({}));
            let mut headers = json!({});
            if self.conditions.gpc {
                headers["Sec-GPC"] = json!("1");
            }
            if self.conditions.dnt {
                headers["DNT"] = json!("1");
            }
            tell("Network.setExtraHTTPHeaders", json!({ "headers": headers }));
            tell("Emulation.setUserAgentOverride", self.user_agent.clone());
            let attach =
                json!({ "autoAttach": true, "waitForDebuggerOnStart": true, "flatten": true });
            tell("Target.setAutoAttach", attach);
        }
        if is_page {
            tell("Page.enable", json!({}));
            // Without it, documents to come would have no binding.
            tell("Runtime.enable", json!({}));
            tell("Runtime.addBinding", json!({ "name": TELL }));
            for source in self.scripts() {
                let script = json!({ "source": source, "runImmediately": true });
                tell("Page.addScriptToEvaluateOnNewDocument", script);
            }
            if !self.conditions.scripts {
                tell(
                    "Emulation.setScriptExecutionDisabled",
                    json!({ "value": true }),
                );
            }
            if kind == "page" {
                let (width, height) = self.conditions.window;
                let metrics = json!({ "width": width, "height": height,
                                      "deviceScaleFactor": 1, "mobile": false });
                tell("Emulation.setDeviceMetricsOverride", metrics);
            }
        }
        tell("Runtime.runIfWaitingForDebugger", json!({}));
    }

    fn scripts(&self) -> Vec<String> {
        let mut all = vec![format!("{INSTRUMENT}({})", json!(TELL))];
        let own = |property: &str, value: &str| {
            format!(
                "Object.defineProperty(Navigator.prototype, {property:?}, {{ configurable: true, \
                 enumerable: true, get() {{ return {value}; }} }});"
            )
        };
        if self.conditions.gpc {
            all.push(own("globalPrivacyControl", "true"));
        }
        if self.conditions.dnt {
            all.push(own("doNotTrack", "\"1\""));
        }
        all
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

fn script_call(payload: &str) -> Option<ScriptCall> {
    let told: Value = serde_json::from_str(payload).ok()?;
    let stack = told.get("stack").and_then(Value::as_array);
    let stack = stack
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .take(5);
    Some(ScriptCall {
        api: text(&told, "api").to_owned(),
        what: text(&told, "what").to_owned(),
        document: text(&told, "document").to_owned(),
        stack: stack.map(str::to_owned).collect(),
    })
}

fn value_of(answer: &Value) -> Result<Value, CdpError> {
    if let Some(thrown) = answer.get("exceptionDetails") {
        let message = thrown
            .pointer("/exception/description")
            .and_then(Value::as_str);
        return Err(CdpError::Refused {
            method: "Runtime.evaluate",
            message: message.unwrap_or("the page threw something").to_owned(),
        });
    }
    Ok(answer
        .pointer("/result/value")
        .cloned()
        .unwrap_or(Value::Null))
}

/// What the visitor's browser says of itself: the installed one, with a window.
fn user_agent(browser: &Browser, conditions: &Conditions) -> Value {
    let version = browser.product().rsplit('/').next().unwrap_or_default();
    let major = version.split('.').next().unwrap_or_default();
    json!({
        "userAgent": browser.user_agent(),
        "acceptLanguage": conditions.language,
        "userAgentMetadata": {
            "brands": [
                { "brand": "Chromium", "version": major },
                { "brand": "Not.A/Brand", "version": "8" },
            ],
            "fullVersion": version,
            "platform": if cfg!(target_os = "macos") { "macOS" } else { "Linux" },
            "platformVersion": "",
            "architecture": if cfg!(target_arch = "aarch64") { "arm" } else { "x86" },
            "model": "",
            "mobile": false,
        },
    })
}

fn text<'a>(value: &'a Value, member: &str) -> &'a str {
    value
        .get(member)
        .and_then(Value::as_str)
        .unwrap_or_default()
}

#[cfg(test)]
mod tests;
