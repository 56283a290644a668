//! What is answered, with the header fields that every answer of its sort carries.

use bytes::Bytes;
use http::header::{
    ACCEPT, ALLOW, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE,
    HeaderName, HeaderValue, LOCATION, REFERRER_POLICY, VARY, X_CONTENT_TYPE_OPTIONS,
};
use http::{Method, Response, StatusCode};
use placet::Choice;

use super::media_type;
use super::problem::{Problem, ProblemKind, quoted};
use crate::page;

/// A response, and the choice that holds from it on.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) response: Response<Bytes>,
    /// `Some` where a shared choice is taken over only: the layer sets the consent cookie and expires what
    /// the choice refuses.
    pub(crate) choice: Option<Choice>,
}

const HTML: &str = "text/html; charset=utf-8";
pub(super) const JSON: &str = "application/json";

/// For what says something of one visitor: no cache keeps it, and one that does all the same keeps
/// it apart.
const NO_STORE: &str = "no-store";
const BY_VISITOR: &str = "Cookie, Sec-GPC, DNT";
const BY_VISITOR_AND_LANGUAGE: &str = "Cookie, Sec-GPC, DNT, Accept-Language";
/// For what the policy or the program alone decides; a changed policy is seen within the hour.
const AN_HOUR: &str = "public, max-age=3600";

impl Answer {
    pub(crate) fn new(media_type: &'static str, body: impl Into<Bytes>) -> Self {
        Self::bare(StatusCode::OK, body.into())
            .with(CONTENT_TYPE, media_type)
            .with(X_CONTENT_TYPE_OPTIONS, "nosniff")
    }

    fn bare(status: StatusCode, body: Bytes) -> Self {
        let mut response = Response::new(body);
        *response.status_mut() = status;
        Self {
            response,
            choice: None,
        }
    }

    /// Something about this visitor.
    pub(super) fn of_visitor(media_type: &'static str, body: impl Into<Bytes>) -> Self {
        Self::new(media_type, body)
            .with(CACHE_CONTROL, NO_STORE)
            .with(VARY, BY_VISITOR)
    }

    /// Something that is the same for every visitor.
    pub(super) fn of_everybody(media_type: &'static str, body: impl Into<Bytes>) -> Self {
        Self::new(media_type, body).with(CACHE_CONTROL, AN_HOUR)
    }

    pub(super) fn style(sheet: &'static str) -> Self {
        Self::of_everybody(
            "text/css; charset=utf-8",
            Bytes::from_static(sheet.as_bytes()),
        )
    }

    /// The preferences, as a page or as a part of one. A page that embeds the part lives under
    /// policies of its own; these hold where somebody frames the part, whose buttons are the same.
    ///
    /// The referrer goes to the own origin only; it goes there because under `no-referrer` browsers
    /// send the form with `Origin: null`.
    ///
    /// The answer to the form leads through the origins that share the choice, and browsers ask
    /// `form-action` about those too.
    pub(super) fn preferences(html: String, shared_with: &[String]) -> Self {
        let mut answer = Self::new(HTML, html)
            .with(CACHE_CONTROL, NO_STORE)
            .with(VARY, BY_VISITOR_AND_LANGUAGE)
            .with(CONTENT_SECURITY_POLICY, page::CONTENT_SECURITY_POLICY)
            .with(REFERRER_POLICY, "same-origin");
        if !shared_with.is_empty() {
            let forms = format!("form-action 'self' {}", shared_with.join(" "));
            let security = page::CONTENT_SECURITY_POLICY.replace("form-action 'self'", &forms);
            // Origins of a policy are visible ASCII, so this always is a value.
            if let Ok(security) = HeaderValue::try_from(security) {
                let headers = answer.response.headers_mut();
                headers.insert(CONTENT_SECURITY_POLICY, security);
            }
        }
        answer
    }

    /// A problem as JSON.
    pub(super) fn problem(problem: &Problem) -> Self {
        Self::new(JSON, problem.to_json())
            .with(CACHE_CONTROL, NO_STORE)
            .for_problem(problem.kind)
    }

    /// The fields that the status of a problem asks for.
    pub(super) fn for_problem(mut self, kind: ProblemKind) -> Self {
        *self.response.status_mut() = kind.status();
        match kind {
            ProblemKind::MediaType => self.with(ACCEPT, media_type::ACCEPTED),
            _ => self,
        }
    }

    pub(super) fn method_not_allowed(method: &Method, allow: &'static str) -> Self {
        Self::problem(&Problem {
            kind: ProblemKind::Method,
            field: None,
            found: quoted(method.as_str()),
            expected: allow.to_owned(),
        })
        .with(ALLOW, allow)
    }

    /// What may be asked of an address, without a word to other origins.
    pub(super) fn options(allow: &'static str) -> Self {
        Self::bare(StatusCode::NO_CONTENT, Bytes::new()).with(ALLOW, allow)
    }

    /// Leads on with GET.
    pub(super) fn see_other(location: &str) -> Self {
        let mut answer = Self::bare(StatusCode::SEE_OTHER, Bytes::new());
        // Both the prefix and a path to return to are visible ASCII, so this always is a value.
        if let Ok(location) = HeaderValue::from_str(location) {
            answer.response.headers_mut().insert(LOCATION, location);
        }
        answer.with(CACHE_CONTROL, NO_STORE)
    }

    /// Where the visitor is. A source may go by anything of the request, so that no cache keeps what it
    /// says; without one it is the same for everybody.
    #[cfg(feature = "script")]
    pub(super) fn region(code: Option<&str>, has_source: bool) -> Self {
        let body = serde_json::json!({ "region": code }).to_string();
        if has_source {
            Self::new(JSON, body).with(CACHE_CONTROL, NO_STORE)
        } else {
            Self::of_everybody(JSON, body)
        }
    }

    pub(crate) fn with(mut self, name: HeaderName, value: &'static str) -> Self {
        let value = HeaderValue::from_static(value);
        self.response.headers_mut().insert(name, value);
        self
    }

    /// The same as the answer to HEAD: the length of what GET would bring, and nothing of it.
    pub(super) fn without_body(mut self) -> Self {
        let body = std::mem::take(self.response.body_mut());
        let length = HeaderValue::from(body.len());
        self.response.headers_mut().insert(CONTENT_LENGTH, length);
        self
    }
}
