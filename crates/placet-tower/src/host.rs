//! Which host a request is for.

use http::header::HOST;
use http::uri::Authority;
use http::{HeaderValue, Request};
use placet::{Policy, WebAddress, domain_matches};

/// The host that a request names: the one of its target, as HTTP/2 has it and proxies are asked (RFC
/// 9112 section 3.2.2), before the `Host` line.
#[derive(Clone, Debug)]
pub(crate) enum Host {
    Target(Authority),
    Line(HeaderValue),
    Unknown,
}

impl Host {
    pub(crate) fn of<B>(request: &Request<B>) -> Self {
        match (request.uri().authority(), request.headers().get(HOST)) {
            (Some(authority), _) => Self::Target(authority.clone()),
            (None, Some(line)) => Self::Line(line.clone()),
            (None, None) => Self::Unknown,
        }
    }

    /// The name without its port and without a dot at its end.
    pub(crate) fn name(&self) -> Option<&[u8]> {
        let host = match self {
            Self::Target(authority) => authority.host().as_bytes(),
            Self::Line(line) => without_port(line.as_bytes()),
            Self::Unknown => return None,
        };
        Some(host.strip_suffix(b".").unwrap_or(host))
    }

    /// The name with its port, as the request has it.
    #[cfg(feature = "ledger")]
    pub(crate) fn authority(&self) -> Option<&[u8]> {
        match self {
            Self::Target(authority) => Some(authority.as_str().as_bytes()),
            Self::Line(line) => Some(line.as_bytes()),
            Self::Unknown => None,
        }
    }

    /// The part of this that says which cookies a browser takes from here.
    pub(crate) fn reach(&self, policy: &Policy) -> Reach<'_> {
        let shares = |name: &[u8], origin: &String| {
            WebAddress::parse(origin.as_bytes())
                .is_some_and(|origin| origin.host().eq_ignore_ascii_case(name))
        };
        let is_known = |name: &&[u8]| {
            policy.is_own_host(name) || policy.shared_with().iter().any(|o| shares(name, o))
        };
        Reach {
            known: self.name().filter(is_known),
        }
    }
}

/// Which cookies a browser takes from a host, as far as that is known: behind a proxy a name that the
/// policy does not have says nothing of the visitor's address.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reach<'h> {
    known: Option<&'h [u8]>,
}

impl Reach<'_> {
    /// Whether a browser takes cookies with this `Domain` from here.
    pub(crate) fn takes(self, domain: &[u8]) -> bool {
        let domain = domain.strip_prefix(b".").unwrap_or(domain);
        self.known.is_none_or(|name| domain_matches(name, domain))
    }
}

fn without_port(authority: &[u8]) -> &[u8] {
    let is_port = |end: &[u8]| end.iter().all(u8::is_ascii_digit);
    match authority.iter().rposition(|byte| *byte == b':') {
        Some(at) if authority.get(at + 1..).is_some_and(is_port) => {
            authority.get(..at).unwrap_or(authority)
        }
        _ => authority,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_target_goes_before_the_line_and_neither_keeps_its_port() {
        for (target, line, name) in [
            ("/", Some("shop.example"), Some("shop.example")),
            ("/", Some("shop.example.:8080"), Some("shop.example")),
            ("/", Some("shop.example:"), Some("shop.example")),
            ("/", Some("[::1]"), Some("[::1]")),
            ("/", Some("[::1]:3000"), Some("[::1]")),
            ("/", Some("a@shop.example"), Some("a@shop.example")),
            ("/", Some(""), Some("")),
            ("/", None, None),
            ("*", None, None),
            (
                "http://shop.example/",
                Some("blog.example"),
                Some("shop.example"),
            ),
            ("http://a:b@Shop.example:80/", None, Some("Shop.example")),
            ("http://[::1]:80/", None, Some("[::1]")),
        ] {
            let mut request = Request::builder().uri(target);
            if let Some(line) = line {
                request = request.header(HOST, line);
            }
            let host = Host::of(&request.body(()).unwrap());
            assert_eq!(host.name(), name.map(str::as_bytes), "{target} {line:?}");
        }
    }
}
