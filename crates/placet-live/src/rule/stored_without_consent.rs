//! Web storage, databases and caches that were written or kept when their category was not granted.

use std::collections::BTreeMap;

use placet_audit::{Finding, Level, Rule, Subject};

use super::{Once, clause};
use crate::pass::Passed;

pub(super) const RULE: Rule = Rule::elsewhere(
    "stored-without-consent",
    Level::Error,
    "Stored in the browser without consent",
    "ePrivacy Directive Art. 5(3), which covers any storage, not only cookies; EDPB Guidelines 2/2023",
    "Write the key only after its category was granted, and remove it when that is taken back",
);

pub(super) fn check(passes: &[Passed<'_>], found: &mut Vec<Finding>) {
    let mut once = Once { rule: &RULE, found };
    let mut seen: BTreeMap<_, Vec<(&Passed<'_>, u64)>> = BTreeMap::new();
    for pass in passes {
        for (key, written) in &pass.visit.storage {
            for reason in written.refused.values() {
                let passes = seen.entry((key, clause(*reason))).or_default();
                if passes
                    .last()
                    .is_none_or(|(last, _)| last.number != pass.number)
                {
                    passes.push((pass, written.page));
                }
            }
        }
    }
    for ((key, clause), passes) in seen {
        let Some(written) = passes.first().and_then(|(p, _)| p.visit.storage.get(key)) else {
            continue;
        };
        let (origin, kind, name) = key;
        let service = written.service.as_deref().unwrap_or("unknown");
        let by = match &written.script {
            Some(script) => format!(", written by `{script}`"),
            None => String::new(),
        };
        let message =
            format!("the {kind} key `{name}` ({service}) of {origin} was there {clause}{by}");
        let subject = Subject {
            host: Some(origin.clone()),
            cookie: Some(name.clone()),
            service: written.service.clone(),
        };
        once.push(RULE.level, subject, &passes, message);
    }
}
