//! The shop that stands behind the layer: its policy, its visitors' choices, and its hour.

use std::sync::{Arc, LazyLock};

use placet::{Choice, ChoiceId, How, Policy, Signals, Timestamp};
use placet_tower::{ConsentLayer, LivePolicy, RegionSource};

const NOW: i64 = 1_790_000_000;

/// The optional categories of the policy.
pub(crate) const OPTIONAL: [&str; 3] = ["functional", "analytics", "marketing"];

/// A cookie of every category, two of them at more than one place.
pub(crate) fn policy() -> Arc<Policy> {
    static POLICY: LazyLock<Arc<Policy>> = LazyLock::new(|| {
        Arc::new(Policy::from_json("placet.json", TEXT).unwrap_or_else(|error| panic!("{error}")))
    });
    Arc::clone(&POLICY)
}

const TEXT: &str = r#"{ "revision": 3, "hosts": ["shop.example"], "services": [
        { "id": "shop", "category": "necessary", "cookies": [{ "name": "session" }] },
        { "id": "language", "category": "functional", "cookies": [{ "name": "lang" }] },
        { "id": "matomo", "category": "analytics", "cookies": [
            { "name": "_pk_*", "domains": ["shop.example"], "paths": ["/", "/en"] }] },
        { "id": "meta", "category": "marketing", "cookies": [{ "name": "_fbp" }] }
    ] }"#;

pub(crate) fn layer() -> ConsentLayer {
    layer_of(policy())
}

/// For visitors from Germany, where everything waits for a choice, at a fixed hour.
pub(crate) fn layer_of(policy: impl Into<LivePolicy>) -> ConsentLayer {
    ConsentLayer::new(policy.into())
        .region(RegionSource::fixed("DE".parse().unwrap()))
        .clock(|| Timestamp::from_unix(NOW).unwrap())
}

/// The consent cookie of a visitor who a day ago granted these categories and refused the others.
pub(crate) fn visitor(granted: &[&str]) -> String {
    visitor_under(&policy(), granted)
}

pub(crate) fn visitor_under(policy: &Policy, granted: &[&str]) -> String {
    let choice = Choice::new(
        ChoiceId::from_bytes([7; 16]),
        Timestamp::from_unix(NOW - 86_400).unwrap(),
        policy.revision(),
        How::Banner,
        Signals::default(),
    );
    let choice = OPTIONAL.iter().fold(choice, |choice, name| {
        let category = policy.category(name).unwrap().id();
        if granted.contains(name) {
            choice.grant(category)
        } else {
            choice.refuse(category)
        }
    });
    format!("placet={}", choice.to_cookie_value(policy))
}
