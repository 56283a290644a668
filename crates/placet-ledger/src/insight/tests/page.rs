//! The page, read as a browser reads it.

use std::collections::{BTreeMap, BTreeSet};

use html5gum::{Token, Tokenizer};
use sha2::{Digest as _, Sha256};

use super::*;

/// Elements without an end tag.
const VOID: [&str; 1] = ["meta"];
/// What the page is made of.
const OURS: &str = "html head meta title style body header main footer section div h1 h2 h3 p ul li dl dt dd span \
    strong time table caption thead tbody tr th td figure figcaption svg rect path desc";
/// What its elements carry; nothing that loads, styles or acts.
const ATTRIBUTES: &str = "lang charset http-equiv content name class id datetime aria-labelledby aria-label \
    aria-hidden dir scope role tabindex viewbox preserveaspectratio width height x y d";

/// An element: its name, its attributes, and the text directly after its start.
type Element = (String, BTreeMap<String, String>, String);

/// The elements of a page without a single parse error, every one closed in its turn.
fn elements(page: &str) -> Vec<Element> {
    let mut elements: Vec<Element> = Vec::new();
    let mut open: Vec<String> = Vec::new();
    let mut directly = false;
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    for token in Tokenizer::new(page) {
        match token.unwrap() {
            Token::StartTag(tag) => {
                let name = text(&tag.name);
                let attributes = tag.attributes.iter();
                let attributes = attributes.map(|(name, value)| (text(name), text(value)));
                if !VOID.contains(&name.as_str()) {
                    open.push(name.clone());
                }
                elements.push((name, attributes.collect(), String::new()));
                directly = true;
            }
            Token::EndTag(tag) => {
                directly = false;
                assert_eq!(open.pop(), Some(text(&tag.name)), "closed out of turn");
            }
            Token::String(found) => {
                if let (Some((.., after)), true) = (elements.last_mut(), directly) {
                    after.push_str(&text(&found));
                }
            }
            Token::Doctype(_) => assert!(elements.is_empty()),
            other => panic!("{other:?}"),
        }
    }
    assert!(open.is_empty(), "left open: {open:?}");
    elements
}

fn page(tallies: &[Tally]) -> (String, Vec<Element>) {
    let page = text(
        Format::Html,
        &Summary::of(tallies, Day::ALL, None, SMALLEST_GROUP),
    );
    let elements = elements(&page);
    for (name, attributes, _) in &elements {
        assert!(OURS.split_whitespace().any(|ours| ours == name), "{name}");
        for attribute in attributes.keys() {
            let ours = ATTRIBUTES.split_whitespace().any(|ours| ours == attribute);
            assert!(ours, "{attribute} of {name}");
        }
    }
    (page, elements)
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let bits = chunk
            .iter()
            .fold(0, |bits, byte| bits << 8 | usize::from(*byte));
        let bits = bits << (8 * (3 - chunk.len()));
        for place in 0..4 {
            let digit = char::from(DIGITS[bits >> (18 - 6 * place) & 63]);
            out.push(if place <= chunk.len() { digit } else { '=' });
        }
    }
    out
}

#[test]
fn the_page_is_of_our_elements_and_asks_for_nothing() {
    for tallies in [&shop()[..], &shop()[5..], &[]] {
        let (page, _) = page(tallies);
        assert!(!page.contains("url(") && !page.contains("@import"));
        assert!(!page.contains("<script"));
    }
}

#[test]
fn the_content_security_policy_names_the_style_and_forbids_the_rest() {
    let (_, elements) = page(&shop());
    let styles: Vec<_> = elements
        .iter()
        .filter(|(name, ..)| name == "style")
        .collect();
    let [(_, _, style)] = styles[..] else {
        panic!("{styles:?}");
    };
    let expected = format!(
        "default-src 'none'; style-src 'sha256-{}'; base-uri 'none'; form-action 'none'",
        base64(&Sha256::digest(style.as_bytes()))
    );
    let policy = elements
        .iter()
        .find(|(_, attributes, _)| attributes.contains_key("http-equiv"));
    assert_eq!(policy.unwrap().1["content"], expected);
}

#[test]
fn what_receipts_say_is_text() {
    let mut hostile = situation("<script>alert(1)</script>", "DE", 1);
    let made = Arc::make_mut(&mut hostile);
    made.origin = "https://a.example\u{202e}\"><img src=x onerror=alert(1)>".to_owned();
    made.categories[0].name = "</title><b class='x'>".to_owned();
    let (page, _) = page(&[tally(0, &hostile, [State::Given, State::Refused], 50)]);
    assert!(
        page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"),
        "{page}"
    );
    assert!(!page.contains('\u{202e}'));
}

#[test]
fn every_drawing_is_named_or_stands_beside_its_number() {
    let (page, elements) = page(&shop());
    let ids: Vec<_> = elements
        .iter()
        .filter_map(|(_, a, _)| a.get("id"))
        .collect();
    let unique: BTreeSet<_> = ids.iter().collect();
    assert_eq!(ids.len(), unique.len(), "an id twice");
    let mut charts = 0;
    for (_, attributes, _) in elements.iter().filter(|(name, ..)| name == "svg") {
        if attributes.get("aria-hidden").is_some() {
            continue;
        }
        charts += 1;
        assert_eq!(attributes.get("role").map(String::as_str), Some("img"));
        for id in attributes["aria-labelledby"].split(' ') {
            let named = elements
                .iter()
                .find(|(_, a, _)| a.get("id").is_some_and(|own| own == id));
            assert!(named.is_some_and(|(.., text)| !text.is_empty()), "{id}");
        }
    }
    assert_eq!(charts, 3, "choices, and each category");
    // Withheld in a chart is withheld in its table, and nothing stands for it.
    assert!(page.contains(r#"<span class="withheld">withheld</span>"#));
    assert!(page.contains(r#"<rect class="withheld""#));
}
