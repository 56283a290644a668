//! The body of a response: the inner service's, or one of our own.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Buf, Bytes};
use http::header::SET_COOKIE;
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;

pin_project! {
    /// The body of a response that went through the layer: the inner service's, byte for byte and
    /// frame by frame, or that of one of the layer's own endpoints.
    ///
    /// A trailer keeps all of its fields but `Set-Cookie`, which may not stand there (RFC 9110
    /// section 6.5.1).
    #[derive(Debug)]
    pub struct ConsentBody<B> {
        #[pin]
        source: Source<B>,
        // Whether a trailer says only what it may.
        enforces: bool,
    }
}

pin_project! {
    #[derive(Debug)]
    #[project = SourceProjection]
    enum Source<B> {
        Inner { #[pin] body: B },
        Own { bytes: Option<Bytes> },
    }
}

impl<B> ConsentBody<B> {
    /// The inner service's; what its trailer may not say is taken out where the layer enforces.
    pub(crate) const fn inner(body: B, enforces: bool) -> Self {
        Self {
            source: Source::Inner { body },
            enforces,
        }
    }

    pub(crate) fn own(bytes: Bytes) -> Self {
        Self {
            source: Source::Own {
                bytes: Some(bytes).filter(|bytes| !bytes.is_empty()),
            },
            enforces: true,
        }
    }
}

impl<B> Body for ConsentBody<B>
where
    B: Body,
    B::Data: Buf + From<Bytes>,
{
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        let this = self.project();
        match this.source.project() {
            SourceProjection::Inner { body } => {
                let mut frame = ready!(body.poll_frame(cx));
                if let (Some(Ok(frame)), true) = (&mut frame, *this.enforces)
                    && let Some(trailer) = frame.trailers_mut()
                {
                    trailer.remove(SET_COOKIE);
                }
                Poll::Ready(frame)
            }
            SourceProjection::Own { bytes } => {
                Poll::Ready(bytes.take().map(|bytes| Ok(Frame::data(bytes.into()))))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.source {
            Source::Inner { body } => body.is_end_stream(),
            Source::Own { bytes } => bytes.is_none(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.source {
            Source::Inner { body } => body.size_hint(),
            Source::Own { bytes } => {
                SizeHint::with_exact(bytes.as_ref().map_or(0, Bytes::len) as u64)
            }
        }
    }
}
