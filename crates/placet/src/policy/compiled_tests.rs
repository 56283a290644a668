//! A policy and what was read of its compiled form give the same answers, and bytes that were not written
//! so are refused.

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{NotCompiled, Policy, PolicyDocument};
use crate::{
    Action, Choice, ChoiceId, Circumstances, Dnt, Gpc, How, Judge, Resource, Revision, Signals,
    Timestamp,
};

/// Every field that decides something.
fn shop() -> Value {
    json!({
        "revision": 300, "ask_again_since": 5, "hosts": ["Shop.example"], "undeclared": "allow",
        "categories": [{ "id": "social" }, { "id": "login", "like": "necessary" }],
        "services": [
            { "id": "matomo", "name": "Matomo", "category": "analytics",
              "cookies": [
                  { "name": "_pk_id.*", "domains": ["shop.example"], "paths": ["/", "/en"], "http_only": true },
                  { "name": "ädä*" }, { "name": "plain", "domains": ["ads.example"] }
              ],
              "storage": ["_pk *", "matomo"], "scripts": ["https://stats.shop.example/matomo.js"],
              "frames": ["*://*.shop.example/frame*"], "images": ["https://Stats.shop.example:8443/m.php?*"],
              "requests": ["wss://[::1]/x", "ws://*"] },
            { "id": "ads", "category": "social", "cookies": [{ "name": "plain" }], "storage": ["*"] }
        ],
        "signals": { "gpc": { "refuses": ["marketing", "social"] }, "dnt": "ignored" },
        "regimes": { "unknown": "EU", "regions": { "US-CA": { "marketing": "opt-in" }, "JP": {} } },
        "consent_cookie": { "name": "choice", "domain": "shop.example", "same_site": "None", "path": "/" }
    })
}

fn policy(document: &Value) -> Policy {
    Policy::from_json("placet.json", &document.to_string()).unwrap()
}

#[test]
fn a_policy_keeps_what_it_was_read_from() {
    let text = format!("\n{}", shop());
    let read = Policy::from_json("placet.json", &text).unwrap();
    assert_eq!(read.source(), text.as_bytes());
    let compiled = read.to_compiled();
    let again = Policy::from_compiled(&compiled).unwrap();
    assert_eq!(again.source(), compiled);
    let document: PolicyDocument = serde_json::from_str(&text).unwrap();
    let policy = Policy::from_document(document.clone()).unwrap();
    let written: PolicyDocument = serde_json::from_slice(policy.source()).unwrap();
    assert_eq!(written, document);
}

/// Asks both the same of everything that a page asks.
fn assert_alike(one: &Policy, other: &Policy, names: &[String]) {
    assert_eq!(one.categories().len(), other.categories().len());
    assert_eq!(one.consent_cookie(), other.consent_cookie());
    assert_eq!(one.revision(), other.revision());
    assert_eq!(one.ask_again_since(), other.ask_again_since());
    let now = Timestamp::from_unix(1_790_000_000).unwrap();
    let id = ChoiceId::from_bytes([7; 16]);
    let mut choice = Choice::new(id, now, Revision(300), How::Banner, Signals::default());
    for category in one.optional_categories().step_by(2) {
        choice = choice.grant(category.id());
    }
    for region in ["", "DE", "US", "US-CA", "US-WY", "CA", "CA-QC", "JP", "ZZ"] {
        for (gpc, dnt) in [(Gpc::Absent, Dnt::Absent), (Gpc::On, Dnt::DoNotTrack)] {
            for choice in [None, Some(choice)] {
                let circumstances = Circumstances {
                    choice,
                    signals: Signals { gpc, dnt },
                    region: region.parse().ok(),
                    now,
                };
                let standing = one.standing(&circumstances);
                assert_eq!(standing, other.standing(&circumstances), "{region}");
                let (judge, like) = (Judge::new(one, &standing), Judge::new(other, &standing));
                for name in names {
                    let bytes = name.as_bytes();
                    assert_eq!(judge.cookie(bytes), like.cookie(bytes), "{name}");
                    assert_eq!(judge.storage_key(name), like.storage_key(name), "{name}");
                    let line = format!("{name}=1; Domain=ads.example").into_bytes();
                    let verdict = judge.set_cookie_line(&line, now);
                    assert_eq!(verdict, like.set_cookie_line(&line, now));
                    let url = format!("https://stats.shop.example/{name}");
                    for kind in [Resource::Script, Resource::Image, Resource::Request] {
                        let verdict = judge.address(kind, url.as_bytes());
                        assert_eq!(verdict, like.address(kind, url.as_bytes()), "{url}");
                    }
                }
            }
        }
    }
    for name in names {
        let places = |policy: &Policy| -> Vec<_> {
            let found = policy.declarations(name.as_bytes());
            let places = found.iter().map(|(service, cookie)| {
                (
                    service.id.clone(),
                    cookie.domains.clone(),
                    cookie.paths.clone(),
                )
            });
            places.collect()
        };
        assert_eq!(places(one), places(other));
    }
}

#[test]
fn every_field_that_decides_is_compiled() {
    let policy = policy(&shop());
    let compiled = policy.to_compiled();
    let read = Policy::from_compiled(&compiled).unwrap();
    let names = [
        "_pk_id.1", "ädäx", "plain", "matomo", "_pk x", "other", "choice", "",
    ];
    assert_alike(&policy, &read, &names.map(str::to_owned));
    assert_eq!(read.to_compiled(), compiled);
    let images: Vec<_> = read.services()[0]
        .images
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(images, ["https://stats.shop.example:8443/m.php?*"]);
    assert!(read.hosts().is_empty() && read.services()[0].name.is_none());
}

#[test]
fn what_is_no_compiled_policy_of_this_version_is_refused() {
    let compiled = policy(&shop()).to_compiled();
    for end in 0..compiled.len() {
        let refused = Policy::from_compiled(&compiled[..end]).err();
        assert_eq!(refused, Some(NotCompiled), "the first {end} bytes");
    }
    let longer = [compiled.as_slice(), &[0]].concat();
    assert!(Policy::from_compiled(&longer).is_err());
    let mut later = compiled;
    later[0] += 1;
    assert!(Policy::from_compiled(&later).is_err());
    assert!(Policy::from_compiled(shop().to_string().as_bytes()).is_err());
}

#[test]
fn more_names_than_a_policy_may_declare_are_refused() {
    let one = json!({ "revision": 1, "services": [{ "id": "a", "category": "analytics" }] });
    let one = policy(&one).to_compiled();
    // One service: its category and its id.
    let section = [3, 2, 1, b'a'];
    let at = one.windows(4).position(|four| four == section).unwrap();
    let with = |services: u16| {
        let length = services * 3;
        let length = [length as u8 | 0x80, (length >> 7) as u8];
        let services = section[1..].repeat(services.into());
        [&one[..at], &length, &services, &one[at + 4..]].concat()
    };
    assert!(Policy::from_compiled(&with(4_096)).is_ok());
    assert!(Policy::from_compiled(&with(4_097)).is_err());
}

proptest! {
    #[test]
    fn a_policy_and_its_compiled_form_give_the_same_answers(
        services in vec((0..5_usize, vec(("[ab]{0,2}\\*?[ab]{1,2}\\*?", any::<bool>()), 0..4), vec("[ab]{1,2}\\*?", 0..3)), 0..5),
        names in vec("[ab]{0,4}", 1..4),
        allow: bool,
        gpc in vec(0..5_usize, 0..3),
        everywhere in prop::option::of("opt-in|opt-out|notice"),
    ) {
        const CATEGORIES: [&str; 5] = ["functional", "analytics", "marketing", "social", "necessary"];
        let services: Vec<_> = services.iter().zip(0..).map(|((category, cookies, keys), number)| {
            let cookies: Vec<_> = cookies.iter().map(|(name, away)| {
                let domains: &[&str] = if *away { &["ads.example"] } else { &[] };
                json!({ "name": name, "domains": domains })
            }).collect();
            let scripts: Vec<_> = keys.iter().map(|key| format!("https://*.shop.example/{key}")).collect();
            json!({ "id": format!("s{number}"), "category": CATEGORIES[*category], "cookies": cookies,
                "storage": keys, "scripts": scripts })
        }).collect();
        let refuses: Vec<_> = gpc.iter().map(|place| CATEGORIES[place % 4]).collect();
        let mut document = json!({ "revision": 300, "hosts": ["shop.example"], "services": services,
            "undeclared": if allow { "allow" } else { "deny" }, "categories": [{ "id": "social" }],
            "signals": { "gpc": { "refuses": refuses } } });
        if let Some(regime) = everywhere {
            document["regimes"] = json!({ "everywhere": regime });
        }
        let policy = policy(&document);
        let read = Policy::from_compiled(&policy.to_compiled()).unwrap();
        assert_alike(&policy, &read, &names);
    }

    #[test]
    fn a_compiled_policy_with_changed_bytes_is_read_or_refused(
        changes in vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
    ) {
        let mut compiled = policy(&shop()).to_compiled();
        for (at, byte) in changes {
            let at = at.index(compiled.len());
            compiled[at] = byte;
        }
        if let Ok(policy) = Policy::from_compiled(&compiled) {
            let standing = policy.standing(&Circumstances {
                choice: None, signals: Signals::default(), region: None, now: Timestamp::UNIX_EPOCH,
            });
            let verdict = Judge::new(&policy, &standing).cookie(b"_pk_id.1");
            prop_assert!(verdict.action <= Action::Expire);
        }
    }
}
