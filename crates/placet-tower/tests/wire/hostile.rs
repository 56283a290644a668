//! Requests written to be read in two ways. No denied cookie reaches the handler by any of them, and
//! what the server answers is what it answers without the layer.

use http::{Request, Response};
use http_body_util::BodyExt;
use hyper::body::Incoming;

use crate::raw::Raw;
use crate::reader::denied;
use crate::server::{Answer, Server, text};
use crate::shop::layer;

/// What a server without the layer does with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Bare {
    /// Its handler sees cookies that the policy denies.
    SeesDenied,
    /// So it does, and the server closes the connection, as it must after a request whose body may
    /// end at two places (RFC 9112 section 6.1).
    SeesDeniedAndCloses,
    /// Its handler gets the request, and sees none.
    SeesNone,
    /// It refuses the request; the handler gets none.
    Refuses,
}
use Bare::{Refuses, SeesDenied, SeesDeniedAndCloses, SeesNone};

const HEAD: &str = "POST /first HTTP/1.1\r\nHost: shop.example\r\n";
/// Ends the connection, so that there is an end to read up to, and shows whether the server is
/// still in step with the client.
const LAST: &str = "GET /last HTTP/1.1\r\nHost: shop.example\r\nConnection: close\r\n\r\n";

/// What follows `HEAD`, and comes before `LAST`.
const CASES: &[(Bare, &[u8])] = &[
    // Names in any case, with no space or much of it around the value.
    (SeesDenied, b"cookie: _fbp=1\r\n\r\n"),
    (SeesDenied, b"COOKIE:_fbp=1\r\n\r\n"),
    (SeesDenied, b"cOoKiE: \t _fbp=1 \t \r\n\r\n"),
    (SeesDenied, b"Cookie: session=1\r\ncookie: _fbp=1\r\nCOOKIE: x=1\r\n\r\n"),
    (SeesNone, b"Cookie:\r\nCookie: ;;\r\nCookie: session=1\r\n\r\n"),
    // Fields that end with a line feed alone.
    (SeesDenied, b"X-A: 1\nCookie: _fbp=1\n\r\n"),
    (SeesDenied, b"Cookie: session=1\nCookie: _fbp=1\r\n\r\n"),
    // Names that are not `Cookie`, or hide it.
    (Refuses, b"Cookie : _fbp=1\r\n\r\n"),
    (Refuses, b"Cookie\t: _fbp=1\r\n\r\n"),
    (Refuses, b" Cookie: _fbp=1\r\n\r\n"),
    (Refuses, b"Cookie\x00: _fbp=1\r\n\r\n"),
    (Refuses, b"Cookie\r\n\r\n"),
    (Refuses, b"C\xc3\xb6okie: _fbp=1\r\n\r\n"),
    // Bare CR, folded lines, NUL.
    (Refuses, b"Cookie: session=1\rCookie: _fbp=1\r\n\r\n"),
    (Refuses, b"X-A: 1\rCookie: _fbp=1\r\n\r\n"),
    (Refuses, b"Cookie: session=1;\r\n _fbp=1\r\n\r\n"),
    (Refuses, b"X-A: 1\r\n\tCookie: _fbp=1\r\n\r\n"),
    (Refuses, b"Cookie: session=\x001\r\n\r\n"),
    (Refuses, b"Cookie: session=\x7f1\r\n\r\n"),
    // Where the body ends.
    (Refuses, b"Content-Length: 5\r\nContent-Length: 6\r\nCookie: _fbp=1\r\n\r\nhello"),
    (Refuses, b"Content-Length: +5\r\nCookie: _fbp=1\r\n\r\nhello"),
    (Refuses, b"Transfer-Encoding: chunked, identity\r\nCookie: _fbp=1\r\n\r\n0\r\n\r\n"),
    (Refuses, b"Transfer-Encoding: xchunked\r\nCookie: _fbp=1\r\n\r\n0\r\n\r\n"),
    (
        SeesDenied,
        b"Content-Length: 5\r\nContent-Length: 5\r\nCookie: _fbp=1\r\n\r\nhello",
    ),
    (
        SeesDeniedAndCloses,
        b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\nCookie: _fbp=1\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
    ),
    (
        SeesDeniedAndCloses,
        b"Transfer-Encoding: chunked\r\nContent-Length: 0\r\nCookie: _fbp=1\r\n\r\n0\r\n\r\n",
    ),
    // What stands in a body is no header.
    (
        SeesNone,
        b"Content-Length: 51\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\nCookie: _fbp=1\r\n\r\n",
    ),
    (SeesNone, b"Transfer-Encoding: chunked\r\n\r\n2;Cookie: _fbp=1\r\nhi\r\n0\r\n\r\n"),
    (
        SeesNone,
        b"Transfer-Encoding: chunked\r\nTrailer: Cookie\r\n\r\n2\r\nhi\r\n0\r\nCookie: _fbp=1\r\nSet-Cookie: _fbp=1\r\n\r\n",
    ),
    // What comes after it is a request of its own.
    (
        SeesDenied,
        b"Content-Length: 0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\nCookie: _fbp=1\r\n\r\n",
    ),
    // Pairs that readers of one line take apart differently.
    (SeesDenied, b"Cookie: session=\"a;_fbp=1\"\r\n\r\n"),
    (SeesDenied, b"Cookie: session=1 _fbp=1\r\n\r\n"),
    (SeesDenied, b"Cookie: _f%62p=1; session=%3b_fbp=1\r\n\r\n"),
    (SeesDenied, b"Cookie: session=1;;=_fbp=1;\t _fbp\t=1\r\n\r\n"),
    (SeesDenied, b"Cookie: \xc2\xa0_fbp=1; \xa0_fbp=1; _fbp\xff=1\r\n\r\n"),
];

/// Answers with what it was asked and the body it got.
async fn echo(request: Request<Incoming>) -> Answer {
    let (head, body) = request.into_parts();
    let body = body.collect().await?.to_bytes();
    let mut said = format!("{} {} ", head.method, head.uri).into_bytes();
    said.extend_from_slice(&body);
    Ok(Response::new(text(said)))
}

#[tokio::test]
async fn no_denied_cookie_is_smuggled_in_and_the_server_answers_as_it_does_without_the_layer() {
    for (bare, bytes) in CASES {
        let case = bytes.escape_ascii().to_string();
        let all = [HEAD.as_bytes(), bytes, LAST.as_bytes()].concat();
        let behind = Server::behind(&layer(), echo).await;
        let without = Server::bare(echo).await;
        let answered = exchange(&behind, &all).await;
        let expected = exchange(&without, &all).await;
        assert_eq!(
            answered.escape_ascii().to_string(),
            expected.escape_ascii().to_string(),
            "{case}"
        );
        assert_eq!(reached(&behind), reached(&without), "{case}");
        assert_eq!(denied_cookies(&behind), [""; 0], "{case}");
        let reached = without.reached();
        let in_step = reached
            .last()
            .is_some_and(|last| last.target == "GET /last");
        let happened = match (reached.is_empty(), denied_cookies(&without).is_empty()) {
            (true, _) => Refuses,
            (_, true) => SeesNone,
            _ if in_step => SeesDenied,
            _ => SeesDeniedAndCloses,
        };
        assert_eq!(happened, *bare, "{case}");
        assert!(in_step || *bare != SeesNone, "{case}");
    }
}

#[tokio::test]
async fn a_head_longer_than_the_server_takes_is_refused_by_the_server() {
    let long = format!("Cookie: _fbp={}\r\n\r\n", "x".repeat(200 * 1024));
    let many = "Cookie: _fbp=1\r\n".repeat(101) + "\r\n";
    for bytes in [long, many] {
        let behind = Server::behind(&layer(), echo).await;
        let without = Server::bare(echo).await;
        let all = [HEAD, &bytes].concat();
        let answered = exchange(&behind, all.as_bytes()).await;
        assert_eq!(answered, exchange(&without, all.as_bytes()).await);
        assert!(answered.starts_with(b"HTTP/1.1 431 "));
        assert!(behind.reached().is_empty() && without.reached().is_empty());
    }
}

/// All that a server answers, without the moment at which it does.
async fn exchange(server: &Server, bytes: &[u8]) -> Vec<u8> {
    let mut connection = Raw::connect(server.address).await;
    connection.send(bytes).await;
    let answered = connection.rest().await;
    let lines = answered.split_inclusive(|byte| *byte == b'\n');
    let lines = lines.filter(|line| !line.to_ascii_lowercase().starts_with(b"date:"));
    lines.collect::<Vec<_>>().concat()
}

/// The requests that reached the handler, with all of their headers but the cookies.
fn reached(server: &Server) -> Vec<(String, http::HeaderMap)> {
    let reached = server.reached().into_iter().map(|mut reached| {
        reached.headers.remove(http::header::COOKIE);
        (reached.target, reached.headers)
    });
    reached.collect()
}

/// The names of denied cookies that the handler saw.
fn denied_cookies(server: &Server) -> Vec<String> {
    let reached = server.reached();
    let lines = reached.iter().flat_map(|reached| reached.cookies());
    lines.flat_map(|line| denied(line, &[])).collect()
}
