//! Under which path the endpoints are. Only spellings that no client and no proxy rewrites are
//! accepted, so that comparing bytes is enough.

/// A text that cannot be the prefix of the endpoints.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "found `{found}` as the prefix of the endpoints; expected a path like `/.placet/`: it begins and \
     ends with `/`, its segments are letters, digits, `-`, `.`, `_` and `~`, none of them is `.`, \
     `..` or `.well-known`, and it is at most 128 characters long"
)]
pub struct NotAPrefix {
    /// The text as given.
    pub found: String,
}

pub(super) fn checked(prefix: &str) -> Result<Box<str>, NotAPrefix> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~".contains(&b);
    let segment = |segment: &str| {
        !matches!(segment, "" | "." | ".." | ".well-known") && segment.bytes().all(plain)
    };
    let inner = prefix
        .strip_prefix('/')
        .and_then(|rest| rest.strip_suffix('/'));
    match inner {
        Some(inner) if prefix.len() <= 128 && inner.split('/').all(segment) => Ok(prefix.into()),
        _ => Err(NotAPrefix {
            found: prefix.chars().take(160).collect(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_is_a_plain_directory_below_the_root() {
        for good in ["/.placet/", "/c/", "/legal/cookies_2~a-b/", "/a.b/..c/"] {
            assert_eq!(checked(good).as_deref(), Ok(good));
        }
        let long = format!("/{}/", "a".repeat(127));
        for bad in [
            "",
            "/",
            "//",
            "///",
            "placet/",
            "/placet",
            "/a//b/",
            "/./",
            "/a/../",
            "/a b/",
            "/ä/",
            "/a%2f/",
            "/a?/",
            "/a#/",
            "/a;b/",
            "/\\/",
            "/.well-known/",
            "/a\n/",
            &long,
        ] {
            let error = checked(bad).unwrap_err();
            assert!(error.to_string().contains("`/.placet/`"), "{bad}");
        }
    }
}
