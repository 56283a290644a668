//! A visit leaves nothing behind in memory, whatever it was.

use std::convert::Infallible;
use std::future::{Future, ready};
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use http::{HeaderValue, Request, Response};
use http_body_util::{BodyExt, Full};
use placet_tower::{ConsentLayer, LivePolicy, Standing};
use tower::{Layer, ServiceExt};

use crate::shop::{OPTIONAL, layer_of, policy, visitor};

type Body = Full<Bytes>;

#[test]
fn what_a_visit_takes_it_gives_back() {
    let live = LivePolicy::new(policy());
    let layer = layer_of(live.clone()).report_header(true);
    let everything = visitor(&OPTIONAL);
    let nothing = visitor(&[]);
    let requests = [
        ("/", "", ""),
        ("/", "session=1; _pk_id=2; x=3", ""),
        ("/grant", &nothing, ""),
        ("/refuse", &everything, ""),
        ("/", &format!("{nothing}; _pk_id=2; _fbp=3"), ""),
        ("/.placet/status", &everything, ""),
        ("/.placet/preferences", &nothing, ""),
        ("/.placet/choice", &nothing, r#"{"all":"granted"}"#),
        ("/.placet/choice", &nothing, "no JSON"),
        ("/.placet/nowhere", "", ""),
    ];
    for (path, cookies, body) in requests {
        let round = || {
            visit(&layer, path, cookies, body);
            live.replace(policy());
        };
        // What is made once for the whole process is made now.
        (0..3).for_each(|_| round());
        let kept = allocation_counter::measure(|| (0..100).for_each(|_| round()));
        assert!(kept.bytes_total > 0, "{path}");
        assert_eq!(kept.bytes_current, 0, "{path} {cookies} {body}");
    }
}

fn visit(layer: &ConsentLayer, path: &str, cookies: &str, body: &'static str) {
    let method = if body.is_empty() { "GET" } else { "POST" };
    let request = Request::builder().method(method).uri(path);
    let request = request
        .header("host", "shop.example")
        .header("cookie", cookies);
    let request = request.header("content-type", "application/json");
    let request = request.body(Body::from(body)).unwrap();
    let shop = tower::service_fn(|request: Request<Body>| {
        let standing: &Standing = request.extensions().get().unwrap();
        match request.uri().path() {
            "/grant" => standing.choice().grant_all().unwrap(),
            "/refuse" => standing.choice().refuse_all().unwrap(),
            _ => assert!(!standing.allows("no category")),
        }
        let mut response = Response::new(Body::from("ok"));
        for line in ["session=1", "_pk_id=2; Path=/", "x=3"] {
            let line = HeaderValue::from_static(line);
            response.headers_mut().append("set-cookie", line);
        }
        ready(Ok::<_, Infallible>(response))
    });
    let answer = async {
        let response = layer.layer(shop).oneshot(request).await.unwrap();
        response.into_body().collect().await.unwrap().to_bytes()
    };
    let answer = pin!(answer).poll(&mut Context::from_waker(Waker::noop()));
    assert!(matches!(answer, Poll::Ready(bytes) if !bytes.is_empty()));
}
