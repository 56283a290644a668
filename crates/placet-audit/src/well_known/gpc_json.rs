//! `/.well-known/gpc.json` (Global Privacy Control, section on the GPC support resource).

use placet::well_known::GpcSupport;
use serde_json::Value;

use super::{Fetched, Remarks, is_page, printable};

pub(super) fn check(fetched: &Fetched<'_>, remarks: &mut Remarks<'_>) {
    let of = remarks.of;
    if is_page(fetched.body) {
        remarks.warn(format!(
            "gpc.json of {of} is an HTML page; expected a JSON object like {{\"gpc\":true}}, or status 404"
        ));
        return;
    }
    remarks.is_another_type("gpc.json", fetched, "application/json");
    let body = remarks.without_mark("gpc.json", fetched.body);
    let members = match serde_json::from_slice::<Value>(body) {
        Ok(Value::Object(members)) => members,
        Ok(_) => {
            remarks.warn(format!(
                "gpc.json of {of} is JSON but no object; expected one like {{\"gpc\":true}}"
            ));
            return;
        }
        Err(error) => {
            remarks.warn(format!(
                "gpc.json of {of} is no JSON ({error}); expected an object like {{\"gpc\":true}}"
            ));
            return;
        }
    };
    let misspelt = |name: &str| {
        let mut names = members.keys();
        let other = names.find(|other| *other != name && other.eq_ignore_ascii_case(name));
        other.map_or(String::new(), |other| {
            format!(
                "; found `{}`, and names are written exactly so",
                printable(other)
            )
        })
    };
    match members.get("gpc") {
        Some(Value::Bool(true)) => {}
        Some(Value::Bool(false)) => {
            remarks.note(format!(
                "gpc.json says that {of} does not abide by Global Privacy Control"
            ));
        }
        Some(other) => remarks.warn(format!(
            "`gpc` of {of} is {}, so that support is unknown; expected true or false",
            printable_value(other)
        )),
        None => remarks.warn(format!(
            "gpc.json of {of} has no member `gpc`, so that support is unknown{}",
            misspelt("gpc")
        )),
    }
    // The core knows what a date is; it is asked about this member alone.
    let is_date = |text: &Value| {
        let alone = serde_json::json!({ "gpc": true, "lastUpdate": text }).to_string();
        let read = GpcSupport::read("application/json", alone.as_bytes());
        read.last_update.is_some()
    };
    match members.get("lastUpdate") {
        Some(date) if is_date(date) => {}
        Some(other) => remarks.warn(format!(
            "`lastUpdate` of {of} is {}; expected a date like \"2026-11-22\" or a moment by RFC 3339",
            printable_value(other)
        )),
        None => remarks.note(format!(
            "gpc.json of {of} does not say when it was last updated (`lastUpdate`){}",
            misspelt("lastUpdate")
        )),
    }
}

fn printable_value(value: &Value) -> String {
    match value {
        Value::String(text) => format!("\"{}\"", printable(text)),
        Value::Array(_) => "a list".to_owned(),
        Value::Object(_) => "an object".to_owned(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{WellKnown, tests::found};
    use crate::finding::Level::{self, Note, Warning};

    const JSON: Option<&str> = Some("application/json; charset=utf-8");

    #[test]
    fn what_readers_cannot_use_is_told() {
        let cases: [(&str, &[(Level, &str)]); 9] = [
            (r#"{"gpc":true,"lastUpdate":"2026-11-22","more":1}"#, &[]),
            (r#"{"gpc":true,"lastUpdate":"2026-11-22T08:00:00Z"}"#, &[]),
            (
                r#"{"gpc":false,"lastUpdate":"2026-11-22"}"#,
                &[(
                    Note,
                    "gpc.json says that shop.example does not abide by Global Privacy Control",
                )],
            ),
            (
                r#"{"gpc":1,"lastUpdate":"2026-02-30"}"#,
                &[
                    (
                        Warning,
                        "`gpc` of shop.example is 1, so that support is unknown; expected true or false",
                    ),
                    (
                        Warning,
                        "`lastUpdate` of shop.example is \"2026-02-30\"; expected a date like \"2026-11-22\" or a moment by RFC 3339",
                    ),
                ],
            ),
            (
                r#"{"GPC":true,"lastupdate":"2026-11-22"}"#,
                &[
                    (
                        Warning,
                        "gpc.json of shop.example has no member `gpc`, so that support is unknown; found `GPC`, and names are written exactly so",
                    ),
                    (
                        Note,
                        "gpc.json of shop.example does not say when it was last updated (`lastUpdate`); found `lastupdate`, and names are written exactly so",
                    ),
                ],
            ),
            (
                r#"{"gpc":true}"#,
                &[(
                    Note,
                    "gpc.json of shop.example does not say when it was last updated (`lastUpdate`)",
                )],
            ),
            (
                "[true]",
                &[(
                    Warning,
                    "gpc.json of shop.example is JSON but no object; expected one like {\"gpc\":true}",
                )],
            ),
            (
                "{gpc:true}",
                &[(
                    Warning,
                    "gpc.json of shop.example is no JSON (key must be a string at line 1 column 2); expected an object like {\"gpc\":true}",
                )],
            ),
            (
                " <html><body>Not found",
                &[(
                    Warning,
                    "gpc.json of shop.example is an HTML page; expected a JSON object like {\"gpc\":true}, or status 404",
                )],
            ),
        ];
        for (body, expected) in cases {
            let found = found(WellKnown::GpcJson, JSON, body.as_bytes());
            let found: Vec<_> = found.iter().map(|(l, m)| (*l, m.as_str())).collect();
            assert_eq!(found, expected, "{body}");
        }
    }

    #[test]
    fn another_media_type_makes_it_unknown() {
        let body = br#"{"gpc":true,"lastUpdate":"2026-11-22"}"#;
        assert_eq!(
            found(WellKnown::GpcJson, Some("text/plain"), body),
            [(
                Warning,
                "gpc.json of shop.example is served as text/plain, so that readers pass over it; expected application/json".to_owned()
            )]
        );
        assert_eq!(found(WellKnown::GpcJson, None, body), []);
    }
}
