//! The rules: each in a file of its own, with an id, a level, the text it rests on and a fix.

mod set_against_gpc;
mod set_before_choice;
mod undeclared;

use std::fmt;

use crate::evidence::{Cookie, Evidence};
use crate::finding::{Finding, Level, Subject};
use crate::survey::Where;

/// One rule of the audit.
pub struct Rule {
    /// Its stable id: `set-before-choice`.
    pub id: &'static str,
    /// How serious its findings are.
    pub level: Level,
    /// What it finds, in a few words.
    pub title: &'static str,
    /// The law, specification or guidance it rests on.
    pub rests_on: &'static str,
    /// What to do about a finding.
    pub fix: &'static str,
    check: fn(&Evidence<'_>, &mut Findings),
}

impl fmt::Debug for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Rule({})", self.id)
    }
}

impl Rule {
    /// Every rule, in the order of the reports.
    pub const ALL: &[&Self] = &[
        &set_before_choice::RULE,
        &set_against_gpc::RULE,
        &undeclared::RULE,
    ];
}

/// What every rule finds in the evidence, the gravest first, then by place.
pub fn check(evidence: &Evidence<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for rule in Rule::ALL.iter().copied() {
        let mut findings = Findings {
            rule,
            found: Vec::new(),
        };
        (rule.check)(evidence, &mut findings);
        found.append(&mut findings.found);
    }
    // Stable: within a level and place the order of the rules stays.
    found.sort_by_key(|finding| (std::cmp::Reverse(finding.level), finding.at));
    found
}

/// Takes the findings of one rule.
#[derive(Debug)]
struct Findings {
    rule: &'static Rule,
    found: Vec<Finding>,
}

impl Findings {
    /// A finding about a cookie.
    fn cookie(&mut self, cookie: &Cookie<'_>, count: u64, at: Option<Where>, message: String) {
        self.found.push(Finding {
            rule: self.rule,
            level: self.rule.level,
            message,
            subject: Subject {
                host: Some(cookie.seen.host()),
                cookie: Some(cookie.seen.name()),
                service: cookie.service().map(str::to_owned),
            },
            at,
            count,
        });
    }

    /// A finding about something else than one cookie.
    fn other(&mut self, subject: Subject, count: u64, at: Option<Where>, message: String) {
        self.found.push(Finding {
            rule: self.rule,
            level: self.rule.level,
            message,
            subject,
            at,
            count,
        });
    }
}
