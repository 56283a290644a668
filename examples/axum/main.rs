//! A shop on axum: one `.layer(…)`, and handlers that ask what the visitor granted.
//!
//! ```text
//! cargo run -p placet-examples --bin axum-shop              # on 127.0.0.1:3000
//! curl -si http://127.0.0.1:3000/                           # the session alone is set
//! curl -si -d category.analytics=granted http://127.0.0.1:3000/.placet/choice
//! curl -si -b 'placet=…' http://127.0.0.1:3000/             # with that cookie Matomo's too
//! curl -si -d agreed=yes http://127.0.0.1:3000/newsletter   # a choice in the shop's own form
//! ```
//!
//! No handler looks at consent before it sets a cookie: the layer does. Visitors choose at
//! `/.placet/preferences`, without JavaScript too.

#![forbid(unsafe_code)]

use std::env;
use std::error::Error;
use std::io::{self, Write};

use axum::http::StatusCode;
use axum::http::header::SET_COOKIE;
use axum::response::{AppendHeaders, Html, IntoResponse};
use axum::routing::{get, post};
use axum::{Form, Router};
use placet::{Decision, Policy};
use placet_tower::{Choice, ConsentLayer, Essential, Standing};
use serde::Deserialize;
use tokio::net::TcpListener;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let address = env::args().nth(1);
    let address = address.as_deref().unwrap_or("127.0.0.1:3000");
    let policy = Policy::from_json("placet.json", include_str!("placet.json"))?;
    let listener = TcpListener::bind(address).await?;
    writeln!(io::stdout(), "http://{}", listener.local_addr()?)?;
    axum::serve(listener, shop(policy)).await?;
    Ok(())
}

fn shop(policy: Policy) -> Router {
    Router::new()
        .route("/", get(home))
        .route("/newsletter", post(newsletter))
        .route("/sign-in", post(sign_in))
        // After the routes: a layer wraps what was added before it.
        .layer(ConsentLayer::new(policy))
}

/// Sets cookies as if everybody had agreed to all of them, and asks for what it shows.
async fn home(standing: Standing) -> impl IntoResponse {
    let cookies = AppendHeaders([
        (SET_COOKIE, "session=c0ffee; Path=/; HttpOnly; SameSite=Lax"),
        (SET_COOKIE, "_pk_id.1.1fff=5d; Path=/; SameSite=Lax"),
    ]);
    let counted = if standing.allows("analytics") {
        "This visit is counted."
    } else {
        "This visit is not counted."
    };
    let page = format!(
        "<!doctype html><title>The shop</title><p>{counted}</p>\
         <p><a href=\"/.placet/preferences\">Cookies</a></p>\n"
    );
    (cookies, Html(page))
}

#[derive(Deserialize)]
struct Subscription {
    agreed: Option<String>,
}

/// A choice in a form of the shop's own: it holds for this response already, so that the cookie that
/// needs it passes.
async fn newsletter(choice: Choice, Form(form): Form<Subscription>) -> impl IntoResponse {
    let decision = match form.agreed.as_deref() {
        Some("yes") => Decision::Granted,
        _ => Decision::Refused,
    };
    match choice.decide([("marketing", decision)]) {
        Ok(()) => {
            let cookies = [(SET_COOKIE, "newsletter=42; Path=/; SameSite=Lax")];
            Ok((AppendHeaders(cookies), "Thank you\n"))
        }
        Err(error) => Err((StatusCode::INTERNAL_SERVER_ERROR, error.to_string())),
    }
}

/// Sets a cookie of a name that differs from one visitor to the next, which no policy can list.
async fn sign_in() -> impl IntoResponse {
    let cookies = [(SET_COOKIE, "login_7f3a=1; Path=/sign-in; HttpOnly")];
    let essential = Essential::cookie("login_7f3a");
    (essential, AppendHeaders(cookies), "One step more\n")
}
