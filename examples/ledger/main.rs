//! A site that can prove every choice: receipts in a file of SQLite, checkpoints signed by the hour, an address for
//! health checks, and counters.
//!
//! ```text
//! placet ledger key -o ledger.pem > ledger.pub.pem                      # once; ledger.pem is the secret
//! cargo run -p placet-examples --bin with-ledger -- 127.0.0.1:3000 sqlite:placet.db ledger.pem
//! curl -si -d all=refused http://127.0.0.1:3000/.placet/choice          # `placet-receipt: ledger`
//! curl -s http://127.0.0.1:3000/ready                                   # what a load balancer asks
//! placet ledger verify --public-key ledger.pub.pem
//! ```
//!
//! With `postgres://…` instead of the file, any number of servers share one ledger.

#![forbid(unsafe_code)]

use std::convert::Infallible;
use std::env;
use std::error::Error;
use std::fs;
use std::io::{self, Write};
use std::sync::Arc;
use std::time::Duration;

use axum::http::StatusCode;
use axum::routing::get;
use axum::serve::IncomingStream;
use axum::{Extension, Router};
use metrics::counter;
use metrics_exporter_prometheus::PrometheusBuilder;
use placet::Policy;
use placet_ledger::{Ledger, Recorded, SecretKey, Settings};
use placet_tower::{Connection, ConsentLayer, Observer, Seen};
use tokio::net::TcpListener;

const AN_HOUR: Duration = Duration::from_secs(3600);

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [address, ledger, key] = arguments.as_slice() else {
        return Err(
            "expected ADDRESS LEDGER KEY, like 127.0.0.1:3000 sqlite:placet.db ledger.pem".into(),
        );
    };
    let policy = Policy::from_json("placet.json", include_str!("placet.json"))?;
    let key = SecretKey::from_pem(&fs::read_to_string(key)?)?;
    let ledger = Ledger::open(&ledger.parse()?, Settings::default().sign(key, AN_HOUR))?;
    let prometheus = PrometheusBuilder::new().install_recorder()?;
    let layer = ConsentLayer::new(policy)
        .ledger(Arc::new(ledger.clone()))
        .observe(Counters);
    let site = Router::new()
        .route("/", get(async || "The shop\n"))
        .layer(layer)
        .route("/ready", get(async move || ready(&ledger)))
        .route("/metrics", get(async move || prometheus.render()));
    let listener = TcpListener::bind(address).await?;
    writeln!(io::stdout(), "http://{}", listener.local_addr()?)?;
    // No client takes more than its share of the ledger.
    let over_connection = tower::service_fn(move |_: IncomingStream<'_, TcpListener>| {
        let site = site.clone().layer(Extension(Connection::default()));
        std::future::ready(Ok::<_, Infallible>(site))
    });
    axum::serve(listener, over_connection).await?;
    Ok(())
}

/// Whether receipts go to the ledger. While they wait in the spool nothing is lost, but somebody should look.
fn ready(ledger: &Ledger) -> (StatusCode, String) {
    let health = ledger.health();
    let problem = health.problem.map(|(_, problem)| problem);
    if health.is_direct {
        (StatusCode::OK, "receipts go to the ledger\n".to_owned())
    } else {
        let why = problem.unwrap_or_else(|| "they are on their way".to_owned());
        let text = format!("{} receipts wait in the spool: {why}\n", health.spooled);
        (StatusCode::SERVICE_UNAVAILABLE, text)
    }
}

struct Counters;

impl Observer for Counters {
    fn seen(&self, _: &Seen<'_>) {}

    /// `nowhere` is what an alarm should ring for.
    fn recorded(&self, recorded: Recorded) {
        counter!("placet_receipts_total", "in" => recorded.name()).increment(1);
    }
}
