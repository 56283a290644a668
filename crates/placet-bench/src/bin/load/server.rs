//! The server: this program once more, as a process of its own on a core of its own.

use std::convert::Infallible;
use std::env;
use std::io::{self, BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};

use http::{Request, Response};
use hyper::body::{Body, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use placet_bench::layer::{Shop, Situation, consent};
use tokio::net::TcpListener;
use tower_service::Service;
use wait4::Wait4;

/// The argument that asks for it.
pub(super) const TASK: &str = "--serve";

/// The core of the server; the load has the next one.
const CORE: &str = "0";

/// A server that runs.
#[derive(Debug)]
pub(super) struct Server {
    process: Child,
    port: u16,
}

impl Server {
    /// Starts one that answers as the shop of a situation does, with or without the layer.
    pub(super) fn start(situation: Situation, layer: bool) -> Result<Self, String> {
        let failed = |error: io::Error| format!("cannot start the server: {error}");
        let mut command = Command::new("taskset");
        command.args(["-c", CORE]);
        command.arg(env::current_exe().map_err(failed)?);
        command.args([TASK, situation.group(), &layer.to_string()]);
        let mut process = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(failed)?;
        let mut line = String::new();
        if let Some(out) = process.stdout.take() {
            BufReader::new(out).read_line(&mut line).map_err(failed)?;
        }
        let port = line.trim().parse();
        let port = port.map_err(|_| format!("the server said `{line}`, expected its port"))?;
        Ok(Self { process, port })
    }

    pub(super) const fn port(&self) -> u16 {
        self.port
    }

    /// Stops it; the answer is the seconds that the processor worked for it.
    pub(super) fn stop(mut self) -> Result<f64, String> {
        let failed = |error| format!("cannot stop the server: {error}");
        self.process.kill().map_err(failed)?;
        let used = self.process.wait4().map_err(failed)?;
        Ok((used.rusage.utime + used.rusage.stime).as_secs_f64())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // One that has stopped is gone already.
        let _ = self.process.kill();
    }
}

/// Serves until somebody ends the process, and says first on which port.
pub(super) fn serve(group: &str, layer: &str) -> Result<(), String> {
    let situation = Situation::ALL
        .into_iter()
        .find(|situation| situation.group() == group)
        .ok_or_else(|| format!("`{group}` is no situation"))?;
    let shop = Shop::of(situation);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .build();
    let served = runtime.and_then(|runtime| match layer {
        "true" => runtime.block_on(listen(consent(shop))),
        _ => runtime.block_on(listen(shop)),
    });
    served.map_err(|error| format!("cannot serve: {error}"))
}

async fn listen<S, B>(service: S) -> io::Result<()>
where
    S: Service<Request<Incoming>, Response = Response<B>, Error = Infallible>,
    S: Clone + Send + 'static,
    S::Future: Send + 'static,
    B: Body + Send + 'static,
    B::Data: Send,
    B::Error: std::error::Error + Send + Sync,
{
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let mut out = io::stdout();
    writeln!(out, "{}", listener.local_addr()?.port())?;
    out.flush()?;
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let service = service.clone();
        let service = service_fn(move |request| service.clone().call(request));
        tokio::spawn(async move {
            // A client that goes away ends its connection with an error, and the load does so.
            let _ = http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}
