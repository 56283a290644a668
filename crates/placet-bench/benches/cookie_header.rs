//! The `Cookie` line of one request: how long judging and filtering it take.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use placet_bench::cookie_header::{LINE, cases};

fn cookie_header(criterion: &mut Criterion) {
    for case in cases() {
        let mut group = criterion.benchmark_group(case.group);
        group.throughput(Throughput::Bytes(LINE.len() as u64));
        group.bench_function(case.function, |b| b.iter(|| case.run()));
        group.finish();
    }
}

criterion_group!(benches, cookie_header);
criterion_main!(benches);
