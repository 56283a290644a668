//! `placet bundle`: what it writes, where, and what it says of what it cannot.

use std::fs;

use crate::harness::{Dir, POLICY};

#[test]
fn a_bundle_is_one_script_with_the_engine_for_strict_pages_beside_it() {
    let dir = Dir::new().with("placet.json", POLICY);
    let run = dir
        .placet(&[
            "bundle",
            "--policy",
            "placet.json",
            "--langs",
            "de,fr",
            "-o",
            "placet.js",
        ])
        .ended(0);
    assert_eq!(run.stdout, "");
    assert!(run.stderr.contains("placet-fallback.js"), "{}", run.stderr);
    let script = fs::read_to_string(dir.path("placet.js")).unwrap();
    assert!(script.contains("Alle ablehnen") && script.contains("Google Analytics"));
    assert!(!script.contains("Refuse all"), "English was not asked for");
    assert!(dir.path("placet-fallback.js").exists());
}

#[test]
fn a_compiled_policy_is_a_file_of_its_own() {
    let dir = Dir::new().with("placet.json", POLICY);
    let arguments = [
        "bundle",
        "--policy",
        "placet.json",
        "--compiled",
        "-o",
        "placet.policy",
    ];
    dir.placet(&arguments).ended(0);
    let text = fs::read_to_string(dir.path("placet.policy")).unwrap();
    let (compiled, people) = text.split_once('\n').unwrap();
    assert!(!compiled.contains('{'), "{text}");
    assert!(
        people.starts_with('{') && people.contains("Counts visits."),
        "{text}"
    );
    assert!(!dir.path("placet-fallback.js").exists());
}

#[test]
fn what_cannot_be_bundled_is_named_with_what_was_expected() {
    let dir = Dir::new()
        .with("placet.json", POLICY)
        .with("broken.json", "{ \"revision\": 0 }");
    for (policy, langs, output, says) in [
        (
            "placet.json",
            "en,xx",
            "placet.js",
            "found the language `xx`, expected one or several of ",
        ),
        (
            "broken.json",
            "en",
            "placet.js",
            "broken.json:1:15: error: revision",
        ),
        ("nowhere.json", "en", "placet.js", "nowhere.json"),
        (
            "placet.json",
            "en",
            "nowhere/placet.js",
            "nowhere/placet.js cannot be written",
        ),
    ] {
        let run = dir
            .placet(&["bundle", "-p", policy, "--langs", langs, "-o", output])
            .ended(3);
        assert!(run.stderr.contains(says), "{}", run.stderr);
        assert!(!dir.path("placet.js").exists());
    }
}
