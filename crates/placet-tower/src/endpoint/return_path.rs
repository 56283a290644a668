//! Where a form leads after saving: only to a path of its own origin, so that nobody can use the
//! endpoint to send visitors elsewhere.

/// A text that is no path of the own origin.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "found `{found}` as the site's style sheet; expected a path of its own origin like `/style.css`"
)]
pub struct NotAPath {
    /// The text.
    pub found: String,
}

/// The longest path that is followed, in bytes. The form carries it back, and encoding may make
/// three bytes of one: with every category beside it, it stays within the largest submission.
pub(super) const LONGEST: usize = 1024;

/// The text, if it is a path of the own origin however it is read.
///
/// It starts with one `/`, has no `//` before its query and no backslash anywhere (browsers read
/// `/\` as `//`, and proxies that tidy up paths may bring two slashes to the front), and is visible
/// ASCII: browsers drop tabs and line feeds from the middle of an address. A page that passes its
/// own address on has it percent-encoded already.
pub(super) fn of_own_origin(text: &str) -> Option<&str> {
    let visible = |b: u8| b.is_ascii_graphic() && b != b'\\';
    let path = text.split(['?', '#']).next().unwrap_or_default();
    let own = path.starts_with('/')
        && !path.contains("//")
        && text.len() <= LONGEST
        && text.bytes().all(visible);
    own.then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use url::Url;

    #[test]
    fn paths_of_the_own_origin_are_followed() {
        let longest = format!("/{}", "a".repeat(LONGEST - 1));
        for path in [
            "/",
            "/shop/cart",
            "/shop?next=https://a.example//b",
            "/a#b//c",
            "/%5Ca/%0a",
            "/a:b@c",
            longest.as_str(),
        ] {
            assert_eq!(of_own_origin(path), Some(path));
        }
    }

    #[test]
    fn what_may_lead_elsewhere_is_not_followed() {
        let too_long = format!("/{}", "a".repeat(LONGEST));
        for text in [
            "",
            "shop",
            "?saved",
            "#top",
            "//evil.example",
            "///evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "/shop\\..\\evil",
            "/a?\\",
            "/..//evil.example",
            "/a//b",
            "https://evil.example/",
            "https:evil.example",
            "javascript:alert(1)",
            " /shop",
            "/\t/evil.example",
            "/\n/evil.example",
            "/shop\r\nSet-Cookie: a=b",
            "/a b",
            "/ä",
            "/\u{0}",
            "/\u{7f}",
            too_long.as_str(),
        ] {
            assert_eq!(of_own_origin(text), None, "{text:?}");
        }
    }

    proptest! {
        /// The checker is a browser's parser of addresses (WHATWG URL).
        #[test]
        fn no_path_that_is_followed_leaves_the_origin(
            text in r"[/\\]{0,3}[\x00-\x20./\\a-z:@?#%ä\[\]]{0,24}",
        ) {
            if let Some(path) = of_own_origin(&text) {
                for base in ["https://own.example/.placet/preferences?x", "http://own.example:8080/"] {
                    let base = Url::parse(base).unwrap();
                    let target = base.join(path).unwrap();
                    prop_assert_eq!(target.origin(), base.origin());
                    // Nor does it when what a proxy made of it is read again.
                    let again = base.join(target.path()).unwrap();
                    prop_assert_eq!(again.origin(), base.origin());
                }
            }
        }
    }
}
