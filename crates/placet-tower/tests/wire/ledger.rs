//! Receipts over the wire: a response that waits for its ledger, a client that does not, and curl, which
//! reads and erases what is kept of it.

use std::sync::{Arc, Mutex};

use http::Request;
use hyper::body::Incoming;
use placet::ChoiceId;
use placet_ledger::{Answer, Document, Erased, Receipt, Recorded, Recorder, Unavailable};
use tokio::sync::watch;

use crate::curl::curl;
use crate::raw::Raw;
use crate::server::{Server, setting};
use crate::shop::{layer, visitor};

/// Receipts in memory, which answers while it is open.
#[derive(Clone)]
struct Store {
    open: watch::Sender<bool>,
    kept: Arc<Mutex<Vec<Receipt>>>,
    /// How many receipts there were.
    count: watch::Sender<usize>,
}

impl Store {
    fn new(open: bool) -> Self {
        Self {
            open: watch::Sender::new(open),
            kept: Arc::default(),
            count: watch::Sender::new(0),
        }
    }

    fn answer<T: Send + 'static>(&self, answer: T) -> Answer<T> {
        let mut open = self.open.subscribe();
        Box::pin(async move {
            open.wait_for(|open| *open).await.unwrap();
            answer
        })
    }
}

impl Recorder for Store {
    fn record(&self, receipt: Receipt, _: Vec<Document>) -> Answer<Recorded> {
        self.kept.lock().unwrap().push(receipt);
        self.count.send_modify(|count| *count += 1);
        self.answer(Recorded::Ledger)
    }

    fn history(&self, id: ChoiceId) -> Answer<Result<Vec<Receipt>, Unavailable>> {
        let mut own = self.kept.lock().unwrap().clone();
        own.retain(|receipt| receipt.id == id);
        self.answer(Ok(own))
    }

    fn erase(&self, id: ChoiceId) -> Answer<Result<Erased, Unavailable>> {
        let mut kept = self.kept.lock().unwrap();
        let before = kept.len();
        kept.retain(|receipt| receipt.id != id);
        let receipts = (before - kept.len()) as u64;
        drop(kept);
        self.answer(Ok(Erased { receipts }))
    }
}

async fn served(store: &Store) -> Server {
    let shop = async |_: Request<Incoming>| Ok(setting("ok", &[]));
    Server::behind(&layer().ledger(Arc::new(store.clone())), shop).await
}

#[tokio::test]
async fn curl_reads_and_erases_what_is_kept_of_its_choice() {
    for protocol in ["--http1.1", "--http2-prior-knowledge"] {
        let store = Store::new(true);
        let server = served(&store).await;
        let ask = |more: &[&str], path: &str| {
            let address = format!("http://{}{path}", server.address);
            let more = more.iter().copied().map(str::to_owned);
            let arguments = [protocol, "--include"].map(str::to_owned);
            curl(arguments.into_iter().chain(more).chain([address]).collect())
        };
        let saved = ask(&["--data", "all=granted"], "/.placet/choice").await;
        assert!(saved.contains("lacet-receipt: ledger"), "{saved}");
        let cookie = saved
            .lines()
            .find_map(|line| line.split_once("et-cookie: "));
        let cookie = cookie.unwrap().1.split(';').next().unwrap();
        let receipt = store.kept.lock().unwrap()[0].to_json();
        let own = ["--cookie", cookie];
        let listed = ask(&own, "/.placet/receipts").await;
        assert!(
            listed.ends_with(&format!("\r\n\r\n[{receipt}]")),
            "{listed}"
        );
        let other = visitor(&[]);
        let listed = ask(&["--cookie", &other], "/.placet/receipts").await;
        assert!(listed.ends_with("\r\n\r\n[]"), "{listed}");
        let erased = ["--request", "DELETE", "--cookie", cookie];
        let erased = ask(&erased, "/.placet/receipts").await;
        assert!(erased.ends_with("{\"erased\":1}"), "{erased}");
        assert!(store.kept.lock().unwrap().is_empty());
        let page = ask(&own, "/.placet/preferences?erased").await;
        assert!(page.contains("The record was erased."), "{page}");
    }
}

#[tokio::test]
async fn a_client_that_goes_while_the_ledger_is_slow_is_recorded() {
    let store = Store::new(false);
    let server = served(&store).await;
    let body = r#"{"all":"refused"}"#;
    let request = format!(
        "POST /.placet/choice HTTP/1.1\r\nHost: shop.example\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut client = Raw::connect(server.address).await;
    client.send(&request).await;
    let mut count = store.count.subscribe();
    count.wait_for(|count| *count == 1).await.unwrap();
    drop(client);

    // Another one waits.
    let mut client = Raw::connect(server.address).await;
    client.send(&request).await;
    count.wait_for(|count| *count == 2).await.unwrap();
    store.open.send_replace(true);
    let (head, body) = client.response().await;
    assert_eq!(head.all("placet-receipt"), [b"ledger"]);
    let body = String::from_utf8(body).unwrap();
    assert!(body.ends_with(r#""receipt":"ledger"}"#), "{body}");
}
