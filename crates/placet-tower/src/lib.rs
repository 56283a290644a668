//! A tower layer with which nothing passes without consent, in either direction.
//!
//! ```
//! use placet::Policy;
//! use placet_tower::ConsentLayer;
//! use tower_layer::Layer;
//! # use http::{Request, Response, header::COOKIE};
//! # use tower_service::Service;
//!
//! let policy = Policy::from_json("placet.json", r#"{ "revision": 1, "services": [
//!     { "id": "shop", "category": "necessary", "cookies": [{ "name": "session" }] },
//!     { "id": "matomo", "category": "analytics", "cookies": [{ "name": "_pk_*" }] }
//! ] }"#)?;
//! let layer = ConsentLayer::new(policy); // with axum: `Router::new().….layer(layer)`
//! # let mut service = layer.layer(Handler);
//! # let request = Request::builder().header(COOKIE, "session=1; _pk_id.1=2").body(String::new());
//! # let _response = service.call(request.unwrap());
//! # struct Handler;
//! # impl Service<Request<String>> for Handler {
//! #     type Response = Response<String>;
//! #     type Error = std::convert::Infallible;
//! #     type Future = std::future::Ready<Result<Response<String>, std::convert::Infallible>>;
//! #     fn poll_ready(&mut self, _: &mut std::task::Context<'_>) -> std::task::Poll<Result<(), Self::Error>> {
//! #         std::task::Poll::Ready(Ok(()))
//! #     }
//! #     fn call(&mut self, request: Request<String>) -> Self::Future {
//! #         assert_eq!(request.headers()[COOKIE], "session=1");
//! #         std::future::ready(Ok(Response::new(String::new())))
//! #     }
//! # }
//! # Ok::<(), placet::PolicyError>(())
//! ```
//!
//! # What happens to a request
//!
//! 1. The policy is the one of the request's host ([`Sites`]), as it is at that moment
//!    ([`LivePolicy`]).
//! 2. `Sec-GPC` and `DNT`, the consent cookie and the region make the visitor's [`Standing`], which
//!    is put into the request's extensions.
//! 3. Every `Cookie` line loses the pairs that may not pass, and nothing else; a line of which all
//!    may pass stays as it is, and a header of which nothing is left is removed.
//! 4. The inner service answers. It may let the visitor choose ([`Choice`]), which holds for this
//!    response already, and mark cookies as [`Essential`].
//! 5. `Set-Cookie` lines that may not pass are taken out, whoever wrote them; the others stay as
//!    they are and in order. One that removes a cookie always passes.
//! 6. Refused cookies that the request carried are removed at every domain and path that the policy
//!    declares, so many at a time that proxies take the response; undecided ones are not.
//! 7. A response with a `Set-Cookie`, that lost one, or for which the inner service asked what is
//!    granted, is kept out of shared caches, and `Vary` names what the response depended on. All
//!    other responses stay as they are.
//!
//! Trailers are no place for cookies (RFC 9110 section 6.5.1): one of a response loses any
//! `Set-Cookie`; one of a request is handed on as a part of the body, and never becomes headers.
//!
//! [`ConsentLayer::report_only`] decides all of that and changes nothing but what caches are told of
//! a response for which the inner service asked.
//!
//! A consent cookie that was sent and cannot be read, or was sent twice, may have been a refusal: then
//! nothing passes by the region's rules alone. The next choice takes its place.
//!
//! # Caches
//!
//! A response that is kept out of shared caches gets `private` in `Cache-Control` unless `private` or
//! `no-store` is there, and loses `public` and `s-maxage`. Headers that caches put above
//! `Cache-Control` are made to agree: `CDN-Cache-Control` and its like (RFC 9213) and
//! `Surrogate-Control` are removed, `X-Accel-Expires` becomes `0`, `Edge-Control` `no-store`. The
//! browser's own cache keeps what it had: `max-age`, `Expires`, `ETag` and `Last-Modified` stay.
//!
//! `Vary: Cookie` alone would not do: some shared caches take nothing of `Vary` into their key unless
//! told to, and those that obey it have a copy for every visitor. A response that depends on
//! [`Standing::signals`] and nothing else stays as cacheable as it was, with `Vary: Sec-GPC, DNT`.
//!
//! Pages that are the same for everybody, and decide in the browser, stay in every cache.
//!
//! # Where to put the layer
//!
//! Outside of everything that reads or sets cookies, and inside of compression. Around the whole
//! service: a router that takes a prefix off the paths before the layer sees them would move the
//! layer's addresses, which its pages name from the root. What the inner
//! service answers with its own cookies depends on those: saying `Vary: Cookie` for that is the
//! service's part, as ever.
//!
#![doc = include_str!("endpoint/endpoints.md")]
//!
//! # Crate features
//!
//! None is on by default, and none changes what the layer does by itself.
//!
//! - `axum`: [`Standing`] and [`Choice`] are extractors, [`Essential`] is a part of a response.
//! - `ledger`: [`ConsentLayer::ledger`] gives a receipt for every choice, which its visitor can read and erase.
//! - `script`: [`ConsentLayer::script`] serves the script tag of the page, compressed, under the prefix.
//! - `tracing`: every verdict is a `DEBUG` event of the target `placet`, with names and never values.

#![forbid(unsafe_code)]

mod body;
mod caching;
mod endpoint;
mod essential;
#[cfg(feature = "axum")]
mod extract;
mod fields;
mod future;
mod ground;
mod host;
mod layer;
#[cfg_attr(not(feature = "ledger"), path = "no_ledger.rs")]
mod ledger;
mod lines;
mod live_policy;
mod observer;
pub mod page;
mod region;
mod report;
mod request;
mod response;
#[cfg(feature = "script")]
mod script;
mod service;
mod sites;
mod standing;
mod visit;

pub use body::ConsentBody;
pub use endpoint::{NotAPath, NotAPrefix};
pub use essential::Essential;
#[cfg(feature = "axum")]
pub use extract::LayerMissing;
pub use future::ResponseFuture;
pub use layer::ConsentLayer;
#[cfg(feature = "ledger")]
pub use ledger::Connection;
pub use live_policy::{LivePolicy, ReloadError};
pub use observer::{Direction, Observer, Seen};
#[cfg(feature = "script")]
pub use placet_bundle::UnknownLanguage;
pub use region::RegionSource;
pub use service::Consent;
pub use sites::Sites;
pub use standing::{CannotChoose, Choice, Standing};
