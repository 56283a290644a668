//! The evidence as people read it: one row a cookie of a host, however it was seen, and one group a
//! service.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use placet::Lifetime;
use rustc_hash::FxHashMap;

use crate::audit::Audit;
use crate::evidence::Cookie;
use crate::finding::{Finding, Level};
use crate::rule::Rule;
use crate::survey::{Origin, Party};

/// How long a cookie was seen to live.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Life {
    /// It was only seen on its way back, so that nobody knows.
    NotSeen,
    /// The longest it asked for.
    Asked(Lifetime),
}

/// One cookie of one host: every observation of it together, removals left out.
#[derive(Clone, Debug)]
pub(super) struct Row<'a> {
    pub(super) host: String,
    pub(super) name: String,
    pub(super) service: Option<&'a str>,
    /// `unknown` when nobody knows it.
    pub(super) category: &'a str,
    pub(super) life: Life,
    pub(super) party: Party,
    pub(super) count: u64,
    /// The gravest level of the findings about it.
    pub(super) gravest: Option<Level>,
    pub(super) findings: u64,
}

/// Whose cookies and findings stand together; in the order of the reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Of<'a> {
    /// A service's.
    Service(&'a str),
    /// Cookies that nobody knows.
    Nobody,
    /// Findings about no single cookie.
    Whole,
}

/// One service, its cookies and what was found about it.
#[derive(Clone, Debug)]
pub(super) struct Group<'a> {
    pub(super) of: Of<'a>,
    pub(super) rows: Vec<&'a Row<'a>>,
    pub(super) findings: Vec<&'a Finding>,
}

impl Row<'_> {
    pub(super) fn is_third_party(&self) -> bool {
        self.party == Party::Third
    }
}

impl Group<'_> {
    fn gravest(&self) -> Option<Level> {
        self.findings.iter().map(|finding| finding.level).max()
    }

    /// The categories of its cookies, each once.
    pub(super) fn categories(&self) -> Vec<&str> {
        let mut names: Vec<_> = self.rows.iter().map(|row| row.category).collect();
        names.sort_unstable();
        names.dedup();
        names
    }
}

/// One row a cookie of a host, by host and name.
pub(super) fn rows<'a>(audit: &'a Audit<'_>) -> Vec<Row<'a>> {
    let mut found: FxHashMap<(&str, &str), (Level, u64)> = FxHashMap::default();
    for finding in &audit.findings {
        if let (Some(host), Some(name)) = (&finding.subject.host, &finding.subject.cookie) {
            let (gravest, findings) = found.entry((host, name)).or_insert((finding.level, 0));
            *gravest = (*gravest).max(finding.level);
            *findings += 1;
        }
    }
    let mut rows: Vec<Row<'_>> = Vec::new();
    // Cookies come by host and name, so equal ones are neighbours.
    for cookie in &audit.evidence.cookies {
        if cookie.seen.key.origin == Origin::Removed {
            continue;
        }
        let next = row(cookie);
        match rows.last_mut() {
            Some(last) if last.host == next.host && last.name == next.name => {
                last.life = last.life.max(next.life);
                last.party = either(last.party, next.party);
                last.count = last.count.saturating_add(next.count);
                last.service = last.service.or(next.service);
            }
            _ => rows.push(next),
        }
    }
    for row in &mut rows {
        if let Some((gravest, findings)) = found.get(&(row.host.as_str(), row.name.as_str())) {
            row.gravest = Some(*gravest);
            row.findings = *findings;
        }
    }
    rows
}

/// Of two pages that saw one host, the one on which it was somebody else's counts.
const fn either(one: Party, other: Party) -> Party {
    match (one, other) {
        (Party::Third, _) | (_, Party::Third) => Party::Third,
        (Party::First, _) | (_, Party::First) => Party::First,
        (Party::Unknown, Party::Unknown) => Party::Unknown,
    }
}

fn row<'a>(cookie: &'a Cookie<'_>) -> Row<'a> {
    Row {
        host: cookie.seen.host(),
        name: cookie.seen.name(),
        service: cookie.service(),
        category: cookie.category.unwrap_or("unknown"),
        life: cookie.lifetime().map_or(Life::NotSeen, Life::Asked),
        party: cookie.seen.key.party,
        count: cookie.seen.count(),
        gravest: None,
        findings: 0,
    }
}

/// One group a service, the one with the gravest findings first; what belongs to none follows.
pub(super) fn groups<'a>(audit: &'a Audit<'_>, rows: &'a [Row<'a>]) -> Vec<Group<'a>> {
    let mut groups: BTreeMap<Of<'_>, Group<'a>> = BTreeMap::new();
    let empty = |of| Group {
        of,
        rows: Vec::new(),
        findings: Vec::new(),
    };
    for row in rows {
        let of = row.service.map_or(Of::Nobody, Of::Service);
        groups.entry(of).or_insert_with(|| empty(of)).rows.push(row);
    }
    for finding in &audit.findings {
        let of = match (&finding.subject.service, &finding.subject.cookie) {
            (Some(service), _) => Of::Service(service),
            (None, Some(_)) => Of::Nobody,
            (None, None) => Of::Whole,
        };
        let group = groups.entry(of).or_insert_with(|| empty(of));
        group.findings.push(finding);
    }
    let mut groups: Vec<_> = groups.into_values().collect();
    groups.sort_by_key(|group| {
        let kind = match group.of {
            Of::Service(_) => 0,
            Of::Nobody => 1,
            Of::Whole => 2,
        };
        (
            kind,
            Reverse(group.gravest()),
            Reverse(group.findings.len()),
        )
    });
    groups
}

/// The rules of findings, in the order of the gravest of each.
pub(super) fn rules(findings: &[&Finding]) -> Vec<&'static Rule> {
    let mut rules: Vec<&Rule> = Vec::new();
    for finding in findings {
        if rules.iter().all(|rule| rule.id != finding.rule.id) {
            rules.push(finding.rule);
        }
    }
    rules
}

/// The findings in their order, those of one rule and level together.
pub(super) fn by_rule<'a>(findings: &[&'a Finding]) -> Vec<Vec<&'a Finding>> {
    let mut rules: Vec<Vec<&Finding>> = Vec::new();
    for finding in findings.iter().copied() {
        let same = rules.iter_mut().find(|rule| {
            rule.first().is_some_and(|first| {
                first.rule.id == finding.rule.id && first.level == finding.level
            })
        });
        match same {
            Some(rule) => rule.push(finding),
            None => rules.push(vec![finding]),
        }
    }
    rules
}

/// How many cookies each category has, the standard categories first, in their order, then others
/// by name, and `unknown` last.
pub(super) fn categories<'a>(rows: &[Row<'a>]) -> Vec<(&'a str, u64)> {
    let mut counts: Vec<(&str, u64)> = Vec::new();
    for row in rows {
        match counts.iter_mut().find(|(name, _)| *name == row.category) {
            Some((_, count)) => *count += 1,
            None => counts.push((row.category, 1)),
        }
    }
    counts.sort_by_key(|(name, _)| (rank(name), *name));
    counts
}

fn rank(category: &str) -> usize {
    match placet::StandardCategory::from_name(category) {
        Some(standard) => standard.id().number(),
        None if category == "unknown" => usize::MAX,
        None => placet::StandardCategory::ALL.len(),
    }
}
