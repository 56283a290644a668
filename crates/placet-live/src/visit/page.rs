//! A tab as the banner's part needs it.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{FrameId, PATIENCE, Tab, text};
use crate::banner::{Frame, Kept, Page, PageError, REVEAL, Rect};
use crate::cdp::CdpError;

impl From<CdpError> for PageError {
    fn from(error: CdpError) -> Self {
        Self(error.to_string())
    }
}

impl Page for Tab {
    fn frames(&mut self) -> Result<Vec<Frame>, PageError> {
        self.catch_up()?;
        let mut drawn = Vec::new();
        for (number, id) in self.frames.all().into_iter().enumerate() {
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

    fn click(&mut self, x: f64, y: f64) -> Result<(), PageError> {
        Ok(Self::click(self, x, y)?)
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
        for frame in self.frames.all() {
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

    fn reveal_closed_roots(&mut self, frame: &str) -> Result<(), PageError> {
        let (session, world) = self.world(&FrameId(frame.to_owned()))?;
        let pierced = json!({ "depth": -1, "pierce": true });
        let document = self
            .line
            .call(&session, "DOM.getDocument", pierced, PATIENCE)?;
        let mut closed = Vec::new();
        closed_roots(document.get("root"), &mut closed);
        for node in closed {
            let asked = json!({ "backendNodeId": node, "executionContextId": world });
            // A node of another frame of the session has no object in this frame's world.
            let Ok(object) = self.line.call(&session, "DOM.resolveNode", asked, PATIENCE) else {
                continue;
            };
            let call = json!({ "objectId": object.pointer("/object/objectId"),
                               "functionDeclaration": REVEAL });
            self.line
                .call(&session, "Runtime.callFunctionOn", call, PATIENCE)?;
        }
        Ok(())
    }
}

/// What a document keeps in its local storage, whole.
const LOCAL_STORAGE: &str =
    "(() => { try { return { ...localStorage }; } catch { return {}; } })()";

fn mark(value: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// The closed shadow roots under a node, by the browser's numbers.
fn closed_roots(node: Option<&Value>, found: &mut Vec<u64>) {
    const MOST: usize = 200;
    let mut left: Vec<&Value> = node.into_iter().collect();
    while let Some(node) = left.pop() {
        for root in node
            .get("shadowRoots")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            let is_closed = root.get("shadowRootType").and_then(Value::as_str) == Some("closed");
            if is_closed
                && found.len() < MOST
                && let Some(number) = root.get("backendNodeId").and_then(Value::as_u64)
            {
                found.push(number);
            }
            left.push(root);
        }
        left.extend(
            node.get("children")
                .and_then(Value::as_array)
                .into_iter()
                .flatten(),
        );
        left.extend(node.get("contentDocument"));
    }
}
