//! The addresses that the layer answers itself, as a visitor meets them.

use std::convert::Infallible;

use http::header::{COOKIE, SET_COOKIE};
use http::{Method, Request, Response, StatusCode};
use http_body_util::BodyExt;
use placet_tower::ConsentLayer;
use tower::{Layer, ServiceExt, service_fn};

use crate::harness::*;

/// What the layer answers, and its body as text; the shop answers `404` to everything.
async fn ask(layer: &ConsentLayer, request: Request<Body>) -> (Response<()>, String) {
    let shop = service_fn(async |_: Request<Body>| {
        let mut response = Response::new(Body::default());
        *response.status_mut() = StatusCode::NOT_FOUND;
        Ok::<_, Infallible>(response)
    });
    let (parts, body) = layer
        .layer(shop)
        .oneshot(request)
        .await
        .unwrap()
        .into_parts();
    let text = String::from_utf8(body.collect().await.unwrap().to_bytes().to_vec()).unwrap();
    (Response::from_parts(parts, ()), text)
}

fn request(method: Method, path: &str, cookie: &str, body: &'static str) -> Request<Body> {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("host", "shop.example")
        .header("sec-fetch-site", "same-origin")
        .header("content-type", "application/x-www-form-urlencoded")
        .header(COOKIE, cookie);
    request.body(Body::from(body)).unwrap()
}

fn set_cookies(response: &Response<()>) -> Vec<&str> {
    let lines = response.headers().get_all(SET_COOKIE).into_iter();
    lines.map(|line| line.to_str().unwrap()).collect()
}

#[tokio::test]
async fn a_visitor_without_javascript_chooses_and_withdraws() {
    let layer = layer(policy());
    let (page, html) = ask(
        &layer,
        request(Method::GET, "/.placet/preferences", "x=1", ""),
    )
    .await;
    assert_eq!(page.status(), StatusCode::OK);
    assert!(
        html.contains("action=\"/.placet/choice?lang=en\""),
        "{html}"
    );
    assert!(set_cookies(&page).is_empty(), "looking is no choice");

    let form = "all=granted&how=page&return=%2Fcart";
    let (saved, _) = ask(
        &layer,
        request(Method::POST, "/.placet/choice", "_fbp=1", form),
    )
    .await;
    assert_eq!(saved.status(), StatusCode::SEE_OTHER);
    assert_eq!(saved.headers()["location"], "/cart");
    assert_eq!(saved.headers()["tk"], "U");
    let [line] = set_cookies(&saved)[..] else {
        panic!("one cookie: {:?}", set_cookies(&saved));
    };
    assert!(
        line.starts_with(&format!("placet=1.3.{NOW}.n00.")),
        "{line}"
    );
    let granted = line.split(';').next().unwrap();

    let next = visit(
        &layer,
        [("cookie", format!("{granted}; _fbp=1").as_bytes())],
        nothing,
    )
    .await;
    assert_eq!(next.cookies(), [format!("{granted}; _fbp=1").as_bytes()]);
    assert!(
        next.set_cookies().is_empty(),
        "an unchanged visitor gets no Set-Cookie"
    );

    let cookie = format!("{granted}; _fbp=1; _pk_id.7=1");
    let form = "all=refused&how=page";
    let (withdrawn, _) = ask(
        &layer,
        request(Method::POST, "/.placet/choice", &cookie, form),
    )
    .await;
    assert_eq!(
        withdrawn.headers()["location"],
        "/.placet/preferences?saved"
    );
    let lines = set_cookies(&withdrawn);
    assert!(
        lines[0].contains(".y.n~functional~analytics~marketing; "),
        "{lines:?}"
    );
    let removed = ["_fbp=; ", "_pk_id.7=; ", "_pk_id.7=; "];
    assert_eq!(lines.len(), 1 + removed.len(), "{lines:?}");
    for (line, start) in lines[1..].iter().zip(removed) {
        assert!(
            line.starts_with(start) && line.contains("=; Expires=Thu, 01 Jan 1970 00:00:00 GMT;"),
            "{line}"
        );
    }
}

#[tokio::test]
async fn a_submission_that_is_refused_changes_nothing() {
    let layer = layer(policy());
    let long: &'static str = Box::leak("a".repeat(4097).into_boxed_str());
    for (site, form, status) in [
        ("cross-site", "all=granted", StatusCode::FORBIDDEN),
        (
            "same-origin",
            "category.ads=granted",
            StatusCode::UNPROCESSABLE_ENTITY,
        ),
        ("same-origin", long, StatusCode::PAYLOAD_TOO_LARGE),
    ] {
        let mut request = request(Method::POST, "/.placet/choice", "_fbp=1", form);
        request
            .headers_mut()
            .insert("sec-fetch-site", site.parse().unwrap());
        let (refused, _) = ask(&layer, request).await;
        assert_eq!(refused.status(), status);
        assert!(set_cookies(&refused).is_empty());
    }
}

#[tokio::test]
async fn the_status_says_what_the_server_saw() {
    let mut request = request(Method::GET, "/.placet/status", "", "");
    request
        .headers_mut()
        .insert("sec-gpc", "1".parse().unwrap());
    let (answer, json) = ask(&layer(policy()), request).await;
    assert_eq!(answer.headers()["cache-control"], "no-store");
    let status: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(status["revision"], 3);
    assert_eq!(status["region"], "DE");
    assert!(status.to_string().contains("\"gpc\""), "{status}");
}

#[tokio::test]
async fn everything_else_is_the_shops_and_the_prefix_is_ours() {
    let layer = layer(policy());
    for (path, by_shop) in [
        ("/", true),
        ("/.placet", true),
        ("/.placet/unknown", false),
        ("/.well-known/gpc.json", false),
        ("/.well-known/dnt/", false),
        ("/.well-known/security.txt", true),
    ] {
        let (answer, body) = ask(&layer, request(Method::GET, path, "", "")).await;
        let empty = answer.status() == StatusCode::NOT_FOUND && body.is_empty();
        assert_eq!(empty, by_shop, "{path}: {} {body}", answer.status());
    }
    let elsewhere = layer.prefix("/privacy/").unwrap();
    let (answer, _) = ask(&elsewhere, request(Method::GET, "/privacy/status", "", "")).await;
    assert_eq!(answer.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_site_that_only_reports_makes_no_claims_but_lets_visitors_choose() {
    let layer = layer(policy()).report_only();
    let (claim, body) = ask(
        &layer,
        request(Method::GET, "/.well-known/gpc.json", "", ""),
    )
    .await;
    assert_eq!((claim.status(), &*body), (StatusCode::NOT_FOUND, ""));
    let form = "all=refused";
    let (saved, _) = ask(
        &layer,
        request(Method::POST, "/.placet/choice", "_fbp=1", form),
    )
    .await;
    assert_eq!(
        set_cookies(&saved).len(),
        1,
        "the choice is kept, and nothing removed"
    );
}

#[tokio::test]
async fn refused_cookies_are_removed_with_the_status_which_pages_out_of_a_cache_ask_for() {
    let policy = policy();
    for (choice, removed) in [(refused(&policy), true), (granted(&policy), false)] {
        let cookie = format!("{choice}; _fbp=1");
        for path in ["/.placet/status", "/.placet/preferences"] {
            let request = request(Method::GET, path, &cookie, "");
            let (answer, _) = ask(&layer(policy.clone()), request).await;
            let lines = set_cookies(&answer);
            assert_eq!(lines.len(), usize::from(removed), "{path}: {lines:?}");
            assert!(lines.iter().all(|line| line.starts_with("_fbp=;")));
        }
    }
}

#[tokio::test]
async fn the_tracking_status_comes_without_set_cookie() {
    let policy = policy();
    let cookie = format!("{}; _fbp=1", refused(&policy));
    let (answer, json) = ask(
        &layer(policy),
        request(Method::GET, "/.well-known/dnt/", &cookie, ""),
    )
    .await;
    assert!(set_cookies(&answer).is_empty());
    assert!(json.contains("\"tracking\":\"N\""), "{json}");
}

#[tokio::test]
async fn no_other_site_can_lay_a_frame_with_our_buttons_under_a_click() {
    for path in ["/.placet/preferences", "/.placet/preferences?fragment"] {
        let (page, html) = ask(&layer(policy()), request(Method::GET, path, "", "")).await;
        assert!(html.contains("<button"), "{path}");
        let security = page.headers()["content-security-policy"].to_str().unwrap();
        assert!(security.contains("frame-ancestors 'self'"), "{path}");
    }
}

#[tokio::test]
async fn a_site_that_only_reports_does_not_say_that_it_honours_a_signal() {
    for (layer, honoured) in [
        (layer(policy()), true),
        (layer(policy()).report_only(), false),
    ] {
        let mut request = request(Method::GET, "/.placet/status", "", "");
        request
            .headers_mut()
            .insert("sec-gpc", "1".parse().unwrap());
        let (_, json) = ask(&layer, request.clone()).await;
        let status: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(status["responses"]["gpc"]["honoured"], honoured, "{json}");
        *request.uri_mut() = "/.placet/preferences".parse().unwrap();
        let (_, page) = ask(&layer, request).await;
        assert_eq!(page.contains("Opt-out request honoured"), honoured);
    }
}

#[tokio::test]
async fn the_site_styles_the_page_from_its_own_origin_alone() {
    let styled = layer(policy()).style_sheet("/brand.css").unwrap();
    let moved = styled.prefix("/privacy/").unwrap();
    let page = request(Method::GET, "/privacy/preferences", "", "");
    let (_, html) = ask(&moved, page).await;
    assert!(
        html.contains(r#"<link rel="stylesheet" href="/brand.css">"#),
        "{html}"
    );
    for elsewhere in [
        "https://cdn.example/a.css",
        "//cdn.example/a.css",
        "brand.css",
        "",
    ] {
        let refused = layer(policy()).style_sheet(elsewhere).unwrap_err();
        assert_eq!(refused.found, elsewhere);
    }
}
