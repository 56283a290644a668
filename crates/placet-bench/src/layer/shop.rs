//! A shop and its visitors: requests and responses with the headers that browsers and sites send.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::hint::black_box;
use std::task::{Context, Poll};
use std::time::{SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use http::header::{
    ACCEPT, ACCEPT_ENCODING, ACCEPT_LANGUAGE, CACHE_CONTROL, CONTENT_TYPE, COOKIE, DATE, ETAG,
    HOST, HeaderName, REFERER, SET_COOKIE, UPGRADE_INSECURE_REQUESTS, USER_AGENT,
};
use http::{HeaderValue, Request, Response};
use http_body_util::Full;
use placet::{Choice, ChoiceId, How, Policy, Signals, Timestamp};
use tower_service::Service;

use crate::cookie_header::{self, LINE};

/// The body of requests and responses.
pub type Body = Full<Bytes>;

/// Four cookies of the shop, and six of analytics and marketing services.
const ANSWERED: [&str; 10] = [
    "session_id=8f14e45fceea167a5a36dedd4bea2543; Path=/; Secure; HttpOnly; SameSite=Lax",
    "_ga=GA1.1.1846203957.1795336200; Expires=Tue, 21 Nov 2028 08:30:00 GMT; Path=/; Domain=shop.example",
    "_gid=GA1.1.905317264.1795336201; Expires=Wed, 22 Nov 2028 08:30:00 GMT; Path=/; Domain=shop.example",
    "csrf_token=IjQ0YzE5ZDhmNmE2Yi; Max-Age=7200; Path=/; SameSite=Strict; Secure",
    "_fbp=fb.1.1731946513021.528174963018274650; Max-Age=7776000; Path=/; Domain=shop.example; SameSite=Lax",
    "lang=de-AT; Max-Age=31536000; Path=/",
    "_gcl_au=1.1.1297405386.1731946512; Max-Age=7776000; Path=/; Domain=shop.example",
    "_uetsid=4f8c2a90a8b811efb5d36f1e7c0a9d42; Max-Age=86400; Path=/; Domain=shop.example",
    "cart=01JD9X4T7N2Q8V5B; Max-Age=2592000; Path=/; Secure",
    "_clck=1k3x9fz%7C2%7Cfr1%7C0%7C1782; Max-Age=31536000; Path=/; Domain=shop.example",
];

/// A page of the size that shows most of a layer: what is sent back takes next to no time.
const PAGE: &str =
    "<!doctype html><html lang=en><title>Shoes</title><p>Size 42 is in stock.</p></html>\n";

/// Who visits, and what the shop answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Situation {
    /// The first visit, and no cookies in the response.
    NoCookies,
    /// 25 cookies, one of them the consent cookie that grants everything; none in the response.
    Unchanged,
    /// 25 cookies, 17 of them in need of a consent that was not asked for; ten in the response, six
    /// of which need it too.
    Undecided,
    /// The same with a consent cookie that refuses everything: the 17 are to be removed.
    Refused,
}

impl Situation {
    /// In the order of the tables.
    pub const ALL: [Self; 4] = [
        Self::NoCookies,
        Self::Unchanged,
        Self::Undecided,
        Self::Refused,
    ];

    /// The table.
    pub const fn group(self) -> &'static str {
        match self {
            Self::NoCookies => "layer_a_no_cookies",
            Self::Unchanged => "layer_b_25_cookies_unchanged",
            Self::Undecided => "layer_c_17_of_25_and_6_of_10_stripped",
            Self::Refused => "layer_d_17_of_25_and_6_of_10_stripped_and_17_removed",
        }
    }

    /// The `Cookie` line.
    pub fn cookies(self) -> Option<String> {
        match self {
            Self::NoCookies => None,
            Self::Unchanged => Some(with_consent_cookie(Choice::grant)),
            Self::Undecided => Some(LINE.to_owned()),
            Self::Refused => Some(with_consent_cookie(Choice::refuse)),
        }
    }

    /// What a browser asks for a page with.
    pub fn request(self) -> Request<Body> {
        let mut request = Request::new(Body::default());
        *request.uri_mut() = http::Uri::from_static("/shoes?size=42");
        let mut add = |name: HeaderName, value: &str| {
            let value = HeaderValue::from_str(value).unwrap_or_else(|error| panic!("{error}"));
            request.headers_mut().append(name, value);
        };
        add(HOST, "www.shop.example");
        add(
            USER_AGENT,
            "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        );
        add(
            ACCEPT,
            "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
        );
        add(ACCEPT_LANGUAGE, "de-AT,de;q=0.7,en;q=0.3");
        add(ACCEPT_ENCODING, "gzip, deflate, br, zstd");
        add(REFERER, "https://www.shop.example/");
        if let Some(line) = self.cookies() {
            add(COOKIE, &line);
        }
        add(UPGRADE_INSECURE_REQUESTS, "1");
        add(HeaderName::from_static("sec-fetch-dest"), "document");
        add(HeaderName::from_static("sec-fetch-mode"), "navigate");
        add(HeaderName::from_static("sec-fetch-site"), "same-origin");
        request
    }

    fn response(self) -> Response<Body> {
        let mut response = Response::new(Body::from(PAGE));
        let mut add = |name: HeaderName, value: &'static str| {
            response
                .headers_mut()
                .append(name, HeaderValue::from_static(value));
        };
        add(CONTENT_TYPE, "text/html; charset=utf-8");
        add(CACHE_CONTROL, "max-age=60");
        add(ETAG, "\"2f-1790000000\"");
        add(DATE, "Sun, 22 Nov 2026 08:30:00 GMT");
        if matches!(self, Self::Undecided | Self::Refused) {
            for line in ANSWERED {
                add(SET_COOKIE, line);
            }
        }
        response
    }
}

/// The policy that the shop's visitors stand under.
pub(super) fn policy() -> Policy {
    cookie_header::policy()
}

/// The line with this shop's consent cookie in the place of another's, saying the same of every
/// category, this very moment.
fn with_consent_cookie(said: fn(Choice, placet::CategoryId) -> Choice) -> String {
    let policy = policy();
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH);
    let seconds = seconds.map_or(0, |since| since.as_secs());
    let new = Choice::new(
        ChoiceId::from_bytes([7; 16]),
        Timestamp::UNIX_EPOCH.saturating_add(i64::try_from(seconds).unwrap_or_default()),
        policy.revision(),
        How::Banner,
        Signals::default(),
    );
    let categories = policy.optional_categories().map(placet::Category::id);
    let choice = categories.fold(new, said);
    let name = &policy.consent_cookie().name;
    let pairs = LINE.split("; ").map(|pair| match pair.split_once('=') {
        Some(("consent", _)) => format!("{name}={}", choice.to_cookie_value(&policy)),
        _ => pair.to_owned(),
    });
    pairs.collect::<Vec<_>>().join("; ")
}

/// The inner service: it answers at once, always the same.
#[derive(Clone, Debug)]
pub struct Shop {
    response: Response<Body>,
}

impl Shop {
    /// The shop of a situation.
    pub fn of(situation: Situation) -> Self {
        Self {
            response: situation.response(),
        }
    }
}

impl<B> Service<Request<B>> for Shop {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Ready<Result<Response<Body>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        drop(black_box(request));
        ready(Ok(self.response.clone()))
    }
}
