//! An example as a program of its own, which ends with the test that started it.

use std::io::{BufRead, BufReader, Lines};
use std::process::{Child, ChildStderr, Command, Stdio};
use std::sync::Mutex;

/// A running example.
pub(crate) struct Program {
    child: Child,
    address: String,
    complaints: Mutex<Lines<BufReader<ChildStderr>>>,
}

impl Program {
    /// Starts it on a free port, with these arguments after the address.
    pub(crate) fn start(program: &str, arguments: &[&str]) -> Self {
        let mut child = Command::new(program)
            .arg("127.0.0.1:0")
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let complaints = BufReader::new(child.stderr.take().unwrap()).lines();
        Self {
            // It listens when it says where.
            address: lines.next().unwrap().unwrap(),
            child,
            complaints: Mutex::new(complaints),
        }
    }

    /// What curl prints of a response, head and body, with the names of fields in lower case.
    pub(crate) fn curl(&self, path: &str, arguments: &[&str]) -> String {
        let output = Command::new("curl")
            .args(["--silent", "--show-error", "--include", "--max-time", "60"])
            .args(["--noproxy", "*"])
            .args(arguments)
            .arg(format!("{}{path}", self.address))
            .output()
            .unwrap_or_else(|error| {
                panic!("curl does not start ({error}): `cargo xtask setup` installs it")
            });
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{complaint}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// Waits for a line on standard error that holds this text.
    pub(crate) fn said_of(&self, wanted: &str) -> String {
        let mut complaints = self.complaints.lock().unwrap();
        let mut lines = complaints.by_ref().map(|line| line.unwrap());
        let line = lines.find(|line| line.contains(wanted));
        line.unwrap_or_else(|| panic!("it ended and did not say `{wanted}`"))
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
