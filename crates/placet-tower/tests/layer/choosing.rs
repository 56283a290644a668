//! A choice made while a request is served holds for its response.

use std::sync::{Arc, Barrier, Mutex};
use std::thread;

use placet::{Decision, Policy};
use placet_tower::CannotChoose;

use crate::harness::*;

#[tokio::test]
async fn a_grant_lets_the_cookies_of_this_response_through() {
    let visit = visit(&layer(policy()), [], |standing, response| {
        setting(&["_pk_id.1=2; Path=/"])(standing, response);
        assert!(!standing.allows("analytics"));
        standing
            .choice()
            .decide([("analytics", Decision::Granted)])
            .unwrap();
        assert!(standing.allows("analytics"));
    })
    .await;
    let lines = visit.set_cookies();
    assert_eq!(lines[0], "_pk_id.1=2; Path=/");
    assert!(
        lines[1].starts_with(&format!("placet=1.3.{NOW}.a00.")),
        "{lines:?}"
    );
    assert!(
        lines[1].contains(".y~analytics.n; SameSite=Lax; Secure; Path=/; Max-Age="),
        "{lines:?}"
    );
    assert_eq!(lines.len(), 2);
}

#[tokio::test]
async fn a_withdrawal_stops_the_cookies_of_this_response_and_removes_what_was_sent() {
    let policy = policy();
    let line = format!("{}; _fbp=1", granted(&policy));
    let visit = visit(
        &layer(policy),
        [("cookie", line.as_bytes())],
        |standing, response| {
            setting(&["_fbp=2", "session=a"])(standing, response);
            standing.choice().refuse_all().unwrap();
        },
    )
    .await;
    assert_eq!(
        visit.cookies(),
        [line.as_bytes()],
        "the shop saw what was granted then"
    );
    let lines = visit.set_cookies();
    assert_eq!(lines[0], "session=a");
    assert!(
        lines[1].contains(".y.n~functional~analytics~marketing; "),
        "{lines:?}"
    );
    assert_eq!(
        lines[2],
        "_fbp=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Path=/"
    );
    assert_eq!(lines.len(), 3);
}

#[tokio::test]
async fn deciding_one_category_keeps_what_was_said_of_the_others() {
    let policy = policy();
    let line = chosen(
        &policy,
        &[
            ("functional", Decision::Granted),
            ("marketing", Decision::Refused),
        ],
    );
    let visit = visit(
        &layer(policy),
        [("cookie", line.as_bytes())],
        |standing, _| {
            standing
                .choice()
                .decide([("marketing", Decision::Granted)])
                .unwrap();
        },
    )
    .await;
    assert!(visit.set_cookies()[0].contains(".y~functional~marketing.n; "));
}

#[tokio::test]
async fn deciding_another_category_does_not_grant_over_a_signal_that_came_since() {
    let policy = policy();
    let line = chosen(&policy, &[("marketing", Decision::Granted)]);
    let visit = visit(
        &layer(policy),
        [("cookie", line.as_bytes()), ("sec-gpc", b"1")],
        |standing, _| {
            standing
                .choice()
                .decide([("functional", Decision::Granted)])
                .unwrap();
        },
    )
    .await;
    assert!(visit.set_cookies()[0].contains(".y~functional.n; "));
}

#[tokio::test]
async fn a_choice_that_cannot_be_made_changes_nothing() {
    let visit = visit(&layer(policy()), [], |standing, _| {
        let choice = standing.choice();
        for (name, expected) in [
            (
                "ads",
                CannotChoose::UnknownCategory {
                    found: "ads".to_owned(),
                },
            ),
            (
                "necessary",
                CannotChoose::Required {
                    category: "necessary".to_owned(),
                },
            ),
        ] {
            let decisions = [("analytics", Decision::Granted), (name, Decision::Refused)];
            assert_eq!(choice.decide(decisions), Err(expected));
        }
        assert!(choice.get().is_none());
    })
    .await;
    assert!(visit.set_cookies().is_empty());
}

#[tokio::test]
async fn a_grant_made_under_a_signal_stands_against_it_where_the_region_lets_it() {
    let layer = placet_tower::ConsentLayer::new(policy())
        .region(placet_tower::RegionSource::fixed("US-CA".parse().unwrap()))
        .clock(now);
    let visit = visit(&layer, [("sec-gpc", &b"1"[..])], |standing, response| {
        setting(&["_fbp=1"])(standing, response);
        assert!(!standing.allows("marketing"));
        standing.choice().grant_all().unwrap();
    })
    .await;
    let region = policy().region_rules("US-CA".parse().ok());
    assert_eq!(
        visit.set_cookies().contains(&"_fbp=1"),
        region.grant_over_gpc
    );
}

#[tokio::test]
async fn a_choice_that_comes_after_the_response_has_left_is_not_made() {
    let kept = Arc::new(Mutex::new(None));
    let keep = Arc::clone(&kept);
    let visit = visit(&layer(policy()), [], move |standing, _| {
        *keep.lock().unwrap() = Some(standing.clone());
    })
    .await;
    assert!(visit.set_cookies().is_empty());
    let standing = kept.lock().unwrap().take().unwrap();
    assert_eq!(standing.choice().grant_all(), Err(CannotChoose::TooLate));
    assert!(!standing.allows("analytics"));
}

fn policy_for(hosts: &str, domain: &str) -> Policy {
    let text = format!(
        r#"{{ "revision": 3, "hosts": [{hosts}], "consent_cookie": {{ {domain} }}, "services": [] }}"#
    );
    Policy::from_json("placet.json", &text).unwrap_or_else(|error| panic!("{error}"))
}

#[tokio::test]
async fn the_consent_cookie_has_its_domain_only_where_a_browser_takes_it() {
    let domain = r#""domain": "shop.example""#;
    for (host, expected) in [
        ("shop.example", true),
        ("WWW.shop.example.", true),
        ("www.shop.example:8080", true),
        ("shop.test", false),
        // Behind a proxy it may be anything.
        ("localhost:3000", true),
        ("10.0.0.7", true),
    ] {
        let layer = layer(policy_for(r#""shop.example", "shop.test""#, domain));
        let visit = visit_at(host, &layer, [], |standing, _| {
            standing.choice().refuse_all().unwrap();
        })
        .await;
        let found = visit.set_cookies()[0].contains("; Domain=shop.example");
        assert_eq!(found, expected, "{host}: {:?}", visit.set_cookies());
    }
}

#[tokio::test]
async fn a_new_choice_takes_the_place_of_a_consent_cookie_that_was_sent_twice() {
    for (domain, removal) in [
        (r#""domain": "shop.example""#, "GMT; Path=/"),
        ("", "GMT; Path=/; Domain=shop.example"),
    ] {
        let policy = policy_for(r#""shop.example", "shop.test""#, domain);
        let twice = format!("{0}; {0}", refused(&policy));
        let visit = visit(
            &layer(policy),
            [("cookie", twice.as_bytes())],
            |standing, _| standing.choice().refuse_all().unwrap(),
        )
        .await;
        let lines = visit.set_cookies();
        assert_eq!(lines.len(), 2, "{lines:?}");
        assert!(lines[0].starts_with("placet=; "), "{lines:?}");
        assert!(lines[0].ends_with(removal), "{lines:?}");
        assert!(lines[1].contains(".y.n~functional"), "{lines:?}");
    }
}

#[tokio::test]
async fn a_grant_that_is_kept_is_asked_about_when_the_policy_asks_again_since_it_was_given() {
    let earlier = policy();
    let line = chosen(&earlier, &[("analytics", Decision::Granted)]);
    let second = policy_of_revision(4, r#""ask_again_since": 3,"#);
    let visit = visit(
        &layer(second),
        [("cookie", line.as_bytes())],
        |standing, _| {
            let decisions = [("marketing", Decision::Refused)];
            standing.choice().decide(decisions).unwrap();
        },
    )
    .await;
    let kept = visit.set_cookies()[0].split(';').next().unwrap().to_owned();
    assert!(
        kept.starts_with("placet=1.3."),
        "the grant is of revision 3: {kept}"
    );

    let third = policy_of_revision(5, r#""ask_again_since": 4,"#);
    let asked = self::visit(
        &layer(third),
        [("cookie", kept.as_bytes())],
        |standing, _| {
            assert!(!standing.allows("analytics"));
        },
    )
    .await;
    assert!(asked.set_cookies().is_empty());
}

#[tokio::test]
async fn a_choice_made_while_the_response_leaves_is_kept_or_said_to_be_too_late() {
    let layer = layer(policy());
    for delay in 0..2_000_usize {
        let chosen = Arc::new(Mutex::new(None));
        let thread = Arc::clone(&chosen);
        let visit = visit(&layer, [], move |standing, _| {
            let choice = standing.choice();
            let both = Arc::new(Barrier::new(2));
            let theirs = Arc::clone(&both);
            *thread.lock().unwrap() = Some(thread::spawn(move || {
                theirs.wait();
                for _ in 0..delay {
                    std::hint::spin_loop();
                }
                choice.grant_all()
            }));
            both.wait();
        })
        .await;
        let chosen = chosen.lock().unwrap().take().unwrap().join().unwrap();
        match chosen {
            Ok(()) => assert_eq!(visit.set_cookies().len(), 1, "{delay}"),
            Err(late) => assert_eq!(
                (late, visit.set_cookies().len()),
                (CannotChoose::TooLate, 0)
            ),
        }
    }
}
