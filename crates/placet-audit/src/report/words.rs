//! What all reports say in the same words: lists, numbers, lifetimes, what was assumed, and how
//! the audit ended.

use placet::{CategorySet, Decision, Lifetime, Policy, Regime, RegionRules};
pub(super) use placet_page::{count, grouped, shown};

use super::Options;
use super::passes;
use crate::audit::{Audit, Outcome, Recording};
use crate::baseline::Compared;
use crate::exchange::Coverage;
use crate::finding::{Finding, Level};
use crate::reader::Format;
use crate::survey::AssumedSignal;

/// `a`, `a and b`, `a, b and c`.
pub(super) fn listed(parts: &[impl AsRef<str>]) -> String {
    let mut out = String::new();
    for (number, part) in parts.iter().enumerate() {
        if number > 0 {
            out.push_str(if number + 1 == parts.len() {
                " and "
            } else {
                ", "
            });
        }
        out.push_str(part.as_ref());
    }
    out
}

/// A lifetime as people say it, rounded: `13 months`, `2 years`, `session`.
pub(super) fn lifetime(lifetime: Lifetime) -> String {
    const MINUTE: u64 = 60;
    const HOUR: u64 = 60 * MINUTE;
    const DAY: u64 = 24 * HOUR;
    const UNITS: [(u64, u64, &str); 5] = [
        // From how many seconds on, seconds in one, its name. Months and years are mean ones.
        (2 * 365 * DAY, 31_556_952, "year"),
        (60 * DAY, 2_629_746, "month"),
        (2 * DAY, DAY, "day"),
        (2 * HOUR, HOUR, "hour"),
        (2 * MINUTE, MINUTE, "minute"),
    ];
    let Lifetime::Seconds(seconds) = lifetime else {
        return "session".to_owned();
    };
    match UNITS.into_iter().find(|(from, ..)| seconds >= *from) {
        Some((_, one, name)) => count(seconds.saturating_add(one / 2) / one, name),
        None => count(seconds, "second"),
    }
}

/// What the audit assumed, one sentence each.
pub(super) fn assumptions(audit: &Audit<'_>) -> Vec<String> {
    let evidence = &audit.evidence;
    let assumed = evidence.assumptions;
    let policy = assumed.policy;
    let mut says = vec![match evidence.policy() {
        Some(policy) => format!(
            "The policy says what is allowed: revision {}, {}.",
            policy.revision(),
            count(policy.services().len() as u64, "service"),
        ),
        None => {
            "No policy was given, so the catalogue of known services says what each cookie is for."
                .to_owned()
        }
    }];
    says.push(match assumed.region {
        Some(region) => format!(
            "The visitor is in {region}: {}.",
            regimes(policy, &policy.region_rules(Some(region)))
        ),
        None => {
            let rules = policy.region_rules(None);
            let hold = if rules == RegionRules::STRICTEST {
                "the strictest rules hold"
            } else {
                "what the policy says of unknown regions holds"
            };
            format!(
                "The visitor's region is not known, so {hold}: {}.",
                regimes(policy, &rules)
            )
        }
    });
    says.push(
        match (assumed.gpc, assumed.dnt) {
            (AssumedSignal::AsRecorded, AssumedSignal::AsRecorded) => {
                "Global Privacy Control and Do Not Track are as each request says."
            }
            (AssumedSignal::On, AssumedSignal::AsRecorded) => {
                "Every request counts as if it said `Sec-GPC: 1`; Do Not Track is as each request says."
            }
            (AssumedSignal::AsRecorded, AssumedSignal::On) => {
                "Every request counts as if it said `DNT: 1`; Global Privacy Control is as each request says."
            }
            (AssumedSignal::On, AssumedSignal::On) => {
                "Every request counts as if it said `Sec-GPC: 1` and `DNT: 1`."
            }
        }
        .to_owned(),
    );
    if policy.dnt_refuses().is_none() {
        says.push("The policy declares that the site does not respond to Do Not Track.".to_owned());
    }
    says.push(match &assumed.choice {
        None if audit.recordings.iter().all(|r| r.coverage.format == Format::Live)
            && !audit.visits.is_empty() =>
        {
            "In each pass nothing was chosen until it was pressed.".to_owned()
        }
        None => format!(
            "The visitor's choice is read from the cookie `{}` of each request; without it, nothing was chosen.",
            shown(&policy.consent_cookie().name, 100),
        ),
        Some(choice) => {
            let said: Vec<_> = policy
                .optional_categories()
                .map(|category| (category, choice.decision(category.id())))
                .filter(|(_, decision)| *decision != Decision::Undecided)
                .map(|(category, decision)| format!("{} {decision}", category.name()))
                .collect();
            if said.is_empty() {
                "Every request counts as if the visitor had chosen nothing.".to_owned()
            } else {
                format!("Every request counts as if the visitor had chosen: {}.", said.join(", "))
            }
        }
    });
    if !audit.visits.is_empty() {
        says.push(
            "No visitor did more than go from page to page and answer the banner: what waits longer than they stayed, \
             or for scrolling, typing or a press elsewhere, was not seen."
                .to_owned(),
        );
    }
    if let Some(compared) = &audit.known {
        let known = count(compared.findings.len() as u64, "finding");
        says.push(format!(
            "The baseline knows {known} of this audit, left out here."
        ));
        says.extend(gone(compared).map(|gone| format!("{gone}.")));
    }
    says
}

/// `functional and analytics wait for a yes, marketing runs until a no`.
fn regimes(policy: &Policy, rules: &RegionRules) -> String {
    let says = |regime: Regime, one: &str, many: &str| {
        let names: Vec<_> = policy
            .optional_categories()
            .filter(|category| rules.regime(category.like()) == regime)
            .map(placet::Category::name)
            .collect();
        let verb = if names.len() == 1 { one } else { many };
        (!names.is_empty()).then(|| format!("{} {verb}", listed(&names)))
    };
    let parts: Vec<_> = [
        says(Regime::OptIn, "waits for a yes", "wait for a yes"),
        says(
            Regime::OptOut,
            "is allowed until a no",
            "are allowed until a no",
        ),
        says(
            Regime::Notice,
            "is allowed with a notice",
            "are allowed with a notice",
        ),
    ]
    .into_iter()
    .flatten()
    .collect();
    parts.join(", ")
}

/// The names of a set of categories.
pub(super) fn category_names(policy: &Policy, set: CategorySet) -> Vec<&str> {
    set.iter()
        .map(|id| policy.category_name(id))
        .filter(|name| !name.is_empty())
        .collect()
}

/// `HAR by WebInspector 537.36, 148 exchanges`, and what is missing from it.
pub(super) fn coverage(coverage: &Coverage) -> String {
    let mut says = coverage.format.to_string();
    if let Some(exporter) = &coverage.exporter {
        says.push_str(" by ");
        says.push_str(&shown(exporter, 60));
    }
    says.push_str(", ");
    says.push_str(&count(coverage.exchanges, "exchange"));
    if coverage.malformed > 0 {
        let records = count(coverage.malformed, "record");
        says.push_str(&format!(", {records} that could not be read"));
    }
    if coverage.sanitized {
        says.push_str(", cookies removed by the exporter");
    } else if !coverage.saw_cookies && coverage.can_verify() {
        says.push_str(", no cookies");
    } else if !coverage.saw_cookies {
        says.push_str(", no cookie headers");
    }
    says
}

/// Why a recording cannot show that a site is clean; `None` when it can.
pub(super) fn unverified(recording: &Recording) -> Option<String> {
    if recording.coverage.can_verify() {
        return None;
    }
    let name = shown(&recording.name, 100);
    if let Some(why) = &recording.coverage.unverified {
        return Some(format!("{name}: {}", shown(why, 500)));
    }
    let exporter = recording.coverage.exporter.as_deref();
    Some(match (recording.coverage.sanitized, exporter) {
        (true, Some(exporter)) if exporter.starts_with("WebInspector") => format!(
            "{name} was exported without its cookies; in Chrome's network panel choose \
             \"Export HAR (with sensitive data)\", which the settings of its developer tools allow"
        ),
        (true, _) if recording.coverage.format != Format::Har => {
            format!("{name} was written with its cookies removed")
        }
        (true, _) => format!(
            "{name} was exported without its cookies; export it again with them, which some tools \
             call \"with sensitive data\""
        ),
        (false, _) if recording.coverage.exchanges == 0 => {
            format!("{name} holds no request and no response")
        }
        (false, _) => format!(
            "{name} holds no cookie header at all: either the site sets no cookie, \
             or what recorded it does not keep them"
        ),
    })
}

/// Everything that could not be verified, recordings first.
pub(super) fn all_unverified(audit: &Audit<'_>) -> Vec<String> {
    let recordings = audit.recordings.iter().filter_map(unverified);
    let text = audit.unreadable_privacy_policy();
    recordings.chain(text.map(|why| shown(&why, 300))).collect()
}

/// What a finding says and, where several recordings that were judged one by one show it, which do.
pub(super) fn message(audit: &Audit<'_>, finding: &Finding, limit: usize) -> String {
    let message = shown(&finding.message, limit);
    if finding.recordings.len() < 2 {
        return message;
    }
    let names = finding.recordings.iter();
    let names = names.map(|seen| shown(audit.file(seen.first), 100));
    format!("{message} (in {})", some_of(names.collect()))
}

/// The first of many names, and how many more there are.
pub(super) fn some_of(mut names: Vec<String>) -> String {
    const MOST: usize = 8;
    let more = names.len().saturating_sub(MOST);
    if more > 0 {
        names.truncate(MOST);
        names.push(format!("{more} more"));
    }
    listed(&names)
}

/// `shop.har:12, 3 times`: where something was found first, and how often. Of the only recording
/// no name is said.
pub(super) fn place(audit: &Audit<'_>, finding: &Finding) -> String {
    let mut parts = Vec::new();
    if let Some(at) = finding.at {
        let name = shown(audit.file(at), 100);
        let is_live = is_live(audit, at.file);
        parts.push(match (at.place.line, at.place.record, audit.files()) {
            (0, 0, _) => name,
            (0, page, _) if is_live => format!("{name}, page {page}"),
            (0, record, 0 | 1) => format!("record {record}"),
            (0, record, _) => format!("{name}, record {record}"),
            (line, _, 0 | 1) => format!("line {line}"),
            (line, ..) => format!("{name}:{line}"),
        });
    }
    // A pass that shows it counts once where nobody counted.
    if finding.count > finding.recordings.len().max(1) as u64 {
        parts.push(format!("{} times", grouped(finding.count)));
    }
    parts.join(", ")
}

/// Where findings of one rule were found: the first place, and which other recordings that were
/// judged one by one, or passes of a live audit, show them.
pub(super) fn places(audit: &Audit<'_>, findings: &[&Finding]) -> String {
    let Some(first) = findings.first() else {
        return String::new();
    };
    let mut others: Vec<(u16, String)> = Vec::new();
    for finding in findings {
        let judged = finding.recordings.iter().map(|seen| seen.first);
        let alone = finding.at.filter(|at| is_live(audit, at.file));
        for at in judged.chain(alone) {
            let is_first = first.at.is_some_and(|first| first.file == at.file);
            if !is_first && others.iter().all(|(file, _)| *file != at.file) {
                others.push((at.file, shown(audit.file(at), 100)));
            }
        }
    }
    others.sort();
    let mut says = place(audit, first);
    if !others.is_empty() {
        says.push_str("; also in ");
        says.push_str(&some_of(others.into_iter().map(|(_, name)| name).collect()));
    }
    says
}

fn is_live(audit: &Audit<'_>, file: u16) -> bool {
    let recording = audit.recordings.get(usize::from(file));
    recording.is_some_and(|r| r.coverage.format == Format::Live)
}

/// `2 errors, 1 warning and 3 notes`; empty without findings.
pub(super) fn levels(found: impl Iterator<Item = Level> + Clone) -> String {
    let parts: Vec<_> = Level::ALL
        .into_iter()
        .rev()
        .map(|level| (found.clone().filter(|l| *l == level).count() as u64, level))
        .filter(|(found, _)| *found > 0)
        .map(|(found, level)| count(found, level.name()))
        .collect();
    listed(&parts)
}

/// How many findings have that level.
pub(super) fn at_level(audit: &Audit<'_>, level: Level) -> u64 {
    audit.findings.iter().filter(|f| f.level == level).count() as u64
}

/// The levels of the findings, but for those that only say again which recording proves nothing.
pub(super) fn found(audit: &Audit<'_>) -> String {
    let findings = audit.findings.iter();
    levels(
        findings
            .filter(|finding| !finding.rule.is_about_coverage())
            .map(|finding| finding.level),
    )
}

/// Which known findings are gone, in one sentence; `None` where all are still found.
pub(super) fn gone(compared: &Compared) -> Option<String> {
    const MOST: usize = 10;
    let gone = compared.gone.iter().take(MOST);
    let mut named: Vec<_> = gone.map(|known| shown(&known.in_words(), 200)).collect();
    if named.is_empty() {
        return None;
    }
    let more = compared.gone.len() - named.len();
    if more > 0 {
        named.push(format!("{more} more"));
    }
    let verb = if compared.gone.len() == 1 {
        "is"
    } else {
        "are"
    };
    let count = count(compared.gone.len() as u64, "known finding");
    Some(format!("{count} {verb} gone: {}", listed(&named)))
}

/// How the audit ended, in words: `2 errors and 1 warning`, `clean`, `could not verify: …`.
pub(super) fn outcome(audit: &Audit<'_>, options: &Options) -> String {
    let found = found(audit);
    let mut parts = Vec::new();
    if audit.outcome(options.fail_on) == Outcome::Clean {
        parts.push("clean".to_owned());
        // Whoever reads this must know what it does not rest on.
        parts.extend(passes::choices_untried(audit));
    }
    let unverified = all_unverified(audit);
    if !unverified.is_empty() {
        parts.push(format!("could not verify: {}", unverified.join("; ")));
    }
    if !found.is_empty() {
        // What was found wins over what could not be verified; what is only milder does not.
        let first = audit.outcome(options.fail_on) == Outcome::Findings;
        parts.insert(if first { 0 } else { parts.len() }, found);
    }
    parts.join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lifetimes_are_said_as_people_say_them() {
        for (seconds, expected) in [
            (0, "0 seconds"),
            (1, "1 second"),
            (1_800, "30 minutes"),
            (86_400, "24 hours"),
            (7 * 86_400, "7 days"),
            (30 * 86_400, "30 days"),
            (90 * 86_400, "3 months"),
            (396 * 86_400, "13 months"),
            (400 * 86_400, "13 months"),
            (730 * 86_400, "2 years"),
            (u64::MAX, "584\u{202f}554\u{202f}049\u{202f}253 years"),
        ] {
            assert_eq!(lifetime(Lifetime::Seconds(seconds)), expected, "{seconds}");
        }
        assert_eq!(lifetime(Lifetime::Session), "session");
    }

    #[test]
    fn lists_read_as_english() {
        assert_eq!(listed(&["a"]), "a");
        assert_eq!(listed(&["a", "b"]), "a and b");
        assert_eq!(listed(&["a", "b", "c"]), "a, b and c");
    }
}
