//! A tab as the npm package autoconsent needs it: a script in our world of every document, which says
//! things, and questions among the page's own scripts.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::world::value_of;
use super::{Tab, WORLD};
use crate::banner::PageError;
use crate::banner::autoconsent::Courier;
use crate::cdp::Session;

impl Courier for Tab {
    fn install(&mut self, script: &str, binding: &str) -> Result<(), PageError> {
        let sessions: Vec<Session> = self
            .sessions
            .iter()
            .filter(|(_, kind)| matches!(kind.as_str(), "page" | "iframe"))
            .map(|(session, _)| Some(session.clone()))
            .collect();
        for session in sessions {
            let asked = json!({ "name": binding, "executionContextName": WORLD });
            self.ask(&session, "Runtime.addBinding", asked)?;
            let asked = json!({ "source": script, "worldName": WORLD, "runImmediately": true });
            let method = "Page.addScriptToEvaluateOnNewDocument";
            let installed = self.ask(&session, method, asked)?;
            let number = installed.get("identifier").and_then(Value::as_str);
            self.installed
                .push((session, number.unwrap_or_default().to_owned()));
        }
        Ok(())
    }

    fn said(&mut self, wait: Duration) -> Result<Vec<(String, String)>, PageError> {
        let end = Instant::now() + wait;
        self.catch_up()?;
        while self.said.is_empty()
            && let Some(event) = self.line.event(end)?
        {
            self.take(event);
        }
        Ok(self.said.drain(..).collect())
    }

    fn evaluate_among_scripts(&mut self, frame: &str, script: &str) -> Result<Value, PageError> {
        let mut worlds = self.worlds.iter();
        let found = worlds.find(|(_, (of, of_page))| of.0 == frame && *of_page);
        let Some(((session, number), _)) = found else {
            return Err(PageError(format!("the frame {frame} is gone")));
        };
        let (session, number) = (session.clone(), *number);
        let asked = json!({ "expression": script, "contextId": number, "returnByValue": true,
                            "awaitPromise": true });
        let answer = self.ask(&session, "Runtime.evaluate", asked)?;
        Ok(value_of(&answer)?)
    }

    fn uninstall(&mut self) {
        for (session, number) in self.installed.drain(..) {
            let asked = json!({ "identifier": number });
            let method = "Page.removeScriptToEvaluateOnNewDocument";
            self.line.tell(&session, method, asked);
        }
        self.said.clear();
    }
}
