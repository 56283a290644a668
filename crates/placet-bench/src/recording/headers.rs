//! Exchanges as header lines.

use std::fmt::Write;

use super::moment;
use super::visit::Exchange;

pub(super) const USER_AGENT: &str =
    "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0";

/// A request's header block and its response's.
pub(super) fn exchange(exchange: &Exchange<'_>, text: &mut String) {
    // Writing to a string cannot fail.
    let _ = write!(
        text,
        "GET {} HTTP/1.1\r\nHost: {}\r\nUser-Agent: {USER_AGENT}\r\nAccept: */*\r\n",
        exchange.path, exchange.host.name
    );
    if exchange.host.name != exchange.page {
        let _ = write!(text, "Referer: https://{}/\r\n", exchange.page);
    }
    if exchange.gpc {
        text.push_str("Sec-GPC: 1\r\n");
    }
    if !exchange.cookies.is_empty() {
        let _ = write!(text, "Cookie: {}\r\n", cookie_line(exchange));
    }
    let _ = write!(
        text,
        "\r\nHTTP/1.1 {} {}\r\nDate: ",
        exchange.status,
        reason(exchange.status)
    );
    moment::http(exchange.time, ' ', text);
    let _ = write!(
        text,
        "\r\nServer: {}\r\nContent-Type: {}\r\nContent-Length: {}\r\n\
         Cache-Control: private, max-age=0, must-revalidate\r\nVary: Accept-Encoding\r\n\
         Strict-Transport-Security: max-age=31536000; includeSubDomains\r\n",
        exchange.host.server, exchange.content_type, exchange.body_size
    );
    set_cookies(exchange, text);
    text.push_str("\r\n");
}

/// The `Set-Cookie` lines alone.
pub(super) fn set_cookies(exchange: &Exchange<'_>, text: &mut String) {
    for line in &exchange.set_cookies {
        text.push_str("Set-Cookie: ");
        text.push_str(line);
        text.push_str("\r\n");
    }
}

pub(super) fn cookie_line(exchange: &Exchange<'_>) -> String {
    let pairs: Vec<String> = exchange
        .cookies
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    pairs.join("; ")
}

pub(super) const fn reason(status: u16) -> &'static str {
    match status {
        302 => "Found",
        _ => "OK",
    }
}
