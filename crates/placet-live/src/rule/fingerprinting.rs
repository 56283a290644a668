//! Reads that fingerprints are made of. Charts and games read a canvas too, so this is a note.

use std::collections::{BTreeMap, BTreeSet};

use placet_audit::{Finding, Level, Rule, Subject};

use super::Once;
use crate::pass::Passed;

pub(super) const RULE: Rule = Rule::elsewhere(
    "fingerprinting",
    Level::Note,
    "Reads what fingerprints are made of",
    "EDPB Guidelines 2/2023, which build on WP29 Opinion 9/2014 on device fingerprinting",
    "Find out what the script does with it; identifying a device needs consent like a cookie does",
);

pub(super) fn check(passes: &[Passed<'_>], found: &mut Vec<Finding>) {
    let mut once = Once { rule: &RULE, found };
    let mut apis: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut seen: BTreeMap<&str, Vec<(&Passed<'_>, u64)>> = BTreeMap::new();
    for pass in passes {
        for (script, api) in pass.visit.reads.keys() {
            apis.entry(script).or_default().insert(api);
            let passes = seen.entry(script).or_default();
            if passes
                .last()
                .is_none_or(|(last, _)| last.number != pass.number)
            {
                passes.push((pass, 0));
            }
        }
    }
    for (script, passes) in seen {
        let read: Vec<_> = apis.get(script).into_iter().flatten().copied().collect();
        let message = format!("`{script}` reads {}", read.join(", "));
        let subject = Subject {
            host: Some(script.to_owned()),
            ..Subject::default()
        };
        once.push(RULE.level, subject, &passes, message);
    }
}
