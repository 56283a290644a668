//! `placet declare`: what it writes, and what it says of a page that was published.

use std::fs;

use serde_json::Value;

use crate::harness::{Dir, POLICY};

#[test]
fn a_declaration_is_written_in_the_language_and_format_asked_for_and_the_same_each_time() {
    let dir = Dir::new().with("placet.json", POLICY);
    for (arguments, says) in [
        (
            &[][..],
            "<h2 id=\"placet-declaration-en\">Cookies and other stored data</h2>",
        ),
        (
            &["--lang", "PT-br", "--heading-level", "3"],
            "<h3 id=\"placet-declaration-pt-BR\">",
        ),
        (&["--lang", "ar"], "lang=\"ar\" dir=\"rtl\""),
        (
            &["--format", "markdown", "--made", "2026-11-27"],
            " · 2026-11-27",
        ),
        (&["--format", "json"], "\"placet_declaration\": 1"),
        (
            &["--preferences", "/.placet/preferences"],
            "<a href=\"/.placet/preferences\">",
        ),
    ] {
        let arguments = [&["declare", "--policy", "placet.json"], arguments].concat();
        let run = dir.placet(&arguments).ended(0);
        assert!(run.stdout.contains(says), "{says}: {}", run.stdout);
        assert_eq!(run.stderr, "");
        assert_eq!(dir.placet(&arguments).stdout, run.stdout);
    }
}

#[test]
fn beside_a_file_of_html_is_what_a_site_serves_with_it() {
    let dir = Dir::new().with("placet.json", POLICY);
    for (output, format) in [("cookies.html", "html"), ("cookies.md", "markdown")] {
        let run = dir
            .placet(&["declare", "-p", "placet.json", "-f", format, "-o", output])
            .ended(0);
        assert_eq!(run.stdout, "");
        assert!(dir.path(output).exists());
        let is_html = format == "html";
        assert_eq!(run.stderr.contains("placet-declaration.css"), is_html);
        for beside in ["placet-declaration.css", "placet-declaration.js"] {
            assert_eq!(dir.path(beside).exists(), is_html);
            let _ = fs::remove_file(dir.path(beside));
        }
    }
}

#[test]
fn a_published_page_is_held_against_the_policy_of_today() {
    let changed = POLICY.replace("Counts visits.", "Counts visitors.");
    assert_ne!(changed, POLICY);
    let dir = Dir::new()
        .with("placet.json", POLICY)
        .with("changed.json", changed);
    for (format, page) in [
        ("html", "page.html"),
        ("markdown", "page.md"),
        ("json", "page.json"),
    ] {
        dir.placet(&[
            "declare",
            "-p",
            "placet.json",
            "--lang",
            "de",
            "-f",
            format,
            "-o",
            page,
        ])
        .ended(0);
        let same = dir
            .placet(&["declare", "-p", "placet.json", "--check", page])
            .ended(0);
        assert_eq!(same.stdout, "");
        assert_eq!(same.stderr, format!("{page}: says what the policy says\n"));
        let differs = dir
            .placet(&["declare", "-p", "changed.json", "--check", page])
            .ended(1);
        assert!(
            differs
                .stdout
                .contains("purpose of the service Google Analytics"),
            "{}",
            differs.stdout
        );
        assert!(
            differs
                .stdout
                .contains("“Counts visitors.”, the page shows “Counts visits.”")
        );
        let json = dir
            .placet(&[
                "declare",
                "-p",
                "changed.json",
                "--check",
                page,
                "-f",
                "json",
            ])
            .ended(1);
        let report: Value = serde_json::from_str(&json.stdout).unwrap();
        let declaration = &report["declarations"][0];
        assert_eq!(
            (&declaration["language"], &declaration["same"]),
            (&"de".into(), &false.into())
        );
        let found = declaration["differences"].as_array().unwrap();
        let purpose = found
            .iter()
            .find(|found| found["subject"] == "service")
            .unwrap();
        assert_eq!(purpose["name"], "Google Analytics");
        assert_eq!(purpose["field"], "purpose");
        assert_eq!(purpose["shown"], "Counts visits.");
        assert_eq!(purpose["kind"], "differs");
    }
}

#[test]
fn a_page_from_standard_input_is_known_by_what_is_in_it() {
    let dir = Dir::new().with("placet.json", POLICY);
    for format in ["html", "markdown", "json"] {
        let page = dir
            .placet(&["declare", "-p", "placet.json", "-f", format])
            .ended(0)
            .stdout;
        let arguments = ["declare", "-p", "placet.json", "--check", "-"];
        dir.placet_reading(&arguments, page.as_bytes()).ended(0);
    }
}

#[test]
fn the_declaration_of_the_example_says_what_its_policy_says() {
    let shop = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/shop");
    let (policy, page) = (format!("{shop}/placet.json"), format!("{shop}/cookies.md"));
    Dir::new()
        .placet(&["declare", "-p", &policy, "--check", &page])
        .ended(0);
    let written = Dir::new().placet(&["declare", "-p", &policy, "-f", "markdown"]);
    assert_eq!(written.stdout, fs::read_to_string(page).unwrap());
}

#[test]
fn a_page_without_a_declaration_could_not_be_verified() {
    let dir = Dir::new().with("placet.json", POLICY).with(
        "page.html",
        "<!doctype html><title>Cookies</title><p>We use cookies.",
    );
    let run = dir
        .placet(&["declare", "-p", "placet.json", "--check", "page.html"])
        .ended(2);
    assert!(
        run.stderr.contains("no declaration found"),
        "{}",
        run.stderr
    );
    dir.placet(&["declare", "-p", "placet.json", "-o", "page.html"])
        .ended(0);
    let run = dir
        .placet(&[
            "declare",
            "-p",
            "placet.json",
            "--lang",
            "de",
            "--check",
            "page.html",
        ])
        .ended(2);
    assert!(
        run.stderr
            .contains("no declaration in the language `de`, but 1 declaration in others"),
        "{}",
        run.stderr
    );
}

#[test]
fn what_cannot_be_declared_is_named_with_what_was_expected() {
    let dir = Dir::new()
        .with("placet.json", POLICY)
        .with("broken.json", "{ \"revision\": 0 }");
    for (arguments, says) in [
        (&["-p", "broken.json"][..], "the policy cannot be read"),
        (&["-p", "none.json"], "none.json"),
        (
            &["-p", "placet.json", "--lang", "xx"],
            "found the language `xx`, expected one of ar, bg, ",
        ),
        (
            &["-p", "placet.json", "--made", "yesterday"],
            "expected a day like `2026-11-27`",
        ),
        (
            &["-p", "placet.json", "--heading-level", "5"],
            "5 is not in 1..=4",
        ),
        (
            &["-p", "placet.json", "--preferences", "javascript:alert(1)"],
            "expected a path like `/.placet/preferences`",
        ),
        (
            &["-p", "placet.json", "--format", "text"],
            "found `--format text` without `--check`",
        ),
        (&["-p", "placet.json", "--check", "none.html"], "none.html"),
        (
            &["-p", "placet.json", "--check", "placet.json", "-f", "html"],
            "expected `--format text` or `json`",
        ),
        (
            &["-p", "placet.json", "--check", "placet.json", "-o", "x"],
            "cannot be used with",
        ),
        (
            &["-p", "placet.json", "-o", "none/cookies.html"],
            "none/cookies.html cannot be written",
        ),
    ] {
        let run = dir.placet(&[&["declare"], arguments].concat()).ended(3);
        assert!(run.stderr.contains(says), "{says}: {}", run.stderr);
        assert_eq!(run.stdout, "");
    }
}

#[test]
fn a_declaration_that_the_page_hides_is_a_finding_unless_it_is_shown_elsewhere() {
    let dir = Dir::new().with("placet.json", POLICY);
    let arguments = ["declare", "-p", "placet.json"];
    let shown = dir.placet(&arguments).ended(0).stdout;
    let hidden = format!("<div style=\"display:none\">{shown}</div>");
    let check = ["declare", "-p", "placet.json", "--check", "-"];
    let run = dir.placet_reading(&check, hidden.as_bytes()).ended(1);
    assert!(
        run.stdout.contains("hidden by `div` with `display: none`"),
        "{}",
        run.stdout
    );
    dir.placet_reading(&check, format!("{hidden}{shown}").as_bytes())
        .ended(0);
}
