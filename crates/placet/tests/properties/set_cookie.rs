//! What holds for any `Set-Cookie` line.

use placet::set_cookie::{
    Api, Context, Expiry, MAX_NAME_AND_VALUE, NamePrefix, OwnCookie, SameSite, SetCookie,
    set_cookie_name,
};
use placet::{Lifetime, Timestamp, WebAddress};

const NOW: Timestamp = Timestamp::UNIX_EPOCH;
const URLS: [&str; 4] = [
    "https://www.shop.example/cart/pay",
    "http://shop.example",
    "http://localhost:3000/",
    "https://127.0.0.1/x/",
];

/// The view covers the line, the scan agrees with it, and what is stored keeps every promise.
pub(crate) fn any_line_is_viewed_and_evaluated_consistently(line: &[u8]) {
    let cookie = SetCookie::parse(line);
    assert_eq!(cookie.raw(), line);
    assert_eq!(set_cookie_name(line), cookie.name());
    let mut end = cookie
        .attributes()
        .next()
        .map_or(line.len(), |a| a.span.start - 1);
    for attribute in cookie.attributes() {
        assert_eq!(
            line[end], b';',
            "attributes follow each other without a gap"
        );
        assert_eq!(attribute.span.start, end + 1);
        end = attribute.span.end;
    }
    assert_eq!(end, line.len());

    for url in URLS {
        let address = WebAddress::parse(url.as_bytes()).expect("an absolute URL");
        for api in [Api::Http, Api::Dom] {
            let context = Context::new(&address).with_api(api);
            let read = cookie.evaluate(NOW, &context);
            assert!(read.path.starts_with(b"/"));
            assert!(read.lifetime <= Lifetime::LONGEST_STORED);
            assert!(read.lifetime <= read.lifetime_asked);
            assert_eq!(read.expires.is_none(), read.lifetime == Lifetime::Session);
            if !read.is_stored() {
                continue;
            }
            let host = context.host().expect("the host is known");
            let domain = read.domain.as_deref().expect("the host is known");
            assert!(host.ends_with(domain));
            assert!(!read.host_only || host == domain);
            assert!(read.name.len() + read.value.len() <= MAX_NAME_AND_VALUE);
            assert!(!read.name.is_empty() || !read.value.is_empty());
            assert!(!line.iter().any(|b| b.is_ascii_control() && *b != b'\t'));
            assert!(read.secure || (read.same_site != SameSite::None && !read.partitioned));
            assert!(!(read.http_only && api == Api::Dom));
            assert!(!(read.secure && url.starts_with("http://shop")));
            if let Some(prefix) = NamePrefix::of(read.name) {
                assert!(read.secure);
                assert!(read.http_only || !prefix.asks_for_http_only());
                assert!((read.host_only && read.path == b"/") || !prefix.binds_to_host());
            }
        }
    }
}

/// An expiry header deletes the cookie of its name at the place it was made for.
pub(crate) fn any_expiry_header_is_taken_as_a_deletion_at_its_place(bytes: &[u8]) {
    let (name, path) = bytes.split_at(bytes.len() / 2);
    let path = [b"/", path].concat();
    let domains: [&[u8]; 2] = [b"shop.example", b"www.shop.example"];
    let address = WebAddress::parse(b"https://www.shop.example/").expect("an absolute URL");
    let context = Context::new(&address);
    let mut expiry = Expiry::of(name).at_path(&path).at_path(b"/");
    for domain in domains {
        expiry = expiry.under_domain(domain);
    }
    for expiry in [expiry.clone(), expiry.partitioned()] {
        let Ok(headers) = expiry.headers() else {
            continue;
        };
        let mut places = Vec::new();
        for header in &headers {
            let read = SetCookie::parse(header).evaluate(NOW, &context);
            assert!(read.is_deletion(NOW), "{}: {read:?}", header.escape_ascii());
            assert_eq!(read.name, name);
            let domain = read.domain.expect("the host is known").into_owned();
            places.push((read.host_only, domain, read.path));
        }
        let expected = if NamePrefix::of(name).is_some_and(NamePrefix::binds_to_host) {
            vec![(true, domains[1].to_vec(), &b"/"[..])]
        } else {
            let paths: &[&[u8]] = if path == b"/" {
                &[b"/"]
            } else {
                &[&path, b"/"]
            };
            [(true, domains[1]), (false, domains[0]), (false, domains[1])]
                .into_iter()
                .flat_map(|(host_only, domain)| {
                    paths
                        .iter()
                        .map(move |&path| (host_only, domain.to_vec(), path))
                })
                .collect()
        };
        assert_eq!(places, expected);
    }
}

/// What is written for us is read back as it was given, whatever was given.
pub(crate) fn any_cookie_of_our_own_is_read_back_as_given(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let cuts: Vec<_> = text.char_indices().map(|(at, _)| at).collect();
    let (first, second) = (cuts.len() / 3, cuts.len() * 2 / 3);
    let cut = |index: usize| cuts.get(index).copied().unwrap_or(text.len());
    let cookie = OwnCookie {
        name: &text[..cut(first)],
        value: &text[cut(first)..cut(second)],
        domain: None,
        path: &text[cut(second)..],
        same_site: SameSite::Lax,
        secure: true,
        http_only: false,
        lifetime: Lifetime::Seconds(60),
    };
    let Ok(header) = cookie.header() else { return };
    let context = Context::without_address();
    let read = SetCookie::parse(header.as_bytes()).evaluate(NOW, &context);
    assert!(read.is_stored() && read.oddities.is_empty());
    assert_eq!(read.name, cookie.name.as_bytes());
    assert_eq!(read.value, cookie.value.as_bytes());
    assert_eq!(read.path, cookie.path.as_bytes());
    assert!(read.host_only && read.secure && !read.http_only);
    assert_eq!(read.lifetime, cookie.lifetime);
}
