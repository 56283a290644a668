//! `placet check`: errors with their places, and lints.

use crate::harness::{Dir, POLICY};

#[test]
fn a_good_policy_has_no_findings() {
    let dir = Dir::new().with("placet.json", POLICY);
    let run = dir.placet(&["check", "placet.json"]).ended(0);
    assert_eq!(run.stdout, "");
    assert!(run.stderr.contains("nothing found"));
}

#[test]
fn every_error_has_its_line() {
    let dir = Dir::new().with(
        "placet.json",
        "{\n  \"revision\": 0,\n  \"services\": [{ \"id\": \"A\", \"category\": \"ads\" }]\n}\n",
    );
    let run = dir.placet(&["check", "placet.json"]).ended(1);
    let lines: Vec<_> = run.stdout.lines().collect();
    assert_eq!(lines.len(), 2, "{lines:#?}");
    assert!(lines[0].starts_with("placet.json:2:15: error: revision: found `0`"));
    assert!(lines[1].starts_with("placet.json:3:24: error: services[0].id: found `A`"));
    let json = dir
        .placet(&["check", "placet.json", "--format", "json"])
        .ended(1)
        .json();
    assert_eq!(json["findings"][1]["line"], 3);
    assert_eq!(json["findings"][1]["code"], "type");
}

#[test]
fn a_necessary_service_that_tracks_is_a_warning() {
    let policy = POLICY.replace(
        r#""id": "google-analytics", "name": "Google Analytics", "category": "analytics""#,
        r#""id": "google-analytics", "category": "necessary""#,
    );
    let dir = Dir::new().with("placet.json", policy);
    let run = dir.placet(&["check", "placet.json"]).ended(1);
    assert!(run.stdout.contains("Google Analytics"), "{}", run.stdout);
    dir.placet(&["check", "placet.json", "--fail-on", "error"])
        .ended(0);
}

#[test]
fn a_file_that_is_not_there_is_no_finding() {
    let run = Dir::new().placet(&["check", "nowhere.json"]).ended(3);
    assert!(run.stderr.contains("nowhere.json"));
}

#[test]
fn files_under_well_known_are_checked_by_their_names() {
    let dir = Dir::new()
        .with("placet.json", POLICY)
        .with("gpc.json", r#"{"gpc":"yes","lastUpdate":"2026-11-22"}"#)
        .with("dnt.json", r#"{"tracking":"N"}"#)
        .with("dnt-policy.txt", "We love privacy.")
        .with("security.txt", "");
    let run = dir.placet(&["check", "--well-known", "dnt.json"]).ended(0);
    assert_eq!(
        (&*run.stdout, run.stderr.trim()),
        ("", "dnt.json: nothing found")
    );
    let both = [
        "check",
        "placet.json",
        "--well-known",
        "gpc.json",
        "--well-known",
        "dnt-policy.txt",
    ];
    let run = dir.placet(&both).ended(1);
    let expected = "gpc.json: warning: `gpc` of the site is \"yes\", so that support is unknown; expected true or false";
    assert_eq!(run.stdout.lines().next(), Some(expected), "{run:?}");
    assert!(run.stderr.contains("dnt-policy.txt: 1 warning"), "{run:?}");
    let json = dir
        .placet(&[&both[..], &["--format", "json"]].concat())
        .ended(1)
        .json();
    let codes: Vec<_> = json["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| &f["code"])
        .collect();
    assert_eq!(codes, ["gpc-json", "dnt-policy"]);
    dir.placet(&[&both[..], &["--fail-on", "error"]].concat())
        .ended(0);
    let run = dir
        .placet(&["check", "--well-known", "security.txt"])
        .ended(3);
    assert!(
        run.stderr.contains("expected a file named `gpc.json`"),
        "{run:?}"
    );
    dir.placet(&["check"]).ended(3);
}

#[test]
fn a_byte_order_mark_is_no_harm_in_a_policy_and_told_of_what_is_served() {
    let marked = |text: &str| format!("\u{feff}{text}");
    let dir = Dir::new()
        .with("placet.json", marked(POLICY))
        .with(
            "gpc.json",
            marked(r#"{"gpc":true,"lastUpdate":"2026-11-22"}"#),
        )
        .with("dnt.json", marked(r#"{"tracking":"N"}"#));
    dir.placet(&["check", "placet.json"]).ended(0);
    for (file, of) in [
        ("gpc.json", "gpc.json of the site"),
        ("dnt.json", "the tracking status of the site"),
    ] {
        let run = dir.placet(&["check", "--well-known", file]).ended(1);
        let expected = format!(
            "{file}: warning: {of} begins with a byte order mark, which JSON that is sent must not \
             have (RFC 8259, section 8.1): not every reader passes over it; save it as UTF-8 without\n"
        );
        assert_eq!(run.stdout, expected);
    }
}
