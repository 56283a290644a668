//! The service: what is done with a request before and after the inner service has it.

use std::sync::Arc;
use std::task::{Context, Poll};

use http::{HeaderValue, Request, Response};
use http_body::Body;
#[cfg(feature = "ledger")]
use placet_ledger::Client;
use tower_service::Service;

use crate::body::ConsentBody;
use crate::endpoint::{Begun, Endpoint, nonce_cookie};
use crate::fields::Fields;
use crate::future::{Asked, ResponseFuture, Submission};
use crate::ground::Ground;
use crate::host::Host;
#[cfg(feature = "ledger")]
use crate::layer::Shared;
use crate::report::Report;
use crate::request;
use crate::standing::Standing;
use crate::visit::{Visit, random_bits};

/// The service that [`ConsentLayer`](crate::ConsentLayer) makes of another one.
#[derive(Clone, Debug)]
pub struct Consent<S> {
    inner: S,
    ground: Arc<Ground>,
}

impl<S> Consent<S> {
    pub(crate) const fn new(inner: S, ground: Arc<Ground>) -> Self {
        Self { inner, ground }
    }

    /// Makes sure of standing on the policy that is in use for a request's host.
    fn stand<B>(&mut self, request: &Request<B>) {
        let sites = &self.ground.shared.sites;
        let site = if sites.is_one() {
            sites.first()
        } else {
            sites.of(&Host::of(request))
        };
        if !self.ground.is_current(&site.live) {
            self.ground = Arc::new(Ground::new(&self.ground.shared, &site.live));
        }
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

    fn call(&mut self, mut request: Request<ReqBody>) -> Self::Future {
        self.stand(&request);
        #[cfg(feature = "ledger")]
        let client;
        #[cfg(feature = "ledger")]
        {
            (client, request) = client_of(&self.ground.shared, request);
        }
        let fields = Fields::of(request.headers());
        let policy = &self.ground.in_use.policy;
        // It is large, so that it stays where it is read.
        let read;
        let carried = if fields.cookies.is_empty() {
            None
        } else {
            let lines = fields.cookies.iter().map(HeaderValue::as_bytes);
            read = policy.read_cookies(lines);
            Some(&read)
        };
        let removes = carried.is_some() && fields.may_remove;
        let visit = Visit::begin(
            &self.ground,
            &request,
            fields,
            carried,
            #[cfg(feature = "ledger")]
            client,
        );
        let mut asked = Asked {
            recorded: None,
            report: Report::new(visit.shared()),
            may_carry_refused: false,
            removes,
            visit,
        };
        let visit = &asked.visit;
        let path = request.uri().path();
        let shared = visit.shared();
        let endpoint = shared.endpoints.route(path, visit.policy());
        // A site that only reports does not honour the signals yet, and does not say that it does.
        if let Some(endpoint) = endpoint.filter(|own| shared.enforces || !own.is_claim()) {
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
            return answer(endpoint, request, asked);
        }
        if let Some(carried) = carried {
            asked.may_carry_refused =
                request::filter(request.headers_mut(), visit, carried, &mut asked.report);
        }
        if !visit.policy().shared_with().is_empty() {
            request::hide(request.headers_mut(), visit, nonce_cookie(visit.policy()));
        }
        request
            .extensions_mut()
            .insert(Standing::of(Arc::clone(visit)));
        ResponseFuture::of_inner(self.inner.call(request), asked)
    }
}

/// Answers by one of the layer's own endpoints.
fn answer<F, B, R>(
    endpoint: Endpoint,
    request: Request<B>,
    asked: Asked,
) -> ResponseFuture<F, B, R> {
    let visit = Arc::clone(&asked.visit);
    let endpoints = &visit.shared().endpoints;
    let (parts, body) = request.into_parts();
    let begun = visit.as_visitor(|visitor| endpoints.begin(endpoint, &parts, visitor, random_bits));
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

/// What the operator keeps of the request's network, where there is a ledger.
#[cfg(feature = "ledger")]
fn client_of<B>(shared: &Shared, request: Request<B>) -> (Client, Request<B>) {
    let Some(client) = shared.client.as_ref().filter(|_| shared.ledger.is_some()) else {
        return (Client::default(), request);
    };
    let (parts, body) = request.into_parts();
    let client = client(&parts);
    (client, Request::from_parts(parts, body))
}
