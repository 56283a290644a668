//! The origins that share one choice: each once, several of them, and the site's own among them.

use crate::set_cookie::SameSite;
use crate::web_address::{WebAddress, domain_matches};

use super::declaration::ConsentCookie;
use super::problem::{Problem, Sink, Step, steps};

/// The origins without default ports; what contradicts is told to the sink.
pub(super) fn compile(
    shared_with: &[String],
    consent_cookie: &ConsentCookie,
    hosts: &[String],
    sink: &mut impl Sink,
) -> Vec<String> {
    let mut origins: Vec<String> = Vec::new();
    for (index, text) in shared_with.iter().enumerate() {
        let origin = without_default_port(text);
        if origins.iter().any(|known| same_host(known, origin)) {
            sink.tell(|| Problem {
                path: steps!["shared_with", index],
                code: "duplicate-origin",
                message: format!(
                    "found the host and port of `{origin}` a second time, expected each once"
                ),
            });
        }
        origins.push(origin.to_owned());
    }
    let is_own = |origin: &String| {
        let address = WebAddress::parse(origin.as_bytes());
        address.is_some_and(|address| {
            let own = |domain: &String| domain_matches(address.host(), domain.as_bytes());
            hosts.iter().any(own)
        })
    };
    for (contradicts, path, message) in [
        (
            origins.len() == 1,
            &["shared_with"][..],
            "found one origin, expected two at the least: the site's own, and another one",
        ),
        (
            origins.len() > 1 && !hosts.is_empty() && !origins.iter().any(is_own),
            &["shared_with"],
            "none of these origins is at one of `hosts`; expected the site's own among them",
        ),
        (
            !origins.is_empty() && consent_cookie.same_site == SameSite::Strict,
            &["consent_cookie", "same_site"],
            "found `Strict` beside `shared_with`, expected `Lax`: browsers do not send a Strict cookie with a visitor whom another origin redirects here",
        ),
    ] {
        if contradicts {
            sink.tell(|| Problem {
                path: path.iter().map(|field| Step::from(*field)).collect(),
                code: "contradiction",
                message: message.to_owned(),
            });
        }
    }
    origins
}

/// An origin as browsers write it.
fn without_default_port(origin: &str) -> &str {
    let default = if origin.starts_with("https:") {
        ":443"
    } else {
        ":80"
    };
    origin.strip_suffix(default).unwrap_or(origin)
}

/// Whether two origins differ in nothing but the scheme, so that a `Host` line may mean either.
fn same_host(one: &str, other: &str) -> bool {
    fn host(origin: &str) -> &[u8] {
        let at = origin.bytes().position(|byte| byte == b'/');
        at.and_then(|at| origin.as_bytes().get(at..))
            .unwrap_or_default()
    }
    host(one) == host(other)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::tests::{error_of, read, with};

    #[test]
    fn origins_that_share_a_choice_are_several_and_the_sites_own_is_one_of_them() {
        let all = "`https://shop.example`";
        for (origins, path, code, says) in [
            (
                json!(["https://a.example"]),
                "shared_with",
                "contradiction",
                "found one origin",
            ),
            (
                json!(["https://a.example", "https://notshop.example"]),
                "shared_with",
                "contradiction",
                "the site's own among them",
            ),
            (
                json!(["https://shop.example", "https://shop.example:443"]),
                "shared_with[1]",
                "duplicate-origin",
                all,
            ),
            (
                json!(["https://localhost:3000", "http://localhost:3000"]),
                "shared_with[1]",
                "duplicate-origin",
                "`http://localhost:3000`",
            ),
            (
                json!(["http://shop.example"]),
                "shared_with[0]",
                "type",
                all,
            ),
            (
                json!(["https://shop.example/"]),
                "shared_with[0]",
                "type",
                all,
            ),
            (
                json!(["https://Shop.example"]),
                "shared_with[0]",
                "type",
                all,
            ),
            (json!(["https://*.example"]), "shared_with[0]", "type", all),
            (
                json!(["https://u@shop.example"]),
                "shared_with[0]",
                "type",
                all,
            ),
            (
                json!(["https://shop.example:0"]),
                "shared_with[0]",
                "type",
                all,
            ),
            (json!(["null"]), "shared_with[0]", "type", all),
        ] {
            let found = error_of(&with("/shared_with", origins.clone()));
            assert!(
                found.iter().any(|(at, word, message)| at == path
                    && *word == code
                    && message.contains(says)),
                "{origins}: {found:?}"
            );
        }
        let strict = error_of(&with("/consent_cookie/same_site", json!("Strict")));
        assert_eq!(
            (strict[0].0.as_str(), strict[0].1),
            ("consent_cookie.same_site", "contradiction")
        );
        let own = json!(["https://www.shop.example", "http://b.localhost:3000"]);
        assert!(read(&with("/shared_with", own)).is_ok());
    }
}
