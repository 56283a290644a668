//! The declaration in every language, and as a whole in one from left to right and one from right to left.

use placet::Policy;
use placet_declaration::{Declaration, Format, Look, compare, published};
use placet_texts::Language;

const SHOP: &str = include_str!("../../../examples/shop/placet.json");
/// A bit of everything.
const SMALL: &str = r#"{ "revision": 3,
    "controller": { "name": "Shop Ltd", "address": "Main Street 1, 10115 Berlin", "country": "DE", "contact": "Data protection officer",
        "email": "privacy@shop.example", "privacy_policy": "https://shop.example/privacy" },
    "categories": [{ "id": "social", "title": "Social <media>", "like": "functional" }],
    "services": [
        { "id": "shop", "category": "necessary", "name": "The shop", "purpose": "Keeps the basket.",
          "cookies": [{ "name": "session", "lifetime": "session", "purpose": "Keeps the | basket." }] },
        { "id": "matomo", "name": "Matomo", "vendor": "InnoCraft Ltd", "privacy_policy": "https://innocraft.example/privacy?a=1&b=2",
          "category": "analytics", "purpose": "Counts visits.", "cookies": [{ "name": "_pk_id.*", "lifetime": "13mo" }], "storage": ["matomo*"] },
        { "id": "share", "category": "social" }
    ],
    "signals": { "gpc": { "refuses": ["marketing", "social"] }, "dnt": "ignored" },
    "regimes": { "everywhere": "opt-in", "regions": { "US": { "analytics": "opt-out" }, "JP": { "analytics": "notice" } } } }"#;

fn look() -> Look<'static> {
    Look {
        preferences: Some("/.placet/preferences"),
        ..Look::default()
    }
}

fn declaration(text: &str, tag: &str) -> Declaration {
    let policy = Policy::from_json("placet.json", text).unwrap();
    let language = Language::all().find(|language| language.tag() == tag);
    let declaration = Declaration::new(&policy, language.unwrap());
    declaration.made("2026-11-27T00:00:00Z".parse().unwrap())
}

#[test]
fn every_language_is_written_in_every_format_and_read_back_as_the_same() {
    for text in [SHOP, SMALL] {
        for language in Language::all() {
            let tag = language.tag();
            let declaration = declaration(text, tag);
            for (format, page) in [
                (Format::Html, declaration.html(&look())),
                (Format::Markdown, declaration.markdown(&look())),
                (Format::Json, declaration.json()),
            ] {
                let is_json = format == Format::Json;
                assert!(
                    is_json || !page.contains('{'),
                    "a place is left open in {tag}: {page}"
                );
                let shown = published::read(&page, format);
                assert_eq!(shown.len(), 1, "{tag} {format:?}");
                assert_eq!(shown[0].language(), Some(tag));
                assert_eq!(compare(&declaration, &shown[0]), [], "{tag} {format:?}");
            }
        }
    }
}

#[test]
fn arabic_and_hebrew_run_from_right_to_left_and_no_other_language_does() {
    for language in Language::all() {
        let declaration = declaration(SMALL, language.tag());
        let expected = if matches!(language.tag(), "ar" | "he") {
            "rtl"
        } else {
            "ltr"
        };
        assert_eq!(declaration.direction, expected);
        let begins = format!(r#" lang="{}" dir="{expected}" "#, language.tag());
        assert!(
            declaration.html(&look()).contains(&begins),
            "{}",
            language.tag()
        );
    }
}

#[test]
fn the_declaration_of_a_policy_in_each_format() {
    for tag in ["en", "ar"] {
        let declaration = declaration(SMALL, tag);
        insta::assert_snapshot!(format!("{tag}.html"), apart(&declaration.html(&look())));
        insta::assert_snapshot!(format!("{tag}.md"), declaration.markdown(&look()));
        insta::assert_snapshot!(format!("{tag}.json"), declaration.json());
    }
}

/// A line for each element that stands for itself, so that a change shows where it is.
fn apart(html: &str) -> String {
    let tags = [
        "<h",
        "<p",
        "<div",
        "<ul",
        "<li",
        "<table",
        "<caption",
        "<thead",
        "<tbody",
        "<tr",
        "</section",
    ];
    tags.iter().fold(html.to_owned(), |html, tag| {
        html.replace(tag, &format!("\n{tag}"))
    })
}
