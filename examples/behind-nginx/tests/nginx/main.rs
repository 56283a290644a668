//! The magazine behind a real nginx with this folder's nginx.conf: what comes out of the cache, and
//! what never does.

mod site;

use placet::{CategoryId, Choice, ChoiceId, How, Policy, Signals, Timestamp};
use site::Site;

/// The consent cookie of a visitor who said the same about every category.
fn consent(said: fn(Choice, CategoryId) -> Choice) -> String {
    let policy = Policy::from_json("placet.json", include_str!("../../placet.json")).unwrap();
    let now = std::time::UNIX_EPOCH.elapsed().unwrap().as_secs();
    let choice = Choice::new(
        ChoiceId::from_bytes([7; 16]),
        Timestamp::from_unix(i64::try_from(now).unwrap() - 60).unwrap(),
        policy.revision(),
        How::Banner,
        Signals::default(),
    );
    let categories = policy.optional_categories().map(placet::Category::id);
    let choice = categories.fold(choice, said);
    format!("placet={}", choice.to_cookie_value(&policy))
}

fn granted() -> String {
    consent(Choice::grant)
}

fn refused() -> String {
    consent(Choice::refuse)
}

#[test]
fn a_page_that_is_the_same_for_everybody_is_rendered_once() {
    let site = Site::start();
    for path in ["/", "/decide.js"] {
        let first = site.get(path, &[]);
        assert_eq!(first.header("x-cache"), ["MISS"]);
        assert_eq!(first.header("cache-control"), ["public, max-age=60"]);
        assert!(first.header("vary").is_empty());
        let (granted, refused) = (granted(), refused());
        for headers in [
            &[][..],
            &[("Cookie", "_pk_id.1.1fff=5d; partner=9; unheard_of=1")],
            &[("Cookie", granted.as_str())],
            &[("Cookie", refused.as_str()), ("Sec-GPC", "1"), ("DNT", "1")],
            &[("X-Geo-Country", "US")],
        ] {
            let next = site.get(path, headers);
            assert_eq!(next.header("x-cache"), ["HIT"], "{headers:?}");
            assert_eq!(next.header("x-rendered"), first.header("x-rendered"));
            assert!(next.header("set-cookie").is_empty());
            assert_eq!(next.body, first.body);
        }
    }
}

#[test]
fn the_cache_answers_conditional_requests_of_pages_it_has() {
    let site = Site::start();
    let tag = site.get("/", &[]).header("etag").concat();
    let again = site.get("/", &[("If-None-Match", &tag), ("Cookie", "partner=9")]);
    assert_eq!((again.status, again.header("x-cache")), (304, vec!["HIT"]));
    let changed = site.get("/", &[("If-None-Match", "\"article-0\"")]);
    assert_eq!(
        (changed.status, changed.header("x-cache")),
        (200, vec!["HIT"])
    );
}

#[test]
fn readers_with_a_session_neither_get_nor_leave_cached_pages() {
    let site = Site::start();
    for cookies in ["session=c0ffee", "a=b; session=c0ffee"] {
        let page = site.get("/", &[("Cookie", cookies)]);
        assert_eq!(page.header("x-cache"), ["BYPASS"], "{cookies}");
    }
    assert_eq!(site.get("/", &[]).header("x-cache"), ["MISS"]);
    let page = site.get("/", &[("Cookie", "session=c0ffee")]);
    assert_eq!(page.header("x-cache"), ["BYPASS"]);
    let page = site.get("/", &[("Cookie", "not_session=1; sessions=2")]);
    assert_eq!(page.header("x-cache"), ["HIT"]);
}

#[test]
fn a_page_that_sets_a_cookie_is_never_kept() {
    let site = Site::start();
    for _ in 0..3 {
        let page = site.get("/sign-in", &[]);
        assert_eq!(page.header("x-cache"), ["MISS"]);
        assert_eq!(page.header("cache-control"), ["private, max-age=60"]);
        assert!(page.header("set-cookie").concat().starts_with("session="));
    }
}

#[test]
fn a_page_that_lost_a_cookie_is_never_kept_even_if_the_service_asks_for_it() {
    let site = Site::start();
    for _ in 0..2 {
        let undecided = site.get("/counted", &[]);
        assert_eq!(undecided.header("x-cache"), ["MISS"]);
        assert!(undecided.header("set-cookie").is_empty());
        // They get theirs, which they would not get from a cache.
        let granted = site.get("/counted", &[("Cookie", &granted())]);
        assert_eq!(granted.header("x-cache"), ["MISS"]);
        assert!(granted.header("set-cookie").concat().starts_with("_pk_id."));
    }
}

#[test]
fn what_one_visitor_granted_is_not_shown_to_another() {
    let site = Site::start();
    let (granted, refused) = (granted(), refused());
    for (headers, page) in [
        (&[("Cookie", refused.as_str())][..], "Offers for everybody"),
        (&[("Cookie", granted.as_str())], "Offers for you"),
        (&[("Cookie", refused.as_str())], "Offers for everybody"),
        (&[], "Offers for everybody"),
        (
            &[("Cookie", granted.as_str()), ("DNT", "0")],
            "Offers for you",
        ),
    ] {
        let shown = site.get("/offers", headers);
        assert_eq!(shown.body, page, "{headers:?}");
        assert_eq!(shown.header("x-cache"), ["MISS"]);
        assert_eq!(shown.header("cache-control"), ["private, max-age=60"]);
    }
}

#[test]
fn a_page_that_depends_on_the_signals_alone_is_kept_once_for_each() {
    let site = Site::start();
    let on = "Opt-out request honoured";
    let off = "No opt-out request";
    for (headers, page, cache) in [
        (&[][..], off, "MISS"),
        (&[("Sec-GPC", "1")], on, "MISS"),
        (&[("Sec-GPC", "1"), ("Cookie", "partner=9")], on, "HIT"),
        (&[("Cookie", "partner=9")], off, "HIT"),
        (&[("DNT", "1")], off, "MISS"),
        (&[("Sec-GPC", "1")], on, "HIT"),
    ] {
        let shown = site.get("/signals", headers);
        assert_eq!(shown.body, page, "{headers:?}");
        assert_eq!(shown.header("x-cache"), [cache], "{headers:?}");
        assert_eq!(shown.header("vary"), ["sec-gpc, dnt"]);
    }
}

#[test]
fn the_status_that_cached_pages_ask_for_is_every_visitors_own() {
    let site = Site::start();
    let (granted, refused) = (granted(), refused());
    let decision = |decision: &str| format!("\"decision\":\"{decision}\",\"reason\":\"chosen\"");
    for (cookie, said, unsaid) in [
        (&granted, "granted", "refused"),
        (&refused, "refused", "granted"),
        (&granted, "granted", "refused"),
    ] {
        let status = site.get("/.placet/status", &[("Cookie", cookie)]);
        assert_eq!(status.status, 200);
        assert!(status.header("x-cache").is_empty());
        assert!(status.header("cache-control").concat().contains("no-store"));
        assert!(status.body.contains(&decision(said)), "{}", status.body);
        assert!(!status.body.contains(&decision(unsaid)), "{}", status.body);
    }
}

#[test]
fn refused_cookies_are_removed_with_the_status_although_the_page_comes_from_the_cache() {
    let site = Site::start();
    let cookies = format!("{}; _pk_id.1.1fff=5d", refused());
    let _ = site.get("/", &[]);
    let page = site.get("/", &[("Cookie", &cookies)]);
    assert_eq!(page.header("x-cache"), ["HIT"]);
    let status = site.get("/.placet/status", &[("Cookie", &cookies)]);
    let removed = status.header("set-cookie").concat();
    assert!(removed.starts_with("_pk_id.1.1fff=;"), "{removed}");
    assert!(removed.contains("=; Expires=Thu, 01 Jan 1970"), "{removed}");
}

#[test]
fn a_country_that_the_visitor_names_is_not_believed() {
    let site = Site::start();
    let status = site.get("/.placet/status", &[("X-Geo-Country", "US")]);
    assert!(status.body.contains("\"region\":null"), "{}", status.body);
}
