//! `/.well-known/gpc.json` (Global Privacy Control, section on the GPC support resource).

use serde_json::Value;

/// Whether a site says that it abides by Global Privacy Control.
///
/// Anything but a JSON object with a Boolean `gpc`, of the right media type, leaves the support
/// unknown; other members are ignored.
///
/// ```
/// use placet::well_known::GpcSupport;
///
/// let support = GpcSupport::read("application/json", br#"{ "gpc": true, "lastUpdate": "2026-11-22" }"#);
/// assert_eq!(support.gpc, Some(true));
/// assert_eq!(support.last_update.as_deref(), Some("2026-11-22"));
/// assert_eq!(GpcSupport::read("text/html", br#"{ "gpc": true }"#).gpc, None);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GpcSupport {
    /// `Some(true)`: the site abides by the signal at least where the law asks for it. `None`:
    /// unknown.
    pub gpc: Option<bool>,
    /// When that was said, an RFC 3339 date or date-time; `None` when unknown.
    pub last_update: Option<String>,
}

impl GpcSupport {
    /// Reads a resource with its `Content-Type`.
    pub fn read(content_type: &str, body: &[u8]) -> Self {
        let essence = content_type.split(';').next().unwrap_or_default();
        let is_json = essence.trim().eq_ignore_ascii_case("application/json");
        let object = is_json
            .then(|| serde_json::from_slice::<Value>(body).ok())
            .flatten();
        let member = |name: &str| object.as_ref().and_then(|o| o.as_object()?.get(name));
        let gpc = member("gpc").and_then(Value::as_bool);
        let last_update = member("lastUpdate").and_then(Value::as_str);
        Self {
            gpc,
            last_update: last_update
                .filter(|text| gpc.is_some() && is_date(text))
                .map(str::to_owned),
        }
    }

    /// The resource as JSON; `None` when there is nothing to say.
    pub fn to_json(&self) -> Option<String> {
        let gpc = self.gpc?;
        let resource = match &self.last_update {
            Some(day) => serde_json::json!({ "gpc": gpc, "lastUpdate": day }),
            None => serde_json::json!({ "gpc": gpc }),
        };
        Some(resource.to_string())
    }
}

/// RFC 3339 `full-date` or `date-time`.
fn is_date(text: &str) -> bool {
    let moment = |text: &str| text.parse::<crate::Timestamp>().is_ok();
    moment(text) || (text.len() == 10 && moment(&format!("{text}T00:00:00Z")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(body: &str) -> GpcSupport {
        GpcSupport::read("application/json; charset=utf-8", body.as_bytes())
    }

    #[test]
    fn only_a_boolean_says_something() {
        for (body, expected) in [
            (r#"{"gpc":true}"#, Some(true)),
            (r#"{"gpc":false,"x":1}"#, Some(false)),
            (r#"{"gpc":"true"}"#, None),
            (r#"{"gpc":1}"#, None),
            (r#"[{"gpc":true}]"#, None),
            (r#"{"GPC":true}"#, None),
            ("true", None),
            ("", None),
        ] {
            assert_eq!(read(body).gpc, expected, "{body}");
        }
    }

    #[test]
    fn a_wrong_date_is_unknown_and_the_support_stays() {
        for (date, expected) in [
            ("2026-11-22", true),
            ("2026-11-22T08:30:00Z", true),
            ("2026-11-22T08:30:00+01:00", true),
            ("2026-02-30", false),
            ("22.11.2026", false),
            ("", false),
        ] {
            let support = read(&format!(r#"{{"gpc":true,"lastUpdate":"{date}"}}"#));
            assert_eq!(support.gpc, Some(true));
            assert_eq!(support.last_update.is_some(), expected, "{date}");
        }
    }

    #[test]
    fn what_is_written_is_read_back() {
        for last_update in [None, Some("2026-11-22".to_owned())] {
            let support = GpcSupport {
                gpc: Some(true),
                last_update,
            };
            assert_eq!(read(&support.to_json().unwrap()), support);
        }
        assert_eq!(GpcSupport::default().to_json(), None);
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes: Vec<u8>) {
            GpcSupport::read("application/json", &bytes);
        }
    }
}
