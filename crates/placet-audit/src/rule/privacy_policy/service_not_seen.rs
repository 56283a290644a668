//! The text names a service that is neither declared nor seen.

use super::{Check, Findings, Rule, quoted};
use crate::evidence::Evidence;
use crate::finding::{Level, Subject};
use crate::held::Held;
use crate::privacy_policy::{Polarity, Says};

pub(super) const RULE: Rule = Rule {
    id: "privacy-policy-service-not-seen",
    level: Level::Note,
    title: "A service of the privacy policy that is nowhere else",
    rests_on: "GDPR Art. 5(1)(a), on transparency",
    fix: "Take the service out of the text if it is gone, or record a visit in which it is used",
    check: Check::PrivacyPolicy(check),
};

fn check(held: &Held, evidence: &Evidence<'_>, findings: &mut Findings) {
    // Without recordings and without a policy file there is nothing to miss it in.
    if !held.observed && evidence.policy().is_none() {
        return;
    }
    for (id, claim) in held.privacy_policy.services(Polarity::Yes) {
        let Says::Service { name, category, .. } = &claim.says else {
            continue;
        };
        let tracks = matches!(&**category, "analytics" | "marketing");
        let seen = held
            .seen
            .iter()
            .any(|seen| *seen.service.id == *id || *seen.service.name == **name)
            || evidence
                .cookies
                .iter()
                .any(|cookie| cookie.service() == Some(name));
        let declared = evidence.policy().is_some_and(|policy| {
            let mut services = policy.services().iter();
            services.any(|service| *service.id == *id || service.title().eq_ignore_ascii_case(name))
        });
        if tracks && !seen && !declared {
            let where_else = match (held.observed, evidence.policy().is_some()) {
                (true, true) => "neither the recordings nor the policy file know",
                (true, false) => "the recordings do not show",
                _ => "the policy file does not declare",
            };
            let message = format!(
                "the text names {name} in {} (line {}), which {where_else}",
                quoted(claim),
                claim.line
            );
            let subject = Subject {
                service: Some(name.clone()),
                ..Subject::default()
            };
            findings.other(subject, 1, Some(held.at(claim)), message);
        }
    }
}
