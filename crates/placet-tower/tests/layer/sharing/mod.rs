//! One choice shared by several origins of one owner, and a browser that carries it from one to the
//! other.

mod abuse;
mod carried;

use std::collections::HashMap;

use http::header::{COOKIE, LOCATION, SET_COOKIE};
use http::{Request, Response};
use http_body_util::BodyExt;
use placet::Policy;
use placet_tower::{ConsentLayer, RegionSource, Sites};
use tower::{Layer, ServiceExt, service_fn};

use crate::harness::{Body, NOW, now};

const SHOP: &str = "https://shop.example";
const MAGAZINE: &str = "https://magazine.example";
const CLUB: &str = "https://club.example:8443";
const NONCE: &str = "__Host-placet-share";

/// A policy of one site among those that share.
fn site(revision: u32, host: &str, more: &str) -> Policy {
    let text = format!(
        r#"{{ "revision": {revision}, "hosts": ["{host}"],
            "shared_with": ["{SHOP}", "{MAGAZINE}", "{CLUB}"], {more}
            "services": [
                {{ "id": "site", "category": "necessary", "cookies": [{{ "name": "session" }}] }},
                {{ "id": "matomo", "category": "analytics", "cookies": [{{ "name": "_pk_*" }}] }},
                {{ "id": "meta", "category": "marketing", "cookies": [{{ "name": "_fbp" }}] }}
            ] }}"#
    );
    Policy::from_json("placet.json", &text).unwrap_or_else(|error| panic!("{error}"))
}

/// Three sites, each with a policy of its own.
fn sites() -> ConsentLayer {
    layer([
        site(3, "shop.example", ""),
        site(3, "magazine.example", ""),
        site(3, "club.example", ""),
    ])
}

fn layer([first, second, third]: [Policy; 3]) -> ConsentLayer {
    ConsentLayer::new(Sites::new(first).and(second).and(third))
        .region(RegionSource::fixed("DE".parse().unwrap()))
        .clock(now)
}

/// A browser, as far as cookies and redirects go: every cookie here is host-only and at `/`.
struct Browser {
    layer: ConsentLayer,
    jars: HashMap<String, Vec<(String, String)>>,
    gpc: bool,
    /// Every address it went to.
    went: Vec<String>,
}

impl Browser {
    fn new(layer: ConsentLayer) -> Self {
        Self {
            layer,
            jars: HashMap::new(),
            gpc: false,
            went: Vec::new(),
        }
    }

    fn cookie(&self, origin: &str, name: &str) -> Option<&str> {
        let mut jar = self.jars.get(host(origin))?.iter();
        let (_, value) = jar.find(|(known, _)| known == name)?;
        Some(value)
    }

    fn put(&mut self, origin: &str, name: &str, value: &str) {
        let jar = self.jars.entry(host(origin).to_owned()).or_default();
        jar.retain(|(known, _)| known != name);
        jar.push((name.to_owned(), value.to_owned()));
    }

    /// One request and its response, whose cookies are kept.
    async fn send(
        &mut self,
        request: http::request::Builder,
        body: &'static str,
    ) -> Response<String> {
        let mut request = request.body(Body::from(body)).unwrap();
        let address = request.uri().to_string();
        let origin = origin(&address).to_owned();
        let headers = request.headers_mut();
        headers.insert("host", host(&origin).parse().unwrap());
        let jar = self.jars.entry(host(&origin).to_owned()).or_default();
        if !jar.is_empty() {
            let line: Vec<_> = jar
                .iter()
                .map(|(name, value)| format!("{name}={value}"))
                .collect();
            headers.insert(COOKIE, line.join("; ").parse().unwrap());
        }
        if self.gpc {
            headers.insert("sec-gpc", "1".parse().unwrap());
        }
        self.went.push(address);
        let inner = service_fn(async |request: Request<Body>| {
            let cookies = request.headers().get(COOKIE);
            assert!(
                !cookies.is_some_and(|line| line.to_str().unwrap().contains("placet-share")),
                "the nonce is the layer's own business: {cookies:?}"
            );
            Ok::<_, std::convert::Infallible>(Response::new(Body::from("a page")))
        });
        let response = self.layer.layer(inner).oneshot(request).await.unwrap();
        for line in response.headers().get_all(SET_COOKIE) {
            let line = line.to_str().unwrap();
            assert!(!line.contains("Domain="), "host-only: {line}");
            let (name, value) = line.split(';').next().unwrap().split_once('=').unwrap();
            self.put(&origin, name, value);
            if line.contains("=; Expires=") || line.contains("Max-Age=0") {
                self.jars
                    .get_mut(host(&origin))
                    .unwrap()
                    .retain(|(known, _)| known != name);
            }
        }
        let (parts, body) = response.into_parts();
        let text = body.collect().await.unwrap().to_bytes().to_vec();
        Response::from_parts(parts, String::from_utf8(text).unwrap())
    }

    async fn go(&mut self, address: &str) -> Response<String> {
        let request = Request::get(address)
            .header("sec-fetch-dest", "document")
            .header("sec-fetch-mode", "navigate")
            .header("sec-fetch-site", "cross-site");
        self.send(request, "").await
    }

    /// Follows redirects to the address that does not lead on.
    async fn follow(&mut self, first: &Response<String>) -> String {
        let mut response = first.clone();
        for _ in 0..20 {
            let here = self.went.last().unwrap().clone();
            let Some(target) = response.headers().get(LOCATION) else {
                return here;
            };
            let target = target.to_str().unwrap();
            let target = if target.starts_with('/') {
                format!("{}{target}", origin(&here))
            } else {
                target.to_owned()
            };
            response = self.go(&target).await;
        }
        panic!("more redirects than browsers follow: {:#?}", self.went);
    }

    /// Chooses with the form of the preferences page.
    async fn choose(&mut self, at: &str, form: &'static str) -> Response<String> {
        let request = Request::post(format!("{at}/.placet/choice"))
            .header("sec-fetch-dest", "document")
            .header("sec-fetch-mode", "navigate")
            .header("sec-fetch-site", "same-origin")
            .header("content-type", "application/x-www-form-urlencoded");
        self.send(request, form).await
    }
}

fn origin(address: &str) -> &str {
    let path = address.match_indices('/').nth(2);
    path.map_or(address, |(at, _)| &address[..at])
}

fn host(origin: &str) -> &str {
    origin.split_once("://").unwrap().1
}

fn share(at: &str, query: &[(&str, &str)]) -> String {
    let mut written = form_urlencoded::Serializer::new(String::new());
    written.extend_pairs(query);
    format!("{at}/.placet/share?{}", written.finish())
}

/// A choice of so many seconds ago, as the consent cookie has it.
fn chosen(seconds: i64, granted: &str, refused: &str) -> String {
    let id = "0123456789abcdef0123456789abcdef";
    format!("1.3.{}.b00.{id}.y{granted}.n{refused}", NOW - seconds)
}

const GRANTED: &str = "~analytics~marketing";
