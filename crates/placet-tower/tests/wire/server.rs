//! A server on loopback, behind the layer or not, that remembers the requests its handler got.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::header::{COOKIE, HeaderMap, SET_COOKIE};
use http::{HeaderValue, Request, Response};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use placet_tower::ConsentLayer;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tower::util::BoxCloneService;
use tower::{Layer, Service, ServiceExt};

pub(crate) type Body = UnsyncBoxBody<Bytes, Failure>;
pub(crate) type Answer = Result<Response<Body>, Failure>;

/// Why there is no answer, or no more of it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error("the handler fails")]
    Handler,
    #[error(transparent)]
    Request(#[from] hyper::Error),
}

/// The longest header a connection may have: room for a `Cookie` line of 64 KiB.
const LONGEST_HEAD: u32 = 96 * 1024;

/// A server that stops when it is dropped.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    reached: Arc<Mutex<Vec<Reached>>>,
    accepting: JoinHandle<()>,
}

/// A request as it reached the handler.
#[derive(Clone, Debug)]
pub(crate) struct Reached {
    /// Its method and target.
    pub(crate) target: String,
    pub(crate) headers: HeaderMap,
}

impl Reached {
    pub(crate) fn cookies(&self) -> Vec<&[u8]> {
        let lines = self.headers.get_all(COOKIE).into_iter();
        lines.map(HeaderValue::as_bytes).collect()
    }
}

impl Server {
    /// Serves these answers behind the layer.
    pub(crate) async fn behind<F>(
        layer: &ConsentLayer,
        answer: impl Fn(Request<Incoming>) -> F + Clone + Send + 'static,
    ) -> Self
    where
        F: Future<Output = Answer> + Send + 'static,
    {
        let reached = Arc::default();
        let shop = shop(&reached, answer);
        let service = layer
            .layer(shop)
            .map_response(|r| r.map(BodyExt::boxed_unsync));
        Self::start(reached, BoxCloneService::new(service)).await
    }

    /// Serves these answers as they are.
    pub(crate) async fn bare<F>(
        answer: impl Fn(Request<Incoming>) -> F + Clone + Send + 'static,
    ) -> Self
    where
        F: Future<Output = Answer> + Send + 'static,
    {
        let reached = Arc::default();
        let shop = shop(&reached, answer);
        Self::start(reached, BoxCloneService::new(shop)).await
    }

    async fn start(
        reached: Arc<Mutex<Vec<Reached>>>,
        service: BoxCloneService<Request<Incoming>, Response<Body>, Failure>,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let accepting = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                stream.set_nodelay(true).unwrap();
                let service = service.clone();
                let service = service_fn(move |request| service.clone().oneshot(request));
                tokio::spawn(async move {
                    let mut server = auto::Builder::new(TokioExecutor::new());
                    server.http1().max_buf_size(LONGEST_HEAD as usize);
                    server.http2().max_header_list_size(LONGEST_HEAD);
                    let connection =
                        server.serve_connection_with_upgrades(TokioIo::new(stream), service);
                    // How it ends is for the client to see.
                    let _ended = connection.await;
                });
            }
        });
        Self {
            address,
            reached,
            accepting,
        }
    }

    /// The requests that reached the handler so far.
    pub(crate) fn reached(&self) -> Vec<Reached> {
        self.reached.lock().unwrap().clone()
    }

    /// The only request that reached the handler.
    pub(crate) fn only_reached(&self) -> Reached {
        let reached = self.reached();
        let [only] = &reached[..] else {
            panic!("{} requests reached the handler", reached.len());
        };
        only.clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

fn shop<F>(
    reached: &Arc<Mutex<Vec<Reached>>>,
    answer: impl Fn(Request<Incoming>) -> F + Clone + Send + 'static,
) -> impl Service<Request<Incoming>, Response = Response<Body>, Error = Failure, Future: Send>
+ Clone
+ Send
+ 'static
where
    F: Future<Output = Answer> + Send + 'static,
{
    let reached = Arc::clone(reached);
    tower::service_fn(move |request: Request<Incoming>| {
        reached.lock().unwrap().push(Reached {
            target: format!("{} {}", request.method(), request.uri()),
            headers: request.headers().clone(),
        });
        answer(request)
    })
}

/// An answer with this body that sets these cookies.
pub(crate) fn setting(body: &'static str, lines: &[&[u8]]) -> Response<Body> {
    let mut response = Response::new(text(body));
    for line in lines {
        let line = HeaderValue::from_bytes(line).unwrap();
        response.headers_mut().append(SET_COOKIE, line);
    }
    response
}

pub(crate) fn text(body: impl Into<Bytes>) -> Body {
    Full::new(body.into())
        .map_err(|never| match never {})
        .boxed_unsync()
}
