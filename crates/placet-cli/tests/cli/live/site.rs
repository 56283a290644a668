//! A site on loopback that answers as a test says.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;

/// What is asked for.
pub(crate) struct Asked {
    /// `/about?a=1`.
    pub(crate) path: String,
    /// The request's head, in lower case.
    pub(crate) head: String,
}

/// What is answered: bytes, written as they are.
pub(crate) type Answer = Vec<u8>;

/// A site that goes on answering until the test's process ends.
pub(crate) struct Site {
    at: SocketAddr,
}

impl Site {
    pub(crate) fn new(answer: impl Fn(&Asked) -> Answer + Send + Sync + 'static) -> Self {
        Self::with(move |stream, asked| {
            // A browser that has seen enough hangs up.
            let _ = stream.write_all(&answer(asked));
        })
    }

    /// A site that writes to the connection itself.
    pub(crate) fn with(answer: impl Fn(&mut TcpStream, &Asked) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let at = listener.local_addr().unwrap();
        let answer = Arc::new(answer);
        thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let answer = Arc::clone(&answer);
                thread::spawn(move || {
                    if let Some(asked) = read(&mut stream) {
                        answer(&mut stream, &asked);
                    }
                });
            }
        });
        Self { at }
    }

    /// `http://127.0.0.1:PORT` and a path.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.at)
    }

    /// The same as another site: `http://localhost:PORT`.
    pub(crate) fn elsewhere(&self, path: &str) -> String {
        format!("http://localhost:{}{path}", self.at.port())
    }
}

fn read(stream: &mut TcpStream) -> Option<Asked> {
    let mut head = Vec::new();
    let mut part = [0; 4096];
    while !head.windows(4).any(|bytes| bytes == b"\r\n\r\n") {
        let read = stream.read(&mut part).ok().filter(|read| *read > 0)?;
        head.extend_from_slice(&part[..read]);
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let path = head.split(' ').nth(1)?.to_owned();
    Some(Asked {
        path,
        head: head.to_lowercase(),
    })
}

/// A page with further header fields, each ending in CRLF.
pub(crate) fn page_with(fields: &str, body: &str) -> Answer {
    let length = body.len();
    format!(
        "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {length}\r\n\
         Connection: close\r\n{fields}\r\n{body}"
    )
    .into_bytes()
}

pub(crate) fn page(body: &str) -> Answer {
    page_with("", body)
}

pub(crate) fn not_found() -> Answer {
    b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".to_vec()
}

/// A script, so that what it does can be told from the page's own.
pub(crate) fn script(body: &str) -> Answer {
    let length = body.len();
    format!(
        "HTTP/1.1 200 OK\r\nContent-Type: text/javascript\r\nContent-Length: {length}\r\n\
         Connection: close\r\n\r\n{body}"
    )
    .into_bytes()
}
