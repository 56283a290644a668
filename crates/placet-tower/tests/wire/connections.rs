//! What HTTP/1.1 does with a connection stays as it is: lengths, interim responses, upgrades.

use std::convert::Infallible;

use http::header::{CONNECTION, CONTENT_LENGTH, ETAG, SET_COOKIE, UPGRADE};
use http::{HeaderValue, Request, Response, StatusCode};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::raw::{Raw, request};
use crate::server::{Answer, Server, setting, text};
use crate::shop::layer;

#[tokio::test]
async fn head_announces_the_length_that_get_has_and_sends_no_body() {
    async fn page(request: Request<Incoming>) -> Answer {
        let mut response = setting("twelve bytes", &[b"session=1", b"_fbp=1"]);
        if request.method() == "HEAD" {
            response
                .headers_mut()
                .insert(CONTENT_LENGTH, HeaderValue::from_static("12"));
            *response.body_mut() = text("");
        }
        Ok(response)
    }
    let server = Server::behind(&layer(), page).await;
    let mut connection = Raw::connect(server.address).await;
    connection.send(request("HEAD", &[], b"")).await;
    let head = connection.head().await;
    assert_eq!(head.all("content-length"), [b"12"]);
    assert_eq!(head.set_cookies(), [b"session=1"]);
    // The next bytes are those of the next response.
    connection.send(request("GET", &[], b"")).await;
    let (get, body) = connection.response().await;
    assert_eq!(body, b"twelve bytes");
    assert_eq!(get.set_cookies(), head.set_cookies());
}

#[tokio::test]
async fn a_304_keeps_its_validator_and_has_no_body_with_cookies_or_without() {
    async fn unchanged(request: Request<Incoming>) -> Answer {
        let lines: &[&[u8]] = match request.headers().get("x-cookies") {
            Some(_) => &[b"_fbp=1", b"session=1"],
            None => &[],
        };
        let mut response = setting("", lines);
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        let tag = HeaderValue::from_static("\"v1\"");
        response.headers_mut().insert(ETAG, tag);
        Ok(response)
    }
    let server = Server::behind(&layer(), unchanged).await;
    let mut connection = Raw::connect(server.address).await;
    for (fields, passing) in [
        (&[][..], &[][..]),
        (&[("X-Cookies", &b"1"[..])], &[&b"session=1"[..]]),
        (&[], &[]),
    ] {
        let head = connection.get(fields).await;
        assert_eq!(head.status, "HTTP/1.1 304 Not Modified");
        assert_eq!(head.all("etag"), [b"\"v1\""]);
        assert_eq!(head.set_cookies(), passing);
        assert!(head.all("content-length").is_empty());
    }
}

#[tokio::test]
async fn a_client_that_expects_100_continue_gets_it_when_the_handler_reads_and_not_before() {
    async fn echo(request: Request<Incoming>) -> Answer {
        if request.headers().contains_key("x-refused") {
            let mut response = setting("", &[b"_fbp=1"]);
            *response.status_mut() = StatusCode::PAYLOAD_TOO_LARGE;
            return Ok(response);
        }
        let body = request.into_body().collect().await?.to_bytes();
        let mut response = setting("", &[b"session=1", b"_fbp=1"]);
        *response.body_mut() = text(body);
        Ok(response)
    }
    let server = Server::behind(&layer(), echo).await;
    let expecting: [(&str, &[u8]); 3] = [
        ("Expect", b"100-continue"),
        ("Content-Length", b"5"),
        ("Cookie", b"_fbp=1; session=1"),
    ];
    let mut connection = Raw::connect(server.address).await;
    connection.send(request("POST", &expecting, b"")).await;
    let interim = connection.head().await;
    assert_eq!(interim.status, "HTTP/1.1 100 Continue");
    assert!(interim.fields.is_empty(), "{interim:?}");
    connection.send("hello").await;
    let (head, body) = connection.response().await;
    assert_eq!(body, b"hello");
    assert_eq!(head.set_cookies(), [b"session=1"]);
    assert_eq!(server.only_reached().cookies(), [b"session=1"]);

    let mut connection = Raw::connect(server.address).await;
    let refused = [&expecting[..], &[("X-Refused", b"1")]].concat();
    connection.send(request("POST", &refused, b"")).await;
    let head = connection.head().await;
    assert_eq!(head.status, "HTTP/1.1 413 Payload Too Large");
    assert!(head.set_cookies().is_empty());
}

#[tokio::test]
async fn an_upgraded_connection_belongs_to_both_ends_and_its_bytes_are_not_looked_at() {
    async fn socket(mut request: Request<Incoming>) -> Answer {
        let upgraded = hyper::upgrade::on(&mut request);
        tokio::spawn(async move {
            let mut socket = TokioIo::new(upgraded.await.unwrap());
            // The server speaks first, then answers what it hears until it hears nothing more.
            socket.write_all(GREETING).await.unwrap();
            let mut heard = [0; 256];
            while let Ok(length @ 1..) = socket.read(&mut heard).await {
                socket.write_all(&heard[..length]).await.unwrap();
            }
        });
        let mut response = Response::new(text(""));
        *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
        let headers = response.headers_mut();
        headers.insert(CONNECTION, HeaderValue::from_static("upgrade"));
        headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
        let accepted = HeaderValue::from_static("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
        headers.insert("sec-websocket-accept", accepted);
        headers.append(SET_COOKIE, HeaderValue::from_static("_fbp=1"));
        headers.append(SET_COOKIE, HeaderValue::from_static("session=1"));
        Ok(response)
    }
    const GREETING: &[u8] = b"\x81\x02hi";
    let handshake: [(&str, &[u8]); 5] = [
        ("Connection", b"Upgrade"),
        ("Upgrade", b"websocket"),
        ("Sec-WebSocket-Version", b"13"),
        ("Sec-WebSocket-Key", b"dGhlIHNhbXBsZSBub25jZQ=="),
        ("Cookie", b"_fbp=1; session=1"),
    ];
    let server = Server::behind(&layer(), socket).await;
    let mut connection = Raw::connect(server.address).await;
    connection.send(request("GET", &handshake, b"")).await;
    let head = connection.head().await;
    assert_eq!(head.status, "HTTP/1.1 101 Switching Protocols");
    assert_eq!(
        head.all("sec-websocket-accept"),
        [b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo="]
    );
    assert_eq!(head.set_cookies(), [b"session=1"]);
    assert_eq!(server.only_reached().cookies(), [b"session=1"]);
    assert_eq!(connection.exactly(GREETING.len()).await, GREETING);
    for heard in [
        &b"\x82\x05\x00\xff\x01\x02\x03"[..],
        b"GET / HTTP/1.1\r\nCookie: _fbp=1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nSet-Cookie: _fbp=1\r\n\r\n",
    ] {
        connection.send(heard).await;
        assert_eq!(connection.exactly(heard.len()).await, heard);
    }
}

#[tokio::test]
async fn requests_sent_ahead_are_answered_in_order() {
    let server = Server::behind(&layer(), |request: Request<Incoming>| async move {
        let path = request.uri().path().to_owned();
        let mut response = setting("", &[b"_fbp=1"]);
        *response.body_mut() = text(path);
        Ok::<_, Infallible>(response).map_err(|never| match never {})
    })
    .await;
    let mut connection = Raw::connect(server.address).await;
    let ahead = (0..20).map(|n| {
        format!("GET /{n} HTTP/1.1\r\nHost: shop.example\r\nCookie: session={n}; _fbp={n}\r\n\r\n")
    });
    connection.send(ahead.collect::<String>()).await;
    for number in 0..20 {
        let (head, body) = connection.response().await;
        assert_eq!(body, format!("/{number}").as_bytes());
        assert!(head.set_cookies().is_empty());
        let expected = format!("session={number}");
        assert_eq!(server.reached()[number].cookies(), [expected.as_bytes()]);
    }
}
