//! From the shop to the visitor.

use http::HeaderValue;
use http::header::{CACHE_CONTROL, SET_COOKIE};
use placet_tower::Essential;

use crate::harness::*;

const ANSWER: &[&str] = &[
    "session=a; Path=/; HttpOnly; Priority=High",
    "_pk_id.1=2; Max-Age=3600",
    "x=1",
    "lang = de ; path=/ ;; secure",
    "_fbp=; Max-Age=0",
    "_pk_ses.1=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Domain=shop.example",
];

#[tokio::test]
async fn what_may_not_pass_is_taken_out_and_the_rest_stays_byte_for_byte_and_in_order() {
    let visit = visit(&layer(policy()), [], setting(ANSWER)).await;
    assert_eq!(visit.set_cookies(), [ANSWER[0], ANSWER[4], ANSWER[5]]);
}

#[tokio::test]
async fn a_line_removes_a_cookie_only_where_browsers_read_it_so() {
    for (line, removes) in [
        ("_fbp=1;Max-Age=0", true),
        ("_fbp=1; max-age = 0", true),
        ("_fbp=1; Max-Age=-1", true),
        ("_fbp=1; Max-Age=-99999999999999999999", true),
        (
            "_fbp=1; Max-Age=0; Expires=Wed, 21 Oct 2065 07:28:00 GMT",
            true,
        ),
        ("_fbp=1; Max-Age=60; Max-Age=0", true),
        ("_fbp=1; Max-Age=0; Max-Age=", true),
        ("_fbp=1; Max-Age=0; Max-Age=60", false),
        (
            "_fbp=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=60",
            false,
        ),
        ("_fbp=1; Max-Age=99999999999999999999", false),
        ("_fbp=1; Max-Age=\"0\"", false),
        ("_fbp=1; Max-Age=+0", false),
        ("_fbp=1; Max-Age=0x", false),
        ("_fbp=\"1; Max-Age=0\"", false),
        ("_fbp=1, Max-Age=0", false),
        ("_fbp=Max-Age=0", false),
        ("=_fbp=1", false),
        ("_fbp", false),
        ("session=1, _fbp=1", false),
        ("_f%62p=1", false),
        ("__Host-_fbp=1; Secure; Path=/", false),
    ] {
        let visit = visit(&layer(policy()), [], setting(&[line])).await;
        assert_eq!(visit.set_cookies().len(), usize::from(removes), "{line}");
    }
}

#[tokio::test]
async fn what_was_granted_passes() {
    let policy = policy();
    let choice = granted(&policy);
    let visit = visit(
        &layer(policy),
        [("cookie", choice.as_bytes())],
        setting(ANSWER),
    )
    .await;
    let all_but_undeclared: Vec<_> = ANSWER
        .iter()
        .copied()
        .filter(|line| *line != "x=1")
        .collect();
    assert_eq!(visit.set_cookies(), all_but_undeclared);
}

#[tokio::test]
async fn a_sensitive_line_stays_sensitive() {
    let visit = visit(&layer(policy()), [], |_, response| {
        let mut line = HeaderValue::from_static("session=a");
        line.set_sensitive(true);
        response.headers_mut().append(SET_COOKIE, line);
        response
            .headers_mut()
            .append(SET_COOKIE, HeaderValue::from_static("_fbp=1"));
    })
    .await;
    assert!(visit.answered[SET_COOKIE].is_sensitive());
}

#[tokio::test]
async fn refused_cookies_that_were_sent_are_removed_at_every_declared_place() {
    let policy = policy();
    let line = format!("{}; _pk_id.1=2; _pk_id.1=3; x=1", refused(&policy));
    let layer = layer(policy);
    let first = visit(&layer, [("cookie", line.as_bytes())], nothing).await;
    assert_eq!(
        first.set_cookies(),
        ["/", "/en"].map(|path| format!(
            "_pk_id.1=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Path={path}; Domain=shop.example"
        ))
    );
    let gone = line.replace("; _pk_id.1=2; _pk_id.1=3", "");
    let next = visit(&layer, [("cookie", gone.as_bytes())], nothing).await;
    assert!(
        next.set_cookies().is_empty(),
        "what is gone is not removed again"
    );
}

#[tokio::test]
async fn refused_cookies_are_not_removed_by_every_image_of_a_page() {
    let policy = policy();
    let line = format!("{}; _pk_id.1=2", refused(&policy));
    let layer = layer(policy);
    for (destination, removed) in [("document", 2), ("empty", 2), ("image", 0), ("script", 0)] {
        let headers = [
            ("cookie", line.as_bytes()),
            ("sec-fetch-dest", destination.as_bytes()),
        ];
        let visit = visit(&layer, headers, nothing).await;
        assert_eq!(visit.set_cookies().len(), removed, "{destination}");
        assert_eq!(
            visit.cookies().len(),
            1,
            "the shop sees the consent cookie alone"
        );
    }
}

#[tokio::test]
async fn a_hostile_request_does_not_make_a_response_larger_than_proxies_take() {
    let policy = policy();
    let many: Vec<String> = (0..500).map(|n| format!("_pk_{n}={n}")).collect();
    let line = format!("{}; {}", refused(&policy), many.join("; "));
    let visit = visit(&layer(policy), [("cookie", line.as_bytes())], nothing).await;
    let bytes: usize = visit.set_cookies().iter().map(|line| line.len() + 14).sum();
    assert!((1500..=2048).contains(&bytes), "{bytes}");
}

#[tokio::test]
async fn a_handler_can_mark_a_cookie_as_essential_for_one_response() {
    let layer = layer(policy()).report_header(true);
    let marked = visit(&layer, [], |standing, response| {
        response
            .extensions_mut()
            .insert(Essential::cookie("login_step"));
        setting(&["login_step=2", "x=1"])(standing, response);
    })
    .await;
    assert_eq!(marked.set_cookies(), ["login_step=2"]);
    assert_eq!(
        marked.header("placet-report"),
        Some(
            "\"login_step\";in=response;do=keep;why=essential, \"x\";in=response;do=drop;why=undeclared"
        )
    );
    let next = visit(&layer, [], setting(&["login_step=2"])).await;
    assert!(next.set_cookies().is_empty());
}

#[tokio::test]
async fn a_response_that_carries_or_lost_a_cookie_is_kept_out_of_shared_caches() {
    for (lines, expected) in [
        (&["session=a"][..], "private, max-age=60"),
        (&["_fbp=1"], "private, max-age=60"),
        (&[], "public, max-age=60"),
    ] {
        let visit = visit(&layer(policy()), [], move |standing, response| {
            setting(lines)(standing, response);
            let value = HeaderValue::from_static("public, max-age=60");
            response.headers_mut().insert(CACHE_CONTROL, value);
        })
        .await;
        let mut found: Vec<_> = visit.header("cache-control").unwrap().split(", ").collect();
        let mut expected: Vec<_> = expected.split(", ").collect();
        found.sort_unstable();
        expected.sort_unstable();
        assert_eq!(found, expected, "{lines:?}");
    }
}

#[tokio::test]
async fn a_response_that_depends_on_the_choice_is_kept_out_of_shared_caches() {
    type Answer = fn(&placet_tower::Standing, &mut http::Response<Body>);
    let cases: [(Answer, &str); 4] = [
        (
            |standing, _| _ = standing.allows("marketing"),
            "private, max-age=60",
        ),
        (
            |standing, _| _ = standing.choice().get(),
            "private, max-age=60",
        ),
        (
            |standing, _| _ = standing.allows("necessary"),
            "public, max-age=60",
        ),
        (|standing, _| _ = standing.signals(), "public, max-age=60"),
    ];
    for (number, (answer, expected)) in cases.into_iter().enumerate() {
        let visit = visit(&layer(policy()), [], move |standing, response| {
            answer(standing, response);
            let value = HeaderValue::from_static("public, max-age=60");
            response.headers_mut().insert(CACHE_CONTROL, value);
        })
        .await;
        assert_eq!(
            visit.header("cache-control").unwrap(),
            expected,
            "case {number}"
        );
    }
}

#[tokio::test]
async fn vary_names_what_the_response_depended_on_and_nothing_else() {
    type Answer = fn(&placet_tower::Standing, &mut http::Response<Body>);
    let cases: [(Answer, Option<&str>); 6] = [
        (nothing, None),
        (|standing, _| _ = standing.allows("necessary"), None),
        (
            |standing, _| _ = standing.allows("functional"),
            Some("cookie"),
        ),
        (
            |standing, _| _ = standing.allows("analytics"),
            Some("cookie, dnt"),
        ),
        (
            |standing, _| _ = standing.allows("marketing"),
            Some("cookie, sec-gpc, dnt"),
        ),
        (|standing, _| _ = standing.signals(), Some("sec-gpc, dnt")),
    ];
    for (answer, expected) in cases {
        let line = [("cookie", &b"session=a; _fbp=1"[..])];
        let visit = visit(&layer(policy()), line, answer).await;
        let vary = visit.answered.get_all("vary").into_iter();
        let vary: Vec<_> = vary
            .map(|line| line.to_str().unwrap().to_ascii_lowercase())
            .collect();
        assert_eq!(vary.join(", "), expected.unwrap_or_default());
    }
}

#[tokio::test]
async fn signals_that_were_asked_for_stand_in_vary_also_where_the_policy_ignores_them() {
    let policy = policy_with(r#""signals": { "dnt": "ignored" },"#);
    let visit = visit(&layer(policy), [], |standing, _| _ = standing.signals()).await;
    assert_eq!(visit.header("vary"), Some("sec-gpc, dnt"));
}

#[tokio::test]
async fn a_response_that_varies_by_cookie_varies_by_what_decides_which_cookies_the_shop_sees() {
    let answer = |_: &placet_tower::Standing, response: &mut http::Response<Body>| {
        let headers = response.headers_mut();
        headers.insert("vary", HeaderValue::from_static("Cookie"));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("public"));
    };
    let source = placet_tower::RegionSource::cloudflare();
    let layer = placet_tower::ConsentLayer::new(policy()).region(source);
    for (line, expected) in [
        (
            Some("_fbp=1"),
            "Cookie, cf-ipcountry, cf-region-code, sec-gpc, dnt",
        ),
        (None, "Cookie"),
    ] {
        let line = line.map(|line| ("cookie", line.as_bytes()));
        let visit = visit(&layer, line, answer).await;
        assert_eq!(visit.header("vary"), Some(expected));
        assert_eq!(visit.header("cache-control"), Some("public"));
    }
}

#[tokio::test]
async fn a_refused_cookie_is_removed_where_the_declaration_that_refuses_it_says() {
    let text = r#"{ "revision": 3, "hosts": ["shop.example"], "services": [
        { "id": "ours", "category": "analytics", "cookies": [
            { "name": "_x*", "domains": ["shop.example"] }] },
        { "id": "theirs", "category": "marketing", "cookies": [
            { "name": "_x1", "domains": ["ads.example"] }] } ] }"#;
    let policy = placet::Policy::from_json("placet.json", text).unwrap();
    let line = chosen(&policy, &[("analytics", placet::Decision::Refused)]) + "; _x1=1";
    let visit = visit(&layer(policy), [("cookie", line.as_bytes())], nothing).await;
    let lines = visit.set_cookies();
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(lines[0].ends_with("; Domain=shop.example"), "{lines:?}");
}

#[tokio::test]
async fn a_refused_cookie_is_removed_from_the_domains_of_the_host_that_was_asked() {
    let text = r#"{ "revision": 3, "hosts": ["shop.example", "shop.test"], "services": [
        { "id": "ours", "category": "analytics", "cookies": [
            { "name": "_x", "domains": ["shop.example", "www.shop.example", "shop.test"] },
            { "name": "_y", "domains": ["shop.test"] }] } ] }"#;
    let policy = placet::Policy::from_json("placet.json", text).unwrap();
    let line = format!(
        "{}; _x=1; _y=1",
        chosen(&policy, &[("analytics", placet::Decision::Refused)])
    );
    for (host, domains) in [
        (
            "www.shop.example",
            &["shop.example", "www.shop.example"][..],
        ),
        ("shop.test:8080", &["shop.test", "shop.test"]),
        (
            "behind-a-proxy",
            &["shop.example", "www.shop.example", "shop.test", "shop.test"],
        ),
    ] {
        let layer = layer(policy.clone());
        let visit = visit_at(host, &layer, [("cookie", line.as_bytes())], nothing).await;
        let lines = visit.set_cookies();
        let found: Vec<_> = lines
            .iter()
            .map(|line| line.rsplit('=').next().unwrap())
            .collect();
        assert_eq!(found, domains, "{host}");
    }
}
