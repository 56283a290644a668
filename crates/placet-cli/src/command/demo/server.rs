//! A socket on this machine alone, and HTTP/1.1 on it until somebody presses Ctrl-C.

use std::convert::Infallible;
use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use placet_tower::Connection;
use tokio::sync::Semaphore;

use super::front::Front;
use crate::outcome::Failure;

/// Where a free port is looked for when none is named.
const USUAL_PORTS: std::ops::RangeInclusive<u16> = 4900..=4999;
/// Connections served at the same time; more wait.
const MOST_CONNECTIONS: usize = 256;
/// How long a connection may take to send the head of a request, or stay silent between two.
const SILENCE: Duration = Duration::from_secs(60);

/// Listens on a port of 127.0.0.1: the one named (0 being any that is free), else the first free one
/// of the usual.
pub(super) fn listen(port: Option<u16>) -> Result<(TcpListener, u16), Failure> {
    let listener = match port {
        Some(port) => bind(port).map_err(|error| refused(port, &error))?,
        None => first_free()?,
    };
    let port = listener.local_addr()?.port();
    Ok((listener, port))
}

fn bind(port: u16) -> io::Result<TcpListener> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port))
}

fn first_free() -> Result<TcpListener, Failure> {
    for port in USUAL_PORTS {
        match bind(port) {
            Err(error) if error.kind() == ErrorKind::AddrInUse => {}
            other => return other.map_err(|error| refused(port, &error)),
        }
    }
    bind(0).map_err(|error| refused(0, &error))
}

fn refused(port: u16, error: &io::Error) -> Failure {
    Failure::Wrong(match error.kind() {
        ErrorKind::AddrInUse => format!(
            "port {port} of 127.0.0.1 is taken; expected a free one: another --port, or 0 for any"
        ),
        ErrorKind::PermissionDenied => format!(
            "port {port} of 127.0.0.1 is not open to this user; expected one of 1024 to 65535, or 0 for any"
        ),
        _ => format!("port {port} of 127.0.0.1 cannot be listened on: {error}"),
    })
}

/// Serves until Ctrl-C; `ready` is called once connections and Ctrl-C are waited for.
pub(super) fn serve(
    listener: TcpListener,
    front: Front,
    ready: impl FnOnce() -> Result<(), Failure>,
) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        listener.set_nonblocking(true)?;
        let listener = tokio::net::TcpListener::from_std(listener)?;
        // The first poll is what takes Ctrl-C over from the system.
        let interrupted = tokio::spawn(tokio::signal::ctrl_c());
        tokio::task::yield_now().await;
        ready()?;
        tokio::select! {
            ended = interrupted => ended.map_err(io::Error::other)?.map_err(Failure::from),
            never = accept(listener, front) => match never {},
        }
    })
}

async fn accept(listener: tokio::net::TcpListener, front: Front) -> Infallible {
    let room = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    loop {
        let permit = Arc::clone(&room).acquire_owned().await;
        let Ok((stream, _)) = listener.accept().await else {
            // Out of file descriptors, or a client that left again.
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        let front = front.clone();
        let connection = Connection::default();
        tokio::spawn(async move {
            let answer = service_fn(move |mut request: Request<Incoming>| {
                let front = front.clone();
                request.extensions_mut().insert(connection.clone());
                async move { Ok::<_, Infallible>(front.answer(request).await) }
            });
            // How a connection ends concerns the client alone.
            let _ = http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(SILENCE)
                .serve_connection(TokioIo::new(stream), answer)
                .await;
            drop(permit);
        });
    }
}
