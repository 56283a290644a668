//! A service was seen that the text does not name.

use super::{Check, Findings, Rule};
use crate::evidence::Evidence;
use crate::finding::{Level, Subject};
use crate::held::Held;

pub(super) const RULE: Rule = Rule {
    id: "privacy-policy-service-not-named",
    level: Level::Warning,
    title: "A service that the privacy policy does not name",
    rests_on: "GDPR Art. 13(1)(e), on naming recipients; CJEU C-673/17, on telling who has access to cookies",
    fix: "Name the service and what it is for in the privacy policy, or take it off the site",
    check: Check::PrivacyPolicy(check),
};

fn check(held: &Held, _: &Evidence<'_>, findings: &mut Findings) {
    let text = &held.privacy_policy;
    if text.unreadable().is_some() {
        return;
    }
    for seen in held.seen.iter().filter(|seen| !text.names(&seen.service)) {
        let service = &seen.service;
        let vendor = text.names_vendor(service);
        let level = if seen.is_tracker() && !vendor {
            Level::Warning
        } else {
            Level::Note
        };
        let names = if vendor {
            format!("names {}, but not {}", service.vendor, service.name)
        } else {
            format!("does not name {}", service.name)
        };
        let message = format!(
            "the text {names} ({}), which the recordings show, known by {}",
            service.category, seen.by,
        );
        let subject = Subject {
            service: Some(service.name.to_string()),
            ..Subject::default()
        };
        findings.push(
            level,
            subject,
            seen.seen.count,
            Some(seen.seen.first),
            message,
        );
    }
}
