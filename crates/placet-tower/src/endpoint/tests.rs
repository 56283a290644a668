//! Whole requests to whole answers.

use http::header::{
    ACCEPT, ALLOW, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE, LOCATION,
    REFERRER_POLICY, SET_COOKIE, VARY,
};
use http::{Request, StatusCode};
use placet::{
    CategoryId, Choice, Decision, Dnt, Gpc, How, Reason, Revision, Signals, StandardCategory,
    Timestamp,
};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

const ANALYTICS: CategoryId = StandardCategory::Analytics.id();
const MARKETING: CategoryId = StandardCategory::Marketing.id();
const FUNCTIONAL: CategoryId = StandardCategory::Functional.id();
const NOW: Timestamp = Timestamp::UNIX_EPOCH.saturating_add(1_790_000_000);
const FRESH: ChoiceId = ChoiceId::from_bytes([0xfe; 16]);

/// A policy with services of two optional categories.
const SHOP: &str = r#"{ "revision": 3, "services": [
    { "id": "shop", "category": "necessary", "cookies": [{ "name": "session" }] },
    { "id": "matomo", "category": "analytics", "cookies": [{ "name": "_pk_*" }] },
    { "id": "ads", "category": "marketing", "cookies": [{ "name": "_ad" }] }
] }"#;

/// A visitor with everything that a test may want to turn.
struct Scene {
    policy: Policy,
    circumstances: Circumstances,
}

impl Scene {
    fn new(policy: &str, region: &str) -> Self {
        Self {
            policy: Policy::from_json("placet.json", policy).unwrap(),
            circumstances: Circumstances {
                choice: None,
                signals: Signals::default(),
                region: region.parse().ok(),
                now: NOW,
            },
        }
    }

    fn signals(mut self, gpc: Gpc, dnt: Dnt) -> Self {
        self.circumstances.signals = Signals { gpc, dnt };
        self
    }

    /// A choice made a day ago, under the signals of now.
    fn chose(mut self, how: How, granted: &[CategoryId], refused: &[CategoryId]) -> Self {
        let made = NOW.saturating_add(-86_400);
        let id = ChoiceId::from_bytes([1; 16]);
        let new = Choice::new(id, made, Revision(3), how, self.circumstances.signals);
        let choice = granted.iter().fold(new, |choice, id| choice.grant(*id));
        let choice = refused.iter().fold(choice, |choice, id| choice.refuse(*id));
        self.circumstances.choice = Some(choice);
        self
    }

    /// Sends a request as the layer does.
    fn send(&self, request: Request<&[u8]>) -> Answer {
        let standing = self.policy.standing(&self.circumstances);
        let visitor = Visitor {
            policy: &self.policy,
            circumstances: &self.circumstances,
            choice_problem: None,
            standing: &standing,
            enforces: true,
            #[cfg(feature = "script")]
            served: Served::default(),
        };
        let endpoints = endpoints();
        let (parts, body) = request.into_parts();
        let endpoint = endpoints.route(parts.uri.path(), &self.policy);
        match endpoints.begin(endpoint.expect("ours"), &parts, &visitor, || None) {
            Begun::Answered(answer) => answer,
            Begun::WantsBody { limit, format } if body.len() > limit => {
                let problem = Problem::too_large();
                endpoints.decline(Endpoint::Choice, format, &parts, &visitor, &problem)
            }
            Begun::WantsBody { format, .. } => {
                match endpoints.finish(Endpoint::Choice, format, &parts, body, &visitor, FRESH) {
                    Next::Answer(answer) => answer,
                    Next::Choice(chosen) => Answer {
                        choice: Some(chosen.choice),
                        ..endpoints.saved(&parts, &chosen, &visitor, None)
                    },
                    #[cfg(feature = "ledger")]
                    Next::Ask(..) => panic!("there is no ledger"),
                }
            }
            #[cfg(feature = "ledger")]
            Begun::Asks(..) => panic!("there is no ledger"),
        }
    }

    fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path).body(&[][..]).unwrap())
    }

    fn post(&self, media_type: &str, body: &str) -> Answer {
        let request = Request::post("/.placet/choice?lang=de").header(CONTENT_TYPE, media_type);
        self.send(request.body(body.as_bytes()).unwrap())
    }

    fn post_json(&self, body: &str) -> Answer {
        self.post("application/json", body)
    }

    fn post_form(&self, body: &str) -> Answer {
        self.post("application/x-www-form-urlencoded", body)
    }
}

fn endpoints() -> Endpoints {
    Endpoints::default()
}

fn json_of(answer: &Answer) -> Value {
    serde_json::from_slice(answer.response.body()).unwrap()
}

fn text_of(answer: &Answer) -> &str {
    std::str::from_utf8(answer.response.body()).unwrap()
}

fn header(answer: &Answer, name: impl http::header::AsHeaderName) -> &str {
    answer
        .response
        .headers()
        .get(name)
        .map_or("", |v| v.to_str().unwrap())
}

#[test]
fn what_is_under_the_prefix_and_what_the_policy_speaks_of_is_ours() {
    let policy = |text| Policy::from_json("placet.json", text).unwrap();
    let (shop, no_gpc) = (
        policy(SHOP),
        policy(r#"{ "revision": 1, "services": [], "signals": { "gpc": { "refuses": [] } } }"#),
    );
    for (path, expected) in [
        ("/.placet/status", Some(Endpoint::Status)),
        ("/.placet/choice", Some(Endpoint::Choice)),
        ("/.placet/preferences", Some(Endpoint::Preferences)),
        ("/.placet/placet.css", Some(Endpoint::Style)),
        ("/.placet/", Some(Endpoint::Unknown)),
        ("/.placet/status/", Some(Endpoint::Unknown)),
        ("/.placet/%73tatus", Some(Endpoint::Unknown)),
        ("/.placet/../admin", Some(Endpoint::Unknown)),
        ("/.placet", None),
        ("/.PLACET/status", None),
        ("//.placet/status", None),
        ("/", None),
        ("*", None),
        ("", None),
        ("/.well-known/gpc.json", Some(Endpoint::GpcSupport)),
        ("/.well-known/dnt/", Some(Endpoint::TrackingStatus)),
        ("/.well-known/dnt", Some(Endpoint::TrackingStatus)),
        ("/.well-known/dnt/some-id", None),
        ("/.well-known/security.txt", None),
    ] {
        assert_eq!(endpoints().route(path, &shop), expected, "{path}");
    }
    assert_eq!(endpoints().route("/.well-known/gpc.json", &no_gpc), None);
}

#[test]
fn the_status_says_what_holds_and_why() {
    let scene = Scene::new(SHOP, "US-CA")
        .signals(Gpc::On, Dnt::Absent)
        .chose(How::Banner, &[ANALYTICS], &[]);
    let answer = scene.get("/.placet/status");
    assert_eq!(answer.response.status(), StatusCode::OK);
    assert_eq!(header(&answer, CONTENT_TYPE), "application/json");
    assert_eq!(header(&answer, CACHE_CONTROL), "no-store");
    assert_eq!(header(&answer, VARY), "Cookie, Sec-GPC, DNT");
    assert!(answer.choice.is_none());
    let category = |id, required, regime, decision, reason: Reason| {
        json!({
            "id": id, "title": null, "required": required, "regime": regime,
            "decision": decision, "reason": reason.code(), "reason_text": reason.to_string(),
        })
    };
    assert_eq!(
        json_of(&answer),
        json!({
            "revision": 3,
            "region": "US-CA",
            "signals": { "gpc": true, "dnt": null },
            "responses": {
                "gpc": { "honoured": true, "refused": ["marketing"], "overridden": [] },
                "dnt": null,
            },
            "categories": [
                category("necessary", true, "notice", "granted", Reason::Necessary),
                category("functional", false, "notice", "granted", Reason::Regime),
                category("analytics", false, "notice", "granted", Reason::Chosen),
                category("marketing", false, "opt-out", "refused", Reason::Gpc),
            ],
            "choice": {
                "id": "01010101010101010101010101010101", "made": "2026-09-20T14:13:20Z",
                "revision": 3, "how": "banner", "stale": null,
            },
            "choice_problem": null,
            "undecided": false,
        })
    );
}

#[test]
fn a_signal_is_honoured_only_when_all_it_refuses_is_refused() {
    let ignored = SHOP.replace(
        r#""services""#,
        r#""signals": { "dnt": "ignored" }, "services""#,
    );
    let dnt = |policy: &str, granted: &[CategoryId], dnt| {
        let scene = Scene::new(policy, "US-TX").signals(Gpc::Absent, dnt);
        let scene = scene.chose(How::Page, granted, &[]);
        json_of(&scene.get("/.placet/status"))["responses"]["dnt"].clone()
    };
    for (response, honoured, refused, overridden) in [
        (
            dnt(SHOP, &[], Dnt::DoNotTrack),
            true,
            json!(["analytics", "marketing"]),
            json!([]),
        ),
        (
            dnt(SHOP, &[MARKETING], Dnt::DoNotTrack),
            false,
            json!(["analytics"]),
            json!(["marketing"]),
        ),
        (
            dnt(&ignored, &[], Dnt::DoNotTrack),
            false,
            json!([]),
            json!([]),
        ),
    ] {
        let expected = json!({
            "honoured": honoured, "refused": refused, "overridden": overridden,
        });
        assert_eq!(response, expected);
    }
    assert_eq!(dnt(SHOP, &[], Dnt::Allow), Value::Null);
}

#[test]
fn a_stale_choice_is_told_with_why() {
    let mut scene = Scene::new(SHOP, "DE").chose(How::Banner, &[MARKETING], &[]);
    scene.circumstances.now = NOW.saturating_add(4000 * 86_400);
    let status = json_of(&scene.get("/.placet/status"));
    assert_eq!(status["choice"]["stale"], "expired");
    assert_eq!(status["undecided"], true);
}

#[test]
fn a_choice_in_json_holds_in_its_own_answer() {
    let scene = Scene::new(SHOP, "DE");
    let answer = scene.post_json(r#"{"categories":{"analytics":"granted"},"how":"banner"}"#);
    assert_eq!(answer.response.status(), StatusCode::OK);
    assert_eq!(header(&answer, "tk"), "U");
    let choice = answer.choice.expect("made");
    assert_eq!(
        (choice.id, choice.made, choice.revision),
        (FRESH, NOW, Revision(3))
    );
    assert_eq!(choice.how, How::Banner);
    assert_eq!(choice.decision(ANALYTICS), Decision::Granted);
    assert_eq!(choice.decision(MARKETING), Decision::Undecided);
    let status = json_of(&answer);
    assert_eq!(status["categories"][2]["reason"], "chosen");
    assert_eq!(status["choice"]["id"], FRESH.to_string());
    assert_eq!(status["undecided"], true, "nothing was said of marketing");
    // The cookie is the layer's to set.
    assert!(answer.response.headers().get(SET_COOKIE).is_none());
}

#[test]
fn categories_that_are_not_named_keep_what_was_said() {
    let scene = Scene::new(SHOP, "DE").chose(How::Banner, &[MARKETING], &[FUNCTIONAL]);
    let answer = scene.post_form("category.analytics=refused");
    let choice = answer.choice.expect("made");
    assert_eq!(choice.decision(MARKETING), Decision::Granted);
    assert_eq!(choice.decision(FUNCTIONAL), Decision::Refused);
    assert_eq!(choice.decision(ANALYTICS), Decision::Refused);
    let answer = scene.post_form("all=refused");
    assert_eq!(
        answer.choice.expect("made").decision(MARKETING),
        Decision::Refused
    );
}

#[test]
fn a_form_leads_back_or_to_the_page() {
    let scene = Scene::new(SHOP, "DE");
    for (body, location) in [
        ("all=granted&how=page&return=/shop%3Fa%3D1", "/shop?a=1"),
        ("all=granted", "/.placet/preferences?saved&lang=de"),
        ("all=granted&return=", "/.placet/preferences?saved&lang=de"),
        (
            "all=granted&return=//evil.example",
            "/.placet/preferences?saved&lang=de",
        ),
        (
            "all=granted&return=https://evil.example",
            "/.placet/preferences?saved&lang=de",
        ),
        (
            "all=granted&return=/%0d%0aSet-Cookie:%20a=b",
            "/.placet/preferences?saved&lang=de",
        ),
    ] {
        let answer = scene.post_form(body);
        assert_eq!(answer.response.status(), StatusCode::SEE_OTHER, "{body}");
        assert_eq!(header(&answer, LOCATION), location, "{body}");
        assert_eq!(header(&answer, "tk"), "U");
        assert!(answer.choice.is_some());
        assert!(answer.response.body().is_empty());
    }
}

#[test]
fn tk_is_only_sent_where_the_policy_answers_do_not_track() {
    let policy = r#"{ "revision": 1, "services": [], "signals": { "dnt": "ignored" } }"#;
    let answer = Scene::new(policy, "DE").post_json(r#"{"all":"refused"}"#);
    assert_eq!(answer.response.status(), StatusCode::OK);
    assert!(!answer.response.headers().contains_key("tk"));
}

#[test]
fn errors_of_a_form_are_shown_on_the_page_and_keep_the_way_back() {
    let scene = Scene::new(SHOP, "DE");
    let answer = scene.post_form("category.ads=granted&return=/cart");
    assert_eq!(answer.response.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let html = text_of(&answer);
    for expected in [
        "field `category.ads`: found the unknown category `ads`; expected one of \
         `functional`, `analytics`, `marketing`",
        r#"<html lang="de""#,
        r#"name="return" value="/cart""#,
    ] {
        assert!(html.contains(expected), "{html}");
    }
    assert!(answer.choice.is_none());
    let answer = scene.post_form(&format!("all=granted&x={}", "a".repeat(4096)));
    assert_eq!(answer.response.status(), StatusCode::PAYLOAD_TOO_LARGE);
    assert!(text_of(&answer).contains("at most 4096 bytes"));
}

#[test]
fn what_can_be_told_before_the_body_is_told_before_it() {
    let scene = Scene::new(SHOP, "DE");
    let post = |headers: &[(&str, &str)]| {
        let request = headers.iter().fold(
            Request::post("/.placet/choice"),
            |request, (name, value)| request.header(*name, *value),
        );
        scene.send(request.body(&br#"{"all":"granted"}"#[..]).unwrap())
    };
    let json = ("content-type", "application/json");
    for (headers, status, code) in [
        (
            &[json, ("sec-fetch-site", "cross-site")][..],
            403,
            "cross-site",
        ),
        (&[("sec-fetch-site", "same-site")], 403, "cross-site"),
        (&[json, ("origin", "null")], 403, "cross-site"),
        (&[], 415, "media-type"),
        (&[("content-type", "text/plain")], 415, "media-type"),
        (&[json, ("content-encoding", "gzip")], 415, "media-type"),
        (&[json, ("content-length", "4097")], 413, "too-large"),
    ] {
        let answer = post(headers);
        assert_eq!(answer.response.status(), status, "{headers:?}");
        assert_eq!(json_of(&answer)["error"]["code"], code, "{headers:?}");
        assert_eq!(header(&answer, CACHE_CONTROL), "no-store");
        assert!(answer.choice.is_none());
    }
    assert!(header(&post(&[]), ACCEPT).contains("x-www-form-urlencoded"));
    assert!(post(&[json, ("content-length", "4096")]).choice.is_some());
    let form = ("content-type", "application/x-www-form-urlencoded");
    let page = post(&[form, ("sec-fetch-site", "cross-site")]);
    assert_eq!(page.response.status(), StatusCode::FORBIDDEN);
    assert!(header(&page, CONTENT_TYPE).starts_with("text/html"));
}

#[test]
fn other_methods_are_told_which_are_allowed() {
    let scene = Scene::new(SHOP, "DE");
    for (path, allow) in [
        ("/.placet/status", "GET, HEAD, OPTIONS"),
        ("/.placet/preferences", "GET, HEAD, OPTIONS"),
        ("/.placet/placet.css", "GET, HEAD, OPTIONS"),
        ("/.well-known/gpc.json", "GET, HEAD, OPTIONS"),
        ("/.well-known/dnt/", "GET, HEAD, OPTIONS"),
        ("/.placet/choice", "POST, OPTIONS"),
    ] {
        let send = |method: &str| {
            scene.send(
                Request::builder()
                    .method(method)
                    .uri(path)
                    .body(&[][..])
                    .unwrap(),
            )
        };
        for method in ["GET", "HEAD", "POST", "PUT", "DELETE", "TRACE", "get"] {
            let answer = send(method);
            let allowed = allow.split(", ").any(|allowed| allowed == method);
            let refused = answer.response.status() == StatusCode::METHOD_NOT_ALLOWED;
            assert_eq!(refused, !allowed, "{method} {path}");
            assert_eq!(header(&answer, ALLOW), if refused { allow } else { "" });
        }
        let options = send("OPTIONS");
        assert_eq!(options.response.status(), StatusCode::NO_CONTENT);
        assert_eq!(header(&options, ALLOW), allow);
        assert_eq!(options.response.headers().len(), 1, "no CORS: {options:?}");
    }
}

#[test]
fn head_is_get_without_the_body() {
    let scene = Scene::new(SHOP, "DE");
    for path in [
        "/.placet/status",
        "/.placet/preferences",
        "/.placet/preferences?fragment",
        "/.placet/placet.css",
        "/.placet/none",
        "/.well-known/gpc.json",
        "/.well-known/dnt",
    ] {
        let get = scene.get(path).response;
        let mut head = scene
            .send(Request::head(path).body(&[][..]).unwrap())
            .response;
        assert!(head.body().is_empty());
        assert_eq!(head.status(), get.status());
        let length = head.headers_mut().remove(CONTENT_LENGTH).unwrap();
        assert_eq!(length, get.body().len().to_string());
        assert_eq!(head.headers(), get.headers());
    }
}

#[test]
fn what_is_not_there_is_not_found() {
    let answer = Scene::new(SHOP, "DE").get("/.placet/stats");
    assert_eq!(answer.response.status(), StatusCode::NOT_FOUND);
    let error = &json_of(&answer)["error"];
    assert_eq!(error["found"], "`/.placet/stats`");
    assert!(
        error["expected"]
            .as_str()
            .unwrap()
            .contains("`/.placet/status`")
    );
}

#[test]
fn the_page_says_what_the_query_asks_for() {
    let scene = Scene::new(SHOP, "DE");
    let back = r#"name="return" value="/shop""#;
    for (query, expected, unexpected) in [
        ("", r#"<html lang="en""#, back),
        ("?saved&lang=de-AT", r#"<html lang="de""#, back),
        ("?lang=de%22&return=/shop", back, r#"<html lang="de""#),
        (
            "?return=//evil.example&x=y",
            "<!DOCTYPE html>",
            "evil.example",
        ),
        ("?fragment", "<section class=\"placet\"", "<html"),
    ] {
        let answer = scene.get(&format!("/.placet/preferences{query}"));
        let html = text_of(&answer);
        assert!(html.contains(expected), "{query}: {html}");
        assert!(!html.contains(unexpected), "{query}: {html}");
        assert_eq!(
            header(&answer, VARY),
            "Cookie, Sec-GPC, DNT, Accept-Language"
        );
        assert_eq!(header(&answer, CACHE_CONTROL), "no-store");
        assert_eq!(header(&answer, "x-content-type-options"), "nosniff");
        let csp = header(&answer, CONTENT_SECURITY_POLICY);
        assert!(
            csp.starts_with("default-src 'none'; style-src 'self'"),
            "{csp}"
        );
        assert_eq!(header(&answer, REFERRER_POLICY), "same-origin");
    }
}

#[test]
fn the_form_fits_into_a_submission_with_the_longest_path_back_and_the_most_categories() {
    let own: Vec<String> = (0..12)
        .map(|n| format!(r#"{{ "id": "c{n:031}", "like": "marketing" }}"#))
        .collect();
    let policy = SHOP.replace(
        "{ \"rev",
        &format!("{{ \"categories\": [{}], \"rev", own.join(", ")),
    );
    let scene = Scene::new(&policy, "DE");
    let path = format!("/{}", "'".repeat(return_path::LONGEST - 1));
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.append_pair("how", "page").append_pair("return", &path);
    for category in scene.policy.optional_categories() {
        form.append_pair(&format!("category.{}", category.name()), "refused");
    }
    assert_eq!(scene.policy.categories().len(), CategoryId::LIMIT);
    let form = form.finish();
    assert!(form.len() <= LARGEST_SUBMISSION, "{}", form.len());
}

#[test]
fn a_choice_that_could_not_be_read_is_no_choice_of_the_status() {
    let scene = Scene::new(SHOP, "US-CA").chose(How::Signal, &[], &[ANALYTICS]);
    let visitor = Visitor {
        policy: &scene.policy,
        circumstances: &scene.circumstances,
        choice_problem: Some(ConsentCookieProblem::Duplicated),
        standing: &scene.policy.standing(&scene.circumstances),
        enforces: true,
        #[cfg(feature = "script")]
        served: Served::default(),
    };
    let status = status::answer(&visitor, None, None);
    let status = json_of(&status);
    assert_eq!(status["choice"], Value::Null);
    assert!(status["choice_problem"].is_string());
}

#[test]
fn the_style_sheet_and_the_gpc_resource_are_the_same_for_everybody() {
    let scene = Scene::new(SHOP, "DE");
    let style = scene.get("/.placet/placet.css");
    assert_eq!(header(&style, CONTENT_TYPE), "text/css; charset=utf-8");
    assert_eq!(text_of(&style), crate::page::STYLESHEET);
    let gpc = scene.get("/.well-known/gpc.json");
    assert_eq!(header(&gpc, CONTENT_TYPE), "application/json");
    assert_eq!(text_of(&gpc), r#"{"gpc":true}"#);
    for answer in [style, gpc] {
        assert_eq!(header(&answer, CACHE_CONTROL), "public, max-age=3600");
        assert_eq!(header(&answer, VARY), "");
    }
}

#[test]
fn the_tracking_status_is_what_is_true_of_this_visitor() {
    let bare = r#"{ "revision": 3, "services": [{ "id": "shop", "category": "necessary" }] }"#;
    let ignored = SHOP.replace(
        r#""services""#,
        r#""signals": { "dnt": "ignored" }, "services""#,
    );
    let open = SHOP.replace(r#""services""#, r#""undeclared": "allow", "services""#);
    let open_bare = bare.replace(r#""services""#, r#""undeclared": "allow", "services""#);
    let scene = |policy: &str, region| Scene::new(policy, region);
    let config = r#","config":"/.placet/preferences"}"#;
    for (scene, expected, everybody) in [
        (scene(bare, "DE"), "N", true),
        (scene(&open_bare, "DE"), "T", false),
        (scene(&ignored, "DE"), "D", true),
        (scene(&open, "DE"), "T", false),
        // Undecided, refused, or only what has no service granted.
        (scene(SHOP, "DE"), "N", false),
        (
            scene(SHOP, "DE").chose(How::Banner, &[FUNCTIONAL], &[ANALYTICS]),
            "N",
            false,
        ),
        (
            scene(SHOP, "US-TX").signals(Gpc::On, Dnt::DoNotTrack),
            "N",
            false,
        ),
        (
            scene(SHOP, "DE").chose(How::Banner, &[ANALYTICS], &[MARKETING]),
            "C",
            false,
        ),
        // Not by the visitor's own act, or not all of it.
        (
            scene(SHOP, "DE").chose(How::Signal, &[ANALYTICS], &[]),
            "T",
            false,
        ),
        (scene(SHOP, "US-TX"), "T", false),
        (
            scene(SHOP, "US-TX").chose(How::Banner, &[ANALYTICS], &[]),
            "T",
            false,
        ),
    ] {
        for path in ["/.well-known/dnt/", "/.well-known/dnt"] {
            let answer = scene.get(path);
            let rest = if expected == "N" && everybody {
                "}"
            } else {
                config
            };
            assert_eq!(
                text_of(&answer),
                format!(r#"{{"tracking":"{expected}"{rest}"#)
            );
            assert_eq!(
                header(&answer, CONTENT_TYPE),
                "application/tracking-status+json"
            );
            let caching = if everybody {
                "public, max-age=3600"
            } else {
                "no-store"
            };
            assert_eq!(header(&answer, CACHE_CONTROL), caching);
            let vary = if everybody {
                ""
            } else {
                "Cookie, Sec-GPC, DNT"
            };
            assert_eq!(header(&answer, VARY), vary);
        }
    }
}

/// The examples of JSON in the documentation, in order.
fn documented() -> Vec<Value> {
    include_str!("endpoints.md")
        .split("```json")
        .skip(1)
        .map(|text| serde_json::from_str(text.split("```").next().unwrap()).unwrap())
        .collect()
}

/// The names of all members, those of lists once.
fn members(value: &Value) -> Vec<String> {
    let inside = |name: &str, value: &Value| {
        let inner = members(value).into_iter();
        let inner = inner.map(|member| format!("{name}.{member}"));
        [name.to_owned()]
            .into_iter()
            .chain(inner)
            .collect::<Vec<_>>()
    };
    match value {
        Value::Object(object) => object.iter().flat_map(|(n, v)| inside(n, v)).collect(),
        Value::Array(list) => list.first().map(members).unwrap_or_default(),
        _ => Vec::new(),
    }
}

#[test]
fn the_documentation_shows_what_is_read_and_answered() {
    let [status, single, all, named, error, shared] =
        documented().try_into().expect("six examples");
    let scene = Scene::new(SHOP, "US-CA").signals(Gpc::On, Dnt::Absent);
    let saved = scene.post_json(&single.to_string());
    assert!(saved.choice.is_some());
    assert_eq!(members(&json_of(&saved)), members(&status));
    assert!(scene.post_json(&all.to_string()).choice.is_some());
    let choice = scene.post_json(&named.to_string()).choice.unwrap();
    assert_eq!(json!(choice.id.to_string()), named["id"]);
    let before = named["follows"].as_str().unwrap().as_bytes();
    assert!(Choice::from_cookie_value(before, &scene.policy).is_ok());
    let refused = scene.post_json(r#"{"categories":{"ads":"granted"}}"#);
    let told = json_of(&refused);
    assert_eq!(members(&told), members(&error));
    for member in ["code", "field", "found", "expected"] {
        assert_eq!(told["error"][member], error["error"][member]);
    }
    let mut policy: Value = serde_json::from_str(SHOP).unwrap();
    policy["shared_with"] = shared["shared_with"].clone();
    let policy = Policy::from_json("placet.json", &policy.to_string());
    assert_eq!(policy.unwrap().shared_with().len(), 2);
}

proptest! {
    /// Nothing panics, a choice comes with success only, and a form leads to its own origin.
    #[test]
    fn no_request_changes_anything_but_by_succeeding(
        method in "GET|HEAD|POST|POST|POST|PUT|OPTIONS",
        path in "(status|choice|choice|choice|preferences|[a-z/.]{0,8})(\\?[a-z=&/%+]{0,12})?",
        headers in prop::collection::vec(
            ("sec-fetch-site|origin|host|content-type|content-length|accept-language|content-encoding",
             "same-origin|none|null|https?://a|a|application/json|application/json|application/x-www-form-urlencoded|[0-9]{1,5}|[ -~]{0,12}"),
            0..5,
        ),
        form in any::<bool>(),
        body in r#"(all=|category\.[a-z]{0,9}=|\{"all":"|\{"categories":\{"analytics":")?(granted|refused)?["}]{0,3}(&return=[/\\a-z.:%0-9]{0,16})?[ -~]{0,8}"#,
    ) {
        let scene = Scene::new(SHOP, "DE");
        let media_type = if form { "application/x-www-form-urlencoded" } else { "application/json" };
        let mut request = Request::builder().method(&*method).uri(format!("/.placet/{path}"));
        if !headers.iter().any(|(name, _)| name == "content-type") {
            request = request.header(CONTENT_TYPE, media_type);
        }
        for (name, value) in &headers {
            request = request.header(name, value);
        }
        let answer = scene.send(request.body(body.as_bytes()).unwrap());
        let status = answer.response.status();
        let saved = answer.choice.is_some();
        prop_assert!(!saved || (method == "POST" && (status == 200 || status == 303)));
        prop_assert!(saved || status != 303);
        prop_assert_eq!(saved, answer.response.headers().contains_key("tk"));
        if status == StatusCode::SEE_OTHER {
            let base = url::Url::parse("https://own.example/.placet/choice").unwrap();
            let target = base.join(header(&answer, LOCATION)).unwrap();
            prop_assert_eq!(target.origin(), base.origin());
        }
        if let Some(line) = answer.response.headers().get(CONTENT_TYPE)
            && line == "application/json"
            && method != "HEAD"
        {
            prop_assert!(serde_json::from_slice::<Value>(answer.response.body()).is_ok());
        }
    }
}
