//! The wire form against the file: the same document by both roads is the same policy with the same
//! verdicts, and bytes that are no document are none.

use placet::compact::Writer;
use placet::set_cookie::{Context, OwnCookie, SetCookie};
use placet::{
    ChoiceId, Decision, Dnt, DntDocument, Gpc, How, Judge, Lifetime, Policy, PolicyDocument,
    PolicyFile, Reason, Resource, Signals, StandardCategory, Timestamp, Undeclared, Verdict,
};
use proptest::prelude::*;

use crate::{Allowed, Manager, Visitor, read_document};

const NOW: i64 = 1_790_000_000;
const DAY: i64 = 86_400;

/// Every field that decides something.
const SHOP: &str = r#"{
    "revision": 7, "ask_again_since": 5, "hosts": ["Shop.example"], "undeclared": "allow",
    "categories": [{ "id": "social" }, { "id": "login", "like": "necessary" }],
    "services": [
        { "id": "shop", "category": "necessary", "cookies": [{ "name": "session", "http_only": true }] },
        { "id": "matomo", "category": "analytics",
          "cookies": [
              { "name": "_pk_id.*", "domains": ["Shop.example"], "paths": ["/", "/en"], "partitioned": true },
              { "name": "_pk_*" }, { "name": "plain" }
          ],
          "storage": ["_pk *", "matomo"], "scripts": ["https://stats.shop.example/matomo.js"],
          "frames": ["*://*.shop.example/frame*"], "images": ["https://stats.shop.example:8443/m.php?*"],
          "requests": ["wss://[::1]/x"] },
        { "id": "ads", "category": "marketing",
          "cookies": [{ "name": "_pk_ref.*" }, { "name": "plain", "domains": ["ads.example"] }, { "name": "*ad" }],
          "storage": ["*"], "scripts": ["https://*/ads/*"] },
        { "id": "likes", "category": "social", "cookies": [{ "name": "like" }] }
    ],
    "signals": { "gpc": { "refuses": ["marketing", "social"] }, "dnt": { "refuses": ["analytics"] } },
    "regimes": { "unknown": "EU", "regions": { "US-CA": {
        "functional": "notice", "analytics": "opt-out", "marketing": "opt-in",
        "grant_over_gpc": false, "choice_lifetime_days": 365
    }, "JP": {} } },
    "consent_cookie": { "name": "choice", "domain": "shop.example", "path": "/", "same_site": "None", "secure": true }
}"#;

/// A document as `www/src/compiler/encode.js` writes it.
fn encoded(document: &PolicyDocument) -> Vec<u8> {
    fn text(to: &mut Writer, text: &String) {
        to.text(text.as_bytes());
    }
    fn texts(to: &mut Writer, list: &[String]) {
        to.list(list, text);
    }
    let mut to = Writer::default();
    to.number(document.revision);
    to.option(document.ask_again_since, Writer::number);
    texts(&mut to, &document.hosts);
    to.flag(document.undeclared == Undeclared::Allow);
    to.list(&document.categories, |to, category| {
        text(to, &category.id);
        to.option(category.like.as_ref(), text);
    });
    to.list(&document.services, |to, service| {
        text(to, &service.id);
        text(to, &service.category);
        to.list(&service.cookies, |to, cookie| {
            text(to, &cookie.name);
            texts(to, &cookie.domains);
            texts(to, &cookie.paths);
            to.flag(cookie.http_only);
            to.flag(cookie.partitioned);
        });
        texts(to, &service.storage);
        texts(to, &service.scripts);
        texts(to, &service.frames);
        texts(to, &service.images);
        texts(to, &service.requests);
    });
    to.option(document.signals.gpc.as_ref(), |to, gpc| {
        texts(to, &gpc.refuses);
    });
    match &document.signals.dnt {
        None => to.number(0),
        Some(DntDocument::Ignored(_)) => to.number(1),
        Some(DntDocument::Refuses(dnt)) => {
            to.number(2);
            texts(&mut to, &dnt.refuses);
        }
    }
    to.option(document.regimes.everywhere.as_ref(), text);
    to.option(document.regimes.unknown.as_ref(), text);
    to.list(&document.regimes.regions, |to, (code, rules)| {
        text(to, code);
        to.option(rules.functional.as_ref(), text);
        to.option(rules.analytics.as_ref(), text);
        to.option(rules.marketing.as_ref(), text);
        to.option(rules.grant_over_gpc, Writer::flag);
        to.option(rules.choice_lifetime_days, |to, days| {
            to.number(days.into())
        });
    });
    let cookie = &document.consent_cookie;
    to.option(cookie.name.as_ref(), text);
    to.option(cookie.domain.as_ref(), text);
    to.option(cookie.path.as_ref(), text);
    to.option(cookie.same_site.as_ref(), text);
    to.option(cookie.secure, Writer::flag);
    to.into_bytes()
}

fn document(json: &str) -> PolicyDocument {
    PolicyFile::read("placet.json", json)
        .unwrap()
        .document()
        .clone()
}

/// The policy of a document that was sent to the compiler, and from there to the engine.
fn sent(json: &str) -> Policy {
    let read = read_document(&encoded(&document(json))).unwrap();
    let compiled = Policy::from_document(read).unwrap().to_compiled();
    Policy::from_compiled(&compiled).unwrap()
}

fn moment(days: i64) -> Timestamp {
    Timestamp::from_unix(NOW + days * DAY).unwrap()
}

fn signals(gpc: bool, dnt: bool) -> Signals {
    Signals {
        gpc: if gpc { Gpc::On } else { Gpc::Absent },
        dnt: if dnt { Dnt::DoNotTrack } else { Dnt::Absent },
    }
}

fn manager(json: &str, region: &str, signals: Signals, cookies: &str) -> Manager {
    let visitor = Visitor {
        signals,
        region: region.parse().ok(),
        cookies: cookies.as_bytes(),
        now: moment(0),
    };
    Manager::new(sent(json), &visitor)
}

const ANALYTICS: u32 = 1 << 2;
const MARKETING: u32 = 1 << 3;
const ID: ChoiceId = ChoiceId::from_bytes([0xab; 16]);

#[test]
fn a_document_comes_out_of_the_wire_form_as_it_went_in() {
    let sent = document(SHOP);
    assert_eq!(read_document(&encoded(&sent)), Some(sent));
    let least = document(r#"{ "revision": 1, "services": [] }"#);
    assert_eq!(read_document(&encoded(&least)), Some(least));
}

#[test]
fn the_wire_form_and_the_file_give_the_same_verdicts() {
    let (file, wire) = (Policy::from_json("placet.json", SHOP).unwrap(), sent(SHOP));
    assert_eq!(file.categories(), wire.categories());
    assert_eq!(file.consent_cookie(), wire.consent_cookie());
    for region in ["", "DE", "FR", "US-CA", "US", "JP", "CA", "ZZ"] {
        let region = region.parse().ok();
        assert_eq!(file.region_rules(region), wire.region_rules(region));
        for bits in 0..4 {
            let circumstances = placet::Circumstances {
                choice: None,
                signals: signals(bits & 1 == 1, bits & 2 == 2),
                region,
                now: moment(0),
            };
            let holds = file.standing(&circumstances);
            assert_eq!(holds, wire.standing(&circumstances));
            let judged = |policy| verdicts(&Judge::new(policy, &holds));
            assert_eq!(judged(&file), judged(&wire));
        }
    }
}

fn verdicts(judge: &Judge<'_>) -> Vec<Verdict> {
    let mut verdicts = Vec::new();
    for name in [
        "session",
        "_pk_id.1",
        "_pk_ref.1",
        "_pk_",
        "plain",
        "ad",
        "choice",
        "like",
        "x",
        "",
    ] {
        verdicts.push(judge.cookie(name.as_bytes()));
        verdicts.push(judge.storage_key(name));
    }
    for line in [
        "_pk_id.1=2; Path=/",
        "_pk_id.1=; Max-Age=0",
        "%5fpk_1=1",
        "plain=1; Domain=ads.example",
        "plain=1; domain=shop.example",
        "ad=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
        "ad=1; expires=01 jan 2099 00:00:00",
        "a=b ad=c",
        "nothing",
        "=ad",
        "",
    ] {
        verdicts.push(judge.set_cookie_line(line.as_bytes(), moment(0)));
    }
    for url in [
        "https://stats.shop.example/matomo.js?v=1",
        "https://www.shop.example/frame/1",
        "https://stats.shop.example:8443/m.php?id=1",
        "https://stats.shop.example/m.php?id=1",
        "wss://[::1]/x",
        "http://a.example/ads/1",
        "https://a.example/ads/1",
        "about:blank",
        "",
    ] {
        for kind in [
            Resource::Script,
            Resource::Frame,
            Resource::Image,
            Resource::Request,
        ] {
            verdicts.push(judge.address(kind, url.as_bytes()));
        }
    }
    verdicts
}

#[test]
fn bytes_that_are_no_document_or_more_than_one_are_none() {
    let sound = encoded(&document(SHOP));
    for end in 0..sound.len() {
        assert_eq!(read_document(&sound[..end]), None, "the first {end} bytes");
    }
    assert_eq!(read_document(&[sound.as_slice(), &[0]].concat()), None);
    // A list of four billion members, of which none is there; a number of 33 bits; one of six bytes.
    for start in [
        &[1, 0, 0xff, 0xff, 0xff, 0xff, 0x0f][..],
        &[0xff, 0xff, 0xff, 0xff, 0x1f],
        &[0x80, 0x80, 0x80, 0x80, 0x80, 0x00],
    ] {
        assert_eq!(read_document(start), None, "{start:?}");
    }
}

proptest! {
    #[test]
    fn any_bytes_are_read_without_panic(bytes: Vec<u8>) {
        if let Some(document) = read_document(&bytes) {
            let _ = Policy::from_document(document);
        }
    }

    #[test]
    fn a_document_with_one_byte_changed_is_read_without_panic(at: prop::sample::Index, byte: u8) {
        let mut bytes = encoded(&document(SHOP));
        let at = at.index(bytes.len());
        bytes[at] = byte;
        if let Some(document) = read_document(&bytes) {
            let _ = Policy::from_document(document);
        }
    }
}

const FIVE: &str = r#"{ "revision": 3, "services": [
    { "id": "matomo", "category": "analytics", "cookies": [{ "name": "_pk_*", "domains": ["shop.example"], "paths": ["/en"] }] },
    { "id": "ads", "category": "marketing", "cookies": [{ "name": "_ga*" }] }
] }"#;

#[test]
fn the_visitor_is_asked_about_what_is_used_and_undecided() {
    let unused = r#"{ "revision": 3, "services": [{ "id": "shop", "category": "necessary" }] }"#;
    let own = r#"{ "revision": 3, "categories": [{ "id": "social" }], "services": [] }"#;
    let neither = signals(false, false);
    for (policy, region, signals, expected) in [
        (FIVE, "DE", neither, true),
        (FIVE, "", neither, true),
        // The regime grants until the visitor objects.
        (FIVE, "US-CA", neither, false),
        // Nothing is used that could be decided.
        (unused, "DE", neither, false),
        // A category of the site's own is there to be asked about.
        (own, "DE", neither, true),
        // The signals have decided: DNT refuses both, GPC only marketing.
        (FIVE, "DE", self::signals(true, true), false),
        (FIVE, "DE", self::signals(true, false), true),
    ] {
        let manager = manager(policy, region, signals, "");
        assert_eq!(manager.asks(), expected, "{policy} {region} {signals}");
        assert_eq!(
            manager.tells_of_signal(),
            signals != neither,
            "{region} {signals}"
        );
    }
}

#[test]
fn a_choice_holds_at_once_and_is_asked_about_again_when_it_is_stale() {
    let mut page = manager(FIVE, "DE", signals(false, false), "");
    assert!(page.asks() && page.choice().is_none());
    let line = page.choose(ANALYTICS, MARKETING, How::Banner, ID, moment(0));
    assert!(!page.asks());
    let decision = |page: &Manager, category: StandardCategory| page.standing().of(category.id());
    assert_eq!(
        decision(&page, StandardCategory::Analytics).decision,
        Decision::Granted
    );
    assert_eq!(
        decision(&page, StandardCategory::Marketing).reason,
        Reason::Chosen
    );
    // What was not named keeps what was said of it, and of both the refusal counts.
    page.choose(MARKETING, 0, How::Preferences, ID, moment(1));
    assert_eq!(
        decision(&page, StandardCategory::Analytics).decision,
        Decision::Granted
    );
    assert_eq!(
        decision(&page, StandardCategory::Marketing).decision,
        Decision::Granted
    );
    page.choose(ANALYTICS, ANALYTICS, How::Api, ID, moment(1));
    assert_eq!(
        decision(&page, StandardCategory::Analytics).decision,
        Decision::Refused
    );
    // The line is read back on the next page.
    let cookie = line.split(';').next().unwrap();
    let mut next = manager(FIVE, "DE", signals(false, false), cookie);
    assert!(!next.asks());
    assert_eq!(next.choice().map(|choice| choice.made), Some(moment(0)));
    next.arrive(cookie.as_bytes(), moment(181));
    assert!(next.asks() && next.standing().staleness().is_some());
    assert_eq!(
        decision(&next, StandardCategory::Analytics).reason,
        Reason::Stale
    );
}

#[test]
fn a_choice_that_no_cookie_keeps_holds_for_the_page_until_a_cookie_says_otherwise() {
    let mut page = manager(FIVE, "DE", signals(false, false), "");
    let line = page.choose(0, ANALYTICS | MARKETING, How::Banner, ID, moment(0));
    page.arrive(b"", moment(1));
    assert!(page.choice().is_some(), "cookies are blocked");
    page.arrive(line.split(';').next().unwrap().as_bytes(), moment(1));
    page.arrive(b"", moment(2));
    assert!(page.choice().is_none(), "the cookie was there and is gone");
}

#[test]
fn a_signal_is_told_of_until_the_visitor_chooses() {
    let mut page = manager(FIVE, "DE", signals(true, false), "");
    assert!(page.tells_of_signal());
    page.choose(0, MARKETING, How::Preferences, ID, moment(0));
    assert!(!page.tells_of_signal());
    let ignored = FIVE.replace(
        r#""revision": 3"#,
        r#""revision": 3, "signals": { "dnt": "ignored" }"#,
    );
    assert!(!manager(&ignored, "DE", signals(false, true), "").tells_of_signal());
}

#[test]
fn the_line_of_the_consent_cookie_is_the_one_that_a_server_would_send() {
    for (policy, region, days) in [(FIVE, "DE", 180), (FIVE, "US-CA", 365), (SHOP, "JP", 180)] {
        let mut page = manager(policy, region, signals(true, true), "");
        let line = page.choose(ANALYTICS, MARKETING, How::Banner, ID, moment(0));
        let value = page.choice().unwrap().to_cookie_value(page.policy());
        let lifetime = Lifetime::Seconds(days * 86_400);
        let cookie = OwnCookie::consent(page.policy().consent_cookie(), &value, lifetime);
        assert_eq!(Ok(&line), cookie.header().as_ref());
        let context = Context::without_address();
        let evaluation = SetCookie::parse(line.as_bytes()).evaluate(moment(0), &context);
        assert!(evaluation.is_stored());
        assert_eq!(evaluation.lifetime, lifetime);
    }
}

#[test]
fn expressions_ask_about_services_and_categories() {
    let mut page = manager(FIVE, "DE", signals(false, false), "");
    page.choose(ANALYTICS, MARKETING, How::Banner, ID, moment(0));
    for (expression, expected) in [
        ("analytics", Allowed::Yes),
        ("matomo", Allowed::Yes),
        ("ads", Allowed::No),
        ("necessary & !ads", Allowed::Yes),
        ("marketing | matomo", Allowed::Yes),
        ("matomo & ads", Allowed::No),
        ("matom", Allowed::Unknown),
        ("necessary | matom", Allowed::Unknown),
        ("", Allowed::Unknown),
    ] {
        assert_eq!(page.allows(expression.as_bytes()), expected, "{expression}");
    }
    let homonym =
        r#"{ "revision": 1, "services": [{ "id": "necessary", "category": "marketing" }] }"#;
    let page = manager(homonym, "DE", signals(false, false), "");
    assert_eq!(page.allows(b"necessary"), Allowed::No, "both are meant");
}

#[test]
fn refused_cookies_are_removed_where_the_policy_declares_them_and_others_are_not() {
    let mut page = manager(FIVE, "DE", signals(false, false), "");
    let cookies = b"_pk_id.1=a; _ga=1; other=2; _ga=3; %5Fga=4; placet=5; x";
    assert!(
        page.removals(cookies).is_empty(),
        "undecided is not refused"
    );
    page.choose(0, ANALYTICS | MARKETING, How::Banner, ID, moment(0));
    let removals = page.removals(cookies);
    let names: Vec<_> = removals.iter().map(|removal| removal.name).collect();
    assert_eq!(names, [&b"_pk_id.1"[..], b"_ga", b"%5Fga"]);
    assert_eq!(removals[0].domains, [b"shop.example"]);
    assert_eq!(removals[0].paths, [b"/en"]);
    assert!(
        removals[2].domains.is_empty() && removals[2].paths.is_empty(),
        "declared by another spelling"
    );
}
