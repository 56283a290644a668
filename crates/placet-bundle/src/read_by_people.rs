//! What a page keeps of the document beside the compiled policy: what the banner shows, and the addresses
//! that wait while the engine starts.

use placet::PolicyDocument;
use serde_json::Value;

/// What only decides, and is in the compiled policy.
const OF_THE_POLICY: [&str; 8] = [
    "$schema",
    "revision",
    "ask_again_since",
    "hosts",
    "shared_with",
    "undeclared",
    "signals",
    "regimes",
];
const OF_A_COOKIE: [&str; 4] = ["domains", "paths", "http_only", "partitioned"];

/// The document without what only decides, in its own fields.
pub(crate) fn read_by_people(document: &PolicyDocument) -> Value {
    let mut value = serde_json::to_value(document).unwrap_or_default();
    // The bridges tell vendors before the engine runs, and by the standard categories that they know.
    if document.bridges.is_none() {
        without(&mut value, &["consent_cookie"]);
        for category in list(&mut value, "categories") {
            without(category, &["like"]);
        }
    }
    without(&mut value, &OF_THE_POLICY);
    for service in list(&mut value, "services") {
        without(service, &["storage"]);
        for cookie in list(service, "cookies") {
            without(cookie, &OF_A_COOKIE);
        }
    }
    value
}

fn without(value: &mut Value, fields: &[&str]) {
    if let Value::Object(members) = value {
        members.retain(|field, _| !fields.contains(&field.as_str()));
    }
}

fn list<'a>(value: &'a mut Value, field: &str) -> impl Iterator<Item = &'a mut Value> {
    let list = value.get_mut(field).and_then(Value::as_array_mut);
    list.into_iter().flatten()
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
        assert_eq!(read_by_people(file.document()), expected);
    }

    #[test]
    fn what_bridges_need_stays_where_the_policy_names_one() {
        let text = r#"{ "revision": 2, "services": [], "bridges": { "meta": {} },
            "categories": [{ "id": "social", "like": "functional" }], "consent_cookie": { "name": "choice" } }"#;
        let file = PolicyFile::read("placet.json", text).unwrap();
        let expected = json!({
            "categories": [{ "id": "social", "like": "functional" }], "services": [],
            "bridges": { "meta": {} }, "consent_cookie": { "name": "choice" }
        });
        assert_eq!(read_by_people(file.document()), expected);
    }
}
