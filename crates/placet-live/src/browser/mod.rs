//! An installed Chromium: found, started on an empty profile, and ended.

mod find;
mod profile;

use std::io;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};
use serde_json::{Value, json};

use crate::cdp::{CdpError, Line, Wire};
use crate::stop::Stop;

use profile::Profile;

pub use find::{BrowserNotFound, find_browser};

/// How long the browser may take to come up.
const START: Duration = Duration::from_secs(60);
/// How long it may take to close before it is killed.
const CLOSE: Duration = Duration::from_secs(3);

/// Bytes of a folder's path in which the browser can still make its socket, whose path is limited to 108 (unix(7)) and
/// takes 46 of its own.
const LONGEST_TEMPORARY: usize = 60;

/// Why no browser could be driven.
#[derive(Debug, thiserror::Error)]
pub enum BrowserError {
    /// None is installed.
    #[error(transparent)]
    NotFound(#[from] BrowserNotFound),
    /// It could not be started.
    #[error("{}: could not be started: {source}", .program.display())]
    Start {
        /// The program.
        program: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// It started, and did not answer.
    #[error("{}: started, but {source}; expected a Chromium or Chrome of version 120 or later", .program.display())]
    Silent {
        /// The program.
        program: PathBuf,
        /// What happened.
        source: CdpError,
    },
}

/// A running browser without a window. Dropping it ends it.
#[derive(Debug)]
pub struct Browser {
    wire: Arc<Wire>,
    line: Mutex<Line>,
    child: Child,
    product: String,
    user_agent: String,
    // Dropped last: the browser writes to it until it has ended.
    _profile: Profile,
}

impl Browser {
    /// Starts the program on an empty profile.
    ///
    /// # Errors
    ///
    /// When it cannot be started or does not speak the DevTools protocol.
    pub fn start(program: &Path) -> Result<Self, BrowserError> {
        Self::start_until(program, &Stop::default())
    }

    /// Starts the program that was named, or else the first that is found, until it is stopped.
    pub(crate) fn open(named: Option<&Path>, stop: &Stop) -> Result<Self, BrowserError> {
        match named {
            Some(program) => Self::start_until(program, stop),
            None => Self::start_until(&find_browser()?, stop),
        }
    }

    fn start_until(program: &Path, stop: &Stop) -> Result<Self, BrowserError> {
        let start_error = |source| BrowserError::Start {
            program: program.to_owned(),
            source,
        };
        let profile = Profile::new().map_err(start_error)?;
        let mut child = command(program, profile.path())
            .spawn()
            .map_err(start_error)?;
        let (Some(out), Some(input)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(start_error(io::Error::other("it has no pipe")));
        };
        let wire = Wire::new(out, input);
        let line = Line::new(&wire);
        wire.set_root(line.mailbox());
        stop.watch(&wire);
        let mut browser = Self {
            wire,
            line: Mutex::new(line),
            child,
            product: String::new(),
            user_agent: String::new(),
            _profile: profile,
        };
        browser.greet().map_err(|source| BrowserError::Silent {
            program: program.to_owned(),
            source,
        })?;
        Ok(browser)
    }

    fn greet(&mut self) -> Result<(), CdpError> {
        let line = self.line.get_mut().unwrap_or_else(PoisonError::into_inner);
        let version = line.call(&None, "Browser.getVersion", json!({}), START)?;
        let text = |member: &str| {
            let value = version.get(member).and_then(Value::as_str);
            value.unwrap_or_default().to_owned()
        };
        self.product = text("product");
        // Consent tools show nothing to a browser that calls itself headless.
        self.user_agent = text("userAgent").replace("HeadlessChrome", "Chrome");
        // Every page, pop-up and worker waits until whoever drives its context has prepared it.
        let attach = json!({ "autoAttach": true, "waitForDebuggerOnStart": true, "flatten": true });
        line.call(&None, "Target.setAutoAttach", attach, START)?;
        Ok(())
    }

    /// Its name and version: `Chrome/156.0.8078.108`.
    pub fn product(&self) -> &str {
        &self.product
    }

    /// What it tells sites to be: what a visitor's browser of this version says.
    pub(crate) fn user_agent(&self) -> &str {
        &self.user_agent
    }

    pub(crate) const fn wire(&self) -> &Arc<Wire> {
        &self.wire
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let line = self.line.get_mut().unwrap_or_else(PoisonError::into_inner);
        line.tell(&None, "Browser.close", json!({}));
        let group = Pid::from_child(&self.child);
        let ended = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
        let end = Instant::now() + CLOSE;
        while Instant::now() < end && matches!(waitid(WaitId::Pid(group), ended), Ok(None)) {
            thread::sleep(Duration::from_millis(10));
        }
        // Its helpers would outlive it by a moment and write to the profile; until it has been waited for, the
        // number of the group is theirs. A group that has ended by itself needs no killing.
        let _ = kill_process_group(group, Signal::KILL);
        let _ = self.child.wait();
    }
}

/// The browser reads commands from descriptor 3 and writes to 4; a shell puts them there and then
/// becomes the browser.
fn command(program: &Path, profile: &Path) -> Command {
    let mut command = Command::new("/bin/sh");
    command
        .args(["-c", r#"exec "$@" 3<&0 4>&1 </dev/null >/dev/null"#, "sh"])
        .arg(program)
        .args([
            "--headless=new",
            "--remote-debugging-pipe",
            "--no-startup-window",
            "--no-first-run",
            "--no-default-browser-check",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-extensions",
            "--disable-default-apps",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-background-timer-throttling",
            "--disable-backgrounding-occluded-windows",
            "--disable-renderer-backgrounding",
            "--disable-blink-features=AutomationControlled",
            "--disable-features=OptimizationHints,MediaRouter,Translate,DialMediaRouteProvider",
            "--mute-audio",
            "--hide-scrollbars",
            "--window-size=1280,900",
        ]);
    let mut flag = std::ffi::OsString::from("--user-data-dir=");
    flag.push(profile);
    command.arg(flag);
    if rustix::process::geteuid().is_root() {
        // Chromium has no sandbox for root, and says so instead of starting.
        command.arg("--no-sandbox");
    }
    // What a browser that is killed leaves beside its profile goes with it too: a socket, and files that were not taken.
    if profile.as_os_str().len() < LONGEST_TEMPORARY {
        command.env("TMPDIR", profile);
    }
    command
        .process_group(0)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    command
}
