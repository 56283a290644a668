//! Whatever the bytes are: nothing panics, every claim stands in a line of the text, and long
//! texts of any shape come to an end.

use placet_audit::privacy_policy::{Link, MediaType, PrivacyPolicy, pick_link};
use placet_catalog::Catalog;
use proptest::prelude::*;

use crate::short;

const BOTH: [MediaType; 2] = [MediaType::Markdown, MediaType::Html];

fn read(bytes: &[u8], media_type: MediaType) -> PrivacyPolicy {
    PrivacyPolicy::read("privacy", bytes, media_type, Catalog::builtin())
}

#[track_caller]
fn assert_sound(bytes: &[u8], media_type: MediaType) {
    let policy = read(bytes, media_type);
    // A text in UTF-16 has no more line ends than bytes of that value.
    let lines = 1 + bytes.iter().filter(|byte| **byte == b'\n').count() as u64;
    for claim in policy.claims() {
        assert!(
            (1..=lines).contains(&claim.line),
            "{claim:?} in {lines} lines"
        );
        assert!(claim.sentence.chars().count() <= 401, "{claim:?}");
    }
    for placeholder in policy.placeholders() {
        assert!(
            (1..=lines).contains(&placeholder.line),
            "{placeholder:?} in {lines} lines"
        );
    }
    let nothing = policy.claims().is_empty();
    assert!(!nothing || policy.unreadable().is_some());
}

/// Pieces that the rules look at, in any order.
fn pieces() -> impl Strategy<Value = String> {
    const PIECES: &[&str] = &[
        "we ",
        "do not ",
        "use ",
        "cookies ",
        "Cookies",
        "cookie-free ",
        "session ",
        "third-party ",
        "to track ",
        "except ",
        "unless you accept, ",
        "before 2023 ",
        "without your consent ",
        "our mobile app ",
        "share data for ",
        "only ",
        "no ",
        "Do Not Track ",
        "DNT ",
        "GPC ",
        "respond to ",
        "honor ",
        "are ",
        "not ",
        "if ",
        "when ",
        "such signals ",
        "it ",
        "them ",
        "may ",
        ", ",
        ". ",
        "; ",
        ": ",
        "? ",
        "(",
        ")",
        "“",
        "”",
        "\"",
        "—",
        "\n",
        "\n\n",
        "# ",
        "## ",
        "- ",
        "1. ",
        "| ",
        "---\n",
        "```\n",
        "<p>",
        "</p>",
        "<div hidden>",
        "<br>",
        "<script>",
        "<a href='mailto:a@b.example'>",
        "&amp;",
        "&#x",
        "{{ x }}",
        "{% y %}",
        "<%= z %>",
        "[Company Name]",
        "[a](b)",
        "a [at] b [dot] example ",
        "30 days ",
        "two (2) years ",
        "13mo ",
        "_ga ",
        "`_pk_id`",
        "logs ",
        "kept for ",
        "deleted after ",
        "Google Analytics ",
        "Segment ",
        "sell ",
        "your data ",
        "wir verwenden keine ",
        "nous n’utilisons pas de ",
        "Last updated: ",
        "2026-11-27 ",
        "1er août 2025 ",
        "tel. +49 30 1234567 ",
        "\u{feff}",
        "\u{200b}",
        "\0",
        "ß",
        "İ",
        "ﬁ",
        "日本。",
    ];
    proptest::collection::vec(proptest::sample::select(PIECES), 0..60)
        .prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn any_bytes_are_read(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        for media_type in BOTH {
            assert_sound(&bytes, media_type);
        }
        let _ = MediaType::of_content(&bytes);
    }

    #[test]
    fn any_text_is_read(text in "\\PC{0,300}") {
        for media_type in BOTH {
            assert_sound(text.as_bytes(), media_type);
        }
    }

    #[test]
    fn any_order_of_what_rules_look_at_is_read(text in pieces()) {
        for media_type in BOTH {
            assert_sound(text.as_bytes(), media_type);
        }
        let utf_16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        read(&[b"\xff\xfe", &*utf_16].concat(), MediaType::Markdown);
    }

    #[test]
    fn any_link_can_be_looked_at(text in "\\PC{0,60}", href in "\\PC{0,60}") {
        let _ = pick_link(&[Link { text: &text, href: &href }]);
    }
}

#[test]
fn the_same_text_claims_the_same_in_every_encoding() {
    let text = "Größe zählt. We don’t use cookies. We respect “Do Not Track”.\n";
    let expected = read(text.as_bytes(), MediaType::Markdown).claims().to_vec();
    assert_eq!(expected.len(), 2);
    let utf_16: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let windows = text
        .chars()
        .map(|c| match c {
            '’' => 0x92,
            '“' => 0x93,
            '”' => 0x94,
            c => u8::try_from(u32::from(c)).expect("Latin-1"),
        })
        .collect::<Vec<u8>>();
    for bytes in [[b"\xfe\xff", &*utf_16].concat(), utf_16.clone(), windows] {
        assert_eq!(read(&bytes, MediaType::Markdown).claims(), expected);
    }
}

/// One thing after another, in a text of few or of many sentences.
#[test]
fn long_texts_of_any_shape_come_to_an_end() {
    const SIZE: usize = 12 << 10;
    for piece in [
        "a",
        " ",
        "\n",
        "(",
        "{{ ",
        "<%",
        "<div>",
        "<a href=x>",
        "<!--",
        "&",
        "&lt;",
        "[",
        "[x](",
        "**",
        "|",
        "|a",
        "- \n",
        "# \n",
        "“",
        "\"",
        "cookies ",
        "we ",
        "not ",
        "we use cookies ",
        "We use cookies. ",
        "do not ",
        "dnt ",
        "a.b ",
        "a. B ",
        "x@",
        "x [at] ",
        "1 year ",
        "(2) ",
        "_x ",
        "Google ",
        "~~",
        "`",
        "\\",
        "<b",
        "---\n",
        "é",
    ] {
        let text = piece.repeat(SIZE / piece.len());
        for media_type in BOTH {
            read(text.as_bytes(), media_type);
        }
    }
}

#[test]
fn what_is_no_text_says_nothing() {
    let every_byte: Vec<u8> = (0..=255).cycle().take(100_000).collect();
    let pdf = b"%PDF-1.7\nWe use cookies. We respect Do Not Track.\n".as_slice();
    for bytes in [
        every_byte.as_slice(),
        pdf,
        &[0; 3_000],
        b"\x89PNG We use Matomo.",
    ] {
        for form in BOTH {
            let policy = read(bytes, form);
            assert!(policy.claims().is_empty() && policy.placeholders().is_empty());
            let why = policy.unreadable().map(|why| why.reason());
            assert!(why.is_some_and(|why| why.contains("no text")), "{why:?}");
        }
    }
    let near = read(b"Hello.", MediaType::Markdown)
        .unreadable()
        .map(|why| why.reason());
    assert_eq!(near, Some("it says nothing that can be checked"));
}

#[test]
fn a_gap_is_no_claim() {
    for text in [
        "We use [your service, such as Google Analytics].",
        "We use {{ analytics_service | default: 'Google Analytics' }}.",
    ] {
        let policy = read(text.as_bytes(), MediaType::Markdown);
        assert_eq!(policy.placeholders().len(), 1, "{text}");
        let claims: Vec<_> = policy.claims().iter().map(short).collect();
        assert_eq!(claims, [""; 0], "{text}");
    }
    let text = b"[Company Name] uses cookies and Google Analytics.";
    let named = read(text, MediaType::Markdown);
    let claims: Vec<_> = named.claims().iter().map(short).collect();
    assert!(
        claims.iter().any(|claim| claim.starts_with("cookies=yes")),
        "{claims:?}"
    );
}
