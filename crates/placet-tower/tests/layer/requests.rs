//! From the visitor to the shop.

use placet_tower::{ConsentLayer, LivePolicy, Sites};

use crate::harness::*;

#[tokio::test]
async fn only_necessary_cookies_reach_the_shop_before_a_choice() {
    let visit = visit(
        &layer(policy()),
        [
            ("cookie", &b"_pk_id.1=2; session=a; lang=de; x=1"[..]),
            ("cookie", b"_fbp=1"),
        ],
        nothing,
    )
    .await;
    assert_eq!(visit.cookies(), [b"session=a"]);
    assert!(
        visit.set_cookies().is_empty(),
        "nothing is deleted that was not refused"
    );
}

#[tokio::test]
async fn a_header_of_which_nothing_is_left_is_removed() {
    let visit = visit(
        &layer(policy()),
        [("cookie", &b"_fbp=1; _pk_id=2"[..])],
        nothing,
    )
    .await;
    assert!(!visit.reached.contains_key("cookie"));
}

#[tokio::test]
async fn lines_of_which_nothing_goes_stay_as_they_are() {
    let policy = policy();
    let choice = granted(&policy);
    let lines = [
        &b"session = a ;; lang=\"d e\""[..],
        choice.as_bytes(),
        b"_fbp=\xff",
    ];
    let visit = visit(&layer(policy), lines.map(|line| ("cookie", line)), nothing).await;
    assert_eq!(visit.cookies(), lines);
}

#[tokio::test]
async fn signals_refuse_what_they_are_about() {
    let policy = policy();
    for (signal, kept) in [
        (("sec-gpc", &b"1"[..]), "_pk_id=2"),
        (("dnt", b"1"), ""),
        (("sec-gpc", b"0"), "_pk_id=2; _fbp=1"),
        (("dnt", b"0"), "_pk_id=2; _fbp=1"),
    ] {
        let layer = ConsentLayer::new(policy.clone())
            .region(placet_tower::RegionSource::fixed("US-CA".parse().unwrap()))
            .clock(now);
        let visit = visit(
            &layer,
            [("cookie", &b"_pk_id=2; _fbp=1"[..]), signal],
            nothing,
        )
        .await;
        assert_eq!(visit.cookies().concat(), kept.as_bytes(), "{signal:?}");
    }
}

#[tokio::test]
async fn an_unknown_region_has_the_strictest_rules() {
    let layer = ConsentLayer::new(policy()).clock(now);
    let visit = visit(&layer, [("cookie", &b"lang=de; _fbp=1"[..])], nothing).await;
    assert!(visit.cookies().is_empty());
}

#[tokio::test]
async fn a_consent_cookie_sent_twice_grants_nothing() {
    let policy = policy();
    let twice = format!("{0}; {0}; lang=de", granted(&policy));
    let visit = visit(&layer(policy), [("cookie", twice.as_bytes())], nothing).await;
    assert!(!visit.cookies().concat().ends_with(b"lang=de"));
}

#[tokio::test]
async fn the_handler_asks_what_holds_and_why() {
    let policy = policy();
    let choice = chosen(&policy, &[("analytics", placet::Decision::Granted)]);
    visit(
        &layer(policy),
        [("cookie", choice.as_bytes()), ("sec-gpc", b"1")],
        |standing, _| {
            assert!(standing.allows("necessary"));
            assert!(standing.allows("analytics"));
            assert!(!standing.allows("functional"));
            assert!(!standing.allows("no such category"));
            let marketing = standing.of_category("marketing");
            assert_eq!(marketing.reason, placet::Reason::Gpc);
            assert!(standing.signals().gpc.is_on());
            assert_eq!(standing.region(), "DE".parse().ok());
            assert!(standing.choice().get().is_some());
        },
    )
    .await;
}

#[tokio::test]
async fn five_hundred_cookies_and_a_line_of_64_kib_are_filtered_whole() {
    let many: Vec<String> = (0..500).map(|n| format!("c{n}={n}")).collect();
    let many = format!("{}; session=a", many.join("; "));
    let long = format!("session=b; big={}; _fbp=1", "x".repeat(65_536));
    let lines = [("cookie", many.as_bytes()), ("cookie", long.as_bytes())];
    let visit = visit(&layer(policy()), lines, nothing).await;
    assert_eq!(visit.cookies(), [b"session=a", b"session=b"]);
}

#[tokio::test]
async fn a_policy_is_replaced_while_serving() {
    let live = LivePolicy::new(policy());
    let layer = ConsentLayer::new(live.clone()).clock(now);
    let line = [("cookie", &b"session=a; lang=de"[..])];
    assert_eq!(visit(&layer, line, nothing).await.cookies(), [b"session=a"]);
    live.replace(policy_with(r#""undeclared": "allow","#));
    let line = [("cookie", &b"session=a; undeclared=1"[..])];
    assert_eq!(visit(&layer, line, nothing).await.cookies(), [line[0].1]);
    let revision = live.current().revision();
    let error = live.replace_with_json("placet.json", "{}").unwrap_err();
    assert!(error.to_string().contains("placet.json"), "{error}");
    assert_eq!(live.current().revision(), revision);
    let missing = std::path::Path::new("no/such/placet.json");
    let error = live.reload(missing).unwrap_err().to_string();
    assert!(
        error.contains("no/such/placet.json could not be read"),
        "{error}"
    );
}

#[tokio::test]
async fn every_host_has_the_policy_that_names_it() {
    let blog = r#"{ "revision": 1, "hosts": ["blog.example"], "services": [
        { "id": "blog", "category": "necessary", "cookies": [{ "name": "draft" }] }] }"#;
    let blog = placet::Policy::from_json("blog.json", blog).unwrap();
    let layer = ConsentLayer::new(Sites::new(blog).and(policy())).clock(now);
    let visit = visit(&layer, [("cookie", &b"draft=1; session=a"[..])], nothing).await;
    assert_eq!(
        visit.cookies(),
        [b"session=a"],
        "the visit is to shop.example"
    );
}

#[tokio::test]
async fn a_choice_that_cannot_be_read_is_no_grant_where_the_law_would_grant() {
    let policy = policy();
    let refused = refused(&policy);
    let other = chosen(&policy, &[("functional", placet::Decision::Granted)]);
    for unreadable in [
        format!("{refused}; {refused}"),
        format!("{refused}; {other}"),
        refused.replace("placet=1.", "placet=2."),
        refused[..40].to_owned(),
    ] {
        let layer = ConsentLayer::new(policy.clone())
            .region(placet_tower::RegionSource::fixed("US-CA".parse().unwrap()))
            .clock(now);
        let line = format!("{unreadable}; _fbp=1; _pk_id=2; session=a");
        let visit = visit(&layer, [("cookie", line.as_bytes())], |standing, _| {
            assert!(!standing.allows("analytics"));
            assert!(standing.choice().get().is_none());
        })
        .await;
        let passed = String::from_utf8(visit.cookies().concat()).unwrap();
        assert!(passed.ends_with("; session=a"), "{passed}");
        assert!(
            !passed.contains("_fbp") && !passed.contains("_pk"),
            "{passed}"
        );
    }
}
