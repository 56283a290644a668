//! A host of the site's own name that is another name of a tracker's.

use std::collections::BTreeMap;

use placet_audit::{Finding, Level, Rule, Subject};

use super::Once;
use crate::pass::Passed;

pub(super) const RULE: Rule = Rule::elsewhere(
    "cname-cloaked",
    Level::Warning,
    "Tracker under a name of the site's own",
    "GDPR Art. 5(1)(a) and 13(1)(e): the recipient is hidden; its cookies are sent with the site's own",
    "Name the service in the policy, load it only after its category was granted, and keep session \
     cookies host-only, so that they are not sent to it",
);

pub(super) fn check(passes: &[Passed<'_>], found: &mut Vec<Finding>) {
    let mut once = Once { rule: &RULE, found };
    let mut seen: BTreeMap<(&str, &str), Vec<(&Passed<'_>, u64)>> = BTreeMap::new();
    for pass in passes {
        for (host, contact) in &pass.visit.contacts {
            let category = contact.category.as_deref().unwrap_or_default();
            if let Some(alias) = &contact.alias_of
                && matches!(category, "analytics" | "marketing")
            {
                let passes = seen.entry((host, alias)).or_default();
                passes.push((pass, contact.page));
            }
        }
    }
    for ((host, alias), passes) in seen {
        let service = passes.first().and_then(|(pass, _)| {
            let contact = pass.visit.contacts.get(host)?;
            contact.service.clone()
        });
        let shown = service.as_deref().unwrap_or("a tracker");
        let message = format!("`{host}` is another name of `{alias}` ({shown})");
        let subject = Subject {
            host: Some(host.to_owned()),
            cookie: None,
            service,
        };
        once.push(RULE.level, subject, &passes, message);
    }
}
