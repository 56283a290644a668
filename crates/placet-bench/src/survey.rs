//! The fold of an audit: ten thousand `Set-Cookie` lines of one shape each ten into what is known of
//! every distinct cookie, beside only evaluating the same lines.

use std::hint::black_box;

use placet::set_cookie::{Context, SetCookie};
use placet::{Policy, Timestamp};
use placet_audit::{AssumedSignal, Assumptions, Exchange, Response, SetCookieLine, Sink, Survey};

use crate::Case;
use crate::set_cookie::LINES;

/// A recording of so many answers, each with all the lines.
const ANSWERS: usize = 1_000;

/// 2026-11-22T08:30:00Z.
const NOW: i64 = 1_795_336_200;

/// Every answer has other values and other times, as from other visitors.
fn answers() -> Vec<Vec<String>> {
    let answer = |number: usize| {
        let lines = LINES.iter().map(|line| {
            let second = format!("{:02} GMT", number % 60);
            let value = format!("={number:x}");
            line.replacen("00 GMT", &second, 1).replacen('=', &value, 1)
        });
        lines.collect()
    };
    (0..ANSWERS).map(answer).collect()
}

fn exchange(lines: &[String]) -> Exchange<'_> {
    let set_cookies = lines.iter().map(|line| SetCookieLine {
        value: line.as_bytes(),
        line: 1,
        rebuilt: false,
    });
    Exchange {
        response: Response {
            status: 200,
            set_cookies: set_cookies.collect(),
            ..Response::default()
        },
        ..Exchange::default()
    }
}

/// What is measured: the fold, and without it.
pub fn cases() -> Vec<Case> {
    // Kept until the program ends, as what is measured is.
    let policy: &Policy = Box::leak(Box::new(
        Policy::from_json("placet.json", r#"{ "revision": 1, "services": [] }"#)
            .expect("a policy that declares nothing"),
    ));
    let answers: &[_] = Vec::leak(answers());
    let exchanges: &[_] = Vec::leak(answers.iter().map(|lines| exchange(lines)).collect());
    let now = Timestamp::from_unix(NOW).expect("a moment of the year 2026");
    let bytes = answers.iter().flatten().map(String::len).sum();
    let fold = move || {
        let assumptions = Assumptions {
            policy,
            gpc: AssumedSignal::AsRecorded,
            dnt: AssumedSignal::AsRecorded,
            region: None,
            choice: None,
            now,
        };
        let mut survey = Survey::new(&assumptions, 0);
        for exchange in exchanges {
            survey.exchange(black_box(exchange));
        }
        black_box(survey).exchanges()
    };
    let evaluate = move || {
        let context = Context::without_address();
        let lines = exchanges.iter().flat_map(|e| &e.response.set_cookies);
        let stored = lines.filter(|line| {
            let cookie = SetCookie::parse(black_box(line.value));
            black_box(cookie.evaluate(now, &context)).is_stored()
        });
        stored.count() as u64
    };
    vec![
        Case::new("survey", "placet", fold).reading(bytes),
        Case::new("survey", "evaluating alone", evaluate).reading(bytes),
    ]
}
