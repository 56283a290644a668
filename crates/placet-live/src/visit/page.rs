//! A tab as the banner's part needs it.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{FrameId, PAGE_PATIENCE, PATIENCE, Tab, text};
use crate::banner::{Frame, Kept, LISTENS, Page, PageError, REVEAL, Rect};
use crate::cdp::{CdpError, Session};

impl From<CdpError> for PageError {
    fn from(error: CdpError) -> Self {
        Self(error.to_string())
    }
}

impl Page for Tab {
    fn frames(&mut self) -> Result<Vec<Frame>, PageError> {
        self.catch_up()?;
        let mut drawn = Vec::new();
        let end = Instant::now() + PAGE_PATIENCE;
        for (number, id) in self.frames.all().into_iter().enumerate() {
            if Instant::now() >= end {
                break;
            }
            let (x, y) = if number == 0 {
                (0.0, 0.0)
            } else {
                match self.origin_of(&id) {
                    Ok(at) => at,
                    Err(CdpError::Gone) => return Err(CdpError::Gone.into()),
                    // It is not drawn, or has just gone.
                    Err(_) => continue,
                }
            };
            let size = "({ w: innerWidth, h: innerHeight })";
            let Ok(size) = Self::evaluate(self, &id, size) else {
                continue;
            };
            let side = |name: &str| size.get(name).and_then(Value::as_f64).unwrap_or_default();
            drawn.push(Frame {
                id: id.0,
                rect: Rect {
                    x,
                    y,
                    width: side("w"),
                    height: side("h"),
                },
            });
        }
        Ok(drawn)
    }

    fn evaluate(&mut self, frame: &str, script: &str) -> Result<Value, PageError> {
        Ok(Self::evaluate(self, &FrameId(frame.to_owned()), script)?)
    }

    fn click(&mut self, frame: &str, x: f64, y: f64) -> Result<(), PageError> {
        Ok(Self::click(self, &FrameId(frame.to_owned()), x, y)?)
    }

    fn point(&mut self, x: f64, y: f64) -> Result<(), PageError> {
        Ok(Self::point(self, x, y)?)
    }

    fn scroll(&mut self, pixels: f64) -> Result<(), PageError> {
        Ok(self.wheel(pixels)?)
    }

    fn clip(&mut self, rect: Rect) -> Result<Vec<u8>, PageError> {
        Ok(self.picture(Some(rect))?)
    }

    fn wait(&mut self, time: Duration) -> Result<(), PageError> {
        let end = Instant::now() + time;
        while let Some(event) = self.line.event(end)? {
            self.take(event);
        }
        Ok(())
    }

    fn kept(&mut self) -> Result<Kept, PageError> {
        let mut kept = Kept::new();
        for cookie in self.cookies()? {
            let name = format!(
                "cookie {} {}",
                text(&cookie, "domain"),
                text(&cookie, "name")
            );
            kept.insert(name, mark(text(&cookie, "value")));
        }
        let end = Instant::now() + PATIENCE;
        for frame in self.frames.all() {
            if Instant::now() >= end {
                break;
            }
            let found = Self::evaluate(self, &frame, LOCAL_STORAGE).unwrap_or_default();
            for (key, value) in found.as_object().into_iter().flatten() {
                let origin = self.address_of(&frame);
                let host = origin.split('/').nth(2).unwrap_or_default();
                let name = format!("local storage {host} {key}");
                kept.insert(name, mark(value.as_str().unwrap_or_default()));
            }
        }
        Ok(kept)
    }

    fn address(&mut self) -> Result<String, PageError> {
        self.catch_up()?;
        let top = FrameId(self.target.clone());
        let address = self.address_of(&top);
        Ok(address.split('#').next().unwrap_or_default().to_owned())
    }

    fn reveal(&mut self, frame: &str) -> Result<(), PageError> {
        let (session, world) = self.world(&FrameId(frame.to_owned()))?;
        let pierced = json!({ "depth": -1, "pierce": true });
        let document = self.ask_within(&session, "DOM.getDocument", pierced, PATIENCE)?;
        let mut hidden = Hidden::default();
        hidden.gather(document.get("root"));
        for node in &hidden.closed_roots {
            self.hand_over(&session, world, *node, REVEAL)?;
        }
        for node in self.listening(&session, &hidden)? {
            self.hand_over(&session, world, node, LISTENS)?;
        }
        Ok(())
    }
}

impl Tab {
    /// Calls a function in our world of a document with a node as `this`.
    fn hand_over(
        &mut self,
        session: &Session,
        world: i64,
        node: u64,
        function: &str,
    ) -> Result<(), PageError> {
        let asked = json!({ "backendNodeId": node, "executionContextId": world });
        // A node of another frame of the session has no object in this frame's world.
        let Ok(object) = self.ask(session, "DOM.resolveNode", asked) else {
            return Ok(());
        };
        let call = json!({ "objectId": object.pointer("/object/objectId"),
                           "functionDeclaration": function });
        self.ask(session, "Runtime.callFunctionOn", call)?;
        Ok(())
    }

    /// Of the elements that mean nothing those that listen to presses; of many the last ones, as banners are often added
    /// last.
    fn listening(&mut self, session: &Session, hidden: &Hidden) -> Result<Vec<u64>, PageError> {
        let mut found = BTreeSet::new();
        // Asked to look into shadow trees by itself, the browser lets the page crash (Chromium 156); and without that it
        // tells of the world alone that the object is of, which is to be the page's.
        for root in &hidden.trees {
            let asked = json!({ "backendNodeId": root });
            let Ok(object) = self.ask(session, "DOM.resolveNode", asked) else {
                continue;
            };
            let asked = json!({ "objectId": object.pointer("/object/objectId"), "depth": -1 });
            let told =
                self.ask_within(session, "DOMDebugger.getEventListeners", asked, PATIENCE)?;
            let all = told.get("listeners").and_then(Value::as_array);
            let presses = all
                .into_iter()
                .flatten()
                .filter(|listener| PRESSES.contains(&text(listener, "type")));
            let numbers = presses.filter_map(|listener| listener.get("backendNodeId")?.as_u64());
            found.extend(numbers.filter(|number| hidden.plain.contains(number)));
        }
        Ok(found.into_iter().rev().take(MOST_LISTENING).collect())
    }
}

/// The events of a press.
const PRESSES: [&str; 7] = [
    "click",
    "mousedown",
    "mouseup",
    "pointerdown",
    "pointerup",
    "touchstart",
    "touchend",
];
/// Elements that listen to presses of which a frame's finder is told.
const MOST_LISTENING: usize = 200;

/// What a document keeps in its local storage, whole.
const LOCAL_STORAGE: &str =
    "(() => { try { return { ...localStorage }; } catch { return {}; } })()";

fn mark(value: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// What scripts cannot see, or what tells nothing by itself, by the browser's numbers.
#[derive(Default)]
struct Hidden {
    closed_roots: Vec<u64>,
    /// Documents and shadow roots.
    trees: Vec<u64>,
    /// Elements that mean nothing, and may be pressed all the same.
    plain: BTreeSet<u64>,
}

impl Hidden {
    fn gather(&mut self, root: Option<&Value>) {
        const MOST: usize = 200;
        const PLAIN: [&str; 9] = ["div", "span", "p", "li", "i", "b", "strong", "img", "svg"];
        let number = |node: &Value| node.get("backendNodeId").and_then(Value::as_u64);
        self.trees.extend(root.and_then(number));
        let mut left: Vec<&Value> = root.into_iter().collect();
        while let Some(node) = left.pop() {
            if PLAIN.contains(&text(node, "localName")) {
                self.plain.extend(number(node));
            }
            let members = |member: &str| node.get(member).and_then(Value::as_array);
            for root in members("shadowRoots").into_iter().flatten() {
                let kind = text(root, "shadowRootType");
                if kind != "user-agent" && self.trees.len() < MOST {
                    self.trees.extend(number(root));
                    self.closed_roots
                        .extend(number(root).filter(|_| kind == "closed"));
                }
                left.push(root);
            }
            left.extend(members("children").into_iter().flatten());
            left.extend(node.get("contentDocument"));
        }
    }
}
