//! A page that does not say that the visitor's opt-out signal is honoured.

use placet_audit::{Finding, Level, Rule, Subject};

use super::Once;
use crate::pass::{Pass, Passed};

pub(super) const RULE: Rule = Rule::elsewhere(
    "opt-out-not-shown",
    Level::Warning,
    "Honoured opt-out signal not shown",
    "11 CCR 7025(c)(6), since 2026-01-01 a duty: show that the opt-out preference signal is honoured",
    "Show “Opt-Out Request Honored” to visitors who send Global Privacy Control",
);

/// What pages say where they show it, in lower case.
const WORDS: [&str; 8] = [
    "opt-out request honored",
    "opt-out request honoured",
    "opt-out honored",
    "opt-out honoured",
    "opt-out preference signal",
    "global privacy control",
    "privacy control signal",
    "gpc signal",
];

pub(super) fn check(passes: &[Passed<'_>], found: &mut Vec<Finding>) {
    let mut once = Once { rule: &RULE, found };
    let Some(gpc) = passes.iter().find(|p| p.pass == Pass::Gpc && p.is_seen()) else {
        return;
    };
    // Who sells and shares nothing has nothing to opt out of.
    let sells = passes.iter().any(|pass| {
        let mut contacts = pass.visit.contacts.values();
        contacts.any(|c| c.third_party && c.category.as_deref() == Some("marketing"))
    });
    let text = gpc.text.to_lowercase();
    let shown = WORDS.iter().any(|words| text.contains(words));
    if !sells || shown {
        return;
    }
    // Outside of the United States nothing asks for it.
    let level = match gpc.region {
        Some(region) if region.to_string().starts_with("US") => Level::Warning,
        Some(_) => return,
        None => Level::Note,
    };
    let message = "the page does not say that Global Privacy Control is honoured, while the site \
                   calls advertisers"
        .to_owned();
    once.push(level, Subject::default(), &[(gpc, 1)], message);
}
