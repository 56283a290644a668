//! Bodies pass frame by frame, as they come and as fast as they are taken, with their trailers.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use http::header::{COOKIE, HeaderMap, SET_COOKIE, TRAILER};
use http::{HeaderValue, Request, Response};
use http_body_util::BodyExt;
use http_body_util::channel::Channel;
use hyper::body::Incoming;
use tokio::sync::mpsc;
use tokio::time::sleep;

use crate::raw::{Raw, request};
use crate::server::{Answer, Body, Failure, Server, text};
use crate::shop::layer;

/// A body that sends what is handed to it.
pub(crate) fn fed(mut feed: mpsc::Receiver<Bytes>) -> Body {
    let (mut sender, body) = Channel::<Bytes, Failure>::new(1);
    tokio::spawn(async move {
        while let Some(bytes) = feed.recv().await {
            if sender.send_data(bytes).await.is_err() {
                return;
            }
        }
    });
    body.boxed_unsync()
}

#[tokio::test]
async fn a_body_that_never_ends_is_handed_on_as_it_comes() {
    let (feed, feeding) = mpsc::channel(1);
    let feeding = Arc::new(std::sync::Mutex::new(Some(feeding)));
    let server = Server::behind(&layer(), move |_| {
        let feeding = feeding.lock().unwrap().take().unwrap();
        async move { Ok(Response::new(fed(feeding))) }
    })
    .await;
    let mut connection = Raw::connect(server.address).await;
    let head = connection.get(&[("Cookie", b"_fbp=1")]).await;
    assert_eq!(head.all("transfer-encoding"), [b"chunked"]);
    // No part is sent before the one before it has arrived.
    for number in 0..100 {
        let part = format!("data: {number}\n\n");
        feed.send(Bytes::from(part.clone())).await.unwrap();
        assert_eq!(connection.chunk().await, part.as_bytes());
    }
}

#[tokio::test]
async fn a_request_body_reaches_the_handler_as_it_comes() {
    async fn echo(request: Request<Incoming>) -> Answer {
        let (feed, feeding) = mpsc::channel(1);
        let mut body = request.into_body();
        tokio::spawn(async move {
            while let Some(Ok(frame)) = body.frame().await {
                let Ok(data) = frame.into_data() else {
                    continue;
                };
                if feed.send(data).await.is_err() {
                    return;
                }
            }
        });
        Ok(Response::new(fed(feeding)))
    }
    let server = Server::behind(&layer(), echo).await;
    let mut connection = Raw::connect(server.address).await;
    let chunked: [(&str, &[u8]); 1] = [("Transfer-Encoding", b"chunked")];
    connection.send(request("POST", &chunked, b"")).await;
    connection.head().await;
    for part in ["one", "two", "Cookie: _fbp=1"] {
        connection
            .send(format!("{:x}\r\n{part}\r\n", part.len()))
            .await;
        assert_eq!(connection.chunk().await, part.as_bytes());
    }
    connection.send("0\r\n\r\n").await;
    assert_eq!(connection.chunk().await, b"");
}

#[tokio::test]
async fn a_body_is_produced_no_faster_than_it_is_taken() {
    const PART: usize = 64 * 1024;
    /// More than the buffers of both ends of a loopback connection hold.
    const MOST: usize = 64 * 1024 * 1024 / PART;
    let produced = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&produced);
    let server = Server::behind(&layer(), move |_| {
        let counter = Arc::clone(&counter);
        let (mut sender, body) = Channel::<Bytes, Failure>::new(1);
        tokio::spawn(async move {
            let part = Bytes::from(vec![b'x'; PART]);
            while sender.send_data(part.clone()).await.is_ok() {
                counter.fetch_add(1, Ordering::Relaxed);
            }
        });
        async move { Ok(Response::new(body.boxed_unsync())) }
    })
    .await;
    let mut connection = Raw::connect(server.address).await;
    connection.get(&[]).await;
    let stalled = stalls(&produced).await;
    assert!(
        stalled < MOST,
        "{stalled} parts for a client that reads none"
    );
    for _ in 0..stalled + 8 {
        assert_eq!(connection.chunk().await.len(), PART);
    }
    assert!(produced.load(Ordering::Relaxed) > stalled);
}

/// Waits until a count stands still, and gives it.
async fn stalls(count: &AtomicUsize) -> usize {
    loop {
        let before = count.load(Ordering::Relaxed);
        sleep(Duration::from_millis(300)).await;
        if before > 0 && count.load(Ordering::Relaxed) == before {
            return before;
        }
    }
}

#[tokio::test]
async fn the_trailer_of_a_response_follows_its_body() {
    let server = Server::behind(&layer(), |_| async {
        let mut response = Response::new(with_trailer());
        let names = HeaderValue::from_static("server-timing, set-cookie");
        response.headers_mut().insert(TRAILER, names);
        Ok(response)
    })
    .await;
    let mut connection = Raw::connect(server.address).await;
    let head = connection.get(&[("TE", b"trailers")]).await;
    assert!(head.set_cookies().is_empty());
    assert_eq!(connection.chunk().await, b"body");
    assert_eq!(connection.chunk().await, b"");
    // Of the fields named, hyper sends those that may stand in a trailer.
    let trailer = connection.up_to(b"\r\n\r\n").await;
    assert_eq!(
        trailer.to_ascii_lowercase(),
        b"server-timing: db;dur=5\r\n\r\n"
    );
}

/// A body with a trailer that sets cookies, as no trailer may (RFC 9110 section 6.5.1).
pub(crate) fn with_trailer() -> Body {
    let (mut sender, body) = Channel::<Bytes, Failure>::new(1);
    tokio::spawn(async move {
        let mut trailer = HeaderMap::new();
        trailer.insert("server-timing", HeaderValue::from_static("db;dur=5"));
        for line in ["_fbp=1", "session=1"] {
            trailer.append(SET_COOKIE, HeaderValue::from_static(line));
        }
        sender.send_data(Bytes::from_static(b"body")).await.unwrap();
        sender.send_trailers(trailer).await.unwrap();
    });
    body.boxed_unsync()
}

#[tokio::test]
async fn the_trailer_of_a_request_is_the_handlers_to_read_and_no_part_of_its_headers() {
    async fn trailer(request: Request<Incoming>) -> Answer {
        let cookies = request.headers().get_all(COOKIE).iter().count();
        let body = request.into_body().collect().await?;
        let digest = body.trailers().and_then(|fields| fields.get("digest"));
        let digest = String::from_utf8_lossy(digest.unwrap().as_bytes()).into_owned();
        Ok(Response::new(text(format!("{cookies} {digest}"))))
    }
    let server = Server::behind(&layer(), trailer).await;
    let mut connection = Raw::connect(server.address).await;
    let fields: [(&str, &[u8]); 3] = [
        ("Transfer-Encoding", b"chunked"),
        ("Trailer", b"digest, cookie"),
        ("Cookie", b"_fbp=1"),
    ];
    let body = b"4\r\nbody\r\n0\r\nDigest: abc\r\nCookie: _fbp=1\r\n\r\n";
    connection.send(request("POST", &fields, body)).await;
    let (head, body) = connection.response().await;
    assert_eq!(head.status, "HTTP/1.1 200 OK");
    assert_eq!(body, b"0 abc");
    assert!(server.only_reached().cookies().is_empty());
}
