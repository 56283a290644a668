//! The shop behind the layer, served by one thread.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderValue, Request, Response, header::SET_COOKIE};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use placet::Policy;
use placet_bench::cookie_header::policy;
use placet_tower::{ConsentLayer, LivePolicy, Standing};
use tokio::net::TcpListener;
use tower_layer::Layer;

/// Starts serving on a port of its own.
pub(super) fn start() -> Result<SocketAddr, String> {
    let (say, said) = mpsc::channel();
    let live = LivePolicy::new(policy());
    replace_often(live.clone());
    thread::Builder::new()
        .name("soak-server".to_owned())
        .spawn(move || {
            let failed = serve(live, &say).err();
            // Nobody waits for it any more unless it failed at once.
            _ = say.send(Err(
                failed.map_or_else(String::new, |error| error.to_string())
            ));
        })
        .map_err(|error| error.to_string())?;
    said.recv().map_err(|error| error.to_string())?
}

fn replace_often(live: LivePolicy) {
    let policies: [Arc<Policy>; 2] = [Arc::new(policy()), Arc::new(policy())];
    thread::spawn(move || {
        for policy in policies.iter().cycle() {
            thread::sleep(Duration::from_millis(10));
            live.replace(Arc::clone(policy));
        }
    });
}

fn serve(
    live: LivePolicy,
    say: &mpsc::Sender<Result<SocketAddr, String>>,
) -> Result<Infallible, std::io::Error> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let service = ConsentLayer::new(live).layer(tower::service_fn(shop));
        let service = TowerToHyperService::new(service);
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        _ = say.send(Ok(listener.local_addr()?));
        loop {
            let (stream, _) = listener.accept().await?;
            stream.set_nodelay(true)?;
            let mut server = http1::Builder::new();
            let connection = server
                .pipeline_flush(true)
                .serve_connection(TokioIo::new(stream), service.clone());
            tokio::spawn(connection);
        }
    })
}

/// Answers with ten cookies, and asks now and then what it may do.
async fn shop(request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    let standing: Option<&Standing> = request.extensions().get();
    let page = match standing {
        Some(standing) if request.uri().path() == "/asks" => standing.allows("analytics"),
        _ => false,
    };
    let mut response = Response::new(Full::from(if page { "counted" } else { "" }));
    for name in [
        "session_id",
        "_ga",
        "_gid",
        "csrf_token",
        "_fbp",
        "lang",
        "_gcl_au",
        "x",
    ] {
        if let Ok(line) = HeaderValue::try_from(format!("{name}=8f14e45fceea167a; Path=/; Secure"))
        {
            response.headers_mut().append(SET_COOKIE, line);
        }
    }
    Ok(response)
}
