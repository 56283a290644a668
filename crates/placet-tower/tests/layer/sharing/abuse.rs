//! What nobody can make a browser carry, and where nobody can make it go.

use http::header::{LOCATION, SET_COOKIE};
use http::{Request, StatusCode};

use super::*;

#[tokio::test]
async fn only_a_navigation_of_the_visitors_own_is_led() {
    for (name, value) in [
        ("sec-fetch-dest", "image"),
        ("sec-fetch-dest", "iframe"),
        ("sec-fetch-dest", "empty"),
        ("sec-fetch-mode", "cors"),
        ("sec-fetch-mode", "no-cors"),
        ("sec-purpose", "prefetch"),
        ("sec-purpose", "prefetch;prerender"),
        ("purpose", "prefetch"),
    ] {
        let mut browser = Browser::new(sites());
        browser.put(SHOP, "placet", &chosen(60, GRANTED, ""));
        for address in [
            share(SHOP, &[]),
            share(MAGAZINE, &[("from", SHOP), ("to", MAGAZINE)]),
        ] {
            let step = browser
                .send(Request::get(address).header(name, value), "")
                .await;
            assert_eq!(step.status(), StatusCode::FORBIDDEN, "{name}: {value}");
            assert!(!step.headers().contains_key(LOCATION));
            assert!(!step.headers().contains_key(SET_COOKIE));
            assert_eq!(step.headers()["cache-control"], "no-store");
        }
        // A form in a frame, or sent by a script, saves as without a list.
        let form = Request::post(format!("{SHOP}/.placet/choice"))
            .header("sec-fetch-site", "same-origin")
            .header("content-type", "application/x-www-form-urlencoded")
            .header(name, value);
        let saved = browser.send(form, "all=refused&return=/cart").await;
        assert_eq!(saved.headers()[LOCATION], "/cart", "{name}: {value}");
    }
    for method in ["HEAD", "POST", "PUT"] {
        let mut browser = Browser::new(sites());
        let request = Request::builder().method(method).uri(share(SHOP, &[]));
        let step = browser.send(request, "").await;
        assert_eq!(step.status(), StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(step.headers()["allow"], "GET, OPTIONS");
    }
}

#[tokio::test]
async fn every_step_is_kept_out_of_caches_and_referrers() {
    let mut browser = Browser::new(sites());
    let mut step = browser.choose(SHOP, "all=granted").await;
    while let Some(next) = step.headers().get(LOCATION) {
        if !next.to_str().unwrap().contains("/.placet/share?") {
            break;
        }
        assert_eq!(step.headers()["referrer-policy"], "no-referrer");
        assert_eq!(step.headers()["cache-control"], "no-store");
        let next = next.to_str().unwrap().to_owned();
        step = browser.go(&next).await;
    }
    assert_eq!(browser.went.len(), 6, "{:#?}", browser.went);
}

#[tokio::test]
async fn nobody_can_push_a_choice_onto_a_visitor() {
    let attackers = "0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f";
    let choice = chosen(0, GRANTED, "");
    let forged = |nonce: &str| {
        let pairs = [
            ("from", SHOP),
            ("to", MAGAZINE),
            ("nonce", nonce),
            ("choice", &choice),
        ];
        share(MAGAZINE, &pairs)
    };
    // Without a nonce, with the attacker's own, and with two of which nobody knows who set which.
    let mut browser = Browser::new(sites());
    let step = browser.go(&forged(attackers)).await;
    assert_eq!(step.headers()[LOCATION], format!("{SHOP}/"));
    assert_eq!(browser.cookie(MAGAZINE, "placet"), None);

    browser
        .go(&share(MAGAZINE, &[("from", SHOP), ("to", MAGAZINE)]))
        .await;
    let own = browser.cookie(MAGAZINE, NONCE).unwrap().to_owned();
    browser.go(&forged(attackers)).await;
    assert_eq!(browser.cookie(MAGAZINE, "placet"), None);
    assert_eq!(
        browser.cookie(MAGAZINE, NONCE),
        Some(&*own),
        "the way goes on undisturbed"
    );
    for nonce in ["", "g", &own[1..], &format!("{own}0")] {
        browser.go(&forged(nonce)).await;
        assert_eq!(browser.cookie(MAGAZINE, "placet"), None, "{nonce}");
    }
    let jar = browser.jars.get_mut(host(MAGAZINE)).unwrap();
    jar.push((NONCE.to_owned(), attackers.to_owned()));
    for nonce in [attackers, &own] {
        browser.go(&forged(nonce)).await;
        assert_eq!(browser.cookie(MAGAZINE, "placet"), None, "{nonce}");
    }
    // A nonce answers once.
    let jar = browser.jars.get_mut(host(MAGAZINE)).unwrap();
    jar.pop();
    browser.go(&forged(&own)).await;
    assert_eq!(browser.cookie(MAGAZINE, "placet"), Some(&*choice));
    browser
        .jars
        .get_mut(host(MAGAZINE))
        .unwrap()
        .retain(|(name, _)| name != "placet");
    browser.go(&forged(&own)).await;
    assert_eq!(browser.cookie(MAGAZINE, "placet"), None);
}

#[tokio::test]
async fn a_sub_domain_cannot_set_the_nonce() {
    let mut browser = Browser::new(sites());
    let asks = share(MAGAZINE, &[("from", SHOP), ("to", MAGAZINE)]);
    let step = browser.go(&asks).await;
    let line = step.headers()[SET_COOKIE].to_str().unwrap();
    // What the prefix asks for, so that browsers take the cookie from this host alone.
    assert!(line.starts_with("__Host-placet-share="), "{line}");
    for attribute in ["HttpOnly", "SameSite=Lax", "Secure", "Path=/", "Max-Age=60"] {
        assert!(line.contains(attribute), "{attribute}: {line}");
    }
    let again = Browser::new(sites()).go(&asks).await;
    assert_ne!(
        again.headers()[SET_COOKIE],
        step.headers()[SET_COOKIE],
        "never the same twice"
    );
}

#[tokio::test]
async fn no_step_leads_to_an_origin_or_a_path_that_the_policy_does_not_name() {
    let choice = chosen(60, GRANTED, "");
    let nonce = "0123456789abcdef0123456789abcdef";
    let evil = "https://evil.example";
    for query in [
        vec![("from", evil)],
        vec![("from", evil), ("to", SHOP)],
        vec![("from", SHOP), ("to", evil)],
        vec![("from", SHOP), ("to", evil), ("nonce", nonce)],
        vec![
            ("from", SHOP),
            ("to", "https://magazine.example.evil.example"),
            ("nonce", nonce),
        ],
        vec![
            ("from", SHOP),
            ("to", "https://magazine.example@evil.example"),
            ("nonce", nonce),
        ],
        vec![
            ("from", SHOP),
            ("to", "http://magazine.example"),
            ("nonce", nonce),
        ],
        vec![("from", MAGAZINE), ("to", evil), ("to", SHOP)],
        vec![
            ("from", MAGAZINE),
            ("to", SHOP),
            ("to", evil),
            ("nonce", nonce),
            ("choice", &choice),
        ],
        vec![("return", "//evil.example")],
        vec![("return", "https://evil.example/")],
        vec![("return", "/\\evil.example")],
        vec![("from", MAGAZINE), ("return", "https://evil.example/")],
        vec![("from", MAGAZINE), ("return", ".evil.example/")],
        vec![("from", MAGAZINE), ("return", "@evil.example/")],
    ] {
        let mut browser = Browser::new(sites());
        browser.put(SHOP, "placet", &chosen(30, "", ""));
        let before = browser.jars[host(SHOP)].clone();
        let step = browser.go(&share(SHOP, &query)).await;
        let target = step.headers()[LOCATION].to_str().unwrap();
        let base = url::Url::parse(SHOP).unwrap();
        let led = base.join(target).unwrap().origin().ascii_serialization();
        assert!([SHOP, MAGAZINE].contains(&&*led), "{query:?}: {target}");
        let is_step = target.contains("/.placet/share");
        assert_eq!(
            is_step,
            query.len() == 1 && query[0].0 == "return",
            "{query:?}: {target}"
        );
        assert_eq!(browser.jars[host(SHOP)], before, "{query:?}");
        let text = url::Url::parse(&browser.follow(&step).await).unwrap();
        assert!(
            text.path() == "/" || query[0].1 == MAGAZINE,
            "{query:?}: {text}"
        );
    }
}

#[tokio::test]
async fn a_choice_is_told_to_origins_of_the_list_alone() {
    let choice = chosen(60, GRANTED, "");
    let nonce = "0123456789abcdef0123456789abcdef";
    let mut browser = Browser::new(sites());
    browser.put(SHOP, "placet", &choice);
    for to in ["https://evil.example", "https://shop.example", "", "null"] {
        let step = browser
            .go(&share(
                SHOP,
                &[("from", SHOP), ("to", to), ("nonce", nonce)],
            ))
            .await;
        assert_eq!(step.headers()[LOCATION], "/", "{to}");
    }
    let step = browser
        .go(&share(
            SHOP,
            &[("from", SHOP), ("to", CLUB), ("nonce", nonce)],
        ))
        .await;
    let told = step.headers()[LOCATION].to_str().unwrap();
    assert!(
        told.starts_with(CLUB) && told.contains(&choice.replace('~', "%7E")),
        "{told}"
    );
    // Who has not chosen, or not readably, has nothing to tell and is not led around.
    for cookie in [None, Some("1.3.x")] {
        let mut undecided = Browser::new(sites());
        if let Some(cookie) = cookie {
            undecided.put(SHOP, "placet", cookie);
        }
        for query in [&[][..], &[("from", SHOP), ("to", CLUB), ("nonce", nonce)]] {
            let step = undecided.go(&share(SHOP, query)).await;
            assert_eq!(step.headers()[LOCATION], "/", "{cookie:?}");
        }
    }
}

#[tokio::test]
async fn no_address_leads_around_for_ever() {
    let nonce = "0123456789abcdef0123456789abcdef";
    let choice = chosen(60, GRANTED, "");
    let many = vec![("to", MAGAZINE); 9];
    for (at, query) in [
        (SHOP, vec![("from", SHOP), ("to", SHOP)]),
        (
            MAGAZINE,
            vec![("from", SHOP), ("to", MAGAZINE), ("to", MAGAZINE)],
        ),
        (
            MAGAZINE,
            vec![
                ("from", SHOP),
                ("to", MAGAZINE),
                ("to", CLUB),
                ("to", MAGAZINE),
            ],
        ),
        (
            MAGAZINE,
            vec![("from", SHOP), ("from", CLUB), ("to", MAGAZINE)],
        ),
        (
            SHOP,
            vec![
                ("from", SHOP),
                ("to", CLUB),
                ("nonce", nonce),
                ("nonce", nonce),
            ],
        ),
        (
            SHOP,
            vec![
                ("from", SHOP),
                ("to", CLUB),
                ("nonce", nonce),
                ("choice", &choice),
            ],
        ),
        (SHOP, vec![("from", MAGAZINE), ("to", CLUB)]),
        (SHOP, vec![("to", CLUB)]),
        (MAGAZINE, [vec![("from", SHOP)], many].concat()),
        (
            MAGAZINE,
            vec![
                ("from", SHOP),
                ("to", MAGAZINE),
                ("return", "/.placet/share"),
            ],
        ),
    ] {
        let mut browser = Browser::new(sites());
        for origin in [SHOP, MAGAZINE, CLUB] {
            browser.put(origin, "placet", &choice);
        }
        let step = browser.go(&share(at, &query)).await;
        browser.follow(&step).await;
        assert!(
            browser.went.len() <= 14,
            "{at} {query:?}: {:#?}",
            browser.went
        );
    }
}

#[tokio::test]
async fn the_nonce_never_reaches_the_inner_service() {
    for layer in [
        sites(),
        sites().report_only(),
        layer(
            ["shop", "magazine", "club"]
                .map(|name| site(3, &format!("{name}.example"), r#""undeclared": "allow","#)),
        ),
    ] {
        let mut browser = Browser::new(layer);
        browser.put(MAGAZINE, "session", "1");
        browser
            .go(&share(MAGAZINE, &[("from", SHOP), ("to", MAGAZINE)]))
            .await;
        assert!(
            browser.cookie(MAGAZINE, NONCE).is_some(),
            "it passes the layer itself"
        );
        // The inner service of the browser looks for it.
        let page = browser.go(&format!("{MAGAZINE}/")).await;
        assert_eq!(page.body(), "a page");
    }
}
