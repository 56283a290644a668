//! A cookie lives longer than the text says.

use placet::Lifetime;

use super::two_retention_periods::differ;
use super::{Check, Findings, Rule, quoted};
use crate::evidence::Evidence;
use crate::finding::Level;
use crate::held::Held;
use crate::privacy_policy::{Kept, Says};
use crate::rule::wording;

pub(super) const RULE: Rule = Rule {
    id: "privacy-policy-understates-lifetime",
    level: Level::Warning,
    title: "Lives longer than the privacy policy says",
    rests_on: "GDPR Art. 13(2)(a); CJEU C-673/17, on telling how long cookies live",
    fix: "Shorten the cookie's lifetime, or tell the true one",
    check: Check::PrivacyPolicy(check),
};

fn check(held: &Held, evidence: &Evidence<'_>, findings: &mut Findings) {
    for claim in held.privacy_policy.claims() {
        let Says::Retention {
            of: Kept::Cookie(name),
            how_long,
        } = &claim.says
        else {
            continue;
        };
        for cookie in evidence
            .at_issue()
            .filter(|cookie| is_meant(name, &cookie.seen.name()))
        {
            let Some(lives) = cookie
                .lifetime()
                .map(|lives| lives.min(Lifetime::LONGEST_STORED))
            else {
                continue;
            };
            if lives > *how_long && differ(lives, *how_long) {
                let message = format!(
                    "{} for {}, but the text says {} (line {})",
                    wording::seen(cookie),
                    wording::lifetime(lives),
                    quoted(claim),
                    claim.line,
                );
                findings.cookie(cookie, cookie.seen.seen(), message);
            }
        }
        let declared = evidence
            .policy()
            .into_iter()
            .flat_map(|policy| policy.services())
            .flat_map(|service| &service.cookies);
        for cookie in declared.filter(|cookie| is_meant(name, cookie.name.as_str())) {
            let Some(lives) = cookie.lifetime.filter(|lives| differ(*lives, *how_long)) else {
                continue;
            };
            let message = format!(
                "the policy file declares `{}` to live for {}, but the text says {} (line {})",
                cookie.name,
                wording::lifetime(lives),
                quoted(claim),
                claim.line,
            );
            findings.other(
                crate::finding::Subject::default(),
                1,
                Some(held.at(claim)),
                message,
            );
        }
    }
}

/// Whether a name in the text, which is in lower case, means a cookie: texts write `_pk_id` for
/// `_pk_id.1.1fff`.
fn is_meant(name: &str, cookie: &str) -> bool {
    let cookie = cookie.to_lowercase();
    let rest = cookie.strip_prefix(name.trim_end_matches(['*', '.', '_', '-']));
    // `_ga` does not mean `_ga_…`, a cookie of its own.
    rest.is_some_and(|rest| {
        rest.is_empty()
            || rest.starts_with(['.', '*'])
            || (name.ends_with(['_', '*', '.']) && !rest.is_empty())
    })
}
