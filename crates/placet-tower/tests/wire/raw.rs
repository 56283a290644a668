//! A client of HTTP/1.1 that writes the bytes it is given and reads what comes back.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// How long an answer may take before the test is said to hang.
const PATIENCE: Duration = Duration::from_secs(30);

/// One connection.
#[derive(Debug)]
pub(crate) struct Raw {
    stream: TcpStream,
    read: Vec<u8>,
}

/// The head of a response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) status: String,
    /// Names in lower case, values as they came, in order.
    pub(crate) fields: Vec<(String, Vec<u8>)>,
}

impl Head {
    pub(crate) fn all(&self, name: &str) -> Vec<&[u8]> {
        let of_name = self.fields.iter().filter(|field| field.0 == name);
        of_name.map(|field| field.1.as_slice()).collect()
    }

    pub(crate) fn set_cookies(&self) -> Vec<&[u8]> {
        self.all("set-cookie")
    }

    fn length(&self) -> usize {
        match self.all("content-length")[..] {
            [] => 0,
            [only] => str::from_utf8(only).unwrap().parse().unwrap(),
            _ => panic!("several lengths: {self:?}"),
        }
    }
}

impl Raw {
    pub(crate) async fn connect(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Self {
            stream,
            read: Vec::new(),
        }
    }

    /// Sends these bytes, or as many of them as the server takes: one that has refused a request need
    /// not read the rest of it, and its answer says so.
    pub(crate) async fn send(&mut self, bytes: impl AsRef<[u8]>) {
        let _refused = self.stream.write_all(bytes.as_ref()).await;
    }

    /// Sends nothing more.
    pub(crate) async fn end(&mut self) {
        let _ended_already = self.stream.shutdown().await;
    }

    /// Sends a request for `/` with these fields.
    pub(crate) async fn get(&mut self, fields: &[(&str, &[u8])]) -> Head {
        self.send(request("GET", fields, b"")).await;
        self.head().await
    }

    /// The next head.
    pub(crate) async fn head(&mut self) -> Head {
        let text = self.up_to(b"\r\n\r\n").await;
        let mut lines = text
            .split(|byte| *byte == b'\n')
            .map(|line| line.strip_suffix(b"\r").unwrap_or(line));
        let status = lines.next().unwrap().escape_ascii().to_string();
        let fields = lines.filter(|line| !line.is_empty()).map(|line| {
            let colon = line.iter().position(|byte| *byte == b':').unwrap();
            let name = line[..colon].escape_ascii().to_string();
            let value = line[colon + 1..].trim_ascii().to_vec();
            (name.to_ascii_lowercase(), value)
        });
        Head {
            fields: fields.collect(),
            status,
        }
    }

    /// A head, and the body that its `Content-Length` announces.
    pub(crate) async fn response(&mut self) -> (Head, Vec<u8>) {
        let head = self.head().await;
        let body = self.exactly(head.length()).await;
        (head, body)
    }

    /// A chunk of a chunked body; the last one is empty, and its trailer is left to be read.
    pub(crate) async fn chunk(&mut self) -> Vec<u8> {
        let size = self.up_to(b"\r\n").await;
        let size = str::from_utf8(size.trim_ascii()).unwrap();
        let size = usize::from_str_radix(size, 16).unwrap();
        let chunk = self.exactly(size).await;
        if size > 0 {
            assert_eq!(self.exactly(2).await, b"\r\n");
        }
        chunk
    }

    /// Everything until the server closes the connection, or breaks it off.
    pub(crate) async fn rest(mut self) -> Vec<u8> {
        while self.more().await {}
        self.read
    }

    pub(crate) async fn exactly(&mut self, length: usize) -> Vec<u8> {
        while self.read.len() < length {
            assert!(self.more().await, "the connection ended: {self:?}");
        }
        let after = self.read.split_off(length);
        std::mem::replace(&mut self.read, after)
    }

    pub(crate) async fn up_to(&mut self, end: &[u8]) -> Vec<u8> {
        loop {
            let at = self.read.windows(end.len()).position(|bytes| bytes == end);
            if let Some(at) = at {
                return self.exactly(at + end.len()).await;
            }
            assert!(self.more().await, "the connection ended: {self:?}");
        }
    }

    /// Reads on; `false` at the end.
    async fn more(&mut self) -> bool {
        let read = timeout(PATIENCE, self.stream.read_buf(&mut self.read)).await;
        let read = read.unwrap_or_else(|_| panic!("no answer: {self:?}"));
        // A reset is an end too: which of both it is depends on what was still under way.
        read.unwrap_or(0) > 0
    }
}

/// The bytes of a request to the shop.
pub(crate) fn request(method: &str, fields: &[(&str, &[u8])], body: &[u8]) -> Vec<u8> {
    let mut bytes = format!("{method} / HTTP/1.1\r\nHost: shop.example\r\n").into_bytes();
    for (name, value) in fields {
        bytes.extend([name.as_bytes(), b": ", value, b"\r\n"].concat());
    }
    bytes.extend_from_slice(b"\r\n");
    bytes.extend_from_slice(body);
    bytes
}
