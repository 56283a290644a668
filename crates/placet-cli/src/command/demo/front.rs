//! The demo's own layer, outside of the one it shows: lets nobody in by another name, pretends the
//! signals and the region that the visitor asked for, writes the journal and puts the panel into the
//! museum's pages.

use std::cell::RefCell;
use std::convert::Infallible;
use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use http::header::{
    CACHE_CONTROL, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE, COOKIE, HOST, HeaderMap,
    HeaderName, HeaderValue, LOCATION, SET_COOKIE,
};
use http::{Method, Request, Response, StatusCode};
use http_body::Body;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, Limited};
use placet::Policy;
use placet::cookie_header::CookieLine;
use placet_declaration::{SCRIPT, SCRIPT_NAME, STYLESHEET, STYLESHEET_NAME};
use placet_tower::{Consent, ConsentLayer, RegionSource, Seen, Standing};
use tower_layer::Layer;
use tower_service::Service;

use super::browser::{self, Browser};
use super::exchange::{self, Exchange, Holds, Line, Lines};
use super::journal::Journal;
use super::museum::{self, Museum};
use super::panel::{self, Panel};
use super::proof::Proof;

const POLICY: &str = include_str!("../../../assets/demo/placet.json");
const STYLE: &str = include_str!("../../../assets/demo/style.css");
/// What scripts the pages load, by their names.
const SCRIPTS: [(&str, &str); 6] = [
    (SCRIPT_NAME, SCRIPT),
    ("demo.js", include_str!("../../../assets/demo/demo.js")),
    ("pixel.js", include_str!("../../../assets/demo/pixel.js")),
    (
        "counter.js",
        include_str!("../../../assets/demo/counter.js"),
    ),
    ("gpc.js", include_str!("../../../assets/demo/gpc.js")),
    ("dnt.js", include_str!("../../../assets/demo/dnt.js")),
];
const ICON: &str = include_str!("../../../assets/demo/icon.svg");

/// What else the demo answers itself.
const OTHERS: [&str; 7] = [
    STYLESHEET_NAME,
    "style.css",
    "icon.svg",
    "events",
    "browser",
    "forget",
    "stats",
];

/// The longest form of the panel, in bytes.
const LONGEST_FORM: usize = 1024;
/// What the museum's pages may do: nothing but what this demo brings with it.
const PAGES_MAY: &str = "default-src 'none'; style-src 'self'; script-src 'self' 'wasm-unsafe-eval'; img-src 'self'; \
    connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");
const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
const X_CONTENT_TYPE_OPTIONS: HeaderName = HeaderName::from_static("x-content-type-options");

tokio::task_local! {
    /// What the layer says of the exchange that this task is about: an observer is told of cookies,
    /// not of requests.
    static SAID: RefCell<Lines>;
}

/// The body of whatever the demo answers.
pub(super) type Answer = UnsyncBoxBody<Bytes, Infallible>;

/// The demo as a whole; clones are the same one.
#[derive(Clone, Debug)]
pub(super) struct Front {
    site: Consent<Museum>,
    policy: Arc<Policy>,
    journal: Arc<Journal>,
    proof: Proof,
    visitors: Arc<AtomicU64>,
    hosts: Arc<[String]>,
}

impl Front {
    /// The demo behind a port of this machine.
    pub(super) fn new(port: u16, proof: Proof) -> Result<Self, Box<dyn Error>> {
        let policy = Arc::new(Policy::from_json("placet.json", POLICY)?);
        let layer = ConsentLayer::new(Arc::clone(&policy))
            .region(RegionSource::from_headers(
                [browser::REGION],
                browser::region,
            ))
            .script(&["en"])?
            .ledger(proof.recorder())
            .observe(|seen: &Seen<'_>| {
                // Outside of an exchange nobody wants to know.
                let _ = SAID.try_with(|said| said.borrow_mut().push(Line::of(seen)));
            });
        // Numbers of an earlier run are not given again.
        let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH);
        let start = since_1970.map_or(0, |since| since.as_secs() << 20);
        let mut hosts = vec![format!("127.0.0.1:{port}"), format!("localhost:{port}")];
        if port == 80 {
            hosts.extend(["127.0.0.1".to_owned(), "localhost".to_owned()]);
        }
        Ok(Self {
            site: layer.layer(Museum::new(&policy)),
            policy,
            journal: Arc::default(),
            proof,
            visitors: Arc::new(AtomicU64::new(start)),
            hosts: hosts.into(),
        })
    }

    /// Answers a request.
    pub(super) async fn answer<B>(&self, request: Request<B>) -> Response<Answer>
    where
        B: Body<Data = Bytes>,
        B::Error: Into<Box<dyn Error + Send + Sync>>,
    {
        if !self.is_meant(&request) {
            let hosts = self.hosts.join(" and ");
            let text = format!("This demo answers to {hosts}, and to no other name.\n");
            return plain(StatusCode::MISDIRECTED_REQUEST, text);
        }
        let path = request.uri().path().to_owned();
        match path.strip_prefix("/demo/") {
            Some(own) => self.own(own, request).await,
            None => self.visit(path, request).await,
        }
    }

    /// Whether a request names this demo and nothing else. A page of another site can make its own
    /// name point to this machine, and would then read what is here as its own.
    fn is_meant<B>(&self, request: &Request<B>) -> bool {
        let is_ours = |name: &[u8]| {
            let mut hosts = self.hosts.iter();
            hosts.any(|host| host.as_bytes().eq_ignore_ascii_case(name))
        };
        let mut lines = request.headers().get_all(HOST).iter();
        let named = match (lines.next(), lines.next()) {
            (Some(line), None) => is_ours(line.as_bytes()),
            _ => false,
        };
        let target = request.uri().authority();
        named && target.is_none_or(|authority| is_ours(authority.as_str().as_bytes()))
    }

    /// What belongs to the demo and not to the museum; no layer sees it.
    async fn own<B>(&self, path: &str, request: Request<B>) -> Response<Answer>
    where
        B: Body<Data = Bytes>,
        B::Error: Into<Box<dyn Error + Send + Sync>>,
    {
        let is_reading = matches!(*request.method(), Method::GET | Method::HEAD);
        let script = SCRIPTS.iter().find(|(name, _)| *name == path);
        if let Some((_, script)) = script.filter(|_| is_reading) {
            return asset("text/javascript; charset=utf-8", script);
        }
        match path {
            STYLESHEET_NAME if is_reading => asset("text/css; charset=utf-8", STYLESHEET),
            "style.css" if is_reading => asset("text/css; charset=utf-8", STYLE),
            "icon.svg" if is_reading => asset("image/svg+xml", ICON),
            "stats" if is_reading => match self.proof.report().await {
                Ok(page) => report(page),
                Err(error) => plain(StatusCode::SERVICE_UNAVAILABLE, format!("{error}\n")),
            },
            "events" if *request.method() == Method::GET => self.events(&request),
            "browser" | "forget" if is_from_elsewhere(request.headers()) => plain(
                StatusCode::FORBIDDEN,
                "Another site has nothing to say here.\n",
            ),
            "browser" if request.method() == Method::POST => self.pretend(request).await,
            "forget" if request.method() == Method::POST => self.forget(&request),
            _ if script.is_none() && !OTHERS.contains(&path) => {
                plain(StatusCode::NOT_FOUND, "The demo has no such thing.\n")
            }
            _ => {
                let text = format!("{} is not for {path}.\n", request.method());
                plain(StatusCode::METHOD_NOT_ALLOWED, text)
            }
        }
    }

    /// A request for the museum, through the layer.
    async fn visit<B>(&self, path: String, mut request: Request<B>) -> Response<Answer>
    where
        B: Body<Data = Bytes>,
        B::Error: Into<Box<dyn Error + Send + Sync>>,
    {
        let known = Browser::of(request.headers());
        let browser = known.unwrap_or_else(|| self.newcomer());
        let own = browser.speak(request.headers_mut());
        let method = request.method().to_string();
        let mut site = self.site.clone();
        let exchanged = SAID.scope(RefCell::default(), async move {
            let Ok(response) = site.call(request).await;
            (response, SAID.with(RefCell::take))
        });
        let (response, mut lines) = exchanged.await;
        lines.add_own(response.headers(), &self.policy);
        if is_of_script(&path) {
            // The same for everybody, so that there is nothing to tell.
            return response.map(BodyExt::boxed_unsync);
        }
        let standing = response.extensions().get::<Standing>();
        let exchange = self.journal.record(Exchange {
            number: 0,
            visitor: browser.visitor,
            method: exchange::shown(method.as_bytes()),
            path: exchange::shown(path.as_bytes()),
            status: response.status().as_u16(),
            lines,
            holds: standing.map(Holds::of),
        });
        let (mut parts, body) = response.into_parts();
        if known.is_none() {
            append(&mut parts.headers, SET_COOKIE, &browser.set_cookie());
        }
        if parts.extensions.get::<museum::HasPanel>().is_none() {
            return Response::from_parts(parts, body.boxed_unsync());
        }
        let Ok(page) = body
            .collect()
            .await
            .map(http_body_util::Collected::to_bytes);
        let panel = Panel {
            browser,
            own,
            // A path may be anything, and a form that leads to it lead anywhere.
            page: if museum::has_page(&path) { &path } else { "/" },
            exchanges: &self.journal.of(browser.visitor),
            ledger: &self.proof.url(),
            holds: exchange.holds.as_ref(),
            last: exchange.number,
        };
        let page = String::from_utf8_lossy(&page)
            .replacen(museum::BROWSER_GOES_HERE, &seen_by_scripts(browser), 1)
            .replacen(museum::PANEL_GOES_HERE, &panel.render().into_string(), 1);
        parts.headers.remove(CONTENT_LENGTH);
        let may = HeaderValue::from_static(PAGES_MAY);
        parts.headers.insert(CONTENT_SECURITY_POLICY, may);
        Response::from_parts(parts, full(page))
    }

    fn newcomer(&self) -> Browser {
        Browser::new(self.visitors.fetch_add(1, Ordering::Relaxed))
    }

    fn events<B>(&self, request: &Request<B>) -> Response<Answer> {
        let Some(browser) = Browser::of(request.headers()) else {
            // 204 is how a server tells an event source to stay away.
            return empty(StatusCode::NO_CONTENT);
        };
        let seen = request.headers().get(LAST_EVENT_ID);
        let seen = seen.and_then(|value| value.to_str().ok()?.parse().ok());
        let query = request.uri().query().unwrap_or_default();
        let after = query.strip_prefix("after=").and_then(|n| n.parse().ok());
        let events = self
            .journal
            .listen(browser.visitor, seen.or(after).unwrap_or(0));
        let mut response = Response::new(events.boxed_unsync());
        let headers = response.headers_mut();
        append(headers, CONTENT_TYPE, "text/event-stream");
        append(headers, CACHE_CONTROL, "no-store");
        response
    }

    async fn pretend<B>(&self, request: Request<B>) -> Response<Answer>
    where
        B: Body<Data = Bytes>,
        B::Error: Into<Box<dyn Error + Send + Sync>>,
    {
        let browser = Browser::of(request.headers()).unwrap_or_else(|| self.newcomer());
        let body = Limited::new(request.into_body(), LONGEST_FORM).collect();
        let Ok(form) = body.await.map(http_body_util::Collected::to_bytes) else {
            let text = format!("expected a form of at most {LONGEST_FORM} bytes\n");
            return plain(StatusCode::PAYLOAD_TOO_LARGE, text);
        };
        let mut response = back_to(&page_of(&form));
        let line = browser.told(&form).set_cookie();
        append(response.headers_mut(), SET_COOKIE, &line);
        response
    }

    /// Removes every cookie that this demo may have set, and nothing of what other programs on this
    /// machine keep: cookies do not know ports.
    fn forget<B>(&self, request: &Request<B>) -> Response<Answer> {
        if let Some(browser) = Browser::of(request.headers()) {
            self.journal.forget(browser.visitor);
        }
        let mut response = back_to("/");
        let lines = request.headers().get_all(COOKIE).iter();
        for pair in lines.flat_map(|line| CookieLine::new(line.as_bytes()).pairs()) {
            let name = pair.name();
            let is_ours = name == museum::UNDECLARED.as_bytes()
                || name == self.policy.consent_cookie().name.as_bytes()
                || !self.policy.declarations(name).is_empty();
            if let Some(name) = std::str::from_utf8(name).ok().filter(|_| is_ours) {
                let line = format!("{name}=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Path=/");
                append(response.headers_mut(), SET_COOKIE, &line);
            }
        }
        response
    }
}

/// A page that holds all it needs in itself.
fn report(page: String) -> Response<Answer> {
    let mut response = Response::new(full(page));
    let headers = response.headers_mut();
    append(headers, CONTENT_TYPE, "text/html; charset=utf-8");
    append(headers, CACHE_CONTROL, "no-store");
    append(
        headers,
        CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'unsafe-inline'",
    );
    response
}

/// The tags that let the page's scripts see the signals that are pretended, as those of a browser that
/// sends them do.
fn seen_by_scripts(browser: Browser) -> String {
    let signals = [(browser.gpc, "gpc"), (browser.dnt, "dnt")].into_iter();
    let tags = signals.filter(|(is_pretended, _)| *is_pretended);
    tags.map(|(_, name)| format!(r#"<script src="/demo/{name}.js"></script>"#))
        .collect()
}

/// Whether the layer answers there with the script tag's script, or with what that asks for.
fn is_of_script(path: &str) -> bool {
    path.strip_prefix("/.placet/").is_some_and(|name| {
        name == "region" || name.starts_with("locales/") || name.ends_with(".js")
    })
}

/// Whether a browser says that another site makes this request (Fetch Metadata, `Sec-Fetch-Site`).
fn is_from_elsewhere(headers: &HeaderMap) -> bool {
    headers
        .get(SEC_FETCH_SITE)
        .is_some_and(|site| !matches!(site.as_bytes(), b"same-origin" | b"none"))
}

/// The path of the page that a form of the panel is on.
fn page_of(form: &[u8]) -> String {
    let mut fields = form_urlencoded::parse(form);
    let page = fields.find_map(|(field, value)| (field == panel::PAGE).then_some(value));
    let page = page.filter(|page| museum::has_page(page));
    page.map_or_else(|| "/".to_owned(), std::borrow::Cow::into_owned)
}

/// Appends a line, if it can be one.
fn append(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.append(name, value);
    }
}

fn full(content: impl Into<Bytes>) -> Answer {
    Full::new(content.into()).boxed_unsync()
}

fn empty(status: StatusCode) -> Response<Answer> {
    let mut response = Response::new(full(Bytes::new()));
    *response.status_mut() = status;
    response
}

fn back_to(page: &str) -> Response<Answer> {
    let mut response = empty(StatusCode::SEE_OTHER);
    append(response.headers_mut(), LOCATION, page);
    append(response.headers_mut(), CACHE_CONTROL, "no-store");
    response
}

fn plain(status: StatusCode, text: impl Into<Bytes>) -> Response<Answer> {
    let mut response = Response::new(full(text));
    *response.status_mut() = status;
    append(
        response.headers_mut(),
        CONTENT_TYPE,
        "text/plain; charset=utf-8",
    );
    response
}

fn asset(media_type: &str, content: &'static str) -> Response<Answer> {
    let mut response = Response::new(full(content));
    let headers = response.headers_mut();
    append(headers, CONTENT_TYPE, media_type);
    // The next version of the demo may stand behind the same port.
    append(headers, CACHE_CONTROL, "no-cache");
    append(headers, X_CONTENT_TYPE_OPTIONS, "nosniff");
    response
}
