//! The future of a response.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use http::Response;
use pin_project_lite::pin_project;

use crate::body::ConsentBody;
use crate::report::Report;
use crate::response;
use crate::visit::Visit;

pin_project! {
    /// The response of a [`Consent`](crate::Consent) service.
    pub struct ResponseFuture<F> {
        #[pin]
        inner: F,
        asked: Option<Asked>,
    }
}

/// What the response is settled with.
struct Asked {
    visit: Arc<Visit>,
    request: response::Request,
    report: Report,
}

impl<F> ResponseFuture<F> {
    pub(crate) const fn of_inner(
        inner: F,
        visit: Arc<Visit>,
        request: response::Request,
        report: Report,
    ) -> Self {
        Self {
            inner,
            asked: Some(Asked {
                visit,
                request,
                report,
            }),
        }
    }
}

impl<F, B, E> Future for ResponseFuture<F>
where
    F: Future<Output = Result<Response<B>, E>>,
{
    type Output = Result<Response<ConsentBody<B>>, E>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let (mut parts, body) = ready!(this.inner.poll(cx))?.into_parts();
        if let Some(asked) = this.asked.take() {
            let Asked {
                visit,
                request,
                report,
            } = asked;
            response::settle(
                &mut parts.headers,
                &parts.extensions,
                &visit,
                request,
                report,
            );
        }
        Poll::Ready(Ok(Response::from_parts(parts, ConsentBody::inner(body))))
    }
}

impl<F> std::fmt::Debug for ResponseFuture<F> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ResponseFuture").finish_non_exhaustive()
    }
}
