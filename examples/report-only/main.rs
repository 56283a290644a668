//! A site before the day its policy is enforced: nothing changes, and Prometheus counts what would.
//!
//! ```text
//! cargo run -p placet-examples --bin report-only                        # on 127.0.0.1:3000
//! curl -si -b '_pk_id=1; old=2' http://127.0.0.1:3000/                  # all cookies pass
//! curl -s http://127.0.0.1:3000/metrics                                 # what would not have
//! cargo run -p placet-examples --bin report-only -- 127.0.0.1:3000 --enforce
//! ```
//!
//! `reason="undeclared"` counts the cookies that the policy still has to name: when it stands still,
//! the site is ready. Counted are names of services, never of visitors, and no values.

#![forbid(unsafe_code)]

use std::env;
use std::error::Error;
use std::io::{self, Write};

use axum::Router;
use axum::http::header::SET_COOKIE;
use axum::response::{AppendHeaders, IntoResponse};
use axum::routing::get;
use metrics::{counter, describe_counter};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use placet::Policy;
use placet_tower::{ConsentLayer, Seen};
use tokio::net::TcpListener;

const VERDICTS: &str = "placet_verdicts_total";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let address = arguments.next();
    let address = address.as_deref().unwrap_or("127.0.0.1:3000");
    let enforces = arguments.next().as_deref() == Some("--enforce");
    let policy = Policy::from_json("placet.json", include_str!("placet.json"))?;
    let prometheus = PrometheusBuilder::new().install_recorder()?;
    describe_counter!(VERDICTS, "Cookies judged, by what was decided and why.");
    let layer = ConsentLayer::new(policy).observe(count);
    let layer = if enforces {
        layer.enforce()
    } else {
        layer.report_only()
    };
    let listener = TcpListener::bind(address).await?;
    writeln!(io::stdout(), "http://{}", listener.local_addr()?)?;
    axum::serve(listener, site(layer, prometheus)).await?;
    Ok(())
}

fn site(layer: ConsentLayer, prometheus: PrometheusHandle) -> Router {
    let metrics = async move || prometheus.render();
    Router::new()
        .route("/", get(home))
        .layer(layer)
        // Added after the layer, so that what asks for figures is not counted itself.
        .route("/metrics", get(metrics))
}

/// Counts a verdict. The policy bounds the number of series, for names of cookies are not among the
/// labels: visitors could invent any number of them.
fn count(seen: &Seen<'_>) {
    let service = seen.service().unwrap_or("none").to_owned();
    counter!(
        VERDICTS,
        "direction" => seen.direction.name(),
        "service" => service,
        "action" => seen.verdict.action.name(),
        "reason" => seen.verdict.reason.code(),
    )
    .increment(1);
}

async fn home() -> impl IntoResponse {
    let cookies = AppendHeaders([
        (SET_COOKIE, "session=c0ffee; Path=/; HttpOnly"),
        (SET_COOKIE, "_pk_id=5d; Path=/"),
    ]);
    (cookies, "The shop\n")
}
