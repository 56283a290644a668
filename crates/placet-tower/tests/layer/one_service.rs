//! What a service that goes on keeps from one request to the next: the policy, until it is replaced or
//! another site is asked, and nothing of a visitor.

use std::convert::Infallible;
use std::future::{Future, ready};
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use http::header::COOKIE;
use http::{Request, Response};
use placet_tower::{ConsentLayer, LivePolicy, Sites};
use tower::{Layer, Service, service_fn};

use crate::harness::{Body, granted, layer, policy, policy_with};

fn get(host: &str, cookie: &str) -> Request<Body> {
    let mut request = Request::builder().uri("/").header("host", host);
    if !cookie.is_empty() {
        request = request.header(COOKIE, cookie);
    }
    request.body(Body::default()).unwrap()
}

/// Calls a service that answers at once.
fn call<B>(
    service: &mut impl Service<Request<Body>, Response = Response<B>, Error = Infallible>,
    request: Request<Body>,
) -> Response<B> {
    let answer = pin!(service.call(request));
    match answer.poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(Ok(response)) => response,
        Poll::Pending => panic!("the service kept the visitor waiting"),
    }
}

/// A shop that answers with the cookies that reached it.
fn shop(request: Request<Body>) -> std::future::Ready<Result<Response<Body>, Infallible>> {
    let mut response = Response::new(Body::default());
    if let Some(cookies) = request.headers().get(COOKIE) {
        response.headers_mut().insert("reached", cookies.clone());
    }
    ready(Ok(response))
}

fn reached(
    service: &mut impl Service<Request<Body>, Response = Response<impl Sized>, Error = Infallible>,
    host: &str,
) -> String {
    let response = call(service, get(host, "session=1; unheard=2"));
    let reached = response.headers().get("reached").cloned();
    reached.map_or_else(String::new, |value| value.to_str().unwrap().to_owned())
}

#[test]
fn a_replaced_policy_holds_from_the_next_request_on() {
    let live = LivePolicy::new(policy());
    let mut service = ConsentLayer::new(live.clone()).layer(service_fn(shop));
    let mut clone = service.clone();
    assert_eq!(reached(&mut service, "shop.example"), "session=1");
    live.replace(policy_with(r#""undeclared": "allow","#));
    for service in [&mut service, &mut clone] {
        assert_eq!(reached(service, "shop.example"), "session=1; unheard=2");
    }
    live.replace(policy());
    assert_eq!(reached(&mut service, "shop.example"), "session=1");
}

#[test]
fn every_host_is_served_under_its_own_policy_in_any_order() {
    let blog = |more: &str| {
        let text =
            format!(r#"{{ "revision": 1, "hosts": ["blog.example"], {more} "services": [] }}"#);
        placet::Policy::from_json("placet.json", &text).unwrap()
    };
    let live = LivePolicy::new(blog(r#""undeclared": "allow","#));
    let sites = Sites::new(policy()).and(live.clone());
    let mut service = ConsentLayer::new(sites).layer(service_fn(shop));
    for host in [
        "blog.example",
        "shop.example",
        "shop.example",
        "blog.example",
    ] {
        let expected = match host {
            "blog.example" => "session=1; unheard=2",
            _ => "session=1",
        };
        assert_eq!(reached(&mut service, host), expected, "{host}");
    }
    live.replace(blog(""));
    assert_eq!(reached(&mut service, "blog.example"), "");
    assert_eq!(reached(&mut service, "shop.example"), "session=1");
}

#[test]
fn an_unchanged_visitor_costs_no_allocation_but_those_of_the_extension() {
    /// The map of extensions and its table, what stands in it, and what that shares with the response.
    const EXTENSION: u64 = 4;
    let shop = service_fn(|_| ready(Ok::<_, Infallible>(Response::new(Body::default()))));
    for cookie in [
        "",
        &format!("session=1; _pk_id.1=2; {}; lang=de", granted(&policy())),
    ] {
        let request = get("shop.example", cookie);
        // What the first clone of a request's headers costs is nobody's here.
        drop(request.clone());
        let bare = || drop(call(&mut shop.clone(), request.clone()));
        let bare = allocation_counter::measure(bare);
        let mut service = layer(policy()).layer(shop);
        let counted = allocation_counter::measure(|| drop(call(&mut service, request.clone())));
        assert_eq!(
            counted.count_total - bare.count_total,
            EXTENSION,
            "{cookie}"
        );
    }
}
