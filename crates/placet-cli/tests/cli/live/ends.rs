//! No browser is left behind, however an audit ends.

use std::fs;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::site::{Site, not_found, page};
use crate::harness::Dir;

/// Processes whose command line holds this.
fn running(mark: &str) -> Vec<u32> {
    let processes = fs::read_dir("/proc").unwrap().flatten();
    let of_that_mark = processes.filter_map(|entry| {
        let id = entry.file_name().to_str()?.parse().ok()?;
        let line = fs::read(entry.path().join("cmdline")).ok()?;
        String::from_utf8_lossy(&line).contains(mark).then_some(id)
    });
    of_that_mark.collect()
}

/// The profile of the browser that a process has started, as it stands in its command line.
fn profile_of(parent: u32) -> Option<String> {
    let processes = fs::read_dir("/proc").unwrap().flatten();
    processes.into_iter().find_map(|entry| {
        let status = fs::read_to_string(entry.path().join("status")).ok()?;
        let is_child = status
            .lines()
            .any(|line| line == format!("PPid:\t{parent}"));
        let line = fs::read(entry.path().join("cmdline"))
            .ok()
            .filter(|_| is_child)?;
        let mut arguments = line.split(|b| *b == 0).map(String::from_utf8_lossy);
        let flag = arguments.find(|a| a.starts_with("--user-data-dir="))?;
        Some(flag.into_owned())
    })
}

#[track_caller]
fn soon(what: &str, mut holds: impl FnMut() -> bool) {
    let end = Instant::now() + Duration::from_secs(60);
    while !holds() {
        assert!(
            Instant::now() < end,
            "{what} did not happen within a minute"
        );
        thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn killing_an_audit_ends_its_browser() {
    let site = Site::new(|_| page("<script>setInterval(() => fetch('/x'), 100)</script>"));
    let mut audit = Command::new(env!("CARGO_BIN_EXE_placet"))
        .args(["audit", &site.url("/"), "--passes", "fresh,gpc"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut profile = None;
    soon("the browser's start", || {
        profile = profile_of(audit.id());
        profile
            .as_ref()
            .is_some_and(|profile| running(profile).len() > 2)
    });
    let profile = profile.unwrap();
    // `Child::kill` is SIGKILL: the audit has no time to say good-bye.
    audit.kill().unwrap();
    audit.wait().unwrap();
    soon("the browser's end", || running(&profile).is_empty());
    let _ = fs::remove_dir_all(profile.trim_start_matches("--user-data-dir="));
}

#[test]
fn an_audit_that_ends_by_itself_leaves_neither_processes_nor_profile() {
    let site = Site::new(|asked| match &*asked.path {
        "/" => page("hello"),
        _ => not_found(),
    });
    let folder = Dir::new();
    let temporary = folder.path("tmp");
    fs::create_dir(&temporary).unwrap();
    let status = Command::new(env!("CARGO_BIN_EXE_placet"))
        .args([
            "audit",
            &site.url("/"),
            "--passes",
            "fresh",
            "--watch",
            "0",
            "--pages",
            "1",
        ])
        .env("TMPDIR", &temporary)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap();
    assert_eq!(status.code(), Some(0));
    let mark = temporary.display().to_string();
    assert_eq!(running(&mark), [0; 0]);
    let left = fs::read_dir(&temporary).unwrap().flatten();
    let profiles = left.filter(|e| e.file_name().to_string_lossy().starts_with("placet-audit"));
    assert_eq!(profiles.count(), 0);
}

#[test]
fn without_a_browser_it_says_so_and_what_to_do() {
    let folder = Dir::new();
    let output = Command::new(env!("CARGO_BIN_EXE_placet"))
        .args([
            "audit",
            "http://127.0.0.1:9/",
            "--browser",
            "/nonexistent/chromium",
        ])
        .current_dir(folder.path("."))
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(3));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("/nonexistent/chromium"), "{said}");
    // Something that runs and is no browser.
    let output = Command::new(env!("CARGO_BIN_EXE_placet"))
        .args(["audit", "http://127.0.0.1:9/", "--browser", "/bin/true"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(3));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("Chromium or Chrome"), "{said}");
}
