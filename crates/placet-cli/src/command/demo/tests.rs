//! The demo as a visitor's browser talks to it, without a socket.

use std::collections::BTreeMap;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, COOKIE, HOST, LOCATION, SET_COOKIE};
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};

use super::exchange::{Exchange, Fate};
use super::front::{Answer, Front};
use super::proof::Proof;
use super::*;
use placet_tower::Direction;

/// A browser that keeps cookies, and the demo it looks at.
struct Visitor {
    front: Front,
    jar: BTreeMap<String, String>,
    headers: Vec<(&'static str, &'static str)>,
}

impl Visitor {
    fn new() -> Self {
        Self {
            front: Front::new(4900, Proof::open(None).unwrap()).unwrap(),
            jar: BTreeMap::new(),
            headers: vec![(HOST.as_str(), "127.0.0.1:4900")],
        }
    }

    fn send(&mut self, method: &str, path: &str, body: &str) -> Response<Answer> {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in &self.headers {
            request = request.header(*name, *value);
        }
        if !self.jar.is_empty() {
            let pairs: Vec<_> = self.jar.iter().map(|(n, v)| format!("{n}={v}")).collect();
            request = request.header(COOKIE, pairs.join("; "));
        }
        if method == "POST" {
            request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        }
        let body = Full::new(Bytes::from(body.to_owned()));
        let response = finish(self.front.answer(request.body(body).unwrap()));
        for line in response.headers().get_all(SET_COOKIE) {
            let line = line.to_str().unwrap();
            let (name, rest) = line.split_once('=').unwrap();
            if line.contains("Expires=Thu, 01 Jan 1970") {
                self.jar.remove(name);
            } else {
                let value = rest.split(';').next().unwrap();
                self.jar.insert(name.to_owned(), value.to_owned());
            }
        }
        response
    }

    fn page(&mut self, path: &str) -> String {
        let response = self.send("GET", path, "");
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        text(response)
    }

    /// Posts a form and follows it back to the page.
    fn post(&mut self, path: &str, form: &str) -> String {
        let response = self.send("POST", path, form);
        assert_eq!(response.status(), StatusCode::SEE_OTHER, "{path} {form}");
        let back = response.headers()[LOCATION].to_str().unwrap().to_owned();
        self.page(&back)
    }

    /// What a script of the page writes.
    fn write(&mut self, name: &str) {
        self.jar.insert(name.to_owned(), "1".to_owned());
    }

    fn names(&self) -> Vec<&str> {
        self.jar.keys().map(String::as_str).collect()
    }
}

fn finish<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    runtime.block_on(future)
}

fn text(response: Response<Answer>) -> String {
    let bytes = finish(response.into_body().collect()).unwrap().to_bytes();
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// The first entry of a page's panel.
fn latest(page: &str) -> &str {
    let from = page.find(r#"<li class="entry">"#).unwrap();
    let rest = &page[from..];
    rest[1..]
        .find(r#"<li class="entry">"#)
        .map_or(rest, |end| &rest[..=end])
}

/// The markup of the cookies of an entry that fared so.
fn group(entry: &str, words: &str) -> String {
    let groups = entry.split(r#"<div class="group""#).skip(1);
    let title = format!("<span>{words}<");
    let found: String = groups.filter(|group| group.contains(&title)).collect();
    assert!(!found.is_empty(), "{words}: {entry}");
    found
}

fn known(page: &str) -> &str {
    let from = page.find(r#"<h2 id="known">"#).unwrap();
    &page[from..from + page[from..].find("</section>").unwrap()]
}

const ASKED: [&str; 4] = ["language", "_ga", "_gcl_au", "__gads"];

#[test]
fn nothing_but_the_necessary_is_set_before_a_choice() {
    let mut visitor = Visitor::new();
    let page = visitor.page("/");
    assert_eq!(visitor.names(), ["placet_demo", "session"]);
    let entry = latest(&page);
    assert!(group(entry, "set in your browser").contains("session"));
    let stripped = group(entry, "not set in your browser");
    for name in ASKED {
        assert!(
            stripped.contains(&format!("<code>{name}</code>")),
            "{stripped}"
        );
    }
    assert!(stripped.contains("nothing was chosen"), "{stripped}");
    assert!(
        entry.contains("no service of the policy declares it"),
        "{entry}"
    );
}

#[test]
fn what_a_script_wrote_is_kept_from_the_site_before_a_choice() {
    let mut visitor = Visitor::new();
    visitor.page("/");
    visitor.write("_pk_id.1.4b1d");
    visitor.write("_fbp");
    let page = visitor.page("/vane");
    let entry = latest(&page);
    assert!(group(entry, "reached the site").contains("session"));
    let kept = group(entry, "kept from the site");
    assert!(
        kept.contains("_pk_id.1.4b1d") && kept.contains("_fbp"),
        "{kept}"
    );
    assert!(known(&page).contains("<code>session</code>"));
    assert!(!known(&page).contains("_fbp"), "{}", known(&page));
    assert!(visitor.jar.contains_key("_fbp"), "undecided is not removed");
}

#[test]
fn a_grant_lets_everything_declared_pass_and_its_withdrawal_removes_it() {
    let mut visitor = Visitor::new();
    visitor.page("/");
    visitor.write("_fbp");
    let page = visitor.post("/.placet/choice", "how=banner&all=granted&return=%2F");
    for name in ASKED {
        assert!(visitor.jar.contains_key(name), "{name}");
    }
    assert!(!visitor.jar.contains_key(museum::UNDECLARED));
    assert!(page.contains(r#"data-is="granted""#) && !page.contains(r#"data-is="undecided""#));
    let page = visitor.page("/");
    assert!(known(&page).contains("_ga") && known(&page).contains("_fbp"));
    assert!(group(latest(&page), "reached the site").contains("session"));

    visitor.post("/.placet/choice", "how=banner&all=refused&return=%2F");
    assert_eq!(visitor.names(), ["placet", "placet_demo", "session"]);
    let page = visitor.page("/");
    let entries: String = page.split(r#"id="entries""#).skip(1).collect();
    let removed = group(&entries, "removed from your browser");
    assert!(
        removed.contains("_ga") && removed.contains("_fbp"),
        "{removed}"
    );
    assert!(page.contains("the visitor chose so"));
}

#[test]
fn a_pretended_signal_reaches_the_layer_and_is_told() {
    let mut visitor = Visitor::new();
    visitor.page("/");
    let page = visitor.post("/demo/browser", "gpc=on&return=%2Fvane");
    assert!(page.contains("Weather vane"), "back where it was asked for");
    assert!(page.contains("Opt-out request honoured."));
    assert!(page.contains("Global Privacy Control refuses its category"));
    let page = visitor.post("/demo/browser", "gpc=off&dnt=on");
    assert!(!page.contains("Opt-out request honoured."));
    assert!(page.contains("Do Not Track refuses its category"));
    let page = visitor.post("/demo/browser", "dnt=off&region=US-WY");
    assert!(
        page.contains(r#"<option value="US-WY" selected>"#),
        "{page}"
    );
    assert!(
        !page.contains(r#"data-is="undecided""#),
        "nothing to opt in to there"
    );
    let names = visitor.names();
    assert!(names.contains(&"_ga"), "{names:?}");
}

#[test]
fn a_signal_of_the_browser_itself_is_told_and_cannot_be_switched_off() {
    let mut visitor = Visitor::new();
    visitor.headers.push(("sec-gpc", "1"));
    let page = visitor.page("/");
    assert!(page.contains("sent by your browser"));
    assert!(page.contains("Opt-out request honoured."));
}

#[test]
fn forgetting_removes_what_is_ours_and_nothing_else() {
    let mut visitor = Visitor::new();
    visitor.post("/.placet/choice", "how=banner&all=granted&return=%2F");
    visitor.write("_fbp");
    visitor.write("another_server_of_mine");
    let response = visitor.send("POST", "/demo/forget", "");
    assert_eq!(response.status(), StatusCode::SEE_OTHER);
    assert_eq!(visitor.names(), ["another_server_of_mine"]);
}

#[test]
fn a_request_by_another_name_is_refused() {
    for host in [
        "evil.example",
        "127.0.0.1",
        "127.0.0.1:4901",
        "evil.example:4900",
        "",
    ] {
        let mut visitor = Visitor::new();
        visitor.headers = vec![(HOST.as_str(), host)];
        for path in ["/", "/demo/events", "/.placet/status"] {
            let response = visitor.send("GET", path, "");
            assert_eq!(
                response.status(),
                StatusCode::MISDIRECTED_REQUEST,
                "{host}{path}"
            );
        }
        assert!(visitor.jar.is_empty());
    }
    let mut visitor = Visitor::new();
    visitor.headers.push((HOST.as_str(), "127.0.0.1:4900"));
    let twice = visitor.send("GET", "/", "");
    assert_eq!(twice.status(), StatusCode::MISDIRECTED_REQUEST);
    let mut visitor = Visitor::new();
    let target = visitor.send("GET", "http://evil.example/", "");
    assert_eq!(target.status(), StatusCode::MISDIRECTED_REQUEST);
    visitor.headers = vec![(HOST.as_str(), "LocalHost:4900")];
    visitor.page("/");
}

#[test]
fn another_site_cannot_pretend_nor_forget() {
    let mut visitor = Visitor::new();
    visitor.page("/");
    visitor.headers.push(("sec-fetch-site", "cross-site"));
    for path in ["/demo/browser", "/demo/forget"] {
        let response = visitor.send("POST", path, "gpc=on");
        assert_eq!(response.status(), StatusCode::FORBIDDEN);
    }
    assert_eq!(visitor.names(), ["placet_demo", "session"]);
}

#[test]
fn a_form_leads_back_to_a_page_of_the_museum_alone() {
    let mut visitor = Visitor::new();
    for elsewhere in [
        "//evil.example/",
        "https://evil.example/",
        "/demo/forget",
        "x",
        "/\n",
    ] {
        let mut form = form_urlencoded::Serializer::new(String::new());
        let form = form.append_pair("return", elsewhere).finish();
        let response = visitor.send("POST", "/demo/browser", &form);
        assert_eq!(response.headers()[LOCATION], "/", "{elsewhere:?}");
    }
    let long = "x".repeat(2000);
    let response = visitor.send("POST", "/demo/browser", &long);
    assert_eq!(response.status(), StatusCode::PAYLOAD_TOO_LARGE);
}

#[test]
fn no_form_leads_to_where_a_strange_path_points() {
    let mut visitor = Visitor::new();
    for path in ["//evil.example/", "/?return=//evil.example/", "/%22%3E"] {
        let page = text(visitor.send("GET", path, ""));
        assert!(!page.contains(r#"="//"#), "{page}");
        assert!(page.contains(r#"<form class="small" method="get" action="/""#));
    }
}

#[test]
fn a_name_is_told_as_text_whatever_it_is() {
    let mut visitor = Visitor::new();
    visitor.page("/");
    visitor.write("<img src=x onerror=alert(1)>");
    visitor.write(&"n".repeat(5000));
    let page = visitor.page("/");
    assert!(!page.contains("<img"), "{page}");
    assert!(page.contains("&lt;img"));
    assert!(!page.contains(&"n".repeat(200)));
}

#[test]
fn an_exchange_of_many_cookies_stays_short() {
    let mut visitor = Visitor::new();
    for number in 0..500 {
        visitor.write(&format!("c{number}"));
    }
    let page = visitor.page("/");
    let told = latest(&page).matches("<code>").count();
    assert_eq!(told, exchange::MOST_LINES);
    assert!(page.contains("more.</p>"));
}

#[test]
fn one_visitor_does_not_see_anothers_exchanges() {
    let mut first = Visitor::new();
    first.page("/rain-gauge");
    let mut second = Visitor {
        front: first.front.clone(),
        jar: BTreeMap::new(),
        headers: first.headers.clone(),
    };
    assert!(!second.page("/").contains("GET /rain-gauge"));
    assert!(first.page("/").contains("GET /rain-gauge"));
}

#[test]
fn the_demo_answers_what_it_has_and_nothing_else() {
    let mut visitor = Visitor::new();
    for (method, path, status) in [
        ("GET", "/demo/style.css", 200),
        ("GET", "/demo/demo.js", 200),
        ("GET", "/demo/pixel.js", 200),
        ("GET", "/demo/counter.js", 200),
        ("GET", "/demo/gpc.js", 200),
        ("POST", "/demo/dnt.js", 405),
        ("GET", "/.placet/placet.js", 200),
        ("GET", "/.placet/placet-fallback.js", 200),
        ("GET", "/.placet/locales/de.json", 200),
        ("GET", "/.placet/region", 200),
        ("GET", "/demo/icon.svg", 200),
        ("GET", "/demo/events", 204),
        ("GET", "/demo/browser", 405),
        ("POST", "/demo/style.css", 405),
        ("GET", "/demo/secret", 404),
        ("GET", "/nowhere", 404),
        ("GET", "/count", 204),
        ("GET", "/.placet/preferences", 200),
        ("GET", "/.placet/status", 200),
        ("GET", "/.well-known/gpc.json", 200),
    ] {
        let response = visitor.send(method, path, "");
        assert_eq!(response.status(), status, "{method} {path}");
    }
}

#[test]
fn every_page_has_the_script_tag_before_any_other_script_but_what_it_is_told_of_the_browser() {
    let mut visitor = Visitor::new();
    for (form, first) in [
        ("", "/.placet/placet.js"),
        ("gpc=on", "/demo/gpc.js"),
        ("gpc=off&dnt=on", "/demo/dnt.js"),
    ] {
        let page = visitor.post("/demo/browser", form);
        let scripts: Vec<&str> = page
            .split("src=\"")
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
            .filter(|path| path.ends_with(".js"))
            .collect();
        assert_eq!(scripts[0], first);
        let at = scripts
            .iter()
            .position(|path| *path == "/.placet/placet.js");
        let own = scripts.iter().position(|path| *path == "/demo/pixel.js");
        assert!(
            at < own
                && scripts
                    .iter()
                    .filter(|path| path.contains("/.placet/"))
                    .count()
                    == 1
        );
        assert!(page.contains(r#"type="text/plain" data-placet="matomo""#));
    }
}

#[test]
fn a_script_that_is_the_same_for_everybody_is_no_exchange() {
    let mut visitor = Visitor::new();
    visitor.page("/");
    for path in ["placet.js", "region", "locales/de.json"] {
        let response = visitor.send("GET", &format!("/.placet/{path}"), "");
        assert!(!response.headers().contains_key(SET_COOKIE), "{path}");
    }
    let page = visitor.page("/vane");
    assert_eq!(page.matches(r#"<li class="entry">"#).count(), 2);
}

#[test]
fn every_place_that_the_panel_tells_of_is_reached() {
    let mut lines = exchange::Lines::default();
    for (direction, fate) in [
        (Direction::Request, Fate::Passed),
        (Direction::Request, Fate::Stripped),
        (Direction::Response, Fate::Passed),
        (Direction::Response, Fate::Stripped),
        (Direction::Response, Fate::Removed),
    ] {
        lines.push(exchange::Line {
            direction,
            name: format!("{direction:?}-{fate:?}"),
            service: None,
            fate,
            reason: placet::Reason::Undeclared,
        });
    }
    let entry = panel::entry(&Exchange {
        number: 1,
        visitor: 1,
        method: "GET".to_owned(),
        path: "/".to_owned(),
        status: 200,
        lines,
        holds: None,
    });
    let entry = entry.into_string();
    assert_eq!(entry.matches("<code>").count(), 5, "{entry}");
    assert!(!entry.contains('\n'), "an event is one line");
}
