//! Makes the choice that was submitted, and answers with what holds from now on.

use std::borrow::Cow;

use http::header::HeaderName;
use http::request::Parts;
use placet::well_known::TrackingStatusValue;
use placet::{Choice, ChoiceId, Circumstances};

use super::submission::Submission;
use super::{Answer, Endpoints, Format, Visitor, language, sharing, status};

const TK: HeaderName = HeaderName::from_static("tk");

/// Saves a submission: the choice is the answer's, the layer puts it into the cookie.
///
/// Categories that were not named keep what was said of them, as [`Choice::succeeding`] has it. JSON is
/// answered with the new status, a form with 303 to where it came from, else to the preferences
/// page; where the policy shares the choice, by way of its other origins. Where the policy answers Do
/// Not Track, `Tk: U` tells that the tracking status changed (Tracking Preference Expression, section
/// 6.3.3).
pub(super) fn save(
    endpoints: &Endpoints,
    format: Format,
    request: &Parts,
    submission: &Submission,
    visitor: &Visitor<'_>,
    fresh: ChoiceId,
) -> Answer {
    let policy = visitor.policy;
    let before = visitor.circumstances;
    let new = Choice::new(
        fresh,
        before.now,
        policy.revision(),
        submission.how,
        before.signals,
    );
    let granted = submission.granted.iter().fold(new, Choice::grant);
    let said = submission.refused.iter().fold(granted, Choice::refuse);
    let choice = said.succeeding(before, policy);

    let mut answer = match format {
        Format::Json => {
            let circumstances = Circumstances {
                choice: Some(choice),
                ..*before
            };
            let after = Visitor {
                policy,
                circumstances: &circumstances,
                choice_problem: None,
                standing: &policy.standing(&circumstances),
                enforces: visitor.enforces,
                #[cfg(feature = "script")]
                served: visitor.served,
            };
            status::answer(&after, endpoints.share(request, policy))
        }
        Format::Form => {
            let path = match &submission.return_to {
                Some(path) => Cow::from(path),
                None => saved_page(endpoints, request).into(),
            };
            sharing::after_choice(&endpoints.prefix, request, policy, &path)
                .unwrap_or_else(|| Answer::see_other(&path))
        }
    };
    if policy.dnt_refuses().is_some() {
        answer = answer.with(TK, UPDATED);
    }
    answer.choice = Some(choice);
    answer
}

/// The preferences page with the word that the choice is saved, in the language of the form.
fn saved_page(endpoints: &Endpoints, request: &Parts) -> String {
    let mut page = format!("{}?saved", endpoints.preferences());
    if let Some(language) = language::asked(request) {
        page.push_str("&lang=");
        page.push_str(language);
    }
    page
}

/// [`placet::well_known::Tk::UPDATED`] as a constant of the header's type.
const UPDATED: &str = "U";
const _: () = assert!(TrackingStatusValue::Updated.as_char() == 'U');
