//! Many connections at once while the policy is replaced and choices are made: every answer stands
//! under one policy, from its request's cookies to its own.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use http::Request;
use hyper::body::Incoming;
use placet::Policy;
use placet_tower::{LivePolicy, Standing};
use tokio::time::timeout;

use crate::raw::{Raw, request};
use crate::server::{Answer, Server, setting, text};
use crate::shop::layer_of;

const CONNECTIONS: usize = 48;
const REQUESTS: usize = 120;

/// Two policies that agree in nothing but the categories: each declares cookies of its own.
fn policy(revision: u32) -> Policy {
    let text = format!(
        r#"{{ "revision": {revision}, "hosts": ["shop.example"], "services": [
            {{ "id": "shop", "category": "necessary", "cookies": [{{ "name": "n{revision}" }}] }},
            {{ "id": "count", "category": "analytics", "cookies": [{{ "name": "a{revision}" }}] }}
        ] }}"#
    );
    Policy::from_json("placet.json", &text).unwrap()
}

async fn shop(request: Request<Incoming>) -> Answer {
    let standing = request.extensions().get::<Standing>().unwrap().clone();
    let revision = standing.policy().revision().0;
    // Gives the policy time to be replaced while the request is under way.
    tokio::task::yield_now().await;
    let path = request.uri().path();
    match path {
        "/grant" => standing.choice().grant_all().unwrap(),
        "/refuse" => standing.choice().refuse_all().unwrap(),
        _ => {}
    }
    let cookies = request.headers().get_all("cookie").into_iter();
    let cookies: Vec<_> = cookies.map(http::HeaderValue::as_bytes).collect();
    let mut response = setting("", &[b"n1=9", b"n2=9", b"a1=9", b"a2=9"]);
    let said = format!("{revision} {}", cookies.join(&b"; "[..]).escape_ascii());
    *response.body_mut() = text(said);
    Ok(response)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_answer_stands_under_one_policy_while_policies_are_replaced() {
    let policies = [1, 2].map(|revision| Arc::new(policy(revision)));
    let live = LivePolicy::new(Arc::clone(&policies[0]));
    let server = Server::behind(&layer_of(live.clone()), shop).await;
    let done = Arc::new(AtomicBool::new(false));
    let replacing = {
        let done = Arc::clone(&done);
        std::thread::spawn(move || {
            let mut count = 0_usize;
            while !done.load(Ordering::Relaxed) {
                count += 1;
                live.replace(Arc::clone(&policies[count % 2]));
                std::thread::yield_now();
            }
            count
        })
    };
    let under: Arc<[AtomicUsize; 2]> = Arc::default();
    let clients = (0..CONNECTIONS).map(|number| {
        let (address, under) = (server.address, Arc::clone(&under));
        tokio::spawn(async move {
            let mut connection = Raw::connect(address).await;
            for count in 0..REQUESTS {
                let path = ["/", "/grant", "/refuse"][(number + count) % 3];
                let revision = visit(&mut connection, path).await;
                under[revision - 1].fetch_add(1, Ordering::Relaxed);
            }
        })
    });
    let clients: Vec<_> = clients.collect();
    let finished = timeout(Duration::from_secs(120), async {
        for client in clients {
            client.await.unwrap();
        }
    });
    let finished = finished.await;
    done.store(true, Ordering::Relaxed);
    let replaced = replacing.join().unwrap();
    finished.expect("all requests are answered");
    let [first, second] = [0, 1].map(|which| under[which].load(Ordering::Relaxed));
    assert_eq!(first + second, CONNECTIONS * REQUESTS);
    assert!(
        first > 0 && second > 0 && replaced > 2,
        "{first} {second} {replaced}"
    );
}

/// Asks for a page and checks that everything about the answer is of one policy, whose revision it
/// gives.
async fn visit(connection: &mut Raw, path: &str) -> usize {
    let cookies: [(&str, &[u8]); 1] = [("Cookie", b"n1=1; a1=1; n2=1; a2=1")];
    let bytes = request("GET", &cookies, b"");
    let bytes = String::from_utf8(bytes)
        .unwrap()
        .replacen(" / ", &format!(" {path} "), 1);
    connection.send(bytes).await;
    let (head, body) = connection.response().await;
    let body = String::from_utf8(body).unwrap();
    let revision: usize = body[..1].parse().unwrap();
    assert_eq!(body, format!("{revision} n{revision}=1"), "{path}");
    let set = head.set_cookies().into_iter();
    let set: Vec<_> = set.map(|line| str::from_utf8(line).unwrap()).collect();
    let necessary = format!("n{revision}=9");
    let analytics = format!("a{revision}=9");
    let chosen = format!("placet=1.{revision}.");
    let removed = format!("a{revision}=; ");
    match path {
        "/" => assert_eq!(set, [necessary]),
        "/grant" => {
            assert_eq!(set[..2], [necessary, analytics]);
            assert!(set[2].starts_with(&chosen) && set.len() == 3, "{set:?}");
        }
        _ => {
            assert_eq!(set[0], necessary);
            assert!(set[1].starts_with(&chosen), "{set:?}");
            assert!(
                set[2..].iter().all(|line| line.starts_with(&removed)),
                "{set:?}"
            );
            assert_eq!(set.len(), 3);
        }
    }
    revision
}
