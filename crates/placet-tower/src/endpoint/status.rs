//! The visitor's status as JSON: what holds, why, and what the server saw of the browser's signals,
//! so that a page can show that an opt-out request was honoured (California, 11 CCR 7025(c)(6)).

use placet::{
    Category, CategorySet, Choice, ConsentCookieProblem, Decision, Dnt, Policy, Staleness, Standing,
};
use serde::Serialize;

use super::Visitor;
use super::answer::{Answer, JSON};
use crate::ledger::Recorded;

/// The answer of `{prefix}status`, and of saving a choice as JSON.
#[derive(Debug, Serialize)]
pub(crate) struct Status<'a> {
    /// The policy's revision.
    revision: u32,
    /// The region as the layer knows it, an ISO 3166 code; `null` where it is not known, which is
    /// the strictest.
    region: Option<&'a str>,
    /// The signals as the server saw them.
    signals: SignalsSeen,
    /// What each signal brought about.
    responses: Responses<'a>,
    /// Every category, in the policy's order.
    categories: Vec<CategoryStatus<'a>>,
    /// The choice that was read or just made, whether it still counts or not; else `null`.
    choice: Option<ChoiceStatus>,
    /// Why the consent cookie was not read, in words, where one was sent that could not be.
    choice_problem: Option<String>,
    /// Whether a category is undecided, so that the visitor should be asked.
    undecided: bool,
    /// Where a page may go to share the choice with the policy's other origins; left out where this
    /// one shares nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    share: Option<String>,
    /// Where the receipt of the choice is that was just made: `ledger`, `spool`, `nowhere`; left out where
    /// there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    receipt: Option<&'static str>,
}

#[derive(Debug, Serialize)]
struct SignalsSeen {
    /// `Sec-GPC: 1` was sent.
    gpc: bool,
    /// `"1"`, `"0"`, or `null` where no `DNT` was sent.
    dnt: Option<&'static str>,
}

/// `null` for a signal that was not sent, or that asks for nothing (`DNT: 0`).
#[derive(Debug, Serialize)]
struct Responses<'a> {
    gpc: Option<Response<'a>>,
    dnt: Option<Response<'a>>,
}

#[derive(Debug, Serialize)]
struct Response<'a> {
    /// Everything that the signal refuses under this policy is refused, and that is something. Never
    /// true of a signal that the policy ignores, nor where the layer only reports.
    honoured: bool,
    /// The categories the signal refuses and that are refused.
    refused: Vec<&'a str>,
    /// The categories the signal refuses and that the visitor granted in spite of it.
    overridden: Vec<&'a str>,
}

#[derive(Debug, Serialize)]
struct CategoryStatus<'a> {
    id: &'a str,
    /// The name for visitors, where the policy gives one.
    title: Option<&'a str>,
    required: bool,
    /// `opt-in`, `opt-out`, `notice`.
    regime: &'static str,
    /// `granted`, `refused`, `undecided`.
    decision: &'static str,
    /// The code of [`placet::Reason`].
    reason: &'static str,
    /// The reason in words.
    reason_text: String,
}

#[derive(Debug, Serialize)]
struct ChoiceStatus {
    /// 32 hexadecimal digits.
    id: String,
    /// RFC 3339 in UTC.
    made: String,
    revision: u32,
    /// `banner`, `preferences`, `page`, `api`, `signal`.
    how: &'static str,
    /// Why it no longer counts as made: `revision`, `expired`, `in-the-future`; `null` while it
    /// does.
    stale: Option<&'static str>,
}

impl<'a> Status<'a> {
    pub(super) fn new(
        visitor: &Visitor<'a>,
        share: Option<String>,
        recorded: Option<Recorded>,
    ) -> Self {
        let Visitor {
            policy,
            circumstances,
            standing,
            enforces,
            ..
        } = *visitor;
        let signals = circumstances.signals;
        let rules = policy.region_rules(circumstances.region);
        let category = |category: &'a Category| {
            let holds = standing.of(category.id());
            CategoryStatus {
                id: category.name(),
                title: category.title(),
                required: category.is_required(),
                regime: rules.regime(category.like()).name(),
                decision: holds.decision.name(),
                reason: holds.reason.code(),
                reason_text: holds.reason.to_string(),
            }
        };
        let respond = |refused| Response::new(policy, standing, refused, enforces);
        Self {
            revision: policy.revision().0,
            region: circumstances.region.as_ref().map(placet::Region::code),
            signals: SignalsSeen {
                gpc: signals.gpc.is_on(),
                dnt: match signals.dnt {
                    Dnt::Absent => None,
                    Dnt::Allow => Some("0"),
                    Dnt::DoNotTrack => Some("1"),
                },
            },
            responses: Responses {
                gpc: (signals.gpc.is_on()).then(|| respond(policy.gpc_refuses())),
                dnt: (signals.dnt.is_do_not_track())
                    .then(|| respond(policy.dnt_refuses().unwrap_or_default())),
            },
            categories: policy.categories().iter().map(category).collect(),
            choice: (circumstances.choice.as_ref())
                .filter(|_| visitor.choice_problem.is_none())
                .map(|choice| ChoiceStatus::new(choice, standing.staleness())),
            choice_problem: visitor
                .choice_problem
                .as_ref()
                .map(ConsentCookieProblem::to_string),
            undecided: standing.is_undecided(policy),
            share,
            receipt: recorded.map(Recorded::name),
        }
    }
}

impl<'a> Response<'a> {
    /// A response to a signal that was sent and that refuses these categories.
    fn new(policy: &'a Policy, standing: &Standing, refuses: CategorySet, enforces: bool) -> Self {
        let with = |decision: Decision| -> Vec<&'a str> {
            policy
                .optional_categories()
                .filter(|category| refuses.contains(category.id()))
                .filter(|category| standing.of(category.id()).decision == decision)
                .map(Category::name)
                .collect()
        };
        let (refused, overridden) = (with(Decision::Refused), with(Decision::Granted));
        Self {
            honoured: enforces && !refused.is_empty() && overridden.is_empty(),
            refused,
            overridden,
        }
    }
}

impl ChoiceStatus {
    fn new(choice: &Choice, staleness: Option<Staleness>) -> Self {
        Self {
            id: choice.id.to_string(),
            made: choice.made.to_string(),
            revision: choice.revision.0,
            how: choice.how.name(),
            stale: staleness.map(|why| match why {
                Staleness::Revision => "revision",
                Staleness::Expired => "expired",
                Staleness::InTheFuture => "in-the-future",
                // What the engine may add one day.
                _ => "stale",
            }),
        }
    }
}

pub(super) fn answer(
    visitor: &Visitor<'_>,
    share: Option<String>,
    recorded: Option<Recorded>,
) -> Answer {
    // Strings and numbers under fixed names always serialise.
    let body = serde_json::to_vec(&Status::new(visitor, share, recorded)).unwrap_or_default();
    Answer::of_visitor(JSON, body)
}
