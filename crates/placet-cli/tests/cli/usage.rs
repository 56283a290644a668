//! What holds for every command: help, wrong usage, what other programs read.

use crate::harness::{Dir, POLICY};

#[test]
fn wrong_usage_is_3_and_help_is_0() {
    let dir = Dir::new();
    dir.placet(&[]).ended(3);
    dir.placet(&["audit"]).ended(3);
    dir.placet(&["audit", "x", "--region", "Europe"]).ended(3);
    let run = dir.placet(&["--help"]).ended(0);
    assert!(run.stdout.contains("Exit codes: 0 clean"));
    for command in ["audit", "check", "init", "decide", "inspect", "explain"] {
        let run = dir.placet(&[command, "--help"]).ended(0);
        assert!(run.stdout.contains("Examples:"), "{command}");
    }
}

#[test]
fn schemas_completions_and_the_manual_are_printed() {
    let dir = Dir::new();
    let schema = dir.placet(&["schema"]).ended(0).json();
    assert_eq!(schema["title"], "Placet policy");
    assert!(
        dir.placet(&["schema", "report"])
            .ended(0)
            .json()
            .is_object()
    );
    for shell in ["bash", "zsh", "fish"] {
        assert!(
            dir.placet(&["completions", shell])
                .ended(0)
                .stdout
                .contains("placet")
        );
    }
    let manual = dir.placet(&["man"]).ended(0).stdout;
    assert!(manual.contains(".TH placet") && manual.contains("placet-audit"));
}

#[test]
fn nothing_of_a_users_file_is_lost_when_the_output_cannot_be_written() {
    let dir = Dir::new()
        .with("placet.json", POLICY)
        .with("headers.txt", "HTTP/1.1 200 OK\r\n\r\n");
    let run = dir
        .placet(&[
            "audit",
            "headers.txt",
            "--output",
            "no/such/folder/report.html",
        ])
        .ended(3);
    assert!(run.stderr.contains("no/such/folder/report.html"));
}
