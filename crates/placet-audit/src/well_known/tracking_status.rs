//! The tracking status resource under `/.well-known/dnt/` (Tracking Preference Expression, sections
//! 6.2 and 6.5).

use placet::well_known::{TRACKING_STATUS_MEDIA_TYPE, TrackingStatus, TrackingStatusValue};
use serde_json::Value;

use super::{Fetched, Remarks, is_page, printable};

pub(super) fn check(fetched: &Fetched<'_>, remarks: &mut Remarks<'_>) {
    let of = remarks.of;
    if is_page(fetched.body) {
        remarks.warn(format!(
            "the tracking status of {of} is an HTML page; expected an object like {{\"tracking\":\"N\"}}, or status 404"
        ));
        return;
    }
    if fetched.sets_cookies {
        remarks.error(format!(
            "the tracking status of {of} sets a cookie, which it must not: it is asked before anybody has agreed to anything"
        ));
    }
    remarks.is_another_type("the tracking status", fetched, TRACKING_STATUS_MEDIA_TYPE);
    let body = remarks.without_mark("the tracking status", fetched.body);
    let status = match TrackingStatus::from_json(body) {
        Ok(status) => status,
        Err(error) => {
            remarks.warn(format!("the tracking status of {of}: {error}"));
            return;
        }
    };
    if let Some(other) = extension(body) {
        remarks.warn(format!(
            "the tracking status of {of} is `{}`, which readers take for P, tracking only with consent; expected one of ! ? G N T C P D",
            printable(&other)
        ));
    }
    let says = match status.tracking {
        TrackingStatusValue::Disregarding => "says D: it disregards Do Not Track",
        TrackingStatusValue::UnderConstruction => "says !: it makes no claim yet",
        TrackingStatusValue::Tracking => "says T: it tracks",
        _ => return,
    };
    remarks.note(format!("the tracking status of {of} {says}"));
}

/// A value that the specification does not define.
fn extension(body: &[u8]) -> Option<String> {
    let value = serde_json::from_slice::<Value>(body).ok()?;
    let text = value.get("tracking")?.as_str()?;
    let known = TrackingStatusValue::ALL.map(TrackingStatusValue::as_char);
    (!text.contains(known)).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::super::{Fetched, WellKnown, tests::found};
    use crate::finding::Level::{self, Error, Note, Warning};

    const TYPE: Option<&str> = Some("application/tracking-status+json");

    #[test]
    fn what_the_specification_does_not_allow_is_told() {
        let cases: [(&str, &[(Level, &str)]); 8] = [
            (r#"{"tracking":"N","policy":"/privacy"}"#, &[]),
            (r#"{"tracking":"C","config":"/choices"}"#, &[]),
            (
                r#"{"tracking":"D"}"#,
                &[(
                    Note,
                    "the tracking status of shop.example says D: it disregards Do Not Track",
                )],
            ),
            (
                r#"{"tracking":"n"}"#,
                &[(
                    Warning,
                    "the tracking status of shop.example is `n`, which readers take for P, tracking only with consent; expected one of ! ? G N T C P D",
                )],
            ),
            (
                r#"{"tracking":"C"}"#,
                &[(
                    Warning,
                    "the tracking status of shop.example: found `C` without `config`; expected a reference to where the choice is made",
                )],
            ),
            (
                r#"{"policy":"/privacy"}"#,
                &[(
                    Warning,
                    "the tracking status of shop.example: found no tracking status: missing field `tracking` at line 1 column 21; expected an object like {\"tracking\":\"N\"}",
                )],
            ),
            (
                r#"{"tracking":"U"}"#,
                &[(
                    Warning,
                    "the tracking status of shop.example: found no tracking status: found `U`, expected one of ! ? G N T C P D at line 1 column 16; expected an object like {\"tracking\":\"N\"}",
                )],
            ),
            (
                "<!doctype html>",
                &[(
                    Warning,
                    "the tracking status of shop.example is an HTML page; expected an object like {\"tracking\":\"N\"}, or status 404",
                )],
            ),
        ];
        for (body, expected) in cases {
            let config = body.replace(r#""n"}"#, r#""n","config":"/"}"#);
            let found = found(WellKnown::TrackingStatus, TYPE, config.as_bytes());
            let found: Vec<_> = found.iter().map(|(l, m)| (*l, m.as_str())).collect();
            assert_eq!(found, expected, "{body}");
        }
    }

    #[test]
    fn a_cookie_with_it_is_an_error_and_comes_first() {
        let fetched = Fetched {
            status: 200,
            media_type: Some("application/json"),
            sets_cookies: true,
            body: br#"{"tracking":"T"}"#,
        };
        let found = WellKnown::TrackingStatus.check("shop.example", &fetched);
        let levels: Vec<_> = found.iter().map(|finding| finding.level).collect();
        assert_eq!(levels, [Error, Warning, Note]);
    }
}
