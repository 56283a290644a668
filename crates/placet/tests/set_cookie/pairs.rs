//! Name and value: what they are, which sizes and bytes are refused, and which oddities are told.

use placet::set_cookie::set_cookie_name;

use super::{codes, outcome, received, shown};

type Row<'a> = (&'a [u8], &'a [u8], &'a [u8], &'a str, &'a str);

fn check(rows: &[Row<'_>]) {
    for &(line, name, value, expected, oddities) in rows {
        received("https://shop.example/", line, |cookie| {
            assert_eq!(shown(cookie.name), shown(name), "name of {}", shown(line));
            assert_eq!(
                shown(cookie.value),
                shown(value),
                "value of {}",
                shown(line)
            );
            assert_eq!(outcome(&cookie), expected, "{}", shown(line));
            assert_eq!(codes(&cookie), oddities, "{}", shown(line));
        });
        assert_eq!(shown(set_cookie_name(line)), shown(name), "{}", shown(line));
    }
}

/// Section 5.6: split at the first `;`, then at the first `=`; without `=` the name is empty; trim.
#[test]
fn the_pair_is_split_at_the_first_equals_sign_and_trimmed() {
    check(&[
        (b"a=1", b"a", b"1", "stored", ""),
        (b"a=", b"a", b"", "stored", ""),
        (b"a==", b"a", b"=", "stored", ""),
        (b"a=b=c", b"a", b"b=c", "stored", ""),
        (b"  a  =  1  ", b"a", b"1", "stored", ""),
        (
            b"\ta\t=\t1\t;\tx",
            b"a",
            b"1",
            "stored",
            "unknown-attribute",
        ),
        (b"a=1;", b"a", b"1", "stored", "empty-attribute"),
        (b"a=1; ; ;", b"a", b"1", "stored", "empty-attribute"),
        (b"A=1", b"A", b"1", "stored", ""),
        (b"a.b=1", b"a.b", b"1", "stored", ""),
        (b"!#$%&'*+-.^_`|~=1", b"!#$%&'*+-.^_`|~", b"1", "stored", ""),
    ]);
}

/// Section 5.6 and 5.7: a line without a name is a cookie, one without name and value is not.
#[test]
fn nameless_cookies_are_cookies_and_nothing_is_none() {
    check(&[
        (b"foo", b"", b"foo", "stored", "nameless"),
        (b"=foo", b"", b"foo", "stored", "nameless"),
        (b" = foo ", b"", b"foo", "stored", "nameless"),
        (b"==foo", b"", b"=foo", "stored", "nameless"),
        (b"foo; Path=/", b"", b"foo", "stored", "nameless"),
        (
            b"foo; a=b",
            b"",
            b"foo",
            "stored",
            "nameless unknown-attribute",
        ),
        (
            b"\"foo\"",
            b"",
            b"\"foo\"",
            "stored",
            "nameless quoted-value",
        ),
        (b"", b"", b"", "empty", "nameless"),
        (b"=", b"", b"", "empty", "nameless"),
        (b" \t= ", b"", b"", "empty", "nameless"),
        (b"   ", b"", b"", "empty", "nameless"),
        (b";", b"", b"", "empty", "nameless empty-attribute"),
        (b"; a=b", b"", b"", "empty", "nameless unknown-attribute"),
        (b"=; Max-Age=60", b"", b"", "empty", "nameless"),
    ]);
}

/// Section 4.1.1 asks servers for tokens and cookie-octets; section 5.6 takes all but control
/// bytes.
#[test]
fn what_servers_should_not_send_is_stored_and_told() {
    check(&[
        (b"a[b]=1", b"a[b]", b"1", "stored", "name-not-token"),
        (b"a b=1", b"a b", b"1", "stored", "name-not-token"),
        (b"a,b=1", b"a,b", b"1", "stored", "name-not-token"),
        (b"\"a\"=1", b"\"a\"", b"1", "stored", "name-not-token"),
        (b"a/b=1", b"a/b", b"1", "stored", "name-not-token"),
        (
            b"a\xff=1",
            b"a\xff",
            b"1",
            "stored",
            "name-not-token non-ascii",
        ),
        (b"_g%61=1", b"_g%61", b"1", "stored", "percent-encoded-name"),
        (b"_g%6=1", b"_g%6", b"1", "stored", ""),
        (b"a%zz=1", b"a%zz", b"1", "stored", ""),
        (b"a=\"1\"", b"a", b"\"1\"", "stored", "quoted-value"),
        (b"a=\"\"", b"a", b"\"\"", "stored", "quoted-value"),
        (
            b"a=\"",
            b"a",
            b"\"",
            "stored",
            "quote-or-backslash-in-value",
        ),
        (
            b"a=\"1",
            b"a",
            b"\"1",
            "stored",
            "quote-or-backslash-in-value",
        ),
        (
            b"a=1\"2",
            b"a",
            b"1\"2",
            "stored",
            "quote-or-backslash-in-value",
        ),
        (
            b"a=1\\2",
            b"a",
            b"1\\2",
            "stored",
            "quote-or-backslash-in-value",
        ),
        (
            b"a=\"1;2\"",
            b"a",
            b"\"1",
            "stored",
            "quote-or-backslash-in-value unknown-attribute",
        ),
        (
            b"a=\" 1 \"",
            b"a",
            b"\" 1 \"",
            "stored",
            "quoted-value whitespace-in-value",
        ),
        (b"a=1 2", b"a", b"1 2", "stored", "whitespace-in-value"),
        (b"a=1\t2", b"a", b"1\t2", "stored", "whitespace-in-value"),
        (b"a=1,2", b"a", b"1,2", "stored", "comma-in-value"),
        (b"a=\xc3\xa9", b"a", b"\xc3\xa9", "stored", "non-ascii"),
        (b"a=\xff\xfe", b"a", b"\xff\xfe", "stored", "non-ascii"),
        (b"a=%20%3B", b"a", b"%20%3B", "stored", ""),
        (b"a={}[]()<>@:/?", b"a", b"{}[]()<>@:/?", "stored", ""),
    ]);
}

/// Lines that a proxy or library joined by commas, which RFC 9110 section 5.3 says not to do.
#[test]
fn cookies_joined_by_commas_are_one_cookie_and_told() {
    check(&[
        (
            b"a=1, b=2",
            b"a",
            b"1, b=2",
            "stored",
            "whitespace-in-value comma-in-value several-cookies-in-one-line",
        ),
        (
            b"a=1; Path=/, b=2; Path=/",
            b"a",
            b"1",
            "stored",
            "several-cookies-in-one-line duplicate-attribute",
        ),
        (
            b"a=1; Expires=Fri, 01 Jan 2027 00:00:00 GMT, b=2",
            b"a",
            b"1",
            "stored",
            "several-cookies-in-one-line expires-nonstandard-format",
        ),
        (
            b"a=1; Expires=Fri, 01 Jan 2027 00:00:00 GMT",
            b"a",
            b"1",
            "stored",
            "",
        ),
        (b"a=1,b=2", b"a", b"1,b=2", "stored", "comma-in-value"),
        (
            b"a=1, 2 = 3",
            b"a",
            b"1, 2 = 3",
            "stored",
            "whitespace-in-value comma-in-value",
        ),
    ]);
}

/// Section 5.6 step 1: any control byte but tab, anywhere, and the whole line is refused.
#[test]
fn a_control_byte_anywhere_refuses_the_line() {
    let controls = (0x00..=0x1F).chain([0x7F]).filter(|&b| b != b'\t');
    for byte in controls {
        for line in [
            [b"a", &[byte][..], b"b=1"].concat(),
            [b"a=1", &[byte][..], b"2"].concat(),
            [b"a=1", &[byte][..]].concat(),
            [b"a=1; Path=/x", &[byte][..]].concat(),
            [b"a=1; unknown", &[byte][..], b"; Secure"].concat(),
        ] {
            received("https://shop.example/", &line, |cookie| {
                assert_eq!(outcome(&cookie), "control-character", "{}", shown(&line));
            });
        }
    }
    for byte in [b'\t', b' ', 0x80, 0xFF] {
        let line = [b"a=1", &[byte][..], b"2; Path=/"].concat();
        received("https://shop.example/", &line, |cookie| {
            assert_eq!(outcome(&cookie), "stored", "{}", shown(&line));
        });
    }
}

/// Section 5.6: 4096 bytes of name and value, the `=`, spaces and attributes not counted.
#[test]
fn name_and_value_may_have_4096_bytes_together() {
    for (name, value, expected) in [
        (4095, 1, "stored"),
        (1, 4095, "stored"),
        (4096, 0, "stored"),
        (0, 4096, "stored"),
        (2048, 2049, "too-large"),
        (4097, 0, "too-large"),
        (0, 4097, "too-large"),
        (1, 100_000, "too-large"),
    ] {
        let line = format!("  {}={} ; Path=/", "n".repeat(name), "v".repeat(value));
        received("https://shop.example/", line.as_bytes(), |cookie| {
            assert_eq!(outcome(&cookie), expected, "{name} and {value}");
            assert_eq!((cookie.name.len(), cookie.value.len()), (name, value));
        });
    }
}
