//! `Path` and the default path.

use super::{codes, outcome, received};

/// The path of the URL, the attributes, the path of the cookie, the oddities.
type Row<'a> = (&'a str, &'a str, &'a str, &'a str);

fn check(rows: &[Row<'_>]) {
    for &(url_path, attributes, path, oddities) in rows {
        let line = format!("a=1{attributes}");
        received(
            &format!("https://shop.example{url_path}"),
            line.as_bytes(),
            |cookie| {
                let found = String::from_utf8_lossy(cookie.path);
                assert_eq!(outcome(&cookie), "stored", "{line} from {url_path}");
                assert_eq!(found, path, "{line} from {url_path}");
                assert_eq!(codes(&cookie), oddities, "{line} from {url_path}");
            },
        );
    }
}

/// Section 5.1.4.
#[test]
fn without_a_path_the_directory_of_the_request_is_taken() {
    check(&[
        ("", "", "/", ""),
        ("/", "", "/", ""),
        ("/cart", "", "/", ""),
        ("/cart/", "", "/cart", ""),
        ("/cart/pay", "", "/cart", ""),
        ("/cart/pay/", "", "/cart/pay", ""),
        ("/a/b/c?x=/y/z", "", "/a/b", ""),
        ("?x=/y/z", "", "/", ""),
        ("/a/b#/c/d", "", "/a", ""),
        ("/a%2Fb/c", "", "/a%2Fb", ""),
    ]);
}

/// Section 5.6.4: any path that begins with a slash is taken verbatim, also one of another
/// directory.
#[test]
fn a_path_is_taken_verbatim_or_not_at_all() {
    check(&[
        ("/cart/pay", "; Path=/", "/", ""),
        ("/cart/pay", "; Path=/admin", "/admin", ""),
        ("/cart/pay", "; path = /x/ ", "/x/", ""),
        ("/cart/pay", "; Path=/a=b", "/a=b", ""),
        ("/cart/pay", "; Path=/a%20b/../c", "/a%20b/../c", ""),
        ("/cart/pay", "; Path=/a b", "/a b", ""),
        ("/cart/pay", "; Path=\"/\"", "/cart", "relative-path"),
        ("/cart/pay", "; Path=admin", "/cart", "relative-path"),
        (
            "/cart/pay",
            "; Path=https://shop.example/",
            "/cart",
            "relative-path",
        ),
        ("/cart/pay", "; Path=", "/cart", "empty-path"),
        ("/cart/pay", "; Path", "/cart", "empty-path"),
        (
            "/cart/pay",
            "; Path=/b\u{fc}cher",
            "/b\u{fc}cher",
            "non-ascii-path",
        ),
    ]);
}

/// Sections 5.6 and 5.7: the last one that is not too long counts, also when it falls back to the
/// default path.
#[test]
fn the_last_path_counts() {
    let long = format!("; Path=/x; Path=/{}", "y".repeat(1024));
    let exact = format!("; Path=/{}", "y".repeat(1023));
    let twice = "duplicate-attribute";
    check(&[
        ("/cart/pay", "; Path=/x; Path=/y", "/y", twice),
        ("/cart/pay", "; Path=/y; Path=/x; Path=/", "/", twice),
        (
            "/cart/pay",
            "; Path=/x; Path=",
            "/cart",
            "duplicate-attribute empty-path",
        ),
        (
            "/cart/pay",
            "; Path=/x; Path=y",
            "/cart",
            "duplicate-attribute relative-path",
        ),
        (
            "/cart/pay",
            &long,
            "/x",
            "duplicate-attribute attribute-too-long",
        ),
        ("/cart/pay", &exact, &exact[7..], ""),
    ]);
}
