use super::*;

/// The pairs that stay when the names in `allowed` may stay and no other.
fn filtered(line: &[u8], allowed: &[&str]) -> Option<Vec<u8>> {
    let keep = |name: CookieName<'_>| allowed.iter().any(|a| a.as_bytes() == name.bytes);
    match CookieLine::new(line).filter(keep) {
        FilteredCookies::Unchanged => Some(line.to_vec()),
        FilteredCookies::Changed(kept) => Some(kept),
        FilteredCookies::Empty => None,
    }
}

/// The readings that are asked about when every one is allowed.
fn readings(line: &[u8]) -> Vec<(Reading, Vec<u8>)> {
    let mut seen = Vec::new();
    let kept = CookieLine::new(line).filter(|name| {
        seen.push((name.reading, name.bytes.to_vec()));
        true
    });
    assert_eq!(kept, FilteredCookies::Unchanged);
    seen
}

/// The headers on which four readers were seen to disagree: `HeaderValue::to_str`, cookie-rs, npm
/// cookie and Python's `SimpleCookie`.
#[test]
fn where_readers_disagree_nothing_denied_is_left_for_any_of_them() {
    for (line, allowed, expected) in [
        // Some see a word as a cookie of that name, some as a value, one gives up on the line.
        (&b"tracker; _ga=1; b=2"[..], &["b"][..], &b"b=2"[..]),
        (b"tracker; _ga=1; b=2", &["b", ""], b"b=2"),
        (
            b"tracker; _ga=1; b=2",
            &["b", "", "tracker"],
            b"tracker; b=2",
        ),
        // One sees an empty name, one an error, one nothing at all.
        (b"=nameless; b=2", &["b"], b"b=2"),
        // For one the quotes hold `;_ga=1` in the value of `x`; for the others `_ga` is a cookie.
        (b"x=\"q;_ga=1\"; b=2", &["x", "b"], b"x=\"q; b=2"),
        (b"x=\"q;_ga=1\"; b=2", &["b"], b"b=2"),
        // One of two ways to read with cookie-rs decodes names.
        (b"_g%61=1", &["_g%61"], b""),
        (b"_g%61=1", &["_ga"], b""),
        // No text for `to_str`, so everything or nothing; one gives up at the first odd byte.
        (b"a=\xc3\xa9; _ga=1", &["a"], b"a=\xc3\xa9"),
        (b"a=\xff; _ga=1", &["a"], b"a=\xff"),
        // The first wins, or the last.
        (b"a=1; _ga=2; a=3", &["a"], b"a=1; a=3"),
        // Not a name for one of them, which gives up.
        (b"a[b]=1; c.d=2", &["c.d"], b"c.d=2"),
        (b"a[b]=1; c.d=2", &["a[b]"], b"a[b]=1"),
    ] {
        assert_eq!(
            filtered(line, allowed).unwrap_or_default(),
            expected,
            "{:?} of {:?}",
            allowed,
            String::from_utf8_lossy(line)
        );
    }
}

#[test]
fn every_name_that_a_reader_may_see_is_asked_about() {
    use Reading::*;
    for (pair, expected) in [
        (&b"a=1"[..], &[(Raw, &b"a"[..])][..]),
        (b"a b=1", &[(Raw, b"a b"), (Embedded, b"b")]),
        (b"a=1 b=2", &[(Raw, b"a"), (Embedded, b"b")]),
        (
            b"a=1 b =2\tc=3",
            &[(Raw, b"a"), (Embedded, b"b"), (Embedded, b"c")],
        ),
        (b"a=1 2 3", &[(Raw, b"a")]),
        (b"a=1=2", &[(Raw, b"a")]),
        (b"a={\"b\": \"c=d\"}", &[(Raw, b"a")]),
        (b"a", &[(Nameless, b""), (Bare, b"a")]),
        (b"=a", &[(Nameless, b"")]),
        (b"==a=b", &[(Nameless, b""), (Embedded, b"a")]),
        (b"%61=1", &[(Raw, b"%61"), (PercentDecoded, b"a")]),
        (b"%6=1", &[(Raw, b"%6")]),
        (b"a=%61", &[(Raw, b"a")]),
        (
            b"%20a=1",
            &[
                (Raw, b"%20a"),
                (PercentDecoded, b" a"),
                (Trimmed, b"a"),
                (Trimmed, b"a"),
            ],
        ),
        (b"\xa0a=1", &[(Raw, b"\xa0a"), (Trimmed, b"a")]),
        (b"\xc2\xa0a=1", &[(Raw, b"\xc2\xa0a"), (Trimmed, b"a")]),
        (
            b"a\xc2\xa0=1",
            &[(Raw, b"a\xc2\xa0"), (Trimmed, b"a"), (Trimmed, b"a\xc2")],
        ),
        (
            b"\x0ba=1",
            &[
                (Raw, b"\x0ba"),
                (Trimmed, b"a"),
                (Trimmed, b"a"),
                (Embedded, b"a"),
            ],
        ),
        (
            b"\xff\x00=1",
            &[(Raw, b"\xff\x00"), (Trimmed, b"\xff"), (Trimmed, b"\xff")],
        ),
    ] {
        let expected: Vec<_> = expected.iter().map(|(r, n)| (*r, n.to_vec())).collect();
        assert_eq!(
            readings(pair),
            expected,
            "{:?}",
            String::from_utf8_lossy(pair)
        );
        // What stands beside a pair changes nothing about how it is read.
        let beside = [b"x=\xff;", pair].concat();
        assert_eq!(readings(&beside).split_off(1), expected);
    }
}

#[test]
fn a_name_too_long_for_the_stack_is_decoded_too() {
    let long = [b"%61".repeat(3000), b"=1".to_vec()].concat();
    assert_eq!(
        readings(&long).pop(),
        Some((Reading::PercentDecoded, b"a".repeat(3000)))
    );
}

#[test]
fn what_stays_stays_verbatim_with_the_separators_between() {
    for (line, expected) in [
        (&b"a=1;x=2;  b=3"[..], &b"a=1;  b=3"[..]),
        (b"x=1;\ta=2 ; ; b=3;", b"a=2 ; ; b=3;"),
        (b" ;; x=1;; a=2", b"a=2"),
        (b"a=1; x=2;", b"a=1;"),
        (b"a=\"\xff\x01\"; x=1; b==", b"a=\"\xff\x01\"; b=="),
    ] {
        let kept = filtered(line, &["a", "b"]).unwrap();
        assert_eq!(kept, expected);
        assert_eq!(filtered(&kept, &["a", "b"]).unwrap(), kept);
    }
}

#[test]
fn a_line_of_which_no_pair_stays_is_empty_and_one_without_pairs_is_unchanged() {
    let nothing = |_: CookieName<'_>| false;
    for line in [&b"a=1"[..], b";a=1;;b;", b"a", b"=", b"\x00"] {
        assert_eq!(
            CookieLine::new(line).filter(nothing),
            FilteredCookies::Empty
        );
    }
    for line in [&b""[..], b" ", b";;", b"; \t;"] {
        assert_eq!(
            CookieLine::new(line).filter(nothing),
            FilteredCookies::Unchanged
        );
    }
}

#[test]
fn a_pair_tells_where_it_stands_and_what_it_says() {
    let line = b" a = 1 ;word;=v; b=c=d";
    let told: Vec<_> = CookieLine::new(line)
        .pairs()
        .map(|pair| {
            assert_eq!(line.get(pair.span()), Some(pair.bytes()));
            (pair.span().start, pair.name(), pair.value())
        })
        .collect();
    let expected: [(usize, &[u8], &[u8]); 4] = [
        (1, b"a", b"1"),
        (8, b"", b"word"),
        (13, b"", b"v"),
        (17, b"b", b"c=d"),
    ];
    assert_eq!(told, expected);
}
