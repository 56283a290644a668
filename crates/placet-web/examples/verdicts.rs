//! Writes thousands of questions with the answers of the native engine, as JSON: the tests in browsers put
//! the same questions to the engine in WebAssembly and in JavaScript, and expect the same answers.
//!
//! `verdicts > FILE`

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "this program exists to print what it knows, and a failure is one of the tests'"
)]

use placet::{Policy, Resource, Timestamp};
use placet_web::exports::signals;
use placet_web::{Allowed, Manager, Visitor, pack};
use serde_json::{Value, json};

const NOW: i64 = 1_790_000_000;
const REGIONS: [&str; 6] = ["", "DE", "US-CA", "US", "CA-QC", "JP"];
const CHOICES: [&str; 6] = [
    "",
    "sid=1; placet=1.1.1789990000.b00.0123456789abcdef0123456789abcdef.y~analytics.n~marketing",
    "placet=1.2.1789990000.p10.0123456789abcdef0123456789abcdef.y~functional~analytics~marketing.n",
    "placet=1.1.1700000000.b00.0123456789abcdef0123456789abcdef.y.n~functional~analytics~marketing",
    "placet=1.1.1789990000.b00.0123456789abcdef0123456789abcdef.y~analytics.n; placet=2",
    "placet=broken",
];

fn policies() -> [Value; 3] {
    let services = json!([
        { "id": "shop", "category": "necessary", "cookies": [{ "name": "sid" }, { "name": "__Host-sid" }], "storage": ["cart"] },
        { "id": "lang", "category": "functional", "cookies": [{ "name": "lang" }], "storage": ["ui-*"] },
        { "id": "ga", "category": "analytics", "cookies": [{ "name": "_ga" }, { "name": "_ga_*" }],
          "scripts": ["https://*.count.example/*.js"], "requests": ["*://*.count.example/collect*"] },
        { "id": "ads", "category": "marketing", "cookies": [{ "name": "_g*", "domains": ["shop.example"] }, { "name": "ad", "paths": ["/", "/en"] }],
          "frames": ["https://film.example/embed/*"], "images": ["https://*.ads.example/*"] }
    ]);
    [
        json!({ "revision": 1, "services": services }),
        json!({
            "revision": 2, "hosts": ["shop.example"], "undeclared": "allow", "services": services,
            "categories": [{ "id": "social", "like": "marketing" }],
            "signals": { "gpc": { "refuses": ["marketing", "social"] }, "dnt": "ignored" },
            "consent_cookie": { "domain": "shop.example", "same_site": "Strict" }
        }),
        json!({
            "revision": 3, "ask_again_since": 2, "services": services,
            "signals": { "dnt": { "refuses": ["analytics"] } },
            "regimes": { "unknown": "US-CA", "regions": { "DE": { "functional": "notice", "grant_over_gpc": true, "choice_lifetime_days": 30 } } }
        }),
    ]
}

/// Every text of one list behind every text of another.
fn pairs(first: &[&str], second: &[&str]) -> Vec<String> {
    let joined = first
        .iter()
        .flat_map(|one| second.iter().map(move |other| format!("{one}{other}")));
    joined.collect()
}

fn main() {
    let lines = pairs(
        &[
            "sid",
            "__Host-sid",
            " lang ",
            "_ga",
            "_ga_X",
            "_gid",
            "ad",
            "%5Fga",
            "\"ad\"",
            "",
            "other",
            "placet",
            "ädä",
        ],
        &[
            "=1",
            "",
            "=; Max-Age=0",
            "=1; Max-Age=60; Path=/en",
            "=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
            "=1; expires=Sun Nov  6 08:49:37 2094",
            "=x _ga=2; Domain=.shop.example",
            "=1;max-age=-1;domain=other.example",
        ],
    );
    let names = pairs(
        &["cart", "ui-", "_ga", "ad", "", "Cart", "é"],
        &["", "1", "-theme"],
    );
    let urls = pairs(
        &[
            "https://www.count.example",
            "http://count.example:8080",
            "https://film.example",
            "https://a.b.ads.example",
            "https://user@film.example",
            "wss://count.example",
            "blob:https://film.example",
            "https://FILM.example.",
            "https://[::1]",
        ],
        &[
            "/collect?a=1",
            "/x.js",
            "/embed/1",
            "/",
            "",
            "/collect/../x.js#y",
            "/%65mbed/1",
        ],
    );
    let conditions = [
        "analytics",
        "ga",
        "ga & marketing",
        "ga|ads",
        "!ads",
        "!(ga & ads) | lang",
        "nothing",
        "",
        "ga &",
        "((necessary))",
        "shop&!ga",
    ];
    let mut cases = Vec::new();
    for document in policies() {
        let text = document.to_string();
        for (region, cookies) in REGIONS
            .iter()
            .flat_map(|r| CHOICES.iter().map(move |c| (r, c)))
        {
            for bits in [0_u32, 1, 2, 4, 5] {
                let policy = Policy::from_json("policy", &text).unwrap();
                let visitor = Visitor {
                    signals: signals(bits),
                    region: region.parse().ok(),
                    cookies: cookies.as_bytes(),
                    now: Timestamp::from_unix(NOW).unwrap(),
                };
                let engine = Manager::new(policy, &visitor);
                let judge = engine.judge();
                let holds: Vec<_> = engine
                    .policy()
                    .categories()
                    .iter()
                    .map(|category| {
                        let holds = engine.standing().of(category.id());
                        json!([holds.decision.name(), holds.reason.code()])
                    })
                    .collect();
                let resources = [
                    Resource::Script,
                    Resource::Frame,
                    Resource::Image,
                    Resource::Request,
                ];
                cases.push(json!({
                    "policy": document, "signals": bits, "region": region, "cookies": cookies,
                    "compiled": engine.policy().to_compiled(), "asks": engine.asks(), "notes": engine.tells_of_signal(), "holds": holds,
                    "lines": lines.iter().map(|line| pack(judge.set_cookie_line(line.as_bytes(), visitor.now))).collect::<Vec<_>>(),
                    "names": names.iter().map(|name| pack(judge.storage_key(name))).collect::<Vec<_>>(),
                    "urls": resources.iter().map(|kind| {
                        urls.iter().map(|url| pack(judge.address(*kind, url.as_bytes()))).collect::<Vec<_>>()
                    }).collect::<Vec<_>>(),
                    "conditions": conditions.iter().map(|condition| match engine.allows(condition.as_bytes()) {
                        Allowed::No => 0,
                        Allowed::Yes => 1,
                        Allowed::Unknown => 2,
                    }).collect::<Vec<_>>(),
                }));
            }
        }
    }
    let questions = json!({ "now": NOW, "lines": lines, "names": names, "urls": urls, "conditions": conditions, "cases": cases });
    println!("{questions}");
}
