//! Which vendors the page tells what holds, in the vendor's own words, and what each has to know for
//! it. The script of the page acts on this; nothing that is decided here or on a server depends on it.

#[cfg(feature = "file")]
use serde::{Deserialize, Serialize};

#[cfg(feature = "file")]
use super::document::PolicyDocument;
#[cfg(feature = "file")]
use super::form::{MOST_REGIONS, is_identifier, is_region, is_text};
#[cfg(feature = "file")]
use super::problem::{Problem, steps};

/// How many purposes of Zaraz may be named.
#[cfg(feature = "file")]
pub(super) const MOST_PURPOSES: usize = 64;
/// How many milliseconds tags may be told to wait.
#[cfg(feature = "file")]
pub(super) const LONGEST_WAIT: u32 = 10_000;

/// The vendors that are told; of those that are not named, none is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "file", derive(Serialize, Deserialize))]
#[cfg_attr(feature = "file", serde(deny_unknown_fields))]
#[allow(missing_docs)]
pub struct BridgesDocument {
    #[cfg_attr(feature = "file", serde(skip_serializing_if = "Option::is_none"))]
    pub google: Option<GoogleDocument>,
    #[cfg_attr(feature = "file", serde(skip_serializing_if = "Option::is_none"))]
    pub microsoft_uet: Option<VendorDocument>,
    #[cfg_attr(feature = "file", serde(skip_serializing_if = "Option::is_none"))]
    pub clarity: Option<VendorDocument>,
    #[cfg_attr(feature = "file", serde(skip_serializing_if = "Option::is_none"))]
    pub meta: Option<VendorDocument>,
    #[cfg_attr(feature = "file", serde(skip_serializing_if = "Option::is_none"))]
    pub matomo: Option<MatomoDocument>,
    #[cfg_attr(feature = "file", serde(skip_serializing_if = "Option::is_none"))]
    pub shopify: Option<VendorDocument>,
    #[cfg_attr(feature = "file", serde(skip_serializing_if = "Option::is_none"))]
    pub zaraz: Option<ZarazDocument>,
}

/// A vendor whose interface leaves nothing to be decided.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "file", derive(Serialize, Deserialize))]
#[cfg_attr(feature = "file", serde(deny_unknown_fields))]
pub struct VendorDocument {}

/// Google's consent mode, version 2.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "file", derive(Serialize, Deserialize))]
#[cfg_attr(feature = "file", serde(deny_unknown_fields))]
#[allow(missing_docs)]
pub struct GoogleDocument {
    #[cfg_attr(feature = "file", serde(skip_serializing_if = "Option::is_none"))]
    pub wait_for_update: Option<u32>,
    #[cfg_attr(
        feature = "file",
        serde(default, skip_serializing_if = "Vec::is_empty")
    )]
    pub regions: Vec<String>,
    #[cfg_attr(feature = "file", serde(skip_serializing_if = "Option::is_none"))]
    pub ads_data_redaction: Option<bool>,
    #[cfg_attr(feature = "file", serde(skip_serializing_if = "Option::is_none"))]
    pub url_passthrough: Option<bool>,
}

/// Matomo's consent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "file", derive(Serialize, Deserialize))]
#[cfg_attr(feature = "file", serde(deny_unknown_fields))]
#[allow(missing_docs)]
pub struct MatomoDocument {
    #[cfg_attr(feature = "file", serde(skip_serializing_if = "Option::is_none"))]
    pub cookieless: Option<bool>,
}

/// The purposes of Cloudflare Zaraz, each with the category that it belongs to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "file", derive(Serialize, Deserialize))]
#[cfg_attr(feature = "file", serde(deny_unknown_fields))]
#[allow(missing_docs)]
pub struct ZarazDocument {
    #[cfg_attr(feature = "file", serde(with = "super::pairs"))]
    pub purposes: Vec<(String, String)>,
}

/// Whether every value has its form, as the reader of files demands it.
#[cfg(feature = "file")]
pub(super) fn are_well_formed(bridges: &BridgesDocument) -> bool {
    let google = bridges.google.as_ref().is_none_or(|google| {
        google
            .wait_for_update
            .is_none_or(|wait| wait <= LONGEST_WAIT)
            && google.regions.len() <= MOST_REGIONS
            && google.regions.iter().all(|region| is_iso_region(region))
    });
    let zaraz = bridges.zaraz.as_ref().is_none_or(|zaraz| {
        let purposes = zaraz.purposes.as_slice();
        purposes.len() <= MOST_PURPOSES
            && purposes
                .iter()
                .enumerate()
                .all(|(at, (purpose, category))| {
                    let mut before = purposes.iter().take(at);
                    is_text(purpose)
                        && is_identifier(category)
                        && before.all(|(other, _)| other != purpose)
                })
    });
    google && zaraz
}

/// A region by ISO 3166 alone, in which neither the union nor the kingdom has the name that many
/// write: what Google does not know, it passes over, and takes consent there as given.
#[cfg(feature = "file")]
pub(super) fn is_iso_region(text: &str) -> bool {
    is_region(text) && text != "EU" && text != "UK"
}

/// What a readable policy probably does not mean.
#[cfg(feature = "file")]
pub(super) fn lint(document: &PolicyDocument) -> Vec<Problem> {
    let bridges = document.bridges.as_ref();
    let google = bridges.and_then(|bridges| bridges.google.as_ref());
    let loosened = google.filter(|google| !google.regions.is_empty());
    let found = loosened.map(|_| Problem {
        path: steps!["bridges", "google", "regions"],
        code: "google-loosened",
        message: "outside these regions Google takes consent as given until the visitor refuses, whatever `regimes` says of them".to_owned(),
    });
    found.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::PolicyFile;
    use super::super::tests::{error_of, full, read, with};

    #[test]
    fn bridges_change_nothing_that_a_policy_decides() {
        let mut without = full();
        without.as_object_mut().unwrap().remove("bridges");
        let decides = |text| read(text).unwrap().to_compiled();
        assert_eq!(decides(&full()), decides(&without));
    }

    #[test]
    fn an_error_in_a_bridge_names_its_place_and_what_was_expected() {
        for (pointer, value, path, says) in [
            (
                "/bridges/google/regions",
                json!(["EU"]),
                "bridges.google.regions[0]",
                "found `EU`, expected a region by ISO 3166: a country like `DE`",
            ),
            (
                "/bridges/google/regions",
                json!(["FR", "UK"]),
                "bridges.google.regions[1]",
                "found `UK`",
            ),
            (
                "/bridges/google/wait_for_update",
                json!(10_001),
                "bridges.google.wait_for_update",
                "found `10001`, expected a whole number from 0 to 10000",
            ),
            (
                "/bridges/google/url_passthrough",
                json!("yes"),
                "bridges.google.url_passthrough",
                "found `\"yes\"`, expected `true` or `false`",
            ),
            (
                "/bridges/clarity/regions",
                json!([]),
                "bridges.clarity.regions",
                "found the field `regions`, expected no field",
            ),
            (
                "/bridges/tiktok",
                json!({}),
                "bridges.tiktok",
                "expected one of `google`, `microsoft_uet`, `clarity`, `meta`, `matomo`, `shopify`, `zaraz`",
            ),
            (
                "/bridges/zaraz",
                json!({}),
                "bridges.zaraz",
                "the field `purposes` is missing",
            ),
            (
                "/bridges/zaraz/purposes",
                json!({ " ": "analytics" }),
                "bridges.zaraz.purposes. ",
                "found ` `, expected the id of a purpose",
            ),
            (
                "/bridges/zaraz/purposes/Kdvf",
                json!("statistics"),
                "bridges.zaraz.purposes.Kdvf",
                "found the category `statistics`, expected one of `necessary`, `functional`, `analytics`, `marketing`, `social`",
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
    fn consent_that_google_takes_as_given_is_told() {
        let codes = |document: &serde_json::Value| -> Vec<_> {
            let text = document.to_string();
            let file = PolicyFile::read("placet.json", &text).unwrap();
            let lints = file.lint().into_iter();
            let lints = lints.filter(|d| d.path == "bridges.google.regions");
            lints.map(|d| d.code).collect()
        };
        assert_eq!(codes(&full()), ["google-loosened"]);
        let nowhere = with("/bridges/google/regions", json!([]));
        assert!(codes(&nowhere).is_empty());
    }
}
