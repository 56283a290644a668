//! The mouse, the eye, and where on the window a document is.

use std::time::Instant;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::{FrameId, PATIENCE, Tab, text};
use crate::banner::Rect;
use crate::cdp::{CdpError, Session};

impl Tab {
    /// Moves the mouse to a point of a document and clicks.
    ///
    /// In the session of the document: a point of the window is given to the page as long as the browser has not been told
    /// where another process draws a frame of another site, and the press is lost.
    pub(crate) fn click(&mut self, frame: &FrameId, x: f64, y: f64) -> Result<(), CdpError> {
        self.catch_up()?;
        self.before_press = self.seen.len();
        let (session, (left, top)) = self.origin_in_session(frame)?;
        let (x, y) = (x + left, y + top);
        for (kind, buttons) in [("mouseMoved", 0), ("mousePressed", 1), ("mouseReleased", 0)] {
            let button = if kind == "mouseMoved" { "none" } else { "left" };
            let event = json!({ "type": kind, "x": x, "y": y, "button": button,
                                "buttons": buttons, "clickCount": 1 });
            self.ask(&session, "Input.dispatchMouseEvent", event)?;
        }
        self.last_activity = Instant::now();
        Ok(())
    }

    /// Moves the mouse to a point of the window.
    pub(crate) fn point(&mut self, x: f64, y: f64) -> Result<(), CdpError> {
        let session = self.session.clone();
        let event = json!({ "type": "mouseMoved", "x": x, "y": y });
        self.ask(&session, "Input.dispatchMouseEvent", event)?;
        Ok(())
    }

    /// Turns the mouse's wheel over the middle of the window.
    pub(crate) fn wheel(&mut self, pixels: f64) -> Result<(), CdpError> {
        let session = self.session.clone();
        let (width, height) = self.conditions.window;
        let event = json!({ "type": "mouseWheel", "x": width / 2, "y": height / 2,
                            "deltaX": 0, "deltaY": pixels });
        self.ask(&session, "Input.dispatchMouseEvent", event)?;
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
        let answer = self.ask_within(&session, "Page.captureScreenshot", asked, PATIENCE)?;
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
            let (left, top) = self.corner_in(&parent, &frame)?;
            at = (at.0 + left, at.1 + top);
            frame = self.outermost_of_session(&parent);
        }
        Ok(at)
    }

    /// The session that answers for a document, and where the document begins in the outermost one of that session.
    fn origin_in_session(&mut self, frame: &FrameId) -> Result<(Session, (f64, f64)), CdpError> {
        let Some(known) = self.frames.get(frame) else {
            return Ok((self.session.clone(), (0.0, 0.0)));
        };
        let (session, parent) = (known.session.clone(), known.parent.clone());
        let inside = |f: &super::frames::Frame| f.session == session;
        match parent.filter(|parent| self.frames.get(parent).is_some_and(inside)) {
            Some(parent) => Ok((session, self.corner_in(&parent, frame)?)),
            None => Ok((session, (0.0, 0.0))),
        }
    }

    /// Where a document begins in the outermost one of its parent's session.
    fn corner_in(&mut self, parent: &FrameId, frame: &FrameId) -> Result<(f64, f64), CdpError> {
        let outer = self.frames.get(parent).and_then(|f| f.session.clone());
        let asked = json!({ "frameId": frame.0 });
        let owner = self.ask(&outer, "DOM.getFrameOwner", asked)?;
        let node = json!({ "backendNodeId": owner.get("backendNodeId") });
        let model = self.ask(&outer, "DOM.getBoxModel", node)?;
        let corner = |n: usize| {
            let corner = model.pointer("/model/content").and_then(|c| c.get(n));
            corner.and_then(Value::as_f64).unwrap_or_default()
        };
        Ok((corner(0), corner(1)))
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
