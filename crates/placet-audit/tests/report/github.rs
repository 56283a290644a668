//! The report for GitHub Actions, read as its runner reads lines of a log.

use placet_audit::report::Format;
use placet_audit::{Audit, Baseline, Level};

use crate::fixture::{SHOP, assumptions, audit, empty_policy, options, recording, text};

/// Every line is a command with its properties and a text, or no command at all.
#[track_caller]
pub(crate) fn assert_lines(report: &str) {
    for line in report.lines() {
        let Some(command) = line.strip_prefix("::") else {
            continue;
        };
        let (head, _) = command.split_once("::").expect("a text after the command");
        let (name, properties) = head.split_once(' ').expect("properties");
        assert!(["notice", "warning", "error"].contains(&name), "{line}");
        for property in properties.split(',') {
            let (name, value) = property.split_once('=').expect("a value");
            assert!(["file", "line", "title"].contains(&name), "{line}");
            assert!(!value.is_empty() && !value.contains(':'), "{line}");
        }
    }
}

fn commands<'r>(report: &'r str, level: &str) -> Vec<&'r str> {
    let start = format!("::{level} ");
    report
        .lines()
        .filter(|line| line.starts_with(&start))
        .collect()
}

fn shop<T>(look: impl FnOnce(&mut Audit<'_>) -> T) -> T {
    let policy = empty_policy();
    let assumed = assumptions(&policy);
    let recordings = vec![recording("traffic/shop.har", true, false)];
    look(&mut audit(&assumed, false, recordings, SHOP))
}

#[test]
fn every_finding_is_an_annotation_of_its_line() {
    shop(|audit| {
        let report = text(Format::Github, audit, &options());
        assert_lines(&report);
        let found = |level| audit.findings.iter().filter(|f| f.level == level).count();
        assert_eq!(commands(&report, "error").len(), found(Level::Error));
        assert_eq!(commands(&report, "warning").len(), found(Level::Warning));
        let expected = "::error file=traffic/shop.har,line=20,title=Set before any choice and not necessary::`IDE` (";
        assert!(report.contains(expected), "{report}");
        assert!(
            report
                .lines()
                .last()
                .is_some_and(|line| line.starts_with("placet: "))
        );
    });
}

#[test]
fn what_github_would_drop_is_a_line_of_the_log() {
    shop(|audit| {
        let one = audit.findings[0].clone();
        audit.findings = vec![one; 13];
        let report = text(Format::Github, audit, &options());
        assert_eq!(commands(&report, "error").len(), 10);
        let lines = report
            .lines()
            .filter(|line| line.starts_with("error: traffic/shop.har:"));
        assert_eq!(lines.count(), 3);
    });
}

#[test]
fn a_recording_that_proves_nothing_is_an_error() {
    let policy = empty_policy();
    let assumed = assumptions(&policy);
    let audit = audit(&assumed, false, vec![recording("b.har", false, true)], &[]);
    let report = text(Format::Github, &audit, &options());
    let [error] = commands(&report, "error")[..] else {
        panic!("{report}");
    };
    assert!(
        error.starts_with("::error file=b.har,line=1,title=Could not verify::b.har was exported")
    );
}

#[test]
fn what_is_gone_from_the_baseline_is_a_notice() {
    let baseline = shop(|audit| Baseline::of(audit, &options()));
    shop(|audit| {
        audit
            .findings
            .retain(|finding| finding.subject.cookie.as_deref() != Some("IDE"));
        audit.compare(&baseline, &options());
        let report = text(Format::Github, audit, &options());
        assert_eq!(
            commands(&report, "error").len() + commands(&report, "warning").len(),
            0
        );
        let [notice] = commands(&report, "notice")[..] else {
            panic!("{report}");
        };
        assert!(notice.contains("are gone: ") && notice.contains("`set-before-choice` of `IDE`"));
    });
}
