//! What is carried from one origin to the others, and what becomes of it there.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use http::header::{LOCATION, SET_COOKIE};
use http::{Request, Response, StatusCode};
use placet::{Choice, Gpc, Policy, Timestamp};
use placet_tower::ConsentLayer;
use tower::{Layer, ServiceExt, service_fn};

use super::*;

#[tokio::test]
async fn a_choice_made_at_one_origin_holds_at_all_that_share_it() {
    let mut browser = Browser::new(sites());
    browser.put(MAGAZINE, "_fbp", "1");
    let saved = browser
        .choose(
            SHOP,
            "category.analytics=granted&category.marketing=refused&return=/cart?a=1%26b",
        )
        .await;
    assert_eq!(saved.status(), StatusCode::SEE_OTHER);
    assert_eq!(saved.headers()["referrer-policy"], "no-referrer");
    assert_eq!(browser.follow(&saved).await, format!("{SHOP}/cart?a=1&b"));

    let ways: Vec<_> = browser.went.iter().map(|address| origin(address)).collect();
    assert_eq!(ways, [SHOP, MAGAZINE, CLUB, SHOP, MAGAZINE, CLUB, SHOP]);
    let choice = browser.cookie(SHOP, "placet").unwrap();
    assert!(choice.ends_with(".y~analytics.n~marketing"), "{choice}");
    for origin in [MAGAZINE, CLUB] {
        assert_eq!(
            browser.cookie(origin, "placet"),
            Some(choice),
            "the same choice"
        );
        assert_eq!(browser.cookie(origin, NONCE), None);
    }
    assert_eq!(
        browser.cookie(MAGAZINE, "_fbp"),
        None,
        "what was refused is removed there"
    );
}

#[tokio::test]
async fn a_later_word_comes_back_from_where_it_was_said() {
    let clock = Arc::new(AtomicI64::new(NOW));
    let time = Arc::clone(&clock);
    let now = move || Timestamp::from_unix(time.load(Ordering::Relaxed)).unwrap();
    let mut browser = Browser::new(sites().clock(now));
    let granted = browser.choose(SHOP, "all=granted").await;
    browser.follow(&granted).await;
    clock.fetch_add(5, Ordering::Relaxed);
    let withdrawn = browser.choose(CLUB, "all=refused").await;
    browser.follow(&withdrawn).await;
    for origin in [SHOP, MAGAZINE, CLUB] {
        let choice = browser.cookie(origin, "placet").unwrap();
        assert!(
            choice.ends_with(".y.n~functional~analytics~marketing"),
            "{origin}: {choice}"
        );
    }
}

#[tokio::test]
async fn eight_origins_are_reached_with_fewer_redirects_than_browsers_follow() {
    let origins: Vec<_> = (0..8).map(|n| format!("https://site{n}.example")).collect();
    let text = serde_json::json!({ "revision": 1, "shared_with": origins, "services": [] });
    let policy = Policy::from_json("placet.json", &text.to_string()).unwrap();
    let mut browser = Browser::new(ConsentLayer::new(policy).clock(now));
    let saved = browser.choose(&origins[5], "all=refused&return=/end").await;
    assert_eq!(browser.follow(&saved).await, format!("{}/end", origins[5]));
    assert_eq!(browser.went.len() - 1, 16);
    for origin in &origins {
        let choice = browser.cookie(origin, "placet");
        assert_eq!(choice, browser.cookie(&origins[5], "placet"), "{origin}");
    }
}

#[tokio::test]
async fn a_script_is_told_where_to_go_and_leads_there_itself() {
    let mut browser = Browser::new(sites());
    let request = Request::post(format!("{SHOP}/.placet/choice"))
        .header("sec-fetch-dest", "empty")
        .header("sec-fetch-mode", "cors")
        .header("sec-fetch-site", "same-origin")
        .header("content-type", "application/json");
    let saved = browser.send(request, r#"{ "all": "granted" }"#).await;
    assert_eq!(saved.status(), StatusCode::OK);
    let status: serde_json::Value = serde_json::from_str(saved.body()).unwrap();
    let path = status["share"].as_str().unwrap();
    let first = browser.go(&format!("{SHOP}{path}?return=/news")).await;
    assert_eq!(browser.follow(&first).await, format!("{SHOP}/news"));
    assert_eq!(
        browser.cookie(CLUB, "placet"),
        browser.cookie(SHOP, "placet")
    );
    // A host that no list names, and a policy without a list, have nothing to tell.
    for (layer, host) in [
        (sites(), "https://www.shop.example"),
        (ConsentLayer::new(crate::harness::policy()), SHOP),
    ] {
        let mut browser = Browser::new(layer);
        let status = browser.go(&format!("{host}/.placet/status")).await;
        assert!(!status.body().contains("share"), "{}", status.body());
    }
}

#[tokio::test]
async fn the_page_says_for_which_sites_a_choice_holds_where_it_is_shared() {
    let says = "Your choice holds for these sites: <bdi>shop.example</bdi>, \
                <bdi>magazine.example</bdi>, <bdi>club.example:8443</bdi>.";
    for (layer, at, expected) in [
        (sites(), SHOP, true),
        (sites(), CLUB, true),
        (sites(), "https://www.shop.example", false),
        (sites(), "http://shop.example:8080", false),
        (ConsentLayer::new(crate::harness::policy()), SHOP, false),
    ] {
        let mut browser = Browser::new(layer);
        let page = browser.go(&format!("{at}/.placet/preferences")).await;
        assert_eq!(page.status(), StatusCode::OK);
        assert_eq!(page.body().contains(says), expected, "{at}");
        assert_eq!(page.body().contains("placet-shared"), expected, "{at}");
    }
}

#[tokio::test]
async fn without_a_list_nothing_is_shared() {
    let mut browser = Browser::new(ConsentLayer::new(crate::harness::policy()).clock(now));
    let saved = browser.choose(SHOP, "all=granted&return=/cart").await;
    assert_eq!(saved.headers()[LOCATION], "/cart");
    assert!(!saved.headers().contains_key("referrer-policy"));
    let step = browser.go(&share(SHOP, &[])).await;
    assert_eq!(step.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_last_word_stays() {
    let newer = chosen(10, "", "~analytics~marketing");
    let older = chosen(20, GRANTED, "");
    let future = chosen(-86_400 * 30, GRANTED, "");
    let broken = "1.3.x".to_owned();
    for (here, told, expected) in [
        (None, &older, &older),
        (Some(&older), &newer, &newer),
        (Some(&newer), &older, &newer),
        (Some(&newer), &future, &newer),
        (None, &broken, &String::new()),
        (Some(&newer), &broken, &newer),
        // What is here and cannot be read, or is from the future, says nothing.
        (Some(&broken), &older, &older),
        (Some(&future), &older, &older),
    ] {
        let mut browser = Browser::new(sites());
        if let Some(here) = here {
            browser.put(MAGAZINE, "placet", here);
        }
        browser
            .go(&share(MAGAZINE, &[("from", SHOP), ("to", MAGAZINE)]))
            .await;
        let nonce = browser.cookie(MAGAZINE, NONCE).unwrap().to_owned();
        let pairs = [
            ("from", SHOP),
            ("to", MAGAZINE),
            ("nonce", &*nonce),
            ("choice", told),
        ];
        let step = browser.go(&share(MAGAZINE, &pairs)).await;
        assert_eq!(step.headers()[LOCATION], format!("{SHOP}/"));
        let found = browser.cookie(MAGAZINE, "placet").unwrap_or_default();
        assert_eq!(found, expected, "{here:?} {told}");
        assert_eq!(browser.cookie(MAGAZINE, NONCE), None);
    }
}

#[tokio::test]
async fn what_was_refused_here_and_is_unknown_there_stays_refused() {
    let social = r#""categories": [{ "id": "social" }],"#;
    let mut browser = Browser::new(layer([
        site(3, "shop.example", ""),
        site(3, "magazine.example", social),
        site(3, "club.example", ""),
    ]));
    browser.put(MAGAZINE, "placet", &chosen(60, "~analytics", "~social"));
    let saved = browser.choose(SHOP, "all=granted").await;
    browser.follow(&saved).await;
    let here = browser.cookie(MAGAZINE, "placet").unwrap();
    let there = browser.cookie(SHOP, "placet").unwrap();
    assert_eq!(
        there.trim_end_matches(".n"),
        here.trim_end_matches(".n~social")
    );
    assert!(here.ends_with(".n~social"), "{here}");
}

#[tokio::test]
async fn a_choice_of_an_earlier_revision_is_told_and_asked_again() {
    let mut browser = Browser::new(layer([
        site(3, "shop.example", ""),
        site(4, "magazine.example", ""),
        site(4, "club.example", r#""ask_again_since": 2,"#),
    ]));
    let saved = browser.choose(SHOP, "all=granted").await;
    browser.follow(&saved).await;
    for (origin, decision, stale) in [
        (MAGAZINE, "undecided", Some("revision")),
        (CLUB, "granted", None),
    ] {
        assert_eq!(
            browser.cookie(origin, "placet"),
            browser.cookie(SHOP, "placet")
        );
        let status = browser.go(&format!("{origin}/.placet/status")).await;
        let status: serde_json::Value = serde_json::from_str(status.body()).unwrap();
        assert_eq!(status["choice"]["stale"].as_str(), stale, "{origin}");
        assert_eq!(status["categories"][2]["decision"], decision, "{status}");
    }
}

#[tokio::test]
async fn a_grant_told_without_a_signal_is_none_over_it() {
    let mut browser = Browser::new(sites());
    let saved = browser.choose(SHOP, "all=granted").await;
    browser.gpc = true;
    browser.put(MAGAZINE, "_fbp", "1");
    browser.follow(&saved).await;
    let told = browser.cookie(MAGAZINE, "placet").unwrap();
    let read =
        Choice::from_cookie_value(told.as_bytes(), &site(3, "magazine.example", "")).unwrap();
    assert_eq!(
        read.signals.gpc,
        Gpc::Absent,
        "as it was when the visitor chose"
    );
    assert_eq!(read.made, Timestamp::from_unix(NOW).unwrap());
    assert_eq!(browser.cookie(MAGAZINE, "_fbp"), None);
    let status = browser.go(&format!("{MAGAZINE}/.placet/status")).await;
    let status: serde_json::Value = serde_json::from_str(status.body()).unwrap();
    assert_eq!(status["responses"]["gpc"]["honoured"], true, "{status}");
}

#[tokio::test]
async fn one_policy_may_hold_for_all_origins_and_its_cookie_is_host_only_outside_of_its_domain() {
    let policy = |hosts: &str| {
        let text = format!(
            r#"{{ "revision": 1, "hosts": [{hosts}],
                "shared_with": ["https://www.shop.example", "https://magazine.example"],
                "consent_cookie": {{ "domain": "shop.example" }}, "services": [] }}"#
        );
        let policy = Policy::from_json("placet.json", &text).unwrap();
        ConsentLayer::new(policy).clock(now)
    };
    let named = policy(r#""shop.example", "magazine.example""#);
    let unnamed = policy("");
    for (layer, host, domain) in [
        (&named, "www.shop.example", Some("Domain=shop.example")),
        (&named, "shop.example:443", Some("Domain=shop.example")),
        (&named, "magazine.example", None),
        (&named, "www.magazine.example:8443", None),
        (&unnamed, "www.shop.example", Some("Domain=shop.example")),
        (&unnamed, "magazine.example", None),
        // Perhaps a proxy's name for itself.
        (&named, "10.0.0.7:3000", Some("Domain=shop.example")),
    ] {
        let request = Request::post("/.placet/choice")
            .header("host", host)
            .header("content-type", "application/json");
        let inner = service_fn(async |_: Request<Body>| {
            Ok::<_, std::convert::Infallible>(Response::new(Body::default()))
        });
        let request = request.body(Body::from(r#"{ "all": "granted" }"#)).unwrap();
        let saved = layer.layer(inner).oneshot(request).await.unwrap();
        let line = saved.headers()[SET_COOKIE].to_str().unwrap();
        let found = line.split("; ").find(|part| part.starts_with("Domain="));
        assert_eq!(found, domain, "{host}: {line}");
    }
}

#[tokio::test]
async fn the_pages_form_may_lead_to_the_origins_that_share() {
    let mut browser = Browser::new(sites());
    let page = browser.go(&format!("{SHOP}/.placet/preferences")).await;
    let security = page.headers()["content-security-policy"].to_str().unwrap();
    let forms = format!("form-action 'self' {SHOP} {MAGAZINE} {CLUB};");
    assert!(security.contains(&forms), "{security}");
}
