//! Serves the pages of `tests/live` on two origins of the loopback interface.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::thread;

/// A server on two origins: `site`, and `other` for what pages take from elsewhere.
pub struct Server {
    pub site: String,
    pub other: String,
}

pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/live")
}

impl Server {
    /// Starts it; it lives as long as the tests do.
    pub fn start() -> Self {
        let site = TcpListener::bind("127.0.0.1:0").expect("a port");
        let other = TcpListener::bind("127.0.0.1:0").expect("a port");
        let origin = |listener: &TcpListener, host: &str| {
            format!(
                "http://{host}:{}",
                listener.local_addr().expect("an address").port()
            )
        };
        let server = Self {
            site: origin(&site, "127.0.0.1"),
            other: origin(&other, "localhost"),
        };
        for listener in [site, other] {
            let other = server.other.clone();
            thread::spawn(move || {
                for stream in listener.incoming().flatten() {
                    let other = other.clone();
                    thread::spawn(move || answer(stream, &other));
                }
            });
        }
        server
    }
}

fn answer(mut stream: TcpStream, other: &str) -> Option<()> {
    let mut lines = BufReader::new(stream.try_clone().ok()?).lines();
    let path = lines
        .next()?
        .ok()?
        .split(' ')
        .nth(1)?
        .split('?')
        .next()?
        .to_owned();
    lines
        .take_while(|line| line.as_ref().is_ok_and(|line| !line.is_empty()))
        .for_each(drop);
    let (file, kind) = match path.split_once('/')?.1 {
        "collect" | "pixel" | "favicon.ico" => {
            return write!(
                stream,
                "HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n"
            )
            .ok();
        }
        path if path.contains("..") => return None,
        path => {
            let root = if path.starts_with("dist/") {
                folder().join("../../www").join(path)
            } else if let Some(peer) = path.strip_prefix("peer/") {
                folder().join("node_modules").join(peer)
            } else {
                folder().join("pages").join(path)
            };
            (root, path.rsplit('.').next().unwrap_or_default().to_owned())
        }
    };
    let kind = match kind.as_str() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" => "application/json",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        _ => "application/octet-stream",
    };
    let (status, body) = match fs::read(&file) {
        Ok(body) if kind.starts_with("text/html") => (
            "200 OK",
            String::from_utf8_lossy(&body)
                .replace("{other}", other)
                .into_bytes(),
        ),
        Ok(body) => ("200 OK", body),
        Err(_) => ("404 Not Found", Vec::new()),
    };
    write!(stream, "HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len()).ok()?;
    stream.write_all(&body).ok()
}
