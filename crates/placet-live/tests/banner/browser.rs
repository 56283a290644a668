//! Chromium over a pipe of the DevTools protocol: as much as the tests of banners need.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use placet_live::banner::autoconsent::Courier;
use placet_live::banner::{Frame, Kept, Page, PageError, REVEAL, Rect};
use serde_json::{Value, json};

pub struct Browser {
    child: Child,
    stdin: ChildStdin,
    messages: Receiver<Value>,
    next: u64,
    /// Events that nobody has looked at.
    pub events: Vec<Value>,
    _profile: tempfile::TempDir,
}

type Answer = Result<Value, PageError>;

impl Browser {
    pub fn start() -> Self {
        let profile = tempfile::tempdir().expect("a folder");
        let program = std::env::var("CHROMIUM").unwrap_or_else(|_| "/usr/bin/chromium".to_owned());
        let mut child = Command::new("sh")
            .args([
                "-c",
                "exec \"$0\" \"$@\" 3<&0 4>&1 0</dev/null 1>/dev/null 2>/dev/null",
                &program,
            ])
            .args([
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--no-first-run",
                "--remote-debugging-pipe",
            ])
            .args([
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--window-size=1280,800",
                "--lang=en-US",
            ])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("Chromium");
        let stdin = child.stdin.take().expect("a pipe");
        let mut reader = BufReader::new(child.stdout.take().expect("a pipe"));
        let (send, messages) = mpsc::channel();
        thread::spawn(move || {
            let mut bytes = Vec::new();
            while reader.read_until(0, &mut bytes).is_ok_and(|read| read > 0) {
                bytes.pop();
                if let Ok(message) = serde_json::from_slice(&bytes)
                    && send.send(message).is_err()
                {
                    return;
                }
                bytes.clear();
            }
        });
        Self {
            child,
            stdin,
            messages,
            next: 1,
            events: Vec::new(),
            _profile: profile,
        }
    }

    pub fn call(&mut self, session: Option<&str>, method: &str, params: Value) -> Answer {
        let id = self.next;
        self.next += 1;
        let mut message = json!({ "id": id, "method": method, "params": params });
        if let Some(session) = session {
            message["sessionId"] = json!(session);
        }
        let mut bytes = message.to_string().into_bytes();
        bytes.push(0);
        let fail = |error: &dyn std::fmt::Display| PageError(format!("{method}: {error}"));
        self.stdin.write_all(&bytes).map_err(|error| fail(&error))?;
        let end = Instant::now() + Duration::from_secs(20);
        loop {
            let left = end.saturating_duration_since(Instant::now());
            let message = self
                .messages
                .recv_timeout(left)
                .map_err(|error| fail(&error))?;
            if message["id"] == json!(id) {
                return match message.get("error") {
                    Some(error) => Err(fail(error)),
                    None => Ok(message["result"].clone()),
                };
            }
            if message.get("method").is_some() {
                self.events.push(message);
            }
        }
    }

    /// Takes what was said meanwhile.
    pub fn listen(&mut self, time: Duration) {
        let end = Instant::now() + time;
        while let Ok(message) = self
            .messages
            .recv_timeout(end.saturating_duration_since(Instant::now()))
        {
            if message.get("method").is_some() {
                self.events.push(message);
            }
        }
    }

    /// Opens an address in a profile that nobody has used.
    pub fn open(&mut self, address: &str) -> Tab<'_> {
        let context = self
            .call(None, "Target.createBrowserContext", json!({}))
            .expect("a context")["browserContextId"]
            .clone();
        let target = self
            .call(
                None,
                "Target.createTarget",
                json!({ "url": "about:blank", "browserContextId": context }),
            )
            .expect("a tab")["targetId"]
            .clone();
        let session = self
            .call(
                None,
                "Target.attachToTarget",
                json!({ "targetId": target, "flatten": true }),
            )
            .expect("a session")["sessionId"]
            .as_str()
            .expect("a name")
            .to_owned();
        let mut tab = Tab {
            browser: self,
            session,
            context,
            target,
            inner: HashMap::new(),
            worlds: HashMap::new(),
        };
        for method in [
            "Page.enable",
            "Runtime.enable",
            "DOM.enable",
            "Network.enable",
        ] {
            tab.call(method, json!({})).expect("it starts");
        }
        tab.call(
            "Target.setAutoAttach",
            json!({ "autoAttach": true, "waitForDebuggerOnStart": false, "flatten": true }),
        )
        .expect("it attaches");
        tab.go(address);
        tab
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.call(None, "Browser.close", json!({}));
        let end = Instant::now() + Duration::from_secs(5);
        while Instant::now() < end {
            if matches!(self.child.try_wait(), Ok(Some(_))) {
                return;
            }
            thread::sleep(Duration::from_millis(20));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub struct Tab<'a> {
    pub browser: &'a mut Browser,
    pub session: String,
    context: Value,
    target: Value,
    /// Sessions of frames that are drawn by another process, by frame.
    inner: HashMap<String, String>,
    /// The frames of isolated worlds, by world.
    worlds: HashMap<u64, String>,
}

impl Drop for Tab<'_> {
    fn drop(&mut self) {
        let context = self.context.clone();
        let _ = self.browser.call(
            None,
            "Target.disposeBrowserContext",
            json!({ "browserContextId": context }),
        );
    }
}

impl Tab<'_> {
    pub fn call(&mut self, method: &str, params: Value) -> Answer {
        let session = self.session.clone();
        self.browser.call(Some(&session), method, params)
    }

    pub fn go(&mut self, address: &str) {
        self.browser.events.clear();
        self.call("Page.navigate", json!({ "url": address }))
            .expect("it goes");
        let end = Instant::now() + Duration::from_secs(10);
        while Instant::now() < end
            && !self
                .browser
                .events
                .iter()
                .any(|event| event["method"] == "Page.loadEventFired")
        {
            self.browser.listen(Duration::from_millis(50));
        }
        self.attach();
    }

    fn attach(&mut self) {
        for event in &self.browser.events {
            let params = &event["params"];
            if event["method"] == "Target.attachedToTarget"
                && params["targetInfo"]["type"] == "iframe"
                && let (Some(frame), Some(session)) = (
                    params["targetInfo"]["targetId"].as_str(),
                    params["sessionId"].as_str(),
                )
            {
                self.inner.insert(frame.to_owned(), session.to_owned());
            }
        }
        self.browser
            .events
            .retain(|event| event["method"] != "Target.attachedToTarget");
    }

    pub fn session_of(&self, frame: &str) -> String {
        self.inner.get(frame).unwrap_or(&self.session).clone()
    }

    /// The isolated world of a frame.
    pub fn world(&mut self, frame: &str) -> Answer {
        let session = self.session_of(frame);
        let made = self.browser.call(
            Some(&session),
            "Page.createIsolatedWorld",
            json!({ "frameId": frame, "worldName": "placet" }),
        )?;
        if let Some(world) = made["executionContextId"].as_u64() {
            self.worlds.insert(world, frame.to_owned());
        }
        Ok(made["executionContextId"].clone())
    }

    pub fn run(&mut self, frame: &str, script: &str, context: Option<Value>) -> Answer {
        let session = self.session_of(frame);
        let mut params =
            json!({ "expression": script, "returnByValue": true, "awaitPromise": true });
        if let Some(context) = context {
            params["contextId"] = context;
        }
        let said = self
            .browser
            .call(Some(&session), "Runtime.evaluate", params)?;
        match said.get("exceptionDetails") {
            Some(details) => Err(PageError(format!(
                "the script threw: {}",
                details["exception"]["description"]
            ))),
            None => Ok(said["result"]["value"].clone()),
        }
    }

    fn closed_roots(node: &Value, roots: &mut Vec<Value>) {
        for key in ["children", "shadowRoots"] {
            for inner in node[key].as_array().into_iter().flatten() {
                if inner["shadowRootType"] == "closed" {
                    roots.push(inner["backendNodeId"].clone());
                }
                Self::closed_roots(inner, roots);
            }
        }
    }

    pub fn top(&self) -> String {
        self.target.as_str().unwrap_or_default().to_owned()
    }
}

impl Page for Tab<'_> {
    fn frames(&mut self) -> Result<Vec<Frame>, PageError> {
        self.attach();
        let top = self.top();
        let mut frames = vec![Frame {
            id: top.clone(),
            rect: Rect {
                x: 0.0,
                y: 0.0,
                width: 1280.0,
                height: 800.0,
            },
        }];
        let tree = self.call("Page.getFrameTree", json!({}))?["frameTree"].clone();
        let mut names: Vec<String> = tree["childFrames"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|one| one["frame"]["id"].as_str().map(str::to_owned))
            .collect();
        names.extend(self.inner.keys().cloned());
        names.sort();
        names.dedup();
        for name in names {
            let Ok(owner) = self.call("DOM.getFrameOwner", json!({ "frameId": name })) else {
                continue;
            };
            let Ok(model) = self.call(
                "DOM.getBoxModel",
                json!({ "backendNodeId": owner["backendNodeId"] }),
            ) else {
                continue;
            };
            let quad: Vec<f64> = model["model"]["content"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(Value::as_f64)
                .collect();
            if let [x, y, x2, _, _, y2, ..] = quad.as_slice() {
                frames.push(Frame {
                    id: name,
                    rect: Rect {
                        x: *x,
                        y: *y,
                        width: x2 - x,
                        height: y2 - y,
                    },
                });
            }
        }
        Ok(frames)
    }

    fn evaluate(&mut self, frame: &str, script: &str) -> Answer {
        let world = self.world(frame)?;
        self.run(frame, script, Some(world))
    }

    fn click(&mut self, x: f64, y: f64) -> Result<(), PageError> {
        for kind in ["mouseMoved", "mousePressed", "mouseReleased"] {
            let pressed = i32::from(kind != "mouseMoved");
            let button = if pressed == 1 { "left" } else { "none" };
            self.call(
                "Input.dispatchMouseEvent",
                json!({ "type": kind, "x": x, "y": y, "button": button, "clickCount": pressed }),
            )?;
        }
        Ok(())
    }

    fn scroll(&mut self, pixels: f64) -> Result<(), PageError> {
        self.call(
            "Input.dispatchMouseEvent",
            json!({ "type": "mouseWheel", "x": 640, "y": 300, "deltaX": 0, "deltaY": pixels }),
        )?;
        Ok(())
    }

    fn clip(&mut self, _rect: Rect) -> Result<Vec<u8>, PageError> {
        Err(PageError("no pictures here".to_owned()))
    }

    fn wait(&mut self, time: Duration) -> Result<(), PageError> {
        self.browser.listen(time);
        Ok(())
    }

    fn kept(&mut self) -> Result<Kept, PageError> {
        let mark = |value: &Value| {
            let mut hasher = DefaultHasher::new();
            value.as_str().unwrap_or_default().hash(&mut hasher);
            hasher.finish()
        };
        let cookies = self.call("Network.getCookies", json!({}))?;
        let mut kept: Kept = cookies["cookies"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|cookie| {
                (
                    format!(
                        "cookie {} {}",
                        cookie["domain"].as_str().unwrap_or_default(),
                        cookie["name"].as_str().unwrap_or_default()
                    ),
                    mark(&cookie["value"]),
                )
            })
            .collect();
        let top = self.top();
        let storage = self.evaluate(&top, "({ ...localStorage })")?;
        kept.extend(
            storage
                .as_object()
                .into_iter()
                .flatten()
                .map(|(key, value)| (format!("storage {key}"), mark(value))),
        );
        Ok(kept)
    }

    fn address(&mut self) -> Result<String, PageError> {
        let history = self.call("Page.getNavigationHistory", json!({}))?;
        let at = history["currentIndex"].as_u64().unwrap_or_default();
        Ok(
            history["entries"][usize::try_from(at).unwrap_or_default()]["url"]
                .as_str()
                .unwrap_or_default()
                .to_owned(),
        )
    }

    fn reveal_closed_roots(&mut self, frame: &str) -> Result<(), PageError> {
        let session = self.session_of(frame);
        // Frames drawn by the page's own process are part of its document.
        if frame != self.top() && !self.inner.contains_key(frame) {
            return Ok(());
        }
        let document = self.browser.call(
            Some(&session),
            "DOM.getDocument",
            json!({ "depth": -1, "pierce": true }),
        )?;
        let mut roots = Vec::new();
        Self::closed_roots(&document["root"], &mut roots);
        for root in roots {
            let world = self.world(frame)?;
            let node = self.browser.call(
                Some(&session),
                "DOM.resolveNode",
                json!({ "backendNodeId": root, "executionContextId": world }),
            )?;
            self.browser.call(
                Some(&session),
                "Runtime.callFunctionOn",
                json!({ "objectId": node["object"]["objectId"], "functionDeclaration": REVEAL }),
            )?;
        }
        Ok(())
    }
}

impl Courier for Tab<'_> {
    fn install(&mut self, script: &str, binding: &str) -> Result<(), PageError> {
        let world = json!({ "name": binding, "executionContextName": "placet" });
        self.call("Runtime.addBinding", world)?;
        for frame in self.frames()? {
            self.evaluate(&frame.id, &format!("{script}; undefined"))?;
        }
        Ok(())
    }

    fn said(&mut self, wait: Duration) -> Result<Vec<(String, String)>, PageError> {
        let end = Instant::now() + wait;
        loop {
            let mut said = Vec::new();
            let worlds = &self.worlds;
            self.browser.events.retain(|event| {
                let is_call = event["method"] == "Runtime.bindingCalled";
                let world = event["params"]["executionContextId"]
                    .as_u64()
                    .unwrap_or_default();
                if let (true, Some(frame)) = (is_call, worlds.get(&world)) {
                    let payload = event["params"]["payload"].as_str().unwrap_or_default();
                    said.push((frame.clone(), payload.to_owned()));
                }
                !is_call
            });
            if !said.is_empty() || Instant::now() >= end {
                return Ok(said);
            }
            self.browser.listen(Duration::from_millis(20));
        }
    }

    fn evaluate_among_scripts(&mut self, frame: &str, script: &str) -> Answer {
        self.run(frame, script, None)
    }
}
