//! A cookie of an earlier yes that is still kept after it was taken back, or after a refusal: nothing
//! sets it any more, so no response shows it.

use std::collections::BTreeMap;

use placet::Reason;
use placet_audit::{Finding, Level, Rule, Stage, Subject};

use super::Once;
use crate::pass::Passed;

pub(super) const RULE: Rule = Rule::elsewhere(
    "kept-against-refusal",
    Level::Error,
    "Cookie kept although it was refused",
    "GDPR Art. 7(3), 17(1)(b); ePrivacy Directive Art. 5(3), which covers access to what is stored",
    "Expire what is stored once its category is refused or taken back",
);

pub(super) fn check(passes: &[Passed<'_>], found: &mut Vec<Finding>) {
    let mut once = Once { rule: &RULE, found };
    let mut seen: BTreeMap<&(String, String), Vec<(&Passed<'_>, u64)>> = BTreeMap::new();
    for pass in passes {
        for (key, written) in &pass.visit.cookies {
            let stage = Stage::Refused;
            let reason = written.refused.get(&stage);
            let is_refused = matches!(reason, Some(Reason::Chosen | Reason::Stale));
            // One that is set after the refusal is found by its `Set-Cookie`.
            if is_refused && written.kept.contains(&stage) && !written.stages.contains(&stage) {
                seen.entry(key).or_default().push((pass, written.page));
            }
        }
    }
    for (key, passes) in seen {
        let Some(written) = passes.first().and_then(|(p, _)| p.visit.cookies.get(key)) else {
            continue;
        };
        let (host, name) = key;
        let service = written.service.as_deref().unwrap_or("unknown");
        let message =
            format!("`{name}` ({service}) of {host} is still kept after everything was refused");
        let subject = Subject {
            host: Some(host.clone()),
            cookie: Some(name.clone()),
            service: written.service.clone(),
        };
        once.push(RULE.level, subject, &passes, message);
    }
}
