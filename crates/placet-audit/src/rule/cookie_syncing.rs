//! An identifier that one site keeps in a cookie, sent to other sites.

use super::{Check, Findings, Rule, wording};
use crate::evidence::Evidence;
use crate::finding::{Level, Subject};

pub(super) const RULE: Rule = Rule {
    id: "cookie-syncing",
    level: Level::Warning,
    title: "Identifier handed from site to site",
    rests_on: "GDPR Art. 13(1)(e) and 14; Cal. Civ. Code 1798.140(ah), on sharing",
    fix: "Load what hands it on only after the visitor agreed, and name the recipients",
    check: Check::Evidence(check),
};

fn check(evidence: &Evidence<'_>, findings: &mut Findings) {
    let policy = evidence.assumptions.policy;
    let mut syncs = evidence.survey.syncs();
    // Between the site's own domains nothing leaves the site.
    syncs.retain(|sync| {
        let hosts = [&sync.keeper, &sync.receiver];
        !hosts.iter().all(|host| policy.is_own_host(host.as_bytes()))
    });
    for of_one_keeper in syncs.chunk_by(|a, b| a.keeper == b.keeper) {
        let Some(first) = of_one_keeper.iter().min_by_key(|sync| sync.at) else {
            continue;
        };
        let receivers: Vec<_> = of_one_keeper.iter().map(|s| s.receiver.clone()).collect();
        let message = format!(
            "an identifier from a cookie of {} is sent to {} in an address, so they can tell that it is the same visitor",
            first.keeper,
            wording::list(&receivers),
        );
        let subject = Subject {
            host: Some(first.keeper.clone()),
            ..Subject::default()
        };
        let count = u64::try_from(of_one_keeper.len()).unwrap_or(u64::MAX);
        findings.other(subject, count, Some(first.at), message);
    }
}
