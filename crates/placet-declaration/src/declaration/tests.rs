//! What a declaration says, asked of its parts.

use super::*;

fn policy(text: &str) -> Policy {
    Policy::from_json("placet.json", text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

fn english(text: &str) -> Declaration {
    Declaration::new(&policy(text), Language::default())
}

#[test]
fn the_signals_do_what_the_policy_says_and_are_said_to_do_nothing_else() {
    let respected = "This site responds to it. Refused because of this signal:";
    for (signals, gpc, dnt) in [
        (
            "{}",
            format!("{respected} Advertising, Social."),
            format!("{respected} Statistics, Advertising, Social."),
        ),
        (
            r#"{ "gpc": { "refuses": ["social"] }, "dnt": "ignored" }"#,
            format!("{respected} Social."),
            "This site does not respond to it.".to_owned(),
        ),
        (
            r#"{ "gpc": { "refuses": [] }, "dnt": { "refuses": [] } }"#,
            "There is nothing on this site that it refuses.".to_owned(),
            "There is nothing on this site that it refuses.".to_owned(),
        ),
    ] {
        let text = format!(
            r#"{{ "revision": 1, "services": [], "signals": {signals},
                "categories": [{{ "id": "social", "title": "Social" }}] }}"#
        );
        let declaration = english(&text);
        let said: Vec<_> = declaration
            .signals
            .iter()
            .map(|s| s.statement.clone())
            .collect();
        assert_eq!(said, [gpc, dnt], "{signals}");
        assert_eq!(
            declaration.signals[1].responds,
            !signals.contains("ignored")
        );
    }
}

#[test]
fn an_ignored_signal_is_declared_so_in_every_language_and_format() {
    let policy = policy(r#"{ "revision": 1, "services": [], "signals": { "dnt": "ignored" } }"#);
    for language in Language::all() {
        let declaration = Declaration::new(&policy, language);
        let says = &language.locale().signal.ignored;
        for text in [
            declaration.html(&Default::default()),
            declaration.markdown(&Default::default()),
        ] {
            let signals = text.rsplit("Do Not Track (DNT)").next().unwrap();
            assert!(
                signals.contains(says.as_str()),
                "{}: {text}",
                language.tag()
            );
        }
        assert!(
            declaration.json().contains(says.as_str()),
            "{}",
            language.tag()
        );
    }
}

#[test]
fn categories_stand_where_there_is_something_in_them() {
    let declaration = english(
        r#"{ "revision": 1, "categories": [{ "id": "social", "title": "Social media" }, { "id": "odd", "like": "necessary" }],
            "services": [{ "id": "share", "category": "social" }, { "id": "basket", "category": "odd", "storage": ["cart"] }] }"#,
    );
    let titles: Vec<_> = declaration
        .categories
        .iter()
        .map(|c| (c.title.as_str(), c.services.len()))
        .collect();
    assert_eq!(titles, [("Necessary", 1), ("Social media", 1), ("odd", 1)]);
    let basis: Vec<_> = declaration
        .basis
        .iter()
        .map(|b| (b.title.as_str(), b.regime.as_str()))
        .collect();
    assert!(
        basis.contains(&("odd", "necessary")) && basis.contains(&("Social media", "opt-in")),
        "{basis:?}"
    );
    assert!(
        declaration
            .basis
            .iter()
            .all(|basis| basis.category != "marketing")
    );
}

#[test]
fn the_choice_itself_is_declared_for_as_long_as_it_is_kept_anywhere() {
    for (regimes, days) in [
        (r#"{ "everywhere": "opt-in" }"#, "180 days"),
        (
            r#"{ "everywhere": "opt-in", "regions": { "JP": { "choice_lifetime_days": 300 } } }"#,
            "300 days",
        ),
        (
            r#"{ "everywhere": "opt-in", "regions": { "JP": { "choice_lifetime_days": 90 } } }"#,
            "180 days",
        ),
    ] {
        let text = format!(
            r#"{{ "revision": 1, "services": [], "regimes": {regimes}, "consent_cookie": {{ "name": "yes" }} }}"#
        );
        let own = &english(&text).categories[0].services[0];
        assert_eq!(
            (own.items[0].name.as_str(), own.items[0].lifetime.as_str()),
            ("yes", days)
        );
    }
}

#[test]
fn lifetimes_are_words_and_what_is_not_stated_is_said_to_be_so() {
    let declaration = english(
        r#"{ "revision": 1, "services": [{ "id": "a", "category": "analytics", "storage": ["key"], "cookies": [
            { "name": "year", "lifetime": "1y" }, { "name": "here", "lifetime": "session" }, { "name": "open" }] }] }"#,
    );
    let items = &declaration.categories[1].services[0].items;
    let told: Vec<_> = items
        .iter()
        .map(|i| (i.name.as_str(), i.kind, i.lifetime.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            ("year", ItemKind::Cookie, "1 year"),
            ("here", ItemKind::Cookie, "until you close the browser"),
            ("open", ItemKind::Cookie, "not stated"),
            ("key", ItemKind::Storage, "not stated"),
        ]
    );
}

#[test]
fn vendors_and_controller_are_told_as_far_as_the_policy_knows_them() {
    let declaration = english(
        r#"{ "revision": 1, "controller": { "name": "Shop Ltd", "address": "Main Street 1", "country": "DE", "email": "a@shop.example",
            "privacy_policy": "https://shop.example/privacy" }, "services": [
            { "id": "own", "category": "necessary" },
            { "id": "film", "name": "Films", "category": "marketing", "privacy_policy": "https://film.example/p" },
            { "id": "ads", "vendor": "Ads Ltd", "category": "marketing", "purpose": "Shows ads." }] }"#,
    );
    let vendors: Vec<_> = declaration
        .vendors
        .iter()
        .map(|v| {
            (
                v.vendor.as_str(),
                v.service.as_str(),
                v.privacy_policy.as_deref(),
            )
        })
        .collect();
    assert_eq!(
        vendors,
        [
            ("Films", "Films", Some("https://film.example/p")),
            ("Ads Ltd", "ads", None)
        ]
    );
    assert_eq!(
        declaration.controller,
        ["Shop Ltd", "Main Street 1, DE", "a@shop.example"]
    );
    assert_eq!(
        declaration.privacy_policy.as_deref(),
        Some("https://shop.example/privacy")
    );
}

#[test]
fn the_digest_is_that_of_what_is_declared_and_not_of_the_day() {
    let text = r#"{ "revision": 1, "services": [] }"#;
    let one = english(text);
    let day: Timestamp = "2026-11-27T23:59:59Z".parse().unwrap();
    let dated = english(text).made(day);
    assert_eq!(
        (dated.made.as_deref(), &dated.policy),
        (Some("2026-11-27"), &one.policy)
    );
    assert_eq!(one.policy.len(), 32);
    assert_ne!(
        one.policy,
        english(r#"{ "revision": 2, "services": [] }"#).policy
    );
    let german = Declaration::new(&policy(text), language("de"));
    assert_ne!(one.policy, german.policy);
}

#[test]
fn json_is_read_back_as_it_was() {
    let declaration = english(include_str!("../../../../examples/shop/placet.json"));
    let read: Declaration = serde_json::from_str(&declaration.json()).unwrap();
    assert_eq!(read, declaration);
}
