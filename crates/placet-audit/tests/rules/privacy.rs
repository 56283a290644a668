//! What cookies tell of people, to whom; and what policies say of cookies.

use super::*;

const SHOP: &str = "https://www.shop.example/";

#[test]
fn personal_data_in_a_value_is_told_but_never_shown() {
    for (value, kind) in [
        ("ann@mail.example", "an e-mail address"),
        ("ann%40mail.example", "an e-mail address"),
        ("203.0.113.7", "an IP address"),
        ("+49 30 1234567", "a phone number"),
    ] {
        let findings = audit(&[visit(SHOP).sets(&format!("newsletter={value}; Secure"))]);
        let expected = format!(
            "`newsletter` (unknown) is set by www.shop.example with what reads as {kind} in its value (not shown here); a random key would do"
        );
        assert_says("personal-data", &findings, &[(Level::Warning, &expected)]);
        let shown = format!("{findings:?}");
        assert!(!shown.contains(value), "{shown}");
    }
    let near = audit(&[visit(SHOP).sets("_ga=GA1.1.1846203957.1795336200; Secure")]);
    assert_silent("personal-data", &near);
}

#[test]
fn an_invisible_image_that_sets_a_cookie_is_a_tracking_pixel() {
    let mut pixel = visit("https://www.facebook.com/tr/")
        .on_page(SHOP)
        .sets("fr=0abc; Secure; SameSite=None; Domain=.facebook.com");
    pixel.image_of = Some(44);
    assert_says(
        "tracking-pixel",
        &audit(std::slice::from_ref(&pixel)),
        &[(
            Level::Warning,
            "`fr` (Meta Pixel, marketing) is set by www.facebook.com with an image too small to be seen, as tracking pixels are",
        )],
    );
    for size in [None, Some(0), Some(20_000)] {
        pixel.image_of = size;
        assert_silent("tracking-pixel", &audit(std::slice::from_ref(&pixel)));
    }
}

#[test]
fn an_identifier_in_the_address_of_another_site_is_syncing() {
    let ads = visit("https://ads.example/").on_page(SHOP);
    let keeps = ads.sets("uid=a1b2c3d4e5f6; Secure; SameSite=None");
    let told = |url: &str| audit(&[keeps.clone(), visit(url).on_page(SHOP)]);
    let findings = told("https://x.partner.example/match?id=a1b2c3d4e5f6");
    assert_says(
        "cookie-syncing",
        &findings,
        &[(
            Level::Warning,
            "an identifier from a cookie of ads.example is sent to partner.example in an address, so they can tell that it is the same visitor",
        )],
    );
    for near in [
        "https://x.partner.example/match?id=000000000000",
        "https://cdn.ads.example/match?id=a1b2c3d4e5f6",
    ] {
        assert_silent("cookie-syncing", &told(near));
    }
}

#[test]
fn between_the_sites_own_domains_nothing_is_synced() {
    let policy = r#"{ "revision": 1, "hosts": ["shop.example", "shop.test"], "services": [] }"#;
    let visits = [
        visit(SHOP).sets("uid=a1b2c3d4e5f6; Secure"),
        visit("https://shop.test/?id=a1b2c3d4e5f6"),
    ];
    assert_silent("cookie-syncing", &under(policy).findings(&visits));
}

#[test]
fn a_host_of_another_site_is_a_third_party() {
    let widget = visit("https://widgets.example/").sets("w_1=1; Secure");
    assert_says(
        "third-party",
        &audit(&[widget.clone().on_page(SHOP)]),
        &[(
            Level::Note,
            "`w_1` (unknown) is set by widgets.example, a host of another site; visitors have to be told who that is, and many browsers block such cookies",
        )],
    );
    let own = visit("https://static.shop.example/")
        .on_page(SHOP)
        .sets("w_1=1");
    assert_silent("third-party", &audit(&[own]));
    assert_silent("third-party", &audit(&[widget]));
}

#[test]
fn a_policy_declares_every_cookie() {
    let policy = r#"{ "revision": 1, "services": [
        { "id": "shop", "category": "necessary", "cookies": [
            { "name": "basket" }, { "name": "hello", "domains": ["help.example"] }
        ] }
    ] }"#;
    let findings = under(policy).findings(&[visit(SHOP)
        .sets("basket=1; Secure")
        .sets("_fbp=fb.1.2.3; Secure")
        .sets("xq_7f=1; Secure")
        .sets("hello=1; Secure")
        .sets("gone=; Max-Age=0")]);
    assert_says(
        "undeclared",
        &findings,
        &[
            (
                Level::Error,
                "`_fbp` (Meta Pixel, marketing) is set by www.shop.example, but no service of the policy declares it, though the catalogue knows it",
            ),
            (
                Level::Warning,
                "`xq_7f` (unknown) is set by www.shop.example, but neither the policy nor the catalogue knows it",
            ),
            (
                Level::Warning,
                "`hello` (unknown) is set by www.shop.example, but the service `shop` of the policy declares it for help.example only",
            ),
        ],
    );
    assert_silent("unknown", &findings);
    let allowing = policy.replace(r#""services""#, r#""undeclared": "allow", "services""#);
    let findings = under(&allowing).findings(&[visit(SHOP).sets("xq_7f=1; Secure")]);
    assert_eq!(said_by("undeclared", &findings)[0].0, Level::Note);
}

#[test]
fn without_a_policy_what_nobody_knows_is_told_by_how_long_it_stays() {
    for (line, level) in [
        ("xq_7f=1; Max-Age=86400; Secure", Level::Warning),
        ("xq_7f=1; Secure", Level::Note),
    ] {
        assert_says(
            "unknown",
            &audit(&[visit(SHOP).sets(line)]),
            &[(
                level,
                "`xq_7f` (unknown) is set by www.shop.example, and the catalogue has no entry for it; a policy has to say what it is for",
            )],
        );
    }
    let known = audit(&[visit(SHOP).sets("PHPSESSID=1; Secure; HttpOnly")]);
    assert_silent("unknown", &known);
}

#[test]
fn a_category_is_what_the_cookie_is_known_for() {
    let declared = |category: &str, name: &str| {
        let policy = format!(
            r#"{{ "revision": 1, "services": [
                {{ "id": "own", "name": "Own", "category": "{category}", "cookies": [{{ "name": "{name}" }}] }}
            ] }}"#
        );
        under(&policy).findings(&[visit(SHOP).sets(&format!("{name}=1; Secure; HttpOnly"))])
    };
    assert_says(
        "category-differs",
        &declared("necessary", "_fbp"),
        &[(
            Level::Error,
            "`_fbp` (Own, necessary) is set by www.shop.example; the policy declares it as necessary, but the catalogue knows it as marketing (Meta Pixel)",
        )],
    );
    for (category, name, level) in [
        ("necessary", "_ga", Some(Level::Warning)),
        ("analytics", "_fbp", Some(Level::Warning)),
        ("marketing", "_ga", Some(Level::Note)),
        ("analytics", "_ga", None),
        ("necessary", "PHPSESSID", None),
        ("necessary", "own_thing", None),
    ] {
        let found = said_by("category-differs", &declared(category, name));
        assert_eq!(found.first().map(|f| f.0), level, "{name} as {category}");
    }
}
