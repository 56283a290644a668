//! One request through the tower layer and its response back: what that takes over the bare service.

use criterion::{Criterion, criterion_group, criterion_main};
use placet_bench::layer::cases;

fn layer(criterion: &mut Criterion) {
    for case in cases() {
        let mut group = criterion.benchmark_group(case.group);
        group.bench_function(case.function, |b| b.iter(|| case.run()));
        group.finish();
    }
}

criterion_group!(benches, layer);
criterion_main!(benches);
