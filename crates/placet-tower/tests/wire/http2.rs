//! HTTP/2 with prior knowledge: `Cookie` in crumbs, many streams on a connection, trailers.

use bytes::Bytes;
use http::header::{COOKIE, SET_COOKIE};
use http::{HeaderMap, HeaderValue, Request, Response, StatusCode, Version};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::client::conn::http2::SendRequest;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::net::TcpStream;
use tokio::sync::mpsc;

use crate::bodies::{fed, with_trailer};
use crate::server::{Answer, Server, setting, text};
use crate::shop::{OPTIONAL, layer, visitor};

type Client = SendRequest<Full<Bytes>>;
type Crumbs<'c> = &'c [&'c [u8]];

async fn connect(server: &Server) -> Client {
    let stream = TcpStream::connect(server.address).await.unwrap();
    let mut connecting = hyper::client::conn::http2::Builder::new(TokioExecutor::new());
    connecting.max_header_list_size(1 << 20);
    let (client, connection) = connecting.handshake(TokioIo::new(stream)).await.unwrap();
    tokio::spawn(connection);
    client
}

/// A request whose `Cookie` is sent in these crumbs, one field each (RFC 9113 section 8.2.3).
fn with_crumbs(crumbs: &[&[u8]]) -> Request<Full<Bytes>> {
    let mut request = Request::new(Full::default());
    *request.uri_mut() = "http://shop.example/".parse().unwrap();
    for crumb in crumbs {
        let crumb = HeaderValue::from_bytes(crumb).unwrap();
        request.headers_mut().append(COOKIE, crumb);
    }
    request
}

fn set_cookies(headers: &HeaderMap) -> Vec<&[u8]> {
    let lines = headers.get_all(SET_COOKIE).into_iter();
    lines.map(HeaderValue::as_bytes).collect()
}

#[tokio::test]
async fn every_crumb_is_filtered_and_those_that_stay_stay_in_order() {
    let server = Server::behind(&layer(), |request: Request<Incoming>| async move {
        assert_eq!(request.version(), Version::HTTP_2);
        Ok(setting("ok", &[b"session=1", b"_fbp=2", b"x=3"]))
    })
    .await;
    let mut client = connect(&server).await;
    let everything = visitor(&OPTIONAL);
    let analytics = visitor(&["analytics"]);
    let cases: [(Crumbs, Crumbs); 5] = [
        (
            &[b"_fbp=1", b"session=a", b"x=1", b"session=b", b"lang=de"],
            &[b"session=a", b"session=b"],
        ),
        (&[b"_fbp=1; session=a", b"lang=de; x=1"], &[b"session=a"]),
        (&[b"_fbp=1", b"x=\xff"], &[]),
        (
            &[
                everything.as_bytes(),
                b"_fbp=1",
                b"lang=\xc3\xa9",
                b"_pk_id=2",
            ],
            &[
                everything.as_bytes(),
                b"_fbp=1",
                b"lang=\xc3\xa9",
                b"_pk_id=2",
            ],
        ),
        (
            &[b"_pk_id=2", b"_fbp=1", analytics.as_bytes()],
            &[b"_pk_id=2", analytics.as_bytes()],
        ),
    ];
    for (crumbs, expected) in cases {
        client.ready().await.unwrap();
        let response = client.send_request(with_crumbs(crumbs)).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        let passing = if crumbs[0] == everything.as_bytes() {
            2
        } else {
            1
        };
        let set = set_cookies(response.headers());
        assert_eq!(set[..passing], [&b"session=1"[..], b"_fbp=2"][..passing]);
        let reached = server.reached();
        assert_eq!(reached.last().unwrap().cookies(), expected);
    }
}

#[tokio::test]
async fn streams_of_one_connection_have_each_their_own_standing() {
    let server = Server::behind(&layer(), |request: Request<Incoming>| async move {
        let cookies = request.headers().get_all(COOKIE).iter();
        let cookies: Vec<_> = cookies.map(HeaderValue::as_bytes).collect();
        let body = text(cookies.join(&b"; "[..]));
        let mut response = setting("", &[b"lang=1", b"_pk_id=1", b"_fbp=1"]);
        *response.body_mut() = body;
        Ok(response)
    })
    .await;
    let mut client = connect(&server).await;
    let mut answers = Vec::new();
    for number in 0..120 {
        let granted = OPTIONAL[number % 3];
        let choice = visitor(&[granted]);
        let crumbs = [choice.as_bytes(), b"lang=0", b"_pk_id=0", b"_fbp=0"];
        client.ready().await.unwrap();
        let answer = client.send_request(with_crumbs(&crumbs));
        answers.push((number % 3, choice, tokio::spawn(answer)));
    }
    for (which, choice, answer) in answers {
        let response = answer.await.unwrap().unwrap();
        let passing = [&b"lang=1"[..], b"_pk_id=1", b"_fbp=1"][which];
        assert_eq!(set_cookies(response.headers())[0], passing);
        let seen = response.into_body().collect().await.unwrap().to_bytes();
        let cookie = ["lang=0", "_pk_id=0", "_fbp=0"][which];
        assert_eq!(seen, format!("{choice}; {cookie}"));
    }
}

#[tokio::test]
async fn a_trailer_passes_without_the_cookies_that_no_trailer_may_set() {
    for (layer, expected) in [
        (layer(), &[][..]),
        (layer().report_only(), &[&b"_fbp=1"[..], b"session=1"]),
    ] {
        let server = Server::behind(&layer, |_| async { Ok(Response::new(with_trailer())) }).await;
        let mut client = connect(&server).await;
        let response = client.send_request(with_crumbs(&[])).await.unwrap();
        let body = response.into_body().collect().await.unwrap();
        let trailer = body.trailers().unwrap();
        assert_eq!(trailer["server-timing"], "db;dur=5");
        assert_eq!(set_cookies(trailer), expected);
        assert_eq!(body.to_bytes(), "body");
    }
}

#[tokio::test]
async fn a_stream_that_never_ends_is_handed_on_as_it_comes() {
    let (feed, feeding) = mpsc::channel(1);
    let feeding = std::sync::Arc::new(std::sync::Mutex::new(Some(feeding)));
    let server = Server::behind(&layer(), move |_| {
        let feeding = feeding.lock().unwrap().take().unwrap();
        async move { Ok(Response::new(fed(feeding))) }
    })
    .await;
    let mut client = connect(&server).await;
    let response = client.send_request(with_crumbs(&[b"_fbp=1"])).await;
    let mut body = response.unwrap().into_body();
    for number in 0..100_u32 {
        let part = Bytes::from(number.to_string());
        feed.send(part.clone()).await.unwrap();
        let frame = body.frame().await.unwrap().unwrap();
        assert_eq!(frame.into_data().unwrap(), part);
    }
}

#[tokio::test]
async fn a_head_that_the_server_finds_too_long_is_refused_by_the_server() {
    async fn ok(_: Request<Incoming>) -> Answer {
        Ok(setting("ok", &[b"session=1"]))
    }
    for server in [Server::behind(&layer(), ok).await, Server::bare(ok).await] {
        let mut client = connect(&server).await;
        let long = [b"session=", &b"x".repeat(64 * 1024)[..]].concat();
        let response = client.send_request(with_crumbs(&[&long])).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(server.only_reached().cookies(), [&long[..]]);

        let too_long = [b"session=", &b"x".repeat(128 * 1024)[..]].concat();
        client.ready().await.unwrap();
        let response = client.send_request(with_crumbs(&[&too_long])).await;
        let status = response.unwrap().status();
        assert_eq!(status, StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE);
        assert_eq!(server.reached().len(), 1);
    }
}
