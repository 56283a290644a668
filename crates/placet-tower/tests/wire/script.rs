//! The script over the wire: under its plain name and that of its content, for caches and without
//! cookies, and another one as soon as the policy is another.

use http::Request;
use hyper::body::Incoming;
use placet::Policy;
use placet_tower::{ConsentLayer, LivePolicy, RegionSource, Standing};

use crate::raw::{Head, Raw};
use crate::server::{Answer, Server, setting, text};
use crate::shop::{layer_of, policy, visitor};

/// A page that names its script by the content.
async fn page(request: Request<Incoming>) -> Answer {
    let standing = request.extensions().get::<Standing>().unwrap();
    let mut response = setting("", &[]);
    *response.body_mut() = text(standing.script().unwrap_or_default());
    Ok(response)
}

fn served(policy: impl Into<LivePolicy>) -> ConsentLayer {
    layer_of(policy).script(&["en"]).unwrap()
}

async fn ask(raw: &mut Raw, method: &str, path: &str, fields: &str) -> (Head, Vec<u8>) {
    raw.send(format!(
        "{method} {path} HTTP/1.1\r\nHost: shop.example\r\n{fields}\r\n"
    ))
    .await;
    if method == "HEAD" {
        (raw.head().await, Vec::new())
    } else {
        raw.response().await
    }
}

fn one<'h>(head: &'h Head, name: &str) -> &'h str {
    let all = head.all(name);
    assert_eq!(all.len(), 1, "{name}: {head:?}");
    str::from_utf8(all[0]).unwrap()
}

#[tokio::test]
async fn the_script_and_what_it_loads_are_for_every_cache_and_carry_no_cookie() {
    let server = Server::behind(&served(policy()), page).await;
    let mut raw = Raw::connect(server.address).await;
    // Of this visitor, cookies are removed wherever there is an occasion.
    let fields = format!(
        "Accept-Encoding: br\r\nSec-Fetch-Dest: empty\r\nCookie: {}; _fbp=1\r\n",
        visitor(&[])
    );
    for (path, media_type) in [
        ("placet.js", "text/javascript; charset=utf-8"),
        ("placet-fallback.js", "text/javascript; charset=utf-8"),
        ("locales/de.json", "application/json"),
    ] {
        let path = format!("/.placet/{path}");
        let (head, body) = ask(&mut raw, "GET", &path, &fields).await;
        assert_eq!(head.status, "HTTP/1.1 200 OK", "{path}");
        assert_eq!(one(&head, "content-type"), media_type);
        assert_eq!(one(&head, "content-encoding"), "br");
        assert_eq!(one(&head, "vary"), "Accept-Encoding");
        assert_eq!(one(&head, "cache-control"), "public, no-cache");
        assert_eq!(one(&head, "x-content-type-options"), "nosniff");
        assert!(head.set_cookies().is_empty(), "{head:?}");
        let (same, _) = ask(&mut raw, "HEAD", &path, &fields).await;
        assert_eq!(one(&same, "content-length"), body.len().to_string());
        assert_eq!(one(&same, "etag"), one(&head, "etag"));
        let known = format!("{fields}If-None-Match: {}\r\n", one(&head, "etag"));
        let (head, body) = ask(&mut raw, "GET", &path, &known).await;
        assert_eq!(head.status, "HTTP/1.1 304 Not Modified");
        assert!(body.is_empty());
        let (head, _) = ask(&mut raw, "POST", &path, "Content-Length: 0\r\n").await;
        assert_eq!(head.status, "HTTP/1.1 405 Method Not Allowed");
        assert_eq!(one(&head, "allow"), "GET, HEAD, OPTIONS");
    }
    for path in ["placet.mjs", "locales/xx.json", "placet.1.js"] {
        let (head, _) = ask(&mut raw, "GET", &format!("/.placet/{path}"), "").await;
        assert_eq!(head.status, "HTTP/1.1 404 Not Found", "{path}");
    }
}

#[tokio::test]
async fn another_policy_has_another_script_from_the_next_request_on() {
    let live = LivePolicy::new(policy());
    let server = Server::behind(&served(live.clone()), page).await;
    let mut raw = Raw::connect(server.address).await;
    let (_, name) = ask(&mut raw, "GET", "/", "").await;
    let name = String::from_utf8(name).unwrap();
    let (head, before) = ask(&mut raw, "GET", &name, "").await;
    assert_eq!(
        one(&head, "cache-control"),
        "public, max-age=31536000, immutable"
    );
    let (plain, same) = ask(&mut raw, "GET", "/.placet/placet.js", "").await;
    assert_eq!(one(&plain, "etag"), one(&head, "etag"));
    assert!(before == same && String::from_utf8(before).unwrap().contains("_pk_*"));
    let known = format!("If-None-Match: {}\r\n", one(&plain, "etag"));

    assert!(live.replace_with_json("placet.json", "{").is_err());
    let (head, _) = ask(&mut raw, "GET", "/.placet/placet.js", &known).await;
    assert_eq!(head.status, "HTTP/1.1 304 Not Modified", "the policy stays");

    live.replace_with_json("placet.json", r#"{ "revision": 4, "services": [] }"#)
        .unwrap();
    let (head, after) = ask(&mut raw, "GET", "/.placet/placet.js", &known).await;
    assert_eq!(head.status, "HTTP/1.1 200 OK");
    assert!(!String::from_utf8(after).unwrap().contains("_pk_*"));
    let (_, another) = ask(&mut raw, "GET", "/", "").await;
    assert_ne!(another, name.as_bytes());
    // A page of before still has its script, and nobody keeps it as what it is not.
    let (old, _) = ask(&mut raw, "GET", &name, "").await;
    assert_eq!(old.status, "HTTP/1.1 200 OK");
    assert_eq!(one(&old, "cache-control"), "public, no-cache");
    assert_eq!(one(&old, "etag"), one(&head, "etag"));
}

#[tokio::test]
async fn the_script_is_told_where_its_visitor_is_and_caches_are_not() {
    for (source, region, caching) in [
        (
            RegionSource::fixed("US-CA".parse().unwrap()),
            r#"{"region":"US-CA"}"#,
            "no-store",
        ),
        (RegionSource::cloudflare(), r#"{"region":null}"#, "no-store"),
        (
            RegionSource::default(),
            r#"{"region":null}"#,
            "public, max-age=3600",
        ),
    ] {
        let server = Server::behind(&served(policy()).region(source), page).await;
        let mut raw = Raw::connect(server.address).await;
        let fields = format!("Cookie: {}; _fbp=1\r\n", visitor(&[]));
        let (head, body) = ask(&mut raw, "GET", "/.placet/region", &fields).await;
        assert_eq!(String::from_utf8(body).unwrap(), region);
        assert_eq!(one(&head, "cache-control"), caching);
        assert!(head.set_cookies().is_empty(), "{head:?}");
    }
}

#[tokio::test]
async fn each_site_has_the_script_of_its_policy() {
    let blog = r#"{ "revision": 1, "hosts": ["blog.example"], "services": [] }"#;
    let blog = Policy::from_json("placet.json", blog).unwrap();
    let sites = placet_tower::Sites::new(policy()).and(blog);
    let layer = ConsentLayer::new(sites).script(&["en"]).unwrap();
    let server = Server::behind(&layer, page).await;
    let mut raw = Raw::connect(server.address).await;
    let mut scripts = Vec::new();
    for host in ["shop.example", "blog.example"] {
        raw.send(format!(
            "GET /.placet/placet.js HTTP/1.1\r\nHost: {host}\r\n\r\n"
        ))
        .await;
        scripts.push(String::from_utf8(raw.response().await.1).unwrap());
    }
    assert!(scripts[0].contains("_pk_*") && !scripts[1].contains("_pk_*"));
}

#[tokio::test]
async fn a_layer_that_was_not_told_to_serves_no_script() {
    let server = Server::behind(&layer_of(policy()), page).await;
    let mut raw = Raw::connect(server.address).await;
    for path in ["placet.js", "region", "locales/de.json"] {
        let (head, _) = ask(&mut raw, "GET", &format!("/.placet/{path}"), "").await;
        assert_eq!(head.status, "HTTP/1.1 404 Not Found", "{path}");
    }
    assert_eq!(ask(&mut raw, "GET", "/", "").await.1, b"");
    let error = ConsentLayer::new(policy())
        .script(&["en", "xx"])
        .unwrap_err();
    assert_eq!(error.found, "xx");
}
