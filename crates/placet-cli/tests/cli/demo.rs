//! `placet demo`: where it listens, whom it answers, and how it ends.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};

use crate::harness::Dir;

/// A running demo; it ends with the test.
struct Demo {
    child: Child,
    port: u16,
}

impl Demo {
    fn start(arguments: &[&str]) -> Self {
        Self::start_with(Command::new(env!("CARGO_BIN_EXE_placet")), arguments)
    }

    fn start_with(mut command: Command, arguments: &[&str]) -> Self {
        let mut child = command
            .arg("demo")
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut address = String::new();
        let stdout = child.stdout.take().unwrap();
        BufReader::new(stdout).read_line(&mut address).unwrap();
        let port = address.strip_prefix("http://127.0.0.1:");
        let port = port.and_then(|rest| rest.trim_end().strip_suffix('/'));
        let port = port.unwrap_or_else(|| panic!("found {address:?}")).parse();
        Self {
            child,
            port: port.unwrap(),
        }
    }

    /// The answer to a request under a name.
    fn ask(&self, path: &str, host: &str) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        let head = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        stream.write_all(head.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn it_answers_to_its_own_name_on_this_machine_alone() {
    let demo = Demo::start(&["--port", "0"]);
    let page = demo.ask("/", &format!("127.0.0.1:{}", demo.port));
    assert!(page.starts_with("HTTP/1.1 200 "), "{page}");
    let (head, body) = page.split_once("\r\n\r\n").unwrap();
    let set: Vec<_> = head
        .lines()
        .filter_map(|line| line.strip_prefix("set-cookie: "))
        .filter_map(|line| line.split('=').next())
        .collect();
    assert_eq!(set, ["session", "placet_demo"]);
    assert!(body.contains("<code>_ga</code>"), "{body}");
    let answer = demo.ask("/", &format!("evil.example:{}", demo.port));
    assert!(answer.starts_with("HTTP/1.1 421 "), "{answer}");
}

#[test]
fn a_port_that_is_taken_or_out_of_range_is_wrong_usage() {
    let dir = Dir::new();
    let taken = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let run = dir.placet(&["demo", "--port", &port]).ended(3);
    assert_eq!(run.stdout, "");
    let expected = format!("port {port} of 127.0.0.1 is taken; expected a free one");
    assert!(run.stderr.contains(&expected), "{run:?}");
    for port in ["65536", "-1", "http"] {
        let port = format!("--port={port}");
        let run = dir.placet(&["demo", &port]).ended(3);
        assert!(run.stderr.contains("--port <PORT>"), "{run:?}");
    }
}

#[test]
fn two_demos_without_a_port_find_one_each() {
    let first = Demo::start(&[]);
    let second = Demo::start(&[]);
    assert_ne!(first.port, second.port);
    for demo in [&first, &second] {
        let page = demo.ask("/", &format!("localhost:{}", demo.port));
        assert!(page.starts_with("HTTP/1.1 200 "), "{page}");
    }
}

#[test]
#[cfg(unix)]
fn ctrl_c_ends_it_with_0_even_while_a_panel_listens() {
    let mut demo = Demo::start(&["--port", "0"]);
    let mut panel = TcpStream::connect(("127.0.0.1", demo.port)).unwrap();
    let head = format!(
        "GET /demo/events HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nCookie: placet_demo=1.0.0.\r\n\r\n",
        demo.port
    );
    panel.write_all(head.as_bytes()).unwrap();
    let mut line = String::new();
    BufReader::new(&panel).read_line(&mut line).unwrap();
    assert_eq!(line, "HTTP/1.1 200 OK\r\n");
    let pid = demo.child.id().to_string();
    let sent = Command::new("kill").args(["-INT", &pid]).status().unwrap();
    assert!(sent.success());
    assert_eq!(demo.child.wait().unwrap().code(), Some(0));
}

#[test]
#[cfg(all(unix, not(target_os = "macos")))]
fn it_opens_its_own_address() {
    use std::os::unix::fs::PermissionsExt;

    let dir = Dir::new().with("xdg-open", "#!/bin/sh\necho \"$1\" > \"$0.said\"\n");
    let program = dir.path("xdg-open");
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_placet"));
    command.env("PATH", dir.path(""));
    let demo = Demo::start_with(command, &["--port", "0", "--open"]);
    let said = dir.path("xdg-open.said");
    let expected = format!("http://127.0.0.1:{}/\n", demo.port);
    let is_said = || std::fs::read_to_string(&said).is_ok_and(|address| address == expected);
    // As long as no machine needs, so that a mistake does not make the test hang.
    let found = (0..6000).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(5));
        is_said()
    });
    assert!(found, "{expected} was not opened");
}
