//! What the tower layer adds to a service that answers at once, by what the visitor sends and how
//! the service answers, beside other layers.
//!
//! Every row makes the same request, hands it through to the same service, takes the same response
//! apart and drops both; the floor does nothing else.

mod by_hand;
mod shop;

use std::cell::RefCell;
use std::convert::Infallible;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use http::header::{COOKIE, SET_COOKIE};
use http::{Request, Response};
use placet_tower::ConsentLayer;
use tower_http::sensitive_headers::SetSensitiveHeadersLayer;
use tower_layer::Layer;
use tower_service::Service;

use crate::Case;
use by_hand::{ByHand, CookieCrate, Jar};
pub use shop::{Body, Shop, Situation};

/// What is measured: a table for every situation, and in it the same rows.
pub fn cases() -> Vec<Case> {
    Situation::ALL.into_iter().flat_map(rows).collect()
}

fn rows(situation: Situation) -> Vec<Case> {
    let shop = Shop::of(situation);
    vec![
        row(situation, "floor: bare service", shop.clone()),
        row(situation, "placet", consent(shop.clone())),
        row(
            situation,
            "tower_http SetSensitiveHeaders",
            sensitive(shop.clone()),
        ),
        row(situation, "axum_extra CookieJar by hand", jar(shop.clone())),
        row(situation, "cookie crate by hand", cookie_crate(shop)),
    ]
}

/// Ours.
pub fn consent<S>(inner: S) -> <ConsentLayer as Layer<S>>::Service {
    ConsentLayer::new(shop::policy()).layer(inner)
}

/// A layer that looks at the same headers and marks them as not to be logged.
fn sensitive<S>(inner: S) -> <SetSensitiveHeadersLayer as Layer<S>>::Service {
    SetSensitiveHeadersLayer::new([COOKIE, SET_COOKIE]).layer(inner)
}

/// The same work with the jar of axum-extra.
fn jar<S>(inner: S) -> ByHand<S, Jar> {
    ByHand::new(inner, Jar)
}

/// The same work with the `cookie` crate.
fn cookie_crate<S>(inner: S) -> ByHand<S, CookieCrate> {
    ByHand::new(inner, CookieCrate)
}

fn row<S, B>(situation: Situation, function: &'static str, service: S) -> Case
where
    S: Service<Request<Body>, Response = Response<B>, Error = Infallible> + 'static,
{
    let service = RefCell::new(service);
    let request = situation.request();
    Case::new(situation.group(), function, move || {
        let response = answer(&mut *service.borrow_mut(), request.clone());
        response.headers().len() as u64
    })
}

/// Calls a service whose future is ready when it is first asked.
pub fn answer<S>(service: &mut S, request: Request<Body>) -> S::Response
where
    S: Service<Request<Body>, Error = Infallible>,
{
    let future = pin!(service.call(request));
    match future.poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(Ok(response)) => response,
        Poll::Pending => panic!("the service kept the visitor waiting"),
    }
}

#[cfg(test)]
mod tests {
    use std::future::{Ready, ready};

    use super::*;

    /// A shop that keeps what it was asked in its response's extensions.
    #[derive(Clone)]
    struct Recorder(Shop);

    #[derive(Clone)]
    struct Asked(http::HeaderMap);

    impl Service<Request<Body>> for Recorder {
        type Response = Response<Body>;
        type Error = Infallible;
        type Future = Ready<Result<Response<Body>, Infallible>>;

        fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
            Poll::Ready(Ok(()))
        }

        fn call(&mut self, request: Request<Body>) -> Self::Future {
            let asked = Asked(request.headers().clone());
            let mut response = answer(&mut self.0, request);
            response.extensions_mut().insert(asked);
            ready(Ok(response))
        }
    }

    /// The names of the cookies that reached the shop, and of those that its response set and
    /// removed.
    fn passed<B>(
        situation: Situation,
        service: impl Service<Request<Body>, Response = Response<B>, Error = Infallible>,
    ) -> [Vec<String>; 3] {
        let mut service = service;
        let response = answer(&mut service, situation.request());
        let asked: &Asked = response.extensions().get().unwrap();
        let text = |value: &http::HeaderValue| value.to_str().unwrap().to_owned();
        let name = |pair: &str| pair.split_once('=').unwrap().0.trim().to_owned();
        let cookies = asked.0.get_all(COOKIE).iter().map(text);
        let mut cookies: Vec<String> = cookies
            .flat_map(|line| line.split(';').map(name).collect::<Vec<_>>())
            .collect();
        let lines = response.headers().get_all(SET_COOKIE).iter().map(text);
        let (removed, set): (Vec<String>, Vec<String>) =
            lines.partition(|line| line.contains("Max-Age=0") || line.contains("=; Expires="));
        let names = |lines: Vec<String>| {
            let mut names: Vec<String> = lines.iter().map(|line| name(line)).collect();
            names.sort();
            names
        };
        cookies.sort();
        [cookies, names(set), names(removed)]
    }

    #[test]
    fn the_traffic_is_what_the_tables_say() {
        for (situation, expected) in [
            (Situation::NoCookies, [0, 0, 0]),
            (Situation::Unchanged, [25, 0, 0]),
            (Situation::Undecided, [25, 10, 0]),
            (Situation::Refused, [25, 10, 0]),
        ] {
            let shop = Recorder(Shop::of(situation));
            let counted = passed(situation, shop).map(|names| names.len());
            assert_eq!(counted, expected, "{situation:?}");
        }
    }

    #[test]
    fn every_row_lets_pass_what_the_tables_say_and_nothing_else() {
        for (situation, expected) in [
            (Situation::NoCookies, [0, 0, 0]),
            (Situation::Unchanged, [25, 0, 0]),
            (Situation::Undecided, [8, 4, 0]),
            (Situation::Refused, [8, 4, 17]),
        ] {
            let shop = Recorder(Shop::of(situation));
            let ours = passed(situation, consent(shop.clone()));
            assert_eq!(
                ours.clone().map(|names| names.len()),
                expected,
                "{situation:?}"
            );
            assert_eq!(passed(situation, jar(shop.clone())), ours, "{situation:?}");
            assert_eq!(passed(situation, cookie_crate(shop)), ours, "{situation:?}");
        }
    }

    #[test]
    fn the_layer_of_tower_http_marks_the_cookies() {
        let situation = Situation::Undecided;
        let shop = Recorder(Shop::of(situation));
        let response = answer(&mut sensitive(shop), situation.request());
        let asked: &Asked = response.extensions().get().unwrap();
        let lines = asked.0.get_all(COOKIE).iter();
        let all = lines.chain(response.headers().get_all(SET_COOKIE));
        let marked = all.filter(|line| line.is_sensitive());
        assert_eq!(marked.count(), 11);
    }
}
