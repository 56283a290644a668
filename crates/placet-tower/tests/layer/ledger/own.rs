//! Visitors read and erase their own receipts, and nobody else's.

use std::future::Future;
use std::pin::{Pin, pin};
use std::task::{Context, Waker};

use placet_ledger::Moment;
use placet_tower::Connection;

use super::*;
use crate::harness::{NOW, granted, refused};

const RECEIPTS: &str = "/.placet/receipts";

fn delete(cookie: &str) -> Request<Body> {
    request(Method::DELETE, RECEIPTS, cookie, "", "")
}

fn erase(cookie: &str) -> Request<Body> {
    request(
        Method::POST,
        "/.placet/receipts?lang=de",
        cookie,
        FORM,
        "erase=all",
    )
}

/// A visitor who chose twice; the cookie of the second choice.
async fn visitor(layer: &ConsentLayer) -> String {
    let first = ask(layer, choose("", r#"{"all": "granted", "how": "banner"}"#)).await;
    let second = r#"{"all": "refused", "how": "preferences"}"#;
    ask(layer, choose(&first.cookie(), second)).await.cookie()
}

#[tokio::test]
async fn a_visitor_reads_every_receipt_of_the_own_choices_the_latest_first() {
    let store = Store::new(Mode::Now);
    let layer = recorded_in(&store);
    let cookie = visitor(&layer).await;
    visitor(&layer).await;
    let listed = ask(&layer, get(RECEIPTS, &cookie)).await;
    assert_eq!(listed.status, StatusCode::OK);
    assert_eq!(listed.header("content-type"), Some("application/json"));
    assert_eq!(listed.header("cache-control"), Some("no-store"));
    assert_eq!(listed.header("vary"), Some("Cookie"));
    assert_eq!(listed.header("content-disposition"), None);
    assert_eq!(listed.header("placet-receipt"), None);
    let receipts = store.receipts();
    let expected = format!("[{},{}]", receipts[1].to_json(), receipts[0].to_json());
    assert_eq!(listed.text, expected, "two of four");

    let file = ask(&layer, get("/.placet/receipts?download", &cookie)).await;
    assert_eq!(
        file.header("content-disposition"),
        Some("attachment; filename=\"consent-receipts.json\"")
    );
    assert_eq!(file.text, expected);
    let head = ask(&layer, request(Method::HEAD, RECEIPTS, &cookie, "", "")).await;
    assert_eq!(head.text, "");
    assert_eq!(
        head.header("content-length"),
        Some(&*expected.len().to_string())
    );
}

#[tokio::test]
async fn whoever_has_no_choice_has_no_receipts_and_the_ledger_is_not_asked() {
    let store = Store::new(Mode::Now);
    let layer = recorded_in(&store);
    let cookie = visitor(&layer).await;
    let calls = *store.calls.lock().unwrap();
    let id = choice_of(&cookie, &policy()).id;
    for cookie in [
        String::new(),
        "session=1".to_owned(),
        "placet=".to_owned(),
        format!("placet={id}"),
        // Of two nobody knows which one is meant.
        format!("{cookie}; {cookie}"),
        format!("{cookie}; {}", granted(&policy())),
    ] {
        assert_eq!(
            ask(&layer, get(RECEIPTS, &cookie)).await.text,
            "[]",
            "{cookie}"
        );
        let erased = ask(&layer, delete(&cookie)).await;
        assert_eq!(
            (erased.status, &*erased.text),
            (StatusCode::OK, r#"{"erased":0}"#)
        );
        let form = ask(&layer, erase(&cookie)).await;
        assert_eq!(form.status, StatusCode::SEE_OTHER);
        let page = ask(&layer, get("/.placet/preferences", &cookie)).await;
        assert!(!page.text.contains("placet-receipts"));
    }
    assert_eq!(*store.calls.lock().unwrap(), calls);
    assert_eq!(store.receipts().len(), 2);
}

#[tokio::test]
async fn another_visitor_reads_and_erases_nothing_of_it() {
    let store = Store::new(Mode::Now);
    let layer = recorded_in(&store);
    let cookie = visitor(&layer).await;
    let id = choice_of(&cookie, &policy()).id;
    let other = refused(&policy());
    // The address names nobody: the cookie alone does.
    for path in [
        RECEIPTS.to_owned(),
        format!("{RECEIPTS}?id={id}"),
        format!("{RECEIPTS}?follows={id}"),
    ] {
        assert_eq!(ask(&layer, get(&path, &other)).await.text, "[]");
    }
    let below = ask(&layer, get(&format!("{RECEIPTS}/{id}"), &other)).await;
    assert_eq!(below.status, StatusCode::NOT_FOUND);
    assert_eq!(ask(&layer, delete(&other)).await.text, r#"{"erased":0}"#);
    let page = ask(&layer, get("/.placet/preferences", &other)).await;
    assert!(!page.text.contains("placet-receipts"));
    assert_eq!(store.receipts().len(), 2);
}

#[tokio::test]
async fn a_visitor_erases_the_record_and_the_choice_stays() {
    for form in [false, true] {
        let store = Store::new(Mode::Now);
        let layer = recorded_in(&store);
        let others = visitor(&layer).await;
        let cookie = visitor(&layer).await;
        let erased = ask(
            &layer,
            if form {
                erase(&cookie)
            } else {
                delete(&cookie)
            },
        )
        .await;
        if form {
            assert_eq!(erased.status, StatusCode::SEE_OTHER);
            let location = erased.header("location").unwrap();
            assert_eq!(location, "/.placet/preferences?erased&lang=de");
            let page = ask(&layer, get(location, &cookie)).await;
            assert!(page.text.contains("Die Aufzeichnung wurde gelöscht."));
            assert!(!page.text.contains("<table><caption>"));
        } else {
            assert_eq!(erased.text, r#"{"erased":2}"#);
        }
        assert_eq!(erased.header("cache-control"), Some("no-store"));
        assert_eq!(erased.header("set-cookie"), None);
        let status = ask(&layer, get("/.placet/status", &cookie)).await.json();
        assert_eq!(
            status["choice"]["id"],
            choice_of(&cookie, &policy()).id.to_string()
        );
        assert_eq!(ask(&layer, get(RECEIPTS, &cookie)).await.text, "[]");
        let left = ask(&layer, get(RECEIPTS, &others)).await.json();
        assert_eq!(left.as_array().unwrap().len(), 2);
    }
}

#[tokio::test]
async fn another_site_erases_nothing() {
    let store = Store::new(Mode::Now);
    let layer = recorded_in(&store);
    let cookie = visitor(&layer).await;
    for (name, value) in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "https://evil.example"),
    ] {
        for mut request in [delete(&cookie), erase(&cookie)] {
            request.headers_mut().remove("sec-fetch-site");
            request.headers_mut().insert(name, value.parse().unwrap());
            let answered = ask(&layer, request).await;
            assert_eq!(answered.status, StatusCode::FORBIDDEN);
            assert_eq!(answered.json()["error"]["code"], "cross-site");
        }
    }
    assert_eq!(store.receipts().len(), 2);
}

#[tokio::test]
async fn only_a_form_that_says_so_erases() {
    let store = Store::new(Mode::Now);
    let layer = recorded_in(&store);
    let cookie = visitor(&layer).await;
    let post = |kind, body: &str| request(Method::POST, RECEIPTS, &cookie, kind, body);
    let long = format!("erase=all&x={}", "a".repeat(5000));
    for (request, status, code) in [
        (post(FORM, ""), StatusCode::UNPROCESSABLE_ENTITY, "value"),
        (
            post(FORM, "erase=some"),
            StatusCode::UNPROCESSABLE_ENTITY,
            "value",
        ),
        (
            post(FORM, "erase=all&erase=all"),
            StatusCode::UNPROCESSABLE_ENTITY,
            "value",
        ),
        (
            post(FORM, "all=refused"),
            StatusCode::UNPROCESSABLE_ENTITY,
            "value",
        ),
        (
            post(FORM, &long),
            StatusCode::PAYLOAD_TOO_LARGE,
            "too-large",
        ),
        (
            post(JSON, r#"{"erase": "all"}"#),
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "media-type",
        ),
        (
            post("text/plain", "erase=all"),
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "media-type",
        ),
        (
            request(Method::PUT, RECEIPTS, &cookie, FORM, "erase=all"),
            StatusCode::METHOD_NOT_ALLOWED,
            "method",
        ),
    ] {
        let answered = ask(&layer, request).await;
        assert_eq!(answered.status, status);
        assert_eq!(answered.json()["error"]["code"], code);
    }
    let options = ask(&layer, request(Method::OPTIONS, RECEIPTS, "", "", "")).await;
    assert_eq!(
        options.header("allow"),
        Some("GET, HEAD, POST, DELETE, OPTIONS")
    );
    assert_eq!(store.receipts().len(), 2);
}

#[tokio::test]
async fn a_ledger_that_is_away_is_said_to_be_and_nothing_changes() {
    let store = Store::new(Mode::Now);
    let layer = recorded_in(&store);
    let cookie = visitor(&layer).await;
    store.mode.send_replace(Mode::Nowhere);
    for request in [get(RECEIPTS, &cookie), delete(&cookie)] {
        let answered = ask(&layer, request).await;
        assert_eq!(answered.status, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(answered.header("retry-after"), Some("30"));
        assert_eq!(answered.header("cache-control"), Some("no-store"));
        assert_eq!(answered.json()["error"]["code"], "unavailable");
    }
    let form = ask(&layer, erase(&cookie)).await;
    assert_eq!(form.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(form.header("retry-after"), Some("30"));
    assert!(
        form.text
            .contains("Die Aufzeichnung ist zurzeit nicht verfügbar.")
    );
    let page = ask(&layer, get("/.placet/preferences", &cookie)).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(
        page.text
            .contains("The record is not available at the moment.")
    );
    assert!(
        page.text.contains("Save selection"),
        "a visitor can choose all the same"
    );
    assert_eq!(store.receipts().len(), 2);
}

#[tokio::test]
async fn the_preferences_page_shows_what_was_chosen_so_far() {
    let store = Store::new(Mode::Now);
    let layer = recorded_in(&store);
    let cookie = visitor(&layer).await;
    for path in ["/.placet/preferences", "/.placet/preferences?fragment"] {
        let page = ask(&layer, get(path, &cookie)).await;
        assert!(page.text.contains("Your choices so far"));
        assert_eq!(page.text.matches("Privacy settings").count(), 1);
        assert_eq!(page.text.matches("Privacy notice").count(), 1);
        assert!(page.text.contains("Statistics</bdi> – Refused by you"));
        assert!(page.text.contains("Statistics</bdi> – Allowed by you"));
        let made = Moment::from_millis(NOW * 1000).unwrap().second();
        assert!(page.text.contains(&format!("<time datetime=\"{made}\"")));
        assert_eq!(page.header("cache-control"), Some("no-store"));
    }
    let german = ask(&layer, get("/.placet/preferences?lang=de", &cookie)).await;
    assert!(german.text.contains("Ihre bisherigen Entscheidungen"));
    assert!(german.text.contains("action=\"/.placet/receipts?lang=de\""));
    let head = ask(
        &layer,
        request(Method::HEAD, "/.placet/preferences", &cookie, "", ""),
    )
    .await;
    assert_eq!(head.text, "");
}

#[tokio::test]
async fn a_crowd_of_questions_is_told_to_come_later_and_choices_are_recorded_even_then() {
    let store = Store::new(Mode::Now);
    let layer = recorded_in(&store);
    let cookie = visitor(&layer).await;
    store.mode.send_replace(Mode::Later);
    let mut crowd: Vec<Pin<Box<dyn Future<Output = Answered>>>> = Vec::new();
    let mut context = Context::from_waker(Waker::noop());
    for _ in 0..256 {
        let mut question: Pin<Box<dyn Future<Output = Answered>>> =
            Box::pin(ask(&layer, get(RECEIPTS, &cookie)));
        assert!(question.as_mut().poll(&mut context).is_pending());
        crowd.push(question);
    }
    let calls = *store.calls.lock().unwrap();
    for request in [get(RECEIPTS, &cookie), delete(&cookie), erase(&cookie)] {
        assert_eq!(
            ask(&layer, request).await.status,
            StatusCode::SERVICE_UNAVAILABLE
        );
    }
    let page = ask(&layer, get("/.placet/preferences", &cookie)).await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(
        *store.calls.lock().unwrap(),
        calls,
        "the ledger was not asked"
    );
    let mut chosen = pin!(ask(&layer, choose("", r#"{"all": "refused"}"#)));
    assert!(chosen.as_mut().poll(&mut context).is_pending());
    assert_eq!(store.receipts().len(), 3);
    // Whoever goes makes room.
    crowd.pop();
    let mut next = pin!(ask(&layer, get(RECEIPTS, &cookie)));
    assert!(next.as_mut().poll(&mut context).is_pending());
    store.mode.send_replace(Mode::Now);
    for question in crowd {
        assert_eq!(question.await.status, StatusCode::OK);
    }
    assert_eq!(next.await.status, StatusCode::OK);
    assert_eq!(chosen.await.header("placet-receipt"), Some("ledger"));
}

#[tokio::test]
async fn one_connection_takes_no_more_than_its_share() {
    let store = Store::new(Mode::Now);
    let layer = recorded_in(&store);
    let cookie = visitor(&layer).await;
    let over = |connection: &Connection, mut request: Request<Body>| {
        request.extensions_mut().insert(connection.clone());
        Box::pin(ask(&layer, request))
    };
    store.mode.send_replace(Mode::Later);
    let (greedy, other) = (Connection::default(), Connection::default());
    let mut context = Context::from_waker(Waker::noop());
    let mut crowd = Vec::new();
    for number in 0..8 {
        let request = if number < 5 {
            get(RECEIPTS, &cookie)
        } else {
            choose("", r#"{"all": "refused"}"#)
        };
        let mut waits = over(&greedy, request);
        assert!(waits.as_mut().poll(&mut context).is_pending());
        crowd.push(waits);
    }
    let kept = store.receipts().len();
    for request in [get(RECEIPTS, &cookie), delete(&cookie), erase(&cookie)] {
        let answered = over(&greedy, request).await;
        assert_eq!(answered.status, StatusCode::SERVICE_UNAVAILABLE);
    }
    // The choice holds, and its receipt is nowhere.
    let chosen = over(&greedy, choose("", r#"{"all": "refused"}"#)).await;
    assert_eq!(chosen.status, StatusCode::OK);
    assert_eq!(chosen.header("placet-receipt"), Some("nowhere"));
    assert_eq!(store.receipts().len(), kept);
    // Nobody else waits for that one.
    for mut waits in [
        over(&other, get(RECEIPTS, &cookie)),
        Box::pin(ask(&layer, get(RECEIPTS, &cookie))),
    ] {
        assert!(waits.as_mut().poll(&mut context).is_pending());
    }
    // Whoever goes makes room.
    crowd.pop();
    let mut next = over(&greedy, get(RECEIPTS, &cookie));
    assert!(next.as_mut().poll(&mut context).is_pending());
    store.mode.send_replace(Mode::Now);
    for waits in crowd {
        assert_eq!(waits.await.status, StatusCode::OK);
    }
    assert_eq!(next.await.status, StatusCode::OK);
}
