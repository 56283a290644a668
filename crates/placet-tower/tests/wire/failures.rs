//! What fails behind the layer fails in front of it in the same way, and readiness is the inner
//! service's.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Full, channel::Channel};
use hyper::body::Incoming;
use tokio::sync::Notify;
use tower::{Layer, Service, ServiceExt};

use crate::raw::{Raw, request};
use crate::server::{Answer, Failure, Server, setting};
use crate::shop::layer;

#[tokio::test]
async fn a_handler_that_fails_ends_the_connection_as_it_does_without_the_layer() {
    async fn fails(request: Request<Incoming>) -> Answer {
        match request.headers().contains_key("x-fail") {
            true => Err(Failure::Handler),
            false => Ok(setting("ok", &[])),
        }
    }
    for server in [
        Server::behind(&layer(), fails).await,
        Server::bare(fails).await,
    ] {
        let mut connection = Raw::connect(server.address).await;
        connection.send(request("GET", &[], b"")).await;
        assert_eq!(connection.response().await.1, b"ok");
        let fields: [(&str, &[u8]); 2] = [("X-Fail", b"1"), ("Cookie", b"_fbp=1")];
        connection.send(request("GET", &fields, b"")).await;
        assert_eq!(connection.rest().await, b"");
        // The server goes on for others.
        let mut connection = Raw::connect(server.address).await;
        connection.send(request("GET", &[], b"")).await;
        assert_eq!(connection.response().await.1, b"ok");
    }
}

#[tokio::test]
async fn a_body_that_breaks_off_breaks_off_for_the_client_too() {
    let has_read = Arc::new(Notify::new());
    let breaks_off = {
        let has_read = Arc::clone(&has_read);
        move |_: Request<Incoming>| {
            let (mut sender, body) = Channel::new(1);
            let has_read = Arc::clone(&has_read);
            tokio::spawn(async move {
                let begun = Bytes::from_static(b"begun");
                sender.send_data(begun).await.unwrap();
                has_read.notified().await;
                sender.abort(Failure::Handler);
            });
            async move { Ok(Response::new(body.boxed_unsync())) }
        }
    };
    for server in [
        Server::behind(&layer(), breaks_off.clone()).await,
        Server::bare(breaks_off).await,
    ] {
        let mut connection = Raw::connect(server.address).await;
        connection.get(&[]).await;
        assert_eq!(connection.chunk().await, b"begun");
        has_read.notify_one();
        assert_eq!(connection.rest().await, b"", "no last chunk");
    }
}

/// Is ready at every second question, and may only be called when it said so.
#[derive(Clone)]
struct Hesitant {
    asked: Arc<AtomicUsize>,
    said_ready: bool,
    fails: bool,
}

impl Service<Request<Full<Bytes>>> for Hesitant {
    type Response = Response<Full<Bytes>>;
    type Error = &'static str;
    type Future = Ready<Result<Self::Response, Self::Error>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        if self.asked.fetch_add(1, Ordering::Relaxed).is_multiple_of(2) {
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        if self.fails {
            return Poll::Ready(Err("never ready"));
        }
        self.said_ready = true;
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Request<Full<Bytes>>) -> Self::Future {
        assert!(std::mem::take(&mut self.said_ready), "called before ready");
        ready(Ok(Response::default()))
    }
}

#[tokio::test]
async fn the_layer_is_ready_when_the_inner_service_is() {
    let asked = Arc::new(AtomicUsize::new(0));
    let hesitant = |fails| Hesitant {
        asked: Arc::clone(&asked),
        said_ready: false,
        fails,
    };
    let mut service = layer().layer(hesitant(false));
    for number in 1..4 {
        service.ready().await.unwrap();
        assert_eq!(asked.load(Ordering::Relaxed), 2 * number);
        service.call(Request::default()).await.unwrap();
    }
    let mut service = layer().layer(hesitant(true));
    let error = service.ready().await.map(|_| ()).unwrap_err();
    assert_eq!(error, "never ready");
}

#[tokio::test]
async fn an_inner_service_that_takes_one_request_at_a_time_is_given_one_at_a_time() {
    let under_way = Arc::new(AtomicUsize::new(0));
    let shop = tower::service_fn(move |_: Request<Full<Bytes>>| {
        let under_way = Arc::clone(&under_way);
        async move {
            assert_eq!(under_way.fetch_add(1, Ordering::SeqCst), 0);
            tokio::task::yield_now().await;
            assert_eq!(under_way.fetch_sub(1, Ordering::SeqCst), 1);
            Ok::<_, Infallible>(Response::<Full<Bytes>>::default())
        }
    });
    let one = tower::limit::ConcurrencyLimit::new(shop, 1);
    let service = layer().layer(one);
    let calls = (0..50).map(|_| tokio::spawn(service.clone().oneshot(Request::default())));
    for call in calls.collect::<Vec<_>>() {
        call.await.unwrap().unwrap();
    }
}
