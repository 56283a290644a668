//! The report as JUnit XML: a suite a recording, a case a rule.
//!
//! | the rule found | the case is |
//! | --- | --- |
//! | something at or above the level that fails | a failure |
//! | something milder | passed, with what was found as its output |
//! | nothing | passed |
//! | nothing, in a recording that cannot show it | skipped |
//!
//! A recording that holds no cookie headers also has the case `can-verify`, which is an error: a
//! build that only looks for failures and errors does not take it for clean.

use std::io::{self, Write};

use quick_junit::{NonSuccessKind, Property, Report, TestCase, TestCaseStatus, TestSuite};

use super::passes;
use super::words::{self, shown};
use super::{Options, claims};
use crate::audit::{Audit, Recording};
use crate::finding::Finding;
use crate::held::Held;
use crate::rule::Rule;

/// Findings listed in one case.
const MOST_FINDINGS: usize = 100;
/// Longest message.
const LONGEST: usize = 500;

pub(super) fn write(audit: &Audit<'_>, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let mut report = Report::new("placet");
    for (number, recording) in audit.recordings.iter().enumerate() {
        let here: Vec<_> = audit
            .findings
            .iter()
            .filter(|f| f.at.is_some_and(|at| usize::from(at.file) == number))
            .collect();
        report.add_test_suite(suite(audit, recording, &here, options));
    }
    if let Some(held) = &audit.privacy_policy {
        report.add_test_suite(of_text(audit, held, options));
    }
    let nowhere: Vec<_> = audit.findings.iter().filter(|f| f.at.is_none()).collect();
    if !nowhere.is_empty() {
        let mut suite = TestSuite::new("all recordings");
        suite.add_test_cases(cases(audit, &audit.rules, &nowhere, None, options));
        report.add_test_suite(suite);
    }
    // Written by hand, so that what is wrong with the output is not hidden in an error of XML.
    let document = report.to_string().map_err(io::Error::other)?;
    out.write_all(document.as_bytes())
}

/// The suite of the privacy policy, with the rules about it alone.
fn of_text(audit: &Audit<'_>, held: &Held, options: &Options) -> TestSuite {
    let found = audit.findings.iter();
    let here: Vec<_> = found
        .filter(|f| f.at.is_some_and(|at| at.file == held.file))
        .collect();
    let mut suite = TestSuite::new(shown(held.privacy_policy.name(), LONGEST));
    suite.add_property(Property::new("date", options.now.to_string()));
    suite.add_property(Property::new("read", claims::coverage(held)));
    let unverified = audit.unreadable_privacy_policy();
    if let Some(problem) = &unverified {
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
        status
            .set_type("unverified")
            .set_message(format!("could not verify: {}", shown(problem, LONGEST)));
        suite.add_test_case(case("can-verify", status));
    }
    let rules = Rule::OF_PRIVACY_POLICIES;
    suite.add_test_cases(cases(audit, rules, &here, unverified.as_deref(), options));
    suite
}

fn suite(
    audit: &Audit<'_>,
    recording: &Recording,
    findings: &[&Finding],
    options: &Options,
) -> TestSuite {
    let mut suite = TestSuite::new(shown(&recording.name, LONGEST));
    suite.add_property(Property::new("date", options.now.to_string()));
    suite.add_property(Property::new("read", words::coverage(&recording.coverage)));
    let unverified = words::unverified(recording);
    if let Some(problem) = &unverified {
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
        status
            .set_type("unverified")
            .set_message(format!("could not verify: {problem}"));
        suite.add_test_case(case("can-verify", status));
    }
    suite.add_test_cases(cases(
        audit,
        &audit.rules,
        findings,
        unverified.as_deref(),
        options,
    ));
    suite
}

fn cases(
    audit: &Audit<'_>,
    rules: &[&'static Rule],
    findings: &[&Finding],
    unverified: Option<&str>,
    options: &Options,
) -> Vec<TestCase> {
    let judged = |rule: &&'static Rule| {
        let found: Vec<_> = findings
            .iter()
            .copied()
            .filter(|f| f.rule.id == rule.id)
            .collect();
        let gravest = found.iter().max_by_key(|finding| finding.level);
        let Some(gravest) = gravest else {
            let status = if unverified.is_some() {
                let mut status = TestCaseStatus::skipped();
                status.set_message("the recording cannot show it");
                status
            } else {
                TestCaseStatus::success()
            };
            return case(rule.id, status);
        };
        let list = list(audit, &found);
        if gravest.level < options.fail_on {
            let mut case = case(rule.id, TestCaseStatus::success());
            case.set_system_out(list);
            return case;
        }
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
        let found = words::count(found.len() as u64, "finding");
        status
            .set_type(gravest.level.name())
            .set_message(format!("{}: {found}", rule.title))
            .set_description(format!("{list}\n{}\nRests on: {}", rule.fix, rule.rests_on));
        case(rule.id, status)
    };
    rules.iter().map(judged).collect()
}

fn case(name: &str, status: TestCaseStatus) -> TestCase {
    let mut case = TestCase::new(name, status);
    case.set_classname("placet");
    case
}

/// One line a finding: level, message, place.
fn list(audit: &Audit<'_>, findings: &[&Finding]) -> String {
    let mut out = String::new();
    for finding in findings.iter().take(MOST_FINDINGS) {
        let message = words::message(audit, finding, LONGEST);
        let page = finding.at.and_then(|at| passes::page(audit, at));
        let address = page.map_or_else(String::new, |(_, page)| {
            format!(", {}", shown(&page.url, LONGEST))
        });
        out.push_str(&format!(
            "{}: {message} ({}{address})\n",
            finding.level,
            words::place(audit, finding)
        ));
    }
    let left = findings.len().saturating_sub(MOST_FINDINGS) as u64;
    if left > 0 {
        out.push_str(&format!("and {} more\n", words::count(left, "finding")));
    }
    out
}
