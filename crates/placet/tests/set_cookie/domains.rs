//! `Domain` against the host of the request.

use placet::WebAddress;
use placet::set_cookie::{Context, SetCookie};

use super::{codes, now, outcome, received};

/// The host, the attribute, the outcome, whether host-only, the domain, the oddities.
type Row<'a> = (&'a str, &'a str, &'a str, bool, &'a str, &'a str);

fn check(rows: &[Row<'_>]) {
    for &(host, attribute, expected, host_only, domain, oddities) in rows {
        let line = format!("a=1{attribute}");
        received(&format!("https://{host}/"), line.as_bytes(), |cookie| {
            let found = cookie.domain.as_deref().expect("the host is known");
            assert_eq!(outcome(&cookie), expected, "{line} from {host}");
            assert_eq!(cookie.host_only, host_only, "{line} from {host}");
            assert_eq!(String::from_utf8_lossy(found), domain, "{line} from {host}");
            assert_eq!(codes(&cookie), oddities, "{line} from {host}");
        });
    }
}

/// Sections 5.6.3 and 5.1.3: one dot is dropped, case does not matter, the host must be it or be
/// under it.
#[test]
fn a_domain_is_the_host_or_a_parent_of_it() {
    let www = "www.shop.example";
    let dot = "leading-dot-domain";
    check(&[
        (www, "", "stored", true, www, ""),
        (www, "; Domain=www.shop.example", "stored", false, www, ""),
        (
            www,
            "; Domain=shop.example",
            "stored",
            false,
            "shop.example",
            "",
        ),
        (
            www,
            "; Domain=.shop.example",
            "stored",
            false,
            "shop.example",
            dot,
        ),
        (
            www,
            "; dOmAiN=SHOP.Example",
            "stored",
            false,
            "shop.example",
            "",
        ),
        (
            www,
            "; Domain= \t.shop.example ",
            "stored",
            false,
            "shop.example",
            dot,
        ),
        ("WWW.Shop.Example", "", "stored", true, www, ""),
        (
            "WWW.Shop.Example:8443",
            "; Domain=shop.example",
            "stored",
            false,
            "shop.example",
            "",
        ),
        (
            www,
            "; Domain=a.www.shop.example",
            "domain-mismatch",
            false,
            "a.www.shop.example",
            "",
        ),
        (
            www,
            "; Domain=blog.shop.example",
            "domain-mismatch",
            false,
            "blog.shop.example",
            "",
        ),
        (
            www,
            "; Domain=op.example",
            "domain-mismatch",
            false,
            "op.example",
            "",
        ),
        (
            www,
            "; Domain=shop.test",
            "domain-mismatch",
            false,
            "shop.test",
            "",
        ),
        (
            www,
            "; Domain=..shop.example",
            "domain-mismatch",
            false,
            ".shop.example",
            dot,
        ),
        (
            www,
            "; Domain=www..shop.example",
            "domain-mismatch",
            false,
            "www..shop.example",
            "",
        ),
        (
            www,
            "; Domain=shop.example.",
            "domain-mismatch",
            false,
            "shop.example.",
            "domain-not-a-host-name",
        ),
        (
            www,
            "; Domain=. shop.example",
            "domain-mismatch",
            false,
            " shop.example",
            "leading-dot-domain domain-not-a-host-name",
        ),
        (
            www,
            "; Domain=\"shop.example\"",
            "domain-mismatch",
            false,
            "\"shop.example\"",
            "domain-not-a-host-name",
        ),
        (
            www,
            "; Domain=shop.example:443",
            "domain-mismatch",
            false,
            "shop.example:443",
            "domain-not-a-host-name",
        ),
        (
            www,
            "; Domain=https://www.shop.example/",
            "domain-mismatch",
            false,
            "https://www.shop.example/",
            "domain-is-url",
        ),
    ]);
}

/// Section 5.7: of several the last one counts; section 5.6.3: an empty one is no domain at all.
#[test]
fn the_last_domain_counts_and_an_empty_one_means_the_host() {
    let host = "shop.example";
    let twice = "duplicate-attribute";
    check(&[
        (host, "; Domain=", "stored", true, host, "empty-domain"),
        (host, "; Domain", "stored", true, host, "empty-domain"),
        (
            host,
            "; Domain=.",
            "stored",
            true,
            host,
            "leading-dot-domain empty-domain",
        ),
        (
            host,
            "; Domain=shop.test; Domain=shop.example",
            "stored",
            false,
            host,
            twice,
        ),
        (
            host,
            "; Domain=shop.example; Domain=shop.test",
            "domain-mismatch",
            false,
            "shop.test",
            twice,
        ),
        (
            host,
            "; Domain=shop.test; Domain=",
            "stored",
            true,
            host,
            "duplicate-attribute empty-domain",
        ),
    ]);
    let long = format!("; Domain=shop.example; Domain={}.example", "x".repeat(1024));
    let oddities = "duplicate-attribute attribute-too-long";
    check(&[(host, &long, "stored", false, host, oddities)]);
}

/// Section 5.7, the public suffix steps: single labels are known without a list, but a host may be
/// one itself.
#[test]
fn a_single_label_is_a_public_suffix_unless_it_is_the_host() {
    check(&[
        (
            "shop.example",
            "; Domain=example",
            "public-suffix",
            false,
            "example",
            "",
        ),
        (
            "shop.example",
            "; Domain=.example",
            "public-suffix",
            false,
            "example",
            "leading-dot-domain",
        ),
        (
            "shop.example",
            "; Domain=com",
            "domain-mismatch",
            false,
            "com",
            "",
        ),
        (
            "localhost",
            "; Domain=localhost",
            "stored",
            true,
            "localhost",
            "",
        ),
        (
            "intranet",
            "; Domain=Intranet",
            "stored",
            true,
            "intranet",
            "",
        ),
    ]);
}

#[test]
fn the_caller_names_further_public_suffixes() {
    let suffixes = |domain: &[u8]| domain == b"co.test";
    for (host, expected, host_only) in [
        ("shop.co.test", "public-suffix", false),
        ("co.test", "stored", true),
    ] {
        let url = format!("https://{host}/");
        let address = WebAddress::parse(url.as_bytes()).unwrap();
        let context = Context::new(&address).with_public_suffixes(&suffixes);
        let cookie = SetCookie::parse(b"a=1; Domain=co.test").evaluate(now(), &context);
        assert_eq!(outcome(&cookie), expected, "{host}");
        assert_eq!(cookie.host_only, host_only, "{host}");
    }
}

/// Section 5.1.3: an address matches itself only, there is nothing under it.
#[test]
fn an_address_matches_itself_only() {
    let told = "domain-is-ip-address";
    check(&[
        ("192.0.2.7", "", "stored", true, "192.0.2.7", ""),
        (
            "192.0.2.7",
            "; Domain=192.0.2.7",
            "stored",
            false,
            "192.0.2.7",
            told,
        ),
        (
            "192.0.2.7",
            "; Domain=0.2.7",
            "domain-mismatch",
            false,
            "0.2.7",
            "",
        ),
        ("192.0.2.7", "; Domain=7", "domain-mismatch", false, "7", ""),
        (
            "[2001:db8::1]",
            "; Domain=[2001:db8::1]",
            "stored",
            false,
            "[2001:db8::1]",
            told,
        ),
    ]);
}

/// Section 5.7: international domains come in their `xn--` form, anything else is refused.
#[test]
fn a_domain_with_other_than_ascii_bytes_is_refused() {
    let host = "xn--bcher-kva.example";
    check(&[
        (
            host,
            "; Domain=xn--bcher-kva.example",
            "stored",
            false,
            host,
            "",
        ),
        (
            host,
            "; Domain=b\u{fc}cher.example",
            "domain-not-ascii",
            false,
            "b\u{fc}cher.example",
            "domain-not-a-host-name",
        ),
    ]);
}

#[test]
fn without_a_recorded_address_the_domain_is_taken_at_its_word() {
    let context = Context::without_address();
    let of = |line| SetCookie::parse(line).evaluate(now(), &context);
    let named = of(b"a=1; Domain=Shop.Example");
    assert_eq!(named.domain.as_deref(), Some(&b"shop.example"[..]));
    assert!(named.is_stored() && !named.host_only);
    let bare = of(b"a=1");
    assert_eq!((bare.domain, bare.path), (None, &b"/"[..]));
    assert_eq!(outcome(&of(b"a=1; Domain=com")), "public-suffix");
}
