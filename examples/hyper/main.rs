//! A shop on hyper alone: the layer around a function, over HTTP/1.1 and HTTP/2.
//!
//! ```text
//! cargo run -p placet-examples --bin hyper-shop             # on 127.0.0.1:3000
//! curl -si http://127.0.0.1:3000/                           # no cookie of Matomo's
//! curl -s -b 'session=1; _pk_id=2' http://127.0.0.1:3000/   # nor does one reach the shop
//! curl -s --http2-prior-knowledge http://127.0.0.1:3000/
//! curl -si -d all=granted http://127.0.0.1:3000/.placet/choice
//! ```
//!
//! Without axum the standing is in the request's extensions.

#![forbid(unsafe_code)]

use std::convert::Infallible;
use std::env;
use std::error::Error;
use std::io::{self, Write};

use bytes::Bytes;
use http::header::{COOKIE, SET_COOKIE};
use http::{HeaderValue, Request, Response};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use hyper_util::service::TowerToHyperService;
use placet::Policy;
use placet_tower::{ConsentLayer, Standing};
use tokio::net::TcpListener;
use tower::{Layer, service_fn};

const POLICY: &str = r#"{
    "revision": 1,
    "services": [
        { "id": "shop", "category": "necessary", "cookies": [{ "name": "session" }] },
        { "id": "matomo", "category": "analytics", "cookies": [{ "name": "_pk_*" }] }
    ]
}"#;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let address = env::args().nth(1);
    let address = address.as_deref().unwrap_or("127.0.0.1:3000");
    let layer = ConsentLayer::new(Policy::from_json("POLICY", POLICY)?);
    let service = TowerToHyperService::new(layer.layer(service_fn(shop)));
    let listener = TcpListener::bind(address).await?;
    writeln!(io::stdout(), "http://{}", listener.local_addr()?)?;
    loop {
        let (stream, _) = listener.accept().await?;
        let service = service.clone();
        tokio::spawn(async move {
            let server = auto::Builder::new(TokioExecutor::new());
            let connection = server.serve_connection_with_upgrades(TokioIo::new(stream), service);
            if let Err(error) = connection.await {
                // A client that goes away is no reason to stop, nor is a log that cannot be written.
                _ = writeln!(io::stderr(), "a connection ended early: {error}");
            }
        });
    }
}

/// Sets cookies as if everybody had agreed to all of them, and tells which ones it got.
async fn shop(request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    let standing = request.extensions().get::<Standing>();
    let counted = standing.is_some_and(|standing| standing.allows("analytics"));
    let mut page = format!("counted: {counted}\ncookies: ").into_bytes();
    for line in request.headers().get_all(COOKIE) {
        page.extend_from_slice(line.as_bytes());
    }
    page.push(b'\n');
    let mut response = Response::new(Full::from(page));
    for cookie in ["session=c0ffee; Path=/; HttpOnly", "_pk_id=5d; Path=/"] {
        let cookie = HeaderValue::from_static(cookie);
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    Ok(response)
}
