//! From the browser's network events to requests with their responses.
//!
//! The header fields of the wire, and with them `Set-Cookie`, come in events of their own, before
//! or after those that they belong to; a redirect keeps the number of its request. So each request
//! is a list of hops, and the n-th event of a kind belongs to the n-th hop that expects one.

use std::collections::{BTreeMap, VecDeque};

use serde_json::Value;

use super::seen::{Hop, Initiator};
use super::text;

/// Requests that may be under way at once; of more, the oldest is taken as it is.
const MOST_UNDER_WAY: usize = 4_096;
/// Hops of one request; browsers give up at 20.
const MOST_HOPS: usize = 64;

#[derive(Debug, Default)]
struct Request {
    hops: Vec<State>,
    early_sent: VecDeque<Value>,
    early_received: VecDeque<Value>,
    ended: bool,
}

#[derive(Debug, Default)]
struct State {
    hop: Hop,
    has_sent: bool,
    has_received: bool,
    /// The browser says that no event with the header fields will come.
    expects_no_more: bool,
    has_response: bool,
}

/// The requests that are under way.
#[derive(Debug, Default)]
pub(super) struct Traffic {
    under_way: BTreeMap<String, Request>,
    order: VecDeque<String>,
    done: Vec<Hop>,
}

impl Traffic {
    /// How many have not ended.
    pub(super) fn pending(&self) -> usize {
        self.under_way.values().filter(|r| !r.ended).count()
    }

    /// Takes what has ended.
    pub(super) fn drain(&mut self) -> Vec<Hop> {
        std::mem::take(&mut self.done)
    }

    /// Takes everything, whether it has ended or not.
    pub(super) fn flush(&mut self) -> Vec<Hop> {
        for (_, request) in std::mem::take(&mut self.under_way) {
            self.done.extend(request.hops.into_iter().map(|s| s.hop));
        }
        self.order.clear();
        self.drain()
    }

    /// Takes an event of the domain `Network`.
    pub(super) fn event(&mut self, method: &str, params: &Value) {
        let Some(id) = params.get("requestId").and_then(Value::as_str) else {
            return;
        };
        match method {
            "requestWillBeSent" => {
                let request = self.request(id);
                if let Some(response) = params.get("redirectResponse") {
                    let has_more = params.get("redirectHasExtraInfo") == Some(&Value::Bool(true));
                    if let Some(last) = request.hops.last_mut() {
                        answered(last, response, has_more);
                    }
                }
                if request.hops.len() < MOST_HOPS {
                    request.hops.push(begun(params));
                }
                request.settle();
            }
            "requestWillBeSentExtraInfo" => {
                let request = self.request(id);
                request.early_sent.push_back(params.clone());
                request.settle();
            }
            "responseReceivedExtraInfo" => {
                let request = self.request(id);
                request.early_received.push_back(params.clone());
                request.settle();
            }
            "responseReceived" => {
                let has_more = params.get("hasExtraInfo") == Some(&Value::Bool(true));
                if let (Some(response), Some(last)) =
                    (params.get("response"), self.request(id).hops.last_mut())
                {
                    answered(last, response, has_more);
                }
            }
            "loadingFinished" => {
                let request = self.request(id);
                if let Some(last) = request.hops.last_mut() {
                    let size = params.get("encodedDataLength").and_then(Value::as_f64);
                    last.hop.size = size.map_or(last.hop.size, whole);
                }
                request.ended = true;
            }
            "loadingFailed" => {
                let request = self.request(id);
                if let Some(last) = request.hops.last_mut() {
                    last.hop.failure = text(params, "errorText").to_owned();
                    last.expects_no_more |= !last.has_response && last.hop.request.is_empty();
                }
                request.ended = true;
            }
            "webSocketCreated" => {
                let request = self.request(id);
                request.hops.push(State {
                    hop: Hop {
                        url: text(params, "url").to_owned(),
                        method: "GET".to_owned(),
                        kind: "WebSocket".to_owned(),
                        initiator: initiator(params),
                        ..Hop::default()
                    },
                    expects_no_more: true,
                    ..State::default()
                });
                // A socket stays open; that the page is still talking on it is not waited for.
                request.ended = true;
            }
            "webSocketWillSendHandshakeRequest" => {
                if let Some(state) = self.request(id).hops.last_mut() {
                    state.hop.request = fields(params.pointer("/request/headers"));
                    state.hop.time = number(params, "wallTime");
                }
            }
            "webSocketHandshakeResponseReceived" => {
                if let Some(state) = self.request(id).hops.last_mut() {
                    state.hop.response = fields(params.pointer("/response/headers"));
                    state.hop.status = 101;
                }
            }
            _ => return,
        }
        self.take_if_done(id);
    }

    fn request(&mut self, id: &str) -> &mut Request {
        if !self.under_way.contains_key(id) {
            if self.under_way.len() >= MOST_UNDER_WAY
                && let Some(oldest) = self.order.pop_front()
                && let Some(request) = self.under_way.remove(&oldest)
            {
                self.done.extend(request.hops.into_iter().map(|s| s.hop));
            }
            self.order.push_back(id.to_owned());
        }
        self.under_way.entry(id.to_owned()).or_default()
    }

    fn take_if_done(&mut self, id: &str) {
        let is_done = self.under_way.get(id).is_some_and(|request| {
            let mut hops = request.hops.iter();
            request.ended && hops.all(|s| s.expects_no_more || (s.has_sent && s.has_received))
        });
        if is_done && let Some(request) = self.under_way.remove(id) {
            self.order.retain(|known| known != id);
            self.done.extend(request.hops.into_iter().map(|s| s.hop));
        }
    }
}

impl Request {
    /// Gives each early event to the hop it belongs to.
    fn settle(&mut self) {
        for state in &mut self.hops {
            if !state.has_sent
                && !state.expects_no_more
                && let Some(params) = self.early_sent.pop_front()
            {
                state.has_sent = true;
                state.hop.request = fields(params.get("headers"));
            }
            if !state.has_received
                && !state.expects_no_more
                && let Some(params) = self.early_received.pop_front()
            {
                state.has_received = true;
                state.hop.response = fields(params.get("headers"));
                let status = params.get("statusCode").and_then(Value::as_u64);
                state.hop.status = status.and_then(|s| s.try_into().ok()).unwrap_or(0);
                state.hop.blocked = blocked(&params);
            }
        }
    }
}

fn begun(params: &Value) -> State {
    let request = params.get("request").unwrap_or(&Value::Null);
    State {
        hop: Hop {
            url: text(request, "url").to_owned(),
            method: text(request, "method").to_owned(),
            kind: text(params, "type").to_owned(),
            initiator: initiator(params),
            time: number(params, "wallTime"),
            ..Hop::default()
        },
        ..State::default()
    }
}

fn answered(state: &mut State, response: &Value, has_more: bool) {
    state.has_response = true;
    state.expects_no_more |= !has_more;
    if !state.has_received {
        let status = response.get("status").and_then(Value::as_u64);
        state.hop.status = status.and_then(|s| s.try_into().ok()).unwrap_or(0);
        if !has_more {
            state.hop.response = fields(response.get("headers"));
        }
    }
    if state.hop.request.is_empty() && !has_more {
        state.hop.request = fields(response.get("requestHeaders"));
    }
    text(response, "mimeType").clone_into(&mut state.hop.mime);
    text(response, "remoteIPAddress").clone_into(&mut state.hop.remote);
    if let Some(size) = response.get("encodedDataLength").and_then(Value::as_f64) {
        state.hop.size = whole(size);
    }
}

fn initiator(params: &Value) -> Initiator {
    let initiator = params.get("initiator").unwrap_or(&Value::Null);
    let frame = initiator.pointer("/stack/callFrames/0");
    let from = frame.unwrap_or(initiator);
    let line = from.get("lineNumber").and_then(Value::as_f64).map(whole);
    Initiator {
        kind: text(initiator, "type").to_owned(),
        url: text(from, "url").to_owned(),
        line: line.map_or(0, |line| line + 1),
    }
}

/// The header fields of an event: an object of strings in which several lines of one name stand
/// with line feeds between them.
fn fields(headers: Option<&Value>) -> Vec<(String, String)> {
    let members = headers.and_then(Value::as_object);
    let pairs = members.into_iter().flatten().filter_map(|(name, value)| {
        let value = value.as_str()?;
        Some((name.to_ascii_lowercase(), value))
    });
    let lines = pairs.flat_map(|(name, value)| {
        let lines = value.split('\n');
        lines.map(move |line| (name.clone(), line.to_owned()))
    });
    lines.collect()
}

fn blocked(params: &Value) -> Vec<(String, Vec<String>)> {
    let list = params.get("blockedCookies").and_then(Value::as_array);
    let all = list.into_iter().flatten().map(|blocked| {
        let reasons = blocked.get("blockedReasons").and_then(Value::as_array);
        let reasons = reasons.into_iter().flatten().filter_map(Value::as_str);
        (
            text(blocked, "cookieLine").to_owned(),
            reasons.map(str::to_owned).collect(),
        )
    });
    all.collect()
}

fn number(value: &Value, member: &str) -> f64 {
    value
        .get(member)
        .and_then(Value::as_f64)
        .unwrap_or_default()
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "counts of bytes and lines, which the protocol sends as floating-point numbers"
)]
fn whole(number: f64) -> u64 {
    number.max(0.0) as u64
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn sent(id: &str, url: &str) -> Value {
        json!({ "requestId": id, "wallTime": 5.0, "type": "Document",
                "request": { "url": url, "method": "GET" }, "initiator": { "type": "other" } })
    }

    fn received_fields(id: &str, set_cookie: &str) -> Value {
        json!({ "requestId": id, "statusCode": 200, "headers": { "Set-Cookie": set_cookie } })
    }

    #[test]
    fn several_set_cookies_of_one_response_stay_several() {
        let mut traffic = Traffic::default();
        traffic.event("requestWillBeSent", &sent("1", "https://a.example/"));
        let cookie = json!({ "requestId": "1", "headers": { "Cookie": "a=1; b=2" } });
        traffic.event("requestWillBeSentExtraInfo", &cookie);
        traffic.event(
            "responseReceivedExtraInfo",
            &received_fields("1", "a=1\nb=2; Path=/"),
        );
        let response = json!({ "requestId": "1", "hasExtraInfo": true,
                               "response": { "status": 200, "mimeType": "text/html" } });
        traffic.event("responseReceived", &response);
        assert_eq!(traffic.pending(), 1);
        traffic.event(
            "loadingFinished",
            &json!({ "requestId": "1", "encodedDataLength": 12.0 }),
        );
        let hops = traffic.drain();
        assert_eq!(hops.len(), 1);
        let lines: Vec<_> = hops[0].received("set-cookie").collect();
        assert_eq!(lines, ["a=1", "b=2; Path=/"]);
        assert_eq!(hops[0].sent("cookie").collect::<Vec<_>>(), ["a=1; b=2"]);
        assert_eq!((hops[0].status, hops[0].size), (200, 12));
        assert_eq!(traffic.pending(), 0);
    }

    #[test]
    fn header_fields_of_a_redirect_go_to_its_own_hop_whichever_comes_first() {
        for early in [true, false] {
            let mut traffic = Traffic::default();
            traffic.event("requestWillBeSent", &sent("1", "https://a.example/"));
            if early {
                traffic.event(
                    "responseReceivedExtraInfo",
                    &received_fields("1", "first=1"),
                );
            }
            let mut second = sent("1", "https://b.example/");
            second["redirectResponse"] = json!({ "status": 302 });
            second["redirectHasExtraInfo"] = json!(true);
            traffic.event("requestWillBeSent", &second);
            if !early {
                traffic.event(
                    "responseReceivedExtraInfo",
                    &received_fields("1", "first=1"),
                );
            }
            traffic.event(
                "responseReceivedExtraInfo",
                &received_fields("1", "second=2"),
            );
            let hops = traffic.flush();
            let set: Vec<Vec<&str>> = hops
                .iter()
                .map(|h| h.received("set-cookie").collect())
                .collect();
            assert_eq!(set, [["first=1"], ["second=2"]], "early: {early}");
        }
    }

    #[test]
    fn an_answer_from_the_cache_waits_for_no_header_fields() {
        let mut traffic = Traffic::default();
        traffic.event("requestWillBeSent", &sent("1", "https://a.example/x.css"));
        let response = json!({ "requestId": "1", "hasExtraInfo": false,
                               "response": { "status": 200, "headers": { "Vary": "Cookie" } } });
        traffic.event("responseReceived", &response);
        traffic.event("loadingFinished", &json!({ "requestId": "1" }));
        assert_eq!(traffic.drain().len(), 1);
    }

    #[test]
    fn requests_that_never_end_do_not_fill_the_memory() {
        let mut traffic = Traffic::default();
        for n in 0..MOST_UNDER_WAY + 10 {
            traffic.event(
                "requestWillBeSent",
                &sent(&n.to_string(), "https://a.example/"),
            );
        }
        assert_eq!(traffic.pending(), MOST_UNDER_WAY);
        assert_eq!(traffic.drain().len(), 10);
    }
}
