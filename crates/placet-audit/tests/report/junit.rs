//! The JUnit report, read back.

use placet_audit::report::{Format, Options};
use placet_audit::{Audit, Level, Rule};
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus};

use crate::fixture::{SHOP, assumptions, audit, empty_policy, options, recording, text};

fn junit(audit: &Audit<'_>, options: &Options) -> Report {
    Report::deserialize_from_str(&text(Format::Junit, audit, options)).expect("JUnit XML")
}

fn case<'r>(report: &'r Report, suite: usize, name: &str) -> &'r TestCase {
    let cases = &report.test_suites[suite].test_cases;
    let mut found = cases.iter().filter(|case| case.name.as_str() == name);
    found
        .next()
        .unwrap_or_else(|| panic!("no case {name} in suite {suite}"))
}

/// What is only fetched has no case: that it was not found proves nothing.
fn rules_that_read_recordings() -> usize {
    let rules = Rule::ALL.iter();
    rules.filter(|rule| rule.reads_recordings()).count()
}

#[test]
fn each_recording_is_a_suite_and_each_rule_a_case() {
    let policy = empty_policy();
    let assumed = assumptions(&policy);
    let recordings = vec![
        recording("a.har", true, false),
        recording("b.har", true, false),
    ];
    let report = junit(&audit(&assumed, false, recordings, SHOP), &options());
    let names: Vec<_> = report
        .test_suites
        .iter()
        .map(|suite| suite.name.as_str())
        .collect();
    assert_eq!(names, ["a.har", "b.har"]);
    for suite in &report.test_suites {
        assert_eq!(suite.tests, rules_that_read_recordings());
    }
    assert!(report.test_suites[0].failures >= 2);
    assert_eq!(report.test_suites[1].failures, 0);
    let TestCaseStatus::NonSuccess {
        kind,
        ty,
        description,
        ..
    } = &case(&report, 0, "set-before-choice").status
    else {
        panic!("set-before-choice has not failed");
    };
    assert_eq!(*kind, NonSuccessKind::Failure);
    assert_eq!(ty.as_ref().map(|ty| ty.as_str()), Some("error"));
    let description = description.as_ref().unwrap().as_str();
    assert!(
        description.contains("error: `IDE`") && description.contains("(a.har:20)"),
        "{description}"
    );
    assert!(matches!(
        case(&report, 1, "set-before-choice").status,
        TestCaseStatus::Success { .. }
    ));
}

#[test]
fn what_is_milder_than_the_level_that_fails_is_output() {
    let policy = empty_policy();
    let assumed = assumptions(&policy);
    let audit = audit(&assumed, false, vec![recording("a.har", true, false)], SHOP);
    let strictly = Options {
        fail_on: Level::Error,
        ..options()
    };
    let report = junit(&audit, &strictly);
    let unknown = case(&report, 0, "unknown");
    assert!(matches!(unknown.status, TestCaseStatus::Success { .. }));
    let output = unknown.system_out.as_ref().unwrap().as_str();
    assert!(output.contains("warning: `xq_7f` (unknown)"), "{output}");
}

#[test]
fn a_recording_that_proves_nothing_is_an_error_and_its_rules_are_skipped() {
    let policy = empty_policy();
    let assumed = assumptions(&policy);
    let audit = audit(&assumed, false, vec![recording("b.har", false, true)], &[]);
    let report = junit(&audit, &options());
    let suite = &report.test_suites[0];
    assert_eq!(
        (suite.errors, suite.skipped),
        (1, rules_that_read_recordings() - 1)
    );
    assert!(matches!(
        case(&report, 0, "not-verifiable").status,
        TestCaseStatus::Success { .. }
    ));
    let TestCaseStatus::NonSuccess { kind, message, .. } = &case(&report, 0, "can-verify").status
    else {
        panic!("can-verify has passed");
    };
    assert_eq!(*kind, NonSuccessKind::Error);
    let message = message.as_ref().unwrap().as_str();
    assert!(
        message.starts_with("could not verify: b.har was exported"),
        "{message}"
    );
}
