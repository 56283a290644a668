//! The HTML report, read as a browser reads it.

use std::collections::BTreeMap;

use html5gum::{Token, Tokenizer};
use placet_audit::Audit;
use placet_audit::report::{Format, Options};
use sha2::{Digest, Sha256};

use crate::fixture::{
    SHOP, assumptions, audit, empty_policy, options, recording, shop_policy, text,
};

/// Elements without an end tag.
const VOID: [&str; 3] = ["meta", "rect", "img"];
/// What the page is made of.
const OURS: &str = "html head meta title style body header main footer section article div h1 h2 h3 \
    h4 p ul ol li dl dt dd span strong code time table caption thead tbody tr th td svg rect text \
    figure figcaption img blockquote bdi script";
/// What its elements carry; nothing that loads, styles or acts. `src` holds the picture itself.
const ATTRIBUTES: &str = "lang charset http-equiv content name class id datetime aria-labelledby \
    aria-label aria-hidden aria-sort dir scope colspan role tabindex data-key viewbox width height x y \
    rx fill stroke font-size font-weight text-anchor src alt";

/// The elements of a page, each with its attributes and the text directly after its start.
pub(crate) struct Elements(Vec<(String, BTreeMap<String, String>, String)>);

/// Reads a page; it has to be without a single parse error, and every element closed in its turn.
pub(crate) fn elements(page: &str) -> Elements {
    let mut elements: Vec<(String, BTreeMap<String, String>, String)> = Vec::new();
    let mut open: Vec<String> = Vec::new();
    let mut directly = false;
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("UTF-8");
    for token in Tokenizer::new(page) {
        match token.expect("a string has no read error") {
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
                let name = text(&tag.name);
                if !VOID.contains(&name.as_str()) {
                    assert_eq!(open.pop(), Some(name), "closed out of turn");
                }
            }
            Token::String(found) => {
                if let (Some((.., after)), true) = (elements.last_mut(), directly) {
                    after.push_str(&text(&found));
                }
            }
            Token::Error(error) => panic!("{error:?}"),
            Token::Comment(_) => panic!("a comment"),
            Token::Doctype(_) => assert!(elements.is_empty()),
        }
    }
    assert!(open.is_empty(), "left open: {open:?}");
    Elements(elements)
}

impl Elements {
    /// Only elements and attributes of the template, and one script.
    pub(crate) fn assert_ours(&self) {
        for (name, attributes, _) in &self.0 {
            assert!(OURS.split_whitespace().any(|ours| ours == name), "{name}");
            for attribute in attributes.keys() {
                let ours = ATTRIBUTES.split_whitespace().any(|ours| ours == attribute);
                assert!(ours, "{attribute} of {name}");
            }
            if let Some(source) = attributes.get("src") {
                assert!(
                    name == "img" && source.starts_with("data:image/"),
                    "{source}"
                );
                assert!(attributes.contains_key("alt"), "a picture without words");
            }
        }
        assert_eq!(self.named("script").count(), 1);
        assert_eq!(self.named("style").count(), 1);
    }

    fn named(&self, name: &str) -> impl Iterator<Item = (&BTreeMap<String, String>, &str)> {
        let found = self.0.iter().filter(move |(found, ..)| found == name);
        found.map(|(_, attributes, text)| (attributes, text.as_str()))
    }
}

fn page(audit: &Audit<'_>, options: &Options) -> String {
    text(Format::Html, audit, options)
}

fn shop() -> String {
    let policy = empty_policy();
    let assumed = assumptions(&policy);
    let recordings = vec![recording("shop.har", true, false)];
    page(&audit(&assumed, false, recordings, SHOP), &options())
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let bits = chunk
            .iter()
            .fold(0, |bits, byte| bits << 8 | usize::from(*byte))
            << (8 * (3 - chunk.len()));
        for place in 0..4 {
            let digit = DIGITS[bits >> (18 - 6 * place) & 63];
            out.push(if place <= chunk.len() {
                char::from(digit)
            } else {
                '='
            });
        }
    }
    out
}

#[test]
fn the_content_security_policy_names_style_and_script_and_forbids_the_rest() {
    let shop = shop();
    let elements = elements(&shop);
    let policy = elements
        .named("meta")
        .find(|(a, _)| {
            a.get("http-equiv")
                .is_some_and(|v| v == "Content-Security-Policy")
        })
        .and_then(|(a, _)| a.get("content"))
        .unwrap();
    assert!(policy.starts_with("default-src 'none'; "), "{policy}");
    assert!(!policy.contains("unsafe"), "{policy}");
    for (name, directive) in [("style", "style-src"), ("script", "script-src")] {
        let (_, text) = elements.named(name).next().unwrap();
        let hash = base64(&Sha256::digest(text.as_bytes()));
        let expected = format!("{directive} 'sha256-{hash}'; ");
        assert!(
            policy.contains(&expected),
            "expected {expected} in {policy}"
        );
    }
}

#[test]
fn the_page_is_of_our_elements_and_asks_for_nothing() {
    let shop = shop();
    elements(&shop).assert_ours();
    assert!(!shop.contains("url(") && !shop.contains("@import"));
    assert!(!shop.contains("http://") && !shop.contains("https://"));
}

#[test]
fn the_same_audit_at_the_same_moment_is_the_same_page() {
    assert_eq!(shop(), shop());
    assert!(shop().contains(">22 November 2026, 08:30 UTC<"));
}

#[test]
fn the_table_has_a_row_a_cookie_and_keys_to_sort_by() {
    let shop = shop();
    let elements = elements(&shop);
    let rows = |text: &str| {
        elements
            .named("code")
            .filter(|(_, after)| *after == text)
            .count()
    };
    for name in ["session", "_pk_id.1.1fff", "IDE", "_ga", "xq_7f"] {
        assert!(rows(name) >= 1, "{name}");
    }
    assert_eq!(rows("old"), 0, "a removal is no cookie of the visitor");
    let keys = |text: &str| {
        let found = elements.named("td").find(|(_, after)| *after == text);
        found
            .and_then(|(attributes, _)| attributes.get("data-key"))
            .cloned()
    };
    assert_eq!(keys("13 months").as_deref(), Some("34128000"));
    assert_eq!(keys("session").as_deref(), Some("-1"));
    assert_eq!(keys("not seen").as_deref(), Some("-2"));
}

#[test]
fn the_picture_says_every_number_in_text_too() {
    let shop = shop();
    let elements = elements(&shop);
    let squares = elements.named("rect").count();
    let numbers: usize = elements
        .named("span")
        .filter(|(attributes, _)| {
            attributes
                .get("class")
                .is_some_and(|class| class == "number")
        })
        .filter_map(|(_, after)| after.parse::<usize>().ok())
        .sum();
    assert!(squares > 4);
    assert_eq!(squares, numbers);
    for (attributes, _) in elements.named("svg") {
        assert_eq!(
            attributes.get("aria-hidden").map(String::as_str),
            Some("true")
        );
    }
}

#[test]
fn what_could_not_be_verified_stands_at_the_top() {
    let policy = shop_policy();
    let assumed = assumptions(&policy);
    let empty = audit(&assumed, true, vec![recording("b.har", false, true)], &[]);
    let page = page(&empty, &options());
    elements(&page).assert_ours();
    let (top, _) = page.split_once("<dl").unwrap();
    assert!(top.contains(">Could not verify<"), "{top}");
    assert!(
        top.contains("b.har was exported without its cookies"),
        "{top}"
    );
    assert!(!page.contains("<table"), "no cookies, no table");
}

#[test]
fn a_clean_audit_says_so() {
    let policy = shop_policy();
    let assumed = assumptions(&policy);
    let clean = audit(&assumed, true, vec![recording("a.har", true, false)], &[]);
    let page = page(&clean, &options());
    assert!(
        page.contains(">Clean<") && page.contains("<p>Nothing.</p>"),
        "{page}"
    );
}
