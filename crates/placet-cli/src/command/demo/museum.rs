//! The site behind the layer: a museum of weather that knows nothing of consent. It asks for every
//! cookie it can, on every page, as sites do; what becomes of that is the layer's business.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, COOKIE, HeaderMap, HeaderValue, SET_COOKIE};
use http::{Request, Response, StatusCode};
use http_body_util::Full;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use placet::Policy;
use placet::cookie_header::CookieLine;
use placet_declaration::{Declaration, Look};
use placet_texts::Language;
use placet_tower::Standing;
use tower_service::Service;

use super::exchange::shown;

/// Where the front puts the panel into a page.
pub(super) const PANEL_GOES_HERE: &str = "<!-- panel -->";
/// Where the front puts what scripts of the page can see of a browser it pretends.
pub(super) const BROWSER_GOES_HERE: &str = "<!-- browser -->";
/// A cookie that the museum sets and the policy does not know.
pub(super) const UNDECLARED: &str = "visit_source";
/// Where the museum declares its cookies.
const DECLARATION: &str = "/cookies";
/// The most names of cookies that a page lists.
const MOST_NAMES: usize = 32;

/// What the museum asks the browser to keep, whenever it did not get it back.
const COOKIES: [(&str, &str); 6] = [
    ("session", "s-71c4; Path=/; HttpOnly; SameSite=Lax"),
    ("language", "en; Path=/; Max-Age=31536000; SameSite=Lax"),
    ("_ga", "GA1.1.4207.1795000000; Path=/; Max-Age=34560000"),
    ("_gcl_au", "1.1.868.1795000000; Path=/; Max-Age=7776000"),
    (
        "__gads",
        "ID=5e1f:T=1795000000; Path=/; Max-Age=33696000; HttpOnly",
    ),
    (UNDECLARED, "newsletter; Path=/; Max-Age=31536000"),
];

struct Thing {
    path: &'static str,
    name: &'static str,
    made_of: &'static str,
    says: &'static str,
    picture: &'static str,
}

const THINGS: [Thing; 6] = [
    Thing {
        path: "/barometer",
        name: "Barometer",
        made_of: "brass, glass, steel",
        says: "A flat box of thin metal with next to no air inside. The weather presses on it, and a \
               lever makes a hand of that.",
        picture: include_str!("../../../assets/demo/barometer.svg"),
    },
    Thing {
        path: "/weather-house",
        name: "Weather house",
        made_of: "limewood, gut",
        says: "A twisted string of gut slackens in damp air and turns a little stage: one figure comes \
               out for sunshine, the other for rain, never both.",
        picture: include_str!("../../../assets/demo/weather-house.svg"),
    },
    Thing {
        path: "/vane",
        name: "Weather vane",
        made_of: "gilded copper",
        says: "More metal behind the pole than before it, so that the wind itself turns the point to \
               where it comes from.",
        picture: include_str!("../../../assets/demo/vane.svg"),
    },
    Thing {
        path: "/rain-gauge",
        name: "Rain gauge",
        made_of: "glass, zinc",
        says: "A funnel over a narrow glass. One millimetre in it is one litre on every square metre \
               of the garden around.",
        picture: include_str!("../../../assets/demo/rain-gauge.svg"),
    },
    Thing {
        path: "/storm-glass",
        name: "Storm glass",
        made_of: "glass, camphor, spirit",
        says: "Crystals that grow and vanish in a sealed flask. Sailors read storms in them; in truth \
               they tell how warm it is.",
        picture: include_str!("../../../assets/demo/storm-glass.svg"),
    },
    Thing {
        path: "/sunshine-recorder",
        name: "Sunshine recorder",
        made_of: "glass, slate, card",
        says: "A ball of glass burns the sun's way across the sky into a strip of card. Clouds are the \
               gaps.",
        picture: include_str!("../../../assets/demo/sunshine-recorder.svg"),
    },
];

/// Whether the museum has a page at a path.
pub(super) fn has_page(path: &str) -> bool {
    path == "/" || path == DECLARATION || THINGS.iter().any(|thing| thing.path == path)
}

/// The service.
#[derive(Clone, Debug)]
pub(super) struct Museum {
    /// The page that declares its cookies.
    declaration: Arc<str>,
}

impl Museum {
    pub(super) fn new(policy: &Policy) -> Self {
        let look = Look {
            heading_level: 1,
            preferences: Some("/.placet/preferences"),
        };
        let declaration = Declaration::new(policy, Language::default());
        Self {
            declaration: declaration.html(&look).into(),
        }
    }
}

/// In the extensions of a response: its body is a page that [`PANEL_GOES_HERE`] is in.
#[derive(Clone, Copy, Debug)]
pub(super) struct HasPanel;

impl<B> Service<Request<B>> for Museum {
    type Response = Response<Full<Bytes>>;
    type Error = Infallible;
    type Future = Ready<Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        ready(Ok(answer(&request, &self.declaration)))
    }
}

fn answer<B>(request: &Request<B>, declaration: &str) -> Response<Full<Bytes>> {
    let names = cookie_names(request.headers());
    let standing = request.extensions().get::<Standing>();
    let (status, page) = match request.uri().path() {
        // What the page's script asks for, to tell that it ran.
        "/count" => (StatusCode::NO_CONTENT, None),
        "/" => (
            StatusCode::OK,
            Some(page("Museum of Weather", &collection(&names))),
        ),
        DECLARATION => (
            StatusCode::OK,
            Some(page("Cookies", &html! { (PreEscaped(declaration)) })),
        ),
        path => match THINGS.iter().find(|thing| thing.path == path) {
            Some(thing) => (
                StatusCode::OK,
                Some(page(thing.name, &exhibit(thing, &names))),
            ),
            None => (StatusCode::NOT_FOUND, Some(page("Not here", &nothing()))),
        },
    };
    let has_panel = page.is_some();
    let body = page.map_or_else(Bytes::new, |page| Bytes::from(page.into_string()));
    let mut response = Response::new(Full::new(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    for (name, value) in COOKIES {
        let wanted = !names.iter().any(|known| known == name);
        if let Some(line) = HeaderValue::from_str(&format!("{name}={value}"))
            .ok()
            .filter(|_| wanted)
        {
            headers.append(SET_COOKIE, line);
        }
    }
    if has_panel {
        let html = HeaderValue::from_static("text/html; charset=utf-8");
        headers.insert(CONTENT_TYPE, html);
        response.extensions_mut().insert(HasPanel);
    }
    // The panel shows what held when everything was done, a choice made meanwhile included.
    if let Some(standing) = standing {
        response.extensions_mut().insert(standing.clone());
    }
    response
}

/// The names of the cookies that came with a request, as the museum's code gets to see them.
fn cookie_names(headers: &HeaderMap) -> Vec<String> {
    let lines = headers.get_all(COOKIE).iter();
    let pairs = lines.flat_map(|line| CookieLine::new(line.as_bytes()).pairs());
    pairs
        .take(MOST_NAMES)
        .map(|pair| shown(pair.name()))
        .collect()
}

fn page(title: &str, content: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="robots" content="noindex";
                title { (title) " · Placet demo" }
                link rel="icon" href="/demo/icon.svg" type="image/svg+xml";
                link rel="stylesheet" href="/demo/placet-declaration.css";
                link rel="stylesheet" href="/demo/style.css";
                (PreEscaped(BROWSER_GOES_HERE))
                script src="/.placet/placet.js" data-layout="box" {}
                script src="/demo/placet-declaration.js" defer {}
                script src="/demo/demo.js" defer {}
                script src="/demo/pixel.js" defer {}
                script type="text/plain" data-placet="matomo" src="/demo/counter.js" {}
            }
            body {
                a.skip href="#museum" { "Skip to the museum" }
                a.skip href="#panel" { "Skip to the panel" }
                div.museum {
                    header {
                        a.sign href="/" {
                            (PreEscaped(include_str!("../../../assets/demo/icon.svg")))
                            span { "Museum of Weather" }
                        }
                        p.opens { "Open daily, rain or shine" }
                    }
                    main #museum { (content) }
                    footer {
                        a href=(DECLARATION) { "Cookies" }
                        a href="/.placet/preferences" { "Cookie preferences" }
                        a href="/.placet/status" { "Your status as JSON" }
                        a href="/.well-known/gpc.json" { "What GPC does here" }
                    }
                }
                (PreEscaped(PANEL_GOES_HERE))
            }
        }
    }
}

fn collection(names: &[String]) -> Markup {
    html! {
        h1 { "Six ways to ask the sky" }
        p.lead {
            "Before there were forecasts there were boxes, birds and bottles. Come in, and look out."
        }
        ul.things {
            @for thing in &THINGS {
                li {
                    a href=(thing.path) {
                        div.picture { (PreEscaped(thing.picture)) }
                        h2 { (thing.name) }
                    }
                    p { (thing.made_of) }
                }
            }
        }
        (known(names))
    }
}

fn exhibit(thing: &Thing, names: &[String]) -> Markup {
    html! {
        p.back { a href="/" { "All six" } }
        article.thing {
            div.picture { (PreEscaped(thing.picture)) }
            div {
                h1 { (thing.name) }
                p.made-of { (thing.made_of) }
                p { (thing.says) }
            }
        }
        (known(names))
    }
}

fn nothing() -> Markup {
    html! {
        h1 { "Nothing here but weather" }
        p.lead { a href="/" { "Back to the six that are" } }
    }
}

/// What the museum's code knows of a visit, in its own words.
fn known(names: &[String]) -> Markup {
    html! {
        section.known aria-labelledby="known" {
            h2 #known { "What the museum’s code got to see" }
            @if names.is_empty() {
                p { "No cookie came with your request for this page." }
            } @else {
                p {
                    "Cookies that came with your request for this page: "
                    @for (number, name) in names.iter().enumerate() {
                        @if number > 0 { ", " }
                        code { (name) }
                    }
                    "."
                }
            }
        }
    }
}
