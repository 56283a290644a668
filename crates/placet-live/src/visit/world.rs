//! Questions to documents, asked in a world of our own in each.

use serde_json::{Value, json};

use super::{FrameId, MOST_WORLDS, Tab, WORLD, text};
use crate::cdp::{CdpError, Session};

impl Tab {
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
            match self.ask(&session, "Runtime.evaluate", asked) {
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

    /// The world of ours in a document, made if there is none.
    pub(super) fn world(&mut self, frame: &FrameId) -> Result<(Session, i64), CdpError> {
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
        let asked = json!({ "frameId": frame.0, "worldName": WORLD });
        let made = self.ask(&session, "Page.createIsolatedWorld", asked)?;
        let world = made
            .get("executionContextId")
            .and_then(Value::as_i64)
            .unwrap_or_default();
        if let Some(frame) = self.frames.get_mut(frame) {
            frame.world = Some(world);
        }
        Ok((session, world))
    }

    pub(super) fn world_event(&mut self, session: &Session, name: &str, params: &Value) {
        match name {
            "executionContextCreated" => {
                let context = params.get("context").unwrap_or(&Value::Null);
                let number = context
                    .get("id")
                    .and_then(Value::as_i64)
                    .unwrap_or_default();
                let about = context.get("auxData").unwrap_or(&Value::Null);
                let of_page = about.get("isDefault") == Some(&Value::Bool(true));
                if self.worlds.len() < MOST_WORLDS {
                    let frame = FrameId(text(about, "frameId").to_owned());
                    self.worlds
                        .insert((session.clone(), number), (frame, of_page));
                }
            }
            "executionContextDestroyed" => {
                let number = params.get("executionContextId").and_then(Value::as_i64);
                self.worlds
                    .remove(&(session.clone(), number.unwrap_or_default()));
            }
            "executionContextsCleared" => self.worlds.retain(|(of, _), _| of != session),
            _ => {}
        }
    }
}

pub(super) fn value_of(answer: &Value) -> Result<Value, CdpError> {
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
