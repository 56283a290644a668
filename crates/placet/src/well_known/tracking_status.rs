//! The tracking status resource (Tracking Preference Expression, section 6.5).

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::tk::TrackingStatusValue;

/// What a site says under `/.well-known/dnt/`.
///
/// Unknown members are ignored, as the specification asks; a missing `tracking` is an error.
///
/// ```
/// use placet::well_known::{TrackingStatus, TrackingStatusValue};
///
/// let status = TrackingStatus::from_json(br#"{ "tracking": "N", "policy": "/privacy" }"#)?;
/// assert_eq!(status.tracking, TrackingStatusValue::NotTracking);
/// assert_eq!(status.to_json(), r#"{"tracking":"N","policy":"/privacy"}"#);
/// # Ok::<(), placet::well_known::NotATrackingStatus>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrackingStatus {
    /// How the site tracks.
    #[serde(serialize_with = "write_value", deserialize_with = "read_value")]
    pub tracking: TrackingStatusValue,
    /// References to the regimes the site claims to comply with.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub compliance: Vec<String>,
    /// Single-character qualifiers of the tracking.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub qualifiers: Option<String>,
    /// References to the first party; none stands for the site's root.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub controller: Vec<String>,
    /// Domains of the same party.
    #[serde(default, rename = "same-party", skip_serializing_if = "Vec::is_empty")]
    pub same_party: Vec<String>,
    /// References to audits.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub audit: Vec<String>,
    /// A reference to the privacy policy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<String>,
    /// A reference to where the visitor gives or changes a choice; needed with `C` and `P`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub config: Option<String>,
}

/// Bytes that are no tracking status resource.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NotATrackingStatus {
    /// Not JSON, or a member of another type.
    #[error("found no tracking status: {0}; expected an object like {{\"tracking\":\"N\"}}")]
    Json(#[from] serde_json::Error),
    /// `C` or `P` without the place where consent is given.
    #[error("found `{0}` without `config`; expected a reference to where the choice is made")]
    MissingConfig(TrackingStatusValue),
}

impl TrackingStatus {
    /// A status that says no more than the value.
    pub const fn new(tracking: TrackingStatusValue) -> Self {
        Self {
            tracking,
            compliance: Vec::new(),
            qualifiers: None,
            controller: Vec::new(),
            same_party: Vec::new(),
            audit: Vec::new(),
            policy: None,
            config: None,
        }
    }

    /// Reads a resource.
    ///
    /// # Errors
    ///
    /// [`NotATrackingStatus`] when `tracking` is missing, a member has another type, or a status
    /// that rests on consent does not say where consent is given.
    pub fn from_json(bytes: &[u8]) -> Result<Self, NotATrackingStatus> {
        let status: Self = serde_json::from_slice(bytes)?;
        match status.tracking {
            TrackingStatusValue::Consent | TrackingStatusValue::PotentialConsent
                if status.config.is_none() =>
            {
                Err(NotATrackingStatus::MissingConfig(status.tracking))
            }
            _ => Ok(status),
        }
    }

    /// The resource as JSON.
    pub fn to_json(&self) -> String {
        // Strings under fixed names always serialise.
        serde_json::to_string(self).unwrap_or_default()
    }
}

fn write_value<S: Serializer>(value: &TrackingStatusValue, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_char(value.as_char())
}

fn read_value<'de, D: Deserializer<'de>>(from: D) -> Result<TrackingStatusValue, D::Error> {
    let text = String::deserialize(from)?;
    let mut characters = text.chars();
    match (characters.next(), characters.next()) {
        (Some(c), None) => TrackingStatusValue::from_char(c),
        _ => None,
    }
    .filter(|value| *value != TrackingStatusValue::Updated)
    .ok_or_else(|| de::Error::custom(format!("found `{text}`, expected one of ! ? G N T C P D")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_full_resource_is_read_and_written() {
        let text = r#"{"tracking":"C","compliance":["https://a.example/c"],"qualifiers":"af","controller":["/"],"same-party":["b.example"],"audit":["/audit"],"policy":"/privacy","config":"/.placet/"}"#;
        let status = TrackingStatus::from_json(text.as_bytes()).unwrap();
        assert_eq!(status.same_party, ["b.example"]);
        assert_eq!(status.to_json(), text);
    }

    #[test]
    fn unknown_members_are_ignored_and_wrong_ones_are_not() {
        assert!(TrackingStatus::from_json(br#"{"tracking":"N","x":[1]}"#).is_ok());
        for bad in [
            "",
            "[]",
            "{}",
            r#"{"tracking":"NT"}"#,
            r#"{"tracking":"U"}"#,
            r#"{"tracking":1}"#,
            r#"{"tracking":"C"}"#,
            r#"{"tracking":"P"}"#,
            r#"{"tracking":"N","audit":"/a"}"#,
        ] {
            assert!(TrackingStatus::from_json(bad.as_bytes()).is_err(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes: Vec<u8>) {
            let _ = TrackingStatus::from_json(&bytes);
        }
    }
}
