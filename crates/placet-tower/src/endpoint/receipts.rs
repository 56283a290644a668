//! The visitor's own receipts, read and erased: for whoever sends the consent cookie with their id, and for
//! nobody else.

use http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, HeaderName, RETRY_AFTER, VARY, X_CONTENT_TYPE_OPTIONS,
};
use http::request::Parts;
use http::{Method, StatusCode};
use placet::{ChoiceId, Decision};
use placet_ledger::{Erased, Receipt, State, Unavailable};

use super::answer::{Answer, JSON};
use super::problem::{Problem, ProblemKind, quoted};
use super::{
    Begun, Endpoints, Format, LARGEST_SUBMISSION, Next, Visitor, cross_site, language, media_type,
};
use crate::ledger::Outcome;
use crate::page::{Notice, PastChoice, Receipts};

/// No page of another site may have them in itself (Fetch Standard, section 3.7).
const CROSS_ORIGIN_RESOURCE_POLICY: HeaderName =
    HeaderName::from_static("cross-origin-resource-policy");
/// When somebody who found the ledger away may come again, in seconds.
const LATER: &str = "30";
const DOWNLOAD: &str = "attachment; filename=\"consent-receipts.json\"";

/// What a visitor asks of the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Question {
    /// The preferences page, with the receipts in it.
    Page,
    /// The receipts themselves.
    List,
    /// That they be erased; a form is answered with a page.
    Erase(Format),
}

/// What a request for receipts comes to before its body is read.
pub(super) fn begin(request: &Parts, visitor: &Visitor<'_>, allow: &'static str) -> Begun {
    let method = &request.method;
    if *method == Method::GET || *method == Method::HEAD {
        return asked(Question::List, request, visitor);
    }
    if *method != Method::DELETE && *method != Method::POST {
        return Begun::Answered(Answer::method_not_allowed(method, allow));
    }
    if let Err(problem) = cross_site::check(request, visitor.policy) {
        return Begun::Answered(Answer::problem(&problem));
    }
    if *method == Method::DELETE {
        return asked(Question::Erase(Format::Json), request, visitor);
    }
    match media_type::read(&request.headers) {
        Ok(format @ Format::Form) => Begun::WantsBody {
            limit: LARGEST_SUBMISSION,
            format,
        },
        Ok(Format::Json) => Begun::Answered(Answer::problem(&Problem {
            kind: ProblemKind::MediaType,
            field: None,
            found: "`Content-Type: application/json`".to_owned(),
            expected: "a form, or DELETE".to_owned(),
        })),
        Err(problem) => Begun::Answered(Answer::problem(&problem)),
    }
}

/// What a form comes to that was read: it says `erase=all` and nothing else.
pub(super) fn finish(
    endpoints: &Endpoints,
    body: &[u8],
    request: &Parts,
    visitor: &Visitor<'_>,
) -> Next {
    let mut fields = form_urlencoded::parse(body);
    let is_asked = match (fields.next(), fields.next()) {
        (Some((name, value)), None) => name == "erase" && value == "all",
        _ => false,
    };
    if !is_asked {
        let text = String::from_utf8_lossy(body);
        return Next::Answer(Answer::problem(&Problem {
            kind: ProblemKind::Value,
            field: Some("erase".to_owned()),
            found: quoted(&text),
            expected: "`erase=all`".to_owned(),
        }));
    }
    match visitor.choice_sent() {
        Some(id) => Next::Ask(Question::Erase(Format::Form), id),
        None => Next::Answer(erased(endpoints, Format::Form, request, Erased::default())),
    }
}

/// Asks the ledger; of a visitor without a choice there is nothing to be asked.
fn asked(question: Question, request: &Parts, visitor: &Visitor<'_>) -> Begun {
    if let Some(id) = visitor.choice_sent() {
        return Begun::Asks(question, id);
    }
    Begun::Answered(match question {
        Question::Erase(_) => count(Erased::default()),
        Question::List | Question::Page => {
            let answer = list(request, &[]);
            if request.method == Method::HEAD {
                answer.without_body()
            } else {
                answer
            }
        }
    })
}

impl Visitor<'_> {
    /// The id of the choice that the visitor's cookie holds, where it was read.
    pub(super) fn choice_sent(&self) -> Option<ChoiceId> {
        let choice = self.circumstances.choice;
        choice
            .filter(|_| self.choice_problem.is_none())
            .map(|choice| choice.id)
    }
}

impl Endpoints {
    /// Answers what the ledger was asked.
    pub(crate) fn told(
        &self,
        question: Question,
        request: &Parts,
        outcome: Outcome,
        visitor: &Visitor<'_>,
    ) -> Answer {
        let answer = match (question, outcome) {
            (Question::Page, Outcome::History(history)) => {
                let receipts = history.as_deref().unwrap_or_default();
                let past: Vec<_> = receipts.iter().map(row).collect();
                let shown = match history {
                    Ok(_) => Receipts::Kept(&past),
                    Err(Unavailable) => Receipts::Unavailable,
                };
                self.show_preferences(request, visitor, Some(shown))
            }
            (Question::List, Outcome::History(Ok(receipts))) => list(request, &receipts),
            (Question::Erase(format), Outcome::Erased(Ok(done))) => {
                erased(self, format, request, done)
            }
            (Question::Erase(Format::Form), _) => {
                let notice = Some(Notice::Unavailable);
                let page = self.page(request, visitor, notice, None, None);
                Answer::preferences(page.document(), visitor.policy.shared_with()).unavailable()
            }
            _ => Answer::problem(&Problem {
                kind: ProblemKind::Unavailable,
                field: None,
                found: Unavailable.to_string(),
                expected: "a ledger that answers".to_owned(),
            })
            .unavailable(),
        };
        if request.method == Method::HEAD {
            answer.without_body()
        } else {
            answer
        }
    }
}

impl Answer {
    /// Something that can be had later.
    fn unavailable(mut self) -> Self {
        *self.response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
        self.with(RETRY_AFTER, LATER)
    }

    /// Something that the consent cookie alone decides.
    fn of_choice(body: String) -> Self {
        const FIELDS: [(HeaderName, &str); 3] = [
            (CACHE_CONTROL, "no-store"),
            (VARY, "Cookie"),
            (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        ];
        let answer = Self::new(JSON, body);
        let fields = FIELDS.into_iter();
        fields.fold(answer, |answer, (name, value)| answer.with(name, value))
    }
}

/// The receipts as a JSON array, each as it is written for the ledger.
fn list(request: &Parts, receipts: &[Receipt]) -> Answer {
    let receipts: Vec<_> = receipts.iter().map(Receipt::to_json).collect();
    let answer = Answer::of_choice(format!("[{}]", receipts.join(",")))
        .with(CROSS_ORIGIN_RESOURCE_POLICY, "same-origin");
    let query = request.uri.query().unwrap_or_default();
    if form_urlencoded::parse(query.as_bytes()).any(|(name, _)| name == "download") {
        answer.with(CONTENT_DISPOSITION, DOWNLOAD)
    } else {
        answer
    }
}

fn erased(endpoints: &Endpoints, format: Format, request: &Parts, done: Erased) -> Answer {
    match format {
        Format::Json => count(done),
        Format::Form => {
            let mut page = format!("{}?erased", endpoints.preferences());
            if let Some(language) = language::asked(request) {
                page.push_str("&lang=");
                page.push_str(language);
            }
            Answer::see_other(&page)
        }
    }
}

fn count(done: Erased) -> Answer {
    Answer::of_choice(format!("{{\"erased\":{}}}", done.receipts))
}

/// A receipt as the page shows it.
fn row(receipt: &Receipt) -> PastChoice<'_> {
    let said = |state: &State| match state {
        State::Given | State::Renewed => Decision::Granted,
        State::Refused | State::Withdrawn => Decision::Refused,
        _ => Decision::Undecided,
    };
    let names = receipt.situation.categories.iter().map(|one| &*one.name);
    PastChoice {
        made: receipt.at.second(),
        how: receipt.how,
        said: names.zip(receipt.states.iter().map(said)).collect(),
    }
}
