//! The future of a response: the inner service's, or one of the layer's own, and what the ledger says of a
//! choice before it leaves.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::Buf;
use http::Response;
use http::request::Parts;
use http_body::Body;
use pin_project_lite::pin_project;
#[cfg(feature = "ledger")]
use placet::ChoiceId;

use crate::body::ConsentBody;
#[cfg(feature = "ledger")]
use crate::endpoint::Question;
use crate::endpoint::{Answer, Chosen, Endpoint, Format, Next, Told};
use crate::ledger::{self, Recorded, Wait};
use crate::report::Report;
use crate::response;
use crate::visit::Visit;

pin_project! {
    /// The response of a [`Consent`](crate::Consent) service.
    pub struct ResponseFuture<F, B, R> {
        #[pin]
        stage: Stage<F, B, R>,
        asked: Option<Asked>,
    }
}

pin_project! {
    #[project = StageProjection]
    enum Stage<F, B, R> {
        /// The inner service answers.
        Inner { #[pin] response: F },
        /// One of the layer's own endpoints has answered.
        Answered { answer: Option<Answer> },
        /// One of them reads the body first.
        Reading { #[pin] body: B, read: Vec<u8>, submission: Option<Submission> },
        /// The ledger was handed a receipt, or asked for some.
        Waiting { wait: Wait, then: Option<Then<R>> },
    }
}

/// What follows when the ledger has answered.
enum Then<R> {
    /// The inner service's response leaves.
    Inner(Response<R>),
    /// An answer of the layer's own leaves.
    Answer(Answer),
    /// A choice that was submitted is answered.
    Choice(Box<(Parts, Chosen)>),
    /// What was asked is answered.
    #[cfg(feature = "ledger")]
    Question(Box<Parts>, Question),
}

/// What the response is settled with.
pub(crate) struct Asked {
    pub(crate) visit: Arc<Visit>,
    /// Whether the request may have carried cookies that are refused.
    pub(crate) may_carry_refused: bool,
    /// Whether the response is the place to remove refused cookies.
    pub(crate) removes: bool,
    pub(crate) report: Report,
    /// What became of the receipt of a choice that was made.
    pub(crate) recorded: Option<Recorded>,
}

/// A request whose body says something to the layer.
pub(crate) struct Submission {
    pub(crate) parts: Parts,
    pub(crate) endpoint: Endpoint,
    pub(crate) format: Format,
    pub(crate) limit: usize,
}

impl<F, B, R> ResponseFuture<F, B, R> {
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
                submission: Some(submission),
            },
            asked: Some(asked),
        }
    }

    /// Asks the ledger about the choice of this id.
    #[cfg(feature = "ledger")]
    pub(crate) fn asking(parts: Parts, question: Question, id: ChoiceId, asked: Asked) -> Self {
        Self {
            stage: Stage::Waiting {
                wait: ledger::ask(&asked.visit, &question, id),
                then: Some(Then::Question(Box::new(parts), question)),
            },
            asked: Some(asked),
        }
    }
}

impl<F, B, R, E> Future for ResponseFuture<F, B, R>
where
    F: Future<Output = Result<Response<R>, E>>,
    B: Body,
{
    type Output = Result<Response<ConsentBody<R>>, E>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        loop {
            let Some(asked) = this.asked.as_mut() else {
                polled_after_end();
            };
            let visit = &asked.visit;
            let next = match this.stage.as_mut().project() {
                StageProjection::Inner { response } => {
                    let response = ready!(response.poll(cx))?;
                    match ledger::record(visit, &Told::default()) {
                        Some(wait) => (wait, Then::Inner(response)),
                        None => return of_inner(response, this.asked.take()),
                    }
                }
                StageProjection::Answered { answer } => {
                    let Some(answer) = answer.take() else {
                        polled_after_end();
                    };
                    let made = answer.choice.map(|choice| visit.make(choice));
                    debug_assert!(made.is_none_or(|made| made.is_ok()), "it has not left");
                    match ledger::record(visit, &Told::default()) {
                        Some(wait) => (wait, Then::Answer(answer)),
                        None => return of_layer(answer, this.asked.take()),
                    }
                }
                StageProjection::Reading {
                    body,
                    read,
                    submission,
                } => {
                    let limit = submission.as_ref().map_or(0, |submission| submission.limit);
                    let end = ready!(read_up_to(body, read, limit, cx));
                    let Some(submission) = submission.take() else {
                        polled_after_end();
                    };
                    match visit.submitted(&submission, read, end) {
                        Next::Answer(answer) => return of_layer(answer, this.asked.take()),
                        Next::Choice(chosen) => {
                            let made = visit.make(chosen.choice);
                            debug_assert!(made.is_ok(), "the response has not left");
                            match ledger::record(visit, &chosen.told) {
                                Some(wait) => {
                                    let then = Box::new((submission.parts, chosen));
                                    (wait, Then::Choice(then))
                                }
                                None => {
                                    let answer = visit.saved(&submission.parts, &chosen, None);
                                    return of_layer(answer, this.asked.take());
                                }
                            }
                        }
                        #[cfg(feature = "ledger")]
                        Next::Ask(question, id) => {
                            let wait = ledger::ask(visit, &question, id);
                            (wait, Then::Question(Box::new(submission.parts), question))
                        }
                    }
                }
                StageProjection::Waiting { wait, then } => {
                    let outcome = ready!(wait.poll(cx));
                    let Some(then) = then.take() else {
                        polled_after_end();
                    };
                    let recorded = outcome.recorded(visit);
                    let answer = match then {
                        Then::Inner(response) => {
                            asked.recorded = recorded;
                            return of_inner(response, this.asked.take());
                        }
                        Then::Answer(answer) => answer,
                        Then::Choice(made) => visit.saved(&made.0, &made.1, recorded),
                        #[cfg(feature = "ledger")]
                        Then::Question(parts, question) => visit.told(&parts, question, outcome),
                    };
                    asked.recorded = recorded;
                    return of_layer(answer, this.asked.take());
                }
            };
            let (wait, then) = next;
            this.stage.set(Stage::Waiting {
                wait,
                then: Some(then),
            });
        }
    }
}

#[cold]
#[expect(
    clippy::panic,
    reason = "a future that was polled after its end, as `async` does"
)]
fn polled_after_end() -> ! {
    panic!("`ResponseFuture` polled after it was ready");
}

/// The inner service's response as it leaves.
fn of_inner<R, E>(
    response: Response<R>,
    asked: Option<Asked>,
) -> Poll<Result<Response<ConsentBody<R>>, E>> {
    let enforces = asked
        .as_ref()
        .is_none_or(|asked| asked.visit.shared().enforces);
    Poll::Ready(Ok(settled(response, asked, |body| {
        ConsentBody::inner(body, enforces)
    })))
}

/// An answer of the layer's own as it leaves.
fn of_layer<R, E>(
    answer: Answer,
    asked: Option<Asked>,
) -> Poll<Result<Response<ConsentBody<R>>, E>> {
    Poll::Ready(Ok(settled(answer.response, asked, ConsentBody::own)))
}

/// A response with settled headers, in whose body `wrap` puts the one it has.
fn settled<R, B>(
    mut response: Response<R>,
    asked: Option<Asked>,
    wrap: impl FnOnce(R) -> B,
) -> Response<B> {
    if let Some(asked) = asked {
        // Nearly no response has any.
        let essential = response.extensions().get().cloned();
        response::settle(response.headers_mut(), essential.as_ref(), asked);
    }
    response.map(wrap)
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

impl<F, B, R> std::fmt::Debug for ResponseFuture<F, B, R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ResponseFuture").finish_non_exhaustive()
    }
}
