//! Makes the choice that was submitted, and answers with what holds from now on.

use http::header::HeaderName;
use http::request::Parts;
use placet::well_known::TrackingStatusValue;
use placet::{Choice, ChoiceId, Circumstances};

use super::submission::Submission;
use super::{Answer, Endpoints, Format, Visitor, language, status};
use crate::succession::Succession;

const TK: HeaderName = HeaderName::from_static("tk");

/// Saves a submission: the choice is the answer's, the layer puts it into the cookie.
///
/// Categories that were not named keep what was said of them, as [`Succession`] has it. JSON is
/// answered with the new status, a form with 303 to where it came from, else to the preferences
/// page. Where the policy answers Do Not Track, `Tk: U` tells that the tracking status changed
/// (Tracking Preference Expression, section 6.3.3).
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
    let succession = Succession {
        policy,
        circumstances: before,
        standing: visitor.standing,
    };
    let granted = submission.granted.iter();
    let choice = granted.fold(succession.onto(new), Choice::grant);
    let choice = submission.refused.iter().fold(choice, Choice::refuse);

    let mut answer = match format {
        Format::Json => {
            let circumstances = Circumstances {
                choice: Some(choice),
                ..*before
            };
            status::answer(&Visitor {
                policy,
                circumstances: &circumstances,
                choice_problem: None,
                standing: &policy.standing(&circumstances),
                enforces: visitor.enforces,
            })
        }
        Format::Form => match &submission.return_to {
            Some(path) => Answer::see_other(path),
            None => {
                let mut page = format!("{}?saved", endpoints.preferences());
                if let Some(language) = language::asked(request) {
                    page.push_str("&lang=");
                    page.push_str(language);
                }
                Answer::see_other(&page)
            }
        },
    };
    if policy.dnt_refuses().is_some() {
        answer = answer.with(TK, UPDATED);
    }
    answer.choice = Some(choice);
    answer
}

/// [`placet::well_known::Tk::UPDATED`] as a constant of the header's type.
const UPDATED: &str = "U";
const _: () = assert!(TrackingStatusValue::Updated.as_char() == 'U');
