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
fn a_name_that_is_none_and_an_address_for_a_host_are_wrong_usage() {
    let dir = Dir::new().with("placet.json", POLICY);
    for name in ["", " "] {
        let run = dir.placet(&["explain", name]).ended(3);
        assert!(
            run.stderr.contains("expected the name of a cookie"),
            "{run:?}"
        );
    }
    for host in [
        "",
        ".",
        "http://x/",
        "x/",
        "x:80",
        "user@x",
        "a b",
        "x?q",
        "x#f",
        "x\\y",
    ] {
        for arguments in [
            &["explain", "_ga", "--domain", host][..],
            &["decide", "-p", "placet.json", "--host", host],
        ] {
            let run = dir.placet(arguments).ended(3);
            let expected = "expected a host like `www.example.com`";
            assert!(run.stderr.contains(expected), "{run:?}");
        }
    }
    for host in [
        "criteo.com",
        ".criteo.com",
        "[::1]",
        "localhost",
        "192.0.2.1",
    ] {
        dir.placet(&["explain", "_ga", "--domain", host]).ended(0);
        dir.placet(&["decide", "-p", "placet.json", "--host", host])
            .ended(0);
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

#[test]
fn a_policy_that_is_not_utf_8_is_told_with_its_line() {
    let dir = Dir::new().with("placet.json", b"{\n\n\"revision\": \xff}");
    for arguments in [
        &["check", "placet.json"][..],
        &["decide", "-p", "placet.json"],
    ] {
        let run = dir.placet(arguments).ended(3);
        assert!(run.stderr.contains("line 3 holds bytes that are not UTF-8"));
    }
}

#[test]
fn headers_without_end_are_an_error_and_not_a_matter_of_memory() {
    let dir = Dir::new().with("placet.json", POLICY);
    let run = dir
        .placet_reading(&["decide", "-p", "placet.json"], &vec![b'a'; 17 << 20])
        .ended(3);
    assert!(run.stderr.contains("longer than 16 MiB"), "{run:?}");
}

#[test]
fn standard_input_is_read_once() {
    let run = Dir::new()
        .placet_reading(&["audit", "-", "-"], b"HTTP/1.1 200 OK\r\n\r\n")
        .ended(3);
    assert!(run.stderr.contains("found `-` more than once"));
}

#[test]
fn a_name_cannot_steer_the_terminal() {
    let run = Dir::new().placet(&["audit", "\u{1b}[31mno.har"]).ended(3);
    assert!(run.stderr.contains("\\u{1b}[31mno.har"), "{run:?}");
}

/// Runs a command whose standard output has no reader, or whose standard error is full.
#[cfg(target_os = "linux")]
fn ended_without_a_listener(dir: &Dir, arguments: &[&str]) -> (Option<i32>, Option<i32>, String) {
    use std::fs::File;
    use std::io::pipe;
    use std::process::{Command, Stdio};
    let placet = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_placet"));
        command
            .args(arguments)
            .current_dir(dir.path(""))
            .stdin(Stdio::null());
        command
    };
    let (reader, writer) = pipe().unwrap();
    drop(reader);
    let left = placet(arguments).stdout(writer).output().unwrap();
    let full = File::create("/dev/full").unwrap();
    let deaf = placet(arguments)
        .stdout(Stdio::null())
        .stderr(full)
        .status()
        .unwrap();
    let said = String::from_utf8(left.stderr).unwrap();
    (left.status.code(), deaf.code(), said)
}

#[test]
#[cfg(target_os = "linux")]
fn the_exit_code_holds_when_nobody_listens() {
    let recording = "HTTP/1.1 200 OK\r\nSet-Cookie: _ga=1\r\n\r\n";
    let dir = Dir::new()
        .with("placet.json", POLICY)
        .with("wrong.json", "{}")
        .with("headers.txt", recording);
    for format in ["text", "json", "sarif", "junit", "html"] {
        let audit = ["audit", "headers.txt", "--format", format];
        let (left, deaf, said) = ended_without_a_listener(&dir, &audit);
        assert_eq!(
            (left, deaf, said.as_str()),
            (Some(1), Some(1), ""),
            "{format}"
        );
    }
    for (arguments, code) in [
        (&["check", "wrong.json", "-f", "json"][..], 1),
        (&["init", "headers.txt"], 0),
        (&["audit", "none.har"], 3),
    ] {
        let (left, deaf, _) = ended_without_a_listener(&dir, arguments);
        assert_eq!((left, deaf), (Some(code), Some(code)), "{arguments:?}");
    }
}

#[test]
fn an_address_that_no_site_can_have_is_wrong_usage() {
    let dir = Dir::new();
    for (given, expected) in [
        ("http://", "which names no host"),
        ("HTTPS:///path", "which names no host"),
        (
            "https://ann:s3cret@shop.example/",
            "found a user name or password in the address of `shop.example`",
        ),
        ("http://127.0.0.1:99999/", "found the port `99999`"),
        ("ftp://shop.example/", "begins with `ftp:`"),
        ("https:/shop.example", "expected two slashes"),
        (
            "shop.example.com/cups",
            "expected its address: `https://shop.example.com/cups`",
        ),
    ] {
        for command in ["audit", "init"] {
            let run = dir.placet(&[command, given]).ended(3);
            assert!(run.stderr.contains(expected), "{given}: {run:?}");
            assert!(!format!("{run:?}").contains("s3cret"), "{given}: {run:?}");
            assert_eq!(run.stdout, "", "{given}");
        }
    }
    let run = dir.placet(&["audit", "shop.har"]).ended(3);
    assert!(
        !run.stderr.contains("https://"),
        "a recording is meant: {run:?}"
    );
}
