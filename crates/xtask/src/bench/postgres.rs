//! A PostgreSQL server for one benchmark: in a folder of its own, reached by a socket in it, as durable as any.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use crate::command;

/// One server, which ends with this value.
pub(super) struct Server {
    folder: PathBuf,
    child: Option<Child>,
}

impl Server {
    pub(super) fn start() -> Result<Self, String> {
        let programs = programs()?;
        let made = command::output(as_user("mktemp")?.args(["-d", "/tmp/placet-bench-XXXXXX"]))?;
        let mut server = Self {
            folder: made.trim().into(),
            child: None,
        };
        let data = server.folder.join("data");
        let mut initdb = as_user(programs.join("initdb"))?;
        initdb.current_dir(&server.folder);
        initdb.args(["--username=postgres", "--auth=trust", "--encoding=UTF8"]);
        initdb.args(["--locale=C", "--pgdata"]).arg(&data);
        command::output(&mut initdb)?;
        let mut postgres = as_user(programs.join("postgres"))?;
        postgres.current_dir(&server.folder).arg("-D").arg(&data);
        postgres.arg("-k").arg(&server.folder);
        postgres.args(["-c", "listen_addresses="]);
        let log = fs::File::create(server.folder.join("log"));
        let log = log.map_err(|error| format!("the server's log cannot be written: {error}"))?;
        postgres
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log);
        let child = postgres.spawn();
        server.child = Some(child.map_err(|error| format!("PostgreSQL does not start: {error}"))?);
        let mut ready = Command::new(programs.join("pg_isready"));
        ready.arg("--quiet").arg("--host").arg(&server.folder);
        for _ in 0..200 {
            if ready.status().is_ok_and(|status| status.success()) {
                return Ok(server);
            }
            thread::sleep(Duration::from_millis(50));
        }
        let log = fs::read_to_string(server.folder.join("log")).unwrap_or_default();
        Err(format!("PostgreSQL does not get ready:\n{log}"))
    }

    /// The address of its first database.
    pub(super) fn url(&self) -> String {
        let folder = self.folder.display();
        format!("postgres:///postgres?host={folder}&user=postgres")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            let process = child.id().to_string();
            // It ends its connections and itself; where it cannot be told, it ends with the machine.
            if Command::new("kill")
                .args(["-INT", &process])
                .status()
                .is_ok()
            {
                _ = child.wait();
            }
        }
        _ = fs::remove_dir_all(&self.folder);
    }
}

/// Where Debian puts the server's programs, the latest version first.
fn programs() -> Result<PathBuf, String> {
    let missing = || "no PostgreSQL server here: `cargo xtask setup` installs it".to_owned();
    let folders = fs::read_dir("/usr/lib/postgresql").map_err(|_| missing())?;
    let version = |path: &Path| path.file_name()?.to_str()?.parse::<u32>().ok();
    let paths = folders.flatten().map(|folder| folder.path());
    let latest = paths.max_by_key(|path| version(path));
    Ok(latest.ok_or_else(missing)?.join("bin"))
}

/// A command by a user that PostgreSQL lets start a server: not root.
fn as_user(program: impl AsRef<std::ffi::OsStr>) -> Result<Command, String> {
    if command::output(Command::new("id").arg("-u"))?.trim() != "0" {
        return Ok(Command::new(program));
    }
    let mut command = Command::new("setpriv");
    command.args([
        "--reuid=postgres",
        "--regid=postgres",
        "--clear-groups",
        "--",
    ]);
    command.arg(program);
    Ok(command)
}
