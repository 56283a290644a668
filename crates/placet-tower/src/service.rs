//! The service: what is done with a request before and after the inner service has it.

use std::sync::Arc;
use std::task::{Context, Poll};

use http::header::{HeaderMap, HeaderName};
use http::{Request, Response};
use http_body::Body;
use tower_service::Service;

use crate::body::ConsentBody;
use crate::endpoint::{Begun, Endpoint, nonce_cookie};
use crate::future::{Asked, ResponseFuture, Submission};
use crate::layer::Shared;
use crate::report::Report;
use crate::request;
use crate::standing::Standing;
use crate::visit::{Visit, random_bits};

static SEC_FETCH_DEST: HeaderName = HeaderName::from_static("sec-fetch-dest");

/// The service that [`ConsentLayer`](crate::ConsentLayer) makes of another one.
#[derive(Clone, Debug)]
pub struct Consent<S> {
    inner: S,
    shared: Arc<Shared>,
}

impl<S> Consent<S> {
    pub(crate) const fn new(inner: S, shared: Arc<Shared>) -> Self {
        Self { inner, shared }
    }
}

impl<S, ReqBody, ResBody> Service<Request<ReqBody>> for Consent<S>
where
    S: Service<Request<ReqBody>, Response = Response<ResBody>>,
    ReqBody: Body,
{
    type Response = Response<ConsentBody<ResBody>>;
    type Error = S::Error;
    type Future = ResponseFuture<S::Future, ReqBody, ResBody>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<ReqBody>) -> Self::Future {
        let visit = Visit::new(&self.shared, &request);
        #[cfg(feature = "ledger")]
        let (visit, request) = with_client(visit, request);
        let mut request = request;
        let visit = Arc::new(visit);
        let mut asked = Asked {
            recorded: None,
            report: Report::new(&self.shared),
            may_carry_refused: false,
            removes: visit.has_cookies() && may_remove(request.headers()),
            visit,
        };
        let visit = &asked.visit;
        let path = request.uri().path();
        let endpoint = self.shared.endpoints.route(path, visit.policy());
        // A site that only reports does not honour the signals yet, and does not say that it does.
        if let Some(endpoint) = endpoint.filter(|own| self.shared.enforces || !own.is_claim()) {
            // A tracking status comes without `Set-Cookie` (Tracking Preference Expression, section
            // 6), and the other claim is the same for everybody.
            asked.removes &= !endpoint.is_claim();
            #[cfg(feature = "script")]
            {
                // Nor may a script that every cache keeps.
                asked.removes &= !endpoint.is_of_script();
            }
            // A visitor whose pages come out of a cache gets no other response from here.
            asked.may_carry_refused = matches!(endpoint, Endpoint::Status | Endpoint::Preferences);
            return self.answer(endpoint, request, asked);
        }
        asked.may_carry_refused = request::filter(request.headers_mut(), visit, &mut asked.report);
        if !visit.policy().shared_with().is_empty() {
            request::hide(request.headers_mut(), nonce_cookie(visit.policy()));
        }
        request
            .extensions_mut()
            .insert(Standing::of(Arc::clone(visit)));
        ResponseFuture::of_inner(self.inner.call(request), asked)
    }
}

impl<S> Consent<S> {
    /// Answers by one of the layer's own endpoints.
    fn answer<F, B, R>(
        &self,
        endpoint: Endpoint,
        request: Request<B>,
        asked: Asked,
    ) -> ResponseFuture<F, B, R> {
        let endpoints = &self.shared.endpoints;
        let (parts, body) = request.into_parts();
        let begun = asked
            .visit
            .as_visitor(|visitor| endpoints.begin(endpoint, &parts, visitor, random_bits));
        match begun {
            Begun::Answered(answer) => ResponseFuture::answered(answer, asked),
            Begun::WantsBody { limit, format } => {
                let submission = Submission {
                    parts,
                    endpoint,
                    format,
                    limit,
                };
                ResponseFuture::reading(body, submission, asked)
            }
            #[cfg(feature = "ledger")]
            Begun::Asks(question, id) => ResponseFuture::asking(parts, question, id, asked),
        }
    }
}

/// The visit with what the operator keeps of the request's network, where there is a ledger.
#[cfg(feature = "ledger")]
fn with_client<B>(visit: Visit, request: Request<B>) -> (Visit, Request<B>) {
    let shared = visit.shared();
    let Some(client) = shared.client.as_ref().filter(|_| shared.ledger.is_some()) else {
        return (visit, request);
    };
    let (parts, body) = request.into_parts();
    let client = client(&parts);
    (visit.with_client(client), Request::from_parts(parts, body))
}

/// Whether the response to a request is the place to remove refused cookies: that of a page or of
/// what its scripts fetch, not that of its every image, style sheet and script, which would all
/// remove the same cookies and could no longer be cached.
fn may_remove(headers: &HeaderMap) -> bool {
    match headers.get(&SEC_FETCH_DEST).map(|value| value.as_bytes()) {
        None => true,
        Some(destination) => matches!(destination, b"document" | b"iframe" | b"frame" | b"empty"),
    }
}
