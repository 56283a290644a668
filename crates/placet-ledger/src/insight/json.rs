//! A summary as JSON; its fields are documented at [`Format`](super::Format).

use std::io;

use placet::{Regime, Timestamp};
use serde::{Serialize, Serializer};

use super::{Breakdown, Group, OfCategory, Period, Rate, Summary};
use crate::receipt::State;

#[derive(Serialize)]
struct Form<'a> {
    version: u8,
    made: String,
    from: Option<String>,
    to: Option<String>,
    smallest_group: u64,
    choices: Option<u64>,
    gpc: Gpc,
    dnt: Dnt,
    categories: Vec<CategoryForm<'a>>,
    per: &'static str,
    periods: Vec<PeriodForm>,
    languages: BreakdownForm<'a>,
    regions: BreakdownForm<'a>,
    revisions: BreakdownForm<'a>,
    ways: BreakdownForm<'a>,
    sites: BreakdownForm<'a>,
}

#[derive(Serialize)]
struct Part {
    choices: Option<u64>,
    share: Option<Share>,
}

#[derive(Serialize)]
struct Gpc {
    on: Part,
    absent: Part,
}

#[derive(Serialize)]
struct Dnt {
    #[serde(rename = "1")]
    one: Part,
    #[serde(rename = "0")]
    zero: Part,
    absent: Part,
}

#[derive(Serialize)]
struct CategoryForm<'a> {
    name: &'a str,
    #[serde(flatten)]
    rate: RateForm,
    states: States<'a>,
    regimes: Vec<RegimeForm>,
}

#[derive(Serialize)]
struct RegimeForm {
    regime: &'static str,
    #[serde(flatten)]
    rate: RateForm,
}

#[derive(Serialize)]
struct RateForm {
    asked: Option<u64>,
    granted: Option<u64>,
    share: Option<Share>,
}

#[derive(Serialize)]
struct PeriodForm {
    begin: String,
    choices: Option<u64>,
    rates: Vec<RateForm>,
}

#[derive(Serialize)]
struct BreakdownForm<'a> {
    groups: Vec<GroupForm<'a>>,
    others: Option<GroupForm<'a>>,
}

#[derive(Serialize)]
struct GroupForm<'a> {
    name: Option<&'a str>,
    choices: u64,
    share: Option<Share>,
    rates: Vec<RateForm>,
}

/// A share with four digits after the point, which are enough for anybody.
struct Share(f64);

impl Serialize for Share {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64((self.0 * 10_000.0).round() / 10_000.0)
    }
}

struct States<'a>(&'a [Option<u64>]);

impl Serialize for States<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let names = State::ALL.iter().map(|state| state.name());
        serializer.collect_map(names.zip(self.0))
    }
}

impl From<Option<Rate>> for RateForm {
    fn from(rate: Option<Rate>) -> Self {
        Self {
            asked: rate.map(|rate| rate.asked),
            granted: rate.map(|rate| rate.granted),
            share: rate.and_then(Rate::share).map(Share),
        }
    }
}

impl<'a> From<&'a OfCategory> for CategoryForm<'a> {
    fn from(category: &'a OfCategory) -> Self {
        let regime = |(regime, rate): &(Regime, Option<Rate>)| RegimeForm {
            regime: regime.name(),
            rate: (*rate).into(),
        };
        Self {
            name: &category.name,
            rate: category.rate.into(),
            states: States(&category.states),
            regimes: category.regimes.iter().map(regime).collect(),
        }
    }
}

impl From<&Period> for PeriodForm {
    fn from(period: &Period) -> Self {
        Self {
            begin: period.begin.to_string(),
            choices: period.choices,
            rates: period.rates.iter().copied().map(RateForm::from).collect(),
        }
    }
}

impl<'a> BreakdownForm<'a> {
    fn of(summary: &Summary, breakdown: &'a Breakdown) -> Self {
        let group = |group| GroupForm::of(summary, group);
        Self {
            groups: breakdown.groups.iter().map(group).collect(),
            others: breakdown.others.as_ref().map(group),
        }
    }
}

impl<'a> GroupForm<'a> {
    fn of(summary: &Summary, group: &'a Group) -> Self {
        Self {
            name: group.name.as_deref(),
            choices: group.choices,
            share: summary.share(Some(group.choices)).map(Share),
            rates: group.rates.iter().copied().map(RateForm::from).collect(),
        }
    }
}

pub(super) fn write(summary: &Summary, now: Timestamp, out: &mut dyn io::Write) -> io::Result<()> {
    let part = |choices: Option<u64>| Part {
        choices,
        share: summary.share(choices).map(Share),
    };
    let [on, absent] = summary.gpc.map(part);
    let [one, zero, none] = summary.dnt.map(part);
    let form = Form {
        version: 1,
        made: now.to_string(),
        from: summary.days.as_ref().map(|days| days.start().to_string()),
        to: summary.days.as_ref().map(|days| days.end().to_string()),
        smallest_group: summary.smallest_group,
        choices: summary.choices,
        gpc: Gpc { on, absent },
        dnt: Dnt {
            one,
            zero,
            absent: none,
        },
        categories: summary.categories.iter().map(CategoryForm::from).collect(),
        per: summary.per.name(),
        periods: summary.periods.iter().map(PeriodForm::from).collect(),
        languages: BreakdownForm::of(summary, &summary.languages),
        regions: BreakdownForm::of(summary, &summary.regions),
        revisions: BreakdownForm::of(summary, &summary.revisions),
        ways: BreakdownForm::of(summary, &summary.ways),
        sites: BreakdownForm::of(summary, &summary.sites),
    };
    serde_json::to_writer_pretty(&mut *out, &form)?;
    out.write_all(b"\n")
}
