//! One sentence affirms what another denies.

use super::{Check, Findings, Rule, quoted};
use crate::evidence::Evidence;
use crate::finding::{Level, Subject};
use crate::held::Held;
use crate::privacy_policy::{Claim, Polarity, Practice, is_for_another_purpose};

pub(super) const RULE: Rule = Rule {
    id: "privacy-policy-contradicts-itself",
    level: Level::Warning,
    title: "The privacy policy contradicts itself",
    rests_on: "GDPR Art. 5(1)(a) and 12(1), on transparent information; 15 U.S.C. 45(a), on deceptive statements",
    fix: "Decide which of the two sentences is true, and take the other out",
    check: Check::PrivacyPolicy(check),
};

fn check(held: &Held, _: &Evidence<'_>, findings: &mut Findings) {
    let policy = &held.privacy_policy;
    for practice in Practice::ALL.iter().copied() {
        let yes = || policy.says(practice, Polarity::Yes);
        let no = || policy.says(practice, Polarity::No);
        // `We never share, except with …` and `we share with …` say the same.
        let absolute = matches!(practice, Practice::Sharing | Practice::Sale);
        let counts = |claim: &&Claim| !absolute || !claim.hedged;
        let pair = no().filter(counts).find_map(|no| {
            let yes = yes()
                .filter(counts)
                .filter(|yes| !(absolute && is_for_another_purpose(&no.sentence, &yes.sentence)))
                .find(|yes| yes.line != no.line || yes.sentence != no.sentence)?;
            Some((yes, no))
        });
        if let Some((yes, no)) = pair {
            let what = match practice {
                Practice::DoNotTrack
                | Practice::GlobalPrivacyControl
                | Practice::Sale
                | Practice::Sharing => {
                    format!("whether the site {}", practice.words())
                }
                _ => format!("whether there are {}", practice.words()),
            };
            add(held, findings, &what, yes, no);
        }
    }
    // Cookies of a named service are cookies too.
    let denies = policy.says(Practice::Cookies, Polarity::No).next();
    let says_more = [
        Practice::SessionCookies,
        Practice::PersistentCookies,
        Practice::ThirdPartyCookies,
        Practice::TrackingCookies,
    ];
    if let Some(no) = denies.filter(|_| {
        policy
            .says(Practice::Cookies, Polarity::Yes)
            .next()
            .is_none()
    }) {
        let kind = says_more
            .into_iter()
            .find_map(|kind| policy.says(kind, Polarity::Yes).find(|claim| !claim.hedged));
        if let Some(yes) = kind.filter(|yes| yes.line != no.line) {
            add(held, findings, "whether there are cookies", yes, no);
        }
    }
    for (id, no) in policy.services(Polarity::No) {
        if let Some((_, yes)) = policy
            .services(Polarity::Yes)
            .into_iter()
            .find(|(other, _)| *other == id)
            && is_use(yes)
        {
            add(held, findings, "whether it uses a service", yes, no);
        }
    }
}

/// Whether a sentence that names a service says that it is used, not only how to opt out of it.
fn is_use(claim: &Claim) -> bool {
    let lower = claim.sentence.to_lowercase();
    [
        "we use",
        "uses",
        "using",
        "wir verwenden",
        "wir nutzen",
        "nous utilisons",
    ]
    .iter()
    .any(|words| lower.contains(words))
}

fn add(held: &Held, findings: &mut Findings, what: &str, yes: &Claim, no: &Claim) {
    let (first, second) = if yes.line <= no.line {
        (yes, no)
    } else {
        (no, yes)
    };
    let message = format!(
        "the text says both, {what}: {} (line {}) and {} (line {})",
        quoted(first),
        first.line,
        quoted(second),
        second.line,
    );
    findings.other(Subject::default(), 1, Some(held.at(first)), message);
}
