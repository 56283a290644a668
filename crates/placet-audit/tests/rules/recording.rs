//! What is said of the recordings themselves.

use placet_audit::{Coverage, Format, Outcome, Place};

use super::*;

fn malformed(record: u64, line: u64) -> Malformed {
    Malformed {
        place: Place { line, record },
        problem: "found `{`, expected a status line".to_owned(),
    }
}

#[test]
fn a_record_that_cannot_be_read_is_a_finding_at_its_place() {
    let case = Case {
        malformed: vec![malformed(0, 12), malformed(3, 40)],
        ..Case::default()
    };
    let findings = case.findings(&[]);
    assert_says(
        "malformed-record",
        &findings,
        &[
            (
                Level::Warning,
                "line 12 could not be read: found `{`, expected a status line",
            ),
            (
                Level::Warning,
                "record 3 could not be read: found `{`, expected a status line",
            ),
        ],
    );
    let lines: Vec<_> = findings
        .iter()
        .map(|f| f.at.map(|at| at.place.line))
        .collect();
    assert_eq!(lines, [Some(12), Some(40)]);
    assert_silent("malformed-record", &audit(&[]));
}

#[test]
fn many_records_that_cannot_be_read_are_counted() {
    let case = Case {
        malformed: (1..=5_000).map(|line| malformed(0, line)).collect(),
        ..Case::default()
    };
    let findings = case.findings(&[]);
    assert_eq!(findings.len(), 21);
    let counted: u64 = findings.iter().map(|finding| finding.count).sum();
    assert_eq!(counted, 5_000);
}

fn verdict_on(coverage: Coverage, visits: &[Visit]) -> (Vec<Finding>, Outcome) {
    let recording = Recording {
        name: "shop.har".to_owned(),
        coverage,
    };
    Case::default().run_on(vec![recording], visits, |audit| {
        (audit.findings.clone(), audit.outcome(Level::Note))
    })
}

fn coverage(exchanges: u64, saw_cookies: bool, sanitized: bool) -> Coverage {
    Coverage {
        format: Format::Har,
        exchanges,
        saw_cookies,
        sanitized,
        ..Coverage::default()
    }
}

#[test]
fn a_recording_without_cookie_headers_never_passes_as_clean() {
    for (coverage, why) in [
        (
            coverage(3, false, false),
            "it holds no cookie header at all",
        ),
        (
            coverage(3, true, true),
            "its exporter removed the cookie headers",
        ),
        (
            coverage(0, false, false),
            "it holds no request and no response",
        ),
    ] {
        let (findings, outcome) = verdict_on(coverage, &[]);
        let expected = format!(
            "`shop.har` cannot show that the site is clean: {why}; export it with them, in Chrome \
             as HAR with sensitive data, which the settings of the developer tools allow"
        );
        assert_says("not-verifiable", &findings, &[(Level::Note, &expected)]);
        assert_eq!(outcome, Outcome::Unverified);
    }
    let (findings, outcome) = verdict_on(coverage(3, true, false), &[]);
    assert_silent("not-verifiable", &findings);
    assert_eq!(outcome, Outcome::Clean);
}

#[test]
fn what_to_do_about_missing_cookie_headers_fits_the_kind_of_recording() {
    for (format, remedy) in [
        (Format::HeaderDump, "`curl -i`"),
        (Format::Har, "HAR with sensitive data"),
        (Format::JsonLines, "--json-field"),
        (Format::AccessLog, "\"$sent_http_set_cookie\""),
    ] {
        let coverage = Coverage {
            format,
            ..coverage(3, false, false)
        };
        let (findings, _) = verdict_on(coverage, &[]);
        let about: Vec<_> = findings
            .iter()
            .filter(|finding| finding.rule.id == "not-verifiable")
            .map(|finding| (finding.message.as_str(), finding.rule.fix))
            .collect();
        assert!(
            matches!(about[..], [(says, _)] if says.contains(remedy)),
            "{about:?}"
        );
        let of_chrome = about
            .iter()
            .any(|(says, fix)| format!("{says}{fix}").contains("Chrome"));
        assert_eq!(of_chrome, format == Format::Har, "{about:?}");
    }
}

#[test]
fn a_finding_wins_over_what_could_not_be_verified() {
    let visits = [visit("https://shop.example/").sends("_ga=GA1.1.5")];
    assert_eq!(
        verdict_on(coverage(3, true, true), &visits).1,
        Outcome::Findings
    );
}

#[test]
fn more_cookies_than_can_be_told_apart_are_counted() {
    let many: Vec<_> = (0..1_001)
        .map(|page| {
            let lines = (0..100).map(|n| format!("name_{page}_{n}=1; Secure"));
            lines.fold(visit("https://shop.example/"), |v, line| v.sets(&line))
        })
        .collect();
    let case = Case {
        knows_nothing: true,
        ..Case::default()
    };
    let findings = case.findings(&many);
    assert_says(
        "too-many-cookies",
        &findings,
        &[(
            Level::Warning,
            "there are so many distinct cookies that the last ones were not judged",
        )],
    );
    let finding = findings.iter().find(|f| f.rule.id == "too-many-cookies");
    assert_eq!(finding.map(|f| f.count), Some(100));
}
