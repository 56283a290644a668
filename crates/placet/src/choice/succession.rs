//! What a new choice takes over from the one before: whoever says something of one category does
//! not take back what was said of the others, and does not say more of them than was said.

use crate::policy::Policy;
use crate::regime::Regime;
use crate::standing::Circumstances;

use super::{Choice, Decision};

impl Choice {
    /// This choice with what the earlier one, the choice of `before`, said of the categories that it
    /// does not decide, as far as that may be said again without asking:
    ///
    /// - of a current choice every refusal, and every grant that was made by a click. A grant that
    ///   was read from a signal would become an explicit one. A grant given without Global Privacy
    ///   Control is left out where the new choice is made under it and the signal refuses the
    ///   category: it would become a grant in knowledge of the signal, which nobody gave.
    /// - of a stale one the refusals that go on standing, because the regime would grant by itself.
    ///
    /// With a grant the choice keeps the revision that the grant was given under: when the policy
    /// asks again since a later one, it asks about that grant too.
    #[must_use]
    pub fn succeeding(self, before: &Circumstances, policy: &Policy) -> Self {
        let Some(earlier) = before.choice else {
            return self;
        };
        let rules = policy.region_rules(before.region);
        let current = policy.staleness(&earlier, &rules, before.now).is_none();
        let under_gpc = self.signals.gpc.is_on() && !earlier.signals.gpc.is_on();
        let mut taken = self;
        for category in policy.optional_categories() {
            let id = category.id();
            if self.decision(id) != Decision::Undecided {
                continue;
            }
            match earlier.decision(id) {
                Decision::Granted
                    if current
                        && earlier.how.is_explicit()
                        && !(under_gpc && policy.gpc_refuses().contains(id)) =>
                {
                    taken = taken.grant(id);
                    taken.revision = self.revision.min(earlier.revision);
                }
                Decision::Refused if current || rules.regime(category.like()) != Regime::OptIn => {
                    taken = taken.refuse(id);
                }
                Decision::Granted | Decision::Refused | Decision::Undecided => {}
            }
        }
        taken
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        CategoryId, ChoiceId, Dnt, Gpc, How, Revision, Signals, StandardCategory, Timestamp,
    };

    const ANALYTICS: CategoryId = StandardCategory::Analytics.id();
    const MARKETING: CategoryId = StandardCategory::Marketing.id();
    const DAY: i64 = 86_400;

    fn gpc(on: bool) -> Signals {
        Signals {
            gpc: if on { Gpc::On } else { Gpc::Absent },
            dnt: Dnt::Absent,
        }
    }

    /// What is taken over for analytics (refused) and marketing (granted).
    fn taken(how: How, region: &str, days: i64, before: bool, now: bool) -> [Decision; 2] {
        let text = r#"{ "revision": 1, "services": [] }"#;
        let policy = Policy::from_json("placet.json", text).unwrap();
        let made = Timestamp::from_unix(1_790_000_000).unwrap();
        let id = ChoiceId::from_bytes([1; 16]);
        let circumstances = Circumstances {
            choice: Some(
                Choice::new(id, made, Revision(1), how, gpc(before))
                    .refuse(ANALYTICS)
                    .grant(MARKETING),
            ),
            signals: gpc(now),
            region: region.parse().ok(),
            now: made.saturating_add(days * DAY),
        };
        let new = Choice::new(id, circumstances.now, Revision(1), How::Banner, gpc(now));
        let taken = new.succeeding(&circumstances, &policy);
        [ANALYTICS, MARKETING].map(|category| taken.decision(category))
    }

    #[test]
    fn what_may_be_said_again_is_taken_over() {
        use Decision::{Granted, Refused, Undecided};
        // how, region, age in days, Global Privacy Control then and now
        for (how, region, days, before, now, expected) in [
            (How::Banner, "DE", 1, false, false, [Refused, Granted]),
            (How::Banner, "DE", 1, true, true, [Refused, Granted]),
            (How::Banner, "DE", 1, true, false, [Refused, Granted]),
            // A grant without the signal is none over it.
            (How::Banner, "DE", 1, false, true, [Refused, Undecided]),
            // What a signal granted nobody granted by a click.
            (How::Signal, "DE", 1, false, false, [Refused, Undecided]),
            // A stale refusal stands where the regime would grant, a stale grant nowhere.
            (
                How::Banner,
                "DE",
                4000,
                false,
                false,
                [Undecided, Undecided],
            ),
            (
                How::Banner,
                "US-CA",
                4000,
                false,
                false,
                [Refused, Undecided],
            ),
        ] {
            let found = taken(how, region, days, before, now);
            assert_eq!(found, expected, "{how} {region} {days} {before} {now}");
        }
    }
}
