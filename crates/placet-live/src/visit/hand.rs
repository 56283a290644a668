//! The mouse, the eye, and where on the window a document is.

use std::time::Instant;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::{FrameId, PAGE_PATIENCE, PATIENCE, Tab, text};
use crate::banner::Rect;
use crate::cdp::CdpError;

impl Tab {
    /// Moves the mouse to a point of the window and clicks.
    pub(crate) fn click(&mut self, x: f64, y: f64) -> Result<(), CdpError> {
        self.catch_up()?;
        self.before_press = self.seen.len();
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

    /// Moves the mouse to a point of the window.
    pub(crate) fn point(&mut self, x: f64, y: f64) -> Result<(), CdpError> {
        let session = self.session.clone();
        let event = json!({ "type": "mouseMoved", "x": x, "y": y });
        self.line
            .call(&session, "Input.dispatchMouseEvent", event, PAGE_PATIENCE)?;
        Ok(())
    }

    /// Turns the mouse's wheel over the middle of the window.
    pub(crate) fn wheel(&mut self, pixels: f64) -> Result<(), CdpError> {
        let session = self.session.clone();
        let (width, height) = self.conditions.window;
        let event = json!({ "type": "mouseWheel", "x": width / 2, "y": height / 2,
                            "deltaX": 0, "deltaY": pixels });
        self.line
            .call(&session, "Input.dispatchMouseEvent", event, PAGE_PATIENCE)?;
        Ok(())
    }

    /// A picture of an area of the window, or of all of it at half its size, as WebP: a report
    /// holds a dozen of them in its one file.
    pub(crate) fn picture(&mut self, area: Option<Rect>) -> Result<Vec<u8>, CdpError> {
        let (width, height) = self.conditions.window;
        let (area, scale) = match area {
            Some(area) => (area, 1.0),
            None => {
                let window = Rect {
                    x: 0.0,
                    y: 0.0,
                    width: width.into(),
                    height: height.into(),
                };
                (window, 0.5)
            }
        };
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
}
