//! How browsers treat `Set-Cookie` lines, as tables: a line, where it came from, and what is
//! expected of it.
//!
//! The rules are those of the RFC 6265bis draft; each table names the section it rests on.

mod attributes;
mod dates;
mod domains;
mod lifetimes;
mod pairs;
mod paths;
mod prefixes;

use placet::set_cookie::{Api, Context, Evaluation, SetCookie};
use placet::{Timestamp, WebAddress};

/// 2026-11-22T08:30:00Z, the moment at which every cookie of these tables arrives.
const NOW: i64 = 1_795_336_200;

fn now() -> Timestamp {
    Timestamp::from_unix(NOW).expect("a year below 10000")
}

/// Hands `check` the evaluation of a line received from `url` over HTTP.
fn received<R>(url: &str, line: &[u8], check: impl FnOnce(Evaluation<'_>) -> R) -> R {
    received_through(Api::Http, url, line, check)
}

fn received_through<R>(
    api: Api,
    url: &str,
    line: &[u8],
    check: impl FnOnce(Evaluation<'_>) -> R,
) -> R {
    let address = WebAddress::parse(url.as_bytes()).expect("an absolute URL");
    let context = Context::new(&address).with_api(api);
    check(SetCookie::parse(line).evaluate(now(), &context))
}

/// `stored`, or the code of the rejection.
fn outcome(evaluation: &Evaluation<'_>) -> &'static str {
    evaluation.rejection.map_or("stored", |r| r.code())
}

fn codes(evaluation: &Evaluation<'_>) -> String {
    let codes: Vec<_> = evaluation.oddities.iter().map(|o| o.code()).collect();
    codes.join(" ")
}

fn shown(bytes: &[u8]) -> String {
    let text = bytes.escape_ascii().to_string();
    if text.len() > 80 {
        format!("{}… ({} bytes)", &text[..60], bytes.len())
    } else {
        text
    }
}
