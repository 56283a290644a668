//! Any bytes, and good recordings with damage: no reader panics, and how the bytes arrive, how
//! they are cut into blocks and how many threads there are changes nothing.

use std::num::NonZero;

use placet_audit::{Format, Options};
use proptest::prelude::*;

use crate::recorder::{Chunks, record, recording};

const RECORDINGS: [&str; 16] = [
    "curl-location.txt",
    "curl-verbose.txt",
    "chrome.har",
    "chrome-sanitized.har",
    "firefox.har",
    "fiddler.har",
    "browsertime.harp",
    "charles.har",
    "safari.har",
    "playwright.har",
    "mitmproxy.har",
    "webpagetest.har",
    "internet-explorer.har",
    "caddy.jsonl",
    "traefik.jsonl",
    "combined.log",
];

fn agree(bytes: &[u8], size: usize, format: Option<Format>) -> Result<(), TestCaseError> {
    agree_within(Options::default().record_limit, bytes, size, format)
}

fn agree_within(
    record_limit: usize,
    bytes: &[u8],
    size: usize,
    format: Option<Format>,
) -> Result<(), TestCaseError> {
    let options = Options {
        format,
        record_limit,
        threads: NonZero::new(1),
        ..Options::default()
    };
    let (whole, coverage) = record(bytes, &options);
    // A given format needs no look at the head, so that even small inputs are cut into blocks.
    let format = coverage
        .as_ref()
        .map_or(format, |coverage| Some(coverage.format));
    for (block_size, threads) in [(1, 1), (97, 2), (1009, 3)] {
        let options = Options {
            block_size,
            threads: NonZero::new(threads),
            format,
            ..options.clone()
        };
        let (same, again) = record(Chunks { bytes, size }, &options);
        prop_assert_eq!(&same, &whole, "blocks of {}", block_size);
        match (&coverage, &again) {
            (Ok(one), Ok(other)) => prop_assert_eq!(one, other),
            (one, other) => prop_assert_eq!(format!("{one:?}"), format!("{other:?}")),
        }
    }
    Ok(())
}

fn format() -> impl Strategy<Value = Option<Format>> {
    prop_oneof![
        Just(None),
        Just(Some(Format::HeaderDump)),
        Just(Some(Format::Har)),
        Just(Some(Format::JsonLines)),
        Just(Some(Format::AccessLog)),
    ]
}

/// What formats are made of.
const PIECES: [&[u8]; 27] = [
    b"HTTP/1.1 200 OK\r\n",
    b"HTTP/2 103\n",
    b"< HTTP/2 200\r\n",
    b"GET / HTTP/1.1\n",
    b"> GET /a HTTP/2\r\n",
    b"Set-Cookie: a=1\n",
    b"< set-cookie: b=2\r\n",
    b" folded\r\n",
    b"Content-Length: 20\n",
    b"Content-Length: 3\r\n",
    b"\r\n",
    b"\n",
    b"< \r\n",
    b"* chat\n",
    b"body ",
    b"{\"log\":{\"entries\":[",
    b",{\"startedDateTime\":\"2026-11-22\",\"request\":{\"url\":\"https://a.example/\"}",
    b",\"response\":{\"headers\":[{\"name\":\"set-cookie\",\"value\":\"a=1\\nb=2\"}]}}",
    b"\"pageref\":\"p\",\"x\":\"\\\\\\\"\"",
    b"}",
    b"]",
    b",",
    b"\"",
    b"\\",
    b"{\"set_cookie\":[\"a=1\"],\"status\":200}\n",
    b"192.0.2.1 - - [22/Nov/2026:08:30:00 +0000] \"GET / HTTP/1.1\" 200 5 ",
    b"\"-\" \"x\" \"a=\\x22\" \"b=2, c=3; path=/\"\n",
];

/// Pieces in any order.
fn pieces() -> impl Strategy<Value = Vec<u8>> {
    proptest::collection::vec(prop::sample::select(&PIECES[..]), 0..40)
        .prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn any_bytes_read_the_same_however_they_arrive(
        bytes in proptest::collection::vec(any::<u8>(), 0..400),
        size in 1_usize..18,
        format in format(),
    ) {
        agree(&bytes, size, format)?;
    }

    #[test]
    fn any_pieces_read_the_same_however_they_arrive(
        bytes in pieces(),
        size in 1_usize..18,
        format in format(),
    ) {
        agree(&bytes, size, format)?;
    }

    #[test]
    fn damaged_recordings_read_the_same_however_they_arrive(
        which in 0..RECORDINGS.len(),
        damage in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0_u8..3), 1..6),
        size in 1_usize..18,
    ) {
        let mut bytes = recording(RECORDINGS[which]);
        for (at, byte, how) in damage {
            let at = at.index(bytes.len());
            match how {
                0 => bytes[at] = byte,
                1 if bytes.len() > 1 => {
                    bytes.remove(at);
                }
                _ => bytes.truncate(at.max(1)),
            }
        }
        agree(&bytes, size, None)?;
    }

    #[test]
    fn records_over_the_limit_read_the_same_however_they_arrive(
        which in 0..RECORDINGS.len(),
        record_limit in 20_usize..3000,
        size in 1_usize..18,
    ) {
        agree_within(record_limit, &recording(RECORDINGS[which]), size, None)?;
    }
}
