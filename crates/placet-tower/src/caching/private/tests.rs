//! What `keep_private` promises: a table of cases, and the rule over any bytes, judged by a reader
//! of its own.

use super::*;
use http::header::{AGE, ETAG, EXPIRES, LAST_MODIFIED, SET_COOKIE};
use proptest::prelude::*;

fn cache_control(lines: &[&[u8]]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for line in lines {
        headers.append(CACHE_CONTROL, HeaderValue::from_bytes(line).unwrap());
    }
    headers
}

fn lines(headers: &HeaderMap) -> Vec<String> {
    let all = headers.get_all(CACHE_CONTROL);
    all.iter()
        .map(|line| String::from_utf8_lossy(line.as_bytes()).into_owned())
        .collect()
}

#[test]
fn cache_control_changes_as_little_as_it_must() {
    for (before, after) in [
        // Nothing forbids sharing yet.
        (&[][..], &["private"][..]),
        (&[""], &["private"]),
        (&[" , "], &["private"]),
        (&["max-age=600"], &["private, max-age=600"]),
        (&["no-cache"], &["private, no-cache"]),
        (
            &["max-age=0, must-revalidate"],
            &["private, max-age=0, must-revalidate"],
        ),
        (
            &["no-cache=\"set-cookie\""],
            &["private, no-cache=\"set-cookie\""],
        ),
        (&["proxy-revalidate"], &["private, proxy-revalidate"]),
        // What speaks to shared caches goes, in any form and on any line.
        (&["public"], &["private"]),
        (
            &["public, max-age=600, immutable"],
            &["private, max-age=600, immutable"],
        ),
        (
            &["max-age=1,  s-maxage=86400 ,x-y"],
            &["private, max-age=1, x-y"],
        ),
        (&["PUBLIC", "S-MaxAge=5"], &["private"]),
        (
            &["max-age=1", "public, x=\"a, b\""],
            &["private, max-age=1", "x=\"a, b\""],
        ),
        (&["public, private"], &["private"]),
        (&["max-age=1", "public, private"], &["max-age=1", "private"]),
        (&["no-store, public"], &["no-store"]),
        // A list of fields allows the rest to be shared.
        (&["private=\"x-y, public\""], &["private"]),
        (
            &["private=\"set-cookie\", max-age=9"],
            &["private, max-age=9"],
        ),
        (&["private, private=\"x\""], &["private"]),
        // `no-store` that a cache may ignore.
        (
            &["no-store, must-understand"],
            &["private, no-store, must-understand"],
        ),
        (&["no-store=1"], &["private, no-store=1"]),
        // Words in quotes are no directives.
        (
            &["x=\"private, no-store\""],
            &["private, x=\"private, no-store\""],
        ),
        (&["x=\"\\\", private\""], &["private, x=\"\\\", private\""]),
        // Caches disagree.
        (&["x=\"private, max-age=9"], &["private, no-store"]),
        (&["private", "x=\"y, public"], &["private, no-store"]),
        (&["private, x=\u{e9}"], &["private, no-store"]),
        // Already right, whatever it looks like.
        (&["private"], &["private"]),
        (&[" Private ,,max-age=9"], &[" Private ,,max-age=9"]),
        (&["max-age=9", "private"], &["max-age=9", "private"]),
        (&["no-store"], &["no-store"]),
        (
            &["private, no-store, must-understand"],
            &["private, no-store, must-understand"],
        ),
        (&["private, x=\"a, public\""], &["private, x=\"a, public\""]),
    ] {
        let before: Vec<&[u8]> = before.iter().map(|line: &&str| line.as_bytes()).collect();
        let mut headers = cache_control(&before);
        keep_private(&mut headers);
        assert_eq!(lines(&headers), after, "{before:?}");
    }
}

#[test]
fn what_serves_the_private_cache_stays() {
    let mut headers = cache_control(&[b"public, max-age=600"]);
    let validators = [
        (EXPIRES, "Thu, 01 Jan 2026 00:00:00 GMT"),
        (ETAG, "\"abc\""),
        (AGE, "5"),
        (LAST_MODIFIED, "Wed, 31 Dec 2025 00:00:00 GMT"),
        (SET_COOKIE, "a=b"),
    ];
    for (name, value) in &validators {
        headers.insert(name, HeaderValue::from_static(value));
    }
    keep_private(&mut headers);
    for (name, value) in &validators {
        assert_eq!(headers[name], value);
    }
    assert_eq!(headers.len(), validators.len() + 1);
}

#[test]
fn a_response_that_is_private_costs_no_allocation() {
    let mut headers = cache_control(&[b"max-age=9, x=\"a, b\"", b"Private"]);
    headers.insert("cdn-cache-control", HeaderValue::from_static("no-store"));
    headers.insert("x-accel-expires", HeaderValue::from_static("0"));
    headers.insert("edge-control", HeaderValue::from_static("no-store"));
    let before = headers.clone();
    let counted = allocation_counter::measure(|| keep_private(&mut headers));
    assert_eq!(counted.count_total, 0);
    assert_eq!(headers, before);
}

#[test]
fn sensitive_lines_stay_sensitive() {
    let mut headers = cache_control(&[b"public, max-age=9"]);
    headers.get_mut(CACHE_CONTROL).unwrap().set_sensitive(true);
    keep_private(&mut headers);
    assert!(headers[CACHE_CONTROL].is_sensitive());
}

/// A reader of its own: the lines joined, quoted strings blanked out, cut at commas.
fn directive_words(lines: &[String]) -> Vec<String> {
    let (mut quoted, mut skip) = (false, false);
    let blanked: String = lines
        .join(",")
        .chars()
        .map(|c| match c {
            _ if skip => {
                skip = false;
                '_'
            }
            '\\' if quoted => {
                skip = true;
                '_'
            }
            '"' => {
                quoted = !quoted;
                '_'
            }
            _ if quoted => '_',
            c => c,
        })
        .collect();
    assert!(!quoted, "{lines:?}");
    blanked
        .split(',')
        .map(|word| word.trim().to_ascii_lowercase())
        .collect()
}

fn any_line() -> impl Strategy<Value = Vec<u8>> {
    let directives = "(public|private|no-store|no-cache|must-understand|max-age=9|s-maxage=9\
                      |PRIVATE|Public|private=\"x\"|private=x|x=\"a, public\"|x=\"private\"|\"|\\\\\
                      |x=\"|=|é|, ?|, ?|, ?| ){0,9}";
    prop_oneof![
        3 => directives.prop_map(String::into_bytes),
        1 => proptest::collection::vec(prop_oneof![32u8..=126, 128u8..=255], 0..12),
    ]
}

const OTHERS: [&str; 9] = [
    "cdn-cache-control",
    "cloudflare-cdn-cache-control",
    "surrogate-control",
    "x-accel-expires",
    "edge-control",
    "set-cookie",
    "vary",
    "expires",
    "etag",
];

proptest! {
    #[test]
    fn no_shared_cache_stores_the_response_and_nothing_else_changes(
        cache_control_lines in proptest::collection::vec(any_line(), 0..4),
        others in proptest::collection::vec((0..OTHERS.len(), any_line()), 0..6),
    ) {
        let mut headers = HeaderMap::new();
        for line in &cache_control_lines {
            headers.append(CACHE_CONTROL, HeaderValue::from_bytes(line).unwrap());
        }
        for (which, line) in &others {
            headers.append(OTHERS[*which], HeaderValue::from_bytes(line).unwrap());
        }
        let before = headers.clone();
        keep_private(&mut headers);

        let after = lines(&headers);
        prop_assert!(headers.get_all(CACHE_CONTROL).iter().all(|line| line.as_bytes().is_ascii()));
        let words = directive_words(&after);
        let has = |wanted: &str| words.iter().any(|word| word == wanted);
        prop_assert!(has("private") || (has("no-store") && !has("must-understand")), "{after:?}");
        for word in &words {
            let name = word.split('=').next().unwrap_or_default().trim();
            prop_assert!(name != "public" && name != "s-maxage", "{after:?}");
            prop_assert!(name != "private" || word == "private", "{after:?}");
        }
        // A reader that knows no quotes finds the word as well.
        let joined = after.join(",").to_ascii_lowercase();
        prop_assert!(joined.split(',').any(|word| ["private", "no-store"].contains(&word.trim())));

        for name in &OTHERS[..3] {
            let lines: Vec<String> = headers
                .get_all(*name)
                .iter()
                .map(|line| String::from_utf8(line.as_bytes().to_vec()).unwrap())
                .collect();
            let words = directive_words(&lines);
            let forbids = words.iter().any(|word| word == "private" || word == "no-store");
            prop_assert!(lines.is_empty() || forbids, "{lines:?}");
        }
        prop_assert!(headers.get_all("x-accel-expires").iter().all(|line| line == "0"));
        let akamai = headers.get_all("edge-control");
        let akamai: Vec<&str> = akamai.iter().map(|line| line.to_str().unwrap()).collect();
        prop_assert!(akamai.is_empty() || akamai.join(",").contains("no-store"), "{akamai:?}");
        for name in &OTHERS[5..] {
            prop_assert!(headers.get_all(*name).iter().eq(before.get_all(*name).iter()));
        }

        let once = headers.clone();
        keep_private(&mut headers);
        prop_assert_eq!(headers, once);
    }
}
