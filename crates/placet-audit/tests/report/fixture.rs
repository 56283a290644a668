//! Audits to report: a visit to a shop with a bit of everything, and cookies made of any bytes.

use placet::{Policy, Region, Timestamp};
use placet_audit::privacy_policy::{MediaType, PrivacyPolicy};
use placet_audit::report::{Format, Options, write};
use placet_audit::{
    AssumedSignal, Assumptions, Audit, Coverage, Evidence, Exchange, Place, Recording, Request,
    Response, SetCookieLine, Sink, Survey,
};
use placet_catalog::Catalog;

/// A page, the address asked, the `Cookie` and the `Set-Cookie` lines.
pub(crate) type Visit<'a> = (&'a str, &'a [u8], &'a [&'a [u8]], &'a [&'a [u8]]);

pub(crate) const SHOP: &[Visit<'_>] = &[
    (
        "https://www.shop.example/",
        b"https://www.shop.example/",
        &[],
        &[
            b"session=8f2c; Path=/; Secure; HttpOnly; SameSite=Lax",
            b"_pk_id.1.1fff=a1; Max-Age=34186669; Path=/",
            b"newsletter=ada%40mail.example; Max-Age=157680000; Path=/",
            b"old=; Max-Age=0; Path=/",
        ],
    ),
    (
        "https://www.shop.example/",
        b"https://ad.doubleclick.net/pixel",
        &[],
        &[b"IDE=AHWqTUm; Domain=doubleclick.net; Max-Age=34128000; Secure; SameSite=None"],
    ),
    (
        "https://www.shop.example/",
        b"https://www.shop.example/basket",
        &[b"session=8f2c; _ga=GA1.2.3; xq_7f=1"],
        &[b"chat_open=1; SameSite=None; Path=/"],
    ),
];

pub(crate) fn now() -> Timestamp {
    "2026-11-22T08:30:00Z".parse().expect("a date")
}

pub(crate) fn options() -> Options {
    Options::new(now())
}

/// A policy that declares nothing.
pub(crate) fn empty_policy() -> Policy {
    let text = r#"{ "revision": 1, "services": [] }"#;
    Policy::from_json("placet.json", text).expect("a policy")
}

/// A policy of a shop: a session and Matomo.
pub(crate) fn shop_policy() -> Policy {
    let text = r#"{ "revision": 3, "hosts": ["shop.example"], "services": [
        { "id": "shop", "name": "The shop", "category": "necessary", "cookies": [{ "name": "session" }] },
        { "id": "matomo", "name": "Matomo", "category": "analytics",
          "cookies": [{ "name": "_pk_id.*", "lifetime": "13mo" }] }
    ] }"#;
    Policy::from_json("placet.json", text).expect("a policy")
}

pub(crate) fn assumptions(policy: &Policy) -> Assumptions<'_> {
    Assumptions {
        policy,
        gpc: AssumedSignal::AsRecorded,
        dnt: AssumedSignal::AsRecorded,
        region: "DE".parse::<Region>().ok(),
        choice: None,
        now: now(),
    }
}

pub(crate) fn recording(name: &str, saw_cookies: bool, sanitized: bool) -> Recording {
    Recording {
        name: name.to_owned(),
        coverage: Coverage {
            format: placet_audit::Format::Har,
            exporter: Some("WebInspector 537.36".to_owned()),
            exchanges: 3,
            saw_cookies,
            sanitized,
            ..Coverage::default()
        },
    }
}

/// Surveys the visits as the records of the first recording and runs every rule.
pub(crate) fn audit<'a>(
    assumed: &'a Assumptions<'a>,
    policy_given: bool,
    recordings: Vec<Recording>,
    visits: &[Visit<'_>],
) -> Audit<'a> {
    let mut survey = Survey::new(assumed, 0);
    for ((page, url, sent, set), record) in visits.iter().zip(1..) {
        let line = record * 10;
        let set = set.iter().zip(line..);
        survey.exchange(&Exchange {
            place: Place { line, record },
            page: Some(page.as_bytes()),
            request: Request {
                method: b"GET",
                url,
                cookies: sent.to_vec(),
                ..Request::default()
            },
            response: Response {
                status: 200,
                set_cookies: set
                    .map(|(value, line)| SetCookieLine {
                        value,
                        line,
                        rebuilt: false,
                    })
                    .collect(),
                ..Response::default()
            },
            ..Exchange::default()
        });
    }
    let evidence = Evidence::new(assumed, policy_given, Catalog::builtin(), survey);
    Audit::new(recordings, evidence)
}

/// A privacy policy with a claim of every kind, a contradiction and a gap, held against the audit.
pub(crate) fn hold_against_text(audit: &mut Audit<'_>) {
    let text = "---\ncookies: none\n---\n\nWe at [Company Name] use Matomo, and a session cookie.\n\n\
        Our logs are kept for 30 days. You can opt out in the cookie settings.\n\n\
        Write to privacy@shop.example. Our legal basis is your consent.\n\nLast updated: 27 November 2026\n";
    let catalog = Catalog::builtin();
    let policy = PrivacyPolicy::read("privacy.md", text.as_bytes(), MediaType::Markdown, catalog);
    audit.hold_against(policy, catalog);
}

pub(crate) fn bytes(format: Format, audit: &Audit<'_>, options: &Options) -> Vec<u8> {
    let mut out = Vec::new();
    write(format, audit, options, &mut out).expect("a `Vec` takes all");
    out
}

pub(crate) fn text(format: Format, audit: &Audit<'_>, options: &Options) -> String {
    String::from_utf8(bytes(format, audit, options)).expect("UTF-8")
}
