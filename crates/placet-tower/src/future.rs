//! The future of a response: the inner service's, or one of the layer's own.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::Buf;
use http::Response;
use http::request::Parts;
use http_body::Body;
use pin_project_lite::pin_project;

use crate::body::ConsentBody;
use crate::endpoint::{Answer, Format};
use crate::report::Report;
use crate::response;
use crate::visit::Visit;

pin_project! {
    /// The response of a [`Consent`](crate::Consent) service.
    pub struct ResponseFuture<F, B> {
        #[pin]
        stage: Stage<F, B>,
        asked: Option<Asked>,
    }
}

pin_project! {
    #[project = StageProjection]
    enum Stage<F, B> {
        /// The inner service answers.
        Inner { #[pin] response: F },
        /// One of the layer's own endpoints has answered.
        Answered { answer: Option<Answer> },
        /// One of them reads the body first.
        Reading { #[pin] body: B, read: Vec<u8>, submission: Submission },
    }
}

/// What the response is settled with.
pub(crate) struct Asked {
    pub(crate) visit: Arc<Visit>,
    /// Whether the request may have carried cookies that are refused.
    pub(crate) may_carry_refused: bool,
    /// Whether the response is the place to remove refused cookies.
    pub(crate) removes: bool,
    pub(crate) report: Report,
}

/// A request whose body is a choice.
pub(crate) struct Submission {
    pub(crate) parts: Parts,
    pub(crate) format: Format,
    pub(crate) limit: usize,
}

impl<F, B> ResponseFuture<F, B> {
    pub(crate) const fn of_inner(response: F, asked: Asked) -> Self {
        Self {
            stage: Stage::Inner { response },
            asked: Some(asked),
        }
    }

    pub(crate) const fn answered(answer: Answer, asked: Asked) -> Self {
        Self {
            stage: Stage::Answered {
                answer: Some(answer),
            },
            asked: Some(asked),
        }
    }

    pub(crate) const fn reading(body: B, submission: Submission, asked: Asked) -> Self {
        Self {
            stage: Stage::Reading {
                body,
                read: Vec::new(),
                submission,
            },
            asked: Some(asked),
        }
    }
}

impl<F, B, R, E> Future for ResponseFuture<F, B>
where
    F: Future<Output = Result<Response<R>, E>>,
    B: Body,
{
    type Output = Result<Response<ConsentBody<R>>, E>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let answer = match this.stage.project() {
            StageProjection::Inner { response } => {
                let response = ready!(response.poll(cx))?;
                let asked = this.asked.take();
                let enforces = asked
                    .as_ref()
                    .is_none_or(|asked| asked.visit.shared().enforces);
                return Poll::Ready(Ok(settled(response, asked, |body| {
                    ConsentBody::inner(body, enforces)
                })));
            }
            StageProjection::Answered { answer } => answer.take(),
            StageProjection::Reading {
                body,
                read,
                submission,
            } => {
                let end = ready!(read_up_to(body, read, submission.limit, cx));
                let asked = this.asked.as_ref();
                asked.map(|asked| asked.visit.submitted(submission, read, end))
            }
        };
        #[expect(
            clippy::panic,
            reason = "a future that was polled after its end, as `async` does"
        )]
        let Some(answer) = answer else {
            panic!("`ResponseFuture` polled after it was ready");
        };
        if let (Some(choice), Some(asked)) = (answer.choice, this.asked.as_ref()) {
            let made = asked.visit.make(choice);
            debug_assert!(made.is_ok(), "the response has not left");
        }
        let asked = this.asked.take();
        Poll::Ready(Ok(settled(answer.response, asked, ConsentBody::own)))
    }
}

/// A response with settled headers, in whose body `wrap` puts the one it has.
fn settled<R, B>(
    response: Response<R>,
    asked: Option<Asked>,
    wrap: impl FnOnce(R) -> B,
) -> Response<B> {
    let (mut parts, body) = response.into_parts();
    if let Some(asked) = asked {
        response::settle(&mut parts.headers, &parts.extensions, asked);
    }
    Response::from_parts(parts, wrap(body))
}

/// How reading a body ended.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// It is whole.
    Whole,
    /// It is longer than the limit, and the rest was not read.
    TooLong,
    /// The client did not send all of it.
    Broken,
}

/// Reads a body into `read`, up to one byte more than the limit.
fn read_up_to<B: Body>(
    mut body: Pin<&mut B>,
    read: &mut Vec<u8>,
    limit: usize,
    cx: &mut Context<'_>,
) -> Poll<End> {
    loop {
        let frame = match ready!(body.as_mut().poll_frame(cx)) {
            None => return Poll::Ready(End::Whole),
            Some(Err(_)) => return Poll::Ready(End::Broken),
            Some(Ok(frame)) => frame,
        };
        let Ok(mut data) = frame.into_data() else {
            continue;
        };
        while data.has_remaining() {
            let chunk = data.chunk();
            if chunk.len() > limit - read.len() {
                return Poll::Ready(End::TooLong);
            }
            read.extend_from_slice(chunk);
            let len = chunk.len();
            data.advance(len);
        }
    }
}

impl<F, B> std::fmt::Debug for ResponseFuture<F, B> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ResponseFuture").finish_non_exhaustive()
    }
}
