//! What a page keeps of the policy beside its compiled form: what the banner shows, and the addresses
//! that wait while the engine starts.

use placet::{DeclaredCookie, Policy, Service, StandardCategory};
use serde_json::{Map, Value, json};

/// What people read of a policy, in the fields of its document.
pub(crate) fn read_by_people(policy: &Policy) -> Value {
    let own = policy.categories().iter().skip(StandardCategory::ALL.len());
    let own: Vec<Value> = own
        .map(|category| {
            // The bridges tell vendors by the standard categories that they know.
            let like = policy.bridges().map(|_| category.like().name());
            with([
                ("id", category.name().into()),
                ("title", category.title().into()),
                ("like", like.into()),
            ])
        })
        .collect();
    let services = policy.services().iter();
    let services: Vec<Value> = services.map(|one| service(policy, one)).collect();
    let bridges = policy.bridges();
    // Bridges are told before the engine runs whether a choice was made.
    let choice = bridges.map(|_| json!({ "name": policy.consent_cookie().name }));
    let bridges = bridges.and_then(|bridges| serde_json::to_value(bridges).ok());
    let mut document = with([
        ("categories", own.into()),
        ("consent_cookie", choice.into()),
        ("bridges", bridges.into()),
    ]);
    // The page looks for it, also where it is empty.
    if let Value::Object(members) = &mut document {
        members.insert("services".to_owned(), services.into());
    }
    document
}

fn service(policy: &Policy, service: &Service) -> Value {
    let addresses = |patterns: &[placet::UrlPattern]| -> Value {
        let texts = patterns.iter().map(|pattern| pattern.as_str().into());
        Value::Array(texts.collect())
    };
    let cookies: Vec<Value> = service.cookies.iter().map(cookie).collect();
    with([
        ("id", service.id.as_str().into()),
        ("name", service.name.as_deref().into()),
        ("vendor", service.vendor.as_deref().into()),
        ("category", policy.category_name(service.category).into()),
        ("purpose", service.purpose.as_deref().into()),
        ("cookies", cookies.into()),
        ("scripts", addresses(&service.scripts)),
        ("frames", addresses(&service.frames)),
        ("images", addresses(&service.images)),
        ("requests", addresses(&service.requests)),
    ])
}

fn cookie(cookie: &DeclaredCookie) -> Value {
    with([
        ("name", cookie.name.as_str().into()),
        (
            "lifetime",
            cookie.lifetime.map(|lives| lives.to_string()).into(),
        ),
        ("purpose", cookie.purpose.as_deref().into()),
    ])
}

/// An object of those members that say something.
fn with<const N: usize>(members: [(&str, Value); N]) -> Value {
    let says = |value: &Value| *value != Value::Null && *value != json!([]);
    let members = members.into_iter().filter(|(_, value)| says(value));
    let members: Map<String, Value> = members
        .map(|(name, value)| (name.to_owned(), value))
        .collect();
    members.into()
}

#[cfg(test)]
mod tests {
    use placet::PolicyFile;
    use serde_json::json;

    use super::*;

    #[test]
    fn what_only_decides_is_left_out_and_nothing_else() {
        let text = r#"{ "revision": 2, "ask_again_since": 1, "hosts": ["shop.example"], "undeclared": "allow",
            "categories": [{ "id": "social", "title": "Social", "like": "functional" }],
            "services": [{ "id": "film", "name": "Films", "vendor": "Film Ltd", "category": "social", "purpose": "Shows films.",
                "cookies": [{ "name": "a*", "domains": ["shop.example"], "paths": ["/"], "lifetime": "1y", "purpose": "Plays.", "http_only": true, "partitioned": true }],
                "storage": ["film"], "frames": ["https://film.example"] }],
            "signals": { "dnt": "ignored" }, "regimes": { "everywhere": "opt-in" }, "consent_cookie": { "name": "choice" } }"#;
        let file = PolicyFile::read("placet.json", text).unwrap();
        let expected = json!({
            "categories": [{ "id": "social", "title": "Social" }],
            "services": [{ "id": "film", "name": "Films", "vendor": "Film Ltd", "category": "social", "purpose": "Shows films.",
                "cookies": [{ "name": "a*", "lifetime": "1y", "purpose": "Plays." }], "frames": ["https://film.example"] }]
        });
        assert_eq!(read_by_people(file.policy()), expected);
    }

    #[test]
    fn what_bridges_need_stays_where_the_policy_names_one() {
        let text = r#"{ "revision": 2, "services": [], "bridges": { "meta": {} },
            "categories": [{ "id": "social", "like": "functional" }], "consent_cookie": { "name": "choice" } }"#;
        let policy = Policy::from_json("placet.json", text).unwrap();
        let expected = json!({
            "categories": [{ "id": "social", "like": "functional" }], "services": [],
            "bridges": { "meta": {} }, "consent_cookie": { "name": "choice" }
        });
        assert_eq!(read_by_people(&policy), expected);
    }
}
