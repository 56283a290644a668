//! Baselines: what is known does not count, and a damaged one is never taken for an empty one.

use placet_audit::report::Format;
use placet_audit::{Audit, Baseline, Level, Outcome};

use crate::fixture::{SHOP, assumptions, audit, empty_policy, options, recording, text};

fn shop<T>(look: impl FnOnce(&mut Audit<'_>) -> T) -> T {
    let policy = empty_policy();
    let assumed = assumptions(&policy);
    look(&mut audit(
        &assumed,
        false,
        vec![recording("shop.har", true, false)],
        SHOP,
    ))
}

fn written() -> String {
    shop(|audit| Baseline::of(audit, &options()).to_json())
}

fn read(text: &str) -> Result<Baseline, String> {
    Baseline::read("known.json", text).map_err(|error| error.to_string())
}

#[test]
fn what_was_written_is_read_and_leaves_nothing_new() {
    let baseline = read(&written()).unwrap();
    assert_eq!(baseline.to_json(), written());
    shop(|audit| {
        let found = audit.findings.len();
        assert_eq!(audit.outcome(Level::Warning), Outcome::Findings);
        audit.compare(&baseline, &options());
        assert_eq!(audit.outcome(Level::Note), Outcome::Clean);
        let compared = audit.known.as_ref().expect("a comparison");
        assert_eq!((compared.findings.len(), compared.gone.len()), (found, 0));
        let report = text(Format::Text, audit, &options());
        assert!(
            report.contains(&format!("The baseline knows {found} findings")),
            "{report}"
        );
        assert!(report.ends_with("clean\n"), "{report}");
        // What is known stays known when the baseline is written again.
        assert_eq!(Baseline::of(audit, &options()), baseline);
    });
}

#[test]
fn one_line_a_finding_without_dates_and_counts() {
    let text = written();
    let lines: Vec<_> = text
        .lines()
        .filter(|line| line.contains("\"rule\""))
        .collect();
    assert_eq!(lines.len(), shop(|audit| audit.findings.len()));
    let mut sorted = lines.clone();
    sorted.sort_by_key(|line| line.trim_end_matches(',').to_owned());
    assert!(!text.contains("count") && !text.contains("2026"), "{text}");
    let known = lines
        .iter()
        .find(|line| line.contains("\"IDE\""))
        .expect("IDE");
    assert!(known.contains("\"host\":\"ad.doubleclick.net\""), "{known}");
}

#[test]
fn what_is_new_graver_or_more_often_counts_and_what_is_gone_is_told() {
    let baseline = shop(|audit| {
        audit
            .findings
            .retain(|f| f.subject.cookie.as_deref() != Some("IDE"));
        for finding in &mut audit.findings {
            finding.level = Level::Note;
        }
        Baseline::of(audit, &options())
    });
    shop(|audit| {
        let removed = audit
            .findings
            .iter()
            .position(|f| f.level == Level::Note)
            .expect("a note");
        let removed = audit.findings.remove(removed);
        audit.compare(&baseline, &options());
        // Notes are known; IDE is new; what was a note and is a warning now is new too.
        assert!(
            audit
                .findings
                .iter()
                .all(|f| { f.level > Level::Note || f.subject.cookie.as_deref() == Some("IDE") })
        );
        assert_eq!(audit.outcome(Level::Error), Outcome::Findings);
        let compared = audit.known.as_ref().expect("a comparison");
        let gone: Vec<_> = compared
            .gone
            .iter()
            .map(|known| known.rule.as_str())
            .collect();
        if removed.subject.cookie.as_deref() == Some("IDE") {
            assert_eq!(gone, [""; 0]);
        } else {
            assert_eq!(gone, [removed.rule.id]);
        }
    });
    // Twice the same finding is known once where the baseline has it once.
    let once = read(&written()).unwrap();
    shop(|audit| {
        let again = audit.findings[0].clone();
        audit.findings.push(again);
        audit.compare(&once, &options());
        assert_eq!(audit.findings.len(), 1);
    });
}

#[test]
fn that_a_recording_proves_nothing_cannot_be_known() {
    let policy = empty_policy();
    let assumed = assumptions(&policy);
    let mut audit = audit(&assumed, false, vec![recording("b.har", false, true)], &[]);
    let baseline = Baseline::of(&audit, &options());
    assert!(baseline.to_json().ends_with("\"known\": []\n}\n"));
    audit.compare(&baseline, &options());
    assert_eq!(audit.outcome(Level::Warning), Outcome::Unverified);
}

#[test]
fn another_file_is_told_and_never_taken_for_an_empty_baseline() {
    let good = written();
    let version = env!("CARGO_PKG_VERSION");
    for (text, expected) in [
        (
            String::new(),
            "known.json: EOF while parsing a value at line 1 column 0; expected a baseline",
        ),
        (
            "{}".to_owned(),
            "known.json: missing field `placet_baseline`",
        ),
        (
            good[..good.len() / 2].to_owned(),
            "expected a baseline, as `placet audit --write-baseline` writes it",
        ),
        (
            good.replace("\"placet_baseline\": 1", "\"placet_baseline\": 2"),
            "known.json: found a baseline of form 2, expected 1",
        ),
        (
            good.replace(&format!("\"{version}\""), "\"0.0.1\""),
            "known.json: written by placet 0.0.1, and this is",
        ),
        (
            good.replacen("\"level\":\"note\"", "\"level\":\"bad\"", 1),
            "found level `bad`, expected note, warning or error",
        ),
        (
            good.replacen("\"fingerprint\":\"", "\"fingerprint\":\"x", 1),
            "expected 16 hexadecimal digits",
        ),
        (
            text(Format::Json),
            "known.json: missing field `placet_baseline`",
        ),
    ] {
        let error = read(&text).unwrap_err();
        assert!(error.contains(expected), "{error}");
    }
    fn text(format: Format) -> String {
        shop(|audit| super::fixture::text(format, audit, &options()))
    }
}
