//! The addresses the layer answers itself: the visitor's status, saving a choice, the preferences
//! page, and the well-known resources about signals. Pure functions from request to answer; the
//! layer does the waiting.
//!
//! What they answer is told to users of the crate in `endpoints.md`.

mod answer;
mod choice;
mod cross_site;
mod language;
mod media_type;
mod prefix;
mod problem;
#[cfg(feature = "ledger")]
mod receipts;
mod return_path;
mod sharing;
mod status;
mod submission;
#[cfg(test)]
mod tests;
mod well_known;

use http::{Method, request};
#[cfg(feature = "script")]
use placet::Region;
use placet::{ChoiceId, Circumstances, ConsentCookieProblem, Policy, Standing};

pub(crate) use answer::Answer;
pub(crate) use choice::Chosen;
pub(crate) use media_type::Format;
pub use prefix::NotAPrefix;
pub(crate) use problem::Problem;
#[cfg(feature = "ledger")]
pub(crate) use receipts::Question;
pub use return_path::NotAPath;
use sharing::Bits;
pub(crate) use sharing::nonce_cookie;
#[cfg(feature = "ledger")]
pub(crate) use submission::Follows;
pub(crate) use submission::Told;

use problem::ProblemKind;

use crate::ledger::Recorded;
use crate::page::{self, Notice, PreferencesPage, Receipts};
#[cfg(feature = "script")]
use crate::script::{FileName, Script};

/// The most bytes of a submission that are read.
const LARGEST_SUBMISSION: usize = 4096;

/// What is known of the request's visitor.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Visitor<'a> {
    pub(crate) policy: &'a Policy,
    /// What the standing follows from.
    pub(crate) circumstances: &'a Circumstances,
    /// Why the consent cookie was not read, where one was sent.
    pub(crate) choice_problem: Option<ConsentCookieProblem>,
    pub(crate) standing: &'a Standing,
    /// Whether the layer acts on the standing, or only reports.
    pub(crate) enforces: bool,
    #[cfg(feature = "script")]
    pub(crate) served: Served<'a>,
}

/// What is known for the script of the visitor's page.
#[cfg(feature = "script")]
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Served<'a> {
    /// The one of the policy, where one is served.
    pub(crate) script: Option<&'a Script>,
    /// Whether anything says where visitors are.
    pub(crate) has_region_source: bool,
}

/// The endpoints under one prefix, and the well-known resources.
#[derive(Clone, Debug)]
pub(crate) struct Endpoints {
    prefix: Box<str>,
    site_stylesheet: Option<Box<str>>,
    #[cfg(feature = "script")]
    serves_script: bool,
    /// Whether there are receipts of choices.
    #[cfg(feature = "ledger")]
    has_ledger: bool,
}

impl Default for Endpoints {
    fn default() -> Self {
        Self {
            prefix: "/.placet/".into(),
            site_stylesheet: None,
            #[cfg(feature = "script")]
            serves_script: false,
            #[cfg(feature = "ledger")]
            has_ledger: false,
        }
    }
}

/// One of the addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Endpoint {
    Status,
    Choice,
    Preferences,
    Style,
    /// A step on the way on which a choice is shared, where the policy shares it.
    Share,
    /// The visitor's own receipts, where there is a ledger.
    #[cfg(feature = "ledger")]
    Receipts,
    GpcSupport,
    TrackingStatus,
    /// One of the files of the script, where one is served.
    #[cfg(feature = "script")]
    File(FileName),
    /// Where the visitor is, for the script.
    #[cfg(feature = "script")]
    Region,
    /// Under the prefix, and none of the others.
    Unknown,
}

/// What a request comes to before its body is read.
#[derive(Debug)]
pub(crate) enum Begun {
    /// Answered; the body is of no interest.
    Answered(Answer),
    /// [`Endpoints::finish`] wants the body, or [`Endpoints::decline`] to be called when it
    /// is longer than `limit`.
    WantsBody { limit: usize, format: Format },
    /// [`Endpoints::told`] wants to know what the ledger has of this choice.
    #[cfg(feature = "ledger")]
    Asks(Question, ChoiceId),
}

/// What a request comes to after its body was read.
#[derive(Debug)]
pub(crate) enum Next {
    /// It is answered.
    Answer(Answer),
    /// A choice is to be made, and [`Endpoints::saved`] to be called.
    Choice(Chosen),
    /// As [`Begun::Asks`].
    #[cfg(feature = "ledger")]
    Ask(Question, ChoiceId),
}

impl Endpoint {
    /// Whether it says what the site does about signals.
    pub(crate) const fn is_claim(self) -> bool {
        matches!(self, Self::GpcSupport | Self::TrackingStatus)
    }

    /// Whether it is the script or one of what it loads.
    #[cfg(feature = "script")]
    pub(crate) const fn is_of_script(self) -> bool {
        matches!(self, Self::File(_) | Self::Region)
    }

    /// The value of `Allow`.
    const fn allow(self) -> &'static str {
        match self {
            Self::Choice => "POST, OPTIONS",
            Self::Share => "GET, OPTIONS",
            #[cfg(feature = "ledger")]
            Self::Receipts => "GET, HEAD, POST, DELETE, OPTIONS",
            Self::Unknown => "",
            Self::Status
            | Self::Preferences
            | Self::Style
            | Self::GpcSupport
            | Self::TrackingStatus => "GET, HEAD, OPTIONS",
            #[cfg(feature = "script")]
            Self::File(_) | Self::Region => "GET, HEAD, OPTIONS",
        }
    }
}

impl Endpoints {
    /// These endpoints under `prefix`, for example `/.placet/`.
    ///
    /// # Errors
    ///
    /// [`NotAPrefix`] unless it begins and ends with `/`, has something between, and is written in
    /// characters that no client writes in two ways.
    pub(crate) fn under(self, prefix: &str) -> Result<Self, NotAPrefix> {
        Ok(Self {
            prefix: prefix::checked(prefix)?,
            ..self
        })
    }

    /// These endpoints with a page that loads a style sheet of the site too.
    ///
    /// # Errors
    ///
    /// [`NotAPath`] unless it is a path of the own origin: the page loads nothing from elsewhere.
    pub(crate) fn styled(self, path: &str) -> Result<Self, NotAPath> {
        let own = return_path::of_own_origin(path).ok_or_else(|| NotAPath {
            found: path.chars().take(160).collect(),
        })?;
        Ok(Self {
            site_stylesheet: Some(own.into()),
            ..self
        })
    }

    /// These endpoints with the script among them.
    #[cfg(feature = "script")]
    pub(crate) fn with_script(self) -> Self {
        Self {
            serves_script: true,
            ..self
        }
    }

    /// These endpoints with those of a ledger among them.
    #[cfg(feature = "ledger")]
    pub(crate) fn with_ledger(self) -> Self {
        Self {
            has_ledger: true,
            ..self
        }
    }

    #[cfg(feature = "ledger")]
    const fn has_ledger(&self) -> bool {
        self.has_ledger
    }

    #[cfg(not(feature = "ledger"))]
    #[expect(
        clippy::unused_self,
        reason = "with the feature it depends on the layer"
    )]
    const fn has_ledger(&self) -> bool {
        false
    }

    #[cfg(feature = "script")]
    pub(crate) const fn serves_script(&self) -> bool {
        self.serves_script
    }

    /// The address of what has this name under the prefix.
    #[cfg(feature = "script")]
    pub(crate) fn below_prefix(&self, name: &str) -> String {
        format!("{}{name}", self.prefix)
    }

    /// Where a page may go to share the choice, if this origin shares it.
    fn share(&self, request: &request::Parts, policy: &Policy) -> Option<String> {
        sharing::own_origin(request, policy)?;
        Some(format!("{}{}", self.prefix, sharing::NAME))
    }

    /// Where the preferences page is.
    pub(crate) fn preferences(&self) -> String {
        format!("{}{}", self.prefix, page::PREFERENCES)
    }

    /// The endpoint at a path, or `None` where the inner service is to answer.
    ///
    /// Paths are compared as bytes: a percent-encoded spelling is another path, and under the
    /// prefix it is not found.
    #[inline]
    pub(crate) fn route(&self, path: &str, policy: &Policy) -> Option<Endpoint> {
        if let Some(rest) = path.strip_prefix(&*self.prefix) {
            return Some(match rest {
                "status" => Endpoint::Status,
                page::CHOICE => Endpoint::Choice,
                page::PREFERENCES => Endpoint::Preferences,
                page::STYLE => Endpoint::Style,
                #[cfg(feature = "ledger")]
                page::RECEIPTS if self.has_ledger => Endpoint::Receipts,
                sharing::NAME if !policy.shared_with().is_empty() => Endpoint::Share,
                other => self.of_script(other).unwrap_or(Endpoint::Unknown),
            });
        }
        match path.strip_prefix("/.well-known/")? {
            "gpc.json" if well_known::speaks_of_gpc(policy) => Some(Endpoint::GpcSupport),
            "dnt/" | "dnt" => Some(Endpoint::TrackingStatus),
            _ => None,
        }
    }

    /// What the script and what it asks for are, where one is served.
    #[cfg(feature = "script")]
    fn of_script(&self, name: &str) -> Option<Endpoint> {
        let endpoint = match name {
            "region" => Endpoint::Region,
            name => Endpoint::File(FileName::read(name)?),
        };
        self.serves_script.then_some(endpoint)
    }

    #[cfg(not(feature = "script"))]
    #[expect(
        clippy::unused_self,
        reason = "with the feature it depends on the layer"
    )]
    const fn of_script(&self, _: &str) -> Option<Endpoint> {
        None
    }

    /// Answers a request, or asks for its body; `random` gives bits that nobody can guess.
    pub(crate) fn begin(
        &self,
        endpoint: Endpoint,
        request: &request::Parts,
        visitor: &Visitor<'_>,
        random: impl FnOnce() -> Option<Bits>,
    ) -> Begun {
        let method = &request.method;
        let answer = match endpoint {
            Endpoint::Unknown => Answer::problem(&self.not_found(request)),
            _ if *method == Method::OPTIONS => Answer::options(endpoint.allow()),
            #[cfg(feature = "ledger")]
            Endpoint::Receipts => return receipts::begin(request, visitor, endpoint.allow()),
            Endpoint::Choice if *method == Method::POST => match Self::accept(request, visitor) {
                Ok(format) => {
                    return Begun::WantsBody {
                        limit: LARGEST_SUBMISSION,
                        format,
                    };
                }
                Err(problem) => {
                    let format = media_type::read(&request.headers).ok();
                    self.refuse(format, request, visitor, &problem, None)
                }
            },
            Endpoint::Share if *method == Method::GET => {
                sharing::answer(&self.prefix, request, visitor, random())
            }
            Endpoint::Choice | Endpoint::Share => {
                Answer::method_not_allowed(method, endpoint.allow())
            }
            _ if *method != Method::GET && *method != Method::HEAD => {
                Answer::method_not_allowed(method, endpoint.allow())
            }
            Endpoint::Status => status::answer(visitor, self.share(request, visitor.policy), None),
            Endpoint::Preferences => {
                #[cfg(feature = "ledger")]
                if let Some(id) = visitor.choice_sent().filter(|_| self.has_ledger) {
                    return Begun::Asks(Question::Page, id);
                }
                self.show_preferences(request, visitor, None)
            }
            Endpoint::Style => Answer::style(page::STYLESHEET),
            Endpoint::GpcSupport => well_known::gpc_support(),
            #[cfg(feature = "script")]
            Endpoint::File(name) => match visitor.served.script {
                Some(script) => script.answer(name, &request.headers),
                None => Answer::problem(&self.not_found(request)),
            },
            #[cfg(feature = "script")]
            Endpoint::Region => {
                let region = visitor.circumstances.region.as_ref().map(Region::code);
                Answer::region(region, visitor.served.has_region_source)
            }
            Endpoint::TrackingStatus => well_known::tracking_status(visitor, self.preferences()),
        };
        Begun::Answered(if *method == Method::HEAD {
            answer.without_body()
        } else {
            answer
        })
    }

    /// What a submission comes to whose body has been read; `fresh` is the name of the choice it makes,
    /// unless it brings one.
    pub(crate) fn finish(
        &self,
        endpoint: Endpoint,
        format: Format,
        request: &request::Parts,
        body: &[u8],
        visitor: &Visitor<'_>,
        fresh: ChoiceId,
    ) -> Next {
        if body.len() > LARGEST_SUBMISSION {
            let problem = Problem::too_large();
            return Next::Answer(self.decline(endpoint, format, request, visitor, &problem));
        }
        #[cfg(feature = "ledger")]
        if endpoint == Endpoint::Receipts {
            return receipts::finish(self, body, request, visitor);
        }
        match submission::read(format, body, visitor.policy) {
            Ok(submission) => Next::Choice(choice::of(format, request, submission, visitor, fresh)),
            Err(problem) => {
                let return_to = submission::return_path(body);
                Next::Answer(self.refuse(
                    Some(format),
                    request,
                    visitor,
                    &problem,
                    return_to.as_deref(),
                ))
            }
        }
    }

    /// The answer to a choice that was submitted, and holds by now; `recorded` is what became of its
    /// receipt, where there is one.
    pub(crate) fn saved(
        &self,
        request: &request::Parts,
        chosen: &Chosen,
        visitor: &Visitor<'_>,
        recorded: Option<Recorded>,
    ) -> Answer {
        choice::answer(self, request, chosen, visitor, recorded)
    }

    /// Answers a submission that did not come to be read.
    pub(crate) fn decline(
        &self,
        endpoint: Endpoint,
        format: Format,
        request: &request::Parts,
        visitor: &Visitor<'_>,
        problem: &Problem,
    ) -> Answer {
        if endpoint != Endpoint::Choice {
            return Answer::problem(problem);
        }
        self.refuse(Some(format), request, visitor, problem, None)
    }

    /// Everything that can be said of a submission before its body is read. Where it comes from is
    /// the first question, so that another site learns nothing from the others.
    fn accept(request: &request::Parts, visitor: &Visitor<'_>) -> Result<Format, Problem> {
        cross_site::check(request, visitor.policy)?;
        let format = media_type::read(&request.headers)?;
        if media_type::announced_length(&request.headers) > Some(LARGEST_SUBMISSION as u64) {
            return Err(Problem::too_large());
        }
        Ok(format)
    }

    /// An error: the page with the problem for a form, JSON for everybody else.
    fn refuse(
        &self,
        format: Option<Format>,
        request: &request::Parts,
        visitor: &Visitor<'_>,
        problem: &Problem,
        return_to: Option<&str>,
    ) -> Answer {
        match format {
            Some(Format::Form) => {
                let why = problem.to_string();
                let notice = Some(Notice::Problem(&why));
                let page = self.page(request, visitor, notice, return_to, None);
                Answer::preferences(page.document(), visitor.policy.shared_with())
                    .for_problem(problem.kind)
            }
            Some(Format::Json) | None => Answer::problem(problem),
        }
    }

    fn show_preferences(
        &self,
        request: &request::Parts,
        visitor: &Visitor<'_>,
        receipts: Option<Receipts<'_>>,
    ) -> Answer {
        let query = request.uri.query().unwrap_or_default();
        let mut fragment = false;
        let mut notice = None;
        let mut is_unrecorded = false;
        let mut return_to = None;
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match &*name {
                "fragment" => fragment = true,
                "saved" => notice = Some(Notice::Saved),
                "unrecorded" => is_unrecorded = self.has_ledger(),
                "erased" if self.has_ledger() => notice = Some(Notice::Erased),
                "return" => return_to = return_path::of_own_origin(&value).map(str::to_owned),
                _ => {}
            }
        }
        if is_unrecorded && notice == Some(Notice::Saved) {
            notice = Some(Notice::Unrecorded);
        }
        let page = self.page(request, visitor, notice, return_to.as_deref(), receipts);
        let html = if fragment {
            page.fragment()
        } else {
            page.document()
        };
        Answer::preferences(html, visitor.policy.shared_with())
    }

    fn page<'a>(
        &'a self,
        request: &request::Parts,
        visitor: &Visitor<'a>,
        notice: Option<Notice<'a>>,
        return_to: Option<&'a str>,
        receipts: Option<Receipts<'a>>,
    ) -> PreferencesPage<'a> {
        PreferencesPage {
            policy: visitor.policy,
            circumstances: *visitor.circumstances,
            enforces: visitor.enforces,
            prefix: &self.prefix,
            return_to,
            shared: sharing::own_origin(request, visitor.policy).is_some(),
            receipts,
            notice,
            language: language::of(request),
            site_stylesheet: self.site_stylesheet.as_deref(),
        }
    }

    fn not_found(&self, request: &request::Parts) -> Problem {
        let prefix = &self.prefix;
        Problem {
            kind: ProblemKind::NotFound,
            field: None,
            found: problem::quoted(request.uri.path()),
            expected: format!(
                "`{prefix}status`, `{prefix}choice`, `{prefix}preferences` or `{prefix}placet.css`"
            ),
        }
    }
}
