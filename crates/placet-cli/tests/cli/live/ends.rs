//! No browser is left behind, however an audit ends.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
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

/// An audit under way, in a folder for temporary files of its own.
fn start(site: &Site, temporary: &Path, more: &[&str]) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_placet"));
    command
        .args(["audit", &site.url("/"), "--passes", "fresh,gpc"])
        .args(more)
        .env("TMPDIR", temporary)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command.spawn().unwrap()
}

fn profiles(temporary: &Path) -> Vec<PathBuf> {
    let left = fs::read_dir(temporary).unwrap().flatten();
    let profiles = left.filter(|e| e.file_name().to_string_lossy().starts_with("placet-audit"));
    profiles.map(|entry| entry.path()).collect()
}

fn signal(name: &str, audit: &Child) {
    let sent = Command::new("kill")
        .args([name, &audit.id().to_string()])
        .status();
    assert!(sent.unwrap().success());
}

#[test]
fn an_audit_that_is_interrupted_ends_by_the_signal_and_leaves_neither_processes_nor_profile() {
    for (name, number) in [("-INT", 2), ("-TERM", 15)] {
        let site = Site::new(|_| page("<script>setInterval(() => fetch('/x'), 100)</script>"));
        let folder = Dir::new();
        let temporary = folder.path("tmp");
        fs::create_dir(&temporary).unwrap();
        let mark = temporary.display().to_string();
        let mut audit = start(&site, &temporary, &[]);
        soon("the browser's start", || running(&mark).len() > 2);
        signal(name, &audit);
        let status = audit.wait().unwrap();
        assert_eq!(status.signal(), Some(number), "{name}: {status:?}");
        // Its helpers see that it has gone.
        soon("their end", || running(&mark).is_empty());
        assert_eq!(profiles(&temporary), Vec::<PathBuf>::new(), "{name}");
    }
}

#[test]
fn a_second_signal_ends_an_audit_at_once_and_the_next_one_removes_what_it_left() {
    let site = Site::new(|_| page("hello"));
    let folder = Dir::new();
    let temporary = folder.path("tmp");
    fs::create_dir(&temporary).unwrap();
    // A browser that hears nothing, and cannot be asked to end.
    let deaf = folder.path("deaf");
    fs::write(
        &deaf,
        "#!/bin/sh\nwhile read -r _ <&3; do :; done; sleep 30\n",
    )
    .unwrap();
    fs::set_permissions(&deaf, fs::Permissions::from_mode(0o755)).unwrap();
    let program = deaf.display().to_string();
    let mut audit = start(&site, &temporary, &["--browser", &program]);
    soon("the folder", || {
        profiles(&temporary)
            .iter()
            .any(|profile| profile.join("placet.lock").exists())
    });
    thread::sleep(Duration::from_millis(300));
    signal("-INT", &audit);
    thread::sleep(Duration::from_millis(300));
    signal("-TERM", &audit);
    let status = audit.wait().unwrap();
    assert_eq!(status.signal(), Some(15), "{status:?}");
    assert_eq!(profiles(&temporary).len(), 1);
    let mut next = start(&site, &temporary, &["--watch", "0", "--pages", "1"]);
    assert_eq!(next.wait().unwrap().code(), Some(0));
    assert_eq!(profiles(&temporary), Vec::<PathBuf>::new());
}

#[test]
fn killing_an_audit_ends_its_browser() {
    let site = Site::new(|_| page("<script>setInterval(() => fetch('/x'), 100)</script>"));
    let folder = Dir::new();
    let temporary = folder.path("tmp");
    fs::create_dir(&temporary).unwrap();
    let mut audit = start(&site, &temporary, &[]);
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
    assert_eq!(profiles(&temporary), Vec::<PathBuf>::new());
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
