//! The magazine and an nginx in front of it, on ports of their own, and a client that sees headers
//! as they are.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::Duration;

pub(crate) struct Site {
    port: u16,
    // Dropped in this order.
    _nginx: Nginx,
    _magazine: Magazine,
}

/// Ends when it is dropped.
struct Magazine {
    process: Child,
    /// Its host and port.
    address: String,
}

/// Ends when it is dropped.
struct Nginx {
    process: Child,
    folder: PathBuf,
}

/// A response.
pub(crate) struct Page {
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Site {
    pub(crate) fn start() -> Self {
        let magazine = Magazine::start();
        let (nginx, port) = Nginx::start(&magazine.address);
        Self {
            port,
            _nginx: nginx,
            _magazine: magazine,
        }
    }

    pub(crate) fn get(&self, path: &str, headers: &[(&str, &str)]) -> Page {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        // Without chunks and keep-alive, so that the body is what is left of the stream.
        let mut request = format!("GET {path} HTTP/1.0\r\nHost: magazine.example\r\n");
        for (name, value) in headers {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
        request.push_str("\r\n");
        stream.write_all(request.as_bytes()).unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        Page::read(&text)
    }
}

impl Magazine {
    fn start() -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_behind-nginx"))
            .arg("127.0.0.1:0")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut stdout = BufReader::new(process.stdout.take().unwrap());
        stdout.read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("http://").unwrap().to_owned();
        Self { process, address }
    }
}

impl Drop for Magazine {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Nginx {
    /// Starts it before this address, and returns it with its port.
    fn start(upstream: &str) -> (Self, u16) {
        let folder = new_folder();
        // A free port may be somebody else's a moment later.
        for _ in 0..5 {
            let port = free_port();
            write_configuration(&folder, upstream, port);
            let mut process = nginx(&folder).spawn().unwrap_or_else(|error| {
                panic!("nginx does not start ({error}): `cargo xtask setup` installs it")
            });
            while process.try_wait().unwrap().is_none() {
                // Written when the port is nginx's.
                if fs::read(folder.join("nginx.pid")).is_ok_and(|pid| !pid.is_empty()) {
                    return (Self { process, folder }, port);
                }
                thread::sleep(Duration::from_millis(5));
            }
        }
        let log = fs::read_to_string(folder.join("error.log")).unwrap_or_default();
        panic!("nginx ended: {log}");
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        // A signal to nginx's first process alone would leave the others running.
        let stopped = nginx(&self.folder).args(["-s", "stop"]).status();
        if stopped.is_ok_and(|status| status.success()) {
            let _ = self.process.wait();
        }
        let _ = fs::remove_dir_all(&self.folder);
    }
}

impl Page {
    fn read(text: &str) -> Self {
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        let mut lines = head.lines();
        let status = lines.next().unwrap().split(' ').nth(1).unwrap();
        let header = |line: &str| {
            let (name, value) = line.split_once(": ").unwrap();
            (name.to_ascii_lowercase(), value.to_owned())
        };
        Self {
            status: status.parse().unwrap(),
            headers: lines.map(header).collect(),
            body: body.to_owned(),
        }
    }

    /// Every line of a header.
    pub(crate) fn header(&self, wanted: &str) -> Vec<&str> {
        let lines = self.headers.iter();
        lines
            .filter(|(name, _)| name == wanted)
            .map(|(_, value)| value.as_str())
            .collect()
    }
}

fn new_folder() -> PathBuf {
    static FOLDERS: AtomicU32 = AtomicU32::new(0);
    let number = FOLDERS.fetch_add(1, Ordering::Relaxed);
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join(format!("nginx-{}-{number}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

fn nginx(folder: &Path) -> Command {
    // Debian has it where only root looks for programs.
    let program = ["/usr/sbin/nginx"]
        .into_iter()
        .find(|path| Path::new(path).exists())
        .unwrap_or("nginx");
    let mut command = Command::new(program);
    command.arg("-p").arg(folder).args(["-c", "nginx.conf"]);
    command
        .args(["-e", "error.log"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

/// The example's configuration with other ports and folders, and around it what Debian's own
/// nginx.conf has around a site.
fn write_configuration(folder: &Path, upstream: &str, port: u16) {
    let mut site = include_str!("../../nginx.conf").to_owned();
    for (theirs, ours) in [
        ("server 127.0.0.1:3000;", format!("server {upstream};")),
        ("listen 8080;", format!("listen 127.0.0.1:{port};")),
        ("/var/cache/nginx/pages", "pages".to_owned()),
    ] {
        assert_eq!(site.matches(theirs).count(), 1, "{theirs}");
        site = site.replace(theirs, &ours);
    }
    fs::write(folder.join("site.conf"), site).unwrap();
    let user = Command::new("id").arg("-un").output().unwrap().stdout;
    let user = String::from_utf8(user).unwrap();
    let main = format!(
        "user {};
daemon off;
worker_processes 1;
pid nginx.pid;
events {{}}
http {{
    access_log off;
    client_body_temp_path body;
    proxy_temp_path proxy;
    fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
    include site.conf;
}}
",
        user.trim()
    );
    fs::write(folder.join("nginx.conf"), main).unwrap();
}
