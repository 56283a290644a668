//! Every choice has its receipt, and the response says what became of it.

use std::convert::Infallible;
use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use placet::{Decision, How, Signals};
use placet_ledger::{Client, ClientKey, DocumentKind, Moment, network_of};
use placet_texts::Language;
use placet_tower::{LivePolicy, Observer, Seen};

use super::*;
use crate::harness::{self, NOW, granted, now, policy_of_revision, refused};

const ID: &str = "0123456789abcdef0123456789abcdef";

#[tokio::test]
async fn a_choice_as_json_has_a_receipt_that_says_all_of_it() {
    let store = Store::new(Mode::Now);
    let answered = ask(
        &recorded_in(&store),
        choose(
            "",
            r#"{"categories": {"analytics": "granted"}, "how": "banner", "language": "de"}"#,
        ),
    )
    .await;
    assert_eq!(answered.status, StatusCode::OK);
    assert_eq!(answered.header("placet-receipt"), Some("ledger"));
    assert_eq!(answered.json()["receipt"], "ledger");
    let receipt = store.only();
    assert_eq!(receipt.id, answered.choice(&policy()).id);
    assert_eq!(receipt.follows, None);
    assert_eq!(receipt.at, Moment::from(now()));
    assert_eq!(receipt.how, How::Banner);
    assert_eq!(receipt.signals, Signals::default());
    assert_eq!(
        states(&receipt),
        [
            ("functional", State::Unknown),
            ("analytics", State::Given),
            ("marketing", State::Unknown)
        ]
    );
    let situation = &*receipt.situation;
    assert_eq!(situation.origin, "https://shop.example");
    assert_eq!(situation.region, "DE".parse().ok());
    assert_eq!(situation.language.as_deref(), Some("de"));
    let documents = store.documents.lock().unwrap().clone();
    let [of_policy, of_texts] = &documents[..] else {
        panic!("two documents")
    };
    assert_eq!(of_policy.kind(), DocumentKind::Policy);
    assert_eq!(of_policy.body(), policy().source());
    assert_eq!(situation.policy, of_policy.digest());
    assert_eq!(of_texts.kind(), DocumentKind::Texts);
    assert_eq!(
        of_texts.body(),
        Language::from_tag("de").unwrap().json().as_bytes()
    );
    assert_eq!(situation.texts, Some(of_texts.digest()));
}

#[tokio::test]
async fn a_form_a_handler_and_a_withdrawal_have_receipts_that_follow_one_another() {
    let store = Store::new(Mode::Now);
    let layer = recorded_in(&store);
    let path = "/.placet/choice?lang=fr";
    let form = request(Method::POST, path, "", FORM, "all=granted&how=page");
    let first = ask(&layer, form).await;
    assert_eq!(first.status, StatusCode::SEE_OTHER);
    assert_eq!(
        first.header("location"),
        Some("/.placet/preferences?saved&lang=fr")
    );
    let second = send(&layer, get("/", &first.cookie()), |standing| {
        let choice = standing.choice();
        choice.decide([("marketing", Decision::Granted)]).unwrap();
        choice.refuse_all().unwrap();
    })
    .await;
    assert_eq!(second.text, "page");
    for answered in [&first, &second] {
        assert_eq!(answered.header("placet-receipt"), Some("ledger"));
    }
    let [of_form, of_handler] = &store.receipts()[..] else {
        panic!(
            "of several choices in one request the last counts: {:?}",
            store.receipts()
        )
    };
    assert_eq!(of_form.how, How::Page);
    assert_eq!(of_form.situation.language.as_deref(), Some("fr"));
    assert!(of_form.states.iter().all(|state| *state == State::Given));
    assert_eq!(of_handler.how, How::Api);
    assert_eq!(of_handler.id, second.choice(&policy()).id);
    assert_eq!(of_handler.follows, Some(of_form.id));
    assert!(
        of_handler
            .states
            .iter()
            .all(|state| *state == State::Withdrawn)
    );
    assert_eq!(of_handler.situation.origin, "https://shop.example");
    assert_eq!(
        (of_handler.situation.texts, &of_handler.situation.language),
        (None, &None)
    );
}

#[tokio::test]
async fn nobody_who_did_not_choose_has_a_receipt() {
    let store = Store::new(Mode::Now);
    let layer = recorded_in(&store);
    let cookie = granted(&policy());
    let requests = [
        get("/", &cookie),
        get("/.placet/status", &cookie),
        choose(&cookie, r#"{"all": "perhaps"}"#),
        choose(&cookie, "no JSON"),
        request(Method::POST, "/", &cookie, FORM, "all=granted"),
    ];
    for request in requests {
        let answered = ask(&layer, request).await;
        assert_eq!(answered.header("placet-receipt"), None);
    }
    let mut foreign = choose(&cookie, r#"{"all": "granted"}"#);
    foreign
        .headers_mut()
        .insert("sec-fetch-site", "cross-site".parse().unwrap());
    let answered = ask(&layer, foreign).await;
    assert_eq!(answered.status, StatusCode::FORBIDDEN);
    assert_eq!(*store.calls.lock().unwrap(), 0);
}

#[tokio::test]
async fn without_a_ledger_nothing_is_said_of_one() {
    let plain = harness::layer(policy());
    let answered = ask(&plain, choose("", r#"{"all": "refused"}"#)).await;
    assert_eq!(answered.header("placet-receipt"), None);
    assert_eq!(answered.json().get("receipt"), None);
    for method in [Method::GET, Method::POST, Method::DELETE] {
        let request = request(
            method,
            "/.placet/receipts",
            &answered.cookie(),
            FORM,
            "erase=all",
        );
        assert_eq!(ask(&plain, request).await.status, StatusCode::NOT_FOUND);
    }
    let page = ask(
        &plain,
        get("/.placet/preferences?saved&unrecorded&erased", ""),
    )
    .await;
    assert!(page.text.contains("Your choice is saved."));
    assert!(!page.text.contains("record"));
}

#[tokio::test]
async fn a_receipt_that_is_nowhere_is_said_to_be_and_the_choice_holds() {
    for (mode, word, location) in [
        (Mode::Spool, "spool", "/.placet/preferences?saved"),
        (
            Mode::Nowhere,
            "nowhere",
            "/.placet/preferences?saved&unrecorded",
        ),
    ] {
        let store = Store::new(mode);
        let layer = recorded_in(&store);
        let json = ask(&layer, choose("", r#"{"all": "refused"}"#)).await;
        assert_eq!(json.status, StatusCode::OK);
        assert_eq!(json.json()["receipt"], word);
        assert_eq!(json.json()["categories"][1]["decision"], "refused");
        let form = request(Method::POST, "/.placet/choice", "", FORM, "all=refused");
        let form = ask(&layer, form).await;
        assert_eq!(form.header("location"), Some(location));
        let handler = send(&layer, get("/", ""), |standing| {
            standing.choice().grant_all().unwrap();
        })
        .await;
        for answered in [&json, &form, &handler] {
            assert_eq!(answered.header("placet-receipt"), Some(word));
            assert!(answered.cookie().starts_with(&format!("placet=1.3.{NOW}.")));
        }
    }
    let layer = recorded_in(&Store::new(Mode::Now));
    let page = ask(&layer, get("/.placet/preferences?saved&unrecorded", "")).await;
    assert!(
        page.text
            .contains("Your choice holds, but its record could not be kept.")
    );
    assert!(!page.text.contains("Your choice is saved."));
}

#[tokio::test]
async fn the_response_waits_for_the_ledger() {
    let handler = |standing: &Standing| standing.choice().grant_all().unwrap();
    for request in [
        choose("", r#"{"all": "granted"}"#),
        request(Method::POST, "/.placet/choice", "", FORM, "all=granted"),
        get("/", ""),
    ] {
        let store = Store::new(Mode::Later);
        let layer = recorded_in(&store);
        let mut answer = pin!(send(&layer, request, handler));
        let mut context = Context::from_waker(Waker::noop());
        assert!(answer.as_mut().poll(&mut context).is_pending());
        assert_eq!(store.receipts().len(), 1);
        store.mode.send_replace(Mode::Now);
        let answered = answer.await;
        assert_eq!(answered.header("placet-receipt"), Some("ledger"));
        assert_eq!(store.only().id, answered.choice(&policy()).id);
    }
}

#[tokio::test]
async fn a_client_that_goes_away_has_its_receipt_all_the_same() {
    for request in [choose("", r#"{"all": "granted"}"#), get("/", "")] {
        let store = Store::new(Mode::Never);
        let layer = recorded_in(&store);
        let mut answer = Box::pin(send(&layer, request, |standing| {
            standing.choice().grant_all().unwrap();
        }));
        let mut context = Context::from_waker(Waker::noop());
        assert!(matches!(answer.as_mut().poll(&mut context), Poll::Pending));
        drop(answer);
        assert!(
            store
                .only()
                .states
                .iter()
                .all(|state| *state == State::Given)
        );
    }
}

#[tokio::test]
async fn a_page_that_tells_the_server_twice_has_one_receipt() {
    let store = Store::new(Mode::Now);
    let layer = recorded_in(&store);
    let earlier = granted(&policy());
    let own = ChoiceId::from_bytes([9; 16]);
    // The page has written its own cookie by then.
    let value = refused(&policy()).replace(&"07".repeat(16), &own.to_string());
    assert_eq!(choice_of(&value, &policy()).id, own);
    let follows = earlier.strip_prefix("placet=").unwrap();
    let body =
        format!(r#"{{"all": "refused", "how": "banner", "id": "{own}", "follows": "{follows}"}}"#);
    for _ in 0..2 {
        let answered = ask(&layer, choose(&value, &body)).await;
        assert_eq!(
            answered.choice(&policy()).id,
            own,
            "the choice keeps its name"
        );
        assert_eq!(answered.header("placet-receipt"), Some("ledger"));
    }
    let receipt = store.only();
    assert_eq!(receipt.id, own);
    assert_eq!(receipt.follows, Some(ChoiceId::from_bytes([7; 16])));
    assert!(
        receipt
            .states
            .iter()
            .all(|state| *state == State::Withdrawn)
    );
}

#[tokio::test]
async fn what_a_choice_follows_is_told_by_the_page_or_by_the_cookie() {
    let seven = ChoiceId::from_bytes([7; 16]);
    let other = ID.parse().unwrap();
    let cookie = granted(&policy());
    let unreadable = format!("{cookie}; {cookie}");
    for (cookie, fields, follows, state) in [
        ("", String::new(), None, State::Refused),
        (&*cookie, String::new(), Some(seven), State::Withdrawn),
        // What could not be read is no choice that anything follows.
        (&*unreadable, String::new(), None, State::Refused),
        ("placet=1.x", String::new(), None, State::Refused),
        (
            &*cookie,
            format!(r#", "id": "{seven}""#),
            None,
            State::Refused,
        ),
        (
            &*cookie,
            format!(r#", "follows": "{seven}""#),
            Some(seven),
            State::Withdrawn,
        ),
        (
            &*cookie,
            format!(r#", "follows": "{ID}""#),
            Some(other),
            State::Refused,
        ),
        (
            "",
            format!(r#", "id": "{ID}", "follows": "{ID}""#),
            None,
            State::Refused,
        ),
        (
            "",
            format!(r#", "follows": "1.3.{}.b00.{ID}.y~analytics.n""#, NOW - 60),
            Some(other),
            State::Withdrawn,
        ),
    ] {
        let store = Store::new(Mode::Now);
        let body = format!(r#"{{"all": "refused"{fields}}}"#);
        ask(&recorded_in(&store), choose(cookie, &body)).await;
        let receipt = store.only();
        assert_eq!(receipt.follows, follows, "{cookie} {fields}");
        assert_eq!(receipt.states[1], state, "{cookie} {fields}");
    }
}

#[tokio::test]
async fn a_language_of_which_there_are_no_texts_is_kept_alone() {
    for (field, language, known) in [
        (r#", "language": "sw""#, Some("sw"), false),
        (r#", "language": "de-AT""#, Some("de"), true),
        ("", None, false),
    ] {
        let store = Store::new(Mode::Now);
        let body = format!(r#"{{"all": "refused"{field}}}"#);
        ask(&recorded_in(&store), choose("", &body)).await;
        let situation = store.only().situation;
        assert_eq!(situation.language.as_deref(), language);
        assert_eq!(situation.texts.is_some(), known);
    }
}

#[tokio::test]
async fn a_receipt_keeps_nothing_of_the_network_unless_the_operator_says_what() {
    let store = Store::new(Mode::Now);
    let body = r#"{"all": "refused"}"#;
    let layer = recorded_in(&store);
    ask(&layer, choose("", body)).await;
    send(&layer, get("/", ""), |standing| {
        standing.choice().grant_all().unwrap()
    })
    .await;
    for receipt in store.receipts() {
        assert_eq!(receipt.client, Client::default());
        let json = receipt.to_json();
        for secret in [
            "203.0.113",
            "Mozilla",
            "x-forwarded-for",
            "address",
            "user_agent",
        ] {
            assert!(!json.contains(secret), "{json}");
        }
    }

    let store = Store::new(Mode::Now);
    let key = ClientKey::new(&[7; 32]).unwrap();
    let expected = key.hash(b"Mozilla/5.0 (X11)");
    let layer = recorded_in(&store).ledger_client(move |request| Client {
        address: request.headers["x-forwarded-for"]
            .to_str()
            .ok()
            .and_then(|text| Some(network_of(text.parse().ok()?))),
        user_agent: Some(key.hash(request.headers["user-agent"].as_bytes())),
    });
    ask(&layer, choose("", body)).await;
    send(&layer, get("/", ""), |standing| {
        standing.choice().grant_all().unwrap()
    })
    .await;
    assert_eq!(store.receipts().len(), 2);
    for receipt in store.receipts() {
        assert_eq!(receipt.client.address.as_deref(), Some("203.0.113.0/24"));
        assert_eq!(receipt.client.user_agent.as_ref(), Some(&expected));
    }
}

#[tokio::test]
async fn a_receipt_names_the_policy_that_decided() {
    let store = Store::new(Mode::Now);
    let live = LivePolicy::new(policy());
    let layer = ConsentLayer::new(live.clone()).ledger(Arc::new(store.clone()));
    ask(&layer, choose("", r#"{"all": "refused"}"#)).await;
    live.replace(policy_of_revision(4, ""));
    ask(&layer, choose("", r#"{"all": "refused"}"#)).await;
    let receipts = store.receipts();
    let documents = store.documents.lock().unwrap().clone();
    assert_eq!(documents.len(), 2);
    for (receipt, revision) in receipts.iter().zip([3, 4]) {
        let digest = receipt.situation.policy;
        let document = documents.iter().find(|one| one.digest() == digest).unwrap();
        let text = str::from_utf8(document.body()).unwrap();
        let read = Policy::from_json("placet.json", text).unwrap();
        assert_eq!(read.revision().0, revision);
        // The system's clock knows more than the second.
        assert!(receipt.at.second() >= Moment::from(now()).second());
    }
    assert_ne!(receipts[0].salt, receipts[1].salt);
}

#[tokio::test]
async fn an_origin_is_never_that_of_another_site() {
    for (origin, host, expected) in [
        (
            "https://shop.example",
            "shop.example",
            "https://shop.example",
        ),
        (
            "https://evil.example",
            "shop.example",
            "https://shop.example",
        ),
        (
            "https://shop.example",
            "10.0.0.7:3000",
            "https://shop.example",
        ),
    ] {
        let store = Store::new(Mode::Now);
        let mut request = choose("", r#"{"all": "refused"}"#);
        request
            .headers_mut()
            .insert("origin", origin.parse().unwrap());
        request.headers_mut().insert("host", host.parse().unwrap());
        ask(&recorded_in(&store), request).await;
        assert_eq!(store.only().situation.origin, expected);
    }
}

/// Counts what became of receipts.
#[derive(Default)]
struct Counts(Arc<Mutex<Vec<&'static str>>>);

impl Observer for Counts {
    fn seen(&self, _: &Seen<'_>) {}

    fn recorded(&self, recorded: Recorded) {
        self.0.lock().unwrap().push(recorded.name());
    }
}

#[tokio::test]
async fn the_observer_is_told_what_became_of_receipts() {
    let store = Store::new(Mode::Now);
    let counts = Counts::default();
    let told = Arc::clone(&counts.0);
    let layer = recorded_in(&store).observe(counts);
    for mode in [Mode::Now, Mode::Spool, Mode::Nowhere] {
        store.mode.send_replace(mode);
        ask(&layer, choose("", r#"{"all": "refused"}"#)).await;
        ask(&layer, get("/", "")).await;
    }
    assert_eq!(*told.lock().unwrap(), ["ledger", "spool", "nowhere"]);
}

#[tokio::test]
async fn a_choice_taken_over_from_another_origin_has_its_receipt_under_the_same_name() {
    let shared = |host: &str| {
        let text = format!(
            r#"{{ "revision": 3, "hosts": ["{host}"],
                "shared_with": ["https://shop.example", "https://magazine.example"], "services": [
                {{ "id": "matomo", "category": "analytics", "cookies": [{{ "name": "_pk_*" }}] }}] }}"#
        );
        Policy::from_json("placet.json", &text).unwrap()
    };
    let store = Store::new(Mode::Now);
    let site = |host| harness::layer(shared(host)).ledger(Arc::new(store.clone()));
    let (shop, magazine) = (site("shop.example"), site("magazine.example"));
    let form = request(Method::POST, "/.placet/choice", "", FORM, "all=granted");
    let chosen = ask(&shop, form).await;
    let cookie = chosen.cookie();
    let go = |address: &str, cookie: &str| {
        let (host, path) = address
            .strip_prefix("https://")
            .unwrap()
            .split_once('/')
            .unwrap();
        let request = Request::get(format!("/{path}")).header("host", host);
        request
            .header("cookie", cookie)
            .body(Body::default())
            .unwrap()
    };
    let first = ask(&shop, get("/.placet/share", &cookie)).await;
    let asked = ask(&magazine, go(first.header("location").unwrap(), "")).await;
    let nonce = asked
        .header("set-cookie")
        .unwrap()
        .split(';')
        .next()
        .unwrap()
        .to_owned();
    let told = ask(&shop, go(asked.header("location").unwrap(), &cookie)).await;
    assert_eq!(store.receipts().len(), 1);
    // A ledger of its own.
    store.kept.lock().unwrap().clear();
    let taken = ask(&magazine, go(told.header("location").unwrap(), &nonce)).await;
    assert_eq!(taken.header("placet-receipt"), Some("ledger"));
    let receipt = store.only();
    let policy = shared("magazine.example");
    assert_eq!(receipt.id, taken.choice(&policy).id);
    assert_eq!(receipt.id, choice_of(&cookie, &policy).id);
    assert_eq!(receipt.how, How::Page);
    assert_eq!(receipt.situation.origin, "https://magazine.example");
}

/// Counts of allocations for one request, its response and the end of both.
fn allocations(layer: &ConsentLayer, cookie: &str) -> u64 {
    use tower::Service;
    let shop =
        service_fn(|_: Request<Body>| ready(Ok::<_, Infallible>(Response::new(Body::default()))));
    let mut service = layer.layer(shop);
    let one = get("/", cookie);
    let mut visit = || {
        let mut answer = pin!(service.call(one.clone()));
        let answered = answer
            .as_mut()
            .poll(&mut Context::from_waker(Waker::noop()));
        assert!(answered.is_ready());
    };
    visit();
    allocation_counter::measure(visit).count_total
}

#[test]
fn a_ledger_costs_nothing_where_nobody_chooses() {
    let store = Store::new(Mode::Now);
    let (with, without) = (recorded_in(&store), harness::layer(policy()));
    for cookie in ["", "session=1", &granted(&policy())] {
        assert_eq!(
            allocations(&with, cookie),
            allocations(&without, cookie),
            "{cookie}"
        );
    }
}
