//! Every combination of choice, signals, regime, revision and expiry, beside an oracle that states
//! the rules as a list of rows instead of a chain of decisions; and what holds for all of them.

use proptest::prelude::*;

use super::*;
use crate::choice::{ChoiceId, How, Revision};
use crate::signal::{Dnt, Gpc};
use crate::{Judge, StandardCategory};

const NOW: Timestamp = match Timestamp::from_unix(1_790_000_000) {
    Some(now) => now,
    None => panic!("a year below 10000"),
};
const DAY: i64 = 86_400;

/// One line of the table.
#[derive(Clone, Copy, Debug)]
struct Case {
    said: Decision,
    how: How,
    made_under_gpc: bool,
    gpc: Gpc,
    dnt: Dnt,
    regime: Regime,
    grant_over_gpc: bool,
    old_revision: bool,
    age_days: i64,
    category: StandardCategory,
}

fn policy(case: &Case) -> Policy {
    let text = format!(
        r#"{{
            "revision": 5, "ask_again_since": 4,
            "regimes": {{ "regions": {{ "ZZ": {{
                "functional": "{0}", "analytics": "{1}", "marketing": "{2}",
                "grant_over_gpc": {3}, "choice_lifetime_days": 180
            }} }} }},
            "services": [
                {{ "id": "n", "category": "necessary", "cookies": [{{ "name": "necessary" }}] }},
                {{ "id": "f", "category": "functional", "cookies": [{{ "name": "functional" }}] }},
                {{ "id": "a", "category": "analytics", "cookies": [{{ "name": "analytics" }}] }},
                {{ "id": "m", "category": "marketing", "cookies": [{{ "name": "marketing" }}] }}
            ]
        }}"#,
        regime_of(case, StandardCategory::Functional),
        regime_of(case, StandardCategory::Analytics),
        regime_of(case, StandardCategory::Marketing),
        case.grant_over_gpc
    );
    Policy::from_json("placet.json", &text).unwrap()
}

/// The regime of the case for its category, and another for the others, which say nothing about it.
fn regime_of(case: &Case, category: StandardCategory) -> Regime {
    match case.regime {
        regime if category == case.category => regime,
        Regime::OptIn => Regime::Notice,
        Regime::OptOut | Regime::Notice => Regime::OptIn,
    }
}

fn circumstances(case: &Case) -> Circumstances {
    let made = Choice::new(
        ChoiceId::from_bytes([1; 16]),
        NOW.saturating_add(-case.age_days * DAY),
        Revision(if case.old_revision { 3 } else { 4 }),
        case.how,
        Signals {
            gpc: if case.made_under_gpc {
                Gpc::On
            } else {
                Gpc::Absent
            },
            dnt: Dnt::Absent,
        },
    );
    Circumstances {
        choice: match case.said {
            Decision::Undecided => None,
            // Of the other categories the opposite is said.
            Decision::Granted => Some(
                others(case)
                    .fold(made, Choice::refuse)
                    .grant(case.category.id()),
            ),
            Decision::Refused => Some(
                others(case)
                    .fold(made, Choice::grant)
                    .refuse(case.category.id()),
            ),
        },
        signals: Signals {
            gpc: case.gpc,
            dnt: case.dnt,
        },
        region: "ZZ".parse().ok(),
        now: NOW,
    }
}

fn others(case: &Case) -> impl Iterator<Item = CategoryId> {
    let own = case.category;
    let others = StandardCategory::ALL.into_iter().filter(move |c| *c != own);
    others.map(StandardCategory::id)
}

/// The rules as rows: the first whose condition holds gives decision and reason.
fn oracle(case: &Case) -> (Decision, Reason) {
    use Decision::{Granted, Refused, Undecided};
    let stale = case.old_revision || case.age_days >= 180 || case.age_days < -1;
    let stands = case.said != Undecided && !stale;
    let clicked_yes = stands && case.said == Granted && case.how != How::Signal;
    let optional = case.category != StandardCategory::Necessary;
    let marketing = case.category == StandardCategory::Marketing;
    let followed = marketing || case.category == StandardCategory::Analytics;
    let silent = if case.regime == Regime::OptIn {
        Undecided
    } else {
        Granted
    };
    let rows = [
        (!optional, Granted, Reason::Necessary),
        (
            case.gpc == Gpc::On
                && marketing
                && !(clicked_yes && case.made_under_gpc && case.grant_over_gpc),
            Refused,
            Reason::Gpc,
        ),
        (
            case.dnt == Dnt::DoNotTrack && followed && !clicked_yes,
            Refused,
            Reason::Dnt,
        ),
        (stands, case.said, Reason::Chosen),
        (
            case.said == Refused && silent == Granted,
            Refused,
            Reason::Stale,
        ),
        (case.said != Undecided, silent, Reason::Stale),
        (true, silent, Reason::Regime),
    ];
    let row = rows.into_iter().find(|(applies, ..)| *applies).unwrap();
    (row.1, row.2)
}

fn every_case() -> impl Iterator<Item = Case> {
    let flags = || [false, true];
    let decisions = [Decision::Undecided, Decision::Granted, Decision::Refused];
    let mut cases = Vec::new();
    for category in StandardCategory::ALL {
        for (said, how) in decisions
            .into_iter()
            .flat_map(|said| How::ALL.map(|how| (said, how)))
        {
            for (gpc, dnt) in [Gpc::Absent, Gpc::On]
                .into_iter()
                .flat_map(|gpc| [Dnt::Absent, Dnt::Allow, Dnt::DoNotTrack].map(|dnt| (gpc, dnt)))
            {
                for (regime, grant_over_gpc) in Regime::ALL
                    .into_iter()
                    .flat_map(|regime| flags().map(|over| (regime, over)))
                {
                    for (made_under_gpc, old_revision) in
                        flags().into_iter().flat_map(|a| flags().map(|b| (a, b)))
                    {
                        for age_days in [-400, -1, 0, 179, 180, 4_000] {
                            cases.push(Case {
                                said,
                                how,
                                made_under_gpc,
                                gpc,
                                dnt,
                                regime,
                                grant_over_gpc,
                                old_revision,
                                age_days,
                                category,
                            });
                        }
                    }
                }
            }
        }
    }
    cases.into_iter()
}

#[test]
fn every_combination_stands_as_the_table_says() {
    let mut seen = std::collections::HashMap::new();
    let mut policies = std::collections::HashMap::new();
    let mut count = 0;
    for case in every_case() {
        let policy = policies
            .entry((case.regime, case.grant_over_gpc, case.category.name()))
            .or_insert_with(|| policy(&case));
        let standing = policy.standing(&circumstances(&case));
        let holds = standing.of(case.category.id());
        assert_eq!((holds.decision, holds.reason), oracle(&case), "{case:?}");
        let cookie = Judge::new(policy, &standing).cookie(case.category.name().as_bytes());
        assert_eq!(cookie.is_kept(), holds.decision == Decision::Granted);
        *seen.entry(holds.reason).or_insert(0) += 1;
        count += 1;
    }
    assert_eq!(count, 4 * 15 * 6 * 6 * 4 * 6);
    for reason in [
        Reason::Necessary,
        Reason::Gpc,
        Reason::Dnt,
        Reason::Chosen,
        Reason::Stale,
        Reason::Regime,
    ] {
        assert!(seen.contains_key(&reason), "no case reaches `{reason:?}`");
    }
}

#[test]
fn a_number_without_a_category_is_refused() {
    let policy = Policy::from_json("p", r#"{ "revision": 1, "services": [] }"#).unwrap();
    let standing = policy.standing(&Circumstances {
        choice: None,
        signals: Signals::default(),
        region: None,
        now: NOW,
    });
    let beyond = CategoryId::new(9).unwrap();
    assert_eq!(standing.of(beyond).decision, Decision::Refused);
    assert_eq!(standing.of(beyond).reason, Reason::Undeclared);
    assert!(standing.is_undecided(&policy));
}

fn a_case() -> impl Strategy<Value = Case> {
    let cases: Vec<Case> = every_case().collect();
    prop::sample::select(cases)
}

proptest! {
    #[test]
    fn adding_a_signal_never_grants_anything(case in a_case()) {
        let policy = policy(&case);
        let with = |gpc, dnt| {
            let mut circumstances = circumstances(&case);
            circumstances.signals = Signals { gpc, dnt };
            policy.standing(&circumstances).granted()
        };
        let less = with(Gpc::Absent, Dnt::Absent);
        for (gpc, dnt) in [
            (Gpc::On, Dnt::Absent),
            (Gpc::Absent, Dnt::DoNotTrack),
            (Gpc::Absent, Dnt::Allow),
            (Gpc::On, Dnt::DoNotTrack),
        ] {
            for category in with(gpc, dnt).iter() {
                prop_assert!(less.contains(category), "{gpc:?} {dnt:?} granted {category:?}");
            }
        }
    }

    #[test]
    fn a_required_category_is_always_granted(case in a_case()) {
        let standing = policy(&case).standing(&circumstances(&case));
        prop_assert!(standing.allows(StandardCategory::Necessary.id()));
    }

    #[test]
    fn an_undeclared_name_is_never_kept_under_deny(case in a_case(), name in "[!-~]{0,12}") {
        let policy = policy(&case);
        let standing = policy.standing(&circumstances(&case));
        let declared = StandardCategory::ALL.iter().any(|c| c.name() == name);
        let consent_cookie = name == policy.consent_cookie().name;
        if !declared && !consent_cookie {
            prop_assert!(!Judge::new(&policy, &standing).cookie(name.as_bytes()).is_kept());
        }
    }

    #[test]
    fn time_and_revisions_alone_never_turn_a_no_into_a_yes(case in a_case(), days in 0i64..5_000) {
        let case = Case { said: Decision::Refused, age_days: days, ..case };
        let standing = policy(&case).standing(&circumstances(&case));
        if case.category != StandardCategory::Necessary {
            prop_assert!(!standing.allows(case.category.id()));
        }
    }
}
