//! A small magazine to be put behind nginx, with a page of each kind that a cache has to tell apart.

#![forbid(unsafe_code)]

use std::env;
use std::error::Error;
use std::io::{self, Write};
use std::sync::atomic::{AtomicU64, Ordering};

use axum::Router;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, HeaderName, HeaderValue, SET_COOKIE};
use axum::response::{AppendHeaders, IntoResponse};
use axum::routing::get;
use placet::{Gpc, Policy};
use placet_tower::{ConsentLayer, RegionSource, Standing};
use tokio::net::TcpListener;

/// What a framework would say of every page.
const CACHED: (HeaderName, HeaderValue) = (
    CACHE_CONTROL,
    HeaderValue::from_static("public, max-age=60"),
);
const HTML: (HeaderName, HeaderValue) = (
    CONTENT_TYPE,
    HeaderValue::from_static("text/html; charset=utf-8"),
);
/// How many pages were rendered before, so that one can see which came out of a cache.
const RENDERED: HeaderName = HeaderName::from_static("x-rendered");

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let address = env::args().nth(1);
    let address = address.as_deref().unwrap_or("127.0.0.1:3000");
    let policy = Policy::from_json("placet.json", include_str!("../placet.json"))?;
    let listener = TcpListener::bind(address).await?;
    writeln!(io::stdout(), "http://{}", listener.local_addr()?)?;
    axum::serve(listener, magazine(policy)).await?;
    Ok(())
}

fn magazine(policy: Policy) -> Router {
    // nginx sets the header and drops the visitor's own: see nginx.conf.
    let region = RegionSource::codes(HeaderName::from_static("x-geo-country"), None);
    Router::new()
        .route("/", get(article))
        .route("/decide.js", get(decide))
        .route("/signals", get(signals))
        .route("/offers", get(offers))
        .route("/counted", get(counted))
        .route("/sign-in", get(sign_in))
        .layer(ConsentLayer::new(policy).region(region))
}

/// The same for everybody: it asks nothing of the visitor, and a script in the page decides.
async fn article() -> impl IntoResponse {
    let page = r#"<!doctype html>
<html lang="en">
<title>The magazine</title>
<script type="module" src="/decide.js"></script>
<script type="text/plain" data-category="analytics" data-src="https://stats.example.com/matomo.js"></script>
<h1>The magazine</h1>
<p><a href="/.placet/preferences">Cookies</a></p>
"#;
    ([CACHED, HTML, rendered()], [(ETAG, "\"article-1\"")], page)
}

async fn decide() -> impl IntoResponse {
    let script = (CONTENT_TYPE, HeaderValue::from_static("text/javascript"));
    ([CACHED, script, rendered()], include_str!("decide.js"))
}

/// Depends on the signals alone, of which there are few: the layer adds `Vary: Sec-GPC, DNT`.
async fn signals(standing: Standing) -> impl IntoResponse {
    let page = match standing.signals().gpc {
        Gpc::On => "Opt-out request honoured",
        _ => "No opt-out request",
    };
    ([CACHED, HTML, rendered()], page)
}

/// Depends on what the visitor granted: the layer makes it `private`.
async fn offers(standing: Standing) -> impl IntoResponse {
    let page = if standing.allows("marketing") {
        "Offers for you"
    } else {
        "Offers for everybody"
    };
    ([CACHED, HTML, rendered()], page)
}

/// Tells nginx to keep the page, and sets a cookie that only some visitors get: the layer makes it
/// `private` for all of them, or those who granted would never get theirs.
async fn counted() -> impl IntoResponse {
    let kept = (
        HeaderName::from_static("x-accel-expires"),
        HeaderValue::from_static("60"),
    );
    let cookie = (SET_COOKIE, "_pk_id.1.1fff=5d; Path=/; SameSite=Lax");
    (
        [kept, CACHED, HTML, rendered()],
        AppendHeaders([cookie]),
        "Counted",
    )
}

/// Sets a cookie for everybody.
async fn sign_in() -> impl IntoResponse {
    let cookie = (SET_COOKIE, "session=c0ffee; Path=/; HttpOnly; SameSite=Lax");
    (
        [CACHED, HTML, rendered()],
        AppendHeaders([cookie]),
        "Signed in",
    )
}

fn rendered() -> (HeaderName, HeaderValue) {
    static PAGES: AtomicU64 = AtomicU64::new(0);
    (
        RENDERED,
        HeaderValue::from(PAGES.fetch_add(1, Ordering::Relaxed)),
    )
}
