//! The fold of an audit: ten thousand `Set-Cookie` lines of one shape each ten into what is known of
//! every distinct cookie, beside only evaluating the same lines.

#![forbid(unsafe_code)]

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use placet::set_cookie::{Context, SetCookie};
use placet::{Policy, Timestamp};
use placet_audit::{AssumedSignal, Assumptions, Exchange, Response, SetCookieLine, Sink, Survey};
use placet_bench::set_cookie::LINES;

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

fn survey(criterion: &mut Criterion) {
    let policy = Policy::from_json("placet.json", r#"{ "revision": 1, "services": [] }"#)
        .expect("a policy that declares nothing");
    let now = Timestamp::from_unix(NOW).expect("a moment of the year 2026");
    let assumptions = Assumptions {
        policy: &policy,
        gpc: AssumedSignal::AsRecorded,
        dnt: AssumedSignal::AsRecorded,
        region: None,
        choice: None,
        now,
    };
    let answers = answers();
    let exchanges: Vec<_> = answers
        .iter()
        .map(|lines| Exchange {
            response: Response {
                status: 200,
                set_cookies: lines
                    .iter()
                    .map(|line| SetCookieLine {
                        value: line.as_bytes(),
                        line: 1,
                        rebuilt: false,
                    })
                    .collect(),
                ..Response::default()
            },
            ..Exchange::default()
        })
        .collect();

    let mut group = criterion.benchmark_group("survey");
    let bytes: usize = answers.iter().flatten().map(String::len).sum();
    group.throughput(Throughput::Bytes(bytes as u64));
    group.sample_size(20);
    group.bench_function("placet", |b| {
        b.iter(|| {
            let mut survey = Survey::new(&assumptions, 0);
            for exchange in &exchanges {
                survey.exchange(black_box(exchange));
            }
            black_box(survey).exchanges()
        });
    });
    group.bench_function("evaluating alone", |b| {
        let context = Context::without_address();
        b.iter(|| {
            let lines = exchanges.iter().flat_map(|e| &e.response.set_cookies);
            let stored = lines.filter(|line| {
                let cookie = SetCookie::parse(black_box(line.value));
                black_box(cookie.evaluate(now, &context)).is_stored()
            });
            stored.count()
        });
    });
    group.finish();
}

criterion_group!(benches, survey);
criterion_main!(benches);
