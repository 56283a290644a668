//! The extractors for axum.

use std::convert::Infallible;

use axum_core::extract::{FromRequestParts, OptionalFromRequestParts};
use axum_core::response::{IntoResponse, IntoResponseParts, Response, ResponseParts};
use http::StatusCode;
use http::request::Parts;

use crate::{Choice, Essential, Standing};

/// The answer where a handler asks for the visitor's standing and no layer has put it there: `500
/// Internal Server Error`, for the mistake is in the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the request has no standing: put `.layer(ConsentLayer::new(policy))` around the router of this handler, after its routes"
)]
pub struct LayerMissing;

impl IntoResponse for LayerMissing {
    fn into_response(self) -> Response {
        (StatusCode::INTERNAL_SERVER_ERROR, self.to_string()).into_response()
    }
}

impl<S: Sync> FromRequestParts<S> for Standing {
    type Rejection = LayerMissing;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, LayerMissing> {
        parts.extensions.get().cloned().ok_or(LayerMissing)
    }
}

impl<S: Sync> OptionalFromRequestParts<S> for Standing {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, Infallible> {
        Ok(parts.extensions.get().cloned())
    }
}

impl<S: Sync> FromRequestParts<S> for Choice {
    type Rejection = LayerMissing;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, LayerMissing> {
        let standing: Option<&Standing> = parts.extensions.get();
        standing.map(Standing::choice).ok_or(LayerMissing)
    }
}

impl IntoResponseParts for Essential {
    type Error = Infallible;

    fn into_response_parts(self, mut parts: ResponseParts) -> Result<ResponseParts, Infallible> {
        let marked = parts.extensions_mut().get_or_insert_default::<Self>();
        marked.extend(self);
        Ok(parts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_of_several_parts_add_up() {
        let parts = (Essential::cookie("a"), Essential::cookie("b").and("c"));
        let response = (parts.0, parts.1, "text").into_response();
        let marked: &Essential = response.extensions().get().unwrap();
        assert!([b"a", b"b", b"c"].iter().all(|name| marked.names(*name)));
    }
}
