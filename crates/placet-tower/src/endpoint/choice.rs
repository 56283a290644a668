//! The choice that was submitted, and the answer with what holds from then on.

use std::borrow::Cow;

use http::header::HeaderName;
use http::request::Parts;
use placet::well_known::TrackingStatusValue;
use placet::{Choice, ChoiceId, Circumstances};

use super::submission::{Submission, Told};
use super::{Answer, Endpoints, Format, Visitor, language, sharing, status};
use crate::ledger::Recorded;

const TK: HeaderName = HeaderName::from_static("tk");

/// A choice that was submitted, and what matters for its answer and its receipt.
#[derive(Debug)]
pub(crate) struct Chosen {
    pub(crate) choice: Choice,
    pub(crate) told: Told,
    format: Format,
    return_to: Option<String>,
}

/// The choice of a submission: the layer lets it hold and puts it into the cookie.
///
/// Categories that were not named keep what was said of them, as [`Choice::succeeding`] has it.
pub(super) fn of(
    format: Format,
    request: &Parts,
    submission: Submission,
    visitor: &Visitor<'_>,
    fresh: ChoiceId,
) -> Chosen {
    let policy = visitor.policy;
    let before = visitor.circumstances;
    let new = Choice::new(
        submission.id.unwrap_or(fresh),
        before.now,
        policy.revision(),
        submission.how,
        before.signals,
    );
    let granted = submission.granted.iter().fold(new, Choice::grant);
    let said = submission.refused.iter().fold(granted, Choice::refuse);
    let mut told = submission.told;
    if format == Format::Form {
        told.language = language::asked(request).map(str::to_owned);
    }
    Chosen {
        choice: said.succeeding(before, policy),
        told,
        format,
        return_to: submission.return_to,
    }
}

/// The answer to a choice that holds by now.
///
/// JSON is answered with the new status, a form with 303 to where it came from, else to the preferences
/// page; where the policy shares the choice, by way of its other origins. Where the policy answers Do
/// Not Track, `Tk: U` tells that the tracking status changed (Tracking Preference Expression, section
/// 6.3.3).
pub(super) fn answer(
    endpoints: &Endpoints,
    request: &Parts,
    chosen: &Chosen,
    visitor: &Visitor<'_>,
    recorded: Option<Recorded>,
) -> Answer {
    let policy = visitor.policy;
    let answer = match chosen.format {
        Format::Json => {
            let circumstances = Circumstances {
                choice: Some(chosen.choice),
                ..*visitor.circumstances
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
            status::answer(&after, endpoints.share(request, policy), recorded)
        }
        Format::Form => {
            let path = match &chosen.return_to {
                Some(path) => Cow::from(path),
                None => saved_page(endpoints, request, recorded).into(),
            };
            sharing::after_choice(&endpoints.prefix, request, policy, &path)
                .unwrap_or_else(|| Answer::see_other(&path))
        }
    };
    if policy.dnt_refuses().is_some() {
        answer.with(TK, UPDATED)
    } else {
        answer
    }
}

/// The preferences page with the word that the choice is saved, and whether its receipt is not, in the
/// language of the form.
fn saved_page(endpoints: &Endpoints, request: &Parts, recorded: Option<Recorded>) -> String {
    let mut page = format!("{}?saved", endpoints.preferences());
    if recorded.is_some_and(|recorded| !recorded.is_durable()) {
        page.push_str("&unrecorded");
    }
    if let Some(language) = language::asked(request) {
        page.push_str("&lang=");
        page.push_str(language);
    }
    page
}

/// [`placet::well_known::Tk::UPDATED`] as a constant of the header's type.
const UPDATED: &str = "U";
const _: () = assert!(TrackingStatusValue::Updated.as_char() == 'U');
