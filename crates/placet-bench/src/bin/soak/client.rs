//! Visitors: a few connections, each with a batch of requests under way, so that the server never
//! waits for one.

use std::io::{Error, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use memchr::memmem;
use placet_bench::layer::Situation;

/// Every so many batches a connection is closed and another one opened.
const BATCHES: u64 = 1000;
const CONNECTIONS: usize = 8;
/// Requests of a batch.
const BATCH: u64 = 32;

/// Asks until it is done, counting what was answered.
pub(super) fn ask(
    address: SocketAddr,
    answered: &AtomicU64,
    done: &AtomicBool,
) -> Result<(), Error> {
    let requests = requests();
    let mut connections = Vec::new();
    let mut batches = 0;
    while !done.load(Ordering::Relaxed) {
        if batches % BATCHES == 0 {
            connections.clear();
            for _ in 0..CONNECTIONS {
                let stream = TcpStream::connect(address)?;
                stream.set_nodelay(true)?;
                connections.push(stream);
            }
        }
        batches += 1;
        for stream in &mut connections {
            let batch = (0..BATCH).filter_map(|number| {
                let which = (number + batches) % requests.len() as u64;
                requests.get(usize::try_from(which).ok()?)
            });
            stream.write_all(&batch.cloned().collect::<Vec<_>>().concat())?;
        }
        for stream in &mut connections {
            read_batch(stream)?;
            answered.fetch_add(BATCH, Ordering::Relaxed);
        }
    }
    Ok(())
}

/// One request of every kind.
fn requests() -> Vec<Vec<u8>> {
    let mut requests = Vec::new();
    for path in ["/shoes", "/asks", "/.placet/status", "/.placet/nothing"] {
        for situation in Situation::ALL {
            requests.push(request(&format!("GET {path}"), situation, "", ""));
        }
    }
    for body in ["all=granted", "category.analytics=refused", "no such field"] {
        let fields = format!(
            "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n",
            body.len()
        );
        let start = "POST /.placet/choice";
        requests.push(request(start, Situation::Unchanged, &fields, body));
    }
    let gpc = "Sec-GPC: 1\r\nDNT: 1\r\n";
    requests.push(request("GET /asks", Situation::Unchanged, gpc, ""));
    requests
}

fn request(start: &str, situation: Situation, fields: &str, body: &str) -> Vec<u8> {
    let cookies = situation.cookies();
    let cookies = cookies.map_or_else(String::new, |line| format!("Cookie: {line}\r\n"));
    let host = "Host: www.shop.example\r\n";
    format!("{start} HTTP/1.1\r\n{host}{fields}{cookies}\r\n{body}").into_bytes()
}

/// Reads the responses of a batch.
fn read_batch(stream: &mut TcpStream) -> Result<(), Error> {
    let mut read = Vec::new();
    let mut left = BATCH;
    let mut buffer = [0; 64 * 1024];
    let mut at = 0;
    while left > 0 {
        while let Some(length) = response(read.get(at..).unwrap_or_default())? {
            at += length;
            left -= 1;
        }
        if left > 0 {
            match stream.read(&mut buffer)? {
                0 => return Err(Error::other("the server closed a connection")),
                length => read.extend_from_slice(buffer.get(..length).unwrap_or_default()),
            }
        }
    }
    Ok(())
}

/// The length of the first response, if all of it is there.
fn response(bytes: &[u8]) -> Result<Option<usize>, Error> {
    const LENGTH: &[u8] = b"\r\ncontent-length: ";
    let Some(end) = memmem::find(bytes, b"\r\n\r\n") else {
        return Ok(None);
    };
    let head = bytes.get(..end + 2).unwrap_or_default();
    let length = memmem::find(head, LENGTH).and_then(|at| {
        let digits = head.get(at + LENGTH.len()..)?;
        let digits = digits.split(|byte| *byte == b'\r').next()?;
        str::from_utf8(digits).ok()?.parse::<usize>().ok()
    });
    let length = length.ok_or_else(|| Error::other("a response without a length"))?;
    let whole = end + 4 + length;
    Ok((bytes.len() >= whole).then_some(whole))
}
