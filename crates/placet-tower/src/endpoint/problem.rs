//! What is wrong with a request, in the form in which it is told: what was found, in which field,
//! and what would have been right.

use std::fmt;

use http::StatusCode;
use serde::Serialize;

use super::LARGEST_SUBMISSION;

/// Why a request was not done as asked; nothing was changed.
///
/// As JSON it is the `error` of an object, for example
/// `{"error":{"code":"value","field":"categories.analytics","found":"`yes`","expected":"`granted`
/// or `refused`","message":"…"}}`, where `field` is `null` when no field is at fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) kind: ProblemKind,
    /// The field as the client wrote it: `categories.analytics` in JSON, `category.analytics` in a
    /// form.
    pub(crate) field: Option<String>,
    /// What was found. Texts of the client are in backticks, shortened and without control
    /// characters; escaping them for the place where they are shown is the writer's.
    pub(crate) found: String,
    pub(crate) expected: String,
}

/// The kinds of problems, each with its code and status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ProblemKind {
    /// The body is not of the format that its media type names.
    Syntax,
    /// The request comes from another site.
    CrossSite,
    /// The request is no navigation, or nobody's own.
    NotANavigation,
    NotFound,
    Method,
    TooLarge,
    MediaType,
    UnknownField,
    UnknownCategory,
    /// A value of a known field is none of those it can have.
    Value,
    /// A required category was refused.
    RequiredCategory,
    /// A field or category stands twice.
    Duplicate,
    /// Both `all` and single categories.
    Ambiguous,
    /// No category was decided.
    Empty,
    /// The choice cannot be given an id.
    NoRandomness,
    /// The ledger does not answer.
    #[cfg(feature = "ledger")]
    Unavailable,
}

impl ProblemKind {
    /// The stable word for machines.
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Syntax => "syntax",
            Self::CrossSite => "cross-site",
            Self::NotANavigation => "not-a-navigation",
            Self::NotFound => "not-found",
            Self::Method => "method",
            Self::TooLarge => "too-large",
            Self::MediaType => "media-type",
            Self::UnknownField => "unknown-field",
            Self::UnknownCategory => "unknown-category",
            Self::Value => "value",
            Self::RequiredCategory => "required-category",
            Self::Duplicate => "duplicate",
            Self::Ambiguous => "ambiguous",
            Self::Empty => "empty",
            Self::NoRandomness => "no-randomness",
            #[cfg(feature = "ledger")]
            Self::Unavailable => "unavailable",
        }
    }

    pub(crate) const fn status(self) -> StatusCode {
        match self {
            Self::Syntax => StatusCode::BAD_REQUEST,
            Self::CrossSite | Self::NotANavigation => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::MediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::UnknownField
            | Self::UnknownCategory
            | Self::Value
            | Self::RequiredCategory
            | Self::Duplicate
            | Self::Ambiguous
            | Self::Empty => StatusCode::UNPROCESSABLE_ENTITY,
            Self::NoRandomness => StatusCode::SERVICE_UNAVAILABLE,
            #[cfg(feature = "ledger")]
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(field) = &self.field {
            write!(f, "field `{field}`: ")?;
        }
        write!(f, "found {}; expected {}", self.found, self.expected)
    }
}

impl Problem {
    /// A body longer than is read.
    pub(crate) fn too_large() -> Self {
        Self {
            kind: ProblemKind::TooLarge,
            field: None,
            found: "a longer body".to_owned(),
            expected: format!("at most {LARGEST_SUBMISSION} bytes"),
        }
    }

    /// A body that ended before it was whole.
    pub(crate) fn cut_off() -> Self {
        Self {
            kind: ProblemKind::Syntax,
            field: None,
            found: "a body that was cut off".to_owned(),
            expected: "all of it".to_owned(),
        }
    }

    /// No bits for the id of a choice.
    pub(crate) fn no_randomness() -> Self {
        Self {
            kind: ProblemKind::NoRandomness,
            field: None,
            found: "no random bits from the operating system".to_owned(),
            expected: "128 for the id of the choice; later it may have them".to_owned(),
        }
    }

    /// The problem as `{"error": …}`.
    pub(super) fn to_json(&self) -> Vec<u8> {
        #[derive(Serialize)]
        struct Body<'a> {
            error: Error<'a>,
        }
        #[derive(Serialize)]
        struct Error<'a> {
            code: &'static str,
            field: Option<&'a str>,
            found: &'a str,
            expected: &'a str,
            message: String,
        }
        let body = Body {
            error: Error {
                code: self.kind.code(),
                field: self.field.as_deref(),
                found: &self.found,
                expected: &self.expected,
                message: self.to_string(),
            },
        };
        // Strings under fixed names always serialise.
        serde_json::to_vec(&body).unwrap_or_default()
    }
}

/// A client's text in backticks, as [`plain`].
pub(super) fn quoted(text: &str) -> String {
    format!("`{}`", plain(text))
}

/// A client's text with at most 60 characters, none of them a control character.
pub(super) fn plain(text: &str) -> String {
    const MOST: usize = 60;
    let mut short: String = text
        .chars()
        .take(MOST)
        .map(|c| if c.is_control() { '\u{fffd}' } else { c })
        .collect();
    if text.chars().nth(MOST).is_some() {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_says_field_found_and_expected() {
        let problem = Problem {
            kind: ProblemKind::Value,
            field: Some("categories.analytics".to_owned()),
            found: quoted("ye\"s\n"),
            expected: "`granted` or `refused`".to_owned(),
        };
        let json: serde_json::Value = serde_json::from_slice(&problem.to_json()).unwrap();
        assert_eq!(
            json,
            serde_json::json!({ "error": {
                "code": "value",
                "field": "categories.analytics",
                "found": "`ye\"s\u{fffd}`",
                "expected": "`granted` or `refused`",
                "message": "field `categories.analytics`: found `ye\"s\u{fffd}`; expected `granted` or `refused`",
            }})
        );
    }

    #[test]
    fn what_was_found_is_told_in_short() {
        assert_eq!(quoted(&"ä".repeat(60)), format!("`{}`", "ä".repeat(60)));
        assert_eq!(quoted(&"ä".repeat(61)), format!("`{}…`", "ä".repeat(60)));
    }
}
