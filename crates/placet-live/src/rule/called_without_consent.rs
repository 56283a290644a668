//! A tracker's host that was called when its category was not granted, whether or not it set a
//! cookie: the call itself hands over address, page and browser.

use std::collections::BTreeMap;

use placet_audit::{Finding, Level, Rule, Subject};

use super::{Once, clause};
use crate::pass::Passed;

pub(super) const RULE: Rule = Rule::elsewhere(
    "called-without-consent",
    Level::Error,
    "Tracker called without consent",
    "GDPR Art. 6(1) and 7; ePrivacy Directive Art. 5(3); EDPB Guidelines 2/2023 on pixels and URLs",
    "Load the service only after its category was granted",
);

pub(super) fn check(passes: &[Passed<'_>], found: &mut Vec<Finding>) {
    let mut once = Once { rule: &RULE, found };
    // By host and circumstance: which passes show it, and from which page on.
    let mut seen: BTreeMap<(&str, &'static str), Vec<(&Passed<'_>, u64)>> = BTreeMap::new();
    for pass in passes {
        for (host, contact) in &pass.visit.contacts {
            for reason in contact.refused.values() {
                let passes = seen.entry((host, clause(*reason))).or_default();
                if passes
                    .last()
                    .is_none_or(|(last, _)| last.number != pass.number)
                {
                    passes.push((pass, contact.page));
                }
            }
        }
    }
    for ((host, clause), passes) in seen {
        let Some(contact) = passes.first().and_then(|(p, _)| p.visit.contacts.get(host)) else {
            continue;
        };
        let service = contact.service.as_deref().unwrap_or("a tracker");
        let category = contact.category.as_deref().unwrap_or("marketing");
        let message = format!("`{host}` ({service}, {category}) was called {clause}");
        let subject = Subject {
            host: Some(host.to_owned()),
            cookie: None,
            service: contact.service.clone(),
        };
        once.push(RULE.level, subject, &passes, message);
    }
}
