//! Lines that a browser reads, but hardly as their author meant them.

use placet::set_cookie::Oddity;

use super::{Check, Findings, Rule, wording};
use crate::evidence::Evidence;
use crate::finding::Level;

pub(super) const RULE: Rule = Rule {
    id: "odd-set-cookie",
    level: Level::Note,
    title: "Odd Set-Cookie line",
    rests_on: "RFC 6265bis sections 4.1 and 5.6",
    fix: "Write the line as section 4.1 of RFC 6265bis has it",
    check: Check::Evidence(check),
};

/// What is worth telling. Left out is what has a rule of its own, and what is common and read
/// alike everywhere: a dot before the domain, quotes, a date in an older form.
const TOLD: [Oddity; 17] = [
    Oddity::SeveralCookiesInOneLine,
    Oddity::NameNotToken,
    Oddity::PercentEncodedName,
    Oddity::PrefixWrongCase,
    Oddity::NonAscii,
    Oddity::UnknownAttribute,
    Oddity::DuplicateAttribute,
    Oddity::FlagWithValue,
    Oddity::MaxAgeNotANumber,
    Oddity::ExpiresUnreadable,
    Oddity::EmptyDomain,
    Oddity::DomainIsUrl,
    Oddity::DomainNotAHostName,
    Oddity::RelativePath,
    Oddity::NonAsciiPath,
    Oddity::SameSiteUnknown,
    Oddity::PartitionedNotSameSiteNone,
];

fn check(evidence: &Evidence<'_>, findings: &mut Findings) {
    for cookie in evidence.at_issue().filter(|c| c.attributes().is_some()) {
        let oddities = cookie.seen.oddities;
        let found: Vec<_> = TOLD
            .into_iter()
            .filter(|oddity| oddities.contains(*oddity))
            .map(|oddity| oddity.to_string())
            .collect();
        if found.is_empty() {
            continue;
        }
        // The joined cookies are lost, which nobody wants.
        let level = if oddities.contains(Oddity::SeveralCookiesInOneLine) {
            Level::Warning
        } else {
            Level::Note
        };
        let message = format!("{}, but oddly: {}", wording::seen(cookie), found.join("; "));
        findings.cookie_at(level, cookie, cookie.seen.seen(), message);
    }
}
