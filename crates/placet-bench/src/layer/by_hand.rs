//! The layer's work as one would write it by hand with a cookie parser of today: read the cookies,
//! keep those whose names may pass, write them anew.
//!
//! Less than the layer does: one reading of every name, a consent cookie taken at its word, no
//! signals, no region, no `Vary`, nothing about caches.

use std::collections::HashSet;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use axum_core::response::IntoResponse;
use axum_extra::extract::cookie::CookieJar;
use cookie::{Cookie, SplitCookies};
use http::header::{COOKIE, HeaderMap, SET_COOKIE};
use http::{HeaderValue, Request, Response};
use pin_project_lite::pin_project;
use tower_service::Service;

use crate::cookie_header::{OWN_SERVICES, SERVICES};

/// The name of the consent cookie.
const CONSENT: &str = "placet";

/// A service around another one that filters with these tools.
#[derive(Clone, Debug)]
pub(super) struct ByHand<S, T> {
    inner: S,
    tools: T,
    names: Arc<Names>,
}

impl<S, T> ByHand<S, T> {
    pub(super) fn new(inner: S, tools: T) -> Self {
        Self {
            inner,
            tools,
            names: Arc::new(Names::new()),
        }
    }
}

/// What reads and writes cookies.
pub(super) trait Tools: Copy {
    /// What the response needs of the request.
    type Carried;

    fn request(self, headers: &mut HeaderMap, names: &Names) -> Self::Carried;
    fn response(self, headers: &mut HeaderMap, names: &Names, carried: Self::Carried);
}

impl<S, T, B, C> Service<Request<B>> for ByHand<S, T>
where
    S: Service<Request<B>, Response = Response<C>>,
    T: Tools,
{
    type Response = Response<C>;
    type Error = S::Error;
    type Future = ByHandFuture<S::Future, T>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        let carried = self.tools.request(request.headers_mut(), &self.names);
        ByHandFuture {
            inner: self.inner.call(request),
            tools: self.tools,
            names: Arc::clone(&self.names),
            carried: Some(carried),
        }
    }
}

pin_project! {
    pub(super) struct ByHandFuture<F, T: Tools> {
        #[pin]
        inner: F,
        tools: T,
        names: Arc<Names>,
        carried: Option<T::Carried>,
    }
}

impl<F, T, C, E> Future for ByHandFuture<F, T>
where
    F: Future<Output = Result<Response<C>, E>>,
    T: Tools,
{
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        let mut response = ready!(this.inner.poll(cx))?;
        if let Some(carried) = this.carried.take() {
            let headers = response.headers_mut();
            this.tools.response(headers, this.names, carried);
        }
        Poll::Ready(Ok(response))
    }
}

/// What the visitor said of everything that may be refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Said {
    Nothing,
    Yes,
    No,
}

impl Said {
    fn read(consent: Option<&Cookie<'_>>) -> Self {
        match consent.and_then(|cookie| cookie.value().split('.').nth(5)) {
            None => Self::Nothing,
            Some("y") => Self::No,
            Some(_) => Self::Yes,
        }
    }
}

/// Which names may pass when.
#[derive(Debug)]
pub(super) struct Names {
    own: HashSet<&'static str>,
    others: HashSet<&'static str>,
    /// What the others' names begin and end with where they have a `*`.
    wildcards: Vec<(&'static str, &'static str)>,
}

impl Names {
    fn new() -> Self {
        let (own, others) = SERVICES.split_at(OWN_SERVICES);
        let all = |services: &[&'static str]| -> Vec<&'static str> {
            services.iter().flat_map(|names| names.split(' ')).collect()
        };
        let mut own: HashSet<&str> = all(own).into_iter().collect();
        own.insert(CONSENT);
        let others = all(others);
        Self {
            own,
            wildcards: others.iter().filter_map(|n| n.split_once('*')).collect(),
            others: others.into_iter().collect(),
        }
    }

    fn pass(&self, name: &str, said: Said) -> bool {
        let fits = |(start, end): &(&str, &str)| {
            name.strip_prefix(start)
                .is_some_and(|rest| rest.ends_with(end))
        };
        self.own.contains(name)
            || said == Said::Yes && (self.others.contains(name) || self.wildcards.iter().any(fits))
    }
}

/// The jar of axum-extra.
#[derive(Clone, Copy, Debug)]
pub(super) struct Jar;

impl Tools for Jar {
    type Carried = CookieJar;

    fn request(self, headers: &mut HeaderMap, names: &Names) -> CookieJar {
        let jar = CookieJar::from_headers(headers);
        let said = Said::read(jar.get(CONSENT));
        let passing = jar.iter().filter(|cookie| names.pass(cookie.name(), said));
        let pairs: Vec<String> = passing
            .map(|cookie| cookie.encoded().stripped().to_string())
            .collect();
        if pairs.is_empty() {
            headers.remove(COOKIE);
        } else if let Ok(line) = HeaderValue::try_from(pairs.join("; ")) {
            headers.insert(COOKIE, line);
        }
        jar
    }

    fn response(self, headers: &mut HeaderMap, names: &Names, mut jar: CookieJar) {
        let said = Said::read(jar.get(CONSENT));
        let refused: Vec<String> = jar
            .iter()
            .filter(|cookie| said == Said::No && !names.pass(cookie.name(), said))
            .map(|cookie| cookie.name().to_owned())
            .collect();
        for name in refused {
            jar = jar.remove(Cookie::build(name).path("/"));
        }
        for line in headers.get_all(SET_COOKIE) {
            let cookie = line.to_str().ok().map(str::to_owned);
            let cookie = cookie.and_then(|line| Cookie::parse_encoded(line).ok());
            if let Some(cookie) = cookie.filter(|cookie| names.pass(cookie.name(), said)) {
                jar = jar.add(cookie);
            }
        }
        headers.remove(SET_COOKIE);
        let (set, _) = jar.into_response().into_parts();
        for line in set.headers.get_all(SET_COOKIE) {
            headers.append(SET_COOKIE, line.clone());
        }
    }
}

/// The `cookie` crate.
#[derive(Clone, Copy, Debug)]
pub(super) struct CookieCrate;

impl CookieCrate {
    fn cookies(line: &HeaderValue) -> Option<SplitCookies<'_>> {
        Some(Cookie::split_parse(line.to_str().ok()?))
    }
}

impl Tools for CookieCrate {
    /// The names to remove, with what the visitor said.
    type Carried = (Said, Vec<String>);

    fn request(self, headers: &mut HeaderMap, names: &Names) -> (Said, Vec<String>) {
        let lines = headers.get_all(COOKIE).iter();
        let cookies = lines.filter_map(Self::cookies).flatten();
        let cookies: Vec<Cookie<'_>> = cookies.flatten().collect();
        let said = Said::read(cookies.iter().find(|cookie| cookie.name() == CONSENT));
        let (passing, stopped): (Vec<_>, Vec<_>) = cookies
            .iter()
            .partition(|cookie| names.pass(cookie.name(), said));
        let removed = if said == Said::No {
            stopped.iter().map(|c| c.name().to_owned()).collect()
        } else {
            Vec::new()
        };
        if !stopped.is_empty() {
            let pairs: Vec<String> = passing.iter().map(|c| c.stripped().to_string()).collect();
            if let Ok(line) = HeaderValue::try_from(pairs.join("; ")) {
                headers.insert(COOKIE, line);
            }
        }
        (said, removed)
    }

    fn response(self, headers: &mut HeaderMap, names: &Names, carried: (Said, Vec<String>)) {
        let (said, removed) = carried;
        let lines = headers.get_all(SET_COOKIE).iter();
        let passes = |line: &&HeaderValue| {
            let cookie = line.to_str().ok().and_then(|line| Cookie::parse(line).ok());
            cookie.is_some_and(|cookie| names.pass(cookie.name(), said))
        };
        let left: Vec<HeaderValue> = lines.filter(passes).cloned().collect();
        headers.remove(SET_COOKIE);
        for line in left {
            headers.append(SET_COOKIE, line);
        }
        for name in removed {
            let line = format!("{name}=; Path=/; Max-Age=0");
            if let Ok(line) = HeaderValue::try_from(line) {
                headers.append(SET_COOKIE, line);
            }
        }
    }
}
