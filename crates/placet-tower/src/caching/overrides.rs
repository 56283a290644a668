//! The headers by which a cache lets itself be told something else than `Cache-Control` says.

use http::{HeaderMap, HeaderName, HeaderValue};

use super::directives::{Directives, Sharing};

/// What makes a header stop a cache from storing.
#[derive(Clone, Copy)]
enum Override {
    /// `Cache-Control` for some caches. Without it they obey `Cache-Control`: RFC 9213 section
    /// 2.2; the same is Fastly's order for `Surrogate-Control`,
    /// <https://www.fastly.com/documentation/reference/http/http-headers/Surrogate-Control/>.
    Targeted,
    /// nginx: seconds, `0` for not at all. It stays, because a server with
    /// `proxy_ignore_headers Cache-Control` has nothing else to go by:
    /// <https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_cache_valid>.
    AccelExpires,
    /// Akamai: `no-store` and `bypass-cache` forbid, `!no-store` and `!bypass-cache` take that
    /// back. It stays, because a property may be set to ignore `Cache-Control`.
    EdgeControl,
}

impl Override {
    fn of(name: &HeaderName) -> Option<Self> {
        let name = name.as_str();
        // Nearly every header is told by its length or its end to be none of them.
        let is_short = name.len() < "edge-control".len();
        if is_short || !(name.ends_with("ol") || name.ends_with("es")) || name == "cache-control" {
            return None;
        }
        match name {
            "x-accel-expires" => Some(Self::AccelExpires),
            "edge-control" => Some(Self::EdgeControl),
            name if name.ends_with("-cache-control") || name.ends_with("surrogate-control") => {
                Some(Self::Targeted)
            }
            _ => None,
        }
    }

    /// Whether the header as it stands lets no shared cache store the response.
    fn forbids(self, headers: &HeaderMap, name: &HeaderName) -> bool {
        let lines = || headers.get_all(name).iter().map(HeaderValue::as_bytes);
        match self {
            Self::Targeted => Sharing::of(lines()) == Sharing::Forbidden,
            Self::AccelExpires => lines().all(|line| line.trim_ascii() == b"0"),
            Self::EdgeControl => {
                let all = || lines().filter_map(Directives::of).flatten();
                let any = |wanted: fn(&[u8]) -> bool| all().any(wanted);
                lines().all(|line| Directives::of(line).is_some())
                    && any(|directive| {
                        directive.eq_ignore_ascii_case(b"no-store")
                            || directive.eq_ignore_ascii_case(b"bypass-cache")
                    })
                    && !any(|directive| directive.starts_with(b"!"))
            }
        }
    }

    fn correct(self, headers: &mut HeaderMap, name: HeaderName) {
        match self {
            Self::Targeted => {
                headers.remove(name);
            }
            Self::AccelExpires => {
                headers.insert(name, HeaderValue::from_static("0"));
            }
            Self::EdgeControl => {
                headers.insert(name, HeaderValue::from_static("no-store"));
            }
        }
    }
}

/// Corrects every header that would override a `Cache-Control` which forbids sharing.
pub(super) fn correct(headers: &mut HeaderMap) {
    while let Some((name, which)) = headers.keys().find_map(|name| {
        let which = Override::of(name).filter(|which| !which.forbids(headers, name))?;
        Some((name.clone(), which))
    }) {
        which.correct(headers, name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn corrected(name: &'static str, lines: &[&'static str]) -> Vec<String> {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(name, HeaderValue::from_bytes(line.as_bytes()).unwrap());
        }
        correct(&mut headers);
        let lines = headers.get_all(name);
        lines
            .iter()
            .map(|line| String::from_utf8_lossy(line.as_bytes()).into_owned())
            .collect()
    }

    #[test]
    fn a_targeted_field_that_allows_sharing_is_removed() {
        for name in [
            "cdn-cache-control",
            "cloudflare-cdn-cache-control",
            "vercel-cdn-cache-control",
            "netlify-cdn-cache-control",
            "x-litespeed-cache-control",
            "surrogate-control",
            "fastly-surrogate-control",
        ] {
            for allowing in [
                "max-age=600",
                "public",
                "no-cache",
                "",
                "private, s-maxage=9",
                "private=\"x\"",
                "no-store, must-understand",
                "no-store, x=\"y",
            ] {
                assert!(
                    corrected(name, &[allowing]).is_empty(),
                    "{name}: {allowing}"
                );
            }
            for forbidding in ["no-store", "private", "max-age=600, private"] {
                assert_eq!(corrected(name, &[forbidding]), [forbidding]);
            }
            assert!(corrected(name, &["no-store", "public"]).is_empty());
        }
    }

    #[test]
    fn nginx_is_told_not_to_store() {
        for (lines, after) in [
            (&["600"][..], "0"),
            (&["@1790000000"], "0"),
            (&["off"], "0"),
            (&[""], "0"),
            (&["600", "0"], "0"),
            (&["0"], "0"),
        ] {
            assert_eq!(corrected("x-accel-expires", lines), [after], "{lines:?}");
        }
    }

    #[test]
    fn akamai_is_told_not_to_store() {
        for (line, after) in [
            ("cache-maxage=7d", "no-store"),
            ("!no-store, max-age=60", "no-store"),
            ("no-store, !no-store", "no-store"),
            ("no-store, x=\"y", "no-store"),
            ("No-Store, dca=esi", "No-Store, dca=esi"),
            ("bypass-cache", "bypass-cache"),
        ] {
            assert_eq!(corrected("edge-control", &[line]), [after], "{line}");
        }
    }

    #[test]
    fn headers_that_override_nothing_stay() {
        for name in ["cache-control", "surrogate-key", "x-cache", "expires"] {
            assert_eq!(corrected(name, &["public, max-age=9"]).len(), 1, "{name}");
        }
    }
}
