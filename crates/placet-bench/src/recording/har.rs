//! Exchanges as the entries of a HAR 1.2, written as a browser exports them.

use std::fmt::Write;

use super::headers::{USER_AGENT, cookie_line, reason};
use super::moment;
use super::random::Random;
use super::visit::Exchange;

/// Decides the bodies.
pub(super) const SEED: u64 = 0x0062_6F64_6965_7321;

/// Everything before the entries.
pub(super) const START: &str = "{\n  \"log\": {\n    \"version\": \"1.2\",\n    \"creator\": {\n      \
    \"name\": \"WebInspector\",\n      \"version\": \"537.36\"\n    },\n    \"pages\": [\n      {\n        \
    \"startedDateTime\": \"2026-11-22T08:30:00.000Z\",\n        \"id\": \"page_1\",\n        \
    \"title\": \"https://www.site0.example/\",\n        \"pageTimings\": {\n          \
    \"onContentLoad\": 611.2,\n          \"onLoad\": 1204.9\n        }\n      }\n    ],\n    \"entries\": [";
/// Everything after them.
pub(super) const END: &str = "\n    ]\n  }\n}\n";

/// Stretches of text that bodies are made of, as JSON writes them.
const TEXTS: [&str; 6] = [
    "<div class=\\\"product-card\\\" data-sku=\\\"@@@@@@@@\\\">\\n  <a href=\\\"/products/^^^^\\\">",
    "function(e,t,n){\\\"use strict\\\";var r=n(####),o=n.n(r);e.exports=t.@@@@=o()},",
    ".card__title--@@@@{font-size:1.##rem;line-height:1.4;margin:0 auto .5rem}\\n",
    "{\\\"id\\\":##########,\\\"name\\\":\\\"@@@@@@@@\\\",\\\"price\\\":##.99,\\\"tags\\\":[\\\"a\\\",\\\"b\\\"]},",
    "Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor \\u2013 incididunt. ",
    "\\n    <p>\\u00dcber uns &amp; Versand</p>\\n    <script>window.dataLayer=window.dataLayer||[];</script>",
];

/// One entry, indented as exporters do.
pub(super) fn entry(exchange: &Exchange<'_>, random: &mut Random, text: &mut String) {
    let url = format!("https://{}{}", exchange.host.name, exchange.path);
    let method = "GET";
    text.push_str("\n      {\n        \"_initiator\": {\n          \"type\": \"parser\",\n          \"url\": \"https://");
    text.push_str(exchange.page);
    text.push_str("/\",\n          \"lineNumber\": 42\n        },\n        \"_priority\": \"High\",\n        \
        \"_resourceType\": \"script\",\n        \"cache\": {},\n        \"connection\": \"443\",\n        \
        \"pageref\": \"page_1\",\n        \"request\": {\n");
    // Writing to a string cannot fail.
    let _ = write!(
        text,
        "          \"method\": \"{method}\",\n          \"url\": \"{url}\",\n          \
         \"httpVersion\": \"http/2.0\",\n          \"headers\": ["
    );
    let mut headers = vec![
        (":authority", exchange.host.name.clone()),
        (":method", method.to_owned()),
        (":path", exchange.path.clone()),
        ("accept", "*/*".to_owned()),
        ("accept-language", "de-AT,de;q=0.9,en;q=0.8".to_owned()),
        ("user-agent", USER_AGENT.to_owned()),
        ("referer", format!("https://{}/", exchange.page)),
    ];
    if exchange.gpc {
        headers.push(("sec-gpc", "1".to_owned()));
    }
    if !exchange.cookies.is_empty() {
        headers.push(("cookie", cookie_line(exchange)));
    }
    fields(
        headers.iter().map(|(name, value)| (*name, value.as_str())),
        text,
    );
    text.push_str("],\n          \"queryString\": [],\n          \"cookies\": [");
    fields(
        exchange
            .cookies
            .iter()
            .map(|(name, value)| (*name, value.as_str())),
        text,
    );
    let _ = write!(
        text,
        "],\n          \"headersSize\": -1,\n          \"bodySize\": 0\n        }},\n        \
         \"response\": {{\n          \"status\": {},\n          \"statusText\": \"{}\",\n          \
         \"httpVersion\": \"http/2.0\",\n          \"headers\": [",
        exchange.status,
        reason(exchange.status)
    );
    let mut date = String::new();
    moment::http(exchange.time, ' ', &mut date);
    let mut headers = vec![
        ("cache-control", "private, max-age=0, must-revalidate"),
        ("content-encoding", "br"),
        ("content-type", exchange.content_type),
        ("date", &date),
        ("server", exchange.host.server),
        (
            "strict-transport-security",
            "max-age=31536000; includeSubDomains",
        ),
        ("vary", "Accept-Encoding"),
    ];
    headers.extend(
        exchange
            .set_cookies
            .iter()
            .map(|line| ("set-cookie", line.as_str())),
    );
    fields(headers.into_iter(), text);
    text.push_str("],\n          \"cookies\": [");
    let pairs = exchange.set_cookies.iter().filter_map(|line| {
        let pair = line.split_once(';').map_or(line.as_str(), |(pair, _)| pair);
        pair.split_once('=')
    });
    fields(pairs, text);
    let _ = write!(
        text,
        "],\n          \"content\": {{\n            \"size\": {},\n            \"mimeType\": \"{}\",\n            \"text\": \"",
        exchange.body_size, exchange.content_type
    );
    let is_image = exchange.content_type.starts_with("image/");
    body(exchange.body_size, is_image, random, text);
    text.push_str(if is_image {
        "\",\n            \"encoding\": \"base64\""
    } else {
        "\""
    });
    text.push_str("\n          },\n          \"redirectURL\": \"\",\n          \"headersSize\": -1,\n          \
        \"bodySize\": -1,\n          \"_transferSize\": 4242,\n          \"_error\": null\n        },\n        \
        \"serverIPAddress\": \"192.0.2.7\",\n        \"startedDateTime\": \"");
    moment::iso(exchange.time, random.below(1_000), text);
    text.push_str("\",\n        \"time\": 41.7,\n        \"timings\": {\n          \"blocked\": 1.9,\n          \
        \"dns\": -1,\n          \"ssl\": -1,\n          \"connect\": -1,\n          \"send\": 0.2,\n          \
        \"wait\": 38.1,\n          \"receive\": 1.5,\n          \"_blocked_queueing\": 0.9\n        }\n      }");
}

/// Objects of a name and a value, as headers and cookies are listed.
fn fields<'f>(fields: impl Iterator<Item = (&'f str, &'f str)>, text: &mut String) {
    let mut separator = "\n";
    for (name, value) in fields {
        let _ = write!(
            text,
            "{separator}            {{\n              \"name\": \"{name}\",\n              \
             \"value\": \"{value}\"\n            }}"
        );
        separator = ",\n";
    }
    text.push_str("\n          ");
}

/// A body of about that size: Base64, or stretches of one kind of text.
fn body(size: usize, is_image: bool, random: &mut Random, text: &mut String) {
    let pattern = if is_image {
        "@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@"
    } else {
        random.one_of(&TEXTS)
    };
    // Drawn once and repeated: chance for every byte would cost more than all the readers.
    let mut stretch = String::new();
    for _ in 0..8 {
        random.fill(pattern, &mut stretch);
    }
    let end = text.len() + if is_image { size / 3 * 4 } else { size };
    while text.len() < end {
        text.push_str(&stretch);
    }
}
