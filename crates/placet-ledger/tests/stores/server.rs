//! A PostgreSQL server of our own: in a temporary folder, reached by a socket in it, with the durability of a
//! real one. It ends when this process does, however that happens.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use tokio_postgres::{NoTls, SimpleQueryMessage};

/// One server.
pub(crate) struct Server {
    folder: PathBuf,
    programs: PathBuf,
    /// Starts the server and, when its input ends, stops it and removes the folder.
    keeper: Option<Child>,
}

/// The one that most tests share, each in a database of its own.
pub(crate) fn shared() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(Server::new)
}

/// Where Debian and others put the server's programs.
pub(crate) fn programs() -> PathBuf {
    let mut found: Vec<(u32, PathBuf)> = Vec::new();
    for folder in std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
    {
        let folder = folder.unwrap();
        let version = folder.file_name().to_string_lossy().parse().unwrap_or(0);
        found.push((version, folder.path().join("bin")));
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    found.extend(std::env::split_paths(&path).map(|folder| (0, folder)));
    found.sort_by_key(|(version, _)| std::cmp::Reverse(*version));
    let whole = |folder: &PathBuf| {
        ["initdb", "postgres"]
            .iter()
            .all(|program| folder.join(program).is_file())
    };
    let found = found.into_iter().map(|(_, folder)| folder).find(whole);
    found.expect("no PostgreSQL server (initdb, postgres) here: `cargo xtask setup` installs it")
}

/// A command, by a user that PostgreSQL lets start a server: not root.
fn as_user(program: impl AsRef<std::ffi::OsStr>) -> Command {
    match server_user() {
        None => Command::new(program),
        Some(user) => {
            let mut command = Command::new("setpriv");
            command.args(["--reuid", user, "--regid", user, "--clear-groups", "--"]);
            command.arg(program);
            command
        }
    }
}

/// Somebody else, where we are root.
pub(crate) fn server_user() -> Option<&'static str> {
    let id = |arguments: &[&str]| Command::new("id").args(arguments).output().unwrap();
    if id(&["-u"]).stdout.trim_ascii() != b"0" {
        return None;
    }
    let exists = id(&["-g", "postgres"]).status.success();
    Some(if exists { "postgres" } else { "nobody" })
}

impl Server {
    /// Makes a server and starts it.
    pub(crate) fn new() -> Self {
        let programs = programs();
        let made = as_user("mktemp")
            .args(["-d", "/tmp/placet-pg-XXXXXX"])
            .output();
        let made = made.unwrap();
        assert!(made.status.success(), "{made:?}");
        let folder = PathBuf::from(String::from_utf8(made.stdout).unwrap().trim());
        let initdb = as_user(programs.join("initdb"))
            .current_dir(&folder)
            .args(["--username=postgres", "--auth=trust", "--encoding=UTF8"])
            .args(["--locale=C", "--no-sync", "--pgdata"])
            .arg(folder.join("data"))
            .output()
            .unwrap();
        assert!(initdb.status.success(), "{initdb:?}");
        let mut server = Self {
            folder,
            programs,
            keeper: None,
        };
        server.start();
        server
    }

    /// Starts it, and waits until it answers.
    pub(crate) fn start(&mut self) {
        let again = self.folder.join("again");
        for _ in 0..100 {
            // What is in the folder is used again.
            std::fs::write(&again, "").unwrap();
            self.stop_keeper();
            std::fs::remove_file(&again).unwrap();
            // The keeper's input ends with this process. A server that was killed may take a moment to let go.
            let keeper = as_user("sh")
                .current_dir(&self.folder)
                .args(["-c", r#"log=$1; shift; "$@" >>"$log" 2>&1 & server=$!; cat; (while kill -QUIT $server 2>&-; do sleep 0.2; done) & wait $server; [ -e again ] || rm -rf "$PWD""#, "sh"])
                .arg(self.folder.join("log"))
                .arg(self.programs.join("postgres"))
                .arg("-D")
                .arg(self.folder.join("data"))
                .arg("-k")
                .arg(&self.folder)
                .args(["-c", "listen_addresses=", "-c", "max_connections=60"])
                .args(["-c", "shared_buffers=32MB", "-c", "logging_collector=off"])
                .stdin(Stdio::piped())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .expect("`setpriv` and `sh` start it");
            self.keeper = Some(keeper);
            for _ in 0..100 {
                if try_sql(&self.url("postgres"), "SELECT 1").is_ok() {
                    return;
                }
                std::thread::sleep(Duration::from_millis(50));
                if !self.folder.join("data/postmaster.pid").exists() {
                    std::thread::sleep(Duration::from_millis(200));
                    if !self.folder.join("data/postmaster.pid").exists() {
                        break;
                    }
                }
            }
        }
        panic!("it does not start: {}", self.log());
    }

    /// What it has said.
    pub(crate) fn log(&self) -> String {
        let log = std::fs::read_to_string(self.folder.join("log"));
        log.unwrap_or_default()
    }

    /// The address of one of its databases.
    pub(crate) fn url(&self, database: &str) -> String {
        format!(
            "postgres:///{database}?host={}&user=postgres",
            self.folder.display()
        )
    }

    /// Makes a database, and gives its address.
    pub(crate) fn database(&self, options: &str) -> String {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let name = format!("t{}", NUMBER.fetch_add(1, Ordering::Relaxed));
        let line = format!("CREATE DATABASE {name} {options}");
        try_sql(&self.url("postgres"), &line).unwrap();
        self.url(&name)
    }

    /// The process that all others of the server belong to.
    fn process(&self) -> String {
        let file = std::fs::read_to_string(self.folder.join("data/postmaster.pid")).unwrap();
        file.lines().next().unwrap().to_owned()
    }

    /// Sends a signal to the server's first process.
    pub(crate) fn signal(&self, signal: &str) {
        send(signal, &self.process());
    }

    /// Takes it away at once, as a power cut does.
    pub(crate) fn kill(&self) {
        let process = self.process();
        send("-KILL", &process);
        self.wait_for_end(&process);
    }

    /// `pg_ctl stop -m immediate` or `-m fast`.
    pub(crate) fn stop(&self, mode: &str) {
        let stopped = as_user(self.programs.join("pg_ctl"))
            .current_dir(&self.folder)
            .args(["stop", "--wait", "--mode", mode, "--pgdata"])
            .arg(self.folder.join("data"))
            .output()
            .unwrap();
        assert!(stopped.status.success(), "{stopped:?}");
    }

    fn wait_for_end(&self, process: &str) {
        let path = Path::new("/proc").join(process);
        let is_there = || {
            let state = std::fs::read_to_string(path.join("stat")).unwrap_or_default();
            !state.is_empty() && !state.contains(") Z ")
        };
        while is_there() {
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    fn stop_keeper(&mut self) {
        if let Some(mut keeper) = self.keeper.take() {
            drop(keeper.stdin.take());
            keeper.wait().unwrap();
        }
    }
}

pub(crate) fn send(signal: &str, process: &str) {
    let sent = Command::new("kill").args([signal, process]).status();
    assert!(sent.unwrap().success());
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop_keeper();
    }
}

/// Runs statements, and gives the first column of the rows they have.
pub(crate) fn try_sql(url: &str, statements: &str) -> Result<Vec<String>, tokio_postgres::Error> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
        let connection = tokio::spawn(connection);
        let messages = client.simple_query(statements).await?;
        drop(client);
        _ = connection.await;
        let row = |message: &SimpleQueryMessage| match message {
            SimpleQueryMessage::Row(row) => Some(row.get(0).unwrap_or("NULL").to_owned()),
            _ => None,
        };
        Ok(messages.iter().filter_map(row).collect())
    })
}

pub(crate) fn sql(url: &str, statements: &str) -> Vec<String> {
    try_sql(url, statements).unwrap_or_else(|error| panic!("{statements}: {error:?}"))
}
