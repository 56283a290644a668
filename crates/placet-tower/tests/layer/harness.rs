//! A visit to a small shop behind the layer: the request as it reached the shop, and the response
//! as it reached the visitor.

use std::convert::Infallible;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::header::{COOKIE, HeaderMap, HeaderName, SET_COOKIE};
use http::{HeaderValue, Request, Response};
use http_body_util::Full;
use placet::{Choice, ChoiceId, Decision, How, Policy, Signals, Timestamp};
use placet_tower::{ConsentLayer, RegionSource, Standing};
use tower::{Layer, ServiceExt, service_fn};

pub(crate) type Body = Full<Bytes>;

pub(crate) const NOW: i64 = 1_790_000_000;

/// A shop in `shop.example` with a cookie of every category, and two that say where they live.
pub(crate) fn policy() -> Policy {
    policy_with("")
}

pub(crate) fn policy_with(more: &str) -> Policy {
    policy_of_revision(3, more)
}

pub(crate) fn policy_of_revision(revision: u32, more: &str) -> Policy {
    let text = format!(
        r#"{{ "revision": {revision}, "hosts": ["shop.example"], {more} "services": [
            {{ "id": "shop", "category": "necessary", "cookies": [{{ "name": "session" }}] }},
            {{ "id": "language", "category": "functional", "cookies": [{{ "name": "lang" }}] }},
            {{ "id": "matomo", "category": "analytics", "cookies": [
                {{ "name": "_pk_*", "domains": ["shop.example"], "paths": ["/", "/en"] }}] }},
            {{ "id": "meta", "category": "marketing", "cookies": [{{ "name": "_fbp" }}] }}
        ] }}"#
    );
    Policy::from_json("placet.json", &text).unwrap_or_else(|error| panic!("{error}"))
}

pub(crate) fn now() -> Timestamp {
    Timestamp::from_unix(NOW).unwrap()
}

pub(crate) fn layer(policy: Policy) -> ConsentLayer {
    ConsentLayer::new(policy)
        .region(RegionSource::fixed("DE".parse().unwrap()))
        .clock(now)
}

/// The consent cookie of a visitor who decided these categories a day ago.
pub(crate) fn chosen(policy: &Policy, decisions: &[(&str, Decision)]) -> String {
    let mut choice = Choice::new(
        ChoiceId::from_bytes([7; 16]),
        Timestamp::from_unix(NOW - 86_400).unwrap(),
        policy.revision(),
        How::Banner,
        Signals::default(),
    );
    for (name, decision) in decisions {
        let category = policy.category(name).unwrap().id();
        choice = match decision {
            Decision::Granted => choice.grant(category),
            Decision::Refused => choice.refuse(category),
            Decision::Undecided => choice,
        };
    }
    format!("placet={}", choice.to_cookie_value(policy))
}

pub(crate) fn granted(policy: &Policy) -> String {
    let all = ["functional", "analytics", "marketing"].map(|name| (name, Decision::Granted));
    chosen(policy, &all)
}

pub(crate) fn refused(policy: &Policy) -> String {
    let all = ["functional", "analytics", "marketing"].map(|name| (name, Decision::Refused));
    chosen(policy, &all)
}

/// What came of a visit.
#[derive(Debug)]
pub(crate) struct Visit {
    /// The request's headers as the shop saw them.
    pub(crate) reached: HeaderMap,
    /// The response's headers as the visitor saw them.
    pub(crate) answered: HeaderMap,
}

impl Visit {
    pub(crate) fn cookies(&self) -> Vec<&[u8]> {
        lines(&self.reached, &COOKIE)
    }

    pub(crate) fn set_cookies(&self) -> Vec<&str> {
        let lines = lines(&self.answered, &SET_COOKIE).into_iter();
        lines.map(|line| str::from_utf8(line).unwrap()).collect()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.answered.get(name).map(|value| value.to_str().unwrap())
    }
}

fn lines<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Vec<&'h [u8]> {
    let values = headers.get_all(name).into_iter();
    values.map(HeaderValue::as_bytes).collect()
}

/// Sends a request with these headers to a shop that answers so.
pub(crate) async fn visit<'h>(
    layer: &ConsentLayer,
    headers: impl IntoIterator<Item = (&'h str, &'h [u8])>,
    answer: impl FnOnce(&Standing, &mut Response<Body>) + Send + 'static,
) -> Visit {
    visit_at("shop.example", layer, headers, answer).await
}

/// The same at another host.
pub(crate) async fn visit_at<'h>(
    host: &str,
    layer: &ConsentLayer,
    headers: impl IntoIterator<Item = (&'h str, &'h [u8])>,
    answer: impl FnOnce(&Standing, &mut Response<Body>) + Send + 'static,
) -> Visit {
    let mut request = Request::builder().uri("/").header("host", host);
    for (name, value) in headers {
        request = request.header(name, HeaderValue::from_bytes(value).unwrap());
    }
    let request = request.body(Body::default()).unwrap();
    let reached = Arc::new(Mutex::new(HeaderMap::new()));
    let seen = Arc::clone(&reached);
    let answer = Arc::new(Mutex::new(Some(answer)));
    let shop = service_fn(move |request: Request<Body>| {
        let (seen, answer) = (Arc::clone(&seen), Arc::clone(&answer));
        async move {
            *seen.lock().unwrap() = request.headers().clone();
            let standing: &Standing = request.extensions().get().unwrap();
            let mut response = Response::new(Body::default());
            let answer = answer.lock().unwrap().take().unwrap();
            answer(standing, &mut response);
            Ok::<_, Infallible>(response)
        }
    });
    let response = layer.layer(shop).oneshot(request).await.unwrap();
    let reached = reached.lock().unwrap().clone();
    Visit {
        reached,
        answered: response.headers().clone(),
    }
}

/// An answer that sets these cookies.
pub(crate) fn setting(
    lines: &[&'static str],
) -> impl FnOnce(&Standing, &mut Response<Body>) + Send + use<> {
    let lines: Vec<&'static str> = lines.to_vec();
    move |_, response| {
        for line in lines {
            response
                .headers_mut()
                .append(SET_COOKIE, HeaderValue::from_static(line));
        }
    }
}

pub(crate) fn nothing(_: &Standing, _: &mut Response<Body>) {}
