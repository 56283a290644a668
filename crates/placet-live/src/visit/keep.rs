//! What the browser keeps of a site, and what a site answers beside its pages.

use std::time::Instant;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::seen::Kept;
use super::{PATIENCE, Tab, text};
use crate::cdp::CdpError;

/// What a document keeps: see `kept.js`.
const KEPT: &str = include_str!("kept.js");

/// What an address answers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Fetched {
    /// 200; 0 where nothing came.
    pub(crate) status: u16,
    /// Its `Content-Type`.
    pub(crate) media_type: Option<String>,
    /// Whether it sets a cookie.
    pub(crate) sets_cookies: bool,
    /// Its body, as far as it was read.
    pub(crate) body: Vec<u8>,
}

impl Tab {
    /// What the documents of the page keep in the browser beside cookies.
    pub(crate) fn kept_keys(&mut self) -> Vec<Kept> {
        let mut all = Vec::new();
        let end = Instant::now() + PATIENCE;
        for frame in self.frames() {
            if Instant::now() >= end {
                // What the others keep is not known.
                self.lost += 1;
                break;
            }
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
    /// media type, whether it sets a cookie, and up to `most` bytes.
    pub(crate) fn fetch(&mut self, url: &str, most: usize) -> Result<Fetched, CdpError> {
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
        let field = |wanted: &str| {
            let mut fields = headers.into_iter().flatten();
            let found = fields.find(|(name, _)| name.eq_ignore_ascii_case(wanted));
            found.and_then(|(_, value)| value.as_str())
        };
        let media_type = field("content-type").map(str::to_owned);
        let sets_cookies = field("set-cookie").is_some();
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
        Ok(Fetched {
            status,
            media_type,
            sets_cookies,
            body,
        })
    }
}
