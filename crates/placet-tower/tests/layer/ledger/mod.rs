//! A layer with a ledger: a small one in memory, that answers as it is told to.

mod own;
mod recording;

use std::convert::Infallible;
use std::future::{pending, ready};
use std::sync::{Arc, Mutex};

use http::header::{HeaderMap, SET_COOKIE};
use http::{Method, Request, Response, StatusCode};
use http_body_util::BodyExt;
use placet::{Choice, ChoiceId, Policy};
use placet_ledger::{
    Answer, Document, Erased, Receipt, Recorded, Recorder, Situation, State, Unavailable,
};
use placet_tower::{ConsentLayer, Standing};
use tokio::sync::watch;
use tower::{Layer, ServiceExt, service_fn};

use crate::harness::{Body, layer, policy};

/// How the ledger answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    /// At once.
    Now,
    /// When it is told to.
    Later,
    /// The store is away, and the spool works.
    Spool,
    /// Neither works.
    Nowhere,
    /// Never.
    Never,
}

/// Receipts in memory.
#[derive(Clone)]
struct Store {
    mode: watch::Sender<Mode>,
    kept: Arc<Mutex<Vec<Receipt>>>,
    documents: Arc<Mutex<Vec<Document>>>,
    /// How often it was called.
    calls: Arc<Mutex<usize>>,
}

impl Store {
    fn new(mode: Mode) -> Self {
        Self {
            mode: watch::Sender::new(mode),
            kept: Arc::default(),
            documents: Arc::default(),
            calls: Arc::default(),
        }
    }

    fn receipts(&self) -> Vec<Receipt> {
        self.kept.lock().unwrap().clone()
    }

    fn only(&self) -> Receipt {
        let [receipt] = &self.receipts()[..] else {
            panic!("one receipt: {:?}", self.receipts())
        };
        receipt.clone()
    }

    fn chain(&self, id: ChoiceId) -> Vec<Receipt> {
        let mut chain: Vec<Receipt> = Vec::new();
        let mut next = Some(id);
        while let Some(id) = next {
            let receipts = self.receipts();
            let found = receipts.into_iter().find(|receipt| receipt.id == id);
            next = found.as_ref().and_then(|receipt| receipt.follows);
            chain.extend(found);
        }
        chain
    }

    fn answer<T: Send + 'static>(&self, answer: impl FnOnce(Mode) -> T) -> Answer<T> {
        *self.calls.lock().unwrap() += 1;
        let mode = *self.mode.borrow();
        let answer = answer(mode);
        match mode {
            Mode::Later => {
                let mut mode = self.mode.subscribe();
                Box::pin(async move {
                    mode.wait_for(|mode| *mode != Mode::Later).await.unwrap();
                    answer
                })
            }
            Mode::Never => Box::pin(pending()),
            Mode::Now | Mode::Spool | Mode::Nowhere => Box::pin(ready(answer)),
        }
    }
}

impl Recorder for Store {
    fn record(&self, receipt: Receipt, documents: Vec<Document>) -> Answer<Recorded> {
        self.answer(|mode| {
            let recorded = match mode {
                Mode::Nowhere => return Recorded::Nowhere,
                Mode::Spool => Recorded::Spool,
                Mode::Now | Mode::Later | Mode::Never => Recorded::Ledger,
            };
            let mut kept = self.kept.lock().unwrap();
            if kept.iter().all(|one| one.id != receipt.id) {
                kept.push(receipt);
            }
            let mut all = self.documents.lock().unwrap();
            for document in documents {
                if !all.contains(&document) {
                    all.push(document);
                }
            }
            recorded
        })
    }

    fn history(&self, id: ChoiceId) -> Answer<Result<Vec<Receipt>, Unavailable>> {
        self.answer(|mode| match mode {
            Mode::Nowhere | Mode::Spool => Err(Unavailable),
            Mode::Now | Mode::Later | Mode::Never => Ok(self.chain(id)),
        })
    }

    fn erase(&self, id: ChoiceId) -> Answer<Result<Erased, Unavailable>> {
        self.answer(|mode| match mode {
            Mode::Nowhere | Mode::Spool => Err(Unavailable),
            Mode::Now | Mode::Later | Mode::Never => {
                let chain = self.chain(id);
                let mut kept = self.kept.lock().unwrap();
                kept.retain(|receipt| !chain.contains(receipt));
                let receipts = chain.len() as u64;
                Ok(Erased { receipts })
            }
        })
    }
}

/// The layer of the shop with this ledger.
fn recorded_in(store: &Store) -> ConsentLayer {
    layer(policy()).ledger(Arc::new(store.clone()))
}

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";

/// A request of a page of the shop.
fn request(method: Method, path: &str, cookie: &str, kind: &str, body: &str) -> Request<Body> {
    let mut request = Request::builder()
        .method(method)
        .uri(path)
        .header("host", "shop.example")
        .header("origin", "https://shop.example")
        .header("sec-fetch-site", "same-origin")
        .header("user-agent", "Mozilla/5.0 (X11)")
        .header("x-forwarded-for", "203.0.113.77")
        .header("content-type", kind);
    if !cookie.is_empty() {
        request = request.header("cookie", cookie);
    }
    request.body(Body::from(body.to_owned())).unwrap()
}

fn get(path: &str, cookie: &str) -> Request<Body> {
    request(Method::GET, path, cookie, "", "")
}

fn choose(cookie: &str, body: &str) -> Request<Body> {
    request(Method::POST, "/.placet/choice", cookie, JSON, body)
}

/// What came back.
#[derive(Debug)]
struct Answered {
    status: StatusCode,
    headers: HeaderMap,
    text: String,
}

impl Answered {
    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The consent cookie that it sets, as the browser sends it.
    fn cookie(&self) -> String {
        let mut lines = self.headers.get_all(SET_COOKIE).iter();
        let line = lines.find(|line| line.as_bytes().starts_with(b"placet="));
        let line = line
            .unwrap_or_else(|| panic!("a choice: {self:?}"))
            .to_str()
            .unwrap();
        line.split(';').next().unwrap().to_owned()
    }

    fn choice(&self, policy: &Policy) -> Choice {
        choice_of(&self.cookie(), policy)
    }
}

fn choice_of(cookie: &str, policy: &Policy) -> Choice {
    let value = cookie.strip_prefix("placet=").unwrap();
    Choice::from_cookie_value(value.as_bytes(), policy).unwrap()
}

/// Sends a request to a shop whose pages answer so.
async fn send(
    layer: &ConsentLayer,
    request: Request<Body>,
    handler: impl Fn(&Standing) + Send + Sync + 'static,
) -> Answered {
    let handler = Arc::new(handler);
    let shop = service_fn(move |request: Request<Body>| {
        let handler = Arc::clone(&handler);
        async move {
            handler(request.extensions().get().unwrap());
            Ok::<_, Infallible>(Response::new(Body::from("page")))
        }
    });
    let (parts, body) = layer
        .layer(shop)
        .oneshot(request)
        .await
        .unwrap()
        .into_parts();
    let text = body.collect().await.unwrap().to_bytes();
    Answered {
        status: parts.status,
        headers: parts.headers,
        text: String::from_utf8(text.to_vec()).unwrap(),
    }
}

/// The same, where no page of the shop chooses.
async fn ask(layer: &ConsentLayer, request: Request<Body>) -> Answered {
    send(layer, request, |_| ()).await
}

fn states(receipt: &Receipt) -> Vec<(&str, State)> {
    let Situation { categories, .. } = &*receipt.situation;
    let names = categories.iter().map(|category| &*category.name);
    names.zip(receipt.states.iter().copied()).collect()
}
