//! The `Set-Cookie` lines of one answer: how long finding their names, and evaluating them, takes.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use placet_bench::set_cookie::{LINES, cases};

fn set_cookie(criterion: &mut Criterion) {
    let bytes: usize = LINES.iter().map(|line| line.len()).sum();
    for case in cases() {
        let mut group = criterion.benchmark_group(case.group);
        group.throughput(Throughput::Bytes(bytes as u64));
        group.bench_function(case.function, |b| b.iter(|| case.run()));
        group.finish();
    }
}

criterion_group!(benches, set_cookie);
criterion_main!(benches);
