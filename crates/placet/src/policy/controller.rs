//! Who answers for the site, and how long receipts are kept. Records of consent tell both; nothing that is
//! decided here or on a server depends on them.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::document::PolicyDocument;
use super::form::{is_lifetime, is_region, is_text};
use super::problem::{Problem, Step};
use crate::lifetime::Lifetime;

/// Who answers for the processing: the controller of the GDPR.
///
/// Each member is described in the JSON Schema, see [`crate::Policy::schema`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct ControllerDocument {
    pub name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub privacy_policy: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jurisdiction: Option<String>,
}

/// What becomes of receipts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct ReceiptsDocument {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keep: Option<String>,
}

/// Three years, as [`Lifetime`] counts them.
pub(super) const KEEP: Duration = Duration::from_secs(3 * 366 * 86_400);

/// Whether every value has its form, as the reader of files demands it.
pub(super) fn are_well_formed(document: &PolicyDocument) -> bool {
    let keep = document.receipts.keep.as_deref();
    let mut services = document.services.iter();
    keep.is_none_or(is_period)
        && document.controller.as_ref().is_none_or(is_well_formed)
        && services.all(|service| service.privacy_policy.as_deref().is_none_or(is_page))
}

fn is_well_formed(controller: &ControllerDocument) -> bool {
    let fits = |value: &Option<String>, form: fn(&str) -> bool| value.as_deref().is_none_or(form);
    is_text(&controller.name)
        && fits(&controller.address, is_text)
        && fits(&controller.country, is_country)
        && fits(&controller.email, is_email)
        && fits(&controller.phone, is_text)
        && fits(&controller.contact, is_text)
        && fits(&controller.url, is_page)
        && fits(&controller.privacy_policy, is_page)
        && fits(&controller.jurisdiction, is_region)
}

/// A country by ISO 3166, in capitals.
pub(super) fn is_country(text: &str) -> bool {
    text.len() == 2 && is_region(text) && text != "EU"
}

/// Something before and something behind one `@`, without white space.
pub(super) fn is_email(text: &str) -> bool {
    let is_part = |part: &str| {
        let odd = |byte: u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b'@');
        !part.is_empty() && !part.bytes().any(odd)
    };
    text.split_once('@')
        .is_some_and(|(before, behind)| is_part(before) && is_part(behind))
}

/// The address of a page, in visible ASCII.
pub(super) fn is_page(text: &str) -> bool {
    let rest = text.strip_prefix("https://");
    rest.or_else(|| text.strip_prefix("http://"))
        .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_graphic()))
}

/// A number with a unit.
pub(super) fn is_period(text: &str) -> bool {
    is_lifetime(text) && text != "session"
}

/// How long a receipt is kept after its choice cannot stand any more.
pub(super) fn keep(document: &PolicyDocument) -> Duration {
    let keep = document.receipts.keep.as_deref();
    match keep.and_then(|text| text.parse().ok()) {
        Some(Lifetime::Seconds(seconds)) => Duration::from_secs(seconds),
        Some(Lifetime::Session) | None => KEEP,
    }
}

/// What a record of consent has to tell of the controller, and this one does not.
pub(super) fn lint(document: &PolicyDocument) -> Vec<Problem> {
    let Some(controller) = &document.controller else {
        return Vec::new();
    };
    let reachable = controller.email.is_some() || controller.phone.is_some();
    let missing = [
        ("address", controller.address.is_some()),
        ("contact", controller.contact.is_some() || reachable),
        ("privacy_policy", controller.privacy_policy.is_some()),
    ];
    let missing = missing.into_iter().filter(|(_, is_there)| !is_there);
    let problem = |(field, _)| Problem {
        path: vec![Step::from("controller")],
        code: "controller-incomplete",
        message: format!(
            "the controller has no `{field}`, which a consent record has to tell (ISO/IEC TS 27560)"
        ),
    };
    missing.map(problem).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::tests::{error_of, full, read, with};
    use super::super::{Policy, PolicyFile};
    use super::*;

    #[test]
    fn neither_controller_nor_keep_changes_what_a_policy_decides() {
        let mut without = full();
        for field in ["controller", "receipts"] {
            without.as_object_mut().unwrap().remove(field);
        }
        let decides = |text| read(text).unwrap().to_compiled();
        assert_eq!(decides(&full()), decides(&without));
    }

    #[test]
    fn receipts_are_kept_as_long_as_the_policy_says_or_three_years() {
        let policy = read(&full()).unwrap();
        assert_eq!(policy.receipts_keep().as_secs(), 5 * 366 * 86_400);
        assert_eq!(policy.controller().unwrap().name, "Shop Ltd");
        let compiled = Policy::from_compiled(&policy.to_compiled()).unwrap();
        let plain = read(&with("/receipts", json!({}))).unwrap();
        assert_eq!([compiled.receipts_keep(), plain.receipts_keep()], [KEEP; 2]);
        assert_eq!(compiled.controller(), None);
    }

    #[test]
    fn an_error_in_the_controller_names_its_place_and_what_was_expected() {
        for (pointer, value, path, says) in [
            (
                "/controller",
                json!({ "address": "Main Street 1" }),
                "controller",
                "the field `name` is missing",
            ),
            (
                "/controller/country",
                json!("EU"),
                "controller.country",
                "found `EU`, expected a country by ISO 3166",
            ),
            (
                "/controller/email",
                json!("shop.example"),
                "controller.email",
                "expected an email address",
            ),
            (
                "/controller/privacy_policy",
                json!("/privacy"),
                "controller.privacy_policy",
                "found `/privacy`, expected the address of a page",
            ),
            (
                "/services/1/privacy_policy",
                json!("innocraft.example"),
                "services[1].privacy_policy",
                "found `innocraft.example`, expected the address of a page",
            ),
            (
                "/controller/jurisdiction",
                json!("Germany"),
                "controller.jurisdiction",
                "expected a region",
            ),
            (
                "/receipts/keep",
                json!("session"),
                "receipts.keep",
                "found `session`, expected a number with a unit",
            ),
        ] {
            let found = error_of(&with(pointer, value));
            assert!(
                found.iter().any(|(p, _, m)| p == path && m.contains(says)),
                "{pointer}: {found:?}"
            );
        }
    }

    #[test]
    fn what_a_consent_record_lacks_of_its_controller_is_told() {
        let codes = |controller| -> Vec<_> {
            let text = with("/controller", controller).to_string();
            let file = PolicyFile::read("placet.json", &text).unwrap();
            let lints = file.lint().into_iter();
            let lints = lints.filter(|found| found.path == "controller");
            lints.map(|found| (found.code, found.message)).collect()
        };
        assert!(codes(full()["controller"].clone()).is_empty());
        let found = codes(json!({ "name": "Shop Ltd", "phone": "1" }));
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(
            found
                .iter()
                .all(|(code, _)| *code == "controller-incomplete")
        );
    }
}
