//! What the browser tells of a tab, and what it is told of whoever visits.

use std::sync::Arc;
use std::time::Instant;

use serde_json::{Map, Value, json};

use super::seen::{ScriptCall, Seen};
use super::{Conditions, MOST_DIALOGS, MOST_SAID, Tab, text};
use crate::banner::autoconsent::BINDING;
use crate::browser::Browser;
use crate::cdp::{Event, Session};

/// What scripts call, once, before they are ours: see `instrument.js`.
const TELL: &str = "__placet_tell";
const INSTRUMENT: &str = include_str!("instrument.js");

impl Tab {
    pub(super) fn take(&mut self, event: Event) {
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
                let gone: Session = Some(text(&params, "sessionId").into());
                self.worlds.retain(|(of, _), _| *of != gone);
                self.sessions.remove(text(&params, "sessionId"));
            }
            ("Page", _) => self.page(&session, name, &params),
            ("Runtime", "bindingCalled") if text(&params, "name") == TELL => {
                if let Some(call) = script_call(text(&params, "payload")) {
                    self.see(Seen::Script(call));
                }
            }
            ("Runtime", "bindingCalled") if text(&params, "name") == BINDING => {
                let number = params.get("executionContextId").and_then(Value::as_i64);
                let key = (session, number.unwrap_or_default());
                if let Some((frame, _)) = self.worlds.get(&key)
                    && self.said.len() < MOST_SAID
                {
                    let payload = text(&params, "payload").to_owned();
                    self.said.push_back((frame.0.clone(), payload));
                }
            }
            ("Runtime", _) => self.world_event(&session, name, &params),
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
            "downloadWillBegin" => self.see(Seen::Download(text(params, "url").to_owned())),
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
                if self.dialogs.is_multiple_of(MOST_DIALOGS) {
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
            let signals = [
                ("Sec-GPC", self.conditions.gpc),
                ("DNT", self.conditions.dnt),
            ];
            let on = signals.into_iter().filter(|(_, on)| *on);
            let headers: Map<_, _> = on.map(|(name, _)| (name.to_owned(), json!("1"))).collect();
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

/// What the visitor's browser says of itself: the installed one, with a window.
pub(super) fn user_agent(browser: &Browser, conditions: &Conditions) -> Value {
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
